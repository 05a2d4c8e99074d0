package code

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// mkt103 flags connections to data stores, brokers and internal services that
// are opened without TLS.
//
// Only what is written down counts: a parameter that switches TLS off, a scheme
// without TLS together with a host that leaves the machine, an option struct
// with a literal address and no TLS field. An address from the environment says
// nothing by itself.
func mkt103() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT103",
		Name:     "cleartext-datastore",
		Title:    "Connection to a data store or broker without TLS",
		Class:    rules.Violation,
		Controls: []string{"tls-1.2-or-higher"},
		CWE:      []int{319},
		Vector:   v59c,
		Flags: "PostgreSQL `sslmode=disable|allow|prefer`, MySQL `tls=false|skip-verify|preferred`, SQL Server `encrypt=disable|false`, " +
			"`redis://`, `amqp://` and `mongodb://` addresses without TLS, client options with a literal address and no TLS configuration " +
			"(Redis, Kafka, Cassandra, LDAP), and gRPC clients with `insecure.NewCredentials()` or `WithInsecure()`. " +
			"Bare host names, private addresses, and gRPC targets that are not written down are review findings.",
		Safe: "Loopback addresses, Unix sockets and empty hosts; a TLS option on the configuration; transport credentials that configuration can switch to TLS; " +
			"addresses that come from the environment without a parameter that switches TLS off.",
		Remediation: "Ask for TLS with verification: `sslmode=verify-full`, `tls=true`, `rediss://`, `amqps://`, `mongodb+srv://` or `tls=true`, `credentials.NewTLS(&tls.Config{})`.",
		Wrong:       "db, err := sql.Open(\"postgres\", \"host=db.acme.io user=app sslmode=disable\")",
		Right:       "db, err := sql.Open(\"postgres\", \"host=db.acme.io user=app sslmode=verify-full\")",
		Frameworks: []string{"database/sql", "sqlx", "pgx", "lib/pq", "go-pg", "bun", "gorm", "xorm", "ent", "golang-migrate", "go-sql-driver/mysql", "go-redis", "redigo", "asynq",
			"amqp091-go", "streadway/amqp", "mongo-driver", "gRPC", "sarama", "segmentio/kafka-go", "nats.go", "go-ldap", "gocql"},
	}, nil, datastoreGate, runMKT103)
}

var datastorePackages = setOf(`
	database/sql github.com/jmoiron/sqlx github.com/jackc/pgx github.com/jackc/pgx/pgxpool github.com/jackc/pgx/stdlib github.com/jackc/pgconn github.com/jackc/pgx/pgconn
	github.com/lib/pq github.com/go-pg/pg github.com/uptrace/bun/driver/pgdriver gorm.io/driver/postgres gorm.io/driver/mysql gorm.io/driver/sqlserver
	github.com/jinzhu/gorm xorm.io/xorm github.com/go-xorm/xorm entgo.io/ent/dialect/sql github.com/golang-migrate/migrate github.com/go-sql-driver/mysql
	github.com/redis/go-redis github.com/go-redis/redis github.com/gomodule/redigo/redis github.com/garyburd/redigo/redis github.com/hibiken/asynq
	github.com/rabbitmq/amqp091-go github.com/streadway/amqp go.mongodb.org/mongo-driver/mongo/options gopkg.in/mgo github.com/globalsign/mgo
	google.golang.org/grpc google.golang.org/grpc/credentials/insecure github.com/IBM/sarama github.com/Shopify/sarama github.com/segmentio/kafka-go
	github.com/confluentinc/confluent-kafka-go/kafka github.com/nats-io/nats.go github.com/go-ldap/ldap gopkg.in/ldap github.com/gocql/gocql`)

func datastoreGate(path string) bool { return datastorePackages[path] }

