package evidence

import (
	"fmt"
	"slices"
	"strings"

	"github.com/staylisted/staylisted/rules"
)

// A kind is a kind of store that code is seen to use, and the words by which a
// declared store is recognised as one.
type kind struct {
	name    string
	imports []string // parts of a package path
	words   []string // words of `service` and `provider`
}

// storeKinds knows what the facts sql, nosql and stores-data name. The first
// kind with a matching part wins; the last stands for every SQL driver.
var storeKinds = []kind{
	{"mongodb", []string{"mongo", "mgo"}, []string{"mongo", "mongodb", "documentdb", "atlas", "cosmos", "cosmosdb"}},
	{"redis", []string{"redis", "redigo", "rueidis", "asynq"}, []string{"redis", "valkey", "elasticache", "memorystore", "memorydb", "upstash", "keydb", "dragonfly"}},
	{"search index", []string{"elastic", "opensearch"}, []string{"elasticsearch", "elastic", "opensearch"}},
	{"dynamodb", []string{"service/dynamodb"}, []string{"dynamodb"}},
	{"firestore", []string{"firestore", "cloud.google.com/go/datastore"}, []string{"firestore", "datastore", "firebase"}},
	{"cassandra", []string{"gocql"}, []string{"cassandra", "scylla", "scylladb", "keyspaces", "astra"}},
	{"couchbase", []string{"gocb"}, []string{"couchbase", "capella"}},
	{"neo4j", []string{"neo4j"}, []string{"neo4j", "aura"}},
	{"memcached", []string{"gomemcache"}, []string{"memcached", "memcache", "elasticache", "memorystore"}},
	{"influxdb", []string{"influx"}, []string{"influxdb", "influx", "timestream"}},
	{"object storage", []string{"service/s3", "cloud.google.com/go/storage", "sdk/storage", "minio", "gocloud.dev/blob"},
		[]string{"s3", "gcs", "storage", "blob", "blobs", "minio", "bucket", "object", "r2", "spaces", "b2"}},
	{"embedded database", []string{"bbolt", "boltdb", "badger", "leveldb", "pebble"},
		[]string{"bolt", "bbolt", "badger", "leveldb", "pebble", "disk", "volume", "ebs", "efs", "file", "files", "filesystem", "local", "pvc"}},
	{"files", []string{"os.", "io.", "io/ioutil.", "gin-gonic/gin", "gofiber/fiber"},
		[]string{"disk", "volume", "ebs", "efs", "file", "files", "filestore", "filesystem", "local", "nfs", "pvc", "persistent"}},
	{"SQL database", []string{""},
		[]string{"sql", "rds", "aurora", "postgres", "postgresql", "pg", "mysql", "mariadb", "sqlite", "sqlite3", "cockroach", "cockroachdb", "spanner", "alloydb", "mssql",
			"sqlserver", "oracle", "cloudsql", "planetscale", "neon", "supabase", "tidb", "yugabyte", "clickhouse", "database", "timescale"}},
}

// kindOf returns the kind of a store by the name a fact gives it.
func kindOf(name string) kind {
	i := slices.IndexFunc(storeKinds, func(k kind) bool {
		return slices.ContainsFunc(k.imports, func(part string) bool {
			if strings.HasSuffix(part, ".") {
				return strings.HasPrefix(name, part)
			}
			return strings.Contains(name, part)
		})
	})
	return storeKinds[i] // the last matches everything
}

// is reports whether a declared store is of the kind; known says whether it is
// of any kind there is a name for.
func (s *Store) is(k kind) bool { return anyWord(splitWords(s.Service+" "+s.Provider), k.words) }

func (s *Store) known() bool { return slices.ContainsFunc(storeKinds, s.is) }

// undeclaredStores returns the kinds of stores that were seen in the code and
// that no entry stands for, each with one place. An entry whose service has no
// name known here stands for one kind that nothing else covers.
func (d *declared) undeclaredStores() []rules.Item {
	seen := map[string]rules.Item{}
	for _, id := range []string{"sql", "nosql", "stores-data", "data-store"} {
		for _, it := range d.facts[id].Items {
			if unresolved(it) {
				continue
			}
			k := kindOf(it.Name)
			if old, ok := seen[k.name]; !ok || old.Location.Path > it.Location.Path {
				seen[k.name] = it
			}
		}
	}
	spare := 0
	for i := range d.f.Stores {
		if !d.f.Stores[i].known() {
			spare++
		}
	}
	var out []rules.Item
	for _, k := range storeKinds {
		it, used := seen[k.name]
		if !used || slices.ContainsFunc(d.f.Stores, func(s Store) bool { return s.is(k) }) {
			continue
		}
		if spare > 0 {
			spare--
			continue
		}
		out = append(out, rules.Item{Name: k.name, Detail: it.Name, Location: it.Location})
	}
	return out
}

