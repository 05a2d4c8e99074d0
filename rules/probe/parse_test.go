package probe

import (
	"math"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func TestParseHSTS(t *testing.T) {
	tests := []struct {
		fields  []string
		age     int64
		problem string
	}{
		{[]string{"max-age=31536000"}, 31536000, ""},
		{[]string{"max-age=31536000;"}, 31536000, ""},
		{[]string{";max-age=31536000; ;"}, 31536000, ""},
		{[]string{"max-age=31535999"}, 31535999, ""},
		{[]string{"max-age=15552000"}, 15552000, ""},
		{[]string{"MAX-AGE=31536000; includeSubDomains; preload"}, 31536000, ""},
		{[]string{"includeSubDomains; max-age=63072000"}, 63072000, ""},
		{[]string{`max-age="31536000"`}, 31536000, ""},
		{[]string{"max-age = 31536000"}, 31536000, ""},
		{[]string{"\tmax-age=31536000 "}, 31536000, ""},
		{[]string{"max-age=31536000; other=\"a;max-age=0\""}, 31536000, ""},
		{[]string{"max-age=99999999999999999999999"}, math.MaxInt32, ""},
		{[]string{"max-age=0"}, 0, ""},
		// The first field counts, whatever the others say.
		{[]string{"max-age=31536000", "max-age=0"}, 31536000, ""},
		{[]string{"max-age=0", "max-age=31536000"}, 0, ""},
		{[]string{"nonsense", "max-age=31536000"}, 0, "max-age is missing"},
		{nil, 0, "it is missing"},
		{[]string{""}, 0, "max-age is missing"},
		{[]string{"includeSubDomains"}, 0, "max-age is missing"},
		{[]string{"max-age"}, 0, "max-age is not a number"},
		{[]string{"max-age="}, 0, "max-age is not a number"},
		{[]string{`max-age=""`}, 0, "max-age is not a number"},
		{[]string{`max-age="31536000`}, 0, "a quotation is not closed"},
		{[]string{"max-age='31536000'"}, 0, "max-age is not a number"},
		{[]string{"max-age=-1"}, 0, "max-age is not a number"},
		{[]string{"max-age=+31536000"}, 0, "max-age is not a number"},
		{[]string{"max-age=31536000.0"}, 0, "max-age is not a number"},
		{[]string{"max-age=3153 6000"}, 0, "max-age is not a number"},
		{[]string{"max-age=1y"}, 0, "max-age is not a number"},
		{[]string{"max-age=31536000, includeSubDomains"}, 0, "max-age is not a number"},
		{[]string{"max-age=31536000; max-age=31536000"}, 0, "max-age appears twice"},
		{[]string{"max-age=31536000; includeSubDomains; includesubdomains"}, 0, "includesubdomains appears twice"},
		{[]string{"max age=31536000"}, 0, "it cannot be read"},
		{[]string{"max-age: 31536000"}, 0, "it cannot be read"},
		{[]string{"=31536000"}, 0, "it cannot be read"},
	}
	for _, test := range tests {
		if got := ParseHSTS(test.fields); got.MaxAge != test.age || got.Problem != test.problem {
			t.Errorf("%q: %+v, want %d, %q", test.fields, got, test.age, test.problem)
		}
	}
}

func FuzzParseHSTS(f *testing.F) {
	for _, seed := range []string{"max-age=31536000; includeSubDomains", `max-age="1"`, "max-age=1;max-age=2", "\x00=\"\\"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, field string) {
		h := ParseHSTS([]string{field})
		if h.MaxAge < 0 || h.MaxAge > 0 && h.Problem != "" {
			t.Errorf("%+v", h)
		}
		if h.MaxAge > 0 && !strings.Contains(strings.ToLower(field), "max-age") {
			t.Errorf("%q has an age", field)
		}
	})
}

