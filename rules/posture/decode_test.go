package posture

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/staylisted/staylisted/rules"
)

const head = `{"version":1,"repository":"partner/app","read_at":"2026-11-21T17:24:00Z"`

func TestDecodeRefuses(t *testing.T) {
	for name, tt := range map[string]struct{ text, want string }{
		"nothing":            {"", "EOF"},
		"no object":          {"[]", "cannot unmarshal"},
		"an unknown key":     {head + `,"protections":{}}`, `unknown field "protections"`},
		"an unknown key in":  {head + `,"about":{"state":"answered","value":{"colour":1}}}`, `unknown field "colour"`},
		"a key twice":        {head + `,"rules":{"state":"answered"},"rules":{"state":"failed"}}`, `the key "rules" is there twice`},
		"something after":    {head + `} {}`, "something follows"},
		"another version":    {strings.Replace(head, "1", "2", 1) + `}`, "version is 2"},
		"no version":         {`{"repository":"partner/app","read_at":"2026-11-21T17:24:00Z"}`, "version is 0"},
		"no repository":      {`{"version":1,"read_at":"2026-11-21T17:24:00Z"}`, "OWNER/NAME"},
		"no time":            {`{"version":1,"repository":"partner/app"}`, "read_at"},
		"a made-up state":    {head + `,"rules":{"state":"fine"}}`, `no state "fine"`},
		"no permission":      {head + `,"rules":{"state":"permission-missing"}}`, "does not name the permission"},
		"a made-up truth":    {head + `,"people":{"@a":"yes"}}`, "not true, false or empty"},
		"a short commit":     {head + `,"policy_commits":{"abc":{"author":"a","verified":"true","owner_approved":"true"}}}`, "no commit"},
		"an undated alert":   {head + `,"secret_alerts":{"state":"answered","value":[{"number":1,"type":"x","created":"0001-01-01T00:00:00Z"}]}}`, "no date"},
		"a foreign address":  {head + `,"web":"javascript:alert(1)"}`, "https://"},
		"an alert of no one": {head + `,"dependabot_alerts":{"state":"answered","value":[{"number":1,"ids":[],"ecosystem":"Go","package":"p","created":"2026-01-01T00:00:00Z"}]}}`, "names no advisory"},
		"hostile text":       {head + ",\"rules\":{\"state\":\"\\u001b[2J\"}}", "no state"},
		"deep":               {head + `,"about":` + strings.Repeat("[", 200) + strings.Repeat("]", 200) + "}", "nested too deeply"},
		"huge":               {strings.Repeat(" ", MaxSize) + head + "}", "larger than 8 MiB"},
	} {
		s, err := Decode([]byte(tt.text))
		if err == nil || s != nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "staylisted settings") || strings.ContainsRune(err.Error(), 0x1b) {
			t.Errorf("%s: %v", name, err)
		}
	}
	s, err := Decode([]byte(head + `}`))
	if err != nil || s.Rules.State != NotAsked {
		t.Errorf("%+v %v", s, err)
	}
}

// TestRows makes sure that no answer is left out of the checks: the recorded form
// of settings whose every row has a state holds as many states as rows() lists.
func TestRows(t *testing.T) {
	s := &Settings{}
	for _, r := range s.rows() {
		r.State = Unavailable
	}
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		t.Fatal(err)
	}
	for _, r := range s.rows() {
		if !strings.Contains(string(raw[r.name]), "not-available") {
			t.Errorf("%s is not recorded under its name: %s", r.name, raw[r.name])
		}
	}
	data, _ = json.Marshal(&Settings{About: Answer[About]{Asked: Asked{State: Answered}}})
	if !strings.Contains(string(data), `"about":{"state":"answered","value":{`) {
		t.Errorf("%s", data)
	}
	if strings.Contains(string(data), `"rules"`) {
		t.Errorf("a row that was not asked is written: %s", data)
	}
}

// FuzzDecode judges whatever is read: no input makes the judgement panic, leaves
// a verifier without a run, or makes a finding of a row that was not answered.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(head + `}`))
	f.Add([]byte(head + `,"about":{"state":"answered","value":{"private":true,"owner_type":"User","default_branch":"main"}},"rules":{"state":"answered","value":[{"type":"pull_request","approvals":1}]},"protection":{"state":"failed","reason":"x"},"reviews":{"state":"failed","reason":"x","value":[{"number":1,"author":"a","merged_at":"2026-01-01T00:00:00Z"}]}}`))
	f.Add([]byte(head + `,"dependabot_alerts":{"state":"answered","value":[{"number":1,"ids":["GHSA-1"],"ecosystem":"Go","package":"p","created":"2026-01-01T00:00:00Z","vectors":["CVSS:3.1/x"]}]},"people":{"@a":"false"},"contacts":["@a"],"people_asked":{"state":"answered"}}`))
	f.Add([]byte(head + `,"dependabot_alerts":{"value":[{"number":1,"ids":["GHSA-1"],"ecosystem":"Go","package":"p","created":"2026-01-01T00:00:00Z"}]},"secret_alerts":{"state":"failed","reason":"x","value":[{"number":1,"type":"x","created":"2026-01-01T00:00:00Z"}]},"advisories":{"value":[{"id":"GHSA-1","state":"draft","created":"2026-01-01T00:00:00Z"}]}}`))
	now := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Decode(data)
		if err != nil {
			return
		}
		g := Judge(s, "", now)
		got := map[string]bool{}
		for _, r := range g.Runs {
			got[r.Verifier] = true
			if r.State != rules.Complete && r.Reason == "" {
				t.Errorf("%s is %s without a reason", r.Verifier, r.State)
			}
		}
		for _, id := range Verifiers() {
			if !got[id] {
				t.Errorf("%s left no run", id)
			}
		}
		if slices.ContainsFunc(s.rows(), func(r row) bool { return r.State == Answered || r.State == Unavailable || len(s.merged()) > 0 }) {
			return
		}
		if len(g.Findings) > 0 || len(g.Observations) > 0 {
			t.Errorf("%+v %+v", g.Findings, g.Observations)
		}
	})
}
