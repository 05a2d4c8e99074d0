package secrets

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/catalog"
	"github.com/staylisted/staylisted/rules/files/planted"
	"github.com/staylisted/staylisted/rules/tree"
)

var testNow = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

// treeOf makes a tree of files.
func treeOf(content map[string]string, missing ...string) *tree.Tree {
	fsys := fstest.MapFS{}
	for name, text := range content {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return tree.New(fsys, slices.Collect(maps.Keys(content)), missing)
}

// letters makes up a value of n characters; the source must not hold any.
func letters(seed uint64, n int, alphabet string) string {
	r := rand.New(rand.NewPCG(seed, 1))
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[r.IntN(len(alphabet))]
	}
	return string(b)
}

const (
	base62 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	hexes  = "0123456789abcdef"
)

// placed writes findings as "rule path:line".
func placed(list []rules.Finding) []string {
	out := []string{}
	for _, f := range list {
		out = append(out, fmt.Sprintf("%s %s:%d", f.Rule, f.Location.Path, f.Location.Line))
	}
	slices.Sort(out)
	return out
}

func runOf(t *testing.T, g rules.Gathered, verifier string) rules.VerifierRun {
	t.Helper()
	for _, r := range g.Runs {
		if r.Verifier == verifier {
			return r
		}
	}
	t.Fatalf("%s left no run", verifier)
	return rules.VerifierRun{}
}

// sharedScan is loaded once for the tests that look at many small trees.
var sharedScan = sync.OnceValues(func() (*secretScan, error) { return newSecretScan(Rules(), testNow) })

// secretsIn is [secrets] without loading the patterns again.
func secretsIn(t *testing.T, files *tree.Tree, opts Options) (g rules.Gathered) {
	t.Helper()
	s, err := sharedScan()
	if err != nil {
		t.Fatal(err)
	}
	s.run(t.Context(), files, opts, &g)
	return g
}

