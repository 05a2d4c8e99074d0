package probe

import "github.com/staylisted/staylisted/rules"

// Base vectors of catalogue §2.4: those of the rules over code that look for the
// same thing.
const (
	v42  = "CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:L/A:N"
	v43i = "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:N/I:L/A:N"
	v47  = "CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:C/C:L/I:L/A:N"
	v48  = "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:L/I:L/A:N"
	v53c = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N"
	v59c = "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:N/A:N"
	v61  = "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N"
	v65l = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:L/A:N"
)

// The rules of this package. A variant is a rule of its own where the vector,
// the class or the controls differ.
var (
	ruleTLS = rules.Rule{ID: "probe:tls", Name: "old-tls-accepted", Title: "A deployed endpoint takes a TLS version older than 1.2",
		Class: rules.Violation, Controls: []string{"tls-1.2-or-higher"}, CWE: []int{326}, Vector: v59c, Tool: "staylisted",
		Flags:       "An address of a declared endpoint that completes the first step of a handshake which offers SSL 3.0, TLS 1.0 or TLS 1.1 alone, or that takes neither TLS 1.2 nor 1.3.",
		Safe:        "Every address the name has refuses the three old versions with an alert or a reset and takes 1.2 or 1.3.",
		Remediation: "Set the minimum version to TLS 1.2 at the load balancer, CDN or proxy in front of the app, for every address, IPv6 too.",
		Wrong:       "ssl_protocols TLSv1 TLSv1.1 TLSv1.2;\n", Right: "ssl_protocols TLSv1.2 TLSv1.3;\n"}
	rulePlain = rules.Rule{ID: "probe:tls/plain-http", Name: "served-without-tls", Title: "A deployed endpoint is served without TLS as well",
		Class: rules.Violation, Controls: []string{"tls-1.2-or-higher", "hsts-one-year", "domain-config"}, CWE: []int{319}, Vector: v59c, Tool: "staylisted",
		Flags:       "A declared endpoint that answers the same request over plain http, with content or with a demand for credentials.",
		Safe:        "Nothing listens on port 80, it refuses, or it redirects to https on the same host.",
		Remediation: "Answer every plain http request with 301 or 308 to the https address of the same host, or close port 80.",
		Wrong:       "server { listen 80; location / { proxy_pass http://app; } }\n", Right: "server { listen 80; return 308 https://$host$request_uri; }\n"}
	rulePlainUnclear = rules.Rule{ID: "probe:tls/plain-http-unclear", Name: "maybe-served-without-tls", Title: "A deployed endpoint answers alike with and without TLS",
		Class: rules.Review, Controls: []string{"tls-1.2-or-higher", "domain-config"}, CWE: []int{319}, Vector: v59c, Tool: "staylisted",
		Flags:       "A declared endpoint that answers plain http with the same error as https, so that it cannot be told whether it serves http.",
		Safe:        "Nothing listens on port 80, it refuses in another way, or it redirects to https on the same host.",
		Remediation: "Redirect plain http to https on the same host, or declare an address that answers a plain GET."}
	ruleCertificate = rules.Rule{ID: "probe:certificate", Name: "bad-certificate", Title: "The certificate of a deployed endpoint does not verify",
		Class: rules.Violation, Controls: []string{"domain-config", "tls-1.2-or-higher"}, CWE: []int{295, 297, 298}, Vector: v59c, Tool: "staylisted",
		Flags:       "A certificate chain that is expired, is for another name, is incomplete, or ends at no authority that systems believe.",
		Safe:        "A chain that verifies for the declared name at every address, with more than 14 days left.",
		Remediation: "Renew the certificate by a public authority, serve the intermediate certificates with it, and automate the renewal."}
	ruleHSTS = rules.Rule{ID: "probe:hsts", Name: "hsts-short", Title: "Strict-Transport-Security lasts less than a year",
		Class: rules.Violation, Controls: []string{"hsts-one-year"}, CWE: []int{319, 523}, Vector: v42, Tool: "staylisted",
		Flags:       "An https answer of a declared endpoint whose first `Strict-Transport-Security` has a `max-age` below 31536000.",
		Safe:        "Every https answer, errors and redirects included, carries a `max-age` of at least 31536000.",
		Remediation: "Send `Strict-Transport-Security: max-age=31536000` on every answer, and once only: browsers take the first.",
		Wrong:       "Strict-Transport-Security: max-age=15552000\n", Right: "Strict-Transport-Security: max-age=31536000\n"}
	ruleNoHSTS = rules.Rule{ID: "probe:hsts/missing", Name: "hsts-missing", Title: "Strict-Transport-Security is missing or without effect",
		Class: rules.Violation, Controls: []string{"hsts-one-year", "security-headers"}, CWE: []int{319, 523}, Vector: v42, Tool: "staylisted",
		Flags:       "An https answer of a declared endpoint without `Strict-Transport-Security`, with one that cannot be read, or with `max-age=0`.",
		Safe:        "Every https answer, errors and redirects included, carries a `max-age` of at least 31536000.",
		Remediation: "Send `Strict-Transport-Security: max-age=31536000` on every answer; in nginx, `add_header` needs `always` to reach errors.",
		Wrong:       "add_header Strict-Transport-Security \"max-age=31536000\";\n", Right: "add_header Strict-Transport-Security \"max-age=31536000\" always;\n"}
	ruleRedirect = rules.Rule{ID: "probe:hsts/redirect", Name: "http-redirects-elsewhere", Title: "Plain http does not lead to https on the same host first",
		Class: rules.Violation, Controls: []string{"hsts-one-year", "domain-config"}, CWE: []int{319}, Vector: v42, Tool: "staylisted",
		Flags:       "A redirect from plain http to another host, or to http again: the browser never sees the host's own `Strict-Transport-Security`.",
		Safe:        "The first hop is https on the same host; the step to another host comes after it.",
		Remediation: "Redirect http to https on the same host with 301 or 308, and from there to wherever people should go.",
		Wrong:       "http://app.example.com/ -> https://www.example.com/\n", Right: "http://app.example.com/ -> https://app.example.com/ -> https://www.example.com/\n"}
	ruleCSP = rules.Rule{ID: "probe:csp", Name: "weak-csp", Title: "The Content Security Policy of a page lets scripts of strangers run",
		Class: rules.Violation, Controls: []string{"csp"}, CWE: []int{693}, Vector: v47, Tool: "staylisted",
		Flags:       "Enforced policies that together still allow inline script without nonce or hash, `unsafe-eval`, scripts from `*`, `data:`, `https:` or `http:`, or plugins.",
		Safe:        "A `script-src` of own hosts, nonces or hashes, and `object-src` (or `default-src`) that names no open source. Where several policies are sent, what one of them stops is stopped.",
		Remediation: "Move inline scripts to files or give them a nonce, drop `unsafe-eval`, name hosts in full, and add `object-src 'none'; base-uri 'none'`.",
		Wrong:       "Content-Security-Policy: script-src 'self' 'unsafe-inline' https:\n", Right: "Content-Security-Policy: default-src 'self'; script-src 'self' 'nonce-…'; object-src 'none'; base-uri 'none'\n"}
	ruleNoCSP = rules.Rule{ID: "probe:csp/missing", Name: "csp-missing", Title: "A page has no enforced Content Security Policy for scripts",
		Class: rules.Violation, Controls: []string{"csp"}, CWE: []int{693}, Vector: v47, Tool: "staylisted",
		Flags:       "A page of a declared endpoint without a policy, with a report-only one, or with one that has neither `script-src` nor `default-src`.",
		Safe:        "An enforced policy with `script-src` or `default-src`.",
		Remediation: "Send `Content-Security-Policy: default-src 'self'; object-src 'none'; base-uri 'none'` and widen it where the page needs more."}
	ruleAncestors = rules.Rule{ID: "probe:csp/frame-ancestors", Name: "open-frame-ancestors", Title: "An embedded page lets any site frame it",
		Class: rules.Violation, Controls: []string{"csp", "security-headers"}, CWE: []int{1021}, Vector: v47, Tool: "staylisted",
		Flags:       "A page of kind `embedded` whose policy in the header has no `frame-ancestors`, or one with `*` or a scheme alone.",
		Safe:        "`frame-ancestors` with the marketplace's hosts by name.",
		Remediation: "Name the hosts that may frame the page.",
		Wrong:       "Content-Security-Policy: frame-ancestors *\n", Right: "Content-Security-Policy: frame-ancestors https://*.monday.com\n"}
	ruleNosniff = rules.Rule{ID: "probe:headers", Name: "nosniff-missing", Title: "X-Content-Type-Options is not nosniff",
		Class: rules.Violation, Controls: []string{"security-headers"}, CWE: []int{693}, Vector: v43i, Tool: "staylisted",
		Flags:       "An answer of a declared endpoint whose `X-Content-Type-Options` is missing or says anything but `nosniff`.",
		Safe:        "`X-Content-Type-Options: nosniff`.",
		Remediation: "Send `X-Content-Type-Options: nosniff` with every answer."}
	ruleFraming = rules.Rule{ID: "probe:headers/framing", Name: "framing-allowed", Title: "Any site may frame a page",
		Class: rules.Violation, Controls: []string{"security-headers"}, CWE: []int{1021}, Vector: v43i, Tool: "staylisted",
		Flags:       "A page of kind `browser` without `X-Frame-Options: DENY` or `SAMEORIGIN` and without `frame-ancestors` that names its hosts; `ALLOW-FROM` and fields that contradict each other do nothing.",
		Safe:        "One of the two, with a value that browsers follow.",
		Remediation: "Send `X-Frame-Options: DENY`, or `Content-Security-Policy: frame-ancestors 'none'`; declare the endpoint as `embedded` when a marketplace shows it inside its own page."}
	ruleReferrer = rules.Rule{ID: "probe:referrer-policy", Name: "referrer-leaks", Title: "Referrer-Policy is missing or sends paths to other origins",
		Class: rules.Violation, Controls: []string{"no-secrets-in-referrer", "security-headers"}, CWE: []int{200}, Vector: v43i, Tool: "staylisted",
		Flags:       "A page without `Referrer-Policy`, or whose last known value, in the header or in a meta element, lets paths and queries go to other origins.",
		Safe:        "`no-referrer`, `same-origin`, `strict-origin` or `strict-origin-when-cross-origin`.",
		Remediation: "Send `Referrer-Policy: strict-origin-when-cross-origin` or stricter with every page.",
		Wrong:       "Referrer-Policy: unsafe-url\n", Right: "Referrer-Policy: strict-origin-when-cross-origin\n"}
	ruleCookies = rules.Rule{ID: "probe:cookies", Name: "cookie-attributes", Title: "A cookie lacks Secure, HttpOnly or SameSite",
		Class: rules.Violation, Controls: []string{"cookie-attributes"}, CWE: []int{614, 1004, 1275}, Vector: v42, Tool: "staylisted",
		Flags:       "A cookie of a declared endpoint without `Secure` or `SameSite`, a session cookie without `HttpOnly`, a session cookie with `SameSite=None` outside an embedded app, or a `__Host-` or `__Secure-` name whose rules are not kept.",
		Safe:        "`Secure; HttpOnly; SameSite=Lax` or `Strict`; `SameSite=None; Secure` for an embedded app. Deletions, and cookies that load balancers and shields set, are not judged.",
		Remediation: "Set the attributes where the cookie is made, and declare the endpoint as `embedded` when another site shows it.",
		Wrong:       "Set-Cookie: session=…\n", Right: "Set-Cookie: __Host-session=…; Path=/; Secure; HttpOnly; SameSite=Lax\n"}
	ruleLifetime = rules.Rule{ID: "probe:cookies/lifetime", Name: "session-cookie-lives-long", Title: "A session cookie lives longer than 30 days",
		Class: rules.Review, Controls: []string{"session-management"}, CWE: []int{613}, Vector: v48, Tool: "staylisted",
		Flags:       "A cookie named like a session whose `Max-Age` or `Expires` is more than 30 days away.",
		Safe:        "At most 30 days; a day where people do not ask to be remembered.",
		Remediation: "Shorten the lifetime, or say why the cookie carries no session."}
	ruleSRI = rules.Rule{ID: "probe:sri", Name: "missing-sri", Title: "A page runs code of another origin without an integrity hash",
		Class: rules.Review, Controls: []string{"sri-static-client"}, CWE: []int{353, 829}, Vector: v47, Tool: "staylisted",
		Flags:       "A script or style sheet of another origin without `integrity` or without `crossorigin`.",
		Safe:        "Code from the page's own origin, or `integrity` with SHA-256, SHA-384 or SHA-512 and `crossorigin`. A vendor's loader that forbids hashes can be suppressed with the reason.",
		Remediation: "Serve the file yourself, or pin its version and add `integrity` and `crossorigin`.",
		Wrong:       "<script src=\"https://cdn.example/lib.js\"></script>\n", Right: "<script src=\"https://cdn.example/lib-1.2.3.js\" integrity=\"sha384-…\" crossorigin=\"anonymous\"></script>\n"}
	rulePrivate = rules.Rule{ID: "probe:private-endpoints", Name: "private-endpoint-open", Title: "A private endpoint answers without credentials",
		Class: rules.Violation, Controls: []string{"endpoint-auth"}, CWE: []int{306}, Vector: v65l, Tool: "staylisted",
		Flags:       "A path declared under `private` that answers a GET without credentials with success.",
		Safe:        "401, 403, or a redirect to a login.",
		Remediation: "Put the route behind the middleware that verifies the caller, or declare it under `anonymous` when it is open on purpose."}
	rulePrivatePage = rules.Rule{ID: "probe:private-endpoints/page", Name: "private-endpoint-page", Title: "A private endpoint answers with a page that may not be a login",
		Class: rules.Review, Controls: []string{"endpoint-auth"}, CWE: []int{306}, Vector: v65l, Tool: "staylisted",
		Flags:       "A path declared under `private` that answers a GET without credentials with an HTML page that has no field for a password.",
		Safe:        "401, 403, a redirect to a login, or a login page. The page that every unknown path gets as well counts as none.",
		Remediation: "Answer 401 or 403, or redirect to the login."}
	ruleErrors = rules.Rule{ID: "probe:errors", Name: "error-tells-internals", Title: "An error page shows how the app is built",
		Class: rules.Violation, Controls: []string{"error-safe"}, CWE: []int{209}, Vector: v53c, Tool: "staylisted",
		Flags:       "A stack trace, a database error, a debug page or a path of the server in the answer to a path that does not exist.",
		Safe:        "A general message with an id to look the detail up by.",
		Remediation: "Turn debug mode off, render errors without their cause, and log the detail."}
	ruleVersions = rules.Rule{ID: "probe:errors/version", Name: "error-tells-version", Title: "An error page names the version of a server or framework",
		Class: rules.Review, Controls: []string{"error-safe"}, CWE: []int{209}, Vector: v53c, Tool: "staylisted",
		Flags:       "The name and version of a server or framework in the body of an error answer.",
		Safe:        "Error pages without versions.",
		Remediation: "Set `server_tokens off` or its like, and render error pages of your own."}
	ruleDangling = rules.Rule{ID: "probe:domain/dangling", Name: "dangling-cname", Title: "A declared name is an alias of a name that does not exist",
		Class: rules.Violation, Controls: []string{"domain-config"}, CWE: []int{}, Vector: v61, Tool: "staylisted",
		Flags:       "A CNAME record whose target does not exist: whoever registers the target answers for your host.",
		Safe:        "Records that lead to addresses, and no record at all for what is gone.",
		Remediation: "Remove the CNAME record, or create what it points to again."}
	ruleDomain = rules.Rule{ID: "probe:domain", Name: "name-does-not-exist", Title: "A declared name does not exist in DNS",
		Class: rules.Review, Controls: []string{"domain-config"}, CWE: []int{}, Tool: "staylisted",
		Flags:       "A declared endpoint whose host name the name servers do not know.",
		Safe:        "Names that resolve.",
		Remediation: "Renew the domain or correct its records; take endpoints that are gone out of the policy file."}
	ruleUndeclared = rules.Rule{ID: "probe:undeclared-paths", Name: "unknown-path-served", Title: "An API answers a path that does not exist with success",
		Class: rules.Review, Controls: []string{"allowlist-api-surface"}, CWE: []int{912}, Tool: "staylisted",
		Flags:       "An endpoint of kind `api` or `webhook` that answers a made-up path with 2xx.",
		Safe:        "404, 405, or a demand for credentials.",
		Remediation: "Answer unknown paths with 404; a catch-all route hides what is really served."}
)

// Rules describes what the probe flags.
func Rules() []rules.Rule {
	return []rules.Rule{
		ruleTLS, rulePlain, rulePlainUnclear, ruleCertificate, ruleHSTS, ruleNoHSTS, ruleRedirect, ruleCSP, ruleNoCSP, ruleAncestors,
		ruleNosniff, ruleFraming, ruleReferrer, ruleCookies, ruleLifetime, ruleSRI, rulePrivate, rulePrivatePage,
		ruleErrors, ruleVersions, ruleDangling, ruleDomain, ruleUndeclared,
	}
}
