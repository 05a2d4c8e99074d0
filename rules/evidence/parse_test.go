package evidence

import (
	"errors"
	"flag"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/staylisted/staylisted/rules"
)

// now is the instant every test of this package is read at.
var now = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func known() Known {
	return Known{
		Marketplaces:    []string{"apollo", "druva", "monday"},
		Requirements:    []string{"APOLLO-ORG-03", "APOLLO-ORG-05", "DRUVA-AP-12", "DRUVA-NC-03", "DRUVA-SC-07"},
		Controls:        []string{"consent", "csrf-protection"},
		Rules:           []string{"G402/skip-verify", "MKT301", "MKT508"},
		AttestationDays: map[string]int{"APOLLO-ORG-03": 90, "APOLLO-ORG-05": 90},
		Now:             now,
	}
}

func read1(t *testing.T, name string) []byte {
	t.Helper()
	src, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

func date(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestParseFull(t *testing.T) {
	f, errs := Parse("full.yml", read1(t, "testdata/full.yml"), known())
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	want := &File{
		Name: "full.yml", Version: 1,
		Product: Product{Pos{3, 10}, "Harbour Sync", true},
		Marketplaces: []Marketplace{
			{Pos: Pos{5, 3}, ID: "druva", Phase: "approved", Approved: date("2026-09-01")},
			{Pos: Pos{6, 3}, ID: "apollo", Phase: "submitted", Submitted: date("2026-10-20"), Scopes: []string{"contacts_read"}},
			{Pos: Pos{7, 3}, ID: "monday", Phase: "published",
				Questionnaire: Questionnaire{Pos{7, 45}, date("2026-05-02"), date("2026-05-20")}},
		},
		Contacts: []Contact{
			{Pos{9, 13}, "security", "security@harbour.example", "@harbour/security"},
			{Pos{10, 14}, "technical", "platform@harbour.example", ""},
		},
		Endpoints: []Endpoint{
			{Pos: Pos{12, 5}, URL: "https://www.harbour.example/"},
			{Pos: Pos{13, 5}, URL: "https://app.harbour.example/", Kind: "browser"},
			{Pos: Pos{14, 5}, URL: "https://api.harbour.example/", Kind: "api", Private: []Route{{"", "/v1/contacts"}},
				Anonymous: []Route{{"GET", "/healthz"}, {"POST", "/hooks/monday"}}},
		},
		Services: []Service{
			{Pos: Pos{16, 5}, Name: "Backup interface", Hosts: []string{"apis.druva.com"}, Auth: "oauth2-client-credentials", Why: "backup state"},
			{Pos: Pos{17, 5}, Name: "Contacts", Hosts: []string{"api.apollo.io", "*.apollo.io"}, Auth: "oauth2-code", Scopes: []string{"contacts_read"},
				Why: "copying contacts", Provider: "apollo", Region: "us", Jurisdiction: "US"},
		},
		Stores: []Store{{Pos{19, 3}, "main-db", "aws", "rds", "eu-central-1", "EU", "aes-256", "kms/main", "infra/rds.tf"}},
		Data: []Data{
			{Pos{21, 5}, "e-mail of a contact", "pii", "apollo", "main-db", "", Duration{"P90D", 90 * day}, "docs/retention.md"},
			{Pos{22, 5}, "refresh token", "secret", "apollo", "main-db", "aead-kms", Duration{"30d", 30 * day}, ""},
		},
		SubProcessors: []SubProcessor{{Pos{24, 5}, "Errorbox", "collecting errors", "eu", []string{"user id"}}},
		Documents: []Document{
			{Pos{25, 13}, "architecture", "docs/architecture.md"}, {Pos{25, 49}, "incident-response", "docs/ir.md"},
			{Pos{25, 80}, "retention", "docs/retention.md"}, {Pos{25, 110}, "dr-bcp", "docs/dr.md"},
		},
		Secrets: []Secret{{Pos{27, 5}, "DRUVA_CLIENT_SECRET", "aws-secretsmanager", "@anna-b", date("2026-10-01"), Duration{"90d", 90 * day}}},
		Incidents: []Incident{{Pos{29, 5}, "INC-3", time.Date(2026, 8, 2, 9, 10, 0, 0, time.UTC),
			time.Date(2026, 8, 2, 15, 0, 0, 0, time.UTC), []string{"apollo"}}},
		Attestations: []Attestation{
			{Pos{31, 5}, Pos{36, 1}, []string{"DRUVA-AP-12"}, "Users choose each purpose when they connect, and can take it back.", "@anna-b",
				date("2026-10-04"), date("2027-10-04"), []string{"docs/consent.md", "https://harbour.example/consent?lang=en"}},
			{Pos{37, 5}, Pos{41, 1}, []string{"APOLLO-ORG-03", "APOLLO-ORG-05"}, "Four customer teams are connected.", "Carla Diaz, managing director",
				date("2026-10-04"), date("2027-01-02"), nil},
		},
		NotApplicable: []NotApplicable{{Pos{43, 5}, "DRUVA-NC-03", "nothing is installed at customers", "@anna-b", date("2027-10-04")}},
		Suppressions: []Suppression{
			{Pos{45, 5}, "MKT508", "internal/fetch/", "", "false-positive", "the host comes from the tenant table", "@ben", date("2027-01-31")},
			{Pos{46, 5}, "G402/skip-verify", "", "00112233445566778899aabbccddeeff", "accepted-risk", "the peer is on the same host", "ben@harbour.example", date("2027-01-31")},
		},
		Teach: Teach{Pos{48, 3},
			[]Name{{Pos{48, 10}, "harbour.example/sync/internal/auth.Require"}},
			[]Name{{Pos{49, 18}, "harbour.example/sync/internal/store.ForTenant"}},
			[]Name{{Pos{50, 12}, "harbour.example/sync/internal/logx.Mask"}, {Pos{50, 53}, "harbour.example/sync/internal/logx.(*Handler).Handle"}},
			[]Name{{Pos{51, 15}, "harbour.example/sync/internal/netx.SafeClient"}},
			[]Name{{Pos{52, 11}, "harbour.example/sync/internal/audit.Log.Record"}}},
		Gate: "sla", Anchor: "triaged", AttestationGrade: "A3",
		DeniedLicences: []string{"AGPL-3.0-only", "GPL-2.0+"},
		KnownLicences:  []KnownLicence{{Pos{56, 53}, "npm:left-pad", "MIT OR WTFPL", "the README of the release holds the text"}},
		Limits:         Limits{Pos{57, 9}, Duration{"24h", day}, Duration{"30m", 30 * time.Minute}, Duration{"90d", 90 * day}},
		Vectors:        []Vector{{Pos{59, 5}, "MKT301", "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:L/I:L/A:N", "only reachable through the VPN", "@ben"}},
		Reported: []Reported{
			{Pos{61, 5}, "GHSA-abcd-2345-efgh", date("2026-10-02"), date("2026-10-05")},
			{Pos{62, 5}, "ffeeddccbbaa99887766554433221100", time.Date(2026, 10, 3, 4, 30, 0, 0, time.UTC), time.Time{}},
		},
		CSRFTest: "https://staging.harbour.example/settings",
		Notes: ErrorList{{"full.yml", Pos{41, 14}, "expires is later than 90 days after date and is read as 2027-01-02",
			"write expires: 2027-01-02"}},
	}
	for key, lines := range map[string]Section{
		"product": {Pos{3, 1}, Pos{4, 1}, "product"}, "data": {Pos{20, 1}, Pos{23, 1}, "data"}, "csrf-test": {Pos{63, 1}, Pos{65, 1}, "csrf-test"},
	} {
		if got, ok := f.Section(key); !ok || got != lines {
			t.Errorf("section %s: got %+v %t, want %+v", key, got, ok, lines)
		}
	}
	if got, ok := f.Section("nothing"); ok {
		t.Errorf("a section that is not there: %+v", got)
	}
	want.Sections = f.Sections
	got, exp := reflect.ValueOf(*f), reflect.ValueOf(*want)
	for i := range exp.NumField() {
		if g, w := got.Field(i).Interface(), exp.Field(i).Interface(); !reflect.DeepEqual(g, w) {
			t.Errorf("%s:\n got %+v\nwant %+v", exp.Type().Field(i).Name, g, w)
		}
	}
}

func TestPolicy(t *testing.T) {
	f, errs := Parse(PolicyPath, read1(t, "testdata/full.yml"), known())
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	const file = PolicyPath + ":"
	want := rules.Policy{
		Present: true, Path: PolicyPath, Gate: "sla", Anchor: "triaged",
		Marketplaces:  []rules.Selection{{Marketplace: "druva", Phase: "approved"}, {Marketplace: "apollo", Phase: "submitted"}, {Marketplace: "monday", Phase: "published"}},
		NotApplicable: []rules.NotApplicableClaim{{Requirement: "DRUVA-NC-03", Reason: "nothing is installed at customers", Owner: "@anna-b", Review: date("2027-10-04"), Where: file + "43"}},
		Suppressions: []rules.PolicySuppression{
			{Rule: "MKT508", Path: "internal/fetch/", Kind: "false-positive", Reason: "the host comes from the tenant table", Owner: "@ben", Expires: date("2027-01-31"), Where: file + "45"},
			{Rule: "G402/skip-verify", Fingerprint: "00112233445566778899aabbccddeeff", Kind: "accepted-risk", Reason: "the peer is on the same host", Owner: "ben@harbour.example", Expires: date("2027-01-31"), Where: file + "46"},
		},
		Reported: []rules.ReportedDate{
			{Finding: "GHSA-abcd-2345-efgh", Reported: date("2026-10-02"), Triaged: date("2026-10-05"), Where: file + "61"},
			{Finding: "ffeeddccbbaa99887766554433221100", Reported: time.Date(2026, 10, 3, 4, 30, 0, 0, time.UTC), Where: file + "62"},
		},
		Vectors: []rules.VectorOverride{{Rule: "MKT301", Vector: "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:L/I:L/A:N", Reason: "only reachable through the VPN", Owner: "@ben", Where: file + "59"}},
	}
	if got := f.Policy(); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	var none *File
	if got := none.Policy(); !reflect.DeepEqual(got, rules.Policy{}) {
		t.Errorf("no file gives %+v, want the zero policy", got)
	}
}

var update = flag.Bool("update", false, "rewrite the golden files")

// One file with an error in nearly every line, and all that is said about it.
func TestTerrible(t *testing.T) {
	_, errs := Parse("testdata/terrible.yml", read1(t, "testdata/terrible.yml"), known())
	got := errs.Error() + "\n"
	const golden = "testdata/terrible.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want := string(read1(t, golden)); got != want {
		t.Errorf("got\n%s\nwant\n%s\n(-update rewrites %s)", got, want, golden)
	}
	for _, secret := range []string{"hunter2", "ghp_", "AKIA", "correct horse", "\x1b", "\u202e"} {
		if strings.Contains(got, secret) {
			t.Errorf("the errors show %q", secret)
		}
	}
}

// Input made to hurt ends in few, short errors within moments.
func TestHostile(t *testing.T) {
	fill := func(s string) string { return strings.Repeat(s, MaxSize/len(s)-len(base)) }
	many := func(head, entry, tail string) string {
		return base + head + strings.Repeat(entry, (MaxSize-len(base)-len(head)-len(tail))/len(entry)) + tail
	}
	var staircase strings.Builder
	for i := 0; staircase.Len() < MaxSize-3000; i++ {
		staircase.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	for _, c := range []struct {
		name, src, want string
	}{
		{"too large", strings.Repeat("#", MaxSize+1), "p:1:1: the file is larger than 256 KiB; keep documents in files of their own and name them under documents"},
		{"brackets", many("data: ", "[", ""), "nested far too deep"},
		{"braces", many("data: ", "{", ""), "nested far too deep"},
		{"braces with keys", many("data: ", "{a: ", ""), "nested far too deep"},
		{"dashes", many("data:\n ", "- ", ""), "nested far too deep"},
		{"question marks", many("", "? ", ""), "nested far too deep"},
		{"staircase", staircase.String(), "nested deeper"},
		{"long name", many("product: {name: ", "a", "}"), "name is longer than 2000 characters"},
		{"long key", many("", "a", ": b"), "a line that is neither a key nor an entry"},
		{"long gate", many("gate: ", "a ", ""), "gate is longer than 2000 characters"},
		{"long non-ASCII line", many("teach: {auth: [", "ü, ", "]}"), "too many errors"},
		{"unknown keys", many("teach: {", "auht, ", "}"), "appears twice"},
		{"numbers", many("data: [", "1,", "]"), "too many errors"},
		{"hidden characters", many("# ", "\u202e", ""), "too many errors"},
		{"quote to the end", many("product: {name: \"", "a\n", ""), "a quotation mark is not closed"},
		{"bad last line", many("", "# comment\n", "\t\n x: [\n"), "p:"},
		{"unclosed after many lists", many("data:\n", "- [a, b]\n", "- [a\nx: y\n"), "is not closed"},
		{"anchors", many("data: [", "&a b,", "]"), "an anchor"},
		{"references", base + "product: &a [*a, *a]\ndata: &b [*a, *b]\n", "an alias"},
		{"blank lines", fill("\n") + base, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			start := time.Now()
			f, errs := Parse("p", []byte(c.src), known())
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("took %v", took)
			}
			if c.want == "" {
				if f == nil {
					t.Error(errs)
				}
				return
			}
			text := errs.Error()
			if len(errs) == 0 || len(errs) > maxErrors || len(text) > 300*len(errs) || !strings.Contains(text, c.want) {
				t.Errorf("%d errors in %d bytes, want %q; begins %.300s", len(errs), len(text), c.want, text)
			}
		})
	}
}

