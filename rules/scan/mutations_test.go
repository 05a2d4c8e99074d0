package scan

// The mutations of testdata/repos/compliant
//
// Each is one small change that a partner could make by mistake, and says which
// requirements must not stay green. Together they must reach every MANDATORY
// requirement: a verifier that sees nothing is caught by the change it misses.
//
//	kind                      what is changed                                   run with
//	edits                     files of the repository                           a copy of it
//	settings                  recorded settings, by an RFC 7396 merge patch     the repository as it is
//	live                      what the deployment answers, or its TLS           the repository as it is
//	report                    the reports of other tools that are handed over   the repository as it is
//	advisory                  one more OSV record, or none at all               the repository as it is
//	later                     the day of the judgement                          the same evidence
//
// A mutation breaks its controls, and with them every MANDATORY requirement of
// the catalogue that asks for one of them; except names those that the changed
// value still satisfies, also those that only this change reaches.
type mutation struct {
	name     string
	controls []string
	except   []string
	also     []string
	edits    []edit
	settings string // a key of brokenSettings
	live     *live
	report   string // a key of brokenReports
	advisory string // a key of brokenAdvisories
	later    int    // days that pass between the scan and the judgement
	// spreads says why more than the named requirements break; those are then not
	// compared.
	spreads string
}

// An edit replaces the only occurrence of old in a file by new, or all of the
// file when old is empty; a file that is not there is made, and one whose new
// text is gone is removed.
type edit struct{ file, old, new string }

// audited are requirements of a dynamic scan that the audit by a firm still shows
// when there is none.
var audited = []string{"APOLLO-APPSEC-13", "MONDAY-GEN-01"}

// gone removes a file.
const gone = "\x00"

// A live is a change of the deployment on loopback.
type live struct {
	path   string            // of answers that change; all when empty
	set    map[string]string // headers; an empty value removes one
	status int
	body   string
	tls    string // "1.0", "1.1": the oldest version it accepts
	cert   string // "expired", "other-name"
	plain  string // what http://host/ answers: "content", "other-host"
}

const (
	policyFile = ".github/staylisted.yml"
	mainFile   = "cmd/harbour-bridge/main.go"
)

// unsaid gives an attestation to another requirement, so that this one has
// none.
func unsaid(requirement string) []edit {
	return []edit{{policyFile, "  - for: [" + requirement + "]\n", "  - for: [DRUVA-WF-01]\n"}}
}

