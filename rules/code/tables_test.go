package code

import (
	"go/types"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

// named are the functions and methods that the tables of this package name, as
// "path Name" or "path Type.Name", by table.
func named() map[string][]string {
	out := map[string][]string{
		"debugHandlers": slices.Collect(maps.Keys(debugHandlers)), "formatted": slices.Collect(maps.Keys(formatted)), "internalFuncs": slices.Collect(maps.Keys(internalFuncs)),
		"keyReads": slices.Collect(maps.Keys(keyReads)), "recoveryHooks": slices.Collect(maps.Keys(recoveryHooks)), "replyCalls": slices.Collect(maps.Keys(replyCalls)),
		"replyErrors": slices.Collect(maps.Keys(replyErrors)), "routerTypes": slices.Collect(maps.Keys(routerTypes)), "verifierCalls": slices.Collect(maps.Keys(verifierCalls)),
		"headerOptions": slices.Collect(maps.Keys(headerOptions)), "addressFields": slices.Collect(maps.Keys(addressFields)),
	}
	for name, t := range map[string]sinkTable{
		"queryTexts": queryTexts, "firstTexts": firstTexts, "filterSinks": filterSinks, "scriptSinks": scriptSinks, "sqlDBSinks": sqlDBSinks, "templateSinks": templateSinks,
		"decodeSinks": decodeSinks, "logSinks": logSinks, "redirectSinks": redirectSinks, "fileSinks": fileSinks, "templateSinksText": templateSinksText, "htmlCalls": htmlCalls,
		"typedCalls": typedCalls, "plainCalls": plainCalls, "jumpSinks": jumpSinks, "headerCalls": headerCalls, "httpSinks": httpSinks, "clientSinks": clientSinks,
	} {
		for path, callees := range t {
			for callee := range callees {
				out[name] = append(out[name], path+" "+callee)
			}
		}
	}
	for name, t := range map[string]map[string]map[string]sourceInfo{"sourceCalls": sourceCalls, "sourceFields": sourceFields, "fillCalls": fillCalls} {
		for path, callees := range t {
			for callee := range callees {
				out[name] = append(out[name], path+" "+callee)
			}
		}
	}
	for name, keys := range map[string][]symbol{
		"serveCalls": slices.Collect(maps.Keys(serveCalls)), "requestSinks": slices.Collect(maps.Keys(requestSinks)), "modelSinks": slices.Collect(maps.Keys(modelSinks)), "addressSinks": slices.Collect(maps.Keys(addressSinks)),
	} {
		for _, s := range keys {
			c := call{recv: s.recv, name: s.name}
			out[name] = append(out[name], s.path+" "+c.callee())
		}
	}
	return out
}

// TestTablesNameWhatIsThere holds the names in the tables against the real
// frameworks that the cases import: a method that a type only has from one it
// embeds goes by the embedded type's name, and one that does not exist is never
// called.
func TestTablesNameWhatIsThere(t *testing.T) {
	real := map[string][]*types.Package{}
	for _, p := range casesOf(t, func(string) bool { return true }) {
		for _, imp := range p.Imports {
			path := cleanPath(imp.PkgPath)
			if imp.Types != nil && imp.Types.Complete() && !isStub(imp) && !slices.Contains(real[path], imp.Types) {
				real[path] = append(real[path], imp.Types)
			}
		}
	}
	if len(real) < 100 {
		t.Fatalf("the cases import %d packages", len(real))
	}
	for name, keys := range named() {
		slices.Sort(keys)
		for _, key := range keys {
			path, callee, _ := strings.Cut(key, " ")
			if len(real[path]) == 0 {
				continue
			}
			if !slices.ContainsFunc(real[path], func(p *types.Package) bool { return declares(p, callee) }) {
				t.Errorf("%s names %s, and there is no such thing", name, key)
			}
		}
	}
}

// isStub reports whether a package only stands for the real one.
func isStub(p *packages.Package) bool {
	return slices.ContainsFunc(p.GoFiles, func(name string) bool {
		return strings.Contains(filepath.ToSlash(name), "testdata/src/stubs/")
	})
}

// declares reports whether a call could go by the name callee in p.
func declares(p *types.Package, callee string) bool {
	recv, name, ok := strings.Cut(callee, ".")
	if !ok {
		return p.Scope().Lookup(callee) != nil
	}
	tn, ok := p.Scope().Lookup(recv).(*types.TypeName)
	if !ok {
		return false
	}
	obj, _, _ := types.LookupFieldOrMethod(types.NewPointer(tn.Type()), true, p, name)
	if obj == nil {
		obj, _, _ = types.LookupFieldOrMethod(tn.Type(), true, p, name)
	}
	switch obj := obj.(type) {
	case *types.Var:
		return true
	case *types.Func:
		return types.IsInterface(tn.Type()) || receiverName(obj) == recv || receiverName(obj) == ""
	}
	return false
}
