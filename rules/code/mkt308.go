package code

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// mkt308 flags queries that find a record of any customer by an id from the
// request.
//
// It only looks at tables and models that say they belong to somebody: a
// column or field for the tenant, account, organisation or user.
func mkt308() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT308",
		Name:     "missing-tenant-predicate",
		Title:    "Query by id does not name the tenant",
		Class:    rules.Review,
		Controls: []string{"tenant-isolation", "endpoint-auth"},
		CWE:      []int{639},
		Vector:   v65c,
		Flags: "A SELECT, UPDATE or DELETE by id, or gorm's `First`, `Take`, `Delete`, `Update` by id, where the id comes from the request, the table or model has a column for a tenant, account, organisation, workspace, team, owner or user, " +
			"and the statement does not restrict that column.",
		Safe:        "The column in the same statement or gorm chain; a scope; a function listed under `teach: tenant-scope` called in the same function; a comparison of the record's tenant, owner or user after it was read; row-level security (`set_config`, `SET app.…`) in the package; admin functions.",
		Remediation: "Add the caller's tenant to every predicate, best in one place: a scope, a repository that is made for one tenant, or row-level security.",
		Wrong:       "db.QueryRow(\"SELECT total FROM invoices WHERE id = $1\", r.PathValue(\"id\"))",
		Right:       "db.QueryRow(\"SELECT total FROM invoices WHERE id = $1 AND account_id = $2\", r.PathValue(\"id\"), user.AccountID)",
		Frameworks:  []string{"database/sql", "sqlx", "pgx", "gorm"},
	}, nil, paths("database/sql", "github.com/jmoiron/sqlx", "github.com/jackc/pgx", "github.com/jackc/pgx/pgxpool", "gorm.io/gorm", "github.com/jinzhu/gorm"), runMKT308)
}

var (
	sqlByID    = regexp.MustCompile(`(?is)^\s*(?:select\b.*\bfrom|update|delete\s+from)\s+["` + "`" + `]?([a-z_][a-z0-9_.]*)["` + "`" + `]?.*\bwhere\b(.*)$`)
	idEquals   = regexp.MustCompile(`(?i)(?:^|[\s(.])(?:"?id"?|"?uuid"?)\s*=\s*(?:\?|\$[0-9]+|:[a-z_]+|@[a-z_]+)`)
	tenantWord = regexp.MustCompile(`(?i)(?:^|[^a-z])(tenant|account|org|organi[sz]ation|workspace|team|company|customer|owner|user|member)_?(?:id|uuid|key)?(?:[^a-z]|$)|created_by`)
	tenantCol  = regexp.MustCompile(`(?i)(?:^|[^a-z_])(?:tenant|account|org|organi[sz]ation|workspace|team|company|customer|owner|user)_(?:id|uuid)(?:[^a-z]|$)`)
	createSQL  = regexp.MustCompile(`(?is)create\s+table\s+(?:if\s+not\s+exists\s+)?["` + "`" + `]?([a-z_][a-z0-9_.]*)["` + "`" + `]?\s*\((.*)`)
	insertSQL  = regexp.MustCompile(`(?is)insert\s+into\s+["` + "`" + `]?([a-z_][a-z0-9_.]*)["` + "`" + `]?\s*\(([^)]*)\)`)
	rowLevel   = regexp.MustCompile(`(?i)set_config\s*\(|set\s+(?:local\s+)?app\.|row\s+level\s+security`)
)

func runMKT308(p *pkg) []Hit {
	type candidate struct {
		c     *call
		table string
		steps []Step
	}
	var found []candidate
	var hits []Hit
	p.eachCall(func(path string) bool { return path == "database/sql" || databasePath(path) }, func(c *call) {
		if strings.Contains(c.path, "gorm") {
			hits = append(hits, p.gormByID(c)...)
			return
		}
		for i, a := range c.args {
			if !isString(a) {
				continue
			}
			texts, _ := p.texts(a)
			for _, t := range texts {
				m := sqlByID.FindStringSubmatch(t.s)
				if m == nil || !idEquals.MatchString(m[2]) || tenantWord.MatchString(m[2]) || strings.Contains(m[2], hole) {
					continue
				}
				if p.requestArgs(c.args[i+1:]) && !p.tenantChecked(c.instr.Parent()) {
					found = append(found, candidate{c, strings.ToLower(lastDot(m[1])), t.steps})
				}
			}
			break
		}
	})
	if len(found) == 0 {
		return hits
	}
	owned, guarded := p.ownedTables()
	if guarded {
		return hits
	}
	for _, f := range found {
		if owned[f.table] {
			hits = append(hits, p.hit("MKT308", f.c.instr, -1, "a record of "+f.table+" is found by an id from the request alone; the statement does not name whose it must be", f.steps...))
		}
	}
	return hits
}

