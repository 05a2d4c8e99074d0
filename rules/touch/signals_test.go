package touch

import (
	"strings"
	"testing"
)

func TestT1Routes(t *testing.T) {
	setup := func(body string) string {
		return "package app\n\nfunc mount(r *mux.Router, e *echo.Echo) {\n" + indent(body) + "}\n"
	}
	run(t, T1, []pair{
		{"added", "routes.go", setup(`r.HandleFunc("/a", a)`), setup("r.HandleFunc(\"/a\", a)\nr.HandleFunc(\"/b\", b)"), "high route /b added", false},
		{"removed", "routes.go", setup("e.GET(\"/a\", a)\ne.POST(\"/b\", b)"), setup(`e.GET("/a", a)`), "high route /b removed", false},
		{"method in the pattern", "routes.go", setup(`x()`), setup("x()\nmx.Handle(\"POST /hook\", h)"), "high route /hook added", false},
		{"middleware of one route", "routes.go", setup(`e.GET("/a", a, guard)`), setup(`e.GET("/a", a)`), "high handler or middleware of route /a changed", false},
		{"chain", "routes.go", setup("r.Use(recoverer)\nr.Use(sessions)"), setup(`r.Use(recoverer)`), "high middleware removed", false},
		{"order of the chain", "routes.go", setup("r.Use(auth)\nr.Use(limit)"), setup("r.Use(limit)\nr.Use(auth)"), "high order of middleware changed", false},
		{"open list", "acl.go", "package app\n\nvar authenticationAllowlist = map[string]bool{\n\t\"/ping\": true,\n}\n", "package app\n\nvar authenticationAllowlist = map[string]bool{\n\t\"/ping\": true,\n\t\"/users\": true,\n}\n", "high list of what is open without signing in changed", false},
		{"open list of javascript", "proxy.ts", "export const publicRoutes = [\n  '/login',\n];\n", "export const publicRoutes = [\n  '/login',\n  '/admin',\n];\n", "high list of what is open without signing in changed", false},
		{"express", "server.js", "app.get('/a', a);\n", "app.get('/a', a);\napp.post('/b', b);\n", "high route /b added", false},
		{"express chain", "server.js", "app.use(helmet());\n", "app.use(logger);\n", "high middleware chain changed", false},
		{"flask", "app.py", "@app.route('/a')\ndef a():\n    return 1\n", "@app.route('/a')\ndef a():\n    return 1\n\n@app.route('/b')\ndef b():\n    return 2\n", "high route /b added", false},
		{"next.js file", "src/app/api/users/route.ts", "-", "export async function GET() {\n  return ok();\n}\n", "high route /api/users added", false},
		{"next.js method", "src/app/api/users/route.ts", "export async function GET() {\n  return list();\n}\n", "export async function POST() {\n  return list();\n}\n", "high route POST /api/users added", false},

		{"other statement", "routes.go", setup("r.HandleFunc(\"/a\", a)\nstart(1)"), setup("r.HandleFunc(\"/a\", a)\nstart(2)"), "", false},
		{"format", "routes.go", setup(`r.HandleFunc("/a", a)`), setup("r.HandleFunc(\n\t\"/a\",\n\ta,\n)"), "", true},
		{"order of two routes", "routes.go", setup("e.GET(\"/a\", a)\ne.GET(\"/b\", b)"), setup("e.GET(\"/b\", b)\ne.GET(\"/a\", a)"), "", false},
		{"client", "client.go", setup(`x()`), setup("x()\nhttp.Get(\"/metrics\")\napiClient.Get(\"/b\", nil)"), "", false},
		{"map", "map.js", "const a = cache.get('/a', 1);\n", "const a = cache.get('/b', 2);\n", "", false},
		{"logger's With", "log.go", setup(`x()`), setup("x()\nlog.With(\"path\", p)"), "", false},
		{"allowed methods", "http.go", "package app\n\nvar allowedMethods = []string{\"GET\"}\n", "package app\n\nvar allowedMethods = []string{\"GET\", \"PUT\"}\n", "", false},
		{"comment", "routes.go", setup(`x()`), setup("x()\n// r.HandleFunc(\"/b\", b)"), "", false},
	})
}

