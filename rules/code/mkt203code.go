package code

import "github.com/staylisted/staylisted/rules"

// templateSinks take template source.
var templateSinks = sinkCalls(map[string]string{"text/template": "Template.Parse:0", "html/template": "Template.Parse:0",
	"github.com/flosch/pongo2": `FromString:0 FromBytes:0 TemplateSet.FromString:0 TemplateSet.FromBytes:0 TemplateSet.RenderTemplateString:0`})

// scriptRunners are embedded interpreters of whole languages.
var scriptRunners = sinkCalls(map[string]string{
	"github.com/robertkrimen/otto":          `Run:0 Otto.Run:0 Otto.Eval:0 Otto.Compile:1`,
	"github.com/dop251/goja":                `Compile:1 MustCompile:1 Runtime.RunString:0 Runtime.RunScript:1`,
	"rogchap.com/v8go":                      `Context.RunScript:0 Isolate.CompileUnboundScript:0`,
	"github.com/yuin/gopher-lua":            `LState.DoString:0 LState.LoadString:0 LState.Load:0`,
	"github.com/traefik/yaegi/interp":       `Interpreter.Eval:0 Interpreter.EvalWithContext:1`,
	"github.com/containous/yaegi/interp":    `Interpreter.Eval:0 Interpreter.EvalWithContext:1`,
	"github.com/mattn/anko/vm":              `Execute:2 ExecuteContext:3`,
	"github.com/buke/quickjs-go":            `Context.Eval:0`,
	"github.com/Shopify/go-lua":             `DoString:1 LoadString:1`,
	"github.com/open-policy-agent/opa/rego": `Query:0 Module:1`,
})

// boundRunners are languages without a way out of the interpreter, which can
// still run for ever. Expression languages that always end, such as CEL and
// expr, are made for what strangers write and are left out.
var boundRunners = sinkCalls(map[string]string{
	"go.starlark.net/starlark": `ExecFile:2 Eval:2 ExecFileOptions:3 EvalOptions:3`,
	"github.com/d5/tengo":      `NewScript:0`,
})

// sourceHits judges calls that parse templates or run scripts.
func (p *pkg) sourceHits() []Hit {
	n := needForeign.of(useCode)
	hits := p.sinkHits("MKT203/template", templateSinks, n, "becomes template source; pass it as data")
	hits = append(hits, p.sinkHits("MKT203/template", scriptRunners, n, "becomes program text that an interpreter runs; keep the program fixed and pass it as data")...)
	for _, h := range p.sinkHits("MKT203/template", boundRunners, n, "becomes a script; keep scripts fixed, or bound what they see and how long they run") {
		h.Class = rules.Review
		hits = append(hits, h)
	}
	return hits
}
