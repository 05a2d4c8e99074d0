package scan

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/code"
)

// API documents
//
// An OpenAPI 3 or Swagger 2 document is a file of the repository like any
// other: hostile text. It is read up to a size, into a tree that follows no
// reference and unfolds no alias, and only its paths, methods and base paths
// are looked at.

const (
	maxSchemaSize       = 8 << 20
	maxSchemas          = 64
	maxSchemaOperations = 10_000
	maxSchemaBases      = 8
	maxSchemaDepth      = 200
	maxSurfaceSteps     = 200
	maxSurfaceMessage   = 2000
	schemaHead          = 64 << 10 // where the key that says what a file is must stand
)

// surfaceVerifier is the rule that compares routes with API documents.
const surfaceVerifier = "MKT211"

// surfaceFindings compares the routes of the code with the API documents of the
// repository. What keeps the two from being compared makes the verifier's run
// incomplete.
func (s *run) surfaceFindings(known map[string]rules.Rule) []rules.Finding {
	var routes []code.RouteItem
	for _, r := range s.results {
		for _, h := range r.Hits {
			if h.Route != nil {
				routes = append(routes, code.RouteItem{Route: *h.Route, Location: h.Location})
			}
		}
	}
	if len(routes) == 0 {
		return nil
	}
	documents, problems := s.schemas()
	surface := code.CompareRoutes(routes, documents, len(s.tree.gaps)+len(s.gaps) == 0)
	for _, name := range surface.Foreign {
		s.notes = append(s.notes, fmt.Sprintf("%s lists no route of this code, so %s compared nothing with it", printable(name), surfaceVerifier))
	}
	if len(surface.Foreign) > 0 && len(surface.Compared) == 0 {
		// It may be another service's document, or this one's, whose routes are
		// registered in a way that the table does not read.
		problems = append(problems, fmt.Sprintf("%s lists no route that was seen in this code, so nothing could be compared", printable(surface.Foreign[0])))
	}
	if n := len(surface.Unread); n > 0 {
		first := surface.Unread[0]
		problems = append(problems, fmt.Sprintf("%d routes could not be compared with %s, the first at %s:%d: %s",
			n, printable(surface.Compared[0]), first.Location.Path, first.Location.Line, first.Unread))
	}
	if len(problems) > 0 {
		s.surface = strings.Join(problems[:min(len(problems), 3)], "; ")
	}
	var out []rules.Finding
	for _, d := range surface.Disagreements {
		f := known[surfaceVerifier].Finding("code", cut(printable(d.Message), maxSurfaceMessage), d.Location)
		// Not the places: a route more or less is the same finding.
		f.Tokens = rules.TokenDigest(d.Key)
		for _, p := range d.Places[:min(len(d.Places), maxSurfaceSteps)] {
			f.Steps = append(f.Steps, rules.Step{Location: p.Location, Message: cut(printable(p.Name), 200)})
		}
		out = append(out, f)
	}
	return out
}

// schemas reads the API documents of the repository. What cannot be read is
// told, because nothing may pass on a document that nobody understood.
func (s *run) schemas() (documents []code.APIDocument, problems []string) {
	for _, rel := range s.tree.files {
		if !maySchema(rel) {
			continue
		}
		if len(documents) == maxSchemas {
			problems = append(problems, fmt.Sprintf("there are more than %d API documents", maxSchemas))
			break
		}
		name := filepath.Join(s.tree.root, filepath.FromSlash(rel))
		head, err := readRegular(name, schemaHead)
		if err == nil && !looksLikeSchema(rel, head) {
			continue
		}
		var src []byte
		if err == nil {
			src, err = readLimited(name, maxSchemaSize)
		}
		if err != nil {
			problems = append(problems, fmt.Sprintf("%s cannot be read: %s", printable(rel), printable(strings.ReplaceAll(err.Error(), s.tree.root+string(filepath.Separator), ""))))
			continue
		}
		operations, err := within(s.suite.budget, func() ([]code.Operation, error) { return parseSchema(rel, src) })
		switch {
		case errors.Is(err, errNoSchema):
		case err != nil:
			problems = append(problems, fmt.Sprintf("%s is no valid API document: %s", printable(rel), cut(printable(err.Error()), 200)))
		default:
			documents = append(documents, code.APIDocument{Path: printable(rel), Operations: operations})
		}
	}
	return documents, problems
}