// dsnSinks says which argument is a data source name, and in what dialect. An
// empty dialect is named by the driver argument before it.
var dsnSinks = symbols(map[string]dsnSink{
	"database/sql Open":            {1, ""},
	"github.com/jmoiron/sqlx Open": {1, ""}, "github.com/jmoiron/sqlx Connect": {1, ""}, "github.com/jmoiron/sqlx MustConnect": {1, ""},
	"github.com/jmoiron/sqlx MustOpen": {1, ""}, "github.com/jmoiron/sqlx ConnectContext": {2, ""},
	"xorm.io/xorm NewEngine": {1, ""}, "github.com/go-xorm/xorm NewEngine": {1, ""}, "entgo.io/ent/dialect/sql Open": {1, ""},

	"github.com/jackc/pgx Connect": {1, "postgres"}, "github.com/jackc/pgx ParseConfig": {0, "postgres"}, "github.com/jackc/pgx ParseConnectionString": {0, "postgres"},
	"github.com/jackc/pgx ConnectWithOptions": {1, "postgres"},
	"github.com/jackc/pgx/pgxpool New":        {1, "postgres"}, "github.com/jackc/pgx/pgxpool Connect": {1, "postgres"}, "github.com/jackc/pgx/pgxpool ParseConfig": {0, "postgres"},
	"github.com/jackc/pgx/pgconn Connect": {1, "postgres"}, "github.com/jackc/pgx/pgconn ParseConfig": {0, "postgres"},
	"github.com/jackc/pgconn Connect": {1, "postgres"}, "github.com/jackc/pgconn ParseConfig": {0, "postgres"},
	"github.com/lib/pq Open": {0, "postgres"}, "github.com/lib/pq NewConnector": {0, "postgres"}, "github.com/lib/pq NewListener": {0, "postgres"}, "github.com/lib/pq ParseURL": {0, "postgres"},
	"github.com/go-pg/pg ParseURL":                   {0, "postgres"},
	"github.com/uptrace/bun/driver/pgdriver WithDSN": {0, "postgres"},
	"gorm.io/driver/postgres Open":                   {0, "postgres"}, "gorm.io/driver/mysql Open": {0, "mysql"}, "gorm.io/driver/sqlserver Open": {0, "sqlserver"},
	"github.com/go-sql-driver/mysql ParseDSN": {0, "mysql"},
	"github.com/golang-migrate/migrate New":   {1, "url"},
	"github.com/redis/go-redis ParseURL":      {0, "redis"}, "github.com/go-redis/redis ParseURL": {0, "redis"},
	"github.com/gomodule/redigo/redis DialURL": {0, "redis"}, "github.com/garyburd/redigo/redis DialURL": {0, "redis"},
	"github.com/gomodule/redigo/redis DialURLContext": {1, "redis"}, "github.com/hibiken/asynq ParseRedisURI": {0, "redis"},
	"github.com/rabbitmq/amqp091-go Dial": {0, "amqp"}, "github.com/rabbitmq/amqp091-go DialConfig": {0, "amqp"}, "github.com/rabbitmq/amqp091-go DialTLS": {0, "tls"},
	"github.com/streadway/amqp Dial": {0, "amqp"}, "github.com/streadway/amqp DialConfig": {0, "amqp"},
	"go.mongodb.org/mongo-driver/mongo/options ClientOptions.ApplyURI": {0, "mongodb"},
	"gopkg.in/mgo Dial": {0, "mongodb"}, "github.com/globalsign/mgo Dial": {0, "mongodb"},
})

type dsnSink struct {
	arg     int
	dialect string
}

// dsnFields are struct fields that hold a data source name.
var dsnFields = map[string]struct{ field, dialect string }{
	"gorm.io/driver/postgres Config":  {"DSN", "postgres"},
	"gorm.io/driver/mysql Config":     {"DSN", "mysql"},
	"gorm.io/driver/sqlserver Config": {"DSN", "sqlserver"},
}

// dialectOf maps driver names of database/sql.
func dialectOf(driver string) string {
	switch driver {
	case "postgres", "pgx", "pgx/v5", "pgx/v4", "cloudsqlpostgres", "pg", "pq", "cockroach", "cockroachdb":
		return "postgres"
	case "mysql", "mariadb":
		return "mysql"
	case "sqlserver", "mssql", "azuresql":
		return "sqlserver"
	}
	return ""
}

// A dataSource is a data source name that reaches a driver.
type dataSource struct {
	dialect string
	text    text
	choice  bool // other values are possible that bring TLS
	call    *call
	arg     int
	set     *ssa.Store // the struct field's store when there is no call
}

