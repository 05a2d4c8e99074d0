package files

import (
	"strings"
	"testing"

	"github.com/staylisted/staylisted/rules"
)

func TestAPISchema(t *testing.T) {
	for name, test := range map[string]struct{ archive, seen, missed string }{
		"OpenAPI 3":      {"-- api/openapi.yaml --\nopenapi: 3.1.0\npaths: {/a: {get: {}, post: {}}}\n", "api/openapi.yaml describes the API (2 operations)", ""},
		"Swagger 2":      {"-- docs/swagger.json --\n{\"swagger\":\"2.0\",\"paths\":{\"/a\":{\"get\":{}}}}\n", "docs/swagger.json describes", ""},
		"GraphQL":        {"-- graph/schema.graphqls --\n\"\"\"Text with { and \"quotes\" \"\"\"\ntype Query {\n  # a comment {\n  order(id: ID!, max: Int = 3): Order\n}\nextend type Mutation @x { pay: Int }\ntype Order { id: ID! }\n", "(2 operations)", ""},
		"named roots":    {"-- graph/s.graphql --\nschema { query: Root }\ntype Root { a: Int }\n", "(1 operations)", ""},
		"queries only":   {"-- graph/q.graphql --\nquery Q($id: ID!) { order(id: $id) { id } }\n", "", "No OpenAPI document"},
		"no operation":   {"-- openapi.yaml --\nopenapi: 3.1.0\npaths: {}\n", "", "names no operation: openapi.yaml"},
		"broken OpenAPI": {"-- openapi.yaml --\nopenapi: 3.1.0\npaths: [\n", "", "openapi.yaml is no valid API document"},
		"broken GraphQL": {"-- s.graphql --\ntype Query { a: Int\n", "", "s.graphql is no valid GraphQL document"},
		"one readable":   {"-- openapi.yaml --\nopenapi: 3.1.0\npaths: {/a: {get: {}}}\n-- api.yaml --\nopenapi: [\n", "openapi.yaml describes", ""},
		"something else": {"-- api/config.yaml --\nname: x\n", "", "No OpenAPI document"},
		"test data":      {"-- testdata/openapi.yaml --\nopenapi: 3.1.0\npaths: {/a: {get: {}}}\n", "", "No OpenAPI document"},
		"nothing":        {"", "", "No OpenAPI document"},
	} {
		seen, missed := proofOf(scanArchive(t, test.archive), schemaVerifier, "allowlist-api-surface")
		if (seen == "") != (test.seen == "") || (missed == "") != (test.missed == "") || !strings.Contains(seen, test.seen) || !strings.Contains(missed, test.missed) {
			t.Errorf("%s: seen %q, missed %q", name, seen, missed)
		}
	}
	big := "-- openapi.json --\n{\"openapi\":\"3.1.0\",\"x\":\"" + strings.Repeat("x", MaxAPIDocument) + "\"}\n"
	if run := runOf(t, scanArchive(t, big), schemaVerifier); run.State != rules.Broken || !strings.Contains(run.Reason, "openapi.json is larger than") {
		t.Errorf("%+v", run)
	}
}

func FuzzGraphQL(f *testing.F) {
	f.Add("schema { query: Q } type Q implements A & B { a(x: [Int!]! = [1]): Int @d(r: \"\\\"}\") }")
	f.Add("\"\"\" \\\"\"\" \"\"\" extend type Query { a: Int }")
	f.Fuzz(func(t *testing.T, src string) {
		if n, err := graphqlFields(src); n < 0 || err != nil && n != 0 {
			t.Errorf("%d fields, %v", n, err)
		}
	})
}
