package evidence

import (
	"cmp"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/staylisted/staylisted/rules"
)

// Drift
//
// A document that was true when it was written falls behind the code. What the
// code shows (stores, outside services, routes, ways to authenticate) is looked
// up in the words of the architecture document; what no word of it names is a
// finding for review. People name things in many ways, so the net is wide: any
// common name of a store, the domain of a host, the prefix of a route.

const architectureDrift = "run:architecture-drift"

// Names of facts, as the scan states them.
const (
	factRoutes   = "route-table"
	factHosts    = "hosts"
	factSQL      = "sql"
	factNoSQL    = "nosql"
	factStores   = "stores-data"
	factCookies  = "cookie-auth"
	factSessions = "sessions"
	factSecrets  = "secrets-used"
	factDataName = "data-names"
)

// items returns what facts of the id rest on.
func (in *Input) items(id string) []rules.Item {
	var all []rules.Item
	for _, f := range in.Facts {
		if f.ID == id && f.State == rules.True {
			all = append(all, f.Items...)
		}
	}
	return all
}

// A thing is something the code has that a document is to name.
type thing struct {
	name   string // for people
	key    string // tells it apart
	names  []string
	places []rules.Location
}

// gatherThings joins items of one key, in the order of the keys.
func gatherThings(all []thing) []thing {
	slices.SortStableFunc(all, func(a, b thing) int { return cmp.Compare(a.key, b.key) })
	var out []thing
	for _, t := range all {
		if n := len(out); n > 0 && out[n-1].key == t.key {
			out[n-1].places = append(out[n-1].places, t.places...)
			out[n-1].names = append(out[n-1].names, t.names...)
			continue
		}
		out = append(out, t)
	}
	return out
}

// drift compares the architecture document and the threat model with the code.
func drift(in *Input, lib *library) rules.Gathered {
	g := rules.Gathered{}
	architecture, threats := lib.best["architecture"], lib.best["threat-model"]
	if architecture == nil && threats == nil {
		g.Skipped("there is neither a complete architecture document nor a complete threat model to compare with the code", architectureDrift)
		return g
	}
	if architecture != nil {
		g.Findings = append(g.Findings, architecture.behind(in)...)
	}
	if threats != nil {
		findings, unknown := threats.older(in)
		g.Findings = append(g.Findings, findings...)
		if unknown != "" {
			g.Broken(unknown, architectureDrift)
			return g
		}
	}
	g.Complete(architectureDrift)
	return g
}

// A vocabulary is all that a document says, for looking things up.
type vocabulary struct {
	words []string
	text  string // lower case
	paths [][]string
}

func (d *document) vocabulary() vocabulary {
	var all strings.Builder
	for _, h := range d.headings {
		all.WriteString(h.title + "\n")
	}
	for _, b := range d.blocks {
		all.WriteString(b.text + "\n")
		if b.kind != code {
			for _, u := range urlIn.FindAllString(b.raw, -1) {
				all.WriteString(u + "\n")
			}
		}
	}
	text := strings.ToLower(all.String())
	v := vocabulary{words: wordsOf(text), text: text}
	// Of an address, the path alone names a route.
	for _, m := range pathIn.FindAllString(originIn.ReplaceAllString(text, " "), -1) {
		if segments := pathSegments(m); len(segments) > 0 {
			v.paths = append(v.paths, segments)
		}
	}
	return v
}

// says reports whether one of the names stands in the document.
func (v *vocabulary) says(names ...string) bool {
	return slices.ContainsFunc(names, func(n string) bool {
		return n != "" && (says(v.words, n) || strings.Contains(n, ".") && containsHost(v.text, strings.ToLower(n)))
	})
}

// containsHost looks for a host name that is not part of a longer name.
func containsHost(text, host string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], host)
		if i < 0 {
			return false
		}
		i += from
		end := i + len(host)
		before := i == 0 || !isWord(rune(text[i-1])) && text[i-1] != '-'
		after := end == len(text) || !isWord(rune(text[end])) && text[end] != '-'
		if before && after {
			return true
		}
		from = i + 1
	}
}

