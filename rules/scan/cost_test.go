//go:build linux

package scan

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/tools/go/analysis"

	"github.com/staylisted/staylisted/rules/catalog"
	"github.com/staylisted/staylisted/rules/code"
)

// BenchmarkOwnRules tells what our own rules add to the CPU time of a whole
// scan, over the module directories that STAYLISTED_REPOS lists (separated like
// PATH), each after a `go mod download`:
//
//	STAYLISTED_REPOS=~/src/miniflux:~/src/caddy go test ./rules/scan -run '^$' -bench OwnRules -benchtime 5x -timeout 2h
//
// Every iteration scans once without them, once with them, and once more with
// a stop watch in every rule. CPU seconds are those of this process and of the
// go and git commands it runs, as the operating system counts them, so other
// work on the machine matters little; the figures are medians. The first two
// scans give added-%, the goal for which is 20. The third gives the share of
// each rule, for which it is 5, and of each model that rules share: it is
// listed by itself, because otherwise the first rule that asks would pay for
// all. Shares are the rules' own instructions, in % of the scan without them;
// they leave out the garbage collector, which added-% holds.
func BenchmarkOwnRules(b *testing.B) {
	repos := filepath.SplitList(os.Getenv("STAYLISTED_REPOS"))
	if len(repos) == 0 {
		b.Skip("STAYLISTED_REPOS is not set")
	}
	pack, err := catalog.LoadPack()
	if err != nil {
		b.Fatal(err)
	}
	advisories, err := filepath.Abs("../../testdata/advisories")
	if err != nil {
		b.Fatal(err)
	}
	for _, repo := range repos {
		repo, err := filepath.Abs(repo)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(filepath.Base(repo), func(b *testing.B) {
			scan := func(own func(code.Options) []*code.Rule) float64 {
				runtime.GC()
				before := cpu(b, clockProcess) + children(b)
				_, err := newRun(context.Background(), &pack.Catalogue, Options{Dir: repo, Offline: true, Advisories: advisories, Pack: pack}, time.Now(), own).scan()
				if err != nil {
					b.Fatal(err)
				}
				return (cpu(b, clockProcess) + children(b) - before).Seconds()
			}
			var without, with []float64
			shares := map[string][]float64{}
			none := func(code.Options) []*code.Rule { return nil }
			scan(code.With) // warms what the operating system keeps
			for b.Loop() {
				// Whoever comes second has the warmer caches.
				if len(with)%2 == 0 {
					without = append(without, scan(none))
					with = append(with, scan(code.With))
				} else {
					with = append(with, scan(code.With))
					without = append(without, scan(none))
				}
				w := &watch{b: b, spent: map[string]time.Duration{}}
				scan(w.rules)
				for name, d := range w.spent {
					shares[name] = append(shares[name], d.Seconds())
				}
			}
			base, full := middle(without), middle(with)
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(base, "without-cpu-s")
			b.ReportMetric(full, "with-cpu-s")
			b.ReportMetric(100*(full-base)/base, "added-%")
			share := func(name string) float64 { return 100 * middle(shares[name]) / base }
			var table strings.Builder
			dearest, rules, models := 0.0, 0.0, 0.0
			names := slices.SortedFunc(maps.Keys(shares), func(x, y string) int { return cmp.Or(cmp.Compare(share(y), share(x)), cmp.Compare(x, y)) })
			for _, name := range names {
				if strings.HasPrefix(name, sharedModel) {
					models += share(name)
				} else {
					rules += share(name)
					dearest = max(dearest, share(name))
				}
				if share(name) >= 0.05 {
					fmt.Fprintf(&table, "%6.2f %%  %s\n", share(name), name)
				}
			}
			b.ReportMetric(rules, "rules-%")
			b.ReportMetric(models, "models-%")
			b.ReportMetric(dearest, "dearest-rule-%")
			b.Logf("shares of %s, without those below 0.05 %%:\n%s", filepath.Base(repo), table.String())
		})
	}
}

// sharedModel begins the names of models among those of rules.
const sharedModel = "model: "

// A watch adds up how long each rule and each shared model runs on its thread.
type watch struct {
	b     *testing.B
	mu    sync.Mutex
	spent map[string]time.Duration
}

// rules returns the rules of our own, each with the watch around it.
func (w *watch) rules(opts code.Options) []*code.Rule {
	list := code.With(opts)
	for _, r := range list {
		run := r.Analyzer.Run
		r.Analyzer.Run = func(pass *analysis.Pass) (any, error) {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			c := &clock{w: w}
			for _, result := range pass.ResultOf {
				if shared, ok := result.(*code.Package); ok {
					shared.Measure(func(model string) func() { return c.begin(sharedModel + model) })
					defer shared.Measure(nil)
				}
			}
			defer c.begin(r.ID)()
			return run(pass)
		}
	}
	return list
}

// A clock measures one rule on one package. What was begun inside something
// else counts for itself alone.
type clock struct {
	w     *watch
	inner []time.Duration // for all that is being timed: what was begun inside it
}

func (c *clock) begin(name string) (end func()) {
	start := cpu(c.w.b, clockThread)
	c.inner = append(c.inner, 0)
	return func() {
		all := cpu(c.w.b, clockThread) - start
		last := len(c.inner) - 1
		own := all - c.inner[last]
		c.inner = c.inner[:last]
		if last > 0 {
			c.inner[last-1] += all
		}
		c.w.mu.Lock()
		defer c.w.mu.Unlock()
		c.w.spent[name] += own
	}
}

// Clocks of clock_gettime(2). getrusage(2) counts whole ticks on some systems,
// which is longer than most rules run.
const (
	clockProcess = 2 // all threads of this process
	clockThread  = 3 // the calling one
)

// cpu is the processor time that a clock shows.
func cpu(b *testing.B, clock uintptr) time.Duration {
	var at syscall.Timespec
	if _, _, errno := syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, clock, uintptr(unsafe.Pointer(&at)), 0); errno != 0 {
		b.Error(errno)
	}
	return time.Duration(at.Nano())
}

// children is the processor time of the commands that have ended.
func children(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &u); err != nil {
		b.Error(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// middle is the median.
func middle(all []float64) float64 {
	if len(all) == 0 {
		return 0
	}
	all = slices.Sorted(slices.Values(all))
	return (all[(len(all)-1)/2] + all[len(all)/2]) / 2
}