func TestSecrets(t *testing.T) {
	github := "ghp_" + letters(1, 36, base62)
	aws := "AKIA" + letters(2, 16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
	apollo := "q7" + letters(3, 20, base62)
	druva := "q7" + letters(4, 30, base62)
	monday := letters(5, 32, hexes)
	password := "q7" + letters(6, 16, base62)
	body := letters(7, 64, base62) + "\n" + letters(8, 64, base62)
	pem := "-----BEGIN " + "RSA PRIVATE KEY-----\n" + body + "\n-----END " + "RSA PRIVATE KEY-----\n"
	jwt := func(payload string) string {
		return "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9." + b64(payload) + "." + letters(9, 43, base62)
	}
	var utf16 strings.Builder
	utf16.WriteString("\xff\xfe")
	for _, c := range "token = '" + github + "'\n" {
		utf16.WriteString(string([]byte{byte(c), 0}))
	}
	for _, tt := range []struct {
		name, file, text string
		want             []string
	}{
		{"provider's format", "src/a.py", "x = 1\ntoken = '" + github + "'\n", []string{"MKT405 src/a.py:2"}},
		{"any text file", "notes", "use " + github + " here", []string{"MKT405 notes:1"}},
		{"notebook", "a.ipynb", `{"source": ["key = '` + aws + `'\n"]}`, []string{"MKT405 a.ipynb:1"}},
		{"a picture as text", "logo.svg", "<svg><!-- " + github + " --></svg>", []string{"MKT405 logo.svg:1"}},
		{"lock file", "package-lock.json", `{"resolved": "https://x/` + github + `"}`, []string{"MKT405 package-lock.json:1"}},
		{"sums of a lock file", "yarn.lock", "key \"" + letters(10, 40, base62) + "\"\n  secret = \"" + letters(10, 40, base62) + "\"\n", nil},
		{"utf-16", "a.ps1", utf16.String(), []string{"MKT405 a.ps1:1"}},
		{"binary", "a.bin", "\x00" + github, nil},
		{"test code", "src/a_test.go", "const k = \"" + github + "\"\n", []string{"MKT405/doubtful src/a_test.go:1"}},
		{"test data", "testdata/a.txt", github, []string{"MKT405/doubtful testdata/a.txt:1"}},
		{"private key", "key.pem", pem, []string{"MKT405 key.pem:1"}},
		{"private key in one string", "a.js", `const k = "` + strings.ReplaceAll(pem, "\n", `\n`) + `";`, []string{"MKT405 a.js:1"}},
		{"headers of keys in a parser", "parse.py", `HEADS = ["-----BEGIN ` + `RSA PRIVATE KEY-----", "something else that is long enough to match", "-----BEGIN ` + `EC PRIVATE KEY-----"]`, nil},
		{"key without its body", "README.md", "-----BEGIN " + "PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC...snip...more dots here for the length of it\n-----END " + "PRIVATE KEY-----\n", nil},
		{"public certificate", "ca.pem", "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n", nil},
		{"documented example", "README.md", "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7" + "EXAMPLE\nSTRIPE=sk" + "_test_4eC39HqLyjWDarjtT1zdp7dc\n", nil},
		{"base64", "k8s/a.yaml", "  token: " + b64("token: "+github+" ") + "\n", []string{"MKT405 k8s/a.yaml:1"}},
		{"percent", "a.txt", "u=%67%68%70_" + github[4:] + "\n", []string{"MKT405 a.txt:1"}},

		{"apollo", "cfg.py", "APOLLO_API_KEY = '" + apollo + "'", []string{"MKT405 cfg.py:1"}},
		{"apollo, camel case", "cfg.ts", "const apolloApiKey = \"" + apollo + "\";", []string{"MKT405 cfg.ts:1"}},
		{"apollo in JSON", "cfg.json", `{"apollo": {"x": 1}, "apollo.api-key": "` + apollo + `"}`, []string{"MKT405 cfg.json:1"}},
		{"druva", "cfg.toml", "druva_client_secret = \"" + druva + "\"", []string{"MKT405 cfg.toml:1"}},
		{"druva secret key", "cfg.rb", "DRUVA_SECRET_KEY = '" + druva + "'", []string{"MKT405 cfg.rb:1"}},
		{"monday signing secret", "cfg.yml", "MONDAY_SIGNING_SECRET: " + monday, []string{"MKT405 cfg.yml:1"}},
		{"monday token", "cfg.js", "fetch(u, {headers: {Authorization: 'eyJhbGciOiJIUzI1NiJ9." + b64(`{"tid":123456789,"aai":11,"uid":22}`) + "." + letters(11, 43, base62) + "'}})", []string{"MKT405 cfg.js:1"}},
		{"references", "cfg.js", "const mondaySigningSecret = process.env.MONDAY_SIGNING_SECRET2;\nconst druva_client_secret = config.druva.clientSecret99;\nAPOLLO_API_KEY=${APOLLO_API_KEY}\nAPOLLO_API_KEY=$APOLLO_API_KEY\n", nil},
		{"placeholders", "README.md", "APOLLO_API_KEY=your_apollo_api_key_1\nMONDAY_SIGNING_SECRET=<signing secret>\nDRUVA_CLIENT_SECRET=xxxxxxxxxxxxxxxxxxxx\n", nil},
		{"another Apollo", "a.ts", "import { ApolloServer123456789012345 } from 'apollo-server-token-1234567890123';", nil},

		{"name and random value", "a.ts", "const clientKey = '" + letters(12, 30, base62) + "';", []string{"MKT405/random a.ts:1"}},
		{"name of a digest", "a.json", `{"hashed_secret": "` + letters(12, 40, hexes) + `", "publicKey": "` + letters(12, 40, base62) + `"}`, nil},
		{"minified", "web/app.min.js", "a={apiKey:'" + letters(12, 30, base62) + "'}", nil},
		{"minified, known format", "web/app.min.js", "a={apiKey:'" + github + "'}", []string{"MKT405 web/app.min.js:1"}},
		{"one value again", "a.ts", strings.Repeat("const clientKey = '"+letters(12, 30, base62)+"';\n", 2), []string{"MKT405/random a.ts:1", "MKT405/random a.ts:2"}},
		{"again and again in a test", "a_test.go", strings.Repeat("const clientKey = \""+letters(12, 30, base62)+"\";\n", 2), []string{"MKT405/random a_test.go:1"}},
		{"typed by hand", "a.ts", "const SNYK_TOKEN = '12345678-ABCD-ABCD-ABCD-1234567890AB';\nconst appKey = 'k1234567890abcdef';", []string{"MKT405/doubtful a.ts:1"}},
		{"web token", "a.ts", "const t = '" + jwt(`{"sub":"a","exp":2524604461}`) + "';", []string{"MKT405/random a.ts:1"}},
		{"web token that is over", "a.ts", "const t = '" + jwt(`{"sub":"a","exp":1524604461}`) + "';", nil},
		{"client id", "a.txt", "discord_client_id = '" + letters(13, 18, "123456789") + "'", []string{"MKT405/identifier a.txt:1"}},

		{"environment file", ".env", "# settings\nPORT=8080\nJWT_SECRET=changeme\nDB_PASSWORD=\"" + password + "\"\n", []string{"MKT408/file .env:3", "MKT408/file .env:4"}},
		{"environment file of production", "deploy/.env.production", "export SMTP_PASSWORD=" + password + "\n", []string{"MKT408/file deploy/.env.production:1"}},
		{"environment file for development", ".env.development", "JWT_SECRET=changeme\n", []string{"MKT408/file-default .env.development:1"}},
		{"sample", ".env.example", "JWT_SECRET=changeme\nDB_PASSWORD=secret\n", nil},
		{"environment file without values", ".env", "JWT_SECRET=\nDB_PASSWORD=${DB_PASSWORD}\nAPI_KEY=your-api-key\nSESSION_TOKEN=<token>\nSECRET_FILE=/run/secrets/a\nTOKEN_TTL=3600\nPAGE_TOKEN=abcdefg1\n", nil},
		{"default in compose", "docker-compose.yml", "services:\n  db:\n    environment:\n      POSTGRES_PASSWORD: changeme\n      JWT_SECRET: ${JWT_SECRET}\n", []string{"MKT408/file-default docker-compose.yml:4"}},
		{"default in properties", "application.properties", "spring.datasource.password=secret\nkeyboard=secret\n", []string{"MKT408/file-default application.properties:1"}},
		{"workflow", ".github/workflows/ci.yml", "env:\n  POSTGRES_PASSWORD: postgres\n", nil},
		{"translation", "locale/en.json", `  "form.password": "Password",` + "\n", nil},

		{"password of a database", "cfg.yml", "db: postgres://app:" + password + "@db.acme.io/app", []string{"MKT405/connection cfg.yml:1"}},
		{"password for this machine", "cfg.yml", "db: postgres://app:" + password + "@localhost/app", []string{"MKT405/connection-review cfg.yml:1"}},
		{"password everybody knows, for this machine", "cfg.yml", "db: postgres://postgres:postgres@db:5432/app", nil},
		{"no password", "cfg.yml", "db: postgres://app:${PASSWORD}@db.acme.io/app\nb: redis://:@x.acme.io\nc: https://x.acme.io:8080/@scope\nd: https://user:pass@example.com/\n", nil},
		{"password of a URL", "cfg.yml", "r: https://deploy:" + password + "@registry.acme.io/x", []string{"files:secrets/userinfo cfg.yml:1"}},
		{"secret in a query", "cfg.yml", "u: https://api.acme.io/v1?x=1&api_key=" + password, []string{"files:secrets/query cfg.yml:1"}},
		{"query with a variable", "a.js", "get(`https://api.acme.io/v1?api_key=${key}`)", []string{"files:secrets/query-review a.js:1"}},
		{"query with a variable behind it", "a.js", "get(\"https://api.acme.io/v1?access_token=\" + token)", []string{"files:secrets/query-review a.js:1"}},
		{"harmless queries", "a.js", "get(`https://x/y?page_token=${t}`); get('/y?token_type=bearer&code=abc'); x = a ? key=1 : 2; get(`/z?api_key=`)", nil},
		{"manual", "README.md", "GET https://api.acme.io/v1?api_key=YOUR_API_KEY and `?api_key=${KEY}`", nil},
		{"proxy", "nginx/app.conf", "proxy_set_header Authorization \"Bearer $arg_token\";\nproxy_set_header X $arg_page;\n", []string{"files:secrets/proxy-argument nginx/app.conf:1"}},
		{"not a proxy", "a.php", "$arg_token = 1;", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g := secretsIn(t, treeOf(map[string]string{tt.file: tt.text}), Options{})
			if got := placed(g.Findings); !slices.Equal(got, append([]string{}, tt.want...)) {
				t.Errorf("got %q\nwant %q", got, tt.want)
			}
			for _, v := range []string{verifierSecrets, verifierURLs} {
				if r := runOf(t, g, v); r.State != rules.Complete {
					t.Errorf("%s ended %s: %s", v, r.State, r.Reason)
				}
			}
		})
	}
}

