package code

import "testing"

func TestWeakDSN(t *testing.T) {
	for _, tt := range []struct {
		dialect, dsn string
		want         string // "" safe, "V" or "R"
	}{
		{"postgres", "", ""},
		{"postgres", "sslmode=disable", ""},
		{"postgres", "host=db.acme.io sslmode = disable", "V"},
		{"postgres", "host=db.acme.io\nsslmode=disable", "V"},
		{"postgres", hole + " sslmode=disable", "V"},
		{"postgres", "host=" + hole + " sslmode=" + hole, ""},
		{"postgres", "postgres://" + hole + "?sslmode=disable", "V"},
		{"postgres", "postgres://u:p%40@db.acme.io,localhost/x?sslmode=disable", "V"},
		{"postgres", "postgres://u@localhost,db.acme.io/x?sslmode=disable", "V"},
		{"postgres", "postgres://%2Fvar%2Frun/x?sslmode=disable", ""},
		{"postgres", "https://db.acme.io?sslmode=disable", ""},
		{"mysql", "", ""},
		{"mysql", "app", ""},
		{"mysql", "u:p/w@tcp(db.acme.io)/x?tls=false", "V"},
		{"mysql", "u:p@tcp(" + hole + ")/x?tls=false", "V"},
		{"mysql", "u:p@tcp([::1]:3306)/x?tls=false", ""},
		{"mysql", "u:p@tcp(db:3306)/x", "R"},
		{"mysql", "u:p@tcp(db:3306)/x?tls=custom", ""},
		{"sqlserver", "server=(local);encrypt=disable", ""},
		{"sqlserver", `server=db.acme.io\inst;encrypt=DISABLE`, "V"},
		{"sqlserver", "sqlserver://db.acme.io", ""},
		{"redis", "redis://" + hole + ".acme.io", ""},
		{"redis", "rediss://db.acme.io", ""},
		{"redis", "redis://db.acme.io", "V"},
		{"amqp", "redis://db.acme.io", ""},
		{"mongodb", "mongodb://" + hole + "/?ssl=false", "V"},
		{"mongodb", "mongodb://127.0.0.1,127.0.0.2/?ssl=false", ""},
	} {
		why, class := weakDSN(tt.dialect, text{s: tt.dsn})
		got := ""
		switch {
		case why != "" && class == "":
			got = "V"
		case why != "":
			got = "R"
		}
		if got != tt.want {
			t.Errorf("%s %q: %q (%s), want %q", tt.dialect, tt.dsn, got, why, tt.want)
		}
	}
}

func FuzzDSN(f *testing.F) {
	for _, s := range []string{"", "host=a b='c", "u@tcp(h)/d?x=%zz", "postgres://[", "server=a;b", "mongodb://a,b/?", "a\x00=b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, d := range []string{"postgres", "mysql", "sqlserver", "redis", "mongodb"} {
			weakDSN(d, text{s: s})
			dsnHost(d, text{s: s})
		}
		grpcReach(text{s: s})
		urlHost(text{s: s})
	})
}

func TestReachOf(t *testing.T) {
	for host, want := range map[string]reach{
		"": hostUnknown, "localhost": hostSafe, "LOCALHOST.": hostSafe, "a.localhost": hostSafe, "127.1.2.3": hostSafe, "::1": hostSafe, "[::1]": hostSafe,
		"0.0.0.0": hostSafe, "169.254.169.254": hostSafe, "192.0.2.7": hostSafe, "2001:db8::1": hostSafe, "::ffff:127.0.0.1": hostSafe,
		"10.1.2.3": hostPrivate, "192.168.0.1": hostPrivate, "fd00::1": hostPrivate, "8.8.8.8": hostPublic, "2606:4700::1": hostPublic,
		"printer.local": hostSafe, "x.svc.cluster.local": hostSafe, "db.ns.svc": hostSafe, "example.com": hostSafe, "a.example.org": hostSafe,
		"notexample.com": hostPublic, "example.com.evil.io": hostPublic, "a.test": hostSafe, "latest": hostPrivate, "contest.io": hostPublic,
		"db": hostPrivate, "db.internal": hostPrivate, "host.docker.internal": hostSafe, "acme.io": hostPublic, "%s": hostUnknown, "{host}": hostUnknown,
		"a b": hostUnknown, "a..b": hostUnknown, "localhost.evil.io": hostPublic,
	} {
		if got := reachOf(host); got != want {
			t.Errorf("reachOf(%q) = %d, want %d", host, got, want)
		}
	}
}