func TestCSP(t *testing.T) {
	const hash = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
	tests := []struct {
		name   string
		fields []string
		weak   []string
	}{
		{"strict", []string{"default-src 'self'; object-src 'none'"}, nil},
		{"default covers all", []string{"default-src 'none'"}, nil},
		{"no policy", nil, []string{"no policy"}},
		{"empty", []string{" ; , ;"}, []string{"no policy"}},
		{"no scripts", []string{"object-src 'none'; img-src 'self'"}, []string{"no script-src and no default-src"}},
		{"no objects", []string{"script-src 'self'"}, []string{"no object-src and no default-src"}},
		{"open objects", []string{"script-src 'self'; object-src *"}, []string{"plugins from *"}},
		{"inline", []string{"default-src 'self' 'unsafe-inline'"}, []string{"'unsafe-inline' without a nonce or a hash"}},
		{"inline, upper case", []string{"DEFAULT-SRC 'SELF' 'UNSAFE-INLINE'"}, []string{"'unsafe-inline' without a nonce or a hash"}},
		{"inline with nonce", []string{"default-src 'self' 'unsafe-inline' 'nonce-abc123=='"}, nil},
		{"inline with hash", []string{"default-src 'self'; script-src 'unsafe-inline' " + hash}, nil},
		{"inline with an empty nonce", []string{"default-src 'self' 'unsafe-inline' 'nonce-'"}, []string{"'unsafe-inline' without a nonce or a hash"}},
		{"inline styles only", []string{"default-src 'self'; style-src 'unsafe-inline'"}, nil},
		{"inline by script-src over default-src", []string{"default-src 'self'; script-src 'self' 'unsafe-inline'"}, []string{"'unsafe-inline' without a nonce or a hash"}},
		{"inline handlers", []string{"default-src 'self'; script-src-attr 'unsafe-inline'"}, []string{"'unsafe-inline' without a nonce or a hash"}},
		{"inline elements", []string{"default-src 'self'; script-src-elem 'unsafe-inline'"}, []string{"'unsafe-inline' without a nonce or a hash"}},
		{"eval", []string{"default-src 'self'; script-src 'self' 'unsafe-eval'"}, []string{"'unsafe-eval'"}},
		{"wasm", []string{"default-src 'self'; script-src 'self' 'wasm-unsafe-eval'"}, nil},
		{"star", []string{"default-src 'self'; script-src *"}, []string{"*"}},
		{"star with a port", []string{"default-src 'self'; script-src *:443"}, []string{"*:443"}},
		{"any https host", []string{"default-src 'self'; script-src https://*"}, []string{"https://*"}},
		{"scheme https", []string{"default-src 'self'; script-src 'self' https:"}, []string{"https:"}},
		{"scheme http", []string{"default-src 'self'; script-src HTTP:"}, []string{"HTTP:"}},
		{"scheme data", []string{"default-src 'self'; script-src 'self' data:"}, []string{"data:"}},
		{"data for images", []string{"default-src 'self'; img-src data: https: *"}, nil},
		{"hosts", []string{"default-src 'self'; script-src 'self' https://cdn.example *.example.com"}, nil},
		{"strict-dynamic", []string{"script-src 'nonce-abc' 'strict-dynamic' https: 'unsafe-inline'; object-src 'none'"}, nil},
		{"strict-dynamic with hash", []string{"script-src " + hash + " 'strict-dynamic' https:; object-src 'none'"}, nil},
		{"strict-dynamic without either", []string{"script-src 'strict-dynamic' https:; object-src 'none'"}, []string{"https:"}},
		{"first directive counts", []string{"script-src 'self'; script-src *; object-src 'none'"}, nil},
		{"first directive counts, wrong way", []string{"script-src *; script-src 'self'; object-src 'none'"}, []string{"*"}},
		{"elem and attr alone", []string{"script-src-elem 'self'; script-src-attr 'none'; object-src 'none'"}, []string{"no script-src and no default-src"}},
		// Several policies hold together.
		{"two fields", []string{"script-src 'unsafe-inline' 'self'; object-src 'none'", "script-src 'self' 'unsafe-eval'"}, nil},
		{"two in one field", []string{"default-src *, default-src 'self'"}, nil},
		{"both open", []string{"default-src * 'unsafe-inline', default-src https:"}, []string{"*", "plugins from *"}},
		{"both inline", []string{"default-src 'self' 'unsafe-inline'", "default-src 'self' 'unsafe-inline'"}, []string{"'unsafe-inline' without a nonce or a hash"}},
		{"split", []string{"script-src 'self'", "object-src 'none'"}, nil},
		{"all of it", []string{"default-src * data: 'unsafe-inline' 'unsafe-eval'"}, []string{"'unsafe-inline' without a nonce or a hash", "'unsafe-eval'", "*", "plugins from *"}},
	}
	for _, test := range tests {
		if got := cspWeaknesses(ParseCSP(test.fields)); !slices.Equal(got, test.weak) {
			t.Errorf("%s: %q, want %q", test.name, got, test.weak)
		}
	}
}

func TestFrameAncestors(t *testing.T) {
	for field, open := range map[string]bool{
		"frame-ancestors 'none'": false, "frame-ancestors 'self'": false, "frame-ancestors https://*.monday.com": false, "frame-ancestors": false,
		"frame-ancestors *": true, "frame-ancestors https:": true, "frame-ancestors 'self' http://*": true, "default-src 'none'": true, "": true,
		"frame-ancestors *, frame-ancestors 'self'": false,
	} {
		if got := letThrough(ParseCSP([]string{field}), framing, "none"); (got != "") != open {
			t.Errorf("%q: %q", field, got)
		}
	}
	if p := ParseMetaCSP("script-src 'self'; frame-ancestors 'none'; report-uri /x; sandbox"); !reflect.DeepEqual(p, Policy{"script-src": {"'self'"}}) {
		t.Errorf("meta: %v", p)
	}
}

