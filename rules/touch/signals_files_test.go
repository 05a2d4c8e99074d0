package touch

import (
	"encoding/base64"
	"strings"
	"testing"
)

func TestT6Workflows(t *testing.T) {
	const w = ".github/workflows/ci.yml"
	const sha, other = "0123456789abcdef0123456789abcdef01234567", "89abcdef0123456789abcdef0123456789abcdef"
	job := func(permissions, steps string) string {
		s := "name: ci\non:\n  push:\n"
		if permissions != "" {
			s += "permissions:\n" + permissions
		}
		return s + "jobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n" + steps
	}
	checkout := "      - uses: actions/checkout@" + sha + " # v6\n"
	run(t, T6, []pair{
		{"write permission", w, job("  contents: read\n", checkout), job("  contents: write\n", checkout), "high permission contents: write given", false},
		{"identity token", w, job("  contents: read\n", checkout), job("  contents: read\n  id-token: write\n", checkout), "high permission id-token: write given", false},
		{"secret", w, job("", checkout+"      - run: make\n"), job("", checkout+"      - run: make\n        env:\n          KEY: ${{ secrets.DEPLOY_KEY }}\n"), "high secret DEPLOY_KEY used", false},
		{"trigger", w, "on:\n  push:\njobs: {}\n", "on:\n  pull_request_target:\njobs: {}\n", "high trigger pull_request_target added", false},
		{"unpinned", w, job("", checkout), job("", "      - uses: actions/checkout@v6\n"), "high action actions/checkout no longer pinned", false},
		{"pinned anew", w, job("", checkout), job("", strings.Replace(checkout, sha, other, 1)), "high action actions/checkout pinned to another commit", false},
		{"new action by tag", w, job("", checkout), job("", checkout+"      - uses: acme/deploy@v1\n"), "high action acme/deploy added, not pinned", false},
		{"environment", w, "jobs:\n  a:\n    runs-on: x\n", "jobs:\n  a:\n    environment: production\n    runs-on: x\n", "high environment changed", false},
		{"all permissions", w, "permissions: read-all\njobs: {}\n", "permissions: write-all\njobs: {}\n", "high permissions changed", false},
		{"tag to commit", w, job("", "      - uses: actions/checkout@v6\n"), job("", checkout), "medium actions pinned to commits", false},
		{"newer tag", w, job("", "      - uses: actions/checkout@v5\n"), job("", "      - uses: actions/checkout@v6\n"), "medium version of unpinned actions changed", false},

		{"step", w, job("", checkout+"      - run: make\n"), job("", checkout+"      - run: make all\n"), "", false},
		{"comment of a pin", w, job("", checkout), job("", strings.Replace(checkout, "v6", "v6.0.0", 1)), "", false},
		{"order of permissions", w, job("  contents: read\n  issues: read\n", checkout), job("  issues: read\n  contents: read\n", checkout), "", false},
		{"own token", w, job("", checkout+"      - run: make\n"), job("", checkout+"      - run: make\n        env:\n          T: ${{ secrets.GITHUB_TOKEN }}\n"), "", false},
		{"same action once more", w, job("", checkout), job("", checkout+checkout), "", false},
		{"not a workflow", "deploy/ci.yml", job("  contents: read\n", checkout), job("  contents: write\n", checkout), "", false},
		{"name", w, job("", checkout), strings.Replace(job("", checkout), "name: ci", "name: build", 1), "", false},
	})
}