func TestT2Verifiers(t *testing.T) {
	run(t, T2, []pair{
		{"by name", "a.go", inFunc("verifyToken", "x := parse(r)\nuse(x)"), inFunc("verifyToken", "x := parse(r)\nuse(x, 1)"), "high statement changed in a function about tokens", true},
		{"by strong name", "a.go", inFunc("login", "start(1)"), inFunc("login", "start(2)"), "high statement changed in a function about logins", false},
		{"by file", "internal/oidc/config.go", inFunc("load", "start(1)"), inFunc("load", "start(2)"), "high statement changed in a function of a file about OAuth", false},
		{"predicate", "metrics.go", inFunc("isAllowedToAccess", "return inside(r.Header)"), inFunc("isAllowedToAccess", "return inside(r.RemoteAddr)"), "high statement changed in a function that decides who may do something", false},
		{"webhook handler", "hooks.go", inFunc("handleWebhook", "decode(r)"), inFunc("handleWebhook", "decode(r, 2)"), "high statement changed in a webhook handler", false},
		{"new check", "issue.go", inFunc("edit", "c := load(r)\nsave(c)"), inFunc("edit", "c := load(r)\nif c.RepoID != repo.ID {\n\tctx.NotFound()\n\treturn\n}\nsave(c)"), "high check of ownership added", false},
		{"changed check", "user.go", inFunc("update", "if user.Role != admin {\n\tw.WriteHeader(http.StatusForbidden)\n\treturn\n}\nsave()"), inFunc("update", "if user.Role != admin && !user.Self {\n\tw.WriteHeader(http.StatusForbidden)\n\treturn\n}\nsave()"), "high check of Role changed", false},
		{"call of a verifier", "hook.go", inFunc("post", "read(r)"), inFunc("post", "read(r)\nok := hmac.Equal(a, b)\nuse(ok)"), "high call of hmac.Equal added", false},
		{"password rule", "user.go", inFunc("create", "if len(f.Password) < 6 {\n\treturn errShort\n}\nsave()"), inFunc("create", "if len(f.Password) < 3 {\n\treturn errShort\n}\nsave()"), "high check of Password changed", false},
		{"typescript", "src/permissions/team.ts", "export async function canViewTeam(user, id) {\n  return user.team === id;\n}\n", "export async function canViewTeam(user, id) {\n  return true;\n}\n", "high statement changed in a function that decides who may do something", false},
		{"handler without a name", "pages/api/x.js", "export default async (req, res) => {\n  const rows = await load(req);\n  return ok(res, rows);\n};\n", "export default async (req, res) => {\n  const rows = await load(req);\n  if (rows.userId !== req.user.id) {\n    return unauthorized(res);\n  }\n  return ok(res, rows);\n};\n", "high check of", false},
		{"arrow function", "lib/a.ts", "export const sendForgotPassword = async ({ id }: Options) => {\n  const a = await load(id);\n};\n", "export const sendForgotPassword = async ({ id }: Options) => {\n  const a = await load(id, 1);\n};\n", "high statement changed in a function about passwords", false},
		{"python", "views.py", "def login_user(request):\n    a = 1\n    return a\n", "def login_user(request):\n    a = 2\n    return a\n", "high statement changed in a function about logins", false},

		{"refusal", "lib/user.ts", "async function load(res) {\n  const u = await find();\n  if (res) res.status(401).end();\n  return u;\n}\n", "async function load(res) {\n  const u = await find();\n  if (res && res.status) res.status(401).end();\n  return u;\n}\n", "high refusal of a request changed", false},
		{"scoped helper", "web/a.go", inFunc("show", "use(1)"), inFunc("show", "if !canEdit(user, doc) {\n\treturn\n}\nuse(1)"), "high call of canEdit added", false},

		{"number that is no status", "a.go", inFunc("draw", "size(1)"), inFunc("draw", "size(403)"), "", false},
		{"too many requests", "a.go", inFunc("serve", "use(1)"), inFunc("serve", "if busy() {\n\tw.WriteHeader(http.StatusTooManyRequests)\n\treturn\n}\nuse(1)"), "", false},
		{"comment", "a.go", inFunc("login", "start(1)"), inFunc("login", "// begins\nstart(1)"), "", false},
		{"format", "a.go", inFunc("login", "start(1, 2)"), inFunc("login", "start(\n\t1,\n\t2,\n)"), "", true},
		{"own variable renamed", "a.go", inFunc("login", "a := load(r)\nuse(a)"), inFunc("login", "found := load(r)\nuse(found)"), "", true},
		{"wording of a message", "a.go", inFunc("login", "fail(\"the name or the password are wrong\")"), inFunc("login", "fail(\"the user name or password is not right\")"), "", false},
		{"log line", "a.go", inFunc("login", "log.Printf(\"x\", 1)\nstart()"), inFunc("login", "log.Printf(\"x\", 1, r.Method)\nstart()"), "", false},
		{"sessions of an analytics table", "queries.ts", "export function getSessionMetrics(rows) {\n  return rows.map(a);\n}\n", "export function getSessionMetrics(rows) {\n  return rows.map(b);\n}\n", "", false},
		{"tokenizer", "lexer.go", inFunc("nextToken", "start(1)"), inFunc("nextToken", "start(2)"), "", false},
		{"author", "posts.go", inFunc("authorName", "start(1)"), inFunc("authorName", "start(2)"), "", false},
		{"look-up that failed", "a.go", inFunc("show", "u := load(r)\nuse(u)"), inFunc("show", "u, err := load(r)\nif err != nil {\n\treturn\n}\nuse(u)"), "", false},
		{"not found", "a.go", inFunc("show", "p := load(r)\nuse(p)"), inFunc("show", "p := load(r)\nif p == nil {\n\thttp.NotFound(w, r)\n\treturn\n}\nuse(p)"), "", false},
		{"other function of the file", "a.go", inFunc("login", "start(1)") + "\nfunc other() {\n\ta(1)\n\tb()\n\tc()\n\td()\n}\n", inFunc("login", "start(1)") + "\nfunc other() {\n\ta(2)\n\tb()\n\tc()\n\td()\n}\n", "", false},
		{"style of a form", "components/LoginForm.tsx", "function LoginForm() {\n  return (\n    <div className=\"a\">\n    </div>\n  );\n}\n", "function LoginForm() {\n  return (\n    <div className=\"b\">\n    </div>\n  );\n}\n", "", false},
	})
}

