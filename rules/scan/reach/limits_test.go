package reach_test

import (
	"context"
	"errors"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/staylisted/staylisted/rules/scan/reach"
	"github.com/staylisted/staylisted/rules/scan/reach/reachtest"
)

func load(t *testing.T, patterns ...string) *reachtest.Program {
	t.Helper()
	program, err := reachtest.Load("testdata/shapes", shapeTargets(), patterns...)
	if err != nil {
		t.Fatal(err)
	}
	return program
}

func TestPathHasPlaces(t *testing.T) {
	r := reach.Analyze(t.Context(), load(t, "./static").Input())
	path := r.Answers[0].Calls[0].Path
	var places []string
	for _, s := range path {
		file := s.Position.Filename
		places = append(places, s.Package+" "+file[strings.LastIndexByte(file, '/')+1:]+":"+strconv.Itoa(s.Position.Line))
	}
	want := []string{"example.test/shapes/static main.go:6", "example.test/shapes/static main.go:8", "example.test/vuln vuln.go:10"}
	if !reflect.DeepEqual(places, want) {
		t.Errorf("places %q\n  want %q", places, want)
	}
	if absent := r.Answers[0].Absent; !reflect.DeepEqual(absent, []string{"example.test/vuln.Gone"}) {
		t.Errorf("absent symbols: %q", absent)
	}
}

func TestSameAnswersEveryTime(t *testing.T) {
	in := load(t, "./interface", "./table", "./library", "./sortmethod").Input()
	first := reach.Analyze(t.Context(), in)
	if first.Answers[0].Level != reach.Called || len(first.Answers[0].Calls) == 0 {
		t.Fatalf("unexpected first answer: %+v", first.Answers[0])
	}
	for range 5 {
		if again := reach.Analyze(t.Context(), in); !reflect.DeepEqual(first, again) {
			t.Fatalf("answers differ:\n%+v\n%+v", first, again)
		}
	}
	// A second load parses in another order.
	again := reach.Analyze(t.Context(), load(t, "./interface", "./table", "./library", "./sortmethod").Input())
	if !reflect.DeepEqual(first.Answers, again.Answers) {
		t.Fatalf("answers of a second load differ:\n%+v\n%+v", first.Answers, again.Answers)
	}
}

// TestNeverRefutesBlindly asserts that each kind of missing knowledge turns
// "imported" or "called" into something weaker that says why.
func TestNeverRefutesBlindly(t *testing.T) {
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	tests := []struct {
		name, shape string
		ctx         context.Context
		change      func(*reach.Input)
		level       reach.Level
		reason      string
	}{
		{"nothing missing", "unreachable", t.Context(), func(*reach.Input) {}, reach.Imported, ""},
		{"a gap", "unreachable", t.Context(), func(in *reach.Input) { in.Gaps = []string{"a", "b", "c", "d"} }, reach.Possible, "a, b, c and 1 more"},
		{"a gap refutes no proof", "static", t.Context(), func(in *reach.Input) { in.Gaps = []string{"a"} }, reach.Called, ""},
		{"memory", "interface", t.Context(), func(in *reach.Input) { in.Memory = 1 }, reach.Possible, "would not fit in memory"},
		{"memory is not needed", "static", t.Context(), func(in *reach.Input) { in.Memory = 1 }, reach.Called, ""},
		{"cancelled", "unreachable", cancelled, func(*reach.Input) {}, reach.Unknown, "stopped"},
		{"no entries", "unreachable", t.Context(), func(in *reach.Input) { in.Main = nil }, reach.Unknown, "no entry point"},
		{"no closure", "unreachable", t.Context(), func(in *reach.Input) { in.Closure = nil }, reach.Unknown, "in the loaded program"},
		{"other package", "static", t.Context(), func(in *reach.Input) { in.Targets[0].Packages[0].Path = "example.test/other" }, reach.Unknown, "in the loaded program"},
		{"no names", "otherimpl", t.Context(), func(in *reach.Input) { in.OutsideNames = nil }, reach.Imported, ""},
		{"unreadable names", "stringer", t.Context(), func(in *reach.Input) {
			in.OutsideNames = func() (*reach.Names, error) { return nil, errors.New("unreadable") }
		}, reach.Possible, "over-approximation"},
		{"no facts", "linkname", t.Context(), func(in *reach.Input) { in.Facts = reach.Facts{} }, reach.Imported, ""},
		{"exported to C", "unreachable", t.Context(), func(in *reach.Input) {
			in.Facts.Add(reach.Directives("example.test/shapes/unreachable", []byte("//export unused\n")))
		}, reach.Possible, "over-approximation"},
		{"named by assembly", "unreachable", t.Context(), func(in *reach.Input) {
			in.Facts.Add(reach.Assembly("example.test/shapes/unreachable", []byte("\tCALL ·unused(SB)\n")))
		}, reach.Possible, "over-approximation"},
		{"pushed by the linker", "unreachable", t.Context(), func(in *reach.Input) {
			in.Facts.Add(reach.Directives("example.test/shapes/unreachable", []byte("//go:linkname unused elsewhere.f\n")))
		}, reach.Possible, "over-approximation"},
	}
	program := load(t, "./...")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := program.Input("example.test/shapes/" + tt.shape)
			in.Targets = shapeTargets() // its own copy
			tt.change(&in)
			got := reach.Analyze(tt.ctx, in).Answers[0]
			if got.Level != tt.level || !strings.Contains(got.Reason, tt.reason) || (got.Reason == "") != (tt.reason == "") {
				t.Errorf("got %v because %q, want %v because %q", got.Level, got.Reason, tt.level, tt.reason)
			}
		})
	}
}

func TestLevelNames(t *testing.T) {
	var zero reach.Level
	if zero != reach.Unknown {
		t.Error("the zero level is not unknown")
	}
	for level, want := range map[reach.Level]string{
		reach.Unknown: "unknown", reach.Imported: "imported", reach.Possible: "possible", reach.Called: "called", 99: "unknown",
	} {
		if level.String() != want {
			t.Errorf("%d.String() = %q, want %q", int(level), level, want)
		}
	}
}