// dataSources visits every data source name with its dialect and place.
func (p *pkg) dataSources(do func(s dataSource)) {
	p.eachCall(datastoreGate, func(c *call) {
		if c.path == "github.com/jinzhu/gorm" && c.name == "Open" && len(c.args) == 2 {
			if rest, ok := variadic(c.args[1]); ok && len(rest) == 1 {
				p.eachDSN(p.driver(c.args[0]), rest[0], func(d string, t text, choice bool) { do(dataSource{d, t, choice, c, 1, nil}) })
			}
			return
		}
		sink, ok := dsnSinks[c.symbol()]
		if !ok || sink.arg >= len(c.args) {
			return
		}
		dialect := sink.dialect
		if dialect == "" {
			dialect = p.driver(c.args[sink.arg-1])
		}
		p.eachDSN(dialect, c.args[sink.arg], func(d string, t text, choice bool) { do(dataSource{d, t, choice, c, sink.arg, nil}) })
	})
	if !importsAny(p.types, paths("gorm.io/driver/postgres", "gorm.io/driver/mysql", "gorm.io/driver/sqlserver")) {
		return
	}
	p.literals(func(path, name string) bool { return dsnFields[path+" "+name].field != "" }, func(l *literal) {
		f := dsnFields[p.pathOf(l.typ.Obj().Pkg())+" "+l.typ.Obj().Name()]
		for _, s := range l.set[f.field] {
			p.eachDSN(f.dialect, s.Val, func(d string, t text, choice bool) { do(dataSource{d, t, choice, nil, 0, s}) })
		}
	})
}

// driver returns the dialect a driver argument names, "any" when it cannot be
// read.
func (p *pkg) driver(v ssa.Value) string {
	names, open := p.texts(v)
	if open || len(names) != 1 {
		return "any"
	}
	return dialectOf(names[0].s)
}

func (p *pkg) eachDSN(dialect string, v ssa.Value, do func(dialect string, t text, choice bool)) {
	if dialect == "" || dialect == "tls" {
		return
	}
	texts, open := p.texts(v)
	type source struct {
		dialect string
		text    text
	}
	var found []source
	for _, t := range texts {
		d := dialect
		if d == "any" || d == "url" {
			scheme, _, _ := strings.Cut(t.s, "://")
			switch {
			case strings.HasPrefix(scheme, "postgres"), strings.HasPrefix(scheme, "pgx"), strings.HasPrefix(scheme, "cockroach"):
				d = "postgres"
			case scheme == "mysql":
				d = "mysql"
			case scheme == "sqlserver":
				d = "sqlserver"
			case dialect == "any" && strings.Contains(t.s, "sslmode="):
				d = "postgres"
			default:
				continue
			}
		}
		found = append(found, source{d, t})
	}
	// Where another value has TLS, or may have it, configuration decides.
	choice := open || slices.ContainsFunc(found, func(s source) bool {
		why, _ := weakDSN(s.dialect, s.text)
		return why == "" && !dsnSafe(s.dialect, s.text)
	})
	for _, s := range found {
		do(s.dialect, s.text, choice)
	}
}

// dsnHost reads the host of a data source name.
func dsnHost(dialect string, t text) (dsn, bool) {
	switch dialect {
	case "postgres":
		return parsePostgres(t)
	case "mysql":
		return parseMySQL(t)
	case "sqlserver":
		return parseSQLServer(t)
	}
	_, rest, ok := strings.Cut(t.s, "://")
	if !ok {
		return dsn{}, false
	}
	return parseURLRest(rest), true
}

func dsnSafe(dialect string, t text) bool {
	d, ok := dsnHost(dialect, t)
	return ok && d.safe()
}