// maySchema reports whether a file's name is one that API documents have:
// openapi.yaml, swagger.json, docs/v1.yaml, api/orders.swagger.json.
func maySchema(rel string) bool {
	base := strings.ToLower(path.Base(rel))
	switch path.Ext(base) {
	case ".yaml", ".yml", ".json":
	default:
		return false
	}
	dirs := strings.Split(strings.ToLower(path.Dir(rel)), "/")
	if slices.ContainsFunc(dirs, func(d string) bool {
		switch d {
		case "testdata", "fixtures", "vendor", "third_party", "node_modules", "examples":
			return true
		}
		return false
	}) {
		return false
	}
	if strings.Contains(base, "openapi") || strings.Contains(base, "swagger") || strings.HasPrefix(base, "api.") {
		return true
	}
	return slices.ContainsFunc(dirs, func(d string) bool {
		switch d {
		case "api", "apis", "openapi", "swagger", "docs", "doc", "spec", "specs", "schema", "schemas", "contract", "contracts":
			return true
		}
		return false
	})
}

// looksLikeSchema reports whether the beginning of a file has the key that
// says what it is.
func looksLikeSchema(rel string, head []byte) bool {
	for _, key := range []string{"openapi", "swagger"} {
		if strings.HasSuffix(strings.ToLower(rel), ".json") {
			if bytes.Contains(head, []byte(`"`+key+`"`)) {
				return true
			}
			continue
		}
		for line := range bytes.Lines(head) {
			line = bytes.TrimLeft(bytes.TrimPrefix(line, []byte("\xef\xbb\xbf")), `"'{ `)
			if rest, ok := bytes.CutPrefix(line, []byte(key)); ok && bytes.HasPrefix(bytes.TrimLeft(rest, `"' `), []byte(":")) {
				return true
			}
		}
	}
	return false
}

// errNoSchema says that a file is something else.
var errNoSchema = errors.New("neither `openapi` nor `swagger` is a key of it")

// parseSchema reads the operations of an API document.
func parseSchema(rel string, src []byte) ([]code.Operation, error) {
	root, err := parseTree(rel, src)
	if err != nil {
		return nil, err
	}
	if root.Kind != yaml.MappingNode {
		return nil, errNoSchema
	}
	var bases []string
	switch {
	case valueOf(root, "openapi") != nil:
		bases = serverPaths(valueOf(root, "servers"))
	case valueOf(root, "swagger") != nil:
		if n := valueOf(root, "basePath"); n != nil && n.Kind == yaml.ScalarNode {
			bases = addBase(bases, n.Value)
		}
	default:
		return nil, errNoSchema
	}
	paths := valueOf(root, "paths")
	if paths == nil || paths.Kind == yaml.ScalarNode && paths.Tag == "!!null" {
		return nil, nil // only components, or web hooks
	}
	if paths.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("line %d: `paths` is no mapping", paths.Line)
	}
	var out []code.Operation
	for i := 0; i+1 < len(paths.Content); i += 2 {
		key, item := paths.Content[i], target(paths.Content[i+1])
		if !strings.HasPrefix(key.Value, "/") {
			continue // x-… extensions
		}
		if item.Kind != yaml.MappingNode {
			return nil, fmt.Errorf("line %d: the path %s is no mapping", key.Line, cut(key.Value, 80))
		}
		at := rules.Location{Path: printable(rel), Line: key.Line, Column: key.Column}
		operation := code.Operation{Path: key.Value, Bases: bases, Location: at}
		for _, base := range serverPaths(valueOf(item, "servers")) {
			operation.Bases = addBase(slices.Clip(operation.Bases), base)
		}
		if valueOf(item, "$ref") != nil {
			out = append(out, operation) // its methods stand in another file
		}
		for j := 0; j+1 < len(item.Content); j += 2 {
			switch method := item.Content[j].Value; method {
			case "get", "put", "post", "delete", "options", "head", "patch", "trace", "query":
				o := operation
				o.Method = strings.ToUpper(method)
				o.Location.Line, o.Location.Column = item.Content[j].Line, item.Content[j].Column
				for _, base := range serverPaths(valueOf(target(item.Content[j+1]), "servers")) {
					o.Bases = addBase(slices.Clip(o.Bases), base)
				}
				out = append(out, o)
			}
		}
		if len(out) > maxSchemaOperations {
			return nil, fmt.Errorf("it has more than %d operations", maxSchemaOperations)
		}
	}
	return out, nil
}