func lastDot(s string) string { return s[strings.LastIndexByte(s, '.')+1:] }

// requestArgs reports whether one of the arguments comes from the request.
func (p *pkg) requestArgs(args []ssa.Value) bool {
	for _, a := range args {
		elems, ok := variadic(a)
		if !ok {
			elems = []ssa.Value{a}
		}
		for _, el := range elems {
			if el == nil || el.Type().String() == "context.Context" {
				continue
			}
			if p.fromRequest(el) {
				return true
			}
		}
	}
	return false
}

// tenantChecked reports whether a function looks at whose a record is by other
// means: a taught scope, or a field for the owner that it compares.
func (p *pkg) tenantChecked(fn *ssa.Function) bool {
	fn = outermost(fn)
	if SplitName(fn.Name()).Has("admin", "internal", "system") {
		return true
	}
	checked := false
	within(fn, func(instr ssa.Instruction) {
		switch x := instr.(type) {
		case ssa.CallInstruction:
			if c := p.asCall(x, nil); c != nil && p.taught(taughtTenantScope, c.fn) {
				checked = true
			}
			// db.Scopes(store.OfTenant) names the function only.
			for _, a := range x.Common().Args {
				elems, ok := variadic(a)
				if !ok {
					elems = []ssa.Value{a}
				}
				for _, el := range elems {
					if el == nil {
						continue
					}
					if named, ok := unwrap(el).(*ssa.Function); ok && p.taught(taughtTenantScope, funcObject(named)) {
						checked = true
					}
				}
			}
		case *ssa.BinOp:
			if x.Op == token.EQL || x.Op == token.NEQ {
				checked = checked || ownerField(x.X) || ownerField(x.Y)
			}
		}
	})
	return checked
}

// ownerField reports whether a value is read from a field for the owner.
func ownerField(v ssa.Value) bool {
	v = unwrap(v)
	name := ""
	switch x := v.(type) {
	case *ssa.UnOp:
		if fa, ok := x.X.(*ssa.FieldAddr); ok && fieldVar(fa) != nil {
			name = fieldVar(fa).Name()
		}
	case *ssa.Field:
		if f := structField(x.X.Type(), x.Field); f != nil {
			name = f.Name()
		}
	}
	return name != "" && isOwner(name)
}

// isOwner reports whether a field or column of that name says whose a record is.
func isOwner(name string) bool {
	n := SplitName(name)
	if len(n) == 2 && (n[1] == "id" || n[1] == "uuid") {
		switch n[0] {
		case "tenant", "account", "org", "organization", "organisation", "workspace", "team", "company", "customer", "owner", "user":
			return true
		}
	}
	return false
}

// ownedTables are the tables that have a column for their owner, as far as
// statements and struct types of the package show. guarded is true when the
// package uses row-level security.
func (p *pkg) ownedTables() (owned map[string]bool, guarded bool) {
	owned = map[string]bool{}
	for _, f := range p.sourceFiles() {
		ast.Inspect(f, func(n ast.Node) bool {
			switch x := n.(type) {
			case *ast.BasicLit:
				if x.Kind != token.STRING {
					return true
				}
				s, _ := p.constString(x)
				if rowLevel.MatchString(s) {
					guarded = true
				}
				for _, re := range []*regexp.Regexp{createSQL, insertSQL, sqlByID} {
					if m := re.FindStringSubmatch(s); m != nil && tenantCol.MatchString(" "+m[2]+" ") {
						owned[strings.ToLower(lastDot(m[1]))] = true
					}
				}
			case *ast.TypeSpec:
				s, ok := x.Type.(*ast.StructType)
				if !ok {
					return true
				}
				for _, field := range s.Fields.List {
					for _, id := range field.Names {
						if isOwner(id.Name) {
							name := strings.Join(SplitName(x.Name.Name), "_")
							owned[name], owned[plural(name)] = true, true
						}
					}
				}
			}
			return true
		})
	}
	return owned, guarded
}

