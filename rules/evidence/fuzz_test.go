package evidence

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"reflect"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// FuzzParse: nothing crashes; either a file comes back or errors that point
// into the text; and a valid file means the same when it is written in JSON,
// which has none of YAML's ways to say one thing differently.
func FuzzParse(f *testing.F) {
	tree := os.DirFS("testdata")
	names, err := fs.Glob(tree, "*.yml")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		src, err := fs.ReadFile(tree, name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
	f.Add([]byte(base + "product: {name: |\n  a\n}\n"))
	f.Add([]byte("\uFEFF" + base + "gate: \u202esla\r"))
	f.Add([]byte(base + "product:\n  name: >-\n    Grüße\n    an alle\n"))
	f.Add([]byte("%YAML 1.2\n--- [\n\t&a *a]"))
	f.Fuzz(func(t *testing.T, src []byte) {
		file, errs := Parse("p.yml", src, known())
		if (file == nil) != (len(errs) > 0) {
			t.Fatalf("file %v with %d errors", file, len(errs))
		}
		lines := bytes.Count(src, []byte("\n")) + 1
		for i, e := range errs {
			if e.Line < 1 || e.Column < 1 || e.Line > lines || e.Column > len(src)+1 || e.Message == "" || e.Advice == "" {
				t.Fatalf("error %d of a text of %d lines: %+v", i, lines, e)
			}
			if i > 0 && (errs[i-1].Line > e.Line || errs[i-1].Line == e.Line && errs[i-1].Column > e.Column) {
				t.Fatalf("%v stands before %v", errs[i-1], e)
			}
			if strings.ContainsFunc(e.Error(), hidden) || strings.Contains(e.Error(), "\n") {
				t.Fatalf("hidden characters in %q", e.Error())
			}
		}
		if file == nil {
			return
		}
		again, errs := Parse("p.yml", asJSON(t, src), known())
		if again == nil {
			t.Fatalf("valid as YAML, in JSON: %v", errs)
		}
		forget(reflect.ValueOf(file).Elem())
		forget(reflect.ValueOf(again).Elem())
		if !reflect.DeepEqual(file, again) {
			t.Fatalf("as YAML %+v\nas JSON %+v", file, again)
		}
	})
}

// asJSON rewrites a valid file as JSON.
func asJSON(t *testing.T, src []byte) []byte {
	var doc yaml.Node
	if err := yaml.Unmarshal(src, &doc); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	quote := func(s string) {
		text, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(text)
	}
	var write func(n *yaml.Node)
	write = func(n *yaml.Node) {
		switch n.Kind {
		case yaml.MappingNode:
			out.WriteString("{")
			for i := 0; i < len(n.Content); i += 2 {
				if i > 0 {
					out.WriteString(", ")
				}
				quote(n.Content[i].Value)
				out.WriteString(": ")
				write(n.Content[i+1])
			}
			out.WriteString("}")
		case yaml.SequenceNode:
			out.WriteString("[")
			for i, c := range n.Content {
				if i > 0 {
					out.WriteString(", ")
				}
				write(c)
			}
			out.WriteString("]")
		default:
			switch n.ShortTag() {
			case "!!bool", "!!int":
				out.WriteString(n.Value)
			case "!!null":
				out.WriteString("null")
			default:
				quote(n.Value)
			}
		}
	}
	write(doc.Content[0])
	return out.Bytes()
}

// forget sets every place to zero: they differ between the two spellings.
func forget(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[Pos]() {
			v.SetZero()
			return
		}
		for _, field := range v.Fields() {
			if field.CanSet() {
				forget(field)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			forget(v.Index(i))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			forget(v.Elem())
		}
	}
}