func TestT7Infrastructure(t *testing.T) {
	role := "resource \"aws_iam_role_policy\" \"a\" {\n  name   = \"a\"\n  policy = data.a.json\n}\n\nresource \"aws_instance\" \"b\" {\n  size = 1\n}\n"
	k8s := func(kind, body string) string {
		return "apiVersion: v1\nkind: " + kind + "\nmetadata:\n  name: a\n" + body
	}
	run(t, T7, []pair{
		{"iam policy", "infra/a.tf", role, strings.Replace(role, "data.a.json", "data.b.json", 1), "high access rules of aws_iam_role_policy changed", false},
		{"new key", "infra/a.tf", role, role + "\nresource \"aws_kms_key\" \"k\" {\n  rotation = false\n}\n", "high access rules of aws_kms_key changed", false},
		{"security group", "infra/a.tf", "resource \"aws_security_group\" \"a\" {\n  from = 443\n}\n", "resource \"aws_security_group\" \"a\" {\n  from = 0\n}\n", "high access rules of aws_security_group changed", false},
		{"role", "deploy/a.yaml", k8s("ClusterRole", "rules:\n  - verbs: [get]\n"), k8s("ClusterRole", "rules:\n  - verbs: [\"*\"]\n"), "high access rules of ClusterRole changed", true},
		{"network policy gone", "deploy/a.yaml", k8s("NetworkPolicy", "spec: {}\n"), "-", "high access rules of NetworkPolicy changed", false},
		{"binding of google", "infra/a.tf", "resource \"google_project_iam_member\" \"a\" {\n  role = \"roles/viewer\"\n}\n", "resource \"google_project_iam_member\" \"a\" {\n  role = \"roles/owner\"\n}\n", "high access rules of google_project_iam_member changed", false},
		{"cloudformation", "infra/stack.yaml", "Resources:\n  A:\n    Type: AWS::IAM::Role\n    Properties:\n      Name: a\n", "Resources:\n  A:\n    Type: AWS::IAM::Role\n    Properties:\n      Name: b\n", "high access rules of AWS::IAM::Role changed", false},

		{"other resource", "infra/a.tf", role, strings.Replace(role, "size = 1", "size = 2", 1), "", false},
		{"comment", "infra/a.tf", role, strings.Replace(role, "  policy", "  # the policy\n  policy", 1), "", false},
		{"format", "infra/a.tf", role, strings.Replace(role, "name   =", "name =", 1), "", false},
		{"deployment", "deploy/a.yaml", k8s("Deployment", "spec:\n  replicas: 1\n"), k8s("Deployment", "spec:\n  replicas: 2\n"), "", false},
		{"second document", "deploy/a.yaml", k8s("Role", "rules: []\n") + "---\n" + k8s("Service", "port: 1\n"), k8s("Role", "rules: []\n") + "---\n" + k8s("Service", "port: 2\n"), "", true},
		{"tests", "infra/tests/a.tf", role, strings.Replace(role, "data.a.json", "data.b.json", 1), "", false},
		{"variable named role", "infra/v.tf", "variable \"role_name\" {\n  default = \"a\"\n}\n", "variable \"role_name\" {\n  default = \"b\"\n}\n", "", false},
	})
}

func TestT8Policy(t *testing.T) {
	run(t, T8, []pair{
		{"policy file", ".github/staylisted.yml", "version: 1\n", "version: 1\nsuppressions:\n  - {rule: MKT508}\n", "high policy file changed", false},
		{"owners", "CODEOWNERS", "* @a\n", "* @b\n", "high code owners changed", false},
		{"security policy gone", "SECURITY.md", "Write to us.\n", "-", "high security policy removed", false},
		{"insights", "security-insights.yml", "a: 1\n", "a: 2\n", "high Security Insights changed", false},
		{"ignored secrets", ".gitleaksignore", "-", "abc:generic:1\n", "high ignored secrets added", false},
		{"nosec", "a.go", "package a\n\nvar a = f()\n", "package a\n\nvar a = f() // #nosec G304\n", "high suppression #nosec added", false},
		{"nolint", "a.go", "package a\n\nvar a = f()\n", "package a\n\nvar a = f() //nolint:errcheck,gosec\n", "high suppression //nolint:errcheck,gosec added", false},
		{"our own", "a.py", "a = f()\n", "a = f()  # staylisted:ignore MKT508 known host\n", "high suppression staylisted:ignore added", false},
		{"suppression gone", "a.go", "package a\n\nvar a = f() // #nosec G304\n", "package a\n\nvar a = f()\n", "medium suppression removed", false},

		{"other linter", "a.go", "package a\n\nvar a = f()\n", "package a\n\nvar a = f() //nolint:errcheck\n", "", false},
		{"moved", "a.go", "package a\n\nvar a = f() // #nosec G304\nvar b = 1\n", "package a\n\nvar b = 1\nvar a = f() // #nosec G304\n", "", false},
		{"old suppression beside a change", "a.go", "package a\n\nvar a = f() // #nosec G304\nvar b = 1\n", "package a\n\nvar a = f() // #nosec G304\nvar b = 2\n", "", false},
		{"read-me", "README.md", "a\n", "use // #nosec to suppress\n", "", false},
		{"notes about security", "docs/security-notes.md", "a\n", "b\n", "", false},
		{"other settings of GitHub", ".github/dependabot.yml", "version: 2\n", "version: 2\nupdates: []\n", "", false},
		{"file that ends like it", "app/myCODEOWNERS", "a\n", "b\n", "", false},
	})
	r := Compute([]File{{OldPath: ".github/staylisted.yml", NewPath: ".github/staylisted.yml", Before: []byte("version: 1\n"),
		After: []byte("version: 1\nnot-applicable:\n  - {requirement: DRUVA-NC-03}\n")}}, Options{})
	if len(r.Signals) != 1 || strings.Join(r.Signals[0].Requirements, " ") != "DRUVA-NC-03" {
		t.Errorf("a policy change names %+v, want the requirement it speaks of", r.Signals)
	}
}