var mutations = []mutation{
	// Code: what a rule must see.
	{name: "an error's text reaches the client", controls: []string{"error-safe"}, edits: []edit{{
		"internal/web/errors.go",
		`refuse(w, r, http.StatusInternalServerError, "Something went wrong. Please try again later.")`,
		`http.Error(w, err.Error(), http.StatusInternalServerError)`,
	}}},
	{name: "a webhook that goes on after its check has failed", controls: []string{"error-safe", "endpoint-auth"}, edits: []edit{{
		"internal/web/hook.go",
		"\tif err != nil || !token.Valid || claims.Account <= 0 {\n\t\treturn hookClaims{}, errors.New(\"the token of the webhook is not valid\")\n\t}\n",
		"\tif err != nil {\n\t\treturn claims, nil\n\t}\n\tif !token.Valid || claims.Account <= 0 {\n\t\treturn hookClaims{}, errors.New(\"the token of the webhook is not valid\")\n\t}\n",
	}}},
	{name: "a route that no document lists", controls: []string{"allowlist-api-surface"}, edits: []edit{{
		"openapi.yaml", "  /account/export:\n", "  /account/download:\n",
	}}},
	{name: "the document of the API is gone", controls: []string{"allowlist-api-surface"}, edits: []edit{{"openapi.yaml", "", gone}}},
	{name: "a webhook's body without a limit", controls: []string{"allowlist-api-surface"}, edits: []edit{{
		"internal/web/hook.go", "json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))", "json.NewDecoder(r.Body)",
	}}},
	{name: "a form without a limit", controls: []string{"input-validation-server"}, edits: []edit{{
		"internal/web/form.go", "\tr.Body = http.MaxBytesReader(w, r.Body, maxBody)\n\tif err := r.ParseForm(); err != nil {", "\tif err := r.ParseMultipartForm(1 << 40); err != nil {",
	}}},
	{name: "tokens are looked up by MD5", controls: []string{"crypto-strong"}, edits: []edit{
		{"internal/web/session.go", "\t\"crypto/sha256\"\n", "\t\"crypto/md5\"\n"},
		{"internal/web/session.go", "sha256.Sum256([]byte(token))", "md5.Sum([]byte(token))"},
	}},
	{name: "a session's token from math/rand", controls: []string{"crypto-strong"}, edits: []edit{
		{"internal/web/session.go", "\t\"crypto/rand\"\n", "\t\"math/rand\"\n\t\"strconv\"\n"},
		{"internal/web/session.go", "token := rand.Text()", "token := strconv.FormatInt(rand.Int63(), 36)"},
	}},
	{name: "a nonce of zeros", controls: []string{"crypto-strong"}, edits: []edit{
		{"internal/seal/seal.go", "cipher.NewGCMWithRandomNonce(block)", "cipher.NewGCM(block)"},
		{"internal/seal/seal.go", `Seal([]byte(b.current+"."), nil, plain, []byte(context))`, `Seal([]byte(b.current+"."), make([]byte, 12), plain, []byte(context))`},
		{"internal/seal/seal.go", "aead.Open(nil, nil, rest, []byte(context))", "aead.Open(nil, make([]byte, 12), rest, []byte(context))"},
	}},
	{name: "the way back comes from the address", controls: []string{"no-open-redirect", "input-validation-server"}, edits: []edit{{
		"internal/web/session.go", "http.Redirect(w, r, \"/\", http.StatusSeeOther)", "http.Redirect(w, r, r.URL.Query().Get(\"next\"), http.StatusSeeOther)",
	}}},
	// SameSite=Lax alone is a defence in part, so both go.
	{name: "no protection against forged forms", controls: []string{"csrf-protection"}, edits: []edit{
		{"internal/web/server.go", "secure(http.NewCrossOriginProtection().Handler(mux))", "secure(mux)"},
		{"internal/web/session.go", "MaxAge: int(store.SessionAbsolute.Seconds()),\n\t\tSecure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,", "MaxAge: int(store.SessionAbsolute.Seconds()),\n\t\tSecure: true, HttpOnly: true, SameSite: http.SameSiteNoneMode,"},
	}},
	{name: "a deletion by GET", controls: []string{"csrf-protection"}, edits: []edit{
		{"internal/web/server.go", `"POST /account/delete"`, `"GET /account/delete"`},
		{"openapi.yaml", "  /account/delete:\n    post:", "  /account/delete:\n    get:"},
	}},
	{name: "a log line with the header that authorises", controls: []string{"no-plaintext-secrets-logs"}, edits: []edit{{
		"internal/web/errors.go", `"request", requestOf(r).id, "err", err)`, `"request", requestOf(r).id, "authorization", r.Header.Get("Authorization"), "err", err)`,
	}}},
	{name: "input becomes HTML", controls: []string{"output-encoding", "input-validation-server"}, edits: []edit{{
		"internal/web/pages.go", "\t_, err := s.session(r)\n", "\t_, err := s.session(r)\n\tw.Header().Set(\"Content-Type\", \"text/html\")\n\tif _, err := w.Write([]byte(\"<p>\" + r.URL.Query().Get(\"hello\") + \"</p>\")); err != nil {\n\t\tnote(r, \"answer not written\", err)\n\t}\n",
	}}},
	{name: "a deletion that leaves no record", controls: []string{"audit-logging"}, edits: []edit{
		{"internal/web/links.go", "\taudit.Record(r.Context(), audit.Event{Action: \"account.delete\", Tenant: who.Tenant, Actor: who.User, Target: who.Tenant, Request: requestOf(r).id})\n", ""},
		{"internal/web/links.go", "\t\tfailed(w, r, \"account not deleted\", err)\n", "\t\trefuse(w, r, http.StatusInternalServerError, \"Something went wrong.\")\n"},
	}},
	{name: "a request to an address from the form", controls: []string{"no-ssrf", "input-validation-server"}, edits: []edit{{
		"internal/web/links.go", "\tif !credentials.Valid() {\n",
		"\tresp, err := http.Get(r.PostFormValue(\"status_page\"))\n\tif err != nil || resp.Body.Close() != nil {\n\t\trefuse(w, r, http.StatusBadRequest, \"The form cannot be read.\")\n\t\treturn\n\t}\n\tif !credentials.Valid() {\n",
	}}},
	{name: "a session of thirty days", controls: []string{"session-management"}, edits: []edit{{
		"internal/web/session.go", "MaxAge: int(store.SessionAbsolute.Seconds())", "MaxAge: 45 * 24 * 60 * 60",
	}}},
	{name: "a cookie that scripts can read", controls: []string{"session-management", "cookie-attributes"}, edits: []edit{{
		"internal/web/session.go", "MaxAge: int(store.SessionAbsolute.Seconds()),\n\t\tSecure: true, HttpOnly: true,", "MaxAge: int(store.SessionAbsolute.Seconds()),\n\t\tSecure: true, HttpOnly: false,",
	}}},
	{name: "a query glued together", controls: []string{"no-injection-query", "input-validation-server"}, edits: []edit{{
		"internal/store/links.go", "`SELECT board_id, item_id, contact_id FROM links WHERE tenant_id = $1 AND id = $2`, tenant, id)",
		"\"SELECT board_id, item_id, contact_id FROM links WHERE tenant_id = $1 AND id = '\"+id+\"'\", tenant)",
	}}},
	{name: "a command with input", controls: []string{"no-injection-other", "input-validation-server"}, edits: []edit{
		{"internal/web/hook.go", "\t\"net/http\"\n", "\t\"net/http\"\n\t\"os/exec\"\n"},
		{"internal/web/hook.go", "\tvar event hookEvent\n", "\tif err := exec.Command(\"sh\", \"-c\", \"logger \"+r.Header.Get(\"X-Trigger\")).Run(); err != nil {\n\t\tnote(r, \"event not noted\", err)\n\t}\n\tvar event hookEvent\n"},
	}},
	{name: "the state is not compared", controls: []string{"delegated-access"}, edits: []edit{{
		"internal/web/oauth.go", "\tif subtle.ConstantTimeCompare([]byte(f.State), []byte(r.URL.Query().Get(\"state\"))) != 1 {\n\t\treturn flow{}, errFlow\n\t}\n", "",
	}, {"internal/web/oauth.go", "\t\"crypto/subtle\"\n", ""}}},
	{name: "an API key for Apollo", controls: []string{"delegated-access"}, except: []string{"DRUVA-AP-01"}, edits: []edit{
		{"internal/partner/apollo.go", "\terr := a.caller.send(ctx, jsonRequest(ctx, http.MethodGet, \"https://api.apollo.io/api/v1/users/api_profile\", token, nil), &answer)\n",
			"\terr := a.caller.send(ctx, func() (*http.Request, error) {\n\t\treq, err := http.NewRequestWithContext(ctx, http.MethodGet, \"https://api.apollo.io/api/v1/users/api_profile\", nil)\n\t\tif err == nil {\n\t\t\treq.Header.Set(\"x-api-key\", token.AccessToken)\n\t\t}\n\t\treturn req, err\n\t}, &answer)\n"},
	}},
	{name: "Apollo is said to be called with a key", controls: []string{"delegated-access"}, except: []string{"DRUVA-AP-01"}, edits: []edit{{
		policyFile, "    auth: oauth2-code\n    scopes: [read_user_profile, tasks_create]\n", "    auth: api-key\n    scopes: [read_user_profile, tasks_create]\n",
	}}},
	{name: "the token of a webhook is not verified", controls: []string{"endpoint-auth", "delegated-access"}, edits: []edit{
		{"internal/web/hook.go", "\ttoken, err := jwt.ParseWithClaims(raw, &claims, func(*jwt.Token) (any, error) { return []byte(key.Reveal()), nil },\n\t\tjwt.WithValidMethods([]string{\"HS256\"}), jwt.WithAudience(hookURL), jwt.WithExpirationRequired())\n\tif err != nil || !token.Valid || claims.Account <= 0 {",
			"\t_, _, err := jwt.NewParser().ParseUnverified(raw, &claims)\n\tif err != nil || claims.Account <= 0 {"},
	}},
	{name: "a webhook without a check", controls: []string{"endpoint-auth"}, edits: []edit{
		{"internal/web/hook.go", "// verifyHook checks the token of a webhook: signed with our app's signing\n// secret, made for our address, not expired.\nfunc verifyHook(raw string, key config.Secret) (hookClaims, error) {\n\tvar claims hookClaims\n\ttoken, err := jwt.ParseWithClaims(raw, &claims, func(*jwt.Token) (any, error) { return []byte(key.Reveal()), nil },\n\t\tjwt.WithValidMethods([]string{\"HS256\"}), jwt.WithAudience(hookURL), jwt.WithExpirationRequired())\n\tif err != nil || !token.Valid || claims.Account <= 0 {\n\t\treturn hookClaims{}, errors.New(\"the token of the webhook is not valid\")\n\t}\n\treturn claims, nil\n}\n", ""},
		{"internal/web/hook.go", "\t\"example.com/harbour/bridge/internal/config\"\n", ""},
		{"internal/web/hook.go", "\tclaims, err := verifyHook(r.Header.Get(\"Authorization\"), s.MondaySigning)\n\tif err != nil {\n\t\taudit.Record(r.Context(), audit.Event{Action: \"webhook\", Actor: \"monday\", Request: requestOf(r).id, Refused: true})\n\t\trefuse(w, r, http.StatusUnauthorized, \"The webhook is not signed by monday for this address.\")\n\t\treturn\n\t}\n", "\tclaims := hookClaims{Account: 1}\n"},
	}},
	{name: "an export for everybody", controls: []string{"endpoint-auth"}, edits: []edit{{
		"internal/web/server.go", "s.signedIn(s.export)", "func(w http.ResponseWriter, r *http.Request) { s.export(w, r, store.Session{Tenant: r.URL.Query().Get(\"team\")}) }",
	}}},
	{name: "TLS 1.0 towards partners", controls: []string{"tls-1.2-or-higher"}, edits: []edit{{"internal/partner/caller.go", "tls.VersionTLS12", "tls.VersionTLS10"}}},
	{name: "certificates of partners are not checked", controls: []string{"tls-1.2-or-higher"}, edits: []edit{{
		"internal/partner/caller.go", "MinVersion: tls.VersionTLS12}", "MinVersion: tls.VersionTLS12, InsecureSkipVerify: true}",
	}}},
	{name: "a database connection without TLS", controls: []string{"tls-1.2-or-higher", "services-declared", "architecture-doc"}, edits: []edit{{
		"internal/store/store.go", "sql.Open(\"postgres\", dsn)", "sql.Open(\"postgres\", \"host=db.pulse-metrics.net user=bridge dbname=bridge sslmode=disable password=\"+dsn)",
	}}},
	{name: "a token in the database as it is", controls: []string{"no-plaintext-secrets-storage"}, edits: []edit{{
		"internal/store/store.go", "// Connection returns the sealed value.\n",
		"// SaveToken keeps a token.\nfunc (s *Store) SaveToken(ctx context.Context, tenant, accessToken string) error {\n\t_, err := s.db.ExecContext(ctx, `UPDATE connections SET access_token = $2 WHERE tenant_id = $1`, tenant, accessToken)\n\treturn err\n}\n\n// Connection returns the sealed value.\n",
	}}},
	{name: "a password under SHA-256", controls: []string{"password-hashing", "crypto-strong", "data-inventory"}, edits: []edit{{
		"internal/web/signin.go", "",
		"package web\n\nimport (\n\t\"crypto/sha256\"\n\t\"crypto/subtle\"\n\t\"net/http\"\n)\n\n// checkPassword compares what somebody typed with what is stored.\nfunc checkPassword(r *http.Request, stored []byte) bool {\n\tsum := sha256.Sum256([]byte(r.PostFormValue(\"password\")))\n\treturn subtle.ConstantTimeCompare(sum[:], stored) == 1\n}\n",
	}}},
	{name: "a token in an address", controls: []string{"no-secrets-in-urls", "no-secrets-in-referrer"}, edits: []edit{{
		"internal/partner/druva.go", "\"https://apis.druva.com/insync/endpoints/v1/backups\", token, nil)", "\"https://apis.druva.com/insync/endpoints/v1/backups?access_token=\"+token.AccessToken, token, nil)",
	}}},
	{name: "a request fills the owner of a record", controls: []string{"mass-assignment"}, edits: []edit{
		{"internal/store/links.go", "\tID      string `json:\"id\"`\n", "\tID      string `json:\"id\"`\n\tTenant  string `json:\"tenant_id\" db:\"tenant_id\"`\n\tOwner   string `json:\"created_by\" db:\"created_by\"`\n"},
		{"internal/store/links.go", "// Links lists", "// SaveLink keeps a link.\nfunc (s *Store) SaveLink(ctx context.Context, l *Link) error {\n\treturn s.AddLink(ctx, Session{Tenant: l.Tenant, User: l.Owner}, *l)\n}\n\n// Links lists"},
		{"internal/web/links.go", "\tl := store.Link{ID: rand.Text(), Board: board, Item: item, Contact: in[\"contact\"]}\n\tif err := s.Store.AddLink(r.Context(), who, l); err != nil {",
			"\tvar l store.Link\n\tif err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(&l); err != nil {\n\t\trefuse(w, r, http.StatusBadRequest, \"The link cannot be read.\")\n\t\treturn\n\t}\n\t_, _ = rand.Text(), item\n\tif err := s.Store.SaveLink(r.Context(), &l); err != nil {"},
		{"internal/web/links.go", "\t\"crypto/rand\"\n", "\t\"crypto/rand\"\n\t\"encoding/json\"\n"},
	}},
	{name: "a scope that nobody declared", controls: []string{"least-privilege-scopes"}, edits: []edit{{
		"internal/partner/apollo.go", `"tasks_create"}`, `"tasks_create", "contacts_write"}`,
	}}},
	{name: "a service that nobody declared", controls: []string{"services-declared", "architecture-doc"}, edits: []edit{{
		mainFile, "\tgo purge(ctx, db)\n", "\tgo purge(ctx, db)\n\tif resp, err := (&http.Client{Timeout: time.Second}).Get(\"https://status.pulse-metrics.net/start\"); err == nil {\n\t\tslog.Info(\"noted\", \"status\", resp.StatusCode)\n\t}\n",
	}}},
	{name: "HSTS for a day, in the code", controls: []string{"hsts-one-year"}, except: []string{"DRUVA-NC-02"}, edits: []edit{{
		"internal/web/secure.go", "max-age=63072000", "max-age=86400",
	}}},
	{name: "a content policy that allows inline scripts, in the code", controls: []string{"csp", "security-headers", "no-secrets-in-referrer"}, edits: []edit{{
		"internal/web/secure.go", "script-src 'nonce-\"+known.nonce+\"'; ", "script-src 'unsafe-inline' 'unsafe-eval'; ",
	}}},
	{name: "a package that does not compile", controls: []string{"sast-run"}, spreads: "no rule could look at the package", edits: []edit{{
		"internal/audit/audit.go", "\tresult := \"done\"\n", "\tresult := done\n",
	}}},

	// Dependencies.
	{name: "a licence on the deny list", controls: []string{"sbom-licences"}, edits: []edit{{policyFile, "deny: [AGPL-3.0-only, ", "deny: [BSD-3-Clause, AGPL-3.0-only, "}}},
	{name: "no advisory data", controls: []string{"sca-run", "dep-no-known-high", "vuln-sla"}, spreads: "what cannot be audited is not known", advisory: "none"},
	{name: "advisory data of last month", controls: []string{"sca-run", "dep-no-known-high", "vuln-sla"}, spreads: "what cannot be audited is not known", advisory: "stale"},
	{name: "a dependency with a high vulnerability, known before it was adopted", controls: []string{"dep-no-known-high"}, advisory: "high-new"},
	{name: "a critical vulnerability, overdue", also: []string{"APOLLO-VULN-01", "APOLLO-APPSEC-08", "APOLLO-APPSEC-09", "DRUVA-PA-04", "MONDAY-Q-02"}, advisory: "critical-overdue"},
	{name: "a high vulnerability, overdue", also: []string{"APOLLO-VULN-02", "APOLLO-APPSEC-08", "APOLLO-APPSEC-09", "DRUVA-PA-04", "MONDAY-Q-02"}, advisory: "high-overdue"},
	{name: "a medium vulnerability, overdue", also: []string{"APOLLO-VULN-03", "APOLLO-APPSEC-09", "DRUVA-PA-04", "MONDAY-Q-02"}, advisory: "medium-overdue"},
	{name: "a low vulnerability, overdue", also: []string{"APOLLO-VULN-04", "APOLLO-APPSEC-09", "DRUVA-PA-04", "MONDAY-Q-02"}, advisory: "low-overdue"},

	// Files.
	{name: "a key of a cloud in a file", controls: []string{"no-secrets-in-repo"}, edits: []edit{{
		"deploy/notes.txt", "", "aws_access_key_id = AKIA" + "Y2M7QFZLXK4TBNW3\n",
	}}},
	{name: "a workflow that runs code of forks with secrets", controls: []string{"no-secrets-in-repo"}, edits: []edit{{
		".github/workflows/ci.yml", "  pull_request:\n", "  pull_request_target:\n",
	}, {
		".github/workflows/ci.yml", "          persist-credentials: false\n", "          ref: ${{ github.event.pull_request.head.sha }}\n",
	}, {
		".github/workflows/ci.yml", "      - run: go test -race ./...\n", "      - run: echo \"${{ github.event.pull_request.title }}\" && go test -race ./...\n        env:\n          DEPLOY_TOKEN: ${{ secrets.DEPLOY_TOKEN }}\n",
	}}},
	{name: "a default for a secret", controls: []string{"secret-store", "no-secrets-in-repo"}, edits: []edit{
		{"internal/config/config.go", `Secret(get("MONDAY_SIGNING_SECRET"))`, `Secret(cmp.Or(os.Getenv("MONDAY_SIGNING_SECRET"), "changeme"))`},
		{"internal/config/config.go", "import (\n", "import (\n\t\"cmp\"\n"},
	}},
	{name: "forms that check nothing", controls: []string{"input-validation-client"}, edits: []edit{
		{"internal/web/assets/links.html", `<input name="client_id" type="text" required minlength="16" maxlength="128" pattern="[A-Za-z0-9_\-]+">`, `<input name="client_id">`},
		{"internal/web/assets/links.html", `<input name="client_secret" type="password" required minlength="16" maxlength="128" pattern="[A-Za-z0-9_\-]+">`, `<input name="client_secret">`},
		{"internal/web/assets/links.html", `<input name="board" type="number" required min="1" step="1">`, `<input name="board">`},
		{"internal/web/assets/links.html", `<input name="item" type="number" required min="1" step="1">`, `<input name="item">`},
		{"internal/web/assets/links.html", `<input name="contact" type="text" required minlength="24" maxlength="24" pattern="[0-9a-f]{24}">`, `<input name="contact">`},
	}},
	{name: "nobody is told when the logs look wrong", controls: []string{"log-monitoring"}, edits: []edit{{"deploy/alerts.yml", "", gone}}},
	{name: "a column for a token in clear", controls: []string{"no-plaintext-secrets-storage"}, edits: []edit{{
		"migrations/0001_tenants.sql", "    sealed     bytea NOT NULL,\n", "    sealed     bytea NOT NULL,\n    refresh_token text NOT NULL,\n",
	}}},

	// Documents.
	{name: "an architecture without its APIs", controls: []string{"architecture-doc"}, spreads: "the isolation of tenants is read from the same document", edits: []edit{{"docs/architecture.md", "## APIs\n", "## Names\n"}}},
	{name: "an architecture without a diagram", controls: []string{"architecture-doc"}, spreads: "the isolation of tenants is read from the same document", edits: []edit{{"docs/architecture.md", "```mermaid\nflowchart LR\n", "```text\n"}}},
	{name: "an architecture silent about tenants", controls: []string{"tenant-isolation"}, edits: []edit{{"docs/architecture.md", "## Tenant isolation\n", "## Names of things\n"}}},
	{name: "a threat model of last year", controls: []string{"threat-model"}, edits: []edit{{"docs/threat-model.md", "reviewed: 2026-10-19", "reviewed: 2025-10-19"}}},
	{name: "a threat model without mitigations", controls: []string{"threat-model"}, edits: []edit{{"docs/threat-model.md", "## Mitigations\n", "## Notes\n"}}},
	{name: "retention without backups", controls: []string{"retention-deletion"}, edits: []edit{{"docs/retention.md", "## Backups\n", "## Other things\n"}}},
	{name: "retention that disagrees with the inventory", controls: []string{"retention-deletion"}, edits: []edit{{"docs/retention.md", "| contact id | pii | P365D |", "| contact id | pii | P30D |"}}},
	{name: "an incident plan without a drill", controls: []string{"incident-response"}, edits: []edit{{"docs/incident-response.md", "## Last drill\n\nDate: 2026-10-08. ", "## Outlook\n\n"}}},
	{name: "an incident plan without roles", controls: []string{"incident-response"}, edits: []edit{{"docs/incident-response.md", "## Roles\n", "## Names\n"}}},
	{name: "an incident plan that does not name the limit of a day", controls: []string{"incident-notification", "incident-response"}, edits: []edit{{"docs/incident-response.md", "within 24 hours of its\ndetection, even when little is known", "soon after its\ndetection, even when little is known"}}},
	{name: "an incident that was reported after thirty hours", controls: []string{"incident-notification"}, edits: []edit{{policyFile, "notified: 2026-09-22T11:05:00Z", "notified: 2026-09-23T13:40:00Z"}}},
	{name: "a restore test of two years ago", controls: []string{"dr-bcp"}, edits: []edit{{"docs/dr-bcp.md", "Last restore test: 2026-10-22.", "Last restore test: 2024-10-22."}}},
	{name: "a recovery plan without objectives", controls: []string{"dr-bcp"}, edits: []edit{{"docs/dr-bcp.md", "## RTO and RPO\n", "## Cases\n"}}},
	{name: "a logging document without tamper resistance", controls: []string{"audit-logging"}, edits: []edit{{"docs/logging.md", "## Tamper resistance\n", "## Shipping\n"}}},
	{name: "an audit of two years ago", controls: []string{"independent-audit"}, edits: []edit{
		{"docs/audit.md", "reviewed: 2026-10-23", "reviewed: 2024-10-23"},
		{"docs/audit.md", "from 2026-08-31 to 2026-09-11; the report is dated 2026-09-11", "from 2024-08-31 to 2024-09-11; the report is dated 2024-09-11"},
		{"security-insights.yml", "          date: \"2026-09-11\"\n", "          date: \"2024-09-11\"\n"},
	}},

	// The policy file.
	{name: "nobody to call", controls: []string{"contacts-declared"}, edits: []edit{
		{policyFile, "contacts:\n  security: {email: security@harbour.example, github: \"@harbour/security\"}\n  technical: {email: platform@harbour.example, github: \"@harbour/platform\"}\n", ""},
		{"security-insights.yml", "", gone}, {".well-known/security.txt", "", gone}, {"SECURITY.md", "", gone},
		{"embed.go", "", "// Package bridge holds nothing.\npackage bridge\n\n// SecurityTxt is empty.\nvar SecurityTxt []byte\n"},
	}},
	{name: "a store without encryption", controls: []string{"encryption-at-rest"}, edits: []edit{{policyFile, "    encryption: aes-256\n    key: aws-kms\n  audit-log:\n", "    encryption: none\n  audit-log:\n"}}},
	{name: "a token without protection in the inventory", controls: []string{"no-plaintext-secrets-storage"}, edits: []edit{{policyFile, "{name: OAuth token, class: secret, source: apollo, store: main-db, protection: aes-256-gcm, ", "{name: OAuth token, class: secret, source: apollo, store: main-db, protection: none, "}}},
	{name: "data whose deletion nobody described", controls: []string{"data-inventory"}, edits: []edit{{policyFile, "{name: contact id, class: pii, source: apollo, store: main-db, protection: aes-256, retention: P365D, deletion: docs/retention.md}", "{name: contact id, class: pii, source: apollo}"}}},
	{name: "a secret that nobody replaced for seven months", controls: []string{"secret-rotation"}, edits: []edit{{policyFile, "{name: APOLLO_CLIENT_SECRET, store: aws-secretsmanager, owner: \"@harbour-ines\", rotated: 2026-10-12,", "{name: APOLLO_CLIENT_SECRET, store: aws-secretsmanager, owner: \"@harbour-ines\", rotated: 2026-04-12,"}}},
	{name: "a secret that the ledger does not know", controls: []string{"secret-store", "secret-rotation"}, edits: []edit{{policyFile, "  - {name: MONDAY_SIGNING_SECRET, store: aws-secretsmanager, owner: \"@harbour-ines\", rotated: 2026-10-13, max-age: 90d}\n", ""}}},
	{name: "a questionnaire of two years ago", controls: []string{"questionnaire-valid"}, edits: []edit{{policyFile, "questionnaire: {submitted: 2026-09-14, approved: 2026-09-28}", "questionnaire: {submitted: 2024-09-14, approved: 2024-09-28}"}}},
	{name: "scopes without a reason", controls: []string{"least-privilege-scopes"}, edits: []edit{{policyFile, "    why: read_user_profile for the sign-in (users/api_profile), tasks_create for tasks about contacts (tasks/bulk_create)\n", ""}}, spreads: "a service without a reason is not declared in full"},

	// Statements of people.
	{name: "nobody counted the teams", also: []string{"APOLLO-ORG-03"}, edits: unsaid("APOLLO-ORG-03")},
	{name: "nobody looked at the brand", also: []string{"APOLLO-ORG-04"}, edits: unsaid("APOLLO-ORG-04")},
	{name: "nobody accepted the terms", also: []string{"APOLLO-ORG-05"}, edits: unsaid("APOLLO-ORG-05")},
	{name: "nobody accepted the security requirements", also: []string{"APOLLO-ORG-06"}, edits: unsaid("APOLLO-ORG-06")},
	{name: "nobody speaks for the marketplace's production", controls: []string{"production-safety"}, edits: unsaid("DRUVA-PA-01")},
	{name: "a pipeline that calls the marketplace", controls: []string{"production-safety"}, edits: []edit{{".github/workflows/ci.yml", "      - run: go vet ./...\n", "      - run: curl -fsS https://apis.druva.com/insync/endpoints/v1/backups\n      - run: go vet ./...\n"}}},
	{name: "nobody speaks for consent", controls: []string{"consent"}, edits: unsaid("DRUVA-AP-12")},
	{name: "nobody speaks for the second factor", controls: []string{"staff-mfa"}, edits: unsaid("MONDAY-Q-07")},
	{name: "a statement about consent that expired", controls: []string{"consent"}, edits: []edit{{policyFile, "is recorded with both times.\n    owner: \"@harbour-lena\"\n    date: 2026-11-16\n    expires: 2027-11-16\n", "is recorded with both times.\n    owner: \"@harbour-lena\"\n    date: 2026-10-16\n    expires: 2026-11-15\n"}}},

	// Settings on GitHub.
	{name: "changes are merged without approval", controls: []string{"code-review-enforced"}, settings: "branch-without-approval"},
	{name: "a change was merged without a review", controls: []string{"code-review-enforced"}, settings: "unreviewed-merge"},
	{name: "statements that nobody signed or approved", controls: []string{"consent", "staff-mfa", "production-safety", "program-eligibility"}, settings: "plain-commits"},

	// The deployment.
	{name: "HSTS for a day", controls: []string{"hsts-one-year"}, except: []string{"DRUVA-NC-02"}, live: &live{set: map[string]string{"Strict-Transport-Security": "max-age=86400"}}},
	{name: "no HSTS", controls: []string{"hsts-one-year", "security-headers"}, live: &live{set: map[string]string{"Strict-Transport-Security": ""}}},
	{name: "no HSTS on mistakes", controls: []string{"hsts-one-year", "security-headers"}, live: &live{path: "/staylisted-no-such-path", set: map[string]string{"Strict-Transport-Security": ""}}},
	{name: "a content policy that allows inline scripts", controls: []string{"csp"}, live: &live{set: map[string]string{"Content-Security-Policy": "default-src 'self'; script-src 'self' 'unsafe-inline'; frame-ancestors 'none'"}}},
	{name: "a content policy that only reports", controls: []string{"csp"}, live: &live{set: map[string]string{"Content-Security-Policy": "", "Content-Security-Policy-Report-Only": "default-src 'none'"}}},
	{name: "no nosniff", controls: []string{"security-headers"}, live: &live{set: map[string]string{"X-Content-Type-Options": ""}}},
	{name: "a Referer with everything", controls: []string{"security-headers", "no-secrets-in-referrer"}, live: &live{set: map[string]string{"Referrer-Policy": "unsafe-url"}}},
	{name: "a cookie that travels without TLS", controls: []string{"cookie-attributes"}, live: &live{path: "/", set: map[string]string{"Set-Cookie": "session=abc; HttpOnly; SameSite=Lax; Path=/"}}},
	{name: "links for everybody", controls: []string{"endpoint-auth"}, live: &live{path: "/links", status: 200, body: "<table><tr><td>17</td></tr></table>"}},
	{name: "a stack trace for mistakes", controls: []string{"error-safe"}, live: &live{path: "/staylisted-no-such-path", status: 500, body: "goroutine 7 [running]:\nmain.handle(0x1)\n\t/src/main.go:17 +0x1d\n"}},
	{name: "TLS 1.1 is accepted", controls: []string{"tls-1.2-or-higher"}, live: &live{tls: "1.1"}},
	{name: "a certificate that has expired", controls: []string{"domain-config"}, live: &live{cert: "expired"}, spreads: "nothing else of the endpoint can be seen"},
	{name: "plain http answers with a page", controls: []string{"hsts-one-year", "domain-config"}, live: &live{plain: "content"}, spreads: "which of the two tells it is decided by the probe"},
	{name: "the deployment belongs to another repository", controls: []string{"tls-1.2-or-higher", "hsts-one-year", "csp", "security-headers", "cookie-attributes", "domain-config", "no-secrets-in-referrer"}, live: &live{path: "/.well-known/staylisted.json", body: `{"repository":"harbour/other"}`}, spreads: "nothing that was seen counts"},

	// Time alone.
	{name: "no scan for eight days", controls: []string{"continuous-assessment"}, later: 8, spreads: "what was seen a week ago is not known today"},

	// Reports of other tools.
	{name: "no dynamic scan", controls: []string{"dast-run"}, except: audited, report: "none"},
	{name: "a dynamic scan of last spring", controls: []string{"dast-run"}, except: audited, report: "old"},
	{name: "a dynamic scan with a high alert", controls: []string{"dast-run"}, report: "high", spreads: "the alert is a finding of its own"},
}