// behind returns what the code has and the architecture document does not name.
func (d *document) behind(in *Input) []rules.Finding {
	v := d.vocabulary()
	var out []rules.Finding
	finding := func(rule rules.Rule, heading, message string, t thing) {
		part := d.part(d.kind.sectionIndex(heading))
		f := rule.Finding("document", message, rules.Location{Path: d.path, Line: part.line})
		f.Tokens = rules.TokenDigest(rule.ID, t.key)
		f.Steps = stepsTo(t)
		out = append(out, f)
	}
	for _, t := range storesOf(in) {
		if !v.says(t.names...) {
			finding(ruleDriftStore(), "Components", fmt.Sprintf("the code uses %s (%s), which the document does not name; say under Components what it keeps", t.name, placeText(t)), t)
		}
	}
	for _, t := range servicesOf(in) {
		if !v.says(t.names...) {
			finding(ruleDriftService(), "Integration points", fmt.Sprintf("the code speaks to %s (%s), which the document does not name; say under Integration points why", t.name, placeText(t)), t)
		}
	}
	for _, t := range mechanismsOf(in) {
		if !v.says(t.names...) {
			finding(ruleDriftAuth(), "Authentication flows", fmt.Sprintf("the code uses %s (%s), which the document does not name; describe it under Authentication flows", t.name, placeText(t)), t)
		}
	}
	if d.listsRoutes() {
		return out
	}
	if t := v.unnamed(routesOf(in)); t != nil {
		finding(ruleDriftRoutes(), "APIs", fmt.Sprintf("the document names neither path nor prefix of %s; add it under APIs", t.name), *t)
	}
	return out
}

// older returns what is younger than the review of the threat model and not
// named in it, and why that could not be decided, if so.
func (d *document) older(in *Input) (out []rules.Finding, unknown string) {
	v := d.vocabulary()
	end := dayAfter(d.front.reviewed)
	fresh := func(things []thing, named func(t thing) bool) {
		for _, t := range things {
			if named(t) || len(t.places) == 0 {
				continue
			}
			added, known := true, in.Blame != nil
			for _, at := range t.places {
				if !known {
					break
				}
				commit, when, ok := in.Blame(at.Path, at.Line)
				if known = ok && commit != ""; known && when.Before(end) {
					added = false
					break
				}
			}
			if !known {
				unknown = "git does not show since when " + printable(t.name) + " is in the code, so the threat model cannot be compared with it; scan a full clone (fetch-depth: 0)"
				continue
			}
			if !added {
				continue
			}
			f := ruleDriftThreats().Finding("document", fmt.Sprintf("%s (%s) came in after the review of %s and is not named; read the threat model again with it, and set reviewed",
				t.name, placeText(t), d.front.reviewed.Format("2006-01-02")), rules.Location{Path: d.path, Line: d.part(d.kind.sectionIndex("Entry points")).line})
			f.Tokens = rules.TokenDigest("threat-model", t.key)
			f.Steps = stepsTo(t)
			out = append(out, f)
		}
	}
	fresh(storesOf(in), func(t thing) bool { return v.says(t.names...) })
	fresh(routesOf(in), func(t thing) bool { return v.unnamed([]thing{t}) == nil })
	return out, unknown
}

// maxSteps is how many places a finding lists.
const maxSteps = 20

func stepsTo(t thing) []rules.Step {
	var steps []rules.Step
	for _, at := range t.places[:min(len(t.places), maxSteps)] {
		steps = append(steps, rules.Step{Location: at, Message: "in the code"})
	}
	return steps
}

func placeText(t thing) string {
	if len(t.places) == 0 {
		return "in the code"
	}
	text := printable(t.places[0].Path)
	if t.places[0].Line > 0 {
		text += fmt.Sprintf(":%d", t.places[0].Line)
	}
	if n := len(t.places); n > 1 {
		text += fmt.Sprintf(" and %d more", n-1)
	}
	return text
}

