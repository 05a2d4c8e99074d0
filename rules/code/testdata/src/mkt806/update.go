package mkt806

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"plugin"
)

func replace(url string) error {
	resp, err := http.Get(url)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(exe), "update")
	if err != nil {
		return err
	}
	if _, err := io.Copy(f, resp.Body); err != nil {
		return err
	}
	f.Close()
	return os.Rename(f.Name(), exe) // want `^V MKT806: the downloaded file replaces the program without a signature check`
}

func download(url, path string) error {
	resp, err := http.Get(url)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	defer out.Close()
	_, err = io.Copy(out, resp.Body)
	return err
}

func helper(dir string) error {
	tool := filepath.Join(dir, "tool")
	if err := download("https://get.partner.io/tool", tool); err != nil {
		return err
	}
	return exec.Command(tool, "--version").Run() // want `^V MKT806: the downloaded file is started`
}

func script() error {
	if err := download("https://get.partner.io/install.sh", "/tmp/install.sh"); err != nil {
		return err
	}
	return exec.Command("bash", "/tmp/install.sh").Run() // want `^V MKT806: the downloaded file is run by bash`
}

func fetch(url string) (string, error) {
	resp, err := http.Get(url)
	if err != nil {
		return "", err
	}
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return "", err
	}
	path := filepath.Join(os.TempDir(), "extension.so")
	return path, os.WriteFile(path, data, 0o700)
}

func extend(url string) (*plugin.Plugin, error) {
	path, err := fetch(url)
	if err != nil {
		return nil, err
	}
	return plugin.Open(path) // want `^V MKT806: the downloaded file is loaded as a plugin`
}

func summed(url, want string) error {
	resp, err := http.Get(url)
	if err != nil {
		return err
	}
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(data)
	if hex.EncodeToString(sum[:]) != want {
		return errors.New("checksum")
	}
	path := filepath.Join(os.TempDir(), "agent")
	if err := os.WriteFile(path, data, 0o700); err != nil {
		return err
	}
	return exec.Command(path).Start() // want `^R MKT806`
}

func get(url string) ([]byte, error) {
	resp, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	return io.ReadAll(resp.Body)
}

func viaHelper(url string) error {
	data, err := get(url)
	if err != nil {
		return err
	}
	if err := os.WriteFile("/tmp/helper", data, 0o755); err != nil {
		return err
	}
	return exec.Command("/tmp/helper").Run() // want `^V MKT806`
}

func unzip(archive, into string) error { return nil }

func archived(url, dir string) error {
	archive := filepath.Join(dir, "release.zip")
	if err := download(url, archive); err != nil {
		return err
	}
	if err := unzip(archive, dir); err != nil {
		return err
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	if err := os.Rename(exe, exe+".old"); err != nil {
		return err
	}
	return os.Rename(filepath.Join(dir, "app"), exe) // want `^V MKT806: the downloaded file replaces the program`
}

func write(path string, body io.Reader) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_TRUNC, 0o755)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(f, body) // want `^V MKT806: the downloaded file replaces the program`
	return err
}

func overwrite(url string) error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	if exe, err = filepath.EvalSymlinks(exe); err != nil {
		return err
	}
	resp, err := http.Get(url)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	backup := exe + ".tmp"
	if err := os.Rename(exe, backup); err != nil {
		return err
	}
	if err := write(exe, resp.Body); err != nil {
		return os.Rename(backup, exe)
	}
	return exec.Command(exe).Start()
}

func beside(url string) error {
	resp, err := http.Get(url)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	tmp := exe + ".new"
	if err := os.WriteFile(tmp, data, 0o755); err != nil {
		return err
	}
	return os.Rename(tmp, exe) // want `^V MKT806: the downloaded file replaces the program`
}
