package oracle_test

import (
	"archive/zip"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"
)

// BenchmarkScan runs the whole scan, the gosec oracle and the govulncheck oracle
// in turn over the repositories that STAYLISTED_REPOS lists (separated like
// PATH) and prints the medians side by side:
//
//	STAYLISTED_REPOS=~/src/miniflux:~/src/caddy STAYLISTED_DATA=… go test -run '^$' -bench Scan -benchtime 3x -timeout 2h .
//
// Seconds are wall time, "cpu" seconds of all processes started, MB the peak of
// the largest of them. With STAYLISTED_COLD=1 every run begins with an empty
// build cache and govulncheck is left out.
func BenchmarkScan(b *testing.B) {
	repos := filepath.SplitList(os.Getenv("STAYLISTED_REPOS"))
	data := os.Getenv("STAYLISTED_DATA")
	if len(repos) == 0 || data == "" {
		b.Skip("STAYLISTED_REPOS and STAYLISTED_DATA are not set")
	}
	cold := os.Getenv("STAYLISTED_COLD") == "1"
	bin := b.TempDir()
	build(b, "../../..", filepath.Join(bin, "staylisted"), "./cmd/staylisted")
	build(b, ".", filepath.Join(bin, "gosecoracle"), "./gosecoracle")
	build(b, ".", filepath.Join(bin, "govulnoracle"), "./govulnoracle")
	archive := filepath.Join(data, "vulndb", "vulndb-2026-08-21.zip")
	db := b.TempDir()
	unpack(b, archive, db)

	for _, repo := range repos {
		repo, err := filepath.Abs(repo)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(filepath.Base(repo), func(b *testing.B) {
			var ours, gosec, vuln []usage
			for b.Loop() {
				ours = append(ours, run(b, cold, filepath.Join(bin, "staylisted"), "scan", "--offline", "--no-cache", "--advisories", archive, "--now", "2026-08-22", repo))
				gosec = append(gosec, run(b, cold, filepath.Join(bin, "gosecoracle"), "-C", repo))
				if !cold {
					vuln = append(vuln, run(b, cold, filepath.Join(bin, "govulnoracle"), "-C", repo, "-db", "file://"+db))
				}
			}
			o, g := median(ours), median(gosec)
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(o.wall, "ours-s")
			b.ReportMetric(o.cpu, "ours-cpu-s")
			b.ReportMetric(o.peak, "ours-MB")
			b.ReportMetric(g.wall, "gosec-s")
			b.ReportMetric(g.cpu, "gosec-cpu-s")
			b.ReportMetric(g.wall/o.wall, "x-faster-than-gosec")
			b.ReportMetric(g.cpu/o.cpu, "x-less-cpu-than-gosec")
			if len(vuln) > 0 {
				v := median(vuln)
				b.ReportMetric(v.wall, "govulncheck-s")
				b.ReportMetric(v.peak, "govulncheck-MB")
				b.ReportMetric(100*o.peak/v.peak, "%-of-govulncheck-MB")
			}
		})
	}
}

// usage is what one run took: seconds, seconds, megabytes.
type usage struct{ wall, cpu, peak float64 }

// median takes the median of each figure by itself.
func median(runs []usage) usage {
	mid := func(figure func(usage) float64) float64 {
		var all []float64
		for _, u := range runs {
			all = append(all, figure(u))
		}
		slices.Sort(all)
		return all[len(all)/2]
	}
	return usage{mid(func(u usage) float64 { return u.wall }), mid(func(u usage) float64 { return u.cpu }), mid(func(u usage) float64 { return u.peak })}
}

// run starts a command and reads what the operating system says it took. The
// exit codes of a scanner that found something are no failure.
func run(b *testing.B, cold bool, name string, args ...string) usage {
	b.Helper()
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = io.Discard, io.Discard
	cmd.Env = os.Environ()
	if cold {
		cmd.Env = append(cmd.Env, "GOCACHE="+b.TempDir())
	}
	start := time.Now()
	err := cmd.Run()
	wall := time.Since(start).Seconds()
	if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() < 0 || cmd.ProcessState.ExitCode() == 2 {
		b.Fatalf("%s %v: %v", name, args, err)
	}
	u := usage{wall: wall, cpu: (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()}
	if ru, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		u.peak = float64(ru.Maxrss) / 1024
	}
	return u
}

func build(b testing.TB, dir, out, pkg string) {
	b.Helper()
	cmd := exec.Command("go", "build", "-o", out, pkg)
	cmd.Dir = dir
	if text, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("building %s: %v\n%s", pkg, err, text)
	}
}

func unpack(b testing.TB, archive, dir string) {
	b.Helper()
	z, err := zip.OpenReader(archive)
	if err != nil {
		b.Fatal(err)
	}
	defer z.Close()
	for _, f := range z.File {
		if f.FileInfo().IsDir() {
			continue
		}
		r, err := f.Open()
		if err != nil {
			b.Fatal(err)
		}
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			b.Fatal(err)
		}
		w, err := os.Create(name)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.Copy(w, r); err != nil {
			b.Fatal(err)
		}
		w.Close()
		r.Close()
	}
}