func b64(s string) string {
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	var b strings.Builder
	bits, n := 0, 0
	for i := range len(s) {
		bits, n = bits<<8|int(s[i]), n+8
		for n >= 6 {
			n -= 6
			b.WriteByte(digits[bits>>n&63])
		}
	}
	if n > 0 {
		b.WriteByte(digits[bits<<(6-n)&63])
	}
	return b.String()
}

// TestSecretsPlanted finds every planted value and shows none, whether in the
// files or in the history.
func TestSecretsPlanted(t *testing.T) {
	content := planted.Files()
	history := func(ctx context.Context, each func(Blob) error) error {
		for _, name := range slices.Sorted(maps.Keys(content)) {
			if err := each(Blob{Commit: strings.Repeat("ab", 20), Path: name, Data: []byte(content[name])}); err != nil {
				return err
			}
		}
		return nil
	}
	for _, tt := range []struct {
		name string
		tree *tree.Tree
		opts Options
	}{
		{"files", treeOf(content), Options{Now: testNow}},
		{"history", treeOf(nil), Options{Now: testNow, History: history}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g := Scan(t.Context(), tt.tree, tt.opts)
			out, err := json.Marshal(g)
			if err != nil {
				t.Fatal(err)
			}
			if shown := planted.In(fmt.Appendf(out, "%+v", g)); len(shown) > 0 {
				t.Errorf("the output shows %v: %s", shown, out)
			}
			for _, s := range planted.Secrets() {
				if tt.name == "history" && s.Name == "query" {
					continue
				}
				line := 1 + strings.Count(content[s.File][:strings.Index(content[s.File], hiddenIn(content[s.File], s.Value))], "\n")
				found := slices.ContainsFunc(g.Findings, func(f rules.Finding) bool {
					return f.Location.Path == s.File && (f.Location.Line == line || strings.Contains(f.Message, fmt.Sprintf("line %d;", line)) || strings.HasSuffix(s.File, ".pem"))
				})
				if !found {
					t.Errorf("%s in %s:%d was not found; got %q", s.Name, s.File, line, placed(g.Findings))
				}
			}
		})
	}
	if shown := planted.In([]byte("x " + planted.Secrets()[0].Value[8:14] + " y")); !slices.Equal(shown, []string{"aws"}) {
		t.Errorf("a part of a planted value is not recognised: %v", shown)
	}
}

