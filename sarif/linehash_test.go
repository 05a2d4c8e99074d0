package sarif

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

// referenceHashes computes the hashes from the definition, with big numbers and
// without a rolling window.
func referenceHashes(t *testing.T, src string) []string {
	t.Helper()
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(src)
	var units []uint16
	var starts []int
	begin := true
	for _, u := range append(utf16.Encode([]rune(text)), 0xFFFF) {
		if u == ' ' || u == '\t' {
			continue
		}
		if begin {
			starts = append(starts, len(units))
		}
		begin = u == '\n'
		units = append(units, u)
	}
	modulus := new(big.Int).Lsh(big.NewInt(1), 64)
	seen := map[string]int{}
	var out []string
	for _, start := range starts {
		sum := new(big.Int)
		for i := range 100 {
			sum.Mul(sum, big.NewInt(37))
			if start+i < len(units) {
				sum.Add(sum, big.NewInt(int64(units[start+i])))
			}
			sum.Mod(sum, modulus)
		}
		hash := sum.Text(16)
		seen[hash]++
		out = append(out, fmt.Sprintf("%s:%d", hash, seen[hash]))
	}
	return out
}

func TestLineHashes(t *testing.T) {
	// 65535 * 37^99 modulo 2^64: the end of the file and nothing else.
	empty := new(big.Int).Exp(big.NewInt(37), big.NewInt(99), new(big.Int).Lsh(big.NewInt(1), 64))
	empty.Mul(empty, big.NewInt(0xFFFF)).Mod(empty, new(big.Int).Lsh(big.NewInt(1), 64))
	if got, want := LineHashes(nil), []string{empty.Text(16) + ":1"}; !slices.Equal(got, want) {
		t.Errorf("empty file: got %v, want %v", got, want)
	}
	for _, src := range []string{
		"one line", "one\n", "\n\n\n", " \t \n\t", "a\rb\r\nc\n\rd", "package main // 日本語 🦊\n",
		strings.Repeat("x", 99) + "\ny", strings.Repeat("x", 100) + "\ny", strings.Repeat("x", 101) + "\ny",
		strings.Repeat("same line\n", 40), strings.Repeat("🦊\n", 70), "\uFEFFpackage p\n", "a\x00b\n",
	} {
		if got, want := LineHashes([]byte(src)), referenceHashes(t, src); !slices.Equal(got, want) {
			t.Errorf("%q:\n got %v\nwant %v", src, got, want)
		}
	}
}

// TestLineHashesLiteral pins values that the upload action itself computed.
func TestLineHashesLiteral(t *testing.T) {
	for _, c := range []struct {
		src  []byte
		line int
		want string
	}{
		{nil, 1, "c129715d7a2bc9a3:1"},
		{declarations("a", "b", "c", "d"), 1, "5e4d5a9cf1294ad9:1"},
		{declarations("foo", "bar", "baz", "qux"), 2, "f7592a95a9381ac0:1"},
	} {
		if got := LineHashes(c.src)[c.line-1]; got != c.want {
			t.Errorf("%q line %d: got %s, want %s", c.src, c.line, got, c.want)
		}
	}
}

func TestLineHashesIgnoreBlanksAndLineEnds(t *testing.T) {
	want := LineHashes([]byte("if a {\n\tb()\n}\n"))
	for _, same := range []string{"if a {\r\n\tb()\r\n}\r\n", "if a {\rb()\r}\r", "  if  a{ \n b()\t\n}\n"} {
		if got := LineHashes([]byte(same)); !slices.Equal(got, want) {
			t.Errorf("%q: got %v, want %v", same, got, want)
		}
	}
	// A blank between CR and LF makes two line ends of them, as upstream does.
	if got := len(LineHashes([]byte("a\r \nb"))); got != 3 {
		t.Errorf("CR, blank, LF: got %d lines, want 3", got)
	}
}

func TestLineHashesBrokenText(t *testing.T) {
	// Each maximal broken sequence is one U+FFFD, as in a WHATWG decoder.
	for broken, mended := range map[string]string{
		"a\xFF\xFEb":         "a\uFFFD\uFFFDb",
		"a\xE2\x82b":         "a\uFFFDb",
		"a\xF0\x9F\x98":      "a\uFFFD",
		"a\xED\xA0\x80b":     "a\uFFFD\uFFFD\uFFFDb", // a surrogate written down
		"\xC0\x80":           "\uFFFD\uFFFD",         // an overlong NUL
		"\xF4\x90\x80\x80":   "\uFFFD\uFFFD\uFFFD\uFFFD",
		"\xE2\xE2\x82\xAC\n": "\uFFFD€\n",
	} {
		if got, want := LineHashes([]byte(broken)), LineHashes([]byte(mended)); !slices.Equal(got, want) {
			t.Errorf("%q: got %v, want those of %q: %v", broken, got, mended, want)
		}
	}
}

