// Package probe says what the deployed app shows to the world (catalogue §2.8).
//
// # Contract
//
//	policy: endpoints ─► Target ─┐
//	Options ─► New ─► Prober ────┴► Probe ─► Record ─► Judge ─► rules.Gathered
//	                                          │  ▲
//	                                       Encode Decode
//
// [Prober.Probe] does the network part and nothing else: a [Record] holds what
// was seen, with the address that answered, the time and a digest of the
// headers, and no page, no cookie value and no query of a redirect. [Judge] is
// pure: equal records, targets and times give equal evidence, so a recorded
// probe can be judged again.
//
// # Which check is asked of which kind of endpoint
//
//	check                      browser  embedded  api  webhook  static
//	tls, certificate, domain      x        x       x      x       x
//	hsts                          x        x       x      x       x
//	headers: nosniff              x        x       x      x       x
//	headers: framing              x        x
//	csp                           x        x
//	  with frame-ancestors                 x
//	referrer-policy               x        x
//	cookies                       x        x       x      x       x
//	sri                           x        x
//	private-endpoints          where the endpoint lists private paths
//	errors                        x        x       x      x
//	undeclared-paths                               x      x
//
// An endpoint without a kind counts as browser.
//
// # Ownership
//
// Any well-kept site could be declared, so nothing proves anything until the
// host says that it belongs to the repository: a document at
// /.well-known/staylisted.json,
//
//	{"repository": "OWNER/NAME", "repository_id": 123456789}
//
// (or a list of such objects when one host serves several repositories), or a
// TXT record _staylisted.HOST with the text
//
//	repository=OWNER/NAME repository_id=123456789
//
// Where both sides know the repository's number, the number decides; names can
// be given away. Without proof every result is shortfall: what is fine proves
// nothing, and what is not fine is for review.
//
// # Promises
//
//   - An observation speaks for all endpoints a check is asked of, or is not
//     made: one good endpoint never covers for another.
//   - No answer, a timeout, an error of the server is never a violation; the run
//     is broken and says which endpoint and why.
//   - What a foreign host answers is credited to nobody, also when it is reached
//     by a redirect.
//   - Equal answers give equal evidence in equal order; findings have no address
//     and no time in their identity.
//
// # What it never does
//
// It sends GET requests without credentials to ports 80 and 443 of public
// addresses, at most [MaxRequests] an endpoint and [MaxHandshakes] TLS offers an
// address and day, and nothing else: no form, no login, no payload. Package wire
// below it refuses every other address; no policy file, environment variable or
// flag can change that, and no exported function of this package can.
package probe