func TestT9Dependencies(t *testing.T) {
	mod := func(lines ...string) string {
		return "module example.com/app\n\ngo 1.26.0\n\nrequire (\n\t" + strings.Join(lines, "\n\t") + "\n)\n"
	}
	chi := "github.com/go-chi/chi/v5 v5.2.0"
	pkg := func(lines ...string) string {
		return "{\n  \"name\": \"app\",\n  \"version\": \"1.0.0\",\n  \"dependencies\": {\n    " + strings.Join(lines, ",\n    ") + "\n  }\n}\n"
	}
	run(t, T9, []pair{
		{"added", "go.mod", mod(chi), mod(chi, "github.com/golang-jwt/jwt/v5 v5.2.0"), "high dependency github.com/golang-jwt/jwt/v5 added", false},
		{"version", "go.mod", mod(chi, "golang.org/x/crypto v0.30.0"), mod(chi, "golang.org/x/crypto v0.31.0"), "high version of golang.org/x/crypto changed", false},
		{"removed", "go.mod", mod(chi, "github.com/gorilla/csrf v1.7.0"), mod(chi), "high dependency github.com/gorilla/csrf removed", false},
		{"older Go", "go.mod", mod(chi), strings.Replace(mod(chi), "go 1.26.0", "go 1.24.9", 1), "high Go version lowered", false},
		{"replaced", "go.mod", mod(chi), mod(chi) + "\nreplace github.com/coreos/go-oidc => github.com/acme/go-oidc v1.0.0\n", "high dependency github.com/coreos/go-oidc added", false},
		{"node", "package.json", pkg(`"react": "19.0.0"`), pkg(`"react": "19.0.0"`, `"jsonwebtoken": "^9.0.0"`), "high dependency jsonwebtoken added", false},
		{"node, scoped", "package.json", pkg(`"@aws-sdk/client-kms": "3.1.0"`), pkg(`"@aws-sdk/client-kms": "3.2.0"`), "high version of @aws-sdk/client-kms changed", false},
		{"python", "requirements.txt", "flask==3.0\n", "flask==3.0\npyjwt==2.8\n", "high dependency pyjwt added", false},

		{"other library", "go.mod", mod(chi), mod("github.com/go-chi/chi/v5 v5.2.1"), "", false},
		{"indirect", "go.mod", mod(chi), mod(chi, "github.com/golang-jwt/jwt/v5 v5.2.0 // indirect"), "", false},
		{"newer Go", "go.mod", mod(chi), strings.Replace(mod(chi), "go 1.26.0", "go 1.26.1", 1), "", false},
		{"order", "go.mod", mod(chi, "golang.org/x/crypto v0.30.0"), mod("golang.org/x/crypto v0.30.0", chi), "", false},
		{"lockfile", "package-lock.json", pkg(`"jsonwebtoken": "^8.0.0"`), pkg(`"jsonwebtoken": "^9.0.0"`), "", false},
		{"sums", "go.sum", "golang.org/x/crypto v0.30.0 h1:a=\n", "golang.org/x/crypto v0.31.0 h1:b=\n", "", false},
		{"script of node", "package.json", pkg(`"test": "jest"`), pkg(`"test": "jest --auth"`), "", false},
		{"types of node", "package.json", pkg(`"react": "19.0.0"`), pkg(`"react": "19.0.0"`, `"@types/jsonwebtoken": "9.0.0"`), "", false},
	})
}