// dataFile returns a file of the shared test data.
func dataFile(t *testing.T, name string) string {
	t.Helper()
	root := os.Getenv("STAYLISTED_DATA")
	if root == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("STAYLISTED_DATA is not set; CI must run the tests on real data")
		}
		t.Skip("STAYLISTED_DATA is not set: no real data to test with")
	}
	return filepath.Join(root, name)
}

func TestLineHashesVectors(t *testing.T) {
	raw, err := os.ReadFile(dataFile(t, "fingerprints/vectors.json"))
	if err != nil {
		t.Fatal(err)
	}
	type vector struct {
		Name        string
		Input       string
		InputBase64 string
		Lines       []string
		LineCount   int
		Sample      map[string]string
	}
	var data struct{ Base, Extra []vector }
	if err := json.Unmarshal(raw, &data); err != nil {
		t.Fatal(err)
	}
	if len(data.Base) < 9 || len(data.Extra) < 5 {
		t.Fatalf("%d base and %d extra vectors; the file has been cut", len(data.Base), len(data.Extra))
	}
	for _, v := range append(data.Base, data.Extra...) {
		src := []byte(v.Input)
		if v.InputBase64 != "" {
			if src, err = base64.StdEncoding.DecodeString(v.InputBase64); err != nil {
				t.Fatal(err)
			}
		}
		if v.LineCount > 0 && len(src) == 0 {
			t.Errorf("%s: the vector has no input", v.Name)
			continue
		}
		got := LineHashes(src)
		if v.Lines != nil && !slices.Equal(got, v.Lines) {
			t.Errorf("%s:\n got %v\nwant %v", v.Name, got, v.Lines)
		}
		if v.LineCount > 0 && len(got) != v.LineCount {
			t.Errorf("%s: %d lines, want %d", v.Name, len(got), v.LineCount)
		}
		for line, want := range v.Sample {
			var n int
			if _, err := fmt.Sscan(line, &n); err != nil || n < 1 || n > len(got) || got[n-1] != want {
				t.Errorf("%s: line %s is not %s", v.Name, line, want)
			}
		}
	}
}

// declarations is the text of the source files that the upload action's own
// end-to-end test hashes: one declaration a line.
func declarations(names ...string) []byte {
	var b strings.Builder
	for _, name := range names {
		b.WriteString("var " + name + " = 0;\n")
	}
	return []byte(b.String())
}

// TestLineHashesEndToEnd checks whole files against the fingerprints that the
// upload action writes into a SARIF file.
func TestLineHashesEndToEnd(t *testing.T) {
	sources := map[string][]byte{
		"testFile1.js": declarations("a", "b", "c", "d"),
		"testFile2.js": declarations("foo", "bar", "baz", "qux"),
	}
	raw, err := os.ReadFile(dataFile(t, "sarif/codeql-action/fingerprinting.expected.sarif"))
	if err != nil {
		t.Fatal(err)
	}
	type artifact struct {
		URI   string
		Index int
	}
	var l struct {
		Runs []struct {
			Artifacts []struct{ Location artifact }
			Results   []struct {
				Locations []struct {
					PhysicalLocation struct {
						ArtifactLocation artifact
						Region           struct{ StartLine int }
					}
				}
				PartialFingerprints map[string]string
			}
		}
	}
	if err := json.Unmarshal(raw, &l); err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, r := range l.Runs[0].Results {
		place := r.Locations[0].PhysicalLocation
		file := l.Runs[0].Artifacts[place.ArtifactLocation.Index].Location.URI
		hashes := LineHashes(sources[file])
		if got, want := hashes[place.Region.StartLine-1], r.PartialFingerprints[lineHashKey]; got != want {
			t.Errorf("%s:%d: got %s, want %s", file, place.Region.StartLine, got, want)
		}
		checked++
	}
	if checked != 2 {
		t.Errorf("%d results checked, want 2", checked)
	}
}

func FuzzLineHashes(f *testing.F) {
	f.Add("package p\n\nfunc f() {}\n")
	f.Add("a\r\n \t\r\r\nb\uFEFF🦊")
	f.Fuzz(func(t *testing.T, src string) {
		got := LineHashes([]byte(src))
		for _, h := range got {
			if hex, n, ok := strings.Cut(h, ":"); !ok || hex == "" || len(hex) > 16 || n == "" || n == "0" {
				t.Fatalf("%q is no line hash", h)
			}
		}
		if strings.Contains(src, "\uFFFD") || strings.ContainsRune(src, '\r') || strings.ToValidUTF8(src, "") != src {
			return // the reference knows neither broken text nor blanks after a CR
		}
		if want := referenceHashes(t, src); !slices.Equal(got, want) {
			t.Fatalf("%q:\n got %v\nwant %v", src, got, want)
		}
	})
}

func BenchmarkLineHashes(b *testing.B) {
	src := []byte(strings.Repeat("\tif err := handler(w, r); err != nil { // 日本\n", 80_000))
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		LineHashes(src)
	}
}
