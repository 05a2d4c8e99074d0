package code

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// mkt201 flags input that becomes SQL text in the libraries that gosec does not
// know.
func mkt201() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT201",
		Name:     "sql-injection-frameworks",
		Title:    "Request input becomes SQL text",
		Class:    rules.Violation,
		Controls: []string{"no-injection-query", "input-validation-server"},
		CWE:      []int{89},
		Vector:   v98,
		Flags: "Input in the SQL text of `sql.Conn`, gorm (`Raw`, `Exec`, `Where`, `Or`, `Not`, `Order`, `Group`, `Having`, `Joins`, `Select`, `Table`, `Pluck`, the conditions of `First`, `Find`, `Take`, `Last`, " +
			"`Delete`, and `gorm.Expr`), sqlx, pgx and its pools and batches, bun, go-pg, goqu literals, squirrel, xorm, ent's raw expressions, gocql, ClickHouse, dbr, and of interfaces of your own with " +
			"the methods of these. A string given to gorm's `First(&u, id)` is a condition, not a key.",
		Safe: "Bound arguments; structs and maps as gorm conditions; `clause.Column` and quoted identifiers (`pgx.Identifier.Sanitize`, `pq.QuoteIdentifier`); identifiers chosen from a map, a switch or a list; " +
			"numbers and UUIDs; code that sqlc generates.",
		Remediation: "Bind values as arguments. Choose column names and directions from a map of the ones you offer.",
		Wrong:       "db.Order(c.Query(\"sort\")).Find(&items)",
		Right:       "column, ok := sortable[c.Query(\"sort\")]\nif !ok {\n\tcolumn = \"id\"\n}\ndb.Order(clause.OrderByColumn{Column: clause.Column{Name: column}}).Find(&items)",
		Frameworks:  []string{"database/sql", "gorm", "sqlx", "pgx", "bun", "go-pg", "goqu", "squirrel", "xorm", "ent", "gocql", "clickhouse-go", "dbr"},
	}, nil, func(path string) bool {
		return queryTexts.imported(path) || firstTexts.imported(path) || inputPackages(path)
	}, runMKT201)
}

const pathGorm = "gorm.io/gorm"