// hiddenIn returns the text that stands for a value in a file: itself, or the
// line that holds it encoded.
func hiddenIn(text, value string) string {
	if strings.Contains(text, value) {
		return value
	}
	return "gitlab: "
}

// TestSecretsIdentity holds that a finding stays the same when it moves and when
// its value changes, and that nothing in it is made of the value.
func TestSecretsIdentity(t *testing.T) {
	find := func(text string) rules.Finding {
		g := Scan(t.Context(), treeOf(map[string]string{"a.py": text}), Options{Now: testNow})
		if len(g.Findings) != 1 {
			t.Fatalf("got %q", placed(g.Findings))
		}
		return g.Findings[0]
	}
	first := find("TOKEN = 'ghp_" + letters(20, 36, base62) + "'\n")
	moved := find("\n\nimport os\nTOKEN = 'ghp_" + letters(21, 36, base62) + "'\n")
	other := find("OTHER = 'ghp_" + letters(20, 36, base62) + "'\n")
	switch {
	case first.Tokens == "" || first.Tokens != moved.Tokens || moved.Location.Line != 4:
		t.Errorf("tokens %q at line %d and %q at line %d, want the same ones", first.Tokens, first.Location.Line, moved.Tokens, moved.Location.Line)
	case first.Tokens == other.Tokens:
		t.Error("two names have the same tokens")
	case !strings.Contains(first.Message, "TOKEN") || first.CVSS == nil || first.CVSS.Vector != v91 || first.Control != "no-secrets-in-repo" || first.Source != "file":
		t.Errorf("finding %+v", first)
	}
}

// TestSecretsReveal leaves out a name that repeats a part of the value.
func TestSecretsReveal(t *testing.T) {
	value := letters(22, 36, base62)
	g := Scan(t.Context(), treeOf(map[string]string{"a.py": value[3:12] + " = 'ghp_" + value + "'\n"}), Options{Now: testNow})
	if len(g.Findings) != 1 || strings.Contains(g.Findings[0].Message, value[3:8]) {
		t.Errorf("got %+v", g.Findings)
	}
}