func FuzzParseCSP(f *testing.F) {
	f.Add("default-src 'self'; script-src 'nonce-a' 'strict-dynamic'", "default-src *")
	f.Add(",,,;;; ", "script-src\x00")
	f.Fuzz(func(t *testing.T, a, b string) {
		one, both := ParseCSP([]string{a}), ParseCSP([]string{a, b})
		if len(one) == maxPolicies {
			return
		}
		// A second policy only ever takes away.
		before := cspWeaknesses(one)
		for _, w := range []weakness{unruled, inline, eval, anySource, objects, framing} {
			if letThrough(one, w, "none") == "" && letThrough(both, w, "none") != "" {
				t.Errorf("%q opens what %q closes", b, a)
			}
		}
		if len(before) == 0 && len(cspWeaknesses(both)) > 0 {
			t.Errorf("%q opens what %q closes", b, a)
		}
		ParseMetaCSP(b)
	})
}

func TestNosniff(t *testing.T) {
	for _, test := range []struct {
		fields []string
		want   bool
	}{
		{[]string{"nosniff"}, true}, {[]string{"NoSniff"}, true}, {[]string{" nosniff "}, true}, {[]string{"nosniff, nosniff"}, true}, {[]string{"nosniff", "nosniff"}, true},
		{nil, false}, {[]string{""}, false}, {[]string{"none"}, false}, {[]string{"nosniff; x"}, false}, {[]string{"sniff"}, false}, {[]string{"nosniff, none"}, false}, {[]string{"none", "nosniff"}, false},
	} {
		if nosniff(test.fields) != test.want {
			t.Errorf("%q", test.fields)
		}
	}
}

func TestFrameOptions(t *testing.T) {
	for _, test := range []struct {
		fields []string
		want   bool
	}{
		{[]string{"DENY"}, true}, {[]string{"SAMEORIGIN"}, true}, {[]string{"deny"}, true}, {[]string{"DENY, DENY"}, true}, {[]string{"SameOrigin", "SAMEORIGIN"}, true},
		{nil, false}, {[]string{""}, false}, {[]string{"ALLOW-FROM https://monday.com"}, false}, {[]string{"ALLOWALL"}, false}, {[]string{"DENY", "SAMEORIGIN"}, false},
		{[]string{"DENY, SAMEORIGIN"}, false}, {[]string{"DENY;"}, false}, {[]string{`"DENY"`}, false}, {[]string{"DENY", "ALLOW-FROM https://monday.com"}, false},
	} {
		if ok, problem := frameOptions(test.fields); ok != test.want || ok == (problem != "") {
			t.Errorf("%q: %t, %q", test.fields, ok, problem)
		}
	}
}

func TestParseReferrerPolicy(t *testing.T) {
	for _, test := range []struct {
		fields []string
		want   string
		ok     bool
	}{
		{nil, "", false},
		{[]string{""}, "", false},
		{[]string{"unknown"}, "", false},
		{[]string{"no-referrer"}, "no-referrer", true},
		{[]string{"same-origin"}, "same-origin", true},
		{[]string{"Strict-Origin"}, "strict-origin", true},
		{[]string{"strict-origin-when-cross-origin"}, "strict-origin-when-cross-origin", true},
		{[]string{"no-referrer-when-downgrade"}, "no-referrer-when-downgrade", false},
		{[]string{"origin"}, "origin", false},
		{[]string{"origin-when-cross-origin"}, "origin-when-cross-origin", false},
		{[]string{"unsafe-url"}, "unsafe-url", false},
		{[]string{"unsafe-url, strict-origin"}, "strict-origin", true},
		{[]string{"no-referrer, unsafe-url"}, "unsafe-url", false},
		{[]string{"no-referrer", "unsafe-url"}, "unsafe-url", false},
		{[]string{"strict-origin, made-up"}, "strict-origin", true},
		{[]string{"strict-origin, "}, "strict-origin", true},
		{[]string{"strict-origin; unsafe-url"}, "", false},
	} {
		if got := ParseReferrerPolicy(test.fields); got != test.want || referrerPolicies[got] != test.ok {
			t.Errorf("%q: %q", test.fields, got)
		}
	}
}

func FuzzHeaders(f *testing.F) {
	f.Add("nosniff, nosniff", "no-referrer")
	f.Add("ALLOW-FROM x", ",,,")
	f.Fuzz(func(t *testing.T, a, b string) {
		nosniff([]string{a, b})
		frameOptions([]string{a, b})
		if p := ParseReferrerPolicy([]string{a, b}); p != "" && !strings.Contains(strings.ToLower(a+b), p) {
			t.Errorf("%q is in neither %q nor %q", p, a, b)
		}
	})
}