// queryTexts are calls whose named arguments are SQL text.
var queryTexts = sinkCalls(map[string]string{
	"database/sql": `Conn.QueryContext:1 Conn.ExecContext:1 Conn.QueryRowContext:1 Conn.PrepareContext:1`,
	"github.com/jmoiron/sqlx": `DB.Get:1 DB.Select:1 DB.Queryx:0 DB.QueryRowx:0 DB.NamedQuery:0 DB.NamedExec:0 DB.MustExec:0 DB.Preparex:0 DB.PrepareNamed:0 DB.GetContext:2 DB.SelectContext:2
		DB.QueryxContext:1 DB.QueryRowxContext:1 DB.NamedQueryContext:1 DB.NamedExecContext:1 DB.MustExecContext:1 DB.PreparexContext:1 DB.PrepareNamedContext:1
		Tx.Get:1 Tx.Select:1 Tx.Queryx:0 Tx.QueryRowx:0 Tx.NamedQuery:0 Tx.NamedExec:0 Tx.MustExec:0 Tx.Preparex:0 Tx.GetContext:2 Tx.SelectContext:2 Tx.QueryxContext:1 Tx.QueryRowxContext:1
		Tx.NamedExecContext:1 Tx.MustExecContext:1 Conn.GetContext:2 Conn.SelectContext:2 Get:2 Select:2 GetContext:3 SelectContext:3 NamedExec:1 NamedQuery:1 MustExec:1 In:0
		Queryer.Query:0 Queryer.Queryx:0 Execer.Exec:0 Ext.Exec:0 QueryerContext.QueryContext:1 ExecerContext.ExecContext:1 ExtContext.ExecContext:1`,
	"github.com/jackc/pgx":         `Conn.Query:1 Conn.QueryRow:1 Conn.Exec:1 Conn.Prepare:2 Tx.Query:1 Tx.QueryRow:1 Tx.Exec:1 Tx.Prepare:2 Batch.Queue:0`,
	"github.com/jackc/pgx/pgxpool": `Pool.Query:1 Pool.QueryRow:1 Pool.Exec:1 Conn.Query:1 Conn.QueryRow:1 Conn.Exec:1 Tx.Query:1 Tx.QueryRow:1 Tx.Exec:1 Tx.Prepare:2`,
	"github.com/jackc/pgx/pgconn":  `PgConn.Exec:1 PgConn.ExecParams:1 PgConn.Prepare:2`,
	"github.com/jackc/pgconn":      `PgConn.Exec:1 PgConn.ExecParams:1 PgConn.Prepare:2`,
	"github.com/uptrace/bun": `DB.NewRaw:0 DB.Exec:0 DB.ExecContext:1 DB.Query:0 DB.QueryContext:1 DB.QueryRow:0 DB.QueryRowContext:1 Conn.ExecContext:1 Conn.QueryContext:1 Tx.NewRaw:0 Tx.ExecContext:1 Tx.QueryContext:1
		IDB.NewRaw:0 IDB.ExecContext:1 IDB.QueryContext:1 SelectQuery.Where:0 SelectQuery.WhereOr:0 SelectQuery.OrderExpr:0 SelectQuery.ColumnExpr:0 SelectQuery.TableExpr:0 SelectQuery.ModelTableExpr:0
		SelectQuery.Join:0 SelectQuery.JoinOn:0 SelectQuery.GroupExpr:0 SelectQuery.Having:0 SelectQuery.DistinctOn:0 UpdateQuery.Where:0 UpdateQuery.WhereOr:0 UpdateQuery.Set:0 UpdateQuery.TableExpr:0
		DeleteQuery.Where:0 DeleteQuery.WhereOr:0 DeleteQuery.TableExpr:0 InsertQuery.On:0 InsertQuery.Set:0`,
	"github.com/go-pg/pg":         `baseDB.Exec:0 baseDB.ExecOne:0 baseDB.Query:1 baseDB.QueryOne:1 Tx.Exec:0 Tx.ExecOne:0 Tx.Query:1 Tx.QueryOne:1 baseDB.ExecContext:1 baseDB.QueryContext:2 Tx.ExecContext:1 Tx.QueryContext:2`,
	"github.com/go-pg/pg/orm":     `Query.Where:0 Query.WhereOr:0 Query.ColumnExpr:0 Query.TableExpr:0 Query.Join:0 Query.JoinOn:0 Query.OrderExpr:0 Query.GroupExpr:0 Query.Having:0 Query.Set:0 Query.DistinctOn:0`,
	"github.com/doug-martin/goqu": `L:0 Literal:0`,
	"github.com/Masterminds/squirrel": `Expr:0 SelectBuilder.From:0 SelectBuilder.Join:0 SelectBuilder.LeftJoin:0 SelectBuilder.RightJoin:0 SelectBuilder.InnerJoin:0 SelectBuilder.CrossJoin:0 SelectBuilder.Suffix:0
		SelectBuilder.Prefix:0 SelectBuilder.Options:0 SelectBuilder.OrderBy:0 SelectBuilder.GroupBy:0 SelectBuilder.Columns:0 StatementBuilderType.Select:0 Select:0 UpdateBuilder.OrderBy:0 DeleteBuilder.OrderBy:0
		Insert:0 Update:0 Delete:0 StatementBuilderType.Insert:0 StatementBuilderType.Update:0 StatementBuilderType.Delete:0 DeleteBuilder.From:0 InsertBuilder.Into:0 InsertBuilder.Suffix:0 UpdateBuilder.Suffix:0`,
	"xorm.io/xorm": `Engine.Exec:0 Engine.Query:0 Engine.QueryString:0 Engine.QueryInterface:0 Engine.SQL:0 Engine.Where:0 Engine.OrderBy:0 Engine.GroupBy:0 Engine.Having:0 Engine.Select:0
		Session.Exec:0 Session.Query:0 Session.QueryString:0 Session.QueryInterface:0 Session.SQL:0 Session.Where:0 Session.And:0 Session.Or:0 Session.OrderBy:0 Session.GroupBy:0 Session.Having:0 Session.Select:0 Session.Join:2`,
	"github.com/go-xorm/xorm":                        `Engine.Exec:0 Engine.Query:0 Engine.SQL:0 Engine.Where:0 Engine.OrderBy:0 Session.Exec:0 Session.Query:0 Session.SQL:0 Session.Where:0 Session.And:0 Session.Or:0 Session.OrderBy:0`,
	"entgo.io/ent/dialect/sql":                       `Raw:0 Expr:0 ExprP:0 Selector.OrderExpr:0`,
	"github.com/gocql/gocql":                         `Session.Query:0 Batch.Query:0`,
	"github.com/ClickHouse/clickhouse-go/lib/driver": `Conn.Query:1 Conn.QueryRow:1 Conn.Exec:1 Conn.Select:2 Conn.PrepareBatch:1 Conn.AsyncInsert:1`,
	"github.com/beego/beego/client/orm":              `Ormer.Raw:0 TxOrmer.Raw:0 QueryExecutor.Raw:0`,
	"github.com/astaxie/beego/orm":                   `Ormer.Raw:0`,
	"github.com/gocraft/dbr":                         `Session.SelectBySql:0 Session.UpdateBySql:0 Session.InsertBySql:0 Session.DeleteBySql:0 SelectStmt.Where:0 SelectStmt.OrderBy:0 Expr:0`,
	"gopkg.in/gorp":                                  `DbMap.Select:1 DbMap.SelectOne:1 DbMap.Exec:0 DbMap.Query:0 Transaction.Select:1 Transaction.Exec:0`,
	"github.com/go-gorp/gorp":                        `DbMap.Select:1 DbMap.SelectOne:1 DbMap.Exec:0 DbMap.Query:0 Transaction.Select:1 Transaction.Exec:0`,
	"zombiezen.com/go/sqlite/sqlitex":                `Execute:1 ExecuteTransient:1 ExecuteScript:1`,
	pathGorm:                                         `Expr:0`,
	"github.com/jinzhu/gorm":                         `Expr:0`,
})

