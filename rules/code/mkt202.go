package code

import (
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// mkt202 flags input that becomes a filter, a pipeline or a script of a NoSQL
// store.
func mkt202() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT202",
		Name:     "nosql-injection",
		Title:    "Request input becomes a NoSQL filter or script",
		Class:    rules.Violation,
		Controls: []string{"no-injection-query", "input-validation-server"},
		CWE:      []int{943},
		Vector:   v82,
		Flags: "A map, `bson.M`, `bson.D` or `any` that was decoded from a request as a filter, update or pipeline of MongoDB, or as a value inside one, where it may hold operators; input that names the fields of a filter, and so its operators; input in `$where`, `$function` or " +
			"`$accumulator`; `bson.UnmarshalExtJSON` of input as a filter; input in the text of a Redis script; input in the text of an Elasticsearch or OpenSearch body. Input as a regular expression of a query is a review finding.",
		Safe: "Values of type string, number, ObjectID or of a struct with such fields: they cannot hold operators; fixed scripts with `KEYS` and `ARGV`; bodies built with `json.Marshal`; " +
			"field names with a constant beginning or chosen from a list; `regexp.QuoteMeta`.",
		Remediation: "Decode into a struct with fields of basic types and build the filter from them.",
		Wrong:       "var filter map[string]any\nc.BindJSON(&filter)\nusers.Find(ctx, filter)",
		Right:       "var in struct{ Name string }\nc.BindJSON(&in)\nusers.Find(ctx, bson.M{\"name\": in.Name})",
		Frameworks:  []string{"mongo-driver v1, v2", "go-redis", "redigo", "go-elasticsearch", "opensearch-go"},
	}, nil, func(path string) bool {
		return filterSinks.imported(path) || scriptSinks.imported(path) || strings.HasPrefix(path, "github.com/elastic/") || strings.HasPrefix(path, "github.com/opensearch-project/") || strings.HasPrefix(path, "go.mongodb.org/")
	}, runMKT202)
}

const mongoCollection = `Collection.Find:1 Collection.FindOne:1 Collection.FindOneAndDelete:1 Collection.FindOneAndReplace:1 Collection.FindOneAndUpdate:1 Collection.UpdateOne:1 Collection.UpdateMany:1 Collection.UpdateByID:2
	Collection.ReplaceOne:1 Collection.DeleteOne:1 Collection.DeleteMany:1 Collection.CountDocuments:1 Collection.Distinct:2 Collection.Aggregate:1 Collection.Watch:1 Database.RunCommand:1 Database.RunCommandCursor:1 Database.Aggregate:1`

var filterSinks = sinkCalls(map[string]string{
	"go.mongodb.org/mongo-driver/mongo": mongoCollection,
	"gopkg.in/mgo":                      `Collection.Find:0 Collection.Update:0 Collection.UpdateAll:0 Collection.Remove:0 Collection.RemoveAll:0 Collection.Pipe:0 Collection.Upsert:0`,
	"github.com/globalsign/mgo":         `Collection.Find:0 Collection.Update:0 Collection.UpdateAll:0 Collection.Remove:0 Collection.RemoveAll:0 Collection.Pipe:0 Collection.Upsert:0`,
	"github.com/qiniu/qmgo":             `Collection.Find:1 Collection.UpdateOne:1 Collection.UpdateAll:1 Collection.Remove:1 Collection.RemoveAll:1 Collection.Aggregate:1`,
})

// The commands of go-redis are methods of cmdable, which its clients embed.
var scriptSinks = sinkCalls(map[string]string{
	"github.com/redis/go-redis":        `cmdable.Eval:1 cmdable.EvalRO:1 cmdable.ScriptLoad:1 NewScript:0 Cmdable.Eval:1 UniversalClient.Eval:1 Pipeliner.Eval:1 Scripter.Eval:1`,
	"github.com/go-redis/redis":        `cmdable.Eval:1 cmdable.ScriptLoad:1 NewScript:0 Cmdable.Eval:1 UniversalClient.Eval:1`,
	"github.com/gomodule/redigo/redis": `NewScript:1`,
	"github.com/olivere/elastic":       `RawStringQuery:0 NewRawStringQuery:0 NewScript:0 SearchService.Source:0`,
})

