package files

import (
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/staylisted/staylisted/rules"
)

// GraphQL schemas

// graphqlFile reports names of GraphQL files that may describe the product's
// own API.
func graphqlFile(name string) bool {
	switch path.Ext(strings.ToLower(name)) {
	case ".graphql", ".graphqls", ".gql":
		return shipped(name)
	}
	return false
}

// errGraphQL says what is wrong with a document's form.
var errGraphQL = errors.New("a bracket is not closed or a text does not end")

// graphqlFields counts the fields of the root types (Query, Mutation,
// Subscription) of a GraphQL schema: 0 of a document that holds only queries or
// other types. Texts and comments are skipped as the specification of October
// 2021 (section 2) has them.
func graphqlFields(src string) (int, error) {
	var tokens []string
	for i := 0; i < len(src); {
		switch c := src[i]; {
		case c == '#':
			for i < len(src) && src[i] != '\n' {
				i++
			}
		case strings.HasPrefix(src[i:], `"""`):
			end := i + 3
			for {
				n := strings.Index(src[end:], `"""`)
				if n < 0 {
					return 0, errGraphQL
				}
				end += n + 3
				if src[end-4] != '\\' {
					break
				}
			}
			i = end
		case c == '"':
			end := i + 1
			for end < len(src) && src[end] != '"' && src[end] != '\n' {
				if src[end] == '\\' {
					end++
				}
				end++
			}
			if end >= len(src) || src[end] != '"' {
				return 0, errGraphQL
			}
			i = end + 1
		case wordByte(c):
			end := i
			for end < len(src) && wordByte(src[end]) {
				end++
			}
			tokens = append(tokens, src[i:end])
			i = end
		case strings.IndexByte("{}()[]:!=|&@", c) >= 0:
			tokens = append(tokens, string(c))
			i++
		default:
			i++
		}
	}
	roots := map[string]bool{"Query": true, "Mutation": true, "Subscription": true}
	fields, braces, brackets := 0, 0, 0
	inRoot := false
	for i, t := range tokens {
		switch t {
		case "{":
			braces++
			if braces == 1 {
				inRoot = rootType(tokens[:i], roots)
			}
		case "}":
			if braces--; braces == 0 {
				inRoot = false
			}
		case "(", "[":
			brackets++
		case ")", "]":
			brackets--
		case ":":
			if braces == 1 && inRoot && brackets == 0 {
				fields++
			}
			// schema { query: Root }
			if braces == 1 && i >= 1 && i+1 < len(tokens) && !inRoot && (tokens[i-1] == "query" || tokens[i-1] == "mutation" || tokens[i-1] == "subscription") {
				roots[tokens[i+1]] = true
			}
		}
		if braces < 0 || brackets < 0 {
			return 0, errGraphQL
		}
	}
	if braces != 0 || brackets != 0 {
		return 0, errGraphQL
	}
	return fields, nil
}

// rootType reports whether the words before a brace define a root type:
// `type Query`, `extend type Query @key(…)`, `type Query implements A & B`.
func rootType(before []string, roots map[string]bool) bool {
	for i := len(before) - 1; i >= 0 && i > len(before)-64; i-- {
		switch before[i] {
		case "type":
			return i+1 < len(before) && roots[before[i+1]]
		case "}":
			return false
		}
	}
	return false
}

// apiSchema runs the verifier that looks for a description of the API. Whether
// the routes agree with it is asked by MKT211.
func (r *repository) apiSchema() (g rules.Gathered) {
	const control = "allowlist-api-surface"
	rd := r.reading()
	var found, empty, bad []string
	operations := 0
	rd.each(func(name string) bool {
		return MayBeAPIDocument(name) && !inFolder(name, []string{"testdata", "node_modules"})
	}, MaxAPIDocument, func(name string, data []byte) {
		if !LooksLikeAPIDocument(name, data[:min(len(data), APIDocumentHead)]) {
			return
		}
		ops, err := APIOperations(name, data)
		switch {
		case errors.Is(err, ErrNoAPIDocument):
		case err != nil:
			bad = append(bad, fmt.Sprintf("%s is no valid API document (%s)", printable(name), cut(printable(err.Error()), 160)))
		case len(ops) == 0:
			empty = append(empty, printable(name))
		default:
			found = append(found, printable(name))
			operations += len(ops)
		}
	})
	rd.each(graphqlFile, MaxAPIDocument, func(name string, data []byte) {
		fields, err := graphqlFields(string(data))
		switch {
		case err != nil:
			bad = append(bad, fmt.Sprintf("%s is no valid GraphQL document (%v)", printable(name), err))
		case fields > 0:
			found = append(found, printable(name))
			operations += fields
		}
	})
	switch {
	case len(found) > 0:
		g.Observations = append(g.Observations, rules.Observation{Verifier: schemaVerifier, Control: control, Letter: "M", At: r.opts.Now.UTC(), Link: found[0],
			Text: fmt.Sprintf("%s describes the API (%d operations)", list(found), operations)})
	default:
		text := "No OpenAPI document and no GraphQL schema was found that describes the API."
		if len(bad) > 0 {
			text = "The description of the API cannot be read: " + list(bad) + "."
		} else if len(empty) > 0 {
			text = "The description of the API names no operation: " + list(empty) + "."
		}
		g.Shortfalls = append(g.Shortfalls, rules.Shortfall{Verifier: schemaVerifier, Control: control, Text: text, In: "openapi.yaml",
			Snippet: "openapi: 3.1.0\ninfo: {title: My app, version: \"1\"}\npaths:\n  /v1/orders/{id}:\n    get:\n      parameters:\n        - {name: id, in: path, required: true, schema: {type: string, maxLength: 64}}\n      responses:\n        \"200\": {description: the order}\n"})
	}
	rd.end(&g, schemaVerifier)
	return g
}