func plural(s string) string {
	switch {
	case strings.HasSuffix(s, "y") && !strings.HasSuffix(s, "ay") && !strings.HasSuffix(s, "ey"):
		return s[:len(s)-1] + "ies"
	case strings.HasSuffix(s, "s") || strings.HasSuffix(s, "x"):
		return s + "es"
	}
	return s + "s"
}

// gormByID judges the end of a gorm chain.
func (p *pkg) gormByID(c *call) []Hit {
	switch c.callee() {
	case "DB.First", "DB.Take", "DB.Last", "DB.Find", "DB.Delete", "DB.Update", "DB.Updates", "DB.UpdateColumn":
	default:
		return nil
	}
	var model types.Type
	byID := false
	if len(c.args) > 0 && c.callee() != "DB.Update" && c.callee() != "DB.UpdateColumn" {
		model = unwrap(c.args[0]).Type()
		if len(c.args) > 1 {
			safe, id := p.gormCondition(c.args[1:])
			if safe {
				return nil
			}
			byID = byID || id
		}
	}
	at := c.on
	for range 12 {
		origins, more := p.origins(at)
		if more || len(origins) != 1 {
			return nil
		}
		x, ok := origins[0].v.(*ssa.Call)
		if !ok {
			break // a field, a variable, a parameter: the database itself
		}
		d := p.asCall(x, nil)
		if d == nil {
			return nil
		}
		if !strings.Contains(d.path, "gorm") {
			return nil // made by a function that may restrict it
		}
		if d.recv != "DB" {
			break // gorm.Open
		}
		switch d.name {
		case "Where", "Not", "Or":
			safe, id := p.gormCondition(d.args)
			if safe {
				return nil
			}
			byID = byID || id
		case "Model":
			model = unwrap(d.args[0]).Type()
		case "WithContext", "Session", "Debug", "Unscoped", "Preload", "Select", "Omit", "Order", "Limit", "Clauses", "Begin", "Table":
		default:
			return nil // Scopes, Joins, Association, …
		}
		at = d.on
	}
	if !byID || model == nil || !ownedModel(model) || p.tenantChecked(c.instr.Parent()) {
		return nil
	}
	return []Hit{p.hit("MKT308", c.instr, -1, "a record of "+typeName(model)+" is found by an id from the request alone; the query does not name whose it must be")}
}

// gormCondition reads the arguments of Where or First: safe when they name an
// owner or cannot be read, byID when they are an id from the request.
func (p *pkg) gormCondition(args []ssa.Value) (safe, byID bool) {
	var flat []ssa.Value
	for _, a := range args {
		if elems, ok := variadic(a); ok {
			flat = append(flat, elems...)
		} else {
			flat = append(flat, a)
		}
	}
	if len(flat) == 0 {
		return false, false
	}
	first := unwrap(flat[0])
	if !isString(first) {
		if _, basic := first.Type().Underlying().(*types.Basic); basic {
			return false, p.fromRequest(first)
		}
		return true, false // a struct or map of conditions
	}
	if texts, open := p.texts(first); !open && len(texts) == 1 {
		s := texts[0].s
		if tenantWord.MatchString(s) || strings.Contains(s, hole) {
			return true, false
		}
		if idEquals.MatchString(" " + s) {
			return false, p.requestArgs(flat[1:])
		}
		return !strings.ContainsAny(s, "=?"), false
	}
	return false, len(flat) == 1 && p.fromRequest(first)
}

// ownedModel reports whether a struct has a field for its owner.
func ownedModel(t types.Type) bool {
	n := namedType(t)
	if n == nil {
		return false
	}
	s, ok := n.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for v := range s.Fields() {
		if isOwner(v.Name()) {
			return true
		}
	}
	return false
}