func TestT10Words(t *testing.T) {
	typ := func(fields string) string { return "package app\n\ntype settings struct {\n" + indent(fields) + "}\n" }
	run(t, T10, []pair{
		{"one word", "a.go", inFunc("start", "run(1)"), inFunc("start", "run(1, cfg.Password)"), "medium speaks of password", false},
		{"two words in one function", "a.go", inFunc("start", "run(1)"), inFunc("start", "run(1, cfg.Password)\nopen(cfg.Session)"), "high speaks of password, session", false},
		{"field", "a.go", typ("Name string"), typ("Name string\nAPIKey string"), "medium speaks of secret", false},
		{"column in a query", "a.go", inFunc("load", "q(`SELECT name\nFROM users`)"), inFunc("load", "q(`SELECT name,\npassword_hash\nFROM users`)"), "medium speaks of password", false},
		{"logged", "a.go", inFunc("start", "log.Print(name)"), inFunc("start", "log.Print(name, cfg.Secret)"), "medium speaks of secret", false},
		{"typescript", "lib/load.ts", "export async function load(c) {\n  return a(c);\n}\n", "export async function load(c) {\n  return a(c, c.apiKey);\n}\n", "medium speaks of secret", false},
		{"python", "jobs.py", "def job(c):\n    a(c)\n", "def job(c):\n    a(c, c.credentials)\n", "medium speaks of secret", false},
		{"two words of weak meaning", "a.go", inFunc("start", "run(1)"), inFunc("start", "run(1, row.SessionID, row.TokenCount)"), "medium speaks of session, token", false},
		{"form", "web/components/PasswordForm.tsx", "function PasswordForm() {\n  save(1);\n}\n", "function PasswordForm() {\n  save(2);\n}\n", "medium interface speaks of password", false},

		{"author", "a.go", inFunc("start", "run(1)"), inFunc("start", "run(1, post.Author)"), "", false},
		{"tokenizer", "a.go", inFunc("start", "run(1)"), inFunc("start", "run(1, tokenizer, nextToken, parserToken)"), "", false},
		{"compass", "a.go", inFunc("start", "run(1)"), inFunc("start", "run(1, compass, passenger, bypass)"), "", false},
		{"next page token", "a.go", inFunc("start", "run(1)"), inFunc("start", "run(1, resp.NextPageToken)"), "", false},
		{"word in a comment", "a.go", inFunc("start", "run(1)"), inFunc("start", "// the password comes from the vault\nrun(1)"), "", false},
		{"word in a message", "a.go", inFunc("start", "fail(\"could not start the whole thing\")"), inFunc("start", "fail(\"could not find the password or the secret\")"), "", false},
		{"text of a translation", "a.ts", "function a() {\n  show(1);\n}\n", "function a() {\n  show(t('session.password.title'));\n}\n", "", false},
		{"tag", "web/App.tsx", "function App() {\n  return (\n    <div>\n    </div>\n  );\n}\n", "function App() {\n  return (\n    <div role=\"button\" title=\"secret\">\n    </div>\n  );\n}\n", "", false},
		{"test", "a_test.go", inFunc("start", "run(1)"), inFunc("start", "run(1, cfg.Password)"), "", false},
		{"code of others", "vendor/x/a.go", inFunc("start", "run(1)"), inFunc("start", "run(1, cfg.Password)"), "", false},
		{"generated", "a.go", "// Code generated by x. DO NOT EDIT.\n\n" + inFunc("start", "run(1)"), "// Code generated by x. DO NOT EDIT.\n\n" + inFunc("start", "run(1, cfg.Password)"), "", true},
		{"style sheet", "web/a.css", ".a { color: red }\n", ".password { color: red }\n", "", false},
	})
}

