package evidence

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

// policySchema is docs/policy.schema.json as a document and compiled.
func policySchema(t testing.TB) (any, *jsonschema.Schema) {
	t.Helper()
	data, err := os.ReadFile("../../docs/policy.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("policy.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("policy.json")
	if err != nil {
		t.Fatal(err)
	}
	return doc, schema
}

// A shape is what schema or parser say of one mapping.
type shape struct {
	keys, required []string
	words          map[string][]string // by key; "" for the keys themselves
}

// schemaShapes reads the mappings of the schema: each has the name that the
// parser calls it by as its title.
func schemaShapes(doc any, into map[string]*shape) {
	switch doc := doc.(type) {
	case map[string]any:
		if props, ok := doc["properties"].(map[string]any); ok {
			s := &shape{words: map[string][]string{}}
			s.keys = slices.Sorted(maps.Keys(props))
			required, _ := doc["required"].([]any)
			for _, k := range required {
				s.required = append(s.required, k.(string))
			}
			slices.Sort(s.required)
			for key, p := range props {
				if list, ok := p.(map[string]any)["enum"].([]any); ok {
					for _, w := range list {
						s.words[key] = append(s.words[key], w.(string))
					}
					slices.Sort(s.words[key])
				}
			}
			title, _ := doc["title"].(string)
			into[title] = s
			if doc["additionalProperties"] != false {
				into[title+" is open"] = s
			}
		}
		for _, v := range doc {
			schemaShapes(v, into)
		}
	case []any:
		for _, v := range doc {
			schemaShapes(v, into)
		}
	}
}

// parserShapes reads the mappings of the parser while it reads a file that has
// them all.
func parserShapes(t *testing.T) map[string]*shape {
	t.Helper()
	out := map[string]*shape{}
	of := func(what string) *shape {
		if out[what] == nil {
			out[what] = &shape{words: map[string][]string{}}
		}
		return out[what]
	}
	r := &reader{name: "p", known: known()}
	r.seen = func(what string, may []field, _ map[string]bool) {
		s := of(what)
		s.keys, s.required = nil, nil
		for _, f := range may {
			s.keys = append(s.keys, f.key)
			if f.required {
				s.required = append(s.required, f.key)
			}
		}
		slices.Sort(s.keys)
		slices.Sort(s.required)
	}
	r.listed = func(what, key string, words []string) {
		words = slices.Sorted(slices.Values(words))
		if key == "" {
			of(what).keys = words
			return
		}
		of(what).words[key] = words
	}
	src := read1(t, "testdata/full.yml")
	r.parse(src)
	if len(r.errs) > 0 {
		t.Fatal(r.errs)
	}
	return out
}

// differences tells where the two disagree.
func differences(parser, schema map[string]*shape) []string {
	var out []string
	for _, what := range slices.Sorted(maps.Keys(parser)) {
		p, s := parser[what], schema[what]
		if s == nil {
			out = append(out, "the schema does not know "+what)
			continue
		}
		if !slices.Equal(p.keys, s.keys) {
			out = append(out, fmt.Sprintf("%s: the parser has the keys %q, the schema %q", what, p.keys, s.keys))
		}
		if !slices.Equal(p.required, s.required) {
			out = append(out, fmt.Sprintf("%s: the parser requires %q, the schema %q", what, p.required, s.required))
		}
		for _, key := range slices.Sorted(maps.Keys(p.words)) {
			if !slices.Equal(p.words[key], s.words[key]) {
				out = append(out, fmt.Sprintf("%s of %s: the parser takes %q, the schema %q", key, what, p.words[key], s.words[key]))
			}
		}
		for _, key := range slices.Sorted(maps.Keys(s.words)) {
			if p.words[key] == nil {
				out = append(out, fmt.Sprintf("%s of %s: the schema has a list of words, the parser none", key, what))
			}
		}
	}
	for _, what := range slices.Sorted(maps.Keys(schema)) {
		if parser[what] == nil {
			out = append(out, "the parser does not know "+what)
		}
	}
	return out
}

// TestSchemaIsTheParser: the schema for editors has the keys, the required marks
// and the words of the parser, and no others.
func TestSchemaIsTheParser(t *testing.T) {
	doc, _ := policySchema(t)
	schema := map[string]*shape{}
	schemaShapes(doc, schema)
	for _, d := range differences(parserShapes(t), schema) {
		t.Error(d)
	}
	if len(schema) < 20 {
		t.Errorf("the schema has %d mappings", len(schema))
	}
}

// TestSchemaComparisonBites: a key, a required mark or a word on one side alone
// is told.
func TestSchemaComparisonBites(t *testing.T) {
	for name, spoil := range map[string]func(map[string]*shape){
		"a key more":         func(m map[string]*shape) { m["a store"].keys = append(m["a store"].keys, "zzz") },
		"a key less":         func(m map[string]*shape) { m["the policy"].keys = m["the policy"].keys[1:] },
		"a mark more":        func(m map[string]*shape) { m["a secret"].required = append(m["a secret"].required, "zzz") },
		"a mark less":        func(m map[string]*shape) { m["a secret"].required = nil },
		"a word more":        func(m map[string]*shape) { m["a service"].words["auth"] = append(m["a service"].words["auth"], "zzz") },
		"a list less":        func(m map[string]*shape) { delete(m["a service"].words, "auth") },
		"a kind of document": func(m map[string]*shape) { m["documents"].keys = m["documents"].keys[1:] },
		"a mapping less":     func(m map[string]*shape) { delete(m, "limits") },
		"a mapping more":     func(m map[string]*shape) { m["something"] = &shape{} },
	} {
		doc, _ := policySchema(t)
		for _, side := range []string{"parser", "schema"} {
			schema, parser := map[string]*shape{}, parserShapes(t)
			schemaShapes(doc, schema)
			if side == "parser" {
				spoil(parser)
			} else {
				spoil(schema)
			}
			if len(differences(parser, schema)) != 1 {
				t.Errorf("%s of the %s: %q", name, side, differences(parser, schema))
			}
		}
	}
}

// asDocument turns YAML into what a JSON reader sees.
func asDocument(t testing.TB, src []byte) any {
	t.Helper()
	var n yaml.Node
	if err := yaml.Unmarshal(src, &n); err != nil {
		t.Fatal(err)
	}
	return plainValue(n.Content[0])
}

func plainValue(n *yaml.Node) any {
	switch n.Kind {
	case yaml.MappingNode:
		out := map[string]any{}
		for key, value := range pairs(n) {
			out[key.Value] = plainValue(value)
		}
		return out
	case yaml.SequenceNode:
		out := []any{}
		for _, c := range n.Content {
			out = append(out, plainValue(c))
		}
		return out
	}
	switch n.ShortTag() {
	case "!!bool":
		return strings.EqualFold(n.Value, "true")
	case "!!int", "!!float":
		return json.Number(n.Value)
	case "!!null":
		return nil
	}
	return n.Value
}

// TestSchemaTakesWhatTheParserTakes: every example and test file that is a valid
// policy fits the schema, and so does the full example of the catalogue.
func TestSchemaTakesWhatTheParserTakes(t *testing.T) {
	_, schema := policySchema(t)
	k := known()
	k.Requirements, k.Rules = nil, nil
	page := string(read1(t, "../../docs/policy.md"))
	sources := map[string]string{"full.yml": string(read1(t, "testdata/full.yml")), "shortest": base}
	for i, example := range regexp.MustCompile("(?ms)^```yaml\n(.*?)^```$").FindAllStringSubmatch(page, -1) {
		sources[fmt.Sprintf("docs/policy.md, example %d", i+1)] = example[1]
	}
	for name, src := range sources {
		if _, errs := Parse(name, []byte(src), k); len(errs) > 0 {
			t.Errorf("%s: %v", name, errs)
		}
		if err := schema.Validate(asDocument(t, []byte(src))); err != nil {
			t.Errorf("%s does not fit the schema: %v", name, err)
		}
	}
}

// TestSchemaTakesTheSpecification: the full example of catalogue §5, which
// stands beside the test data, is a valid policy to both.
func TestSchemaTakesTheSpecification(t *testing.T) {
	data := os.Getenv("STAYLISTED_DATA")
	name := filepath.Join(filepath.Dir(filepath.Clean(data)), "spec", "catalogue.md")
	page, err := os.ReadFile(name)
	if data == "" || err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("STAYLISTED_DATA is %q: %v", data, err)
		}
		t.Skip("STAYLISTED_DATA is not set: the specification stands beside the folder it names")
	}
	_, section, _ := strings.Cut(string(page), "\n## 5. ")
	section, _, _ = strings.Cut(section, "\n## 6. ")
	examples := regexp.MustCompile("(?ms)^```yaml\n(.*?)^```$").FindAllStringSubmatch(section, -1)
	if len(examples) < 2 {
		t.Fatalf("catalogue §5 has %d examples", len(examples))
	}
	k := known()
	k.Requirements, k.Rules = nil, nil
	_, schema := policySchema(t)
	for i, e := range examples {
		if _, errs := Parse(name, []byte(e[1]), k); len(errs) > 0 {
			t.Errorf("example %d: %v", i+1, errs)
		}
		if err := schema.Validate(asDocument(t, []byte(e[1]))); err != nil {
			t.Errorf("example %d does not fit the schema: %v", i+1, err)
		}
	}
}

