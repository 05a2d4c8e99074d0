package scan

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/staylisted/staylisted/rules"
)

// TestJudged holds what gosec calls a violation against the class it keeps:
// each line of the source below is a call that gosec flags.
func TestJudged(t *testing.T) {
	tests := []struct{ name, rule, body, want string }{
		{"a redirect to another host", "G710", `http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.FormValue("next"), 302) })`, "MKT203/redirect violation"},
		{"a redirect below a path", "G710", `http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/login?"+r.URL.Query().Encode(), 302) })`, "G710 informational"},
		{"an outbound request that is handed in", "G704", `http.DefaultTransport = trip(func(r *http.Request) (*http.Response, error) { return http.DefaultClient.Do(r) })`, "G704 review"},
		{"HTML of a request", "G705", `http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("<p>" + r.FormValue("q"))) })`, "MKT203/xss violation"},
		{"text of a request in an image", "G705", `http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { w.Header().Set("Content-Type", "image/png"); w.Write([]byte(r.FormValue("q"))) })`, "G705 informational"},
		{"an answer made elsewhere", "G705", `http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { w.Write([]byte(charts.Chart(r.FormValue("q")))) })`, "G705 review"},
		{"no check of certificates", "G402", `_ = &tls.Config{InsecureSkipVerify: true}`, "G402/skip-verify violation"},
		{"no check when a switch is on", "G402", `if opts.SkipTLSVerify { _ = &tls.Config{InsecureSkipVerify: true} }`, "G402/skip-verify review"},
		{"no check under another condition", "G402", `if opts.Port == 636 { _ = &tls.Config{InsecureSkipVerify: true} }`, "G402/skip-verify violation"},
		{"no check when a switch is off", "G402", `if opts.SkipTLSVerify { return } else { _ = &tls.Config{InsecureSkipVerify: true} }`, "G402/skip-verify violation"},
		{"no check when a constant is on", "G402", `if insecureSkip { _ = &tls.Config{InsecureSkipVerify: true} }`, "G402/skip-verify violation"},
		{"a check that only logs", "G402", `_ = &tls.Config{InsecureSkipVerify: true, VerifyConnection: func(s tls.ConnectionState) error { _, err := s.PeerCertificates[0].Verify(x509.VerifyOptions{}); log.Println(err); return nil }}`, "G402/skip-verify violation"},
		{"a check of its own", "G402", `_ = &tls.Config{InsecureSkipVerify: true, VerifyConnection: func(s tls.ConnectionState) error { _, err := s.PeerCertificates[0].Verify(x509.VerifyOptions{}); return err }}`, "G402/skip-verify informational"},
		{"profiles on the public mux", "G108", `_ = http.ListenAndServe(":8080", nil)`, "G108 violation"},
		{"profiles on a server without a handler", "G108", `_ = (&http.Server{Addr: ":8080"}).ListenAndServe()`, "G108 violation"},
		{"profiles for this machine only", "G108", `_ = http.ListenAndServe("127.0.0.1:6060", nil)`, "G108 review"},
		{"profiles nobody serves", "G108", `_ = http.ListenAndServe(":8080", http.NewServeMux())`, "G108 review"},
		{"profiles by name", "G108", `_ = http.ListenAndServe(":8080", http.DefaultServeMux)`, "G108 violation"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			imported := []string{`"net/http"`}
			for _, name := range []string{"net/url", "crypto/tls", "crypto/x509", "log"} {
				imported = append(imported, strconv.Quote(name))
			}
			if tt.rule == "G108" {
				imported = append(imported, `_ "net/http/pprof"`)
			}
			r := scanTree(t, layOut(t, "-- go.mod --\nmodule example.com/x\n\ngo 1.26\n-- main.go --\npackage main\n\nimport (\n"+strings.Join(imported, "\n")+"\n)\n"+`
var charts interface{ Chart(string) string }

var opts struct { SkipTLSVerify bool; Port int }

const insecureSkip = true

type trip func(*http.Request) (*http.Response, error)

func (f trip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

var _, _, _, _ = url.Parse, tls.Dial, x509.ParseCertificate, log.Println

func main() {
	`+tt.body+"\n}\n"))
			var got []string
			for _, f := range r.Evidence.Findings {
				if f.Rule == tt.rule || slices.Contains(f.Also, tt.rule) || len(f.Rule) > 4 && f.Rule[:4] == tt.rule {
					got = append(got, f.Rule+" "+string(f.Class))
				}
			}
			for _, f := range r.Evidence.Findings {
				// gosec tells no way; where ours finds one it is shown.
				if f.Rule == tt.rule && f.Class == "informational" && len(f.Steps) > 0 || strings.HasPrefix(f.Rule, "MKT203") && len(f.Steps) < 2 {
					t.Errorf("%s %s has the steps %+v", f.Rule, f.Class, f.Steps)
				}
			}
			if len(got) != 1 || got[0] != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestJudgedBySurroundings holds the rules whose message or surroundings decide.
func TestJudgedBySurroundings(t *testing.T) {
	const source = `
-- go.mod --
module example.com/x

go 1.26
-- a.go --
package x

import (
	"archive/zip"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
)

func unpack(f *zip.File, dir string) error {
	path := filepath.Join(dir, f.Name)
	return os.MkdirAll(path, 0o700)
}

func unpackBelow(f *zip.File, dir string) error {
	path := filepath.Join(dir, f.Name)
	if !strings.HasPrefix(path, filepath.Clean(dir)+string(os.PathSeparator)) {
		return errors.New("outside")
	}
	return os.MkdirAll(path, 0o700)
}

func stream(key, text []byte) ([]byte, error) {
	b, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	out := make([]byte, aes.BlockSize+len(text))
	iv := out[:aes.BlockSize]
	if _, err := io.ReadFull(rand.Reader, iv); err != nil {
		return nil, err
	}
	cipher.NewCTR(b, iv).XORKeyStream(out[aes.BlockSize:], text)
	return out, nil
}

func zeroed(key, text []byte) ([]byte, error) {
	b, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	iv := make([]byte, aes.BlockSize)
	out := make([]byte, len(text))
	cipher.NewCTR(b, iv).XORKeyStream(out, text)
	return out, nil
}
`
	var got []string
	for _, f := range scanTree(t, layOut(t, source)).Evidence.Findings {
		if f.Rule == "G305" || f.Rule == "G407" {
			got = append(got, fmt.Sprintf("%s %s %s", f.Rule, f.Location.Symbol, f.Class))
		}
	}
	if slices.Contains(got, "G407 stream violation") || !slices.Contains(got, "G407 zeroed violation") ||
		!slices.Contains(got, "G305 unpack violation") || !slices.Contains(got, "G305 unpackBelow informational") {
		t.Errorf("got %q", got)
	}
}

// TestJudgedWithoutRequests holds what gosec calls tainted in a package that no
// request reaches: what the environment, the command line or a reader says is for
// review, because the product's operator writes it.
func TestJudgedWithoutRequests(t *testing.T) {
	const source = `
-- go.mod --
module example.com/x

go 1.26
-- main.go --
package main

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
)

func main() {
	data, _ := os.ReadFile(os.Getenv("CONFIG"))
	more, _ := os.ReadFile(os.Args[1])
	line, _ := bufio.NewReader(os.Stdin).ReadString('\n')
	f, _ := os.Open(line)
	c, _ := net.Dial("tcp", os.Getenv("PEER"))
	fmt.Println(data, more, f, c, exec.Command(os.Args[2]))
}
`
	found := 0
	for _, f := range scanTree(t, layOut(t, source)).Evidence.Findings {
		switch f.Rule {
		case "G702", "G703", "G704":
			found++
			if f.Class == rules.Violation {
				t.Errorf("%s in line %d is a violation", f.Rule, f.Location.Line)
			}
		}
	}
	if found == 0 {
		t.Error("gosec reported nothing, so nothing was weighed")
	}
}