func TestT11Settings(t *testing.T) {
	run(t, T11, []pair{
		{"yaml", "config.yml", "server:\n  port: 1\n", "server:\n  port: 1\n  session_secret: x\n", "medium speaks of secret", false},
		{"section", "config.yml", "auth:\n  ttl: 5m\n", "auth:\n  ttl: 50m\n", "medium speaks of auth", false},
		{"toml", "config.toml", "[oauth2]\nurl = \"a\"\n", "[oauth2]\nurl = \"b\"\n", "medium speaks of oauth", false},
		{"json", "config.json", "{\n  \"jwt\": {\"ttl\": 1}\n}\n", "{\n  \"jwt\": {\"ttl\": 2}\n}\n", "medium speaks of jwt", false},
		{"environment file", ".env.production", "PORT=1\n", "PORT=2\n", "medium environment file changed", false},
		{"environment, named", ".env", "PORT=1\n", "PORT=1\nDB_PASSWORD=x\n", "medium speaks of password", false},
		{"migration", "db/0002.sql", "-", "ALTER TABLE users ADD COLUMN totp_secret text;\n", "medium speaks of mfa", false},
		{"helm", "chart/values.yaml", "ingress:\n  tls: false\n", "ingress:\n  tls: true\n", "medium speaks of crypto", false},
		{"dockerfile", "Dockerfile", "FROM a\n", "FROM a\nENV ADMIN_PASSWORD=x\n", "medium speaks of password", false},
		{"variable of terraform", "infra/a.tfvars", "db_password = \"a\"\n", "db_password = \"b\"\n", "medium speaks of password", false},

		{"other key", "config.yml", "server:\n  port: 1\n", "server:\n  port: 2\n", "", false},
		{"author", "config.yml", "author: a\n", "author: b\n", "", false},
		{"comment", "config.yml", "a: 1\n", "a: 1 # the password\n", "", false},
		{"order", "config.yml", "password_file: a\nport: 1\n", "port: 1\npassword_file: a\n", "", false},
		{"translations", "locales/en.json", "{\n  \"password\": \"Password\"\n}\n", "{\n  \"password\": \"Your password\"\n}\n", "", false},
		{"index of a table", "db/0003.sql", "-", "CREATE INDEX a ON entries(status);\n", "", false},
		{"documentation", "docs/config.yml", "password: a\n", "password: b\n", "", false},
		{"indentation", "config.yml", "a:\n  password_file: x\n", "a:\n    password_file: x\n", "", false},
		{"build argument", "Dockerfile", "FROM a\n", "FROM a\nARG VERSION=1\n", "", false},
	})
}