// TestSecretsRules holds that every finding's rule is described, and speaks to
// controls that exist.
func TestSecretsRules(t *testing.T) {
	c, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	controls := map[string]bool{}
	for _, x := range c.Controls {
		controls[x.ID] = true
	}
	for _, r := range Rules() {
		if r.Name == "" || r.Title == "" || r.Flags == "" || r.Safe == "" || r.Remediation == "" || r.Tool != "staylisted" || len(r.CWE) == 0 {
			t.Errorf("%s is not described: %+v", r.ID, r)
		}
		if (r.Vector == "") != (r.Class == rules.Informational) {
			t.Errorf("%s of class %s has vector %q", r.ID, r.Class, r.Vector)
		}
		if r.Vector != "" && r.Finding("file", "", rules.Location{}).CVSS == nil {
			t.Errorf("%s has a vector that gives no score", r.ID)
		}
		for _, id := range r.Controls {
			if !controls[id] {
				t.Errorf("%s speaks to control %s, which does not exist", r.ID, id)
			}
		}
	}
}

// brokenFS fails to open one file.
type brokenFS struct {
	fstest.MapFS
	name string
}

func (b brokenFS) Open(name string) (fs.File, error) {
	if name == b.name {
		return nil, fs.ErrPermission
	}
	return b.MapFS.Open(name)
}

// TestSecretsUnseen holds that what was not looked at is said, with what to do.
func TestSecretsUnseen(t *testing.T) {
	stopped, stop := context.WithCancel(t.Context())
	stop()
	files := fstest.MapFS{"a.txt": {Data: []byte("a")}, "b.txt": {Data: []byte("b")}}
	for _, tt := range []struct {
		name string
		ctx  context.Context
		tree *tree.Tree
		want []string
	}{
		{"missing", t.Context(), treeOf(map[string]string{"a": "b"}, "c/d.txt"), []string{"c/d.txt", "complete checkout"}},
		{"unreadable", t.Context(), tree.New(brokenFS{files, "b.txt"}, []string{"a.txt", "b.txt"}, nil), []string{"b.txt (it cannot be read)"}},
		{"stopped", stopped, treeOf(map[string]string{"a": "b"}), []string{"more time"}},
		{"control characters", t.Context(), treeOf(nil, "a\x1b[31m"), []string{"a�[31m"}},
		{"many", t.Context(), treeOf(nil, "a", "b", "c", "d", "e"), []string{"and 2 more"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g := Scan(tt.ctx, tt.tree, Options{Now: testNow})
			for _, v := range []string{verifierSecrets, verifierURLs} {
				r := runOf(t, g, v)
				if r.State != rules.Broken {
					t.Fatalf("%s ended %s", v, r.State)
				}
				for _, want := range tt.want {
					if !strings.Contains(r.Reason, want) {
						t.Errorf("reason %q lacks %q", r.Reason, want)
					}
				}
			}
		})
	}
	if err := contained(func() error { panic("with a value") }); err == nil || strings.Contains(err.Error(), "with a value") {
		t.Errorf("a panic became %v", err)
	}
}

// TestSecretsLarge looks into a text above the usual size, and passes over a
// large archive.
func TestSecretsLarge(t *testing.T) {
	text := strings.Repeat("nothing to see here\n", usualText/20+1) + "ghp_" + letters(30, 36, base62) + "\n"
	g := Scan(t.Context(), treeOf(map[string]string{"a.log": text, "b.zip": "PK" + strings.Repeat("\x01", usualText)}), Options{Now: testNow})
	want := []string{fmt.Sprintf("MKT405 a.log:%d", usualText/20+2)}
	if got := placed(g.Findings); !slices.Equal(got, want) || runOf(t, g, verifierSecrets).State != rules.Complete {
		t.Errorf("got %q %+v, want %q", got, g.Runs, want)
	}
}

// TestSecretsMany bounds what one file can say.
func TestSecretsMany(t *testing.T) {
	var b strings.Builder
	for i := range uint64(maxFound + 25) {
		fmt.Fprintf(&b, "k%d = 'ghp_%s'\n", i, letters(100+i, 36, base62))
	}
	g := Scan(t.Context(), treeOf(map[string]string{"a.py": b.String()}), Options{Now: testNow})
	if len(g.Findings) != maxFound || !strings.Contains(g.Findings[maxFound-1].Message, "25 more values like these") {
		t.Errorf("got %d findings, the last one %q", len(g.Findings), g.Findings[len(g.Findings)-1].Message)
	}
}