// Stores

// storeNames maps what packages are called to what people call the store. It is
// read-only.
var storeNames = []struct{ part, name string }{
	{"pgx", "PostgreSQL"}, {"pgconn", "PostgreSQL"}, {"go-pg", "PostgreSQL"}, {"lib/pq", "PostgreSQL"},
	{"sqlite", "SQLite"}, {"clickhouse", "ClickHouse"}, {"mongo", "MongoDB"}, {"mgo", "MongoDB"},
	{"go-redis", "Redis"}, {"redigo", "Redis"}, {"rueidis", "Redis"}, {"asynq", "Redis"},
	{"elastic", "Elasticsearch"}, {"opensearch", "OpenSearch"}, {"dynamodb", "DynamoDB"}, {"firestore", "Firestore"}, {"datastore", "Datastore"},
	{"gocql", "Cassandra"}, {"gocb", "Couchbase"}, {"neo4j", "Neo4j"}, {"gomemcache", "Memcached"}, {"influxdb", "InfluxDB"},
	{"bbolt", "bbolt"}, {"boltdb", "bbolt"}, {"badger", "Badger"}, {"goleveldb", "LevelDB"}, {"pebble", "Pebble"},
	{"service/s3", "S3"}, {"minio", "S3"}, {"cloud.google.com/go/storage", "Cloud Storage"}, {"sdk/storage", "Azure Storage"}, {"gocloud.dev/blob", "object storage"},
	{"database/sql", sqlStore}, {"sqlx", sqlStore}, {"gorm", sqlStore}, {"uptrace/bun", sqlStore}, {"xorm", sqlStore}, {"entgo", sqlStore}, {"squirrel", sqlStore}, {"goqu", sqlStore}, {"upper/db", sqlStore}, {"sqlboiler", sqlStore},
}

const sqlStore = "an SQL database"

// storeWords are the names under which a document may speak of a store.
var storeWords = map[string][]string{
	"PostgreSQL": {"postgres", "postgresql", "pg", "rds", "aurora", "cloud sql", "cockroach", "cockroachdb", "neon", "supabase", "timescale", "alloydb", "sql database", "relational database"},
	sqlStore: {"sql", "database", "db", "postgres", "postgresql", "mysql", "mariadb", "sqlite", "mssql", "oracle", "rds", "aurora", "cloud sql", "planetscale", "cockroach", "cockroachdb", "neon", "supabase",
		"timescale", "spanner", "tidb", "clickhouse", "snowflake", "redshift", "bigquery"},
	"SQLite":         {"sqlite", "turso", "libsql", "litestream"},
	"MongoDB":        {"mongo", "mongodb", "documentdb", "atlas", "cosmos"},
	"Redis":          {"redis", "valkey", "keydb", "elasticache", "memorystore", "upstash", "dragonfly"},
	"Elasticsearch":  {"elastic", "elasticsearch", "opensearch"},
	"OpenSearch":     {"opensearch", "elasticsearch"},
	"DynamoDB":       {"dynamo", "dynamodb"},
	"Cassandra":      {"cassandra", "scylla", "scylladb", "keyspaces", "astra"},
	"Memcached":      {"memcache", "memcached", "elasticache"},
	"InfluxDB":       {"influx", "influxdb"},
	"bbolt":          {"bolt", "bbolt", "boltdb", "embedded database", "key value"},
	"Badger":         {"badger", "embedded database", "key value"},
	"LevelDB":        {"leveldb", "embedded database", "key value"},
	"Pebble":         {"pebble", "embedded database", "key value"},
	"S3":             {"s3", "minio", "object store", "object storage", "bucket", "r2", "spaces"},
	"Cloud Storage":  {"cloud storage", "gcs", "object store", "object storage", "bucket"},
	"Azure Storage":  {"azure storage", "blob storage", "blob", "object store", "object storage"},
	"object storage": {"object store", "object storage", "bucket", "s3", "gcs", "blob"},
}

