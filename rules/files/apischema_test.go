package files

import (
	"strings"
	"testing"
)

func FuzzAPIOperations(f *testing.F) {
	f.Add("openapi.yaml", "openapi: 3.1.0\nservers:\n  - url: https://{host}/{version}\n    variables: {host: {default: shop.example.com}, version: {default: v1}}\npaths:\n  /orders/{id}:\n    get: {}\n")
	f.Add("swagger.json", `{"swagger":"2.0","basePath":"/v1","paths":{"/a/{id}":{"get":{},"$ref":"x"}}}`)
	f.Add("a.yaml", "openapi: &a 3\nservers: [{url: *a}]\npaths: &p {/x: *p}\n")
	f.Add("a.yaml", "openapi: 3\nservers: [{url: 'http://[::1', variables: {a: {default: '{a}{a}'}}}]\npaths: {/x: {get: {servers: [{url: /b}]}}}\n")
	f.Fuzz(func(t *testing.T, name, src string) {
		operations, err := APIOperations(name, []byte(src))
		if err != nil {
			return
		}
		lines := strings.Count(src, "\n") + strings.Count(src, "\r") + strings.Count(src, "\u0085") + strings.Count(src, "\u2028") + strings.Count(src, "\u2029") + 1
		for _, o := range operations {
			if !strings.HasPrefix(o.Path, "/") || o.Location.Line < 1 || o.Location.Line > lines || len(o.Bases) > maxSchemaBases {
				t.Errorf("%+v", o)
			}
		}
	})
}