// onlyParser are errors of the parser about how parts fit together, which a
// schema cannot see.
var onlyParser = regexp.MustCompile(`names no entry of stores|does not fit the phase|lies before`)

// TestSchemaRefusesWhatTheParserRefuses changes every place of the full file in
// several ways: parser and schema agree on whether the result is a policy.
func TestSchemaRefusesWhatTheParserRefuses(t *testing.T) {
	_, schema := policySchema(t)
	src := read1(t, "testdata/full.yml")
	var root yaml.Node
	if err := yaml.Unmarshal(src, &root); err != nil {
		t.Fatal(err)
	}
	k := known()
	tried, refused := 0, 0
	check := func(how string) {
		text, err := yaml.Marshal(&root)
		if err != nil {
			t.Fatal(err)
		}
		_, errs := Parse("p.yml", text, k)
		fits := schema.Validate(asDocument(t, text))
		tried++
		if len(errs) > 0 {
			refused++
		}
		if (len(errs) == 0) != (fits == nil) && !(fits == nil && onlyParser.MatchString(errs.Error())) {
			t.Errorf("%s: the parser says %v, the schema %v", how, errs, fits)
		}
	}
	word := func(s string) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s} }
	var walk func(n *yaml.Node, path string)
	walk = func(n *yaml.Node, path string) {
		for i, c := range n.Content {
			at := path + "/" + fmt.Sprint(i)
			if n.Kind == yaml.MappingNode {
				if i%2 == 0 {
					continue
				}
				at = path + "/" + n.Content[i-1].Value
				whole := n.Content
				n.Content = append(slices.Clone(whole[:i-1]), whole[i+1:]...)
				check(at + " is removed")
				n.Content = append(slices.Clone(whole), word("no such key"), word("x"))
				check(path + " has a strange key")
				n.Content = whole
			}
			for how, other := range map[string]*yaml.Node{
				"a list":    {Kind: yaml.SequenceNode, Content: []*yaml.Node{{Kind: yaml.SequenceNode}}},
				"a mapping": {Kind: yaml.MappingNode, Content: []*yaml.Node{word("no such key"), word("x")}},
				"empty":     word(""),
			} {
				n.Content[i] = other
				check(at + " is " + how)
			}
			if c.Kind == yaml.ScalarNode && c.ShortTag() == "!!str" {
				n.Content[i] = word("<what it is, as in x.y/@z-1>")
				check(at + " is a placeholder")
				for _, other := range []string{"<x>\u00a7", c.Value + "\u00a7?#*"} {
					free := regexp.MustCompile(`/(name|statement|reason|why|purpose)$|/data/[0-9]+$`)
					if free.MatchString(at) {
						continue
					}
					n.Content[i] = word(other)
					check(at + " is " + other)
				}
			}
			n.Content[i] = c
			walk(c, at)
		}
	}
	walk(root.Content[0], "")
	if tried < 500 || refused < 300 {
		t.Errorf("%d changes, %d refused", tried, refused)
	}
}