// sensitive reports whether a class of data needs protection at rest.
func sensitive(class string) bool {
	return class == "confidential" || class == "pii" || class == "pii-high" || class == "secret"
}

// relevant returns the stores that may hold data of the source, or of any
// source when it is empty, that needs protection. A store that no entry of data
// names may hold anything; so may every store while some such data has no store.
func (d *declared) relevant(source string) []*Store {
	concerns := func(e Data) bool { return sensitive(e.Class) && (source == "" || e.Source == "" || e.Source == source) }
	homeless := slices.ContainsFunc(d.f.Data, func(e Data) bool { return e.Store == "" && concerns(e) && !notStored(e) })
	var out []*Store
	for i := range d.f.Stores {
		s := &d.f.Stores[i]
		named, hit := false, homeless
		for _, e := range d.f.Data {
			if e.Store == s.Name {
				named = true
				hit = hit || concerns(e)
			}
		}
		if hit || !named {
			out = append(out, s)
		}
	}
	return out
}

// sourcesAtRest are requirements about stores that hold one marketplace's data
// (catalogue §2.1.1).
var sourcesAtRest = map[string]string{"APOLLO-DATA-01": "apollo"}

// stores weighs the declared stores for encryption and for their places.
func (d *declared) stores() {
	d.encryption()
	d.places()
}

// encryption proves for each requirement that every store that may hold the
// data it speaks of is encrypted as it asks, provided that every store seen in
// the code is declared.
func (d *declared) encryption() {
	const control = "encryption-at-rest"
	all := d.relevant("")
	for _, s := range all {
		switch c, _ := s.encrypted(); {
		case c.none:
			d.flag("policy:stores/unencrypted", fmt.Sprintf("the store %s may hold sensitive data and is declared with encryption %s", quoted(s.Name), quoted(s.Encryption)), s.Pos, nil, s.Name)
		case c.weak:
			d.flag("policy:stores/weak-cipher", fmt.Sprintf("the store %s may hold sensitive data and is declared with encryption %s", quoted(s.Name), quoted(s.Encryption)), s.Pos, nil, s.Name, s.Encryption)
		}
	}
	undeclared := d.undeclaredStores()
	if d.lackStores(control, undeclared) {
		return
	}
	for _, u := range d.uses(control) {
		stores := all
		if source := sourcesAtRest[u.ID]; source != "" {
			if only := d.relevant(source); len(only) > 0 {
				stores = only
			}
		}
		wanted := u.Accept
		if len(wanted) == 0 {
			wanted = []string{"aes-256", "full-disk"}
		}
		var bad, tags, reasons []string
		for _, s := range stores {
			c, why := s.encrypted()
			got := slices.DeleteFunc(c.tags(), func(tag string) bool { return !slices.Contains(wanted, tag) })
			if len(got) == 0 {
				bad = append(bad, s.Name)
				continue
			}
			tags = append(tags, got...)
			reasons = append(reasons, quoted(s.Name)+": "+why)
		}
		if len(bad) > 0 {
			d.lack(storesVerifier, control, []string{u.ID}, fmt.Sprintf("The stores %s may hold sensitive data and do not say that they are encrypted as %s asks (%s). %s", named(bad), u.ID, strings.Join(wanted, " or "), bothCiphers),
				d.storeSnippet(bad))
			continue
		}
		slices.Sort(tags)
		text := fmt.Sprintf("all %d stores that may hold such data are encrypted: %s", len(stores), strings.Join(reasons[:min(len(reasons), maxNamed)], "; "))
		if len(stores) == 0 {
			// Every store holds public or internal data only, by its entries in data.
			tags, text = wanted[:1], fmt.Sprintf("none of the %d declared stores holds sensitive data, by the entries of data", len(d.f.Stores))
		}
		d.prove(rules.Observation{Verifier: storesVerifier, Control: control, For: []string{u.ID}, Link: d.f.Name, Tags: slices.Compact(tags), Text: text})
	}
}

// lackStores tells which stores are not declared at all and reports whether
// there are any.
func (d *declared) lackStores(control string, undeclared []rules.Item) bool {
	switch {
	case len(undeclared) > 0:
		var names, lines []string
		for _, it := range undeclared {
			names = append(names, fmt.Sprintf("%s (%s at %s:%d)", it.Name, printable(it.Detail), printable(it.Location.Path), it.Location.Line))
			lines = append(lines, fmt.Sprintf("  %s: {provider: %s, service: %s, region: %s, jurisdiction: %s, encryption: %s}", strings.ReplaceAll(strings.ToLower(it.Name), " ", "-"), askProvider, askService, askRegion, askJurisdiction, askEncryption))
		}
		d.lack(storesVerifier, control, nil, "The code keeps data in a store that is not declared: "+strings.Join(names, ", ")+".", "stores:\n"+strings.Join(lines, "\n"))
		return true
	case len(d.f.Stores) == 0:
		d.lack(storesVerifier, control, nil, "The policy file declares no store.", "stores:\n  main-db: {provider: "+askProvider+", service: "+askService+", region: "+askRegion+", jurisdiction: "+askJurisdiction+", encryption: "+askEncryption+"}")
		return true
	}
	return false
}

