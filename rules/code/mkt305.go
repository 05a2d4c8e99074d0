package code

import (
	"github.com/staylisted/staylisted/rules"
)

// mkt305 points out code flows without PKCE. It is advice: some marketplaces
// know no PKCE.
func mkt305() *Rule {
	return newRule(rules.Rule{
		ID:          "MKT305",
		Name:        "oauth-pkce",
		Title:       "OAuth code flow runs without PKCE",
		Class:       rules.Informational,
		Controls:    []string{"delegated-access"},
		CWE:         []int{345},
		Flags:       "`AuthCodeURL` of x/oauth2 without an S256 challenge, or with the `plain` method. It is advice without effect on a requirement, because some marketplaces do not support PKCE.",
		Safe:        "`oauth2.S256ChallengeOption` with a verifier of `oauth2.GenerateVerifier`, sent back by `oauth2.VerifierOption`; `code_challenge` and `code_challenge_method=S256` set by hand.",
		Remediation: "Create a verifier for each sign-in, keep it with the state, and pass `oauth2.S256ChallengeOption(verifier)` to `AuthCodeURL` and `oauth2.VerifierOption(verifier)` to `Exchange`.",
		Wrong:       "url := conf.AuthCodeURL(state)",
		Right:       "verifier := oauth2.GenerateVerifier()\nurl := conf.AuthCodeURL(state, oauth2.S256ChallengeOption(verifier))",
		Frameworks:  []string{"x/oauth2"},
	}, nil, paths(xoauth2), runMKT305)
}

func runMKT305(p *pkg) []Hit {
	var hits []Hit
	p.oauthCalls("AuthCodeURL", func(c *call) {
		opts, known := p.authOptions(c)
		challenged, method := false, ""
		for _, o := range opts {
			if o.challenges() {
				challenged = true
			}
			if o.name == "SetAuthURLParam" && len(o.args) == 2 {
				switch o.args[0] {
				case "code_challenge":
					if method == "" {
						method = "plain" // what a server takes when no method is named
					}
				case "code_challenge_method":
					method = o.args[1]
				}
			}
		}
		switch {
		case challenged && method == "plain":
			hits = append(hits, p.hit("MKT305", c.instr, -1, "the PKCE challenge is sent as plain text; use S256"))
		case challenged:
		case !known:
			// Options that are put together elsewhere in the package may hold it.
		default:
			hits = append(hits, p.hit("MKT305", c.instr, -1, "the code flow runs without PKCE; where the marketplace supports it, add oauth2.S256ChallengeOption"))
		}
	})
	return hits
}