// TestSecretsForeign mentions other tools' excuses and heeds none.
func TestSecretsForeign(t *testing.T) {
	key := "ghp_" + letters(31, 36, base62)
	g := Scan(t.Context(), treeOf(map[string]string{
		"a.py": "T = '" + key + "' # gitleaks:allow\n", ".gitleaksignore": "a.py:github-pat:1\n", ".gitleaks.toml": "[allowlist]\npaths = ['''.*''']\n",
	}), Options{Now: testNow})
	if got := placed(g.Findings); !slices.Equal(got, []string{"MKT405 a.py:1"}) {
		t.Errorf("got %q", got)
	}
	if len(g.Notes) != 2 || !strings.Contains(g.Notes[0], "not obeyed") {
		t.Errorf("notes %q", g.Notes)
	}
}

// TestSecretsHistory holds what earlier commits give.
func TestSecretsHistory(t *testing.T) {
	key, old := "ghp_"+letters(40, 36, base62), "ghp_"+letters(41, 36, base62)
	random := func(seed uint64) string { return "const clientKey = '" + letters(seed, 30, base62) + "';\n" }
	commit := func(c string) string { return strings.Repeat(c, 40) }
	blobs := []Blob{
		{commit("1"), "gone.py", []byte("\nTOKEN = '" + old + "'\n")},
		{commit("2"), "copy.py", []byte("TOKEN = '" + old + "'\n")},
		{commit("2"), "a.py", []byte("OTHER = '" + key + "'\n")},
		{commit("3"), ".env", []byte("DB_PASSWORD=q7" + letters(42, 16, base62) + "\n")},
		{commit("3"), "web.ts", []byte(random(43))},
		{commit("4"), "web.ts", []byte(random(44))},
		{commit("4"), "compose.yml", []byte("DB_PASSWORD: changeme\n")},
		{commit("4"), "test/x.py", []byte("TOKEN = 'ghp_" + letters(45, 36, base62) + "'\n")},
		{commit("5"), "vendor/github.com/lib/pq/certs/server.key", []byte("TOKEN = 'ghp_" + letters(46, 36, base62) + "'\n")},
		{commit("5"), "bin", []byte("\x00" + old)},
	}
	walk := func(after error) func(context.Context, func(Blob) error) error {
		return func(ctx context.Context, each func(Blob) error) error {
			for _, b := range blobs {
				if err := each(b); err != nil {
					return err
				}
			}
			return after
		}
	}
	present := treeOf(map[string]string{"a.py": "T = '" + key + "'\n"})
	g := Scan(t.Context(), present, Options{Now: testNow, History: walk(nil)})
	want := []string{
		"MKT405 a.py:1", "files:secret-history .env:0", "files:secret-history gone.py:0",
		"files:secret-history/review test/x.py:0", "files:secret-history/review web.ts:0",
	}
	if got := placed(g.Findings); !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	if r := runOf(t, g, verifierHistory); r.State != rules.Complete {
		t.Errorf("ended %s: %s", r.State, r.Reason)
	}
	for _, f := range g.Findings {
		if f.Location.Path == "gone.py" && !strings.HasPrefix(f.Message, "commit 111111111111 has ") {
			t.Errorf("message %q lacks the commit", f.Message)
		}
	}
	again := Scan(t.Context(), present, Options{Now: testNow, History: walk(nil)})
	if !slices.EqualFunc(g.Findings, again.Findings, func(a, b rules.Finding) bool { return a.Message == b.Message && a.Tokens == b.Tokens }) {
		t.Error("two runs differ")
	}

	g = Scan(t.Context(), present, Options{Now: testNow, History: walk(errors.New("the clone is shallow"))})
	if r := runOf(t, g, verifierHistory); r.State != rules.Broken || !strings.Contains(r.Reason, "shallow") || len(g.Findings) != len(want) {
		t.Errorf("ended %s: %s, with %d findings", r.State, r.Reason, len(g.Findings))
	}
	g = Scan(t.Context(), present, Options{Now: testNow})
	if r := runOf(t, g, verifierHistory); r.State != rules.NotRun || !strings.Contains(r.Reason, "--history") {
		t.Errorf("ended %s: %s", r.State, r.Reason)
	}
	stopped, stop := context.WithCancel(t.Context())
	g = Scan(stopped, present, Options{Now: testNow, History: func(ctx context.Context, each func(Blob) error) error {
		stop()
		return ctx.Err()
	}})
	if r := runOf(t, g, verifierHistory); r.State != rules.Broken {
		t.Errorf("a stopped walk ended %s", r.State)
	}
}

