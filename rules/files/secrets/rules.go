package secrets

import "github.com/staylisted/staylisted/rules"

// The verifiers of this part, and the rules of what they find.
const (
	verifierSecrets = "MKT405"               // secrets in files
	verifierURLs    = "files:secrets"        // secrets in URLs
	verifierHistory = "files:secret-history" // secrets in earlier commits

	ruleSecret           = "MKT405"
	ruleDoubtful         = "MKT405/doubtful"
	ruleRandom           = "MKT405/random"
	ruleIdentifier       = "MKT405/identifier"
	ruleConnection       = "MKT405/connection"
	ruleConnectionReview = "MKT405/connection-review"
	ruleEnvironment      = "MKT408/file"
	ruleDefault          = "MKT408/file-default"
	ruleUserinfo         = "files:secrets/userinfo"
	ruleUserinfoReview   = "files:secrets/userinfo-review"
	ruleQueryLiteral     = "files:secrets/query"
	ruleQueryReview      = "files:secrets/query-review"
	ruleProxyArgument    = "files:secrets/proxy-argument"
	ruleHistory          = "files:secret-history"
	ruleHistoryReview    = "files:secret-history/review"
)

// CVSS vectors of catalogue §2.4.
const (
	v91  = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:N"
	v81b = "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H"
	v65g = "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:L/A:N"
	v59c = "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:N/A:N"
)

const (
	rotateFirst = "Rotate the secret first: whoever has a copy of the repository has it. Then read it from a vault or the environment. Deleting the line is not enough, it stays in the history."
	goesHeader  = "Send it in a header or in the body. URLs are kept by logs, proxies, histories and `Referer` headers."
)

