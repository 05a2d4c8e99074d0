// Package judgeinput holds calls that gosec's rules about input report. The
// answers are those of a second look: "as is", for review, or a note.
package judgeinput

import (
	"archive/zip"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"app.example.io/targets"
)

const api = "https://api.partner.io"

func fetch(w http.ResponseWriter, r *http.Request) {
	http.Get(r.FormValue("u"))                                 // want `G704 as is`
	http.Get(api + "/items/" + r.FormValue("id"))              // want `G704 informational`
	http.Get(os.Getenv("API") + "/items/" + r.FormValue("id")) // want `G704 review`
	n, _ := strconv.Atoi(r.FormValue("n"))                     //
	http.Get(fmt.Sprintf("https://node%d.partner.io/", n))     // want `G704 informational`
	http.Get(rewritten(r.FormValue("u")))                      // want `G704 as is`
	http.Get(targets.Of(r.FormValue("n")))                     // want `G704 review`
	req, err := http.NewRequest(http.MethodPost, api, r.Body)  // want `G704 informational`
	if err != nil {
		return
	}
	http.DefaultClient.Do(req)                                  // want `G704 informational`
	moved, err := http.NewRequest(http.MethodPost, api, r.Body) // want `G704 informational`
	if err != nil {
		return
	}
	moved.URL.Host = r.FormValue("h")
	http.DefaultClient.Do(moved) // want `G704 review`
}

// Only a proxy gets URLs with a host in them, and it may be one.
func passOn(w http.ResponseWriter, r *http.Request) {
	http.Get(r.URL.String()) // want `G704 review`
}

func rewritten(u string) string { return strings.Replace(u, "http:", "https:", 1) }

// The same check, known by what it does and by its name only.
func checked(w http.ResponseWriter, r *http.Request) {
	if u := r.FormValue("u"); strings.HasPrefix(u, api+"/") {
		http.Get(u) // want `G704 informational`
	}
	if u := r.FormValue("u"); allowed(u) {
		http.Get(u) // want `G704 review`
	}
}

func allowed(string) bool { return true }

// A check on one of two ways is none.
func halfChecked(w http.ResponseWriter, r *http.Request) {
	u := r.FormValue("u")
	target := u
	if u != "https://a.partner.io/" {
		target = strings.TrimSpace(u)
	}
	http.Get(target) // want `G704 as is`
}

func jump(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, r.FormValue("next"), http.StatusFound)              // want `G710 as is`
	http.Redirect(w, r, home()+"?from="+r.FormValue("f"), http.StatusFound) // want `G710 informational`
	http.Redirect(w, r, Base+r.FormValue("f"), http.StatusFound)            // want `G710 review`
	http.Redirect(w, r, r.Referer(), http.StatusFound)                      // want `G710 informational`
}

// Base is set by whoever uses the package.
var Base string

func home() string { return "partner.io" }

func read(w http.ResponseWriter, r *http.Request) {
	os.ReadFile(filepath.Join("/srv", r.FormValue("f"))) // want `G703 as is` `G305 as is`
	os.ReadFile(filepath.Clean("/" + r.FormValue("f")))  // want `G703 informational`
	os.ReadFile(os.Getenv("CONFIG"))                     // want `G703 review`
	os.Stat(os.Args[1])                                  // want `G703 review`
	if f := r.FormValue("f"); !strings.Contains(f, "..") {
		os.ReadFile(f) // want `G703 as is`
	}
}

// Exported is called from anywhere.
func Exported(path string) { os.ReadFile(path) } // want `G703 review`

func run(w http.ResponseWriter, r *http.Request) {
	exec.Command("sh", "-c", r.FormValue("c"))   // want `G702 as is`
	exec.Command("git", "log", r.FormValue("c")) // want `G702 review`
	exec.Command(os.Args[0], "version")          // want `G702 review`
	list, _ := exec.LookPath("ls")
	exec.Command(list, "-l") // want `G702 informational`
}

func unpack(r *zip.Reader, dir string) error {
	dir = filepath.Clean(dir) + "/"
	for _, f := range r.File {
		open := filepath.Join(dir, "open", f.Name) // want `G305 as is`
		os.Create(open)
		path := filepath.Join(dir, f.Name) // want `G305 informational`
		if !strings.HasPrefix(path, dir) {
			return errors.New("name leads out")
		}
		os.Create(path)
		half := filepath.Join(dir, "half", f.Name) // want `G305 as is`
		if strings.HasPrefix(half, dir) {
			os.Create(half)
		}
		os.MkdirAll(filepath.Dir(half), 0o750)
		kept = filepath.Join(dir, "kept", f.Name) // want `G305 review`
	}
	return nil
}

var kept string