// TestSecretsHostile holds that texts made to be slow take time in proportion to
// their length: eight times the text less than thirty times as long.
func TestSecretsHostile(t *testing.T) {
	s, err := sharedScan()
	if err != nil {
		t.Fatal(err)
	}
	took := func(text string) time.Duration {
		best := time.Hour
		for range 3 {
			start := time.Now()
			s.inspect("a.yaml", []byte(text))
			best = min(best, time.Since(start))
		}
		return best
	}
	const n = 16 << 10
	for _, unit := range []string{"&key=", "key=q7Xw9Zr4TtUuVvWw ", "eyJhbGciOiJIUzI1NiIsA.", "https://u:pq7x@h.io/", "QUFBQUFBQUFBQUFBQUFB ", "%41 x ", "curl -u a:b ", "token: q7Xw9Zr4TtUuVvWwa\n"} {
		short, long := took(strings.Repeat(unit, n/len(unit))), took(strings.Repeat(unit, 8*n/len(unit)))
		if long > 30*max(short, time.Millisecond) {
			t.Errorf("%q: %v for %d bytes and %v for %d", unit, short, n, long, 8*n)
		}
	}
}

func TestNamesSecret(t *testing.T) {
	for name, want := range map[string]bool{
		"DB_PASSWORD": true, "jwtSecret": true, "SECRET_KEY_BASE": true, "apiKey": true, "API-KEY": true, "spring.datasource.password": true, "AUTH_TOKEN_2": true, "HTTPAuthToken": true, "smtp_pass": true,
		"tokenizer": false, "author": false, "compass": false, "keyboard": false, "secretary": false, "PAGE_TOKEN": false, "max_token": false, "token_ttl": false, "SECRET_FILE": false, "publicKey": false, "key": false, "": false, "PASSWORD_MIN_LENGTH": false,
	} {
		if got := namesSecret(name); got != want {
			t.Errorf("namesSecret(%q) = %v, words %q", name, got, wordsOf(name))
		}
	}
}

// FuzzSecrets looks at any content with a value planted in it: it must be
// found, and nothing of it be shown.
func FuzzSecrets(f *testing.F) {
	s, err := newSecretScan(Rules(), testNow)
	if err != nil {
		f.Fatal(err)
	}
	value := "ghp_" + letters(50, 36, base62)
	for _, text := range planted.Files() {
		f.Add([]byte(text), "a.yaml", 3)
	}
	f.Add([]byte(value[4:20]+"="), ".env", 17)
	f.Add([]byte("https://u:@h?api_key=&amp;token="), "x.conf", 10)
	f.Add([]byte("-----BEGIN PRIVATE KEY-----\xff\xfe%41%4"), "x", 11)
	f.Add([]byte("%67%68%70_"), "x", 10)
	f.Add([]byte("-----BEGIN"+"PRIVATE KEY-----"+strings.Repeat("0", 44)+"KEY-----"), "0", 53)
	f.Fuzz(func(t *testing.T, text []byte, name string, at int) {
		at = max(0, min(at, len(text)))
		planted := slices.Concat(text[:at], []byte("\n "), []byte(value), []byte("\n"), text[at:])
		var out []rules.Finding
		for _, f := range s.inspect(name, planted) {
			out = append(out, s.finding("file", f))
			p := pastSecret{foundSecret: f, path: "file"}
			p.rule = ruleHistory
			out = append(out, s.pastFindings([]pastSecret{p})...)
		}
		shown, err := json.Marshal(out)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(shown), "github-pat") && len(out) < maxFound {
			t.Errorf("the planted value was not found in %q: %s", planted, shown)
		}
		if revealing([]string{string(shown)}, [][]byte{[]byte(value[4:])})[0] {
			t.Errorf("%s shows a part of the planted value", shown)
		}
		plainText(planted)
	})
}