// Rules describes what this package flags. Their order is their rank: of two
// findings about one value the one whose rule comes first stays.
func Rules() []rules.Rule {
	repo, urls := []string{"no-secrets-in-repo"}, []string{"no-secrets-in-urls", "no-secrets-in-repo"}
	store := []string{"secret-store", "no-secrets-in-repo"}
	list := []rules.Rule{{
		ID: ruleSecret, Name: "secret-in-any-file", Title: "File holds a secret of a known format", Class: rules.Violation, Controls: repo, CWE: []int{798}, Vector: v91,
		Flags: "A credential of a known provider in any text file: the formats of gitleaks' default rules, a provider's name beside a value of the right shape, private keys, " +
			"and the credentials of Druva, Apollo and monday.com. Base64, hexadecimal, percent and `\\u` forms are decoded first, files in UTF-16 converted.",
		Safe: "References (`${VAR}`, `process.env.X`), placeholders (`<token>`, `your-…`, `xxxx`), keys that vendors print in their manuals, headers of keys without a body. " +
			"Marks of other tools (`gitleaks:allow`, `.gitleaksignore`, `.gitleaks.toml`) excuse nothing here.",
		Remediation: rotateFirst,
		Wrong:       "APOLLO_API_KEY=<the key itself>",
		Right:       "APOLLO_API_KEY=${APOLLO_API_KEY:?not set}",
	}, {
		ID: ruleConnection, Name: "password-in-connection", Title: "Connection string holds a password", Class: rules.Violation, Controls: repo, CWE: []int{798}, Vector: v91,
		Flags:       "`scheme://user:password@host` of a database, queue, cache or directory with the password written out and a host that others reach.",
		Safe:        "Variables and placeholders, hosts of examples. A password that everybody knows at a local host is not flagged.",
		Remediation: rotateFirst,
		Wrong:       "url: postgres://app:<the password itself>@db.acme.io/app",
		Right:       "url: postgres://app:${DB_PASSWORD}@db.acme.io/app",
	}, {
		ID: ruleEnvironment, Name: "environment-file-committed", Title: "Environment file with secrets is committed", Class: rules.Violation, Controls: store, CWE: []int{1188, 798}, Vector: v81b,
		Flags:       "A committed `.env` file in which a key named like a secret has a value, `changeme` included: it works.",
		Safe:        "Empty values, references, placeholders, encrypted values (SOPS, dotenvx), and sample files (`.env.example`).",
		Remediation: "Rotate what it holds, remove the file from git, add it to `.gitignore`, and commit a `.env.example` without values.",
		Wrong:       "JWT_SECRET=changeme",
		Right:       "JWT_SECRET=",
	}, {
		ID: ruleUserinfo, Name: "password-in-url", Title: "URL holds a password", Class: rules.Violation, Controls: urls, CWE: []int{598, 798}, Vector: v59c,
		Flags:       "`https://user:password@host` with the password written out and a host that others reach.",
		Safe:        "Variables, placeholders, hosts of examples.",
		Remediation: rotateFirst + " " + goesHeader,
		Wrong:       "https://deploy:<the password itself>@registry.acme.io/",
		Right:       "https://registry.acme.io/ with an Authorization header",
	}, {
		ID: ruleQueryLiteral, Name: "secret-in-query", Title: "URL carries a secret in its query", Class: rules.Violation, Controls: urls, CWE: []int{598, 798}, Vector: v59c,
		Flags:       "A parameter named like a secret (`api_key`, `access_token`, `client_secret`, `password`) with a random value in a URL.",
		Safe:        "Placeholders; tokens of lists (`page_token`); signed links of a storage provider.",
		Remediation: rotateFirst + " " + goesHeader,
		Wrong:       "https://api.acme.io/v1?api_key=<the key itself>",
		Right:       "https://api.acme.io/v1 with `x-api-key` in the headers",
	}, {
		ID: ruleDoubtful, Name: "doubtful-secret", Title: "Value has the format of a secret and may be made up", Class: rules.Review, Controls: repo, CWE: []int{798}, Vector: v91,
		Flags:       "The same as MKT405 in test code, fixtures and examples, and values with `1234567890` or `abcdefghij` in them. Most are made up; a real one is a leak all the same.",
		Safe:        "A value that its provider never issued: suppress it in the policy file with that reason.",
		Remediation: "If it ever was real, rotate it. Otherwise replace it with a value that cannot be taken for one.",
	}, {
		ID: ruleConnectionReview, Name: "password-in-connection-review", Title: "Connection string may hold a password in use", Class: rules.Review, Controls: repo, CWE: []int{798}, Vector: v65g,
		Flags:       "A password in a connection string that may be for this machine or for tests alone: a local host, a common word, a manual, test data.",
		Safe:        "A password that is set up for tests and opens nothing else.",
		Remediation: rotateFirst,
	}, {
		ID: ruleRandom, Name: "random-value", Title: "Value looks like a secret", Class: rules.Review, Controls: repo, CWE: []int{798}, Vector: v65g,
		Flags:       "A name such as key, token or password beside a random value of no known format; web tokens; credentials on the command line of curl; Google API keys, which may be made for browsers.",
		Safe:        "Names that say hash, digest, fingerprint or public, tokens whose time is over, bundles and lines of 4,096 bytes and more are not flagged. Test values: suppress them in the policy file with the reason.",
		Remediation: rotateFirst,
	}, {
		ID: ruleDefault, Name: "default-secret-in-settings", Title: "Settings give a secret a default", Class: rules.Review, Controls: store, CWE: []int{1188}, Vector: v81b,
		Flags:       "A key named like a secret whose value is made to be replaced (`changeme`, `secret`, `admin`) in YAML, TOML, JSON, INI or properties; values in environment files for development.",
		Safe:        "Test data, workflows, sample files; settings that never reach production, once a person has said so.",
		Remediation: "Leave the value out or refer to the environment, and stop at start when it is missing.",
		Wrong:       "JWT_SECRET: changeme",
		Right:       "JWT_SECRET: ${JWT_SECRET:?not set}",
	}, {
		ID: ruleIdentifier, Name: "public-identifier", Title: "Identifier of an account at a provider", Class: rules.Informational, Controls: repo, CWE: []int{798},
		Flags:       "Client ids and public keys. They are no secrets (RFC 6749 §2.2), but the secret that belongs to them is often near.",
		Safe:        "Always.",
		Remediation: "Make sure that the secret is not in the repository.",
	}, {
		ID: ruleProxyArgument, Name: "secret-from-query", Title: "Proxy takes a secret from the query of a URL", Class: rules.Violation, Controls: urls[:1], CWE: []int{598}, Vector: v59c,
		Flags:       "`$arg_token`, `$arg_api_key` and the like in configuration of nginx.",
		Safe:        "`$http_authorization`, `$http_x_api_key`.",
		Remediation: "Let clients send it in a header. URLs are kept by logs, proxies, histories and `Referer` headers.",
		Wrong:       "proxy_set_header Authorization \"Bearer $arg_token\";",
		Right:       "proxy_set_header Authorization $http_authorization;",
	}, {
		ID: ruleUserinfoReview, Name: "password-in-url-review", Title: "URL may hold a password in use", Class: rules.Review, Controls: urls, CWE: []int{598, 798}, Vector: v59c,
		Flags:       "A password in a URL that may be for this machine or for tests alone.",
		Safe:        "A password that is set up for tests and opens nothing else.",
		Remediation: rotateFirst + " " + goesHeader,
	}, {
		ID: ruleQueryReview, Name: "secret-in-query-review", Title: "URL may carry a secret in its query", Class: rules.Review, Controls: urls[:1], CWE: []int{598}, Vector: v59c,
		Flags:       "A URL that is put together with a variable in a parameter named like a secret, in files other than Go; random values of `key` and `token`, and those in manuals and test data.",
		Safe:        "A server that takes it in no other way, once a person has said so; single-use links.",
		Remediation: goesHeader,
	}, {
		ID: ruleHistory, Name: "secret-in-history", Title: "Earlier commit holds a secret", Class: rules.Violation, Controls: repo, CWE: []int{798}, Vector: v91,
		Flags:       "What MKT405, MKT408/file and the rules about passwords in URLs call a violation, in a version of a file that is not there any more. A leaked secret stays leaked.",
		Safe:        "A secret that was rotated: suppress it in the policy file with the date.",
		Remediation: "Rotate the secret, note the date in the `secrets` ledger of the policy file and suppress the finding with it. Rewriting the history does not call copies back.",
	}, {
		ID: ruleHistoryReview, Name: "value-in-history", Title: "Earlier commit may hold a secret", Class: rules.Review, Controls: repo, CWE: []int{798}, Vector: v65g,
		Flags:       "What MKT405/random and MKT405/doubtful ask to be looked at, in an earlier version; once for each file and pattern.",
		Safe:        "Values that opened nothing: suppress them in the policy file with the reason.",
		Remediation: "If it ever was real, rotate it.",
	}}
	for i := range list {
		list[i].Tool = "staylisted"
	}
	return list
}