// storesOf lists the stores the code uses. A store the policy file declares
// under another name may be named by that. Files are not listed: what is written
// to them says nothing of where.
func storesOf(in *Input) []thing {
	var all []thing
	seen := map[string]bool{}
	for _, id := range []string{factSQL, factNoSQL, factStores} {
		for _, it := range in.items(id) {
			i := slices.IndexFunc(storeNames, func(s struct{ part, name string }) bool { return strings.Contains(strings.ToLower(it.Name), s.part) })
			if i < 0 {
				continue
			}
			name := storeNames[i].name
			seen[name] = true
			all = append(all, thing{name: name, key: name, names: append([]string{name}, storeWords[name]...), places: place(it)})
		}
	}
	// database/sql is how most drivers are reached; where another SQL store is
	// known by name, that is the one.
	if seen["PostgreSQL"] || seen["SQLite"] || seen["ClickHouse"] {
		all = slices.DeleteFunc(all, func(t thing) bool { return t.key == sqlStore })
	}
	things := gatherThings(all)
	for i := range things {
		t := &things[i]
		t.places = distinct(t.places)
		if in.File == nil {
			continue
		}
		for _, s := range in.File.Stores {
			about := wordsOf(s.Name + " " + s.Service + " " + s.Provider)
			if says(about, t.names...) || len(in.File.Stores) == 1 && len(things) == 1 {
				t.names = append(t.names, s.Name, s.Service)
			}
		}
	}
	return things
}

func place(it rules.Item) []rules.Location {
	if it.Location.Path == "" {
		return nil
	}
	return []rules.Location{it.Location}
}