func TestT3Imports(t *testing.T) {
	imports := func(list ...string) string {
		var s strings.Builder
		s.WriteString("package app\n\nimport (\n\t\"fmt\"\n")
		for _, i := range list {
			s.WriteString("\t\"" + i + "\"\n")
		}
		return s.String() + ")\n\nfunc a() { fmt.Println() }\n"
	}
	run(t, T3, []pair{
		{"standard library", "a.go", imports(), imports("crypto/hmac"), "high import of crypto/hmac added", false},
		{"removed", "a.go", imports("crypto/subtle"), imports(), "high import of crypto/subtle removed", false},
		{"x/crypto", "a.go", imports(), imports("golang.org/x/crypto/bcrypt"), "high import of golang.org/x/crypto/bcrypt added", false},
		{"major version in the path", "a.go", imports(), imports("github.com/golang-jwt/jwt/v5"), "high import of github.com/golang-jwt/jwt added", false},
		{"sessions", "a.go", imports(), imports("github.com/gorilla/sessions"), "high import of github.com/gorilla/sessions added", false},
		{"key service", "a.go", imports(), imports("github.com/aws/aws-sdk-go-v2/service/kms"), "high import of", false},
		{"javascript", "a.js", "import fs from 'fs';\n", "import fs from 'fs';\nimport jwt from 'jsonwebtoken';\n", "high import of jsonwebtoken added", false},
		{"require", "a.js", "const fs = require('fs');\n", "const fs = require('fs');\nconst bcrypt = require('bcrypt');\n", "high import of bcrypt added", false},
		{"python", "a.py", "import os\n", "import os\nimport jwt\n", "high import of jwt added", false},

		{"checksum", "a.go", imports(), imports("crypto/sha256"), "", false},
		{"other library", "a.go", imports(), imports("github.com/go-chi/chi/v5"), "", false},
		{"internal package", "a.go", imports(), imports("example.com/app/internal/auth"), "", false},
		{"folder of the own repository", "a.go", imports(), imports("github.com/acme/app/api/auth"), "", false},
		{"new major version", "a.go", imports("github.com/golang-jwt/jwt/v4"), imports("github.com/golang-jwt/jwt/v5"), "", false},
		{"order", "a.go", imports("crypto/hmac", "os"), imports("os", "crypto/hmac"), "", false},
		{"own module of javascript", "a.js", "import fs from 'fs';\n", "import fs from 'fs';\nimport { auth } from './auth';\nimport { b } from '@/lib/crypto';\n", "", false},
		{"one name more of the same module", "a.ts", "import { a } from 'jose';\n", "import { a, b } from 'jose';\n", "", false},
	})
	run(t, T3, []pair{
		{"own module by name", "a.go", imports(), imports("acme.example/auth/oidc"), "", false},
	}, Options{Modules: []string{"acme.example/auth"}})
	t.Run("file cut in two", func(t *testing.T) {
		r := Compute([]File{
			{OldPath: "p/a.go", NewPath: "p/a.go", Before: []byte(imports("crypto/hmac")), After: []byte(imports())},
			{NewPath: "p/b.go", After: []byte(imports("crypto/hmac"))},
		}, Options{})
		for _, s := range r.Signals {
			if s.ID == T3 {
				t.Errorf("%+v", s)
			}
		}
	})
}