// firstTexts are calls whose argument is SQL text when it is a string, and bound
// when it is a struct or a map.
var firstTexts = sinkCalls(map[string]string{
	pathGorm: `DB.Raw:0 DB.Exec:0 DB.Where:0 DB.Or:0 DB.Not:0 DB.Order:0 DB.Group:0 DB.Having:0 DB.Joins:0 DB.InnerJoins:0 DB.Select:0 DB.Table:0 DB.Pluck:0 DB.Distinct:0 DB.First:1 DB.Find:1 DB.Take:1 DB.Last:1
		DB.Delete:1 DB.FirstOrCreate:1 DB.FirstOrInit:1`,
	"github.com/jinzhu/gorm":          `DB.Raw:0 DB.Exec:0 DB.Where:0 DB.Or:0 DB.Not:0 DB.Order:0 DB.Group:0 DB.Having:0 DB.Joins:0 DB.Select:0 DB.Table:0 DB.Pluck:0 DB.First:1 DB.Find:1 DB.Take:1 DB.Last:1 DB.Delete:1`,
	"github.com/Masterminds/squirrel": `SelectBuilder.Where:0 SelectBuilder.Having:0 SelectBuilder.Column:0 UpdateBuilder.Where:0 DeleteBuilder.Where:0`,
})

