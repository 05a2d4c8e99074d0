package probe

import "cmp"

// A kind is what an endpoint is for.
type kind string

const (
	browser  kind = "browser"
	embedded kind = "embedded"
	api      kind = "api"
	webhook  kind = "webhook"
	static   kind = "static"
)

func kindOf(t Target) kind { return cmp.Or(kind(t.Kind), browser) }

// page reports whether people look at it.
func (k kind) page() bool { return k == browser || k == embedded }

// The verifiers of this package.
const (
	verifyTLS         = "probe:tls"
	verifyCertificate = "probe:certificate"
	verifyDomain      = "probe:domain"
	verifyHSTS        = "probe:hsts"
	verifyCSP         = "probe:csp"
	verifyHeaders     = "probe:headers"
	verifyReferrer    = "probe:referrer-policy"
	verifyCookies     = "probe:cookies"
	verifySRI         = "probe:sri"
	verifyPrivate     = "probe:private-endpoints"
	verifyErrors      = "probe:errors"
	verifyUndeclared  = "probe:undeclared-paths"
)

// A check is one verifier: what it speaks for and what it is asked of.
type check struct {
	id      string
	control string
	// proves is true where the control asks for an observation. A verifier whose
	// clean run alone lets its control pass must not end complete when it could
	// prove nothing: its run is skipped then, and the control unknown.
	proves bool
	asks   func(t Target) bool
	// kinds names what it is asked of, for people.
	kinds string
}

// checks lists the verifiers in the order of their runs.
var checks = []check{
	{verifyTLS, "tls-1.2-or-higher", true, anyEndpoint, "any kind"},
	{verifyCertificate, "domain-config", true, anyEndpoint, "any kind"},
	{verifyDomain, "domain-config", true, anyEndpoint, "any kind"},
	{verifyHSTS, "hsts-one-year", true, anyEndpoint, "any kind"},
	{verifyCSP, "csp", true, isPage, "kind browser or embedded"},
	{verifyHeaders, "security-headers", true, anyEndpoint, "any kind"},
	{verifyReferrer, "no-secrets-in-referrer", false, isPage, "kind browser or embedded"},
	{verifyCookies, "cookie-attributes", false, anyEndpoint, "any kind"},
	{verifySRI, "sri-static-client", false, isPage, "kind browser or embedded"},
	{verifyPrivate, "endpoint-auth", false, func(t Target) bool { return len(privatePaths(t)) > 0 }, "any kind with `private` paths that a GET can be sent to"},
	{verifyErrors, "error-safe", false, func(t Target) bool { return kindOf(t) != static }, "a kind other than static"},
	{verifyUndeclared, "allowlist-api-surface", false, func(t Target) bool { return kindOf(t) == api || kindOf(t) == webhook }, "kind api or webhook"},
}

func anyEndpoint(Target) bool { return true }

func isPage(t Target) bool { return kindOf(t).page() }

// Verifiers lists the ids of the verifiers of this package, each of which leaves
// a run in every Gathered of [Judge].
func Verifiers() []string {
	var ids []string
	for _, c := range checks {
		ids = append(ids, c.id)
	}
	return ids
}
