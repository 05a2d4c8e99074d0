package reach

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestDirectives(t *testing.T) {
	link := func(lp, l, rp, r string) Link { return Link{Symbol{lp, l}, Symbol{rp, r}} }
	tests := []struct {
		name, src string
		want      Facts
	}{
		{"nothing", "package p\n\nfunc f() {}\n", Facts{}},
		{"pull", "//go:linkname now time.now\nfunc now()\n", Facts{Links: []Link{link("a/p", "now", "time", "now")}}},
		{"deep path", "//go:linkname f golang.org/x/net/http2.f\r\n", Facts{Links: []Link{link("a/p", "f", "golang.org/x/net/http2", "f")}}},
		{"escaped dot", "//go:linkname f gopkg.in/yaml%2ev2.f\n", Facts{Links: []Link{link("a/p", "f", "gopkg.in/yaml.v2", "f")}}},
		{"method", "//go:linkname f net.(*Resolver).lookup\n", Facts{Links: []Link{link("a/p", "f", "net", "(*Resolver).lookup")}}},
		{"one name", "//go:linkname f\n", Facts{Roots: []Symbol{{"a/p", "f"}}}},
		{"export", "//export Run extra\n", Facts{Roots: []Symbol{{"a/p", "Run"}}}},
		{"no dot", "//go:linkname f runtime_f\n", Facts{}},
		{"too many", "//go:linkname f a.b c\n", Facts{}},
		{"empty", "//export \n//go:linkname \n", Facts{}},
		{"not a directive", "// go:linkname f a.b\n", Facts{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Directives("a/p", []byte(tt.src)); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got  %+v\nwant %+v", got, tt.want)
			}
		})
	}
}

func TestAssembly(t *testing.T) {
	tests := []struct {
		src  string
		want []Symbol
	}{
		{"TEXT ·add(SB), NOSPLIT, $0-24\n", nil},
		{"\tTEXT\t·add(SB), NOSPLIT, $0-24\n", nil},
		{"\tGLOBL ·table(SB), RODATA, $8\n", nil},
		{"\tJMP\t·addGeneric(SB)\n", []Symbol{{"a/p", "addGeneric"}}},
		{"\tCALL runtime·gcWriteBarrier<ABIInternal>(SB)\n", []Symbol{{"runtime", "gcWriteBarrier"}}},
		{"\tCALL internal∕bytealg·Count(SB) // ·comment(SB)\n", []Symbol{{"internal/bytealg", "Count"}}},
		{"\tMOVQ $·handler+8(SB), AX\n", []Symbol{{"a/p", "handler"}}},
		{"\tMOVQ a+0(FP), AX\n", nil},
	}
	for _, tt := range tests {
		if got := Assembly("a/p", []byte(tt.src)).Roots; !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%q: got %v, want %v", tt.src, got, tt.want)
		}
	}
}

func TestNames(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{"nothing", "package p", "Error"},
		{"declared only", "type I interface { Do() }", "Error"},
		{"selected only", "x.Do()", "Error"},
		{"both", "type I interface { Do() }\nfunc f(i I) { i.Do() }", "Do Error"},
		{"method value", "type I interface{ Do() }\nvar g = i.Do", "Do Error"},
		{"chain over lines", "type I interface { Do() I }\nvar _ = i.\n\t// and then\n\tDo()./* */Do()", "Do Error"},
		{"local literal", "if t, ok := err.(interface{ Timeout() bool }); ok { t.Timeout() }", "Error Timeout"},
		{"nested", "type I interface { A(x interface{ B() }, y struct{ f func() `json:\"}\"` }); C() }\n_ = i.A + x.B + i.C + y.f + y.x", "A B C Error"},
		{"embedded and union", "type I interface {\n\tfmt.Stringer\n\t~int | string\n\t// D(\n\tE ()\n}\nx.Stringer; x.int; x.D; x.E()", "E Error"},
		{"method on many lines", "type I interface {\n\tDo(\n\t\ta int, // first )\n\t\tb func(c int),\n\t) (err error)\n\tNext()\n}\nx.Do; x.Next; x.func", "Do Error Next func"},
		{"unicode", "type I interface { Größe() }\nx.Größe()", "Error Größe"},
		{"cut off", "interface {\n\tDo", "Error"},
		{"cut off in a tag", "interface { A(struct{ x int `", "Error"},
		{"cut off after a dot", "x. /* ", "Error"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var n Names
			n.Read([]byte(tt.src))
			if got := strings.Join(slices.Sorted(maps.Keys(n.all())), " "); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// FuzzFacts asserts that hostile text is read to its end without panicking,
// and that reading more never loses a name.
func FuzzFacts(f *testing.F) {
	f.Add("//go:linkname f a.b\n//export X\n", "type I interface { Do() }\nx.Do()")
	f.Add("\tCALL a∕b·c<ABI0>(SB)\n", "interface { A(struct{ x int `")
	f.Add("//go:linkname f %\n", "x. /* ")
	f.Fuzz(func(t *testing.T, a, b string) {
		Directives("p", []byte(a))
		Assembly("p", []byte(a))
		var one, two Names
		one.Read([]byte(a))
		two.Read([]byte(a))
		two.Read([]byte(b))
		for name := range one.all() {
			if !two.all()[name] {
				t.Errorf("reading a second file lost %q", name)
			}
		}
	})
}