// weakDSN says what a data source name does without TLS; "" when nothing. The
// class is empty when it is certain.
func weakDSN(dialect string, t text) (why string, class rules.Class) {
	switch dialect {
	case "postgres":
		d, ok := parsePostgres(t)
		if !ok || d.safe() {
			return "", ""
		}
		switch mode := d.settings["sslmode"]; mode {
		case "disable":
			return "sslmode=disable sends everything in the clear; use sslmode=verify-full", ""
		case "allow", "prefer":
			return "sslmode=" + mode + " falls back to cleartext; use sslmode=verify-full", ""
		}
	case "mysql":
		d, ok := parseMySQL(t)
		if !ok || d.safe() {
			return "", ""
		}
		switch mode := d.settings["tls"]; mode {
		case "false", "0":
			return "tls=false sends everything in the clear; use tls=true", ""
		case "skip-verify":
			return "tls=skip-verify accepts any certificate; use tls=true", ""
		case "preferred":
			return "tls=preferred falls back to cleartext; use tls=true", ""
		case "":
			// The driver's default is no TLS, but only a host that is written
			// down shows that the connection leaves the machine.
			if d.known && !strings.Contains(t.s, hole) {
				return fmt.Sprintf("the connection to %s names no tls parameter, and the driver's default is cleartext; add tls=true", d.host), rules.Review
			}
		}
	case "sqlserver":
		d, ok := parseSQLServer(t)
		if !ok || d.safe() {
			return "", ""
		}
		switch mode := strings.ToLower(d.settings["encrypt"]); mode {
		case "disable":
			return "encrypt=disable sends everything in the clear; use encrypt=true", ""
		case "false", "no", "optional":
			return "encrypt=" + mode + " encrypts the login only; use encrypt=true", ""
		}
	case "redis", "amqp":
		scheme, host, complete := urlHost(t)
		if scheme != dialect {
			return "", ""
		}
		r := reachOf(host)
		if !complete || r == hostUnknown || r == hostSafe {
			return "", ""
		}
		if r == hostPrivate {
			class = rules.Review
		}
		return fmt.Sprintf("%s:// connects to %s without TLS; use %ss://", scheme, host, scheme), class
	case "mongodb":
		return weakMongo(t)
	}
	return "", ""
}

func weakMongo(t text) (string, rules.Class) {
	srv := strings.HasPrefix(t.s, "mongodb+srv://")
	_, rest, ok := strings.Cut(t.s, "://")
	if !ok || !srv && !strings.HasPrefix(t.s, "mongodb://") {
		return "", ""
	}
	d := parseURLRest(rest)
	if d.safe() {
		return "", ""
	}
	for _, key := range []string{"tls", "ssl"} {
		switch d.settings[key] {
		case "false":
			return key + "=false sends everything in the clear; use tls=true", ""
		case "true":
			if d.settings["tlsinsecure"] == "true" || d.settings["tlsallowinvalidcertificates"] == "true" {
				return "tlsInsecure accepts any certificate; remove it", ""
			}
			return "", ""
		}
	}
	if srv || !d.known || strings.Contains(t.s, hole) {
		return "", ""
	}
	return fmt.Sprintf("mongodb:// connects to %s without TLS unless tls=true is set; add it", d.host), rules.Review
}

func runMKT103(p *pkg) []Hit {
	var hits []Hit
	tlsSet := p.tlsOptions()
	p.dataSources(func(s dataSource) {
		why, class := weakDSN(s.dialect, s.text)
		if why == "" || tlsSet[s.dialect] && s.dialect != "mysql" && (s.dialect != "mongodb" || class == rules.Review) {
			return
		}
		if d, ok := dsnHost(s.dialect, s.text); s.choice && !(ok && d.known && reachOf(d.host) == hostPublic) {
			class = rules.Review
		}
		h := Hit{Rule: "MKT103", Message: why, Steps: s.text.steps, Class: class}
		if s.call != nil {
			h.Pos, h.End = p.region(s.call.instr, s.arg)
		} else {
			h.Pos = s.set.Pos()
		}
		hits = append(hits, h)
	})
	hits = append(hits, p.optionStructs(tlsSet)...)
	hits = append(hits, p.insecureGRPC()...)
	hits = append(hits, p.plainDials(tlsSet)...)
	return hits
}

// tlsOptions says for which kinds of client the package sets TLS somewhere: a
// field assignment or an option that no single literal shows.
func (p *pkg) tlsOptions() map[string]bool {
	set := map[string]bool{}
	p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
		switch x := instr.(type) {
		case *ssa.FieldAddr:
			v := fieldVar(x)
			if v == nil || v.Pkg() == nil {
				return
			}
			path := p.pathOf(v.Pkg())
			if !datastorePackages[path] || !stored(x) {
				return
			}
			switch v.Name() {
			case "TLSConfig", "TLSClientConfig", "TLS", "SslOpts", "Enable", "SASLConfig":
				set[clientKind(path)] = true
			}
		case ssa.CallInstruction:
			c := p.asCall(x, datastoreGate)
			if c == nil {
				return
			}
			switch c.name {
			case "SetTLSConfig", "StartTLS", "DialTLS", "DialTLSConfig", "DialUseTLS", "DialTLSSkipVerify", "Secure", "RootCAs", "ClientCert", "DialWithTLSConfig":
				set[clientKind(c.path)] = true
			}
		}
	})
	return set
}