// What snippets ask for, instead of an answer that would be true of another app.
const (
	askProvider     = `"<company that runs it, as in aws>"`
	askService      = `"<product, as in rds>"`
	askRegion       = `"<region, as in eu-central-1>"`
	askJurisdiction = `"<whose law holds there, as in EU>"`
	askEncryption   = `"<how it is encrypted, as in luks2-aes-256>"`
)

// bothCiphers names a value that no requirement refuses: one asks for the cipher,
// another for where it is applied.
const bothCiphers = "One value can say both the cipher and that the whole disk is encrypted, which satisfies every marketplace: `luks2-aes-256`, or \"aes-256, full-disk\" in quotes. Write it only if it is so."

// or returns a declared value as YAML, or what asks for one.
func or(declared, ask string) string {
	if declared == "" {
		return ask
	}
	return scalar(declared)
}

// storeSnippet shows the entries of stores with a place for their encryption.
func (d *declared) storeSnippet(names []string) string {
	var b strings.Builder
	b.WriteString("stores:")
	for _, s := range d.f.Stores {
		if !slices.Contains(names, s.Name) {
			continue
		}
		fmt.Fprintf(&b, "\n  %s: {", scalar(s.Name))
		for _, pair := range [][2]string{{"provider", s.Provider}, {"service", s.Service}, {"region", s.Region}, {"jurisdiction", s.Jurisdiction}} {
			if pair[1] != "" {
				fmt.Fprintf(&b, "%s: %s, ", pair[0], scalar(pair[1]))
			}
		}
		fmt.Fprintf(&b, "encryption: %s}", askEncryption)
	}
	return b.String()
}

// places proves that it is disclosed where data is kept: every store, and every
// service but the marketplaces themselves, has provider, region and
// jurisdiction.
func (d *declared) places() {
	const control = "data-location"
	if d.lackStores(control, d.undeclaredStores()) {
		return
	}
	var bad []string
	snippet := ""
	gaps := func(provider, region, jurisdiction string) string {
		var out []string
		for _, pair := range [][2]string{{"provider", provider}, {"region", region}, {"jurisdiction", jurisdiction}} {
			if pair[1] == "" {
				out = append(out, pair[0])
			}
		}
		return strings.Join(out, ", ")
	}
	for _, s := range d.f.Stores {
		if g := gaps(s.Provider, s.Region, s.Jurisdiction); g != "" {
			bad = append(bad, fmt.Sprintf("the store %s has no %s", quoted(s.Name), g))
			if snippet == "" {
				snippet = fmt.Sprintf("stores:\n  %s: {provider: %s, service: %s, region: %s, jurisdiction: %s}", scalar(s.Name), or(s.Provider, askProvider), or(s.Service, askService), or(s.Region, askRegion), or(s.Jurisdiction, askJurisdiction))
			}
		}
	}
	for i := range d.f.Services {
		s := &d.f.Services[i]
		if g := gaps(s.Provider, s.Region, s.Jurisdiction); g != "" && len(s.serves()) == 0 {
			bad = append(bad, fmt.Sprintf("the service %s has no %s", quoted(s.Name), g))
			if snippet == "" {
				host := "api.service.example"
				if len(s.Hosts) > 0 {
					host = s.Hosts[0]
				}
				snippet = fmt.Sprintf("services:\n  - {name: %s, hosts: [%s], provider: %s, region: %s, jurisdiction: %s}", scalar(s.Name), scalar(host), or(s.Provider, askProvider), or(s.Region, askRegion), or(s.Jurisdiction, askJurisdiction))
			}
		}
	}
	if len(bad) > 0 {
		more := ""
		if n := len(bad) - maxNamed; n > 0 {
			bad, more = bad[:maxNamed], fmt.Sprintf("; and %d more", n)
		}
		d.lack(storesVerifier, control, nil, "Where data is kept is not fully disclosed: "+strings.Join(bad, "; ")+more+".", snippet)
		return
	}
	d.prove(rules.Observation{Verifier: storesVerifier, Control: control, Link: d.f.Name, Expires: d.reviewedUntil("stores"),
		Text: fmt.Sprintf("%d stores and %d services are declared with provider, region and jurisdiction", len(d.f.Stores), len(d.f.Services))})
}