func TestT4Options(t *testing.T) {
	cookie := func(fields string) string {
		return inFunc("set", "http.SetCookie(w, &http.Cookie{\n\tName: \"a\",\n"+indent(fields)+"})")
	}
	run(t, T4, []pair{
		{"lifetime", "a.go", "package app\n\nimport \"time\"\n\nconst sessionLifetime = 30 * time.Minute\n", "package app\n\nimport \"time\"\n\nconst sessionLifetime = 720 * time.Hour\n", "high session lifetime 30m -> 720h", false},
		{"verification off", "a.go", inFunc("dial", "c := &tls.Config{MinVersion: v}\nuse(c)"), inFunc("dial", "c := &tls.Config{MinVersion: v, InsecureSkipVerify: true}\nuse(c)"), "high TLS verification set", false},
		{"flag", "a.go", cookie("HttpOnly: true,"), cookie("HttpOnly: false,"), "high cookie flag HttpOnly true -> false", false},
		{"flag gone", "a.go", cookie("Secure: true,"), cookie(""), "high cookie flag Secure no longer set", false},
		{"same site", "a.go", cookie("SameSite: http.SameSiteStrictMode,"), cookie("SameSite: http.SameSiteNoneMode,"), "high cookie flag SameSite http.SameSiteStrictMode -> http.SameSiteNoneMode", false},
		{"origins", "a.go", inFunc("mw", "cors.New(cors.Options{\n\tAllowedOrigins: list,\n})"), inFunc("mw", "cors.New(cors.Options{\n\tAllowedOrigins: any,\n})"), "high origins CORS allows changed", false},
		{"cost", "a.go", inFunc("hash", "bcrypt.GenerateFromPassword(p, 12)"), inFunc("hash", "bcrypt.GenerateFromPassword(p, 4)"), "high hashing of passwords", false},
		{"oauth scopes", "a.go", inFunc("conf", "c := oauth2.Config{\n\tScopes: read,\n}\nuse(c)"), inFunc("conf", "c := oauth2.Config{\n\tScopes: write,\n}\nuse(c)"), "high OAuth scopes changed", false},
		{"express cookie", "a.js", "res.cookie('a', v, {\n  httpOnly: true,\n});\n", "res.cookie('a', v, {\n  httpOnly: false,\n});\n", "high cookie flag HttpOnly true -> false", false},
		{"token of javascript", "a.js", "const t = jwt.sign(p, key, { expiresIn: '1h' });\n", "const t = jwt.sign(p, key, { expiresIn: '30d' });\n", "high lifetime of a token", false},
		{"django", "settings.py", "SESSION_COOKIE_SECURE = True\n", "SESSION_COOKIE_SECURE = False\n", "high cookie flag Secure True -> False", false},

		{"secure of something else", "a.go", inFunc("dial", "m := minio.Options{\n\tSecure: true,\n}\nuse(m)"), inFunc("dial", "m := minio.Options{\n\tSecure: false,\n}\nuse(m)"), "", false},
		{"age of a cache", "a.go", inFunc("dial", "c := Cache{\n\tMaxAge: 1,\n}\nuse(c)"), inFunc("dial", "c := Cache{\n\tMaxAge: 2,\n}\nuse(c)"), "", false},
		{"timeout of a client", "a.go", inFunc("dial", "c := http.Client{\n\tTimeout: 1,\n}\nuse(c)"), inFunc("dial", "c := http.Client{\n\tTimeout: 2,\n}\nuse(c)"), "", false},
		{"format", "a.go", cookie("HttpOnly: true, Path: p,"), cookie("HttpOnly: true,\nPath: p,"), "", true},
		{"used, not set", "a.go", inFunc("show", "use(1)"), inFunc("show", "use(1, c.HttpOnly)"), "", false},
		{"scopes of a parser", "a.go", inFunc("parse", "t := Tree{\n\tScopes: a,\n}\nuse(t)"), inFunc("parse", "t := Tree{\n\tScopes: b,\n}\nuse(t)"), "", false},
		{"comment", "a.go", cookie("HttpOnly: true,"), cookie("HttpOnly: true, // InsecureSkipVerify: true"), "", false},
	})
}