// stored reports whether something is written to the field itself or, for
// nested settings (Net.TLS.Enable), below it.
func stored(a *ssa.FieldAddr) bool {
	for _, r := range *a.Referrers() {
		if s, ok := r.(*ssa.Store); ok && s.Addr == ssa.Value(a) {
			if c, isConst := s.Val.(*ssa.Const); isConst && (c.Value == nil || c.Value.String() == "false") {
				continue
			}
			return true
		}
	}
	return false
}

func clientKind(path string) string {
	switch {
	case strings.Contains(path, "redis"), strings.Contains(path, "redigo"), strings.Contains(path, "asynq"):
		return "redis"
	case strings.Contains(path, "amqp"):
		return "amqp"
	case strings.Contains(path, "mongo"), strings.Contains(path, "mgo"):
		return "mongodb"
	case strings.Contains(path, "sarama"), strings.Contains(path, "kafka"):
		return "kafka"
	case strings.Contains(path, "nats"):
		return "nats"
	case strings.Contains(path, "ldap"):
		return "ldap"
	case strings.Contains(path, "gocql"):
		return "cassandra"
	case strings.Contains(path, "mysql"):
		return "mysql"
	}
	return "postgres"
}

// addressFields are option structs whose literal address decides, with the
// field that would switch TLS on.
var addressFields = map[string]struct{ addr, tls string }{
	"github.com/redis/go-redis Options":          {"Addr", "TLSConfig"},
	"github.com/redis/go-redis UniversalOptions": {"Addrs", "TLSConfig"},
	"github.com/redis/go-redis ClusterOptions":   {"Addrs", "TLSConfig"},
	"github.com/redis/go-redis FailoverOptions":  {"SentinelAddrs", "TLSConfig"},
	"github.com/go-redis/redis Options":          {"Addr", "TLSConfig"},
	"github.com/go-redis/redis UniversalOptions": {"Addrs", "TLSConfig"},
	"github.com/go-redis/redis ClusterOptions":   {"Addrs", "TLSConfig"},
	"github.com/go-redis/redis FailoverOptions":  {"SentinelAddrs", "TLSConfig"},
	"github.com/hibiken/asynq RedisClientOpt":    {"Addr", "TLSConfig"},
	"github.com/go-pg/pg Options":                {"Addr", "TLSConfig"},
	"github.com/segmentio/kafka-go ReaderConfig": {"Brokers", "Dialer"},
	"github.com/segmentio/kafka-go WriterConfig": {"Brokers", "Dialer"},
}

// optionStructs flags option literals with an address and no TLS.
func (p *pkg) optionStructs(tlsSet map[string]bool) []Hit {
	var hits []Hit
	p.literals(func(path, name string) bool {
		return addressFields[path+" "+name].addr != "" || name == "Config" && path == "github.com/go-sql-driver/mysql"
	}, func(l *literal) {
		path := p.pathOf(l.typ.Obj().Pkg())
		if path == "github.com/go-sql-driver/mysql" {
			hits = append(hits, p.mysqlConfig(l)...)
			return
		}
		f := addressFields[path+" "+l.typ.Obj().Name()]
		if l.passed || len(l.set[f.tls]) > 0 || tlsSet[clientKind(path)] || len(l.set["Network"]) > 0 {
			return
		}
		for _, s := range l.set[f.addr] {
			vals := []ssa.Value{s.Val}
			if elems, ok := variadic(s.Val); ok {
				vals = elems
			}
			for _, v := range vals {
				texts, _ := p.texts(v)
				for _, t := range texts {
					if why, class := plainAddress(t, l.typ.Obj().Name()+"."+f.tls); why != "" {
						hits = append(hits, Hit{Rule: "MKT103", Pos: s.Pos(), Message: why, Steps: t.steps, Class: class})
					}
				}
			}
		}
	})
	return hits
}

// plainAddress judges a "host:port" that is connected to without TLS.
func plainAddress(t text, missing string) (string, rules.Class) {
	known, whole := t.prefix()
	if strings.Contains(known, "://") || strings.HasPrefix(known, "/") {
		return "", ""
	}
	host, hadPort := hostOnly(known)
	if !whole && !hadPort {
		return "", ""
	}
	switch reachOf(host) {
	case hostPublic:
		return fmt.Sprintf("connects to %s without TLS: %s is not set", host, missing), ""
	case hostPrivate:
		return fmt.Sprintf("connects to %s without TLS: %s is not set", host, missing), rules.Review
	}
	return "", ""
}