func TestParseSetCookie(t *testing.T) {
	tests := []struct {
		field string
		want  Cookie
		ok    bool
	}{
		{"session=abc", Cookie{Name: "session", Lifetime: -1}, true},
		{"session=abc; Secure; HttpOnly; SameSite=Lax; Path=/", Cookie{Name: "session", Secure: true, HTTPOnly: true, SameSite: "Lax", Path: "/", Lifetime: -1}, true},
		{"session=abc;secure;httponly;samesite=STRICT", Cookie{Name: "session", Secure: true, HTTPOnly: true, SameSite: "Strict", Lifetime: -1}, true},
		{" a = b ; SameSite=None;Partitioned; Domain=.Example.com", Cookie{Name: "a", SameSite: "None", Partitioned: true, Domain: "example.com", Lifetime: -1}, true},
		{"a=b; SameSite=Foo", Cookie{Name: "a", Lifetime: -1}, true},
		{"a=b; SameSite=Lax; SameSite=", Cookie{Name: "a", Lifetime: -1}, true},
		{"a=b; Max-Age=3600", Cookie{Name: "a", Lifetime: 3600}, true},
		{"a=b; Max-Age=0", Cookie{Name: "a"}, true},
		{"a=b; Max-Age=-1", Cookie{Name: "a"}, true},
		{"a=b; Max-Age=x", Cookie{Name: "a", Lifetime: -1}, true},
		{"a=b; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT", Cookie{Name: "a", Lifetime: 60}, true},
		{"a=b; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60", Cookie{Name: "a", Lifetime: 60}, true},
		{"a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT", Cookie{Name: "a"}, true},
		{"a=; Expires=Thu, 01-Jan-1970 00:00:00 GMT", Cookie{Name: "a"}, true},
		{"a=b; Expires=Sun, 22 Nov 2026 12:00:00 GMT", Cookie{Name: "a", Lifetime: 86400}, true},
		{"a=b; Expires=never", Cookie{Name: "a", Lifetime: -1}, true},
		{"novalue", Cookie{Lifetime: -1}, true},
		{"", Cookie{}, false},
		{" = ; Secure", Cookie{}, false},
		{"a=b\x00c", Cookie{}, false},
		{"a=" + strings.Repeat("x", 5000), Cookie{}, false},
	}
	for _, test := range tests {
		if got, ok := ParseSetCookie(test.field, noon); got != test.want || ok != test.ok {
			t.Errorf("%.80q: %+v, %t, want %+v", test.field, got, ok, test.want)
		}
	}
}

func TestCookieProblems(t *testing.T) {
	tests := []struct {
		field    string
		embedded bool
		want     []string
	}{
		{"session=a; Secure; HttpOnly; SameSite=Lax", false, nil},
		{"session=a; Secure; HttpOnly; SameSite=Strict", true, nil},
		{"session=a; Secure; HttpOnly; SameSite=None", true, nil},
		{"session=a; Secure; HttpOnly; SameSite=None", false, []string{"SameSite=None although the endpoint is not embedded"}},
		{"session=a; HttpOnly; SameSite=None", true, []string{"no Secure"}},
		{"session=a", false, []string{"no Secure", "no HttpOnly", "no SameSite"}},
		{"connect.sid=a; Secure; SameSite=Lax", false, []string{"no HttpOnly"}},
		{"JSESSIONID=a; Secure; SameSite=Lax", false, []string{"no HttpOnly"}},
		{"PHPSESSID=a; Secure; SameSite=Lax", false, []string{"no HttpOnly"}},
		{"authToken=a; Secure; SameSite=Lax", false, []string{"no HttpOnly"}},
		{"XSRF-TOKEN=a; Secure; SameSite=Lax", false, nil},
		{"csrf_token=a; Secure; SameSite=Strict", false, nil},
		{"theme=dark; Secure; SameSite=Lax", false, nil},
		{"theme=dark; SameSite=Lax", false, []string{"no Secure"}},
		{"theme=dark; Secure", false, []string{"no SameSite"}},
		{"theme=dark; Secure; SameSite=None", false, nil},
		{"author=x; Secure; SameSite=Lax", false, nil},    // not "auth"
		{"insider=x; Secure; SameSite=Lax", false, nil},   // not "sid"
		{"obsession=x; Secure; SameSite=Lax", false, nil}, // not "session"
		{"tokenizer=x; Secure; SameSite=Lax", false, nil}, // not "token"
		{"__Host-id=a; Secure; HttpOnly; SameSite=Lax; Path=/", false, nil},
		{"__Host-id=a; Secure; HttpOnly; SameSite=Lax; Path=/x", false, []string{"the prefix __Host- needs Secure, Path=/ and no Domain, so browsers drop it"}},
		{"__Host-id=a; Secure; HttpOnly; SameSite=Lax; Path=/; Domain=example.com", false, []string{"the prefix __Host- needs Secure, Path=/ and no Domain, so browsers drop it"}},
		{"__host-id=a; Secure; HttpOnly; SameSite=Lax", false, []string{"the prefix __Host- needs Secure, Path=/ and no Domain, so browsers drop it"}},
		{"__Secure-id=a; HttpOnly; SameSite=Lax", false, []string{"no Secure", "the prefix __Secure- needs Secure, so browsers drop it"}},
	}
	for _, test := range tests {
		c, ok := ParseSetCookie(test.field, noon)
		if !ok {
			t.Errorf("%q is dropped", test.field)
		}
		if got := c.problems(test.embedded); !slices.Equal(got, test.want) {
			t.Errorf("%q, embedded %t: %q, want %q", test.field, test.embedded, got, test.want)
		}
	}
	for _, name := range []string{"AWSALB", "AWSALBCORS", "AWSALBTG", "__cf_bm", "__cflb", "_cfuvid", "cf_clearance", "GCLB", "ARRAffinitySameSite", "visid_incap_1", "ak_bmsc", "TS01234567"} {
		if !infrastructure.MatchString(name) {
			t.Errorf("%s is judged", name)
		}
	}
	for _, name := range []string{"session", "AWS", "TSESSION", "cfg", "my_AWSALB"} {
		if infrastructure.MatchString(name) {
			t.Errorf("%s is not judged", name)
		}
	}
}