func TestMinimum(t *testing.T) {
	for _, src := range []string{
		"version: 1\nmarketplaces: [druva, apollo]\n",
		"version: 1\r\nmarketplaces:\r\n  - druva\r\n  - apollo\r\n",
		"\uFEFFversion: 1\nmarketplaces: {druva: , apollo: {}}\n",
		"---\nversion: 1\nmarketplaces: {druva: ~, apollo: {phase: draft}}\n...\n",
	} {
		f, errs := Parse("p.yml", []byte(src), known())
		if len(errs) > 0 {
			t.Errorf("%q: %v", src, errs)
			continue
		}
		p := f.Policy()
		if !p.Present || p.Gate != "strict" || p.Anchor != "reported" || f.AttestationGrade != "A2" {
			t.Errorf("%q: defaults are %+v, %s", src, p, f.AttestationGrade)
		}
		if len(p.Marketplaces) != 2 || p.Marketplaces[0].Marketplace != "druva" || p.Marketplaces[1].Marketplace != "apollo" {
			t.Errorf("%q: marketplaces %+v", src, p.Marketplaces)
		}
	}
}

// A file may not go bad by lying there: what is accepted once is accepted at
// every later instant.
func TestValidStaysValid(t *testing.T) {
	src := read1(t, "testdata/full.yml")
	for _, days := range []int{0, 1, 90, 400, 20000} {
		k := known()
		k.Now = now.AddDate(0, 0, days)
		if _, errs := Parse("full.yml", src, k); len(errs) > 0 {
			t.Errorf("%d days later: %v", days, errs)
		}
	}
}