func (p *pkg) mysqlConfig(l *literal) []Hit {
	for _, s := range l.set["Net"] {
		if ts, open := p.texts(s.Val); open || len(ts) != 1 || ts[0].s != "tcp" {
			return nil
		}
	}
	for _, s := range l.set["Addr"] {
		ts, _ := p.texts(s.Val)
		for _, t := range ts {
			if host, _ := hostOnly(t.s); reachOf(host) == hostSafe {
				return nil
			}
		}
	}
	var hits []Hit
	for _, s := range l.set["TLSConfig"] {
		ts, _ := p.texts(s.Val)
		for _, t := range ts {
			switch t.s {
			case "false", "skip-verify", "preferred":
				hits = append(hits, Hit{Rule: "MKT103", Pos: s.Pos(), Message: "TLSConfig " + t.s + " gives no verified TLS; use \"true\"", Steps: t.steps})
			}
		}
	}
	return hits
}

// insecureGRPC flags gRPC clients whose credentials are always insecure.
func (p *pkg) insecureGRPC() []Hit {
	if !importsAny(p.types, paths("google.golang.org/grpc")) {
		return nil
	}
	var insecure []*call
	choice := false // the package can also speak TLS: what is used is configuration
	dials := map[*ssa.Function][]grpcDial{}
	p.eachCall(paths("google.golang.org/grpc", "google.golang.org/grpc/credentials", "google.golang.org/grpc/credentials/insecure", "google.golang.org/grpc/credentials/xds", "google.golang.org/grpc/credentials/alts"), func(c *call) {
		switch {
		case c.is("google.golang.org/grpc", "WithInsecure"):
			insecure = append(insecure, c)
		case c.is("google.golang.org/grpc", "WithTransportCredentials") && p.isInsecure(c.args[0]):
			insecure = append(insecure, c)
		case c.is("google.golang.org/grpc", "WithContextDialer"), c.is("google.golang.org/grpc", "WithDialer"), c.name == "WithCredentialsBundle":
			choice = true // its own transport: bufconn, a TLS dialer
		case strings.HasSuffix(c.path, "/credentials") && (strings.HasPrefix(c.name, "NewTLS") || strings.HasPrefix(c.name, "NewClientTLS")):
			choice = true
		case c.path == "google.golang.org/grpc" && c.recv == "" && (c.name == "Dial" || c.name == "NewClient") && len(c.args) > 0:
			dials[c.instr.Parent()] = append(dials[c.instr.Parent()], grpcDial{c, c.args[0]})
		case c.is("google.golang.org/grpc", "DialContext") && len(c.args) > 1:
			dials[c.instr.Parent()] = append(dials[c.instr.Parent()], grpcDial{c, c.args[1]})
		}
	})
	var hits []Hit
	for _, c := range insecure {
		if choice {
			// Only a connection that can be nothing but plain counts.
			if host := p.alwaysPlain(c, dials); host != "" {
				hits = append(hits, p.hit("MKT103", c.instr, -1, "gRPC client speaks to "+host+" without TLS; use credentials.NewTLS"))
			}
			continue
		}
		class, where := rules.Review, "a target that is only known at run time"
		safe := 0
		ds := dials[c.instr.Parent()]
		for _, d := range ds {
			texts, open := p.texts(d.target)
			all := !open && len(texts) > 0
			for _, t := range texts {
				switch r, host := grpcReach(t); r {
				case hostPublic:
					class, where = "", host
					all = false
				case hostPrivate:
					if class != "" {
						where = host
					}
					all = false
				case hostUnknown:
					all = false
				}
			}
			if all {
				safe++
			}
		}
		if len(ds) > 0 && safe == len(ds) {
			continue
		}
		h := p.hit("MKT103", c.instr, -1, "gRPC client speaks to "+where+" without TLS; use credentials.NewTLS")
		h.Class = class
		hits = append(hits, h)
	}
	return hits
}

// A grpcDial is a call that connects to a gRPC server.
type grpcDial struct {
	c      *call
	target ssa.Value
}