func FuzzParseSetCookie(f *testing.F) {
	f.Add("session=a; Secure; HttpOnly; SameSite=None; Max-Age=-1; Expires=Thu, 01 Jan 1970 00:00:00 GMT")
	f.Add("=;;;=;\x00")
	f.Fuzz(func(t *testing.T, field string) {
		c, ok := ParseSetCookie(field, noon)
		if !ok && c != (Cookie{}) {
			t.Errorf("%+v", c)
		}
		if c.Lifetime < -1 {
			t.Errorf("lifetime %d", c.Lifetime)
		}
		c.problems(true)
	})
}

func TestParseOwnership(t *testing.T) {
	tests := []struct {
		body string
		want []Repository
		ok   bool
	}{
		{`{"repository": "harbour/sync", "repository_id": 4711}`, []Repository{harbourSync}, true},
		{"\xef\xbb\xbf {\"repository\": \"harbour/sync\", \"repository_id\": 4711}\r\n", []Repository{harbourSync}, true},
		{`{"repository": "harbour/sync"}`, []Repository{{Name: "harbour/sync"}}, true},
		{`{"repository_id": 4711, "comment": "x"}`, []Repository{{ID: 4711}}, true},
		{`[{"repository": "a/b"}, {"repository": "harbour/sync", "repository_id": 4711}]`, []Repository{{Name: "a/b"}, harbourSync}, true},
		{`[]`, []Repository{}, true},
		{``, nil, false},
		{`null`, nil, false},
		{`{}`, nil, false},
		{`"harbour/sync"`, nil, false},
		{`[{}]`, nil, false},
		{`[[{"repository": "a/b"}]]`, nil, false},
		{`{"repository": 4711}`, nil, false},
		{`{"repository": "harbour"}`, nil, false},
		{`{"repository": "harbour/sync/x"}`, nil, false},
		{`{"repository": "../x"}`, nil, false},
		{`{"repository_id": "4711"}`, nil, false},
		{`{"repository_id": -1}`, nil, false},
		{`{"repository_id": 1e99}`, nil, false},
		{`{"repository": "a/b"} {}`, nil, false},
		{`{"repository": "a/b"`, nil, false},
		{`<!doctype html>`, nil, false},
		{`[` + strings.Repeat(`{"repository":"a/b"},`, 60) + `{"repository":"a/b"}]`, nil, false},
		{strings.Repeat(" ", 70<<10) + `{"repository": "a/b"}`, []Repository{{Name: "a/b"}}, true},
		{`{"repository": "a/b", "x": "` + strings.Repeat("x", 70<<10) + `"}`, nil, false},
		{strings.Repeat("[", 20000), nil, false},
	}
	for _, test := range tests {
		got, err := ParseOwnership([]byte(test.body))
		if (err == nil) != test.ok || test.ok && !reflect.DeepEqual(got, test.want) {
			t.Errorf("%.100s: %v, %v", test.body, got, err)
		}
	}
}

var harbourSync = Repository{Name: "harbour/sync", ID: 4711}