func TestT5RemovedChecks(t *testing.T) {
	run(t, T5, []pair{
		{"role", "a.go", inFunc("update", "if user.Role != admin {\n\tw.WriteHeader(http.StatusForbidden)\n\treturn\n}\nsave()"), inFunc("update", "save()"), "high check of Role removed", false},
		{"mac", "a.go", inFunc("receive", "if !hmac.Equal(a, b) {\n\treturn\n}\nsave()"), inFunc("receive", "save()"), "high call of hmac.Equal removed", false},
		{"verifier", "a.go", inFunc("receive", "if err := verifySignature(r); err != nil {\n\treturn\n}\nsave()"), inFunc("receive", "save()"), "high call of verifySignature removed", false},
		{"constant time", "a.go", inFunc("show", "ok := subtle.ConstantTimeCompare(a, b)\nuse(ok)"), inFunc("show", "use(true)"), "high call of subtle.ConstantTimeCompare removed", false},
		{"ownership", "a.go", inFunc("edit", "if c.RepoID != repo.ID {\n\tctx.NotFound()\n\treturn\n}\nsave()"), inFunc("edit", "save()"), "high check of ownership removed", false},
		{"hook of javascript", "pages/api/x.js", "export default async (req, res) => {\n  await useAuth(req, res);\n  return ok(res);\n};\n", "export default async (req, res) => {\n  return ok(res);\n};\n", "high call of useAuth removed", false},
		{"permission of typescript", "lib/x.ts", "async function save(user) {\n  if (!(await canUpdateTeam(user))) {\n    return forbidden();\n  }\n  write();\n}\n", "async function save(user) {\n  write();\n}\n", "high call of canUpdateTeam removed", false},
		{"python", "views.py", "def save(request):\n    if not request.user.is_admin():\n        return HttpResponse(status=403)\n    write()\n", "def save(request):\n    write()\n", "high", false},

		{"check added", "a.go", inFunc("update", "save()"), inFunc("update", "if user.Role != admin {\n\tw.WriteHeader(http.StatusForbidden)\n\treturn\n}\nsave()"), "", false},
		{"check changed", "a.go", inFunc("update", "if user.Role != admin {\n\tw.WriteHeader(http.StatusForbidden)\n\treturn\n}\nsave()"), inFunc("update", "if user.Role != owner {\n\tw.WriteHeader(http.StatusForbidden)\n\treturn\n}\nsave()"), "", false},
		{"error of a look-up", "a.go", inFunc("show", "u, err := load(r)\nif err != nil {\n\treturn nil, err\n}\nuse(u)"), inFunc("show", "u := load(r)\nuse(u)"), "", false},
		{"nothing found", "a.go", inFunc("show", "if p == nil {\n\thttp.NotFound(w, r)\n\treturn\n}\nuse(p)"), inFunc("show", "use(p)"), "", false},
		{"taken name", "a.go", inFunc("create", "if userNameExists {\n\treturn nil, errTaken\n}\nsave()"), inFunc("create", "save()"), "", false},
		{"validation of a title", "a.go", inFunc("create", "if err := validateTitle(t); err != nil {\n\treturn\n}\nsave()"), inFunc("create", "save()"), "", false},
		{"what a browser hides", "components/Menu.tsx", "function Menu({ user }) {\n  if (!user.isAdmin) {\n    return null;\n  }\n  return list();\n}\n", "function Menu({ user }) {\n  return list();\n}\n", "", false},
		{"moved to another function whole", "a.go", inFunc("a", "go1()") + "\nfunc mustBe(u User) bool {\n\tif u.Role != admin {\n\t\treturn false\n\t}\n\treturn true\n}\n", inFunc("a", "go1()") + "\nfunc required(u User) bool {\n\tif u.Role != admin {\n\t\treturn false\n\t}\n\treturn true\n}\n", "", true},
	})
}