// alwaysPlain returns the public host that a call connects to which is given an
// insecure option as such, beside no option of which it is not seen what it is;
// "" when there is none, or the package connects to that host in another way
// too.
func (p *pkg) alwaysPlain(option *call, dials map[*ssa.Function][]grpcDial) string {
	made, _ := option.instr.(*ssa.Call)
	plain := func(d grpcDial) bool {
		options, known := variadic(d.c.args[len(d.c.args)-1])
		return known && made != nil && slices.Contains(options, ssa.Value(made)) && !slices.ContainsFunc(options, func(v ssa.Value) bool {
			x, ok := v.(*ssa.Call)
			if !ok {
				return true
			}
			o := p.asCall(x, paths("google.golang.org/grpc"))
			return o == nil || o.name == "WithContextDialer" || o.name == "WithDialer" || o.name == "WithCredentialsBundle"
		})
	}
	public := func(d grpcDial) string {
		texts, _ := p.texts(d.target)
		for _, t := range texts {
			if r, host := grpcReach(t); r == hostPublic {
				return host
			}
		}
		return ""
	}
	for _, d := range dials[option.instr.Parent()] {
		host := public(d)
		if host == "" || !plain(d) || chosenWay(d.c.instr) {
			continue
		}
		for _, list := range dials {
			for _, other := range list {
				if other.c != d.c && public(other) == host && !p.givenInsecure(other.c) {
					return ""
				}
			}
		}
		return host
	}
	return ""
}