func runMKT202(p *pkg) []Hit {
	if !p.inputs().possible {
		return nil
	}
	n := needForeign.of(useNoSQL)
	hits := p.sinkHits("MKT202", filterSinks, n, "becomes a filter, an update or a pipeline in a form that may hold operators; decode it into a struct with fields of basic types")
	text := needForeign.of(useGraph)
	hits = append(hits, p.sinkHits("MKT202", scriptSinks, text, "becomes the text of a script or query; pass it as an argument")...)
	hits = append(hits, p.operatorHits()...)
	hits = append(hits, p.patternHits()...)
	hits = append(hits, p.searchHits()...)
	return hits
}

// scriptOperators take program text.
var scriptOperators = map[string]bool{"$where": true, "$function": true, "$accumulator": true}

// operatorHits judges values under $where and its like: in maps and in elements
// of bson.D.
func (p *pkg) operatorHits() []Hit {
	if !importsAny(p.types, documentStores) {
		return nil
	}
	n := needForeign.of(useCode)
	var hits []Hit
	judge := func(instr ssa.Instruction, key string, v ssa.Value) {
		in := p.inputs().find(v, instr, n)
		if in == nil {
			return
		}
		h := Hit{Rule: "MKT202", Pos: instr.Pos(), Message: upper(in.what) + " becomes program text under " + key + "; use operators with bound values"}
		h.Steps = append(append(h.Steps, in.steps...), Step{instr.Pos(), "becomes the value of " + key})
		if !in.certain(n) {
			h.Class = rules.Review
		}
		hits = append(hits, h)
	}
	p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
		switch x := instr.(type) {
		case *ssa.MapUpdate:
			if key, ok := constText(x.Key); ok && scriptOperators[key] {
				judge(instr, key, x.Value)
			}
		case *ssa.Store:
			// bson.E{Key: "$where", Value: v}
			fa, ok := x.Addr.(*ssa.FieldAddr)
			if !ok || typeName(fa.X.Type()) != "E" && typeName(fa.X.Type()) != "DocElem" || fieldVar(fa).Name() != "Value" {
				return
			}
			for _, r := range *fa.X.Referrers() {
				kf, ok := r.(*ssa.FieldAddr)
				if !ok || kf.Field == fa.Field {
					continue
				}
				for _, kr := range *kf.Referrers() {
					if s, ok := kr.(*ssa.Store); ok {
						if key, ok := constText(s.Val); ok && scriptOperators[key] {
							judge(instr, key, x.Val)
						}
					}
				}
			}
		}
	})
	return hits
}

// searchHits judges the bodies of search requests, which are readers over text.
func (p *pkg) searchHits() []Hit {
	if !importsAny(p.types, func(path string) bool {
		return strings.HasPrefix(path, "github.com/elastic/") || strings.HasPrefix(path, "github.com/opensearch-project/")
	}) {
		return nil
	}
	n := needForeign.of(useGraph)
	var hits []Hit
	p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
		switch x := instr.(type) {
		case ssa.CallInstruction:
			d := p.asCall(x, nil)
			if d == nil || d.name != "WithBody" || len(d.args) != 1 || scriptSinks[d.path] != nil || !strings.Contains(d.path, "search") {
				return
			}
			if in := p.inputs().find(d.args[0], instr, n); in != nil {
				hits = append(hits, p.reached("MKT202", d, in, n, "becomes part of a search request's text; build the body with json.Marshal"))
			}
		case *ssa.Store:
			fa, ok := x.Addr.(*ssa.FieldAddr)
			if !ok || fieldVar(fa) == nil || fieldVar(fa).Name() != "Body" || !searchRequest(typeName(fa.X.Type())) || fieldVar(fa).Pkg() == nil ||
				!strings.Contains(fieldVar(fa).Pkg().Path(), "search") {
				return
			}
			if in := p.inputs().find(x.Val, instr, n); in != nil {
				h := Hit{Rule: "MKT202", Pos: x.Pos(), Message: upper(in.what) + " becomes part of a search request's text; build the body with json.Marshal"}
				h.Steps = append(append(h.Steps, in.steps...), Step{x.Pos(), "becomes the body of the search"})
				if !in.certain(n) {
					h.Class = rules.Review
				}
				hits = append(hits, h)
			}
		}
	})
	return hits
}

// searchRequest reports whether a client of a search engine calls its requests
// so: SearchRequest of Elasticsearch, SearchReq of OpenSearch.
func searchRequest(typ string) bool {
	return strings.HasSuffix(typ, "Request") || strings.HasSuffix(typ, "Req")
}