func runMKT201(p *pkg) []Hit {
	n := sqlNeed()
	const message = "becomes SQL text; bind it as an argument, or choose identifiers from a list"
	hits := p.sinkHits("MKT201", queryTexts, n, message)
	p.each(firstTexts, func(c *call, args []int) {
		v := textOf(c.arg(args[0]))
		if v == nil {
			return
		}
		for _, t := range p.conditionTexts(v, c.instr, 0) {
			if in := p.inputs().find(t.v, t.at, n); in != nil {
				in.steps = append(in.steps, t.steps...)
				hits = append(hits, p.reached("MKT201", c, in, n, message))
				return
			}
		}
	})
	// Interfaces of the package that stand for a database.
	for _, c := range p.inputs().calls(cleanPath(p.types.Path())) {
		i := ownQuery(c)
		if i < 0 {
			continue
		}
		if in := p.inputs().find(c.arg(i), c.instr, n); in != nil {
			hits = append(hits, p.reached("MKT201", c, in, n, message))
		}
	}
	return hits
}

// A textAt is a text where it was last known to be one.
type textAt struct {
	v     ssa.Value
	at    ssa.Instruction
	steps []Step
}

// conditionTexts returns the texts among what a condition may be. A condition of
// interface type is looked through to what the package puts in: a struct or a
// map is bound, however its own texts came in.
func (p *pkg) conditionTexts(v ssa.Value, at ssa.Instruction, depth int) []textAt {
	if !types.IsInterface(v.Type()) || depth > 6 {
		return []textAt{{v: v, at: at}}
	}
	var out []textAt
	switch x := v.(type) {
	case *ssa.Const:
	case *ssa.MakeInterface:
		if text := textOf(x.X); text != nil {
			out = append(out, textAt{v: text, at: x})
		}
	case *ssa.ChangeInterface:
		return p.conditionTexts(x.X, at, depth+1)
	case *ssa.Phi:
		for _, e := range x.Edges {
			if e != v {
				out = append(out, p.conditionTexts(e, at, depth+1)...)
			}
		}
	case *ssa.Parameter:
		fn := x.Parent()
		for _, site := range p.inputs().callSites(fn) {
			arg := argument(site, fn, slices.Index(fn.Params, x))
			if arg == nil {
				continue
			}
			for _, t := range p.conditionTexts(arg, site, depth+1) {
				t.steps = append([]Step{{site.Pos(), "passed to " + fn.Name()}}, t.steps...)
				out = append(out, t)
			}
		}
	default:
		out = append(out, textAt{v: v, at: at})
	}
	return out
}

// sqlNeed asks for texts of callers too: SQL that an exported function builds
// around its parameter is a review finding, because its callers are in other
// packages.
func sqlNeed() need {
	n := needForeign.of(useSQL)
	n.media |= fromCaller
	n.doubtful |= fromCaller
	return n
}

// ownQuery returns the index of the SQL text of a method that an interface of
// the package declares for a database, or -1.
func ownQuery(c *call) int {
	if !c.instr.Common().IsInvoke() {
		return -1
	}
	switch c.name {
	case "Query", "QueryRow", "Exec", "Queryx", "QueryRowx", "QueryContext", "QueryRowContext", "ExecContext", "Prepare", "PrepareContext":
	default:
		return -1
	}
	sig := c.fn.Signature()
	rows := false
	for r := range sig.Results().Variables() {
		n := namedType(r.Type())
		if n == nil || n.Obj().Pkg() == nil {
			continue
		}
		path := cleanPath(n.Obj().Pkg().Path())
		rows = rows || path == "database/sql" || strings.HasPrefix(path, "github.com/jackc/pg") || path == "github.com/jmoiron/sqlx"
	}
	if !rows {
		return -1
	}
	for i := range min(sig.Params().Len(), 3) {
		if b, ok := sig.Params().At(i).Type().Underlying().(*types.Basic); ok && b.Info()&types.IsString != 0 {
			if c.name == "Prepare" && i == 1 {
				return 2 // the name comes first
			}
			return i
		}
	}
	return -1
}