// chosenWay reports whether an instruction runs only when a condition holds that
// is more than the absence of an error, as one that a setting decides is.
func chosenWay(instr ssa.Instruction) bool {
	b := instr.Block()
	for up := b.Idom(); up != nil; up = up.Idom() {
		branch, ok := up.Instrs[len(up.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		for _, way := range up.Succs {
			if len(way.Preds) != 1 || !way.Dominates(b) {
				continue
			}
			cmp, ok := branch.Cond.(*ssa.BinOp)
			if !ok || !types.Identical(cmp.X.Type(), types.Universe.Lookup("error").Type()) {
				return true
			}
		}
	}
	return false
}

// givenInsecure reports whether a call gets an option that switches TLS off.
func (p *pkg) givenInsecure(c *call) bool {
	options, _ := variadic(c.args[len(c.args)-1])
	return slices.ContainsFunc(options, func(v ssa.Value) bool {
		x, ok := v.(*ssa.Call)
		if !ok {
			return false
		}
		o := p.asCall(x, paths("google.golang.org/grpc"))
		return o != nil && (o.name == "WithInsecure" || o.name == "WithTransportCredentials" && p.isInsecure(o.args[0]))
	})
}

func (p *pkg) isInsecure(v ssa.Value) bool {
	origins, more := p.origins(v)
	if more || len(origins) != 1 {
		return false
	}
	c, ok := origins[0].v.(*ssa.Call)
	return ok && p.asCall(c, paths("google.golang.org/grpc/credentials/insecure")) != nil
}

// grpcReach classifies a gRPC target: "host:port", "dns:///host:port",
// "passthrough:///bufnet", "unix:path".
func grpcReach(t text) (reach, string) {
	known, whole := t.prefix()
	scheme, rest, ok := strings.Cut(known, ":///")
	if ok {
		known = rest
	}
	if strings.HasPrefix(known, "unix:") || strings.HasPrefix(known, "unix-abstract:") || scheme == "unix" || scheme == "xds" {
		return hostSafe, ""
	}
	known = strings.TrimPrefix(strings.TrimPrefix(known, "dns:"), "passthrough:")
	host, hadPort := hostOnly(strings.TrimLeft(known, "/"))
	if !whole && !hadPort {
		return hostUnknown, ""
	}
	if host == "" && hadPort {
		return hostSafe, "" // ":50051" is this machine
	}
	return reachOf(host), host
}

// plainDials flags dialers that take an address and have no TLS of their own.
func (p *pkg) plainDials(tlsSet map[string]bool) []Hit {
	var hits []Hit
	flag := func(c *call, arg int, v ssa.Value, missing string, at rules.Class) {
		texts, _ := p.texts(v)
		for _, t := range texts {
			if why, class := plainAddress(t, missing); why != "" {
				h := p.hit("MKT103", c.instr, arg, why, t.steps...)
				if h.Class = class; class == "" {
					h.Class = at
				}
				hits = append(hits, h)
			}
		}
	}
	p.eachCall(datastoreGate, func(c *call) {
		switch c.path + " " + c.callee() {
		case "github.com/gomodule/redigo/redis Dial", "github.com/garyburd/redigo/redis Dial":
			if !tlsSet["redis"] && len(c.args) > 1 {
				flag(c, 1, c.args[1], "redis.DialUseTLS", "")
			}
		case "github.com/go-ldap/ldap Dial", "gopkg.in/ldap Dial":
			if !tlsSet["ldap"] && len(c.args) > 1 {
				flag(c, 1, c.args[1], "StartTLS", "")
			}
		case "github.com/segmentio/kafka-go DialLeader":
			if len(c.args) > 2 {
				flag(c, 2, c.args[2], "a Dialer with TLS", "")
			}
		case "github.com/segmentio/kafka-go TCP":
			if !tlsSet["kafka"] && len(c.args) == 1 {
				addrs, _ := variadic(c.args[0])
				for _, a := range addrs {
					flag(c, -1, a, "Writer.Transport with TLS", "")
				}
			}
		case "github.com/IBM/sarama NewClient", "github.com/IBM/sarama NewSyncProducer", "github.com/IBM/sarama NewAsyncProducer", "github.com/IBM/sarama NewConsumer", "github.com/IBM/sarama NewConsumerGroup",
			"github.com/Shopify/sarama NewClient", "github.com/Shopify/sarama NewSyncProducer", "github.com/Shopify/sarama NewAsyncProducer", "github.com/Shopify/sarama NewConsumer", "github.com/Shopify/sarama NewConsumerGroup":
			if !tlsSet["kafka"] && len(c.args) > 0 {
				addrs, _ := variadic(c.args[0])
				for _, a := range addrs {
					flag(c, 0, a, "Config.Net.TLS.Enable", "")
				}
			}
		case "github.com/gocql/gocql NewCluster":
			if !tlsSet["cassandra"] && len(c.args) == 1 {
				hosts, _ := variadic(c.args[0])
				for _, h := range hosts {
					flag(c, 0, h, "ClusterConfig.SslOpts", "")
				}
			}
		case "github.com/nats-io/nats.go Connect":
			if tlsSet["nats"] || len(c.args) < 1 {
				return
			}
			texts, _ := p.texts(c.args[0])
			for _, t := range texts {
				scheme, host, complete := urlHost(t)
				if r := reachOf(host); scheme == "nats" && complete && (r == hostPublic || r == hostPrivate) {
					// A NATS server may insist on TLS by itself.
					h := p.hit("MKT103", c.instr, 0, fmt.Sprintf("nats:// connects to %s without asking for TLS; use tls:// or nats.Secure", host), t.steps...)
					h.Class = rules.Review
					hits = append(hits, h)
				}
			}
		case "github.com/uptrace/bun/driver/pgdriver WithInsecure":
			if len(c.args) == 1 {
				if b, ok := c.args[0].(*ssa.Const); ok && b.Value != nil && b.Value.String() == "true" {
					h := p.hit("MKT103", c.instr, -1, "pgdriver.WithInsecure(true) sends everything in the clear; remove it")
					h.Class = rules.Review // the address may be loopback
					hits = append(hits, h)
				}
			}
		}
	})
	return append(hits, p.kafkaPlaintext()...)
}

// kafkaPlaintext flags "security.protocol": "PLAINTEXT" in a confluent config.
func (p *pkg) kafkaPlaintext() []Hit {
	if !importsAny(p.types, paths("github.com/confluentinc/confluent-kafka-go/kafka")) {
		return nil
	}
	var hits []Hit
	p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
		m, ok := instr.(*ssa.MapUpdate)
		if !ok || !p.isType(m.Map.Type(), "github.com/confluentinc/confluent-kafka-go/kafka", "ConfigMap") {
			return
		}
		keys, _ := p.texts(m.Key)
		vals, _ := p.texts(m.Value)
		if len(keys) != 1 || keys[0].s != "security.protocol" {
			return
		}
		for _, v := range vals {
			if s := strings.ToUpper(v.s); s == "PLAINTEXT" || s == "SASL_PLAINTEXT" {
				hits = append(hits, Hit{Rule: "MKT103", Pos: m.Pos(), Message: "security.protocol " + s + " sends everything in the clear; use SSL or SASL_SSL", Steps: v.steps, Class: rules.Review})
			}
		}
	})
	return hits
}
