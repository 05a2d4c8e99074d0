package evidence

import (
	"strings"
	"testing"
	"time"
)

func TestDurations(t *testing.T) {
	for _, c := range []struct {
		text string
		want time.Duration
	}{
		{"90d", 90 * day}, {"24h", day}, {"30m", 30 * time.Minute}, {"0d", 0},
		{"P90D", 90 * day}, {"P2W", 14 * day}, {"P1M", 30 * day}, {"P12M", 365 * day}, {"P1Y", 365 * day}, {"P1Y6M", 545 * day},
		{"PT24H", day}, {"P1DT1H1M1S", 25*time.Hour + time.Minute + time.Second}, {"P100Y", maxDuration}, {"P0D", 0},
	} {
		if got, ok := parseDuration(c.text); !ok || got != (Duration{c.text, c.want}) {
			t.Errorf("%s: %v %v, want %v", c.text, got, ok, c.want)
		}
	}
	for _, text := range []string{"", "P", "PT", "P1DT", "90", "d", "-1d", "1.5d", "90 d", "90D", "p90d", "P1W2D", "P1H", "100001d", "99999d", "P101Y", "1y", "٣d"} {
		if got, ok := parseDuration(text); ok {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}

func TestShapes(t *testing.T) {
	for _, c := range []struct {
		name string
		fits func(string) bool
		yes  []string
		no   []string
	}{
		{"e-mail", validEmail,
			[]string{"a@b.example", "first.last+tag@mail.example.com"},
			[]string{"", "a", "@b.example", "a@", "a@b", "a b@c.example", ".a@b.example", "a@b.example\n", "a@@b.example", "a@10.0.0.1", strings.Repeat("a", 250) + "@b.example"}},
		{"host", validHost,
			[]string{"a.example", "API.example.com", "xn--bcher-kva.example", "_dmarc.a.example"},
			[]string{"", "a", "a..b", ".a.b", "a.b.", "a_.b!", "1.2.3.4", "a.-b", "a.b-", "a b.example", strings.Repeat("a", 64) + ".example", strings.Repeat("a.", 130) + "example"}},
		{"login", handleShape.MatchString,
			[]string{"@a", "@anna-b", "@org/team", "@org/team.name_1"},
			[]string{"", "@", "a", "@-a", "@a-", "@a--b", "@a/", "@a/b/c", "@a b", "@a\n", "@" + strings.Repeat("a", 40)}},
		{"rule", ruleShape.MatchString,
			[]string{"MKT508", "G402/skip-verify"}, []string{"", "mkt508", "MKT", "G402/", "G402/Skip", "MKT*"}},
		{"advisory", advisoryShape.MatchString,
			[]string{"GHSA-wj5w-qghh-gvqp", "CVE-2024-47535", "GO-2026-4337", "PYSEC-2021-1"}, []string{"", "GHSA-1", "CVE-24-1", "cve-2024-1", "MKT508"}},
		{"Go name", goNameShape.MatchString,
			[]string{"a.example/x.F", "a.example/x.T.M", "a.example/x.(*T).M", "gopkg.in/yaml.v3.Node", "main.F", "a.example/x-y.Größe"},
			[]string{"", "F", "a.example/x.", "/x.F", "a.example/x.(*T.M", "a.example/x.F()", "a b.F", "../x.F"}},
		{"vector", func(s string) bool { _, ok := parseVector(s); return ok },
			[]string{"CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:L/I:L/A:N", "CVSS:3.0/AV:N/AC:H/PR:N/UI:N/S:U/C:L/I:L/A:N",
				"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:H/VA:N/SC:N/SI:N/SA:N"},
			[]string{"", "CVSS:3.1/", "CVSS:3.1/AV:N", "CVSS:3.1/AV:X/AC:H/PR:N/UI:N/S:U/C:L/I:L/A:N", "AV:N/AC:L/Au:N/C:P/I:P/A:P", "CVSS:9.9/AV:N"}},
	} {
		for _, s := range c.yes {
			if !c.fits(s) {
				t.Errorf("%s: %q is refused", c.name, s)
			}
		}
		for _, s := range c.no {
			if c.fits(s) {
				t.Errorf("%s: %q is accepted", c.name, s)
			}
		}
	}
}

func TestLooksSecret(t *testing.T) {
	for _, s := range []string{"APOLLO-APPSEC-02", "require-attestation-grade", "oauth2-client-credentials", "GHSA-wj5w-qghh-gvqp", "CVE-2024-47535", "AWS_SECRET_ACCESS_KEY_2"} {
		if looksSecret(s) {
			t.Errorf("%s is hidden", s)
		}
	}
	for _, s := range []string{"AKIAIOSFODNN7EXAMPLE", "ghp_0123456789abcdefABCDEF0123456789abcd", "sk_live_51Habcdefghijklmnop", "00112233445566778899aabbccddeeff"} {
		if !looksSecret(s) {
			t.Errorf("%s is shown", s)
		}
	}
}