func TestParseOwnershipTXT(t *testing.T) {
	for text, want := range map[string]Repository{
		"repository=harbour/sync repository_id=4711":  harbourSync,
		"repository=harbour/sync; repository_id=4711": harbourSync,
		"Repository=harbour/sync":                     {Name: "harbour/sync"},
		"repository_id=4711 v=1":                      {ID: 4711},
	} {
		if got, err := ParseOwnershipTXT(text); err != nil || got != want {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "v=spf1 -all", "harbour/sync", "repository=x", "repository_id=x", "repository_id=-3", "repository = a/b"} {
		if got, err := ParseOwnershipTXT(text); err == nil {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestSameRepository(t *testing.T) {
	for _, test := range []struct {
		named, asked Repository
		want         bool
	}{
		{harbourSync, harbourSync, true},
		{Repository{Name: "Harbour/Sync"}, harbourSync, true},
		{Repository{ID: 4711}, harbourSync, true},
		{Repository{Name: "old/name", ID: 4711}, harbourSync, true},      // renamed
		{Repository{Name: "harbour/sync", ID: 4712}, harbourSync, false}, // the name was given up
		{Repository{Name: "harbour/sync", ID: 4711}, Repository{Name: "harbour/sync"}, true},
		{Repository{Name: "other/sync", ID: 4711}, Repository{Name: "harbour/sync"}, false},
		{Repository{ID: 4711}, Repository{Name: "harbour/sync"}, false},
		{Repository{Name: "harbour/sync"}, Repository{ID: 4711}, false},
		{Repository{}, Repository{}, false},
		{harbourSync, Repository{}, false},
		{Repository{}, harbourSync, false},
	} {
		if got := test.named.is(test.asked); got != test.want {
			t.Errorf("%+v is %+v: %t", test.named, test.asked, got)
		}
	}
}

func FuzzParseOwnership(f *testing.F) {
	f.Add([]byte(`{"repository": "harbour/sync", "repository_id": 4711}`))
	f.Add([]byte(`[{"repository_id": 1}]`))
	f.Add([]byte("repository=harbour/sync repository_id=4711"))
	f.Fuzz(func(t *testing.T, body []byte) {
		names, err := ParseOwnership(body)
		if one, txtErr := ParseOwnershipTXT(string(body)); txtErr == nil {
			names = append(names, one)
		}
		if err == nil && len(names) > maxOwners+1 {
			t.Errorf("%d names", len(names))
		}
		for _, n := range names {
			if n == (Repository{}) || n.Name != "" && strings.Count(n.Name, "/") != 1 {
				t.Errorf("%+v", n)
			}
		}
	})
}

func TestReadPage(t *testing.T) {
	base, err := url.Parse("https://app.example.com/a/b")
	if err != nil {
		t.Fatal(err)
	}
	const hash = "sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC"
	load := func(kind, url string, integrity, cross bool) *Page {
		return &Page{Loads: []Load{{kind, url, integrity, cross}}}
	}
	tests := []struct {
		html string
		want *Page
	}{
		{`<script src="/app.js"></script><script>1</script><link rel=stylesheet href="x.css">`, &Page{}},
		{`<script src="https://app.example.com/x.js"></script><script src="https://APP.example.com:443/x.js"></script>`, &Page{}},
		{`<script src="https://cdn.example/x.js?v=secret"></script>`, load("script", "https://cdn.example/x.js", false, false)},
		{`<script src="https:\\cdn.example\x.js"></script>`, load("script", "https://cdn.example/x.js", false, false)},
		{"<script src=\"ht\ntps://cdn.example/x.js\"></script>", load("script", "https://cdn.example/x.js", false, false)},
		{`<!doctype html><html><head><title>a</title><style>p{}</style><meta http-equiv=Content-Security-Policy content="default-src 'self'"></head><body><p>x`, &Page{CSP: []string{"default-src 'self'"}}},
		{`<body><p>x<meta http-equiv=Content-Security-Policy content="default-src 'self'">`, &Page{}},
		{`<head></head><meta http-equiv=Content-Security-Policy content="default-src 'self'">`, &Page{}},
		{`<head><template><div></div><meta http-equiv=Content-Security-Policy content="default-src 'self'"></template>`, &Page{}},
		{`<head><template><div></div></template><meta http-equiv=Content-Security-Policy content="default-src 'self'">`, &Page{CSP: []string{"default-src 'self'"}}},
		{`<script src="//cdn.example/x.js"></script>`, load("script", "https://cdn.example/x.js", false, false)},
		{`<script type=module src="https://cdn.example/x.js"></script>`, load("script", "https://cdn.example/x.js", false, false)},
		{`<script src=" https://cdn.example/x.js "></script>`, load("script", "https://cdn.example/x.js", false, false)},
		{`<SCRIPT SRC=https://cdn.example/x.js></SCRIPT>`, load("script", "https://cdn.example/x.js", false, false)},
		{`<script src="http://app.example.com/x.js"></script>`, load("script", "http://app.example.com/x.js", false, false)},
		{`<script src="https://www.example.com/x.js"></script>`, load("script", "https://www.example.com/x.js", false, false)},
		{`<script src="https://cdn.example/x.js" integrity="` + hash + `"></script>`, load("script", "https://cdn.example/x.js", true, false)},
		{`<script src="https://cdn.example/x.js" integrity="` + hash + `" crossorigin></script>`, load("script", "https://cdn.example/x.js", true, true)},
		{`<script src="https://cdn.example/x.js" integrity="md5-abc ` + hash + `?x" crossorigin=anonymous></script>`, load("script", "https://cdn.example/x.js", true, true)},
		{`<script src="https://cdn.example/x.js" integrity="" crossorigin></script>`, load("script", "https://cdn.example/x.js", false, true)},
		{`<script src="https://cdn.example/x.js" integrity="sha384-short" crossorigin></script>`, load("script", "https://cdn.example/x.js", false, true)},
		{`<script src="https://cdn.example/x.js" integrity="sha1-` + hash[7:] + `" crossorigin></script>`, load("script", "https://cdn.example/x.js", false, true)},
		{`<link href="https://cdn.example/x.css" rel="preload stylesheet">`, load("style", "https://cdn.example/x.css", false, false)},
		{`<link href="https://cdn.example/x.ico" rel="icon">`, &Page{}},
		{`<base href="https://cdn.example/"><script src="x.js"></script>`, load("script", "https://cdn.example/x.js", false, false)},
		{`<base href="https://cdn.example/"><base href="/"><script src="x.js"></script>`, load("script", "https://cdn.example/x.js", false, false)},
		{`<base href="https://cdn.example/"><script src="https://app.example.com/x.js"></script>`, &Page{}},
		{`<!-- <script src="https://cdn.example/x.js"></script> -->`, &Page{}},
		{`<script>document.write('<script src="https://cdn.example/x.js">')</script>`, &Page{}},
		{`<script type="application/ld+json" src="https://cdn.example/x.json"></script><script type="text/template" src="https://cdn.example/x"></script>`, &Page{}},
		{`<script type="text/javascript; charset=utf-8" src="https://cdn.example/x.js"></script>`, load("script", "https://cdn.example/x.js", false, false)},
		{`<script src="data:text/javascript,1"></script><script src="blob:https://x/1"></script><script src=":bad"></script><script src></script>`, &Page{}},
		{`<meta http-equiv="Content-Security-Policy" content="script-src 'self'">`, &Page{CSP: []string{"script-src 'self'"}}},
		{`<meta name=referrer content="unsafe-url"><meta name=referrer content="made-up">`, &Page{Referrer: "unsafe-url"}},
		{`<form><input type="PASSWORD" name=p></form>`, &Page{Password: true}},
		{`<meta charset=utf-8><input>`, &Page{}},
		{strings.Repeat(`<script src="//cdn.example/x.js"></script>`, maxLoads+1), &Page{Loads: slices.Repeat([]Load{{"script", "https://cdn.example/x.js", false, false}}, maxLoads), More: true}},
	}
	for _, test := range tests {
		if got := readPage([]byte(test.html), base); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%.150s:\n%+v\n%+v", test.html, got, test.want)
		}
	}
}

func TestIsHTML(t *testing.T) {
	for _, test := range []struct {
		kind, body string
		want       bool
	}{
		{"text/html; charset=utf-8", "", true}, {"TEXT/HTML", "", true}, {"application/xhtml+xml", "", true}, {"text/html; charset", "", true}, {"", " <!DOCTYPE html>", true}, {"", "<html>", true},
		{"application/json", "<html>", false}, {"text/plain", "<html>", false}, {"", "{}", false}, {"", "", false},
	} {
		if isHTML(test.kind, []byte(test.body)) != test.want {
			t.Errorf("%q %q", test.kind, test.body)
		}
	}
}

func FuzzReadPage(f *testing.F) {
	f.Add([]byte(`<base href="//x"><script src="y" integrity="sha256-x"></script><meta http-equiv=content-security-policy content=x>`))
	f.Add([]byte(`<link rel=stylesheet href="http://[::1"><input type=password>`))
	base := &url.URL{Scheme: "https", Host: "app.example.com", Path: "/"}
	f.Fuzz(func(t *testing.T, body []byte) {
		p := readPage(body, base)
		if len(p.Loads) > maxLoads || len(p.CSP) > maxMeta {
			t.Errorf("%d loads, %d policies", len(p.Loads), len(p.CSP))
		}
		findLeaks(string(body))
	})
}

func TestLeaks(t *testing.T) {
	for body, want := range map[string]string{
		"panic: boom\n\ngoroutine 7 [running]:\nmain.main()\n\t/app/main.go:12 +0x1d": "a Go stack trace",
		"runtime error: invalid memory address":                                       "a Go stack trace",
		"java.lang.NullPointerException\n\tat com.acme.App.run(App.java:42)":          "a Java stack trace",
		"Traceback (most recent call last):\n  File \"app.py\", line 3, in x":         "a Python stack trace",
		"File &quot;/app/views.py&quot;, line 10":                                     "a Python stack trace",
		"Error: x<br> &nbsp; &nbsp;at /usr/src/app/index.js:10:5":                     "a JavaScript stack trace",
		"    at Layer.handle [as handle_request] (/srv/x/layer.js:95:5)":              "a JavaScript stack trace",
		"at processTicks (node:internal/process/task_queues:95:5)":                    "a JavaScript stack trace",
		"app/models/user.rb:10:in `find'":                                             "a Ruby stack trace",
		"<b>Warning</b>: mysqli(): x in <b>/var/www/html/a.php</b> on line <b>3</b>":  "a PHP error",
		"   at Acme.Web.Run(String s) in C:\\src\\Web.cs:line 12":                     "a .NET stack trace",
		"Server Error in '/' Application.":                                            "a .NET stack trace",
		"because you have <code>DEBUG = True</code>":                                  "a debug page",
		"SQLSTATE[42000]: Syntax error":                                               "a database error",
		"ORA-00933: SQL command not properly ended":                                   "a database error",
		"pq: relation \"users\" does not exist":                                       "a database error",
		"You have an error in your SQL syntax; check":                                 "a database error",
		"open /srv/harbour/config/app.yml: no such file":                              "a path of the server",
		"C:\\inetpub\\wwwroot\\web.conf":                                              "a path of the server",
		"<hr><center>nginx/1.18.0 (Ubuntu)</center>":                                  "the version of a server or framework",
		"Apache/2.4.41 (Ubuntu) Server":                                               "the version of a server or framework",
		"<h3>Apache Tomcat/9.0.31</h3>":                                               "the version of a server or framework",
	} {
		if got := findLeaks(body); !slices.Contains(got, want) {
			t.Errorf("%q: %q, want %q", body, got, want)
		}
	}
	for _, body := range []string{
		`{"error":"not found","id":"8c1f"}`, "404 page not found", "<html><body><h1>Not Found</h1><hr>nginx</body></html>", "Cannot GET /staylisted-no-such-path",
		`{"message":"Missing Authentication Token"}`, `<a href="/home/pricing/">Pricing</a> <a href="/root/">x</a>`, "We are at Main Street (suite 3:10)",
		"Warning: this page is gone", "see /opt for more", "Version 1.2 of our API", "The Apache Software Foundation", `<script src="/static/app.js:10"></script>`,
		"We run on PHP and Express.", "Fatal error in the matrix", "System.out", "Meet us at example.com (building 4)", "sqlite is fine",
	} {
		if got := findLeaks(body); len(got) > 0 {
			t.Errorf("%q: %q", body, got)
		}
	}
}

func TestBudget(t *testing.T) {
	var b budget
	for i := range 5 {
		if got := b.take("a", 3, noon); got != (i < 3) {
			t.Errorf("%d: %t", i, got)
		}
	}
	if !b.take("b", 3, noon) || b.take("a", 3, noon.Add(11*time.Hour)) || !b.take("a", 3, noon.Add(12*time.Hour)) {
		t.Error("counts are kept apart by name and day")
	}
}

func FuzzDecode(f *testing.F) {
	r := &Record{Version: recordVersion, At: noon, ObservedFrom: "runner", Hosts: []Host{{Name: "app.example.com", TLS: []Address{{}}}}, Endpoints: []Endpoint{{URL: "https://app.example.com/", Page: []Answer{{URL: "x"}}}}}
	text, err := r.Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte(`{"version":1,"at":"2026-11-21T12:00:00Z","observed_from":"bot","endpoints":[{"url":"https://app.example.com/","page":[{"status":200,"url":"https://app.example.com/"}],"unknown":{}}],"hosts":[{"name":"app.example.com"}]}`))
	targets := []Target{{URL: "https://app.example.com/", Private: []string{"/x"}}, {URL: "https://app.example.com/", Kind: "api"}}
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := Decode(text)
		if err != nil {
			return
		}
		g := Judge(r, targets, "", noon)
		if len(g.Runs) != len(checks) {
			t.Errorf("%d runs", len(g.Runs))
		}
		for _, run := range g.Runs {
			if strings.ContainsFunc(run.Reason, func(c rune) bool { return c < ' ' }) {
				t.Errorf("%q", run.Reason)
			}
		}
	})
}
