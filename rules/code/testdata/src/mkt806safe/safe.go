package mkt806safe

import (
	"crypto/ed25519"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"plugin"
)

var releaseKey ed25519.PublicKey

func get(url string) ([]byte, error) {
	resp, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	return io.ReadAll(resp.Body)
}

func signed(url string) error {
	data, err := get(url)
	if err != nil {
		return err
	}
	sig, err := get(url + ".sig")
	if err != nil {
		return err
	}
	if !ed25519.Verify(releaseKey, data, sig) {
		return errors.New("not signed")
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	tmp := exe + ".new"
	if err := os.WriteFile(tmp, data, 0o755); err != nil {
		return err
	}
	return os.Rename(tmp, exe) // ok: the signature is verified before
}

func checked(url string) error {
	data, err := get(url)
	if err != nil {
		return err
	}
	path := filepath.Join(os.TempDir(), "tool")
	if err := os.WriteFile(path, data, 0o755); err != nil {
		return err
	}
	if err := exec.Command("cosign", "verify-blob", path).Run(); err != nil {
		return err
	}
	return exec.Command(path).Run() // ok: cosign has verified it
}

// Data is no code.
func report(url string) error {
	data, err := get(url)
	if err != nil {
		return err
	}
	path := filepath.Join(os.TempDir(), "report.pdf")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		return err
	}
	return os.Rename(path, "/var/lib/app/report.pdf") // ok: data, no program
}

// An archive is unpacked, not run.
func unpack(url string) error {
	data, err := get(url)
	if err != nil {
		return err
	}
	if err := os.WriteFile("/tmp/site.tar", data, 0o600); err != nil {
		return err
	}
	return exec.Command("tar", "xf", "/tmp/site.tar").Run() // ok: unpacked, not run
}

// A package manager checks what it fetches.
func install(url string) error {
	data, err := get(url)
	if err != nil || len(data) == 0 {
		return err
	}
	return exec.Command("go", "install", "golang.org/x/tools/cmd/stringer@latest").Run() // ok: a package manager checks what it fetches
}

// What is started comes with the program.
func bundled(url string) error {
	data, err := get(url)
	if err != nil {
		return err
	}
	if err := os.WriteFile("/tmp/input.csv", data, 0o600); err != nil {
		return err
	}
	return exec.Command("/usr/libexec/app/import", "/tmp/input.csv").Run() // ok: the program comes with the product
}

func local(name string) (*plugin.Plugin, error) {
	return plugin.Open(filepath.Join("/usr/lib/app", name)) // ok: installed with the product
}

// The program writes its own state beside itself.
func state(url string) error {
	data, err := get(url)
	if err != nil {
		return err
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(filepath.Dir(exe), "state.json"), data, 0o600) // ok: its own state
}

func restart() error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	return exec.Command(exe).Start() // ok: starts itself again
}
