package deps

import (
	"strings"
	"testing"

	"golang.org/x/mod/semver"
)

func TestCanonical(t *testing.T) {
	for _, test := range []struct{ pkg, version, want string }{
		{"example.com/m", "v1.2.3", "v1.2.3"},
		{"example.com/m", "1.2.3", "v1.2.3"},
		{"example.com/m", "v2.0.0+incompatible", "v2.0.0+incompatible"},
		{"example.com/m", "v0.0.0-20170420152529-0968e4079e0a", "v0.0.0-20170420152529-0968e4079e0a"},
		{"example.com/m", "go1.2.3", ""},
		{"example.com/m", "(devel)", ""},
		{"example.com/m", "", ""},
		{Stdlib, "go1.26.8", "v1.26.8"},
		{Stdlib, "1.21rc2", "v1.21.0-rc.2"},
		{Stdlib, "go1.20", "v1.20.0"},
		{Stdlib, "go1", "v1.0.0"},
		{Stdlib, "go1.9beta1", "v1.9.0-beta.1"},
		{Stdlib, "go1.24.1 X:synctest", "v1.24.1"},
		{Stdlib, "go1.22.3-vendor.1", "v1.22.3"},
		{Stdlib, "1.21.0-0", "v1.21.0-0"},
		{Stdlib, "1.27.0-rc.3", "v1.27.0-rc.3"},
		{Toolchain, "go1.21.13", "v1.21.13"},
		{Stdlib, "devel go1.27-abcdef", ""},
		{Stdlib, "default", ""},
	} {
		got, ok := canonical(test.pkg, test.version)
		if ok != (test.want != "") || ok && got != test.want {
			t.Errorf("canonical(%s, %q) = %q, %v; want %q", test.pkg, test.version, got, ok, test.want)
		}
	}
}

func TestDisplay(t *testing.T) {
	for _, test := range []struct{ pkg, version, want string }{
		{"example.com/m", "0.3.7", "v0.3.7"},
		{Stdlib, "1.21.5", "go1.21.5"},
		{Stdlib, "1.21.0", "go1.21.0"},
		{Stdlib, "1.21.0-0", "go1.21.0"},
		{Stdlib, "1.20.0", "go1.20"},
		{Toolchain, "1.24.0-rc.2", "go1.24rc2"},
	} {
		if got := display(test.pkg, test.version); got != test.want {
			t.Errorf("display(%s, %s) = %s, want %s", test.pkg, test.version, got, test.want)
		}
	}
}

// events builds a range from "introduced 0, fixed 1.2.3".
func events(text string) Range {
	r := Range{Type: "SEMVER"}
	for part := range strings.SplitSeq(text, ", ") {
		kind, version, _ := strings.Cut(part, " ")
		switch kind {
		case "introduced":
			r.Events = append(r.Events, Event{Introduced: version})
		case "fixed":
			r.Events = append(r.Events, Event{Fixed: version})
		case "last_affected":
			r.Events = append(r.Events, Event{LastAffected: version})
		case "limit":
			r.Events = append(r.Events, Event{Limit: version})
		default:
			r.Events = append(r.Events, Event{})
		}
	}
	return r
}

func TestRange(t *testing.T) {
	for _, test := range []struct{ pkg, events, in, out string }{
		{"m", "introduced 0, fixed 0.3.7", "v0.0.0-20160101000000-000000000000 v0.3.6 v0.3.7-rc.1", "v0.3.7 v1.0.0"},
		{"m", "introduced 0", "v0.0.1 v9.0.0", ""},
		{"m", "introduced 1.0.0, last_affected 1.2.0", "v1.0.0 v1.2.0", "v0.9.0 v1.2.1"},
		// The order of events means nothing.
		{"m", "fixed 2.3.0, introduced 2.0.0, fixed 1.4.0, introduced 0", "v1.3.9 v2.0.0 v2.2.9", "v1.4.0 v1.9.0 v2.3.0"},
		{"m", "introduced 0, fixed 1.2.0, introduced 1.2.0, fixed 1.3.0", "v1.1.0 v1.2.0 v1.2.9", "v1.3.0"},
		{"m", "introduced 1.0.0, last_affected 1.0.0, introduced 2.0.0", "v1.0.0 v2.0.0 v3.0.0", "v1.0.1 v0.9.0"},
		{"m", "introduced 0, limit 1.5.0", "v1.4.0", "v1.5.0"},
		{"m", "introduced 0, limit *", "v1.4.0", ""},
		{"m", "introduced 3.7.0+incompatible, fixed 3.7.5+incompatible", "v3.7.1+incompatible", "v3.7.5+incompatible v3.6.0+incompatible"},
		{"m", "introduced 1.3.1-0.20190301021747-ccb9e902956d, fixed 1.9.1", "v1.3.1-0.20200101000000-000000000000 v1.4.0", "v1.3.0 v1.9.1"},
		{Stdlib, "introduced 0, fixed 1.20.12, introduced 1.21.0-0, fixed 1.21.5", "go1.20.1 go1.21rc2 go1.21 go1.21.4", "go1.20.12 go1.21.5 go1.26.8"},
		{Stdlib, "introduced 1.26.0-rc.1, fixed 1.26.0-rc.3", "go1.26rc1 go1.26rc2", "go1.26rc3 go1.26.0 go1.25.9"},
	} {
		r := events(test.events)
		for _, want := range []bool{true, false} {
			list := test.out
			if want {
				list = test.in
			}
			for v := range strings.FieldsSeq(list) {
				c, ok := canonical(test.pkg, v)
				if !ok {
					t.Fatalf("%s is no version", v)
				}
				if got, err := r.contains(spelling{Go, test.pkg}, c); got != want || err != nil {
					t.Errorf("%s in [%s] = %v, %v; want %v", v, test.events, got, err, want)
				}
			}
		}
	}
}