// Values are put together here so that this file holds none.
func TestT12Secrets(t *testing.T) {
	aws := "AKIA" + "Q7WZ3NYB5RT2KXLM"
	github := "ghp" + "_" + "R4kz9QmB7xWc2TfL8vNs3HjYp6Gd1EaUqK5o"
	stripe := "sk" + "_live_" + "9fKq2LmX7bTz4RvW8cNy3HpD"
	slack := "xox" + "b-" + "739182645012-839201746551-Qm7xRt2LzKv9WbNc4HsYp3Fd"
	b64 := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	jwt := b64(`{"alg":"HS256","typ":"JWT"}`) + "." + b64(`{"sub":"u-831","aud":"app"}`) + "." + "tQ7mZx4Kc9RbW2nLs8VfYh3Jd6Gp1EaUo5Bi0TkXqMw"
	body := "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\nMzEfYyjiWA4R4/M2bS1GB4t7NXp98C3SC6dVMvDuictGeurT8jNbvJZHtCSuYEvu\n"
	key := "-----BEGIN " + "PRIVATE KEY-----\n" + body + "-----END " + "PRIVATE KEY-----\n"
	monday := "MONDAY_SIGNING_SECRET=" + "8f3Kq92LmX7bTz4RvW8cNy3HpD61ab"
	add := func(s string) string { return "a = 1\n" + s + "\n" }
	run(t, T12, []pair{
		{"aws", "conf.py", "a = 1\n", add("key = '" + aws + "'"), "critical an AWS access key", false},
		{"github", "conf.py", "a = 1\n", add("key = '" + github + "'"), "critical a GitHub token", false},
		{"stripe", "conf.js", "a = 1\n", add("key = '" + stripe + "'"), "critical a Stripe key", false},
		{"slack", "conf.yml", "a: 1\n", "a: 1\nb: " + slack + "\n", "critical a Slack token", false},
		{"signed token", "conf.js", "a = 1\n", add("key = '" + jwt + "'"), "critical a signed token (JWT)", false},
		{"private key", "deploy/key.pem", "-", key, "critical a private key", false},
		{"private key on one line", "conf.env", "a = 1\n", add("KEY=\"" + strings.ReplaceAll(key, "\n", `\n`) + "\""), "critical a private key", false},
		{"of a marketplace", ".env", "A=1\n", "A=1\n" + monday + "\n", "critical a value for monday.com's credential", false},
		{"in a test", "a_test.go", "package a\n", "package a\n\nvar k = \"" + github + "\"\n", "critical a GitHub token", false},
		{"in documentation", "docs/a.md", "a\n", "a\n" + aws + "\n", "critical an AWS access key", false},
		{"in code of others", "vendor/a/a.go", "package a\n", "package a\n\nvar k = \"" + github + "\"\n", "critical a GitHub token", false},

		{"example of aws", "conf.py", "a = 1\n", add("key = 'AKIA" + "IOSFODNN7EXAMPLE'"), "", false},
		{"one character", "conf.py", "a = 1\n", add("key = 'ghp" + "_" + strings.Repeat("a", 36) + "'"), "", false},
		{"example token of jwt.io", "a.js", "a = 1\n", add("key = '" + b64(`{"alg":"HS256","typ":"JWT"}`) + "." + b64(`{"sub":"1234567890","name":"John Doe","iat":1516239022}`) + ".SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c'"), "", false},
		{"not a token", "a.js", "a = 1\n", add("key = 'eyJhbm90aGVyIjoxfQ.eyJhbm90aGVyIjoxfQ.AAAABBBBCCCCDDDDEEEEFFFF'"), "", false},
		{"removed", "conf.py", add("key = '" + github + "'"), "a = 1\n", "", false},
		{"moved", "conf.py", "key = '" + github + "'\na = 1\n", "a = 1\nkey = '" + github + "'\n", "", false},
		{"public key", "key.pem", "-", "-----BEGIN PUBLIC KEY-----\n" + body + "-----END PUBLIC KEY-----\n", "", false},
		{"heading of a key alone", "a.go", "package a\n", "package a\n\nconst head = \"-----BEGIN " + "PRIVATE KEY-----\"\n", "", false},
		{"read from the environment", "a.go", "package a\n", "package a\n\nvar MondaySecret = os.Getenv(\"MONDAY_SIGNING_SECRET_FOR_TESTS\")\n", "", false},
		{"placeholder", ".env", "A=1\n", "A=1\nMONDAY_SIGNING_SECRET=your-signing-secret-goes-here-123\n", "", false},
		{"stripe test key", "conf.js", "a = 1\n", add("key = 'sk" + "_test_9fKq2LmX7bTz4RvW8cNy3HpD'"), "", false},
	})
	t.Run("never the value", func(t *testing.T) {
		text := add(aws + " " + github + " " + stripe + " " + slack + " " + jwt + " " + monday)
		r := Compute([]File{{NewPath: "conf.py", After: []byte(text)}}, Options{})
		if r.Level != Critical || len(r.Signals) < 5 {
			t.Fatalf("level %s, %d signals", r.Level, len(r.Signals))
		}
		for _, s := range r.Signals {
			for _, v := range []string{aws, github, stripe, slack, jwt, monday[22:]} {
				if strings.Contains(s.What+s.Symbol+s.Question+s.Path, v[4:12]) {
					t.Errorf("a signal repeats part of the secret: %+v", s)
				}
			}
			if s.ID == T12 && s.Question != secretFound {
				t.Errorf("question %q", s.Question)
			}
		}
	})
}