func distinct(all []rules.Location) []rules.Location {
	slices.SortFunc(all, func(a, b rules.Location) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return slices.CompactFunc(all, func(a, b rules.Location) bool { return a.Path == b.Path && a.Line == b.Line })
}

// Services

// servicesOf lists the outside services the code speaks to, by the name the
// policy file gives them or by their domain.
func servicesOf(in *Input) []thing {
	var all []thing
	for _, it := range in.items(factHosts) {
		host := strings.TrimPrefix(strings.ToLower(it.Name), "*.")
		if !validHost(host) {
			continue // an address, a bare name, or not known
		}
		domain := domainOf(host)
		t := thing{name: printable(it.Name), key: domain, names: []string{host, domain, labelOf(domain)}, places: place(it)}
		t.names = append(t.names, domainWords[domain]...)
		if in.File != nil {
			for _, s := range in.File.Services {
				if slices.ContainsFunc(s.Hosts, func(h string) bool { return hostWithin(h, host) }) {
					t.names = append(t.names, s.Name)
				}
			}
		}
		all = append(all, t)
	}
	things := gatherThings(all)
	for i := range things {
		things[i].places = distinct(things[i].places)
	}
	return things
}

// hostWithin reports whether a declared host or pattern covers a used one.
func hostWithin(declared, used string) bool {
	declared = strings.ToLower(declared)
	if suffix, ok := strings.CutPrefix(declared, "*."); ok {
		return used == suffix || strings.HasSuffix(used, "."+suffix)
	}
	return declared == used
}

// secondLevel are labels below which names are registered in some countries.
var secondLevel = []string{"co", "com", "org", "net", "gov", "ac", "edu"}

// domainOf returns the part of a host name that somebody registered.
func domainOf(host string) string {
	labels := strings.Split(strings.TrimSuffix(host, "."), ".")
	n := 2
	if len(labels) > 2 && len(labels[len(labels)-1]) == 2 && slices.Contains(secondLevel, labels[len(labels)-2]) {
		n = 3
	}
	return strings.Join(labels[max(0, len(labels)-n):], ".")
}

func labelOf(domain string) string {
	label, _, _ := strings.Cut(domain, ".")
	return label
}

// domainWords are further names of well-known domains.
var domainWords = map[string][]string{
	"amazonaws.com": {"aws", "amazon"}, "googleapis.com": {"google", "gcp", "firebase", "gemini"}, "azure.com": {"azure", "microsoft"}, "windows.net": {"azure", "microsoft"},
	"microsoftonline.com": {"microsoft", "entra", "azure ad"}, "microsoft.com": {"microsoft", "graph"}, "dropboxapi.com": {"dropbox"}, "atlassian.net": {"jira", "confluence", "atlassian"},
	"mailgun.net": {"mailgun"}, "postmarkapp.com": {"postmark"}, "datadoghq.com": {"datadog"}, "datadoghq.eu": {"datadog"}, "segment.io": {"segment"}, "newrelic.com": {"new relic"},
	"algolia.net": {"algolia"}, "telegram.org": {"telegram"}, "facebook.com": {"facebook", "meta"}, "google.com": {"google"}, "hetzner.cloud": {"hetzner"}, "sendgrid.com": {"sendgrid", "twilio"},
	"honeycomb.io": {"honeycomb"}, "opentelemetry.io": {"opentelemetry", "otel"}, "ingest.sentry.io": {"sentry"},
}

// Ways to authenticate

// mechanismsOf lists how the code lets people and machines prove who they are.
func mechanismsOf(in *Input) []thing {
	var all []thing
	add := func(name string, it rules.Item, names ...string) {
		all = append(all, thing{name: name, key: name, names: names, places: place(it)})
	}
	for _, it := range in.items(factCookies) {
		switch {
		case strings.HasSuffix(it.Name, ".BasicAuth") || strings.Contains(it.Name, "BasicAuth"):
			add("HTTP basic authentication", it, "basic auth", "basic authentication", "http basic", "user name and password")
		case it.Name == "client certificate":
			add("client certificates", it, "client certificate", "mtls", "mutual tls")
		default:
			add("cookies or sessions", it, "cookie", "session", "login", "sign in", "sso", "single sign on")
		}
	}
	for _, it := range in.items(factSessions) {
		if strings.Contains(it.Detail, "issues tokens") {
			add("signed tokens (JWT)", it, "jwt", "token", "bearer", "json web token", "session")
		}
	}
	for _, it := range in.items(factSecrets) {
		if strings.Contains(it.Name, "golang.org/x/oauth2") {
			add("OAuth 2.0", it, "oauth", "oauth2", "oidc", "openid", "openid connect", "authorization code", "client credential")
		}
	}
	things := gatherThings(all)
	for i := range things {
		things[i].places = distinct(things[i].places)
	}
	return things
}

// Routes

// pathIn finds paths in a text: what begins with a slash after a blank, a quote,
// a bracket or a host name.
var pathIn = regexp.MustCompile(`(?:/[\pL\pN_.~{}:*<>$-]+)+/?`)

// originIn is scheme and host of an address.
var originIn = regexp.MustCompile(`https?://[^/\s)>"']*`)

// pathSegments splits a path; what stands for any text becomes "*".
func pathSegments(p string) []string {
	var out []string
	for s := range strings.SplitSeq(strings.ToLower(p), "/") {
		s = strings.TrimRight(s, ".,;:")
		switch {
		case s == "":
		case strings.ContainsAny(s, "{}*…<>") || strings.HasPrefix(s, ":") || strings.HasPrefix(s, "$"):
			out = append(out, "*")
		default:
			out = append(out, s)
		}
	}
	return out
}

// routesOf lists the routes the code serves that a document is to name.
func routesOf(in *Input) []thing {
	var all []thing
	for _, it := range in.items(factRoutes) {
		method, pattern, ok := strings.Cut(it.Name, " ")
		if !ok {
			method, pattern = "", it.Name
		}
		at := strings.IndexByte(pattern, '/')
		if at < 0 {
			continue // an RPC, or nothing that is known
		}
		if host := pattern[:at]; host != "" && (host != strings.ToLower(host) || !validHost(host)) {
			continue // below a prefix that is not known
		}
		segments := pathSegments(pattern[at:])
		if openRoute(method, segments) {
			continue
		}
		key := strings.TrimSpace(method + " /" + strings.Join(segments, "/"))
		all = append(all, thing{name: strings.TrimSpace(method + " " + printable(pattern)), key: key, names: segments, places: place(it)})
	}
	// One route registered twice is one; its segments are the same.
	slices.SortStableFunc(all, func(a, b thing) int { return cmp.Compare(a.key, b.key) })
	return slices.CompactFunc(all, func(a, b thing) bool { return a.key == b.key })
}

// openSegments name what is the same for everyone or for operators only.
var openSegments = strings.Fields("live ready status version metrics static assets public css js img images fonts dist favicon.ico robots.txt swagger swagger-ui apidocs redoc debug pprof " +
	"health healthz healthcheck liveness readiness livez readyz heartbeat ping openapi.json openapi.yaml .well-known")

// openRoute reports routes that need not be described.
func openRoute(method string, segments []string) bool {
	if method == "OPTIONS" || method == "HEAD" || method == "TRACE" || method == "CONNECT" || len(segments) == 0 || len(segments) == 1 && segments[0] == "*" {
		return true
	}
	return slices.ContainsFunc(segments, func(s string) bool {
		switch path.Ext(s) {
		case ".js", ".css", ".png", ".svg", ".ico", ".txt", ".map", ".html", ".woff2", ".webmanifest", ".xml":
			return true
		}
		return slices.Contains(openSegments, s)
	})
}

// unnamed returns the routes that no path of the document names, as one thing,
// or nil. A path names itself and everything below it.
func (v *vocabulary) unnamed(routes []thing) *thing {
	var missing []thing
	for _, r := range routes {
		if !slices.ContainsFunc(v.paths, func(p []string) bool { return prefixOf(p, r.names) }) {
			missing = append(missing, r)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	var names, keys []string
	t := thing{}
	for _, r := range missing {
		names, keys = append(names, r.name), append(keys, r.key)
		t.places = append(t.places, r.places...)
	}
	const shown = 5
	t.name, t.key = strings.Join(names[:min(shown, len(names))], ", "), strings.Join(keys, "\n")
	if more := len(names) - shown; more > 0 {
		t.name += fmt.Sprintf(" and %d more", more)
	}
	return &t
}

// prefixOf reports whether a documented path is a route's or a prefix of it. At
// least one segment must be a word.
func prefixOf(documented, route []string) bool {
	// "/v1/contacts/*" speaks of "/v1/contacts" as well.
	for len(documented) > 1 && documented[len(documented)-1] == "*" && len(documented) > len(route) {
		documented = documented[:len(documented)-1]
	}
	if len(documented) > len(route) || !slices.ContainsFunc(documented, func(s string) bool { return s != "*" }) {
		return false
	}
	for i, s := range documented {
		if s != route[i] && s != "*" && route[i] != "*" {
			return false
		}
	}
	return true
}

// listsRoutes reports whether the document points to the OpenAPI document of the
// repository, which MKT211 holds against the routes.
func (d *document) listsRoutes() bool {
	for _, b := range d.blocks {
		targets := linkIn.FindAllStringSubmatch(b.raw, -1)
		for _, word := range strings.FieldsFunc(b.text, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`"'()<>,;`, r) }) {
			targets = append(targets, []string{"", strings.TrimRight(word, ".:")})
		}
		for _, m := range targets {
			base := strings.ToLower(path.Base(m[1]))
			if !strings.HasPrefix(base, "openapi") && !strings.HasPrefix(base, "swagger") {
				continue
			}
			if ext := path.Ext(base); ext != ".yaml" && ext != ".yml" && ext != ".json" {
				continue
			}
			if d.tree.Has(d.relative(m[1])) || d.tree.Has(strings.TrimPrefix(m[1], "/")) {
				return true
			}
		}
	}
	return false
}