func TestRangeUndecidable(t *testing.T) {
	for _, text := range []string{"introduced one", "fixed 1.0.0", "introduced 0, fixed 1.0.0.1", "introduced 0, nothing", "introduced 0, limit x"} {
		r := events(text)
		if got, err := r.contains(spelling{Go, "m"}, "v0.5.0"); got || err == nil {
			t.Errorf("[%s] = %v, %v; want an error", text, got, err)
		}
	}
}

func TestAffects(t *testing.T) {
	git := Range{Type: "GIT", Events: []Event{{Introduced: "0"}, {Fixed: "0123abcd"}}}
	for name, test := range map[string]struct {
		affected Affected
		version  string
		want     bool
	}{
		"no range at all":            {Affected{}, "v1.0.0", true},
		"commits only":               {Affected{Ranges: []Range{git}}, "v1.0.0", true},
		"listed version":             {Affected{Versions: []string{"1.0.0", "junk"}}, "v1.0.0", true},
		"another is listed":          {Affected{Versions: []string{"1.0.1"}}, "v1.0.0", false},
		"commits and another listed": {Affected{Ranges: []Range{git}, Versions: []string{"1.0.1"}}, "v1.0.0", false},
		"second range":               {Affected{Ranges: []Range{events("introduced 2.0.0"), events("introduced 1.0.0, fixed 1.1.0")}}, "v1.0.0", true},
		"known before the undecided": {Affected{Ranges: []Range{events("introduced x"), events("introduced 0")}}, "v1.0.0", true},
	} {
		if got, err := test.affected.affects(test.version); got != test.want || err != nil {
			t.Errorf("%s: %v, %v; want %v", name, got, err, test.want)
		}
	}
	undecided := Affected{Ranges: []Range{events("introduced x")}}
	if in, err := undecided.affects("v1.0.0"); in || err == nil {
		t.Errorf("an unparsable border gives %v, %v; want an error", in, err)
	}
}

// FuzzRange holds contains against the definition: where no two borders are
// equal, a version is affected when the nearest border at or below it is one
// that introduces.
func FuzzRange(f *testing.F) {
	f.Add("introduced 0, fixed 0.3.7", "v0.3.5")
	f.Add("fixed 2.3.0, introduced 2.0.0, fixed 1.4.0, introduced 0", "v2.0.0")
	f.Add("introduced 1.0.0, last_affected 1.2.0", "v1.2.0")
	f.Add("introduced 1.26.0-rc.1, fixed 1.26.0-rc.3", "v1.26.0-rc.2")
	f.Fuzz(func(t *testing.T, text, v string) {
		if !semver.IsValid(v) {
			t.Skip()
		}
		r := events(text)
		got, err := r.contains(spelling{Go, "m"}, v)
		if err != nil {
			if got {
				t.Error("affected and undecided at once")
			}
			return
		}
		for i := range r.Events {
			r.Events = append(r.Events[1:], r.Events[0])
			if again, _ := r.contains(spelling{Go, "m"}, v); again != got {
				t.Errorf("rotated %d times: %v, was %v", i+1, again, got)
			}
		}
		nearest, want := "none", false
		for _, e := range r.Events {
			at := e.Introduced + e.Fixed
			if at == "" || strings.Contains(text, "last_affected") {
				return
			}
			c := ""
			if at != "0" {
				c, _ = canonical("m", at)
			}
			if nearest != "none" && (spelling{}).edges(c, nearest) == 0 {
				return
			}
			if (spelling{}).edges(c, v) <= 0 && (nearest == "none" || (spelling{}).edges(c, nearest) > 0) {
				nearest, want = c, e.Introduced != ""
			}
		}
		if got != want {
			t.Errorf("%s in [%s] = %v, want %v", v, text, got, want)
		}
	})
}