func TestUncheckedIDs(t *testing.T) {
	src := "version: 1\nmarketplaces: [elsewhere]\nsuppressions:\n" +
		"  - {rule: XYZ1, path: a.go, kind: not-affected, reason: only used by the tests, owner: '@a', expires: 2099-01-01}\n" +
		"not-applicable:\n  - {requirement: ELSE-SC-1, reason: only used by the tests, owner: '@a', review: 2099-01-01}\n"
	if _, errs := Parse("p.yml", []byte(src), Known{}); len(errs) > 0 {
		t.Error(errs)
	}
	bad := strings.NewReplacer("XYZ1", "xyz", "ELSE-SC-1", "else", "elsewhere", "Else Where").Replace(src)
	_, errs := Parse("p.yml", []byte(bad), Known{})
	if len(errs) != 3 {
		t.Errorf("%d errors, want 3: %v", len(errs), errs)
	}
}

func TestKnownFrom(t *testing.T) {
	c := &rules.Catalogue{
		Marketplaces: []rules.Marketplace{{ID: "m", Requirements: []rules.Requirement{
			{ID: "M-A-1", Controls: []rules.ControlUse{{Control: "consent"}}},
			{ID: "M-A-2", Controls: []rules.ControlUse{{Control: "consent"}, {Control: "secret-store"}}},
			{ID: "M-A-3", Controls: []rules.ControlUse{{Control: "secret-store"}, {Control: "program-eligibility"}}},
		}}},
		Controls: []rules.Control{{ID: "consent"}, {ID: "secret-store"}},
	}
	got := KnownFrom(c, []string{"MKT1"}, now)
	want := Known{
		Marketplaces: []string{"m"}, Requirements: []string{"M-A-1", "M-A-2", "M-A-3"}, Controls: []string{"consent", "secret-store"},
		Rules: []string{"MKT1"}, AttestationDays: map[string]int{"M-A-1": 365, "M-A-2": 180, "M-A-3": 90}, Now: now,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}

func TestErrorList(t *testing.T) {
	if err := (ErrorList{}).Err(); err != nil {
		t.Errorf("an empty list is the error %v", err)
	}
	_, errs := Parse("a\x1b[31m\n.yml", []byte("version: 2\nmarketplaces: []\n"), known())
	want := `a\x1b[31m\n.yml:1:10: this version of the policy file is not known; write version: 1
a\x1b[31m\n.yml:2:15: marketplaces is empty; name at least one, as in [druva, apollo]`
	if got := errs.Err().Error(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	var one *Error
	if !errors.As(errs.Err(), &one) || one.Line != 1 {
		t.Errorf("errors.As found %v", one)
	}
}