// parseTree reads YAML or JSON into one kind of tree.
func parseTree(rel string, src []byte) (*yaml.Node, error) {
	src = bytes.TrimPrefix(src, []byte("\xef\xbb\xbf"))
	if strings.HasSuffix(strings.ToLower(rel), ".json") {
		j := &jsonTree{dec: json.NewDecoder(bytes.NewReader(src)), src: src, line: 1}
		j.dec.UseNumber()
		return j.value(0)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(src, &doc); err != nil {
		return nil, err
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) != 1 {
		return nil, errNoSchema
	}
	return doc.Content[0], nil
}

// A jsonTree turns JSON into the nodes that YAML gives, with their lines.
type jsonTree struct {
	dec  *json.Decoder
	src  []byte
	line int // of offset
	from int
}

func (j *jsonTree) value(depth int) (*yaml.Node, error) {
	if depth > maxSchemaDepth {
		return nil, fmt.Errorf("it is nested deeper than %d", maxSchemaDepth)
	}
	token, err := j.dec.Token()
	if err != nil {
		return nil, err
	}
	end := int(j.dec.InputOffset())
	j.line += bytes.Count(j.src[j.from:end], []byte("\n"))
	j.from = end
	node := &yaml.Node{Kind: yaml.ScalarNode, Line: j.line, Column: 1}
	switch t := token.(type) {
	case json.Delim:
		node.Kind = yaml.MappingNode
		if t == '[' {
			node.Kind = yaml.SequenceNode
		}
		for j.dec.More() {
			child, err := j.value(depth + 1)
			if err != nil {
				return nil, err
			}
			node.Content = append(node.Content, child)
		}
		if _, err := j.dec.Token(); err != nil {
			return nil, err
		}
	case string:
		node.Value = t
	case nil:
		node.Tag = "!!null"
	default:
		node.Value = fmt.Sprint(t)
	}
	return node, nil
}

// valueOf returns the value of a mapping's key, nil when it has none.
func valueOf(n *yaml.Node, key string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return target(n.Content[i+1])
		}
	}
	return nil
}

// target follows an alias, once: nothing that is looked at here needs more.
func target(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		return n.Alias
	}
	return n
}

// serverPaths are the base paths of a list of servers. A variable stands for
// its default.
func serverPaths(servers *yaml.Node) (bases []string) {
	if servers == nil || servers.Kind != yaml.SequenceNode {
		return nil
	}
	for _, s := range servers.Content {
		n := valueOf(target(s), "url")
		if n == nil || n.Kind != yaml.ScalarNode || len(n.Value) > 2048 {
			continue
		}
		text := n.Value
		if variables := valueOf(target(s), "variables"); variables != nil && variables.Kind == yaml.MappingNode {
			for i := 0; i+1 < len(variables.Content) && i < 2*maxSchemaBases; i += 2 {
				if d := valueOf(target(variables.Content[i+1]), "default"); d != nil && len(text) < 4096 && len(d.Value) < 256 {
					text = strings.ReplaceAll(text, "{"+variables.Content[i].Value+"}", d.Value)
				}
			}
		}
		if _, rest, ok := strings.Cut(text, "://"); ok {
			_, text, _ = strings.Cut(rest, "/")
			text = "/" + text
		}
		if u, err := url.Parse(text); err == nil {
			text = u.Path
		}
		bases = addBase(bases, text)
	}
	return bases
}

func addBase(bases []string, base string) []string {
	base = "/" + strings.Trim(base, "/")
	if base == "/" || len(bases) >= maxSchemaBases || slices.Contains(bases, base) {
		return bases
	}
	return append(bases, base)
}
