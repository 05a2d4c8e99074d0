package code

import "github.com/staylisted/staylisted/rules"

// A GodebugSetting is one key=value of a godebug line in go.mod or go.work, or
// of a //go:debug directive.
type GodebugSetting struct {
	Key, Value string
	Location   rules.Location
}

// A GodebugHit is a setting that weakens TLS.
type GodebugHit struct {
	Rule    string // id of the rule or variant
	Setting GodebugSetting
	Message string
}

// Godebug returns the settings that switch old TLS behaviour back on, in the
// order given (source: https://go.dev/doc/godebug).
func Godebug(settings []GodebugSetting) []GodebugHit {
	var hits []GodebugHit
	for _, s := range settings {
		if why := weakGodebug(s.Key, s.Value); why != "" {
			hits = append(hits, GodebugHit{Rule: "MKT104/godebug", Setting: s, Message: why})
		}
	}
	return hits
}

// weakGodebug says what a setting switches back on, or "".
func weakGodebug(key, value string) string {
	if value != "1" {
		return ""
	}
	switch key {
	case "tls10server":
		return "tls10server=1 lets servers accept TLS 1.0 and 1.1 again; remove the setting"
	case "tlsrsakex":
		return "tlsrsakex=1 offers RSA key exchange without forward secrecy again; remove the setting"
	case "tls3des":
		return "tls3des=1 offers 3DES cipher suites again; remove the setting"
	case "x509sha1":
		return "x509sha1=1 accepts certificates signed with SHA-1 again; remove the setting"
	}
	return ""
}
