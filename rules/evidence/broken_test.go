package evidence

import (
	"strings"
	"testing"
)

// base is what most broken files begin with.
const base = "version: 1\nmarketplaces: [druva]\n"

// A broken file with the exact text and place of all its errors.
type brokenCase struct{ name, src, want string }

func brokenCases() []brokenCase {
	return []brokenCase{
		{
			"empty",
			"",
			"p:1:1: the file says nothing; write at least version: 1 and marketplaces: [druva, apollo]",
		},
		{
			"only comments",
			"# nothing\n",
			"p:1:1: the file says nothing; write at least version: 1 and marketplaces: [druva, apollo]",
		},
		{
			"null",
			"~\n",
			"p:1:1: the file says nothing; write at least version: 1 and marketplaces: [druva, apollo]",
		},
		{
			"a list",
			"- druva\n",
			"p:1:1: the policy is a list; write at least version: 1 and marketplaces: [druva, apollo]",
		},
		{
			"text",
			"druva\n",
			"p:1:1: the policy is text; write at least version: 1 and marketplaces: [druva, apollo]",
		},
		{
			"not UTF-8",
			base + "product: {name: \"\xff\"}\n",
			"p:3:18: the text is not UTF-8; save the file as UTF-8",
		},
		{
			"NUL",
			base + "gate: str\x00ict\n",
			"p:3:7: gate cannot be \"strxict\"; did you mean \"strict\"?\n" +
				"p:3:10: an invisible control character, U+0000; delete the character",
		},
		{
			"direction of text",
			base + "# ok\u202e ko\n",
			"p:3:5: an invisible character that changes the direction of text, U+202E; delete the character",
		},
		{
			"line separator",
			base + "# a\u2028gate: sla\n",
			"p:3:4: an unusual line break, U+2028; delete the character",
		},
		{
			"escaped direction of text",
			base + "product: {name: \"a\\u202eb\"}\n",
			"p:3:17: the text holds an invisible character; remove it",
		},
		{
			"lone carriage return",
			base + "# a\rgate: sla\n",
			"p:3:4: an unusual line break, U+000D; delete the character",
		},
		{
			"tab",
			"version: 1\nmarketplaces:\n\t- druva\n",
			"p:3:1: a tab where YAML wants spaces; indent with spaces",
		},
		{
			"list not closed",
			"version: 1\nmarketplaces: [druva\ngate: strict\n",
			"p:2:16: a list or mapping in brackets is not closed, or lacks a comma; separate entries with commas and close it with ] or }",
		},
		{
			"quote not closed",
			base + "product: {name: \"Harbour}\n",
			"p:3:17: a quotation mark is not closed; end the value with the same quotation mark",
		},
		{
			"bad indentation",
			"version: 1\nmarketplaces:\n  - druva\n - apollo\n",
			"p:4:2: an indentation that fits no level above; align keys and dashes of one level",
		},
		{
			"indentation of a key",
			base + "contacts:\n  security: {email: a@b.example}\n   technical: {email: a@b.example}\n",
			"p:5:4: an indentation that fits no level above; align keys and dashes of one level",
		},
		{
			"colon in a value",
			base + "product:\n  name: Harbour: Sync\n",
			"p:4:16: a colon where no key can stand; align keys of one level, and put a value that contains \": \" in double quotes",
		},
		{
			"login without quotes",
			base + "contacts:\n  security: {github: @ben}\n",
			"p:4:22: a value begins with a character YAML reserves; put it in double quotes",
		},
		{
			"line without a key",
			base + "strict\ngate: sla\n",
			"p:3:1: a line that is neither a key nor an entry; write key: value, or begin the line with #",
		},
		{
			"unknown escape",
			base + "product: {name: \"\\q\"}\n",
			"p:3:18: an unknown escape in double quotes; write \\\\ for a backslash, or use single quotes",
		},
		{
			"YAML directive",
			"%YAML 1.2\n---\nversion: 1\nmarketplaces: [druva]\n",
			"p:1:1: a %YAML line; remove the line; the file is read as YAML",
		},
		{
			"second document",
			base + "---\nversion: 1\nmarketplaces: [druva]\n",
			"p:3:1: a second document begins; keep one document and remove the line ---",
		},
		{
			"text after the end",
			base + "...\ngate: sla\n",
			"p:4:1: a second document begins; keep one document and remove the lines --- and ...",
		},
		{
			"anchor",
			base + "product: {name: &n Harbour}\n",
			"p:3:17: an anchor (&name) is not allowed; write the value out where it is used",
		},
		{
			"alias",
			base + "product: &p {name: Harbour}\nteach: *p\n",
			"p:3:10: an anchor (&name) is not allowed; write the value out where it is used\n" +
				"p:4:8: an alias (*name) is not allowed; write the value out",
		},
		{
			"unknown alias",
			base + "product: *p\n",
			"p:3:11: an alias (*name) is not allowed; write the value out",
		},
		{
			"tag",
			base + "product: {name: !!str Harbour}\n",
			"p:3:17: a tag (!name) is not allowed; remove the tag",
		},
		{
			"merge key",
			base + "product: {<<: {name: Harbour}}\n",
			"p:3:11: product has no key \"<<\"; merge keys are not read; write the keys out",
		},
		{
			"complex key",
			base + "? [gate]\n: sla\n",
			"p:3:3: a key must be a single word; write key: value",
		},
		{
			"deep",
			base + "product: [[[[[[[[[[x]]]]]]]]]]\n",
			"p:3:10: product is a list; write it as {name: …}\n" +
				"p:3:17: nested deeper than any key of the policy; write the keys as documented",
		},
		{
			"duplicate key",
			base + "gate: strict\nsla: {anchor: reported}\ngate: sla\n",
			"p:5:1: the key \"gate\" appears twice; merge it with the one in line 3",
		},
		{
			"duplicate nested key",
			base + "stores:\n  db: {region: eu}\n  db: {region: us}\n",
			"p:5:3: the key \"db\" appears twice; merge it with the one in line 4",
		},
		{
			"no version",
			"marketplaces: [druva]\n",
			"p:1:1: the policy lacks the key version; add version: 1",
		},
		{
			"no marketplaces",
			"version: 1\n",
			"p:1:1: the policy lacks the key marketplaces; add marketplaces: [druva, apollo]",
		},
		{
			"other version",
			"version: 2\nmarketplaces: [druva]\n",
			"p:1:10: this version of the policy file is not known; write version: 1",
		},
		{
			"version as text",
			"version: \"1\"\nmarketplaces: [druva]\n",
			"p:1:10: this version of the policy file is not known; write version: 1",
		},
		{
			"version as a list",
			"version: [1]\nmarketplaces: [druva]\n",
			"p:1:10: version is a list; write version: 1",
		},
		{
			"unknown key, near",
			base + "supressions: []\n",
			"p:3:1: the policy has no key \"supressions\"; did you mean \"suppressions\"?",
		},
		{
			"unknown key, other spelling",
			base + "Sub_Processors: []\n",
			"p:3:1: the policy has no key \"Sub_Processors\"; did you mean \"sub-processors\"?",
		},
		{
			"unknown key, far",
			base + "sla: {deadline: 3}\n",
			"p:3:7: sla has no key \"deadline\"; remove it, or write one of anchor",
		},
		{
			"unknown key that may be a secret",
			base + "AKIAIOSFODNN7EXAMPLE: x\n",
			"p:3:1: the policy has no key (20 characters, not shown); remove it; the documentation lists the keys",
		},
		{
			"unknown key, hostile",
			base + "\"a\\x1b[31m@org\": x\n",
			"p:3:1: the policy has no key \"a\\x1b[31m@org\"; remove it; the documentation lists the keys\n" +
				"p:3:1: the text holds an invisible character; remove it",
		},
		{
			"unknown key, long",
			base + "one two three four five six seven eight nine ten eleven twelve: x\n",
			"p:3:1: the policy has no key \"one two three four five six seven eight …\"; remove it; the documentation lists the keys",
		},
		{
			"empty value",
			base + "gate:\n",
			"p:3:6: gate is empty; give it a value or remove the key",
		},
		{
			"unknown marketplace",
			"version: 1\nmarketplaces: [druvva]\n",
			"p:2:16: an entry of marketplaces: there is no marketplace \"druvva\"; did you mean \"druva\"?",
		},
		{
			"marketplace twice",
			"version: 1\nmarketplaces: [druva, druva]\n",
			"p:2:23: the marketplace \"druva\" appears twice; remove one of them",
		},
		{
			"empty entry",
			"version: 1\nmarketplaces: [druva, ~]\n",
			"p:2:23: an entry of marketplaces is empty; give it a value or remove it",
		},
		{
			"no marketplace left",
			"version: 1\nmarketplaces: {}\n",
			"p:2:15: marketplaces is empty; name at least one, as in [druva, apollo]",
		},
		{
			"marketplaces as text",
			"version: 1\nmarketplaces: druva\n",
			"p:2:15: marketplaces is text; write it as a list, as in [druva, apollo]",
		},
		{
			"marketplace details as text",
			"version: 1\nmarketplaces: {druva: approved}\n",
			"p:2:23: a marketplace is text; write it as {phase: …}",
		},
		{
			"unknown phase",
			"version: 1\nmarketplaces: {druva: {phase: aproved}}\n",
			"p:2:31: phase cannot be \"aproved\"; did you mean \"approved\"?",
		},
		{
			"date without phase",
			"version: 1\nmarketplaces: {druva: {approved: 2026-09-01}}\n",
			"p:2:34: the date approved does not fit the phase draft; write phase: approved, or remove the date",
		},
		{
			"date beyond the phase",
			"version: 1\nmarketplaces: {druva: {phase: approved, approved: 2026-09-01, published: 2026-10-01}}\n",
			"p:2:74: the date published does not fit the phase approved; write phase: published, or remove the date",
		},
		{
			"dates out of order",
			"version: 1\nmarketplaces: {druva: {phase: published, submitted: 2026-09-02, approved: 2026-09-01, published: 2026-08-01}}\n",
			"p:2:75: approved lies before submitted; check both dates\n" +
				"p:2:98: published lies before approved; check both dates",
		},
		{
			"questionnaire out of order",
			"version: 1\nmarketplaces: {monday: {questionnaire: {submitted: 2026-09-02, approved: 2026-09-01}}}\n",
			"p:2:74: approved lies before submitted; check both dates",
		},
		{
			"future approval",
			"version: 1\nmarketplaces: {druva: {phase: approved, approved: 2026-11-23}}\n",
			"p:2:51: approved is in the future; write the day it happened",
		},
		{
			"scope with a space",
			"version: 1\nmarketplaces: {druva: {scopes: [contacts read]}}\n",
			"p:2:33: an entry of scopes is not a scope; write one scope an entry, without spaces",
		},
		{
			"scope as text",
			"version: 1\nmarketplaces: {druva: {scopes: contacts_read}}\n",
			"p:2:32: scopes is text; write it as a list, in [brackets] or with a dash before each entry",
		},
		{
			"product as text",
			base + "product: Harbour\n",
			"p:3:10: product is text; write it as {name: …}",
		},
		{
			"number for a name",
			base + "product: {name: 365}\n",
			"p:3:17: name is a number; put it in double quotes if it is meant as text",
		},
		{
			"text for a boolean",
			base + "product: {sensitive: \"true\"}\n",
			"p:3:22: sensitive is text; write true or false",
		},
		{
			"list for a boolean",
			base + "product: {sensitive: [true]}\n",
			"p:3:22: sensitive is a list; write true or false",
		},
		{
			"blank name",
			base + "product: {name: \" \"}\n",
			"p:3:17: name is empty; give it a value or remove the key",
		},
		{
			"long name",
			base + "product: {name: " + strings.Repeat("x", 2001) + "}\n",
			"p:3:17: name is longer than 2000 characters; shorten it",
		},
		{
			"no such contact",
			base + "contacts: {securty: {email: a@b.example}}\n",
			"p:3:12: contacts has no key \"securty\"; did you mean \"security\"?",
		},
		{
			"contact without address",
			base + "contacts: {security: {}}\n",
			"p:3:22: the contact security cannot be reached; add email: security@example.com or github: \"@org/team\"",
		},
		{
			"bad e-mail",
			base + "contacts: {security: {email: \"Anna <a@b.example>\"}}\n",
			"p:3:30: email is not an e-mail address; write a plain address, as in security@example.com",
		},
		{
			"bad login",
			base + "contacts: {security: {github: anna}}\n",
			"p:3:31: github is not a GitHub login or team; write \"@login\" or \"@org/team\", with the quotes",
		},
		{
			"endpoint not encrypted",
			base + "endpoints: [\"http://app.example.com/\"]\n",
			"p:3:13: an entry of endpoints is not encrypted; write the https:// address; the step from http to https is tested by itself",
		},
		{
			"endpoint with password",
			base + "endpoints: [\"https://u:p@app.example.com/\"]\n",
			"p:3:13: an entry of endpoints carries a user name or a password; take it out, and replace that password: it has been in the repository",
		},
		{
			"endpoint without scheme",
			base + "endpoints: [app.example.com]\n",
			"p:3:13: an entry of endpoints is not a web address; write a full address, as in https://app.example.com/",
		},
		{
			"endpoint of another scheme",
			base + "endpoints: [\"ftp://app.example.com/\"]\n",
			"p:3:13: an entry of endpoints is not a web address; write a full address, as in https://app.example.com/",
		},
		{
			"private endpoint",
			base + "endpoints: [\"https://10.0.0.1/\"]\n",
			"p:3:13: an entry of endpoints is not on the public internet; name the public address",
		},
		{
			"mapped loopback endpoint",
			base + "endpoints: [\"https://[::ffff:127.0.0.1]/\"]\n",
			"p:3:13: an entry of endpoints is not on the public internet; name the public address",
		},
		{
			"endpoint without public name",
			base + "endpoints: [\"https://localhost/\"]\n",
			"p:3:13: an entry of endpoints has no public host name; write a full address, as in https://app.example.com/",
		},
		{
			"endpoint on a port",
			base + "endpoints: [\"https://app.example.com:8443/\"]\n",
			"p:3:13: an entry of endpoints has a port that is not probed; use port 443 and leave it out",
		},
		{
			"endpoint with a query",
			base + "endpoints: [\"https://app.example.com/?token=x\"]\n",
			"p:3:13: an entry of endpoints has a query; leave out everything from the ? on",
		},
		{
			"endpoint with a fragment",
			base + "endpoints: [\"https://app.example.com/#top\"]\n",
			"p:3:13: an entry of endpoints has a fragment; leave out everything from the # on",
		},
		{
			"endpoint without url",
			base + "endpoints: [{kind: api}]\n",
			"p:3:13: an endpoint lacks the key url; add url: https://app.example.com/",
		},
		{
			"unknown endpoint kind",
			base + "endpoints: [{url: \"https://a.example/\", kind: web}]\n",
			"p:3:47: kind cannot be \"web\"; write one of browser, embedded, api, webhook, static",
		},
		{
			"bad route",
			base + "endpoints: [{url: \"https://a.example/\", anonymous: [healthz, get /x]}]\n",
			"p:3:53: an entry of anonymous is not a route; write /path or METHOD /path, as in GET /healthz\n" +
				"p:3:62: an entry of anonymous is not a route; write /path or METHOD /path, as in GET /healthz",
		},
		{
			"endpoints as text",
			base + "endpoints: https://a.example/\n",
			"p:3:12: endpoints is text; write it as a list, in [brackets] or with a dash before each entry",
		},
		{
			"service without hosts",
			base + "services: [{name: Apollo}]\n",
			"p:3:12: a service lacks the key hosts; add hosts: [api.apollo.io]",
		},
		{
			"bad host",
			base + "services: [{name: Apollo, hosts: [\"https://api.apollo.io\", 10.0.0.1]}]\n",
			"p:3:35: an entry of hosts is not a host name; write the name alone, as in api.example.com or *.example.com\n" +
				"p:3:60: an entry of hosts is not a host name; write the name alone, as in api.example.com or *.example.com",
		},
		{
			"unknown way to authenticate",
			base + "services: [{name: Apollo, hosts: [api.apollo.io], auth: oauth}]\n",
			"p:3:57: auth cannot be \"oauth\"; write one of oauth2-code, oauth2-client-credentials, oauth2-device, oidc, api-token, api-key, basic, mtls, signature, none, other",
		},
		{
			"stores as a list",
			base + "stores: [{provider: aws}]\n",
			"p:3:9: stores is a list; write it as a mapping from names to {provider: …}",
		},
		{
			"bad word",
			base + "stores: {db: {region: \"eu; drop\"}}\n",
			"p:3:23: region is not a plain word; use letters, digits and . _ : / + -",
		},
		{
			"store as text",
			base + "stores: {db: aws}\n",
			"p:3:14: a store is text; write it as {provider: …}",
		},
		{
			"path out of the repository",
			base + "stores: {db: {iac: infra/../../rds.tf}}\n",
			"p:3:20: iac leads out of the repository; write it relative to the root of the repository, as in docs/architecture.md",
		},
		{
			"absolute path",
			base + "documents: {architecture: /docs/a.md}\n",
			"p:3:27: architecture is an absolute path; write it relative to the root of the repository, as in docs/architecture.md",
		},
		{
			"path on a drive",
			base + "documents: {architecture: \"C:/docs/a.md\"}\n",
			"p:3:27: architecture is an absolute path; write it relative to the root of the repository, as in docs/architecture.md",
		},
		{
			"path with a backslash",
			base + "documents: {architecture: docs\\a.md}\n",
			"p:3:27: architecture has a backslash; separate folders with /",
		},
		{
			"path with a wildcard",
			base + "documents: {architecture: docs/*.md}\n",
			"p:3:27: architecture has a wildcard; name one file, or one folder where folders are allowed",
		},
		{
			"path with dots",
			base + "documents: {architecture: ./docs/a.md}\n",
			"p:3:27: architecture has empty, \".\" or \"..\" parts; write the shortest form, as in docs/architecture.md",
		},
		{
			"folder for a document",
			base + "documents: {architecture: docs/}\n",
			"p:3:27: architecture names a folder; name the file in it",
		},
		{
			"empty path",
			base + "documents: {architecture: \"\"}\n",
			"p:3:27: architecture is empty; give it a value or remove the key",
		},
		{
			"no path",
			base + "documents: {architecture: }\n",
			"p:3:27: architecture is empty; name the file or remove the key",
		},
		{
			"unknown document",
			base + "documents: {architekture: docs/a.md}\n",
			"p:3:13: there is no kind of document \"architekture\"; did you mean \"architecture\"?",
		},
		{
			"document far from any",
			base + "documents: {cookbook: docs/a.md}\n",
			"p:3:13: there is no kind of document \"cookbook\"; write one of architecture, threat-model, retention, incident-response, dr-bcp, logging, data-rights, onboarding, audit",
		},
		{
			"documents as a list",
			base + "documents: [docs/a.md]\n",
			"p:3:12: documents is a list; write it as {architecture: docs/architecture.md}",
		},
		{
			"unknown class",
			base + "data: [{name: e-mail, class: personal}]\n",
			"p:3:30: class cannot be \"personal\"; write one of public, internal, confidential, pii, pii-high, secret",
		},
		{
			"store that is not there",
			base + "stores: {main-db: {provider: aws}}\ndata: [{name: e-mail, class: pii, store: main_db}]\n",
			"p:4:42: store names no entry of stores; did you mean \"main-db\"?",
		},
		{
			"no stores at all",
			base + "data: [{name: e-mail, class: pii, store: main-db}]\n",
			"p:3:42: store names no entry of stores; add an entry of that name to stores",
		},
		{
			"bad retention",
			base + "data: [{name: e-mail, class: pii, retention: P1.5D}]\n",
			"p:3:46: retention is not a length of time up to a hundred years; write it as 90d, 24h or 30m, or as an ISO 8601 duration like P90D",
		},
		{
			"endless retention",
			base + "data: [{name: e-mail, class: pii, retention: P101Y}]\n",
			"p:3:46: retention is not a length of time up to a hundred years; write it as 90d, 24h or 30m, or as an ISO 8601 duration like P90D",
		},
		{
			"deletion by http",
			base + "data: [{name: e-mail, class: pii, deletion: \"http://a.example/x\"}]\n",
			"p:3:45: deletion is not encrypted; write the https:// address",
		},
		{
			"deletion outside",
			base + "data: [{name: e-mail, class: pii, deletion: ../x.md}]\n",
			"p:3:45: deletion leads out of the repository; write it relative to the root of the repository, as in docs/architecture.md",
		},
		{
			"sub-processors elsewhere",
			base + "sub-processors: docs/sub.md\n",
			"p:3:17: sub-processors is not a web address; write a full address, as in https://app.example.com/",
		},
		{
			"nameless sub-processor",
			base + "sub-processors: [{purpose: mail}]\n",
			"p:3:18: a sub-processor lacks the key name; add name: Sentry",
		},
		{
			"value for the name of a secret",
			base + "secrets: [{name: ghp_0123456789abcdefABCDEF0123456789abcd, store: vault, owner: \"@ben\", rotated: 2026-10-01}]\n",
			"p:3:18: name does not look like the name of a secret; write the name it has in its store, never its value; if this was the value, replace the secret",
		},
		{
			"no rotation date",
			base + "secrets: [{name: KEY, store: vault, owner: \"@ben\"}]\n",
			"p:3:11: a secret lacks the key rotated; add rotated: YYYY-MM-DD",
		},
		{
			"rotated tomorrow",
			base + "secrets: [{name: KEY, store: vault, owner: \"@ben\", rotated: 2026-11-23}]\n",
			"p:3:61: rotated is in the future; write the day it happened",
		},
		{
			"max-age of nothing",
			base + "secrets: [{name: KEY, store: vault, owner: \"@ben\", rotated: 2026-10-01, max-age: 0d}]\n",
			"p:3:82: max-age is too short; write at least 1d",
		},
		{
			"value beside a secret",
			base + "secrets: [{name: KEY, value: hunter2, store: vault, owner: \"@ben\", rotated: 2026-10-01}]\n",
			"p:3:23: a secret has no key \"value\"; remove it, or write one of name, store, owner, rotated, max-age",
		},
		{
			"incident on a day",
			base + "incidents: [{id: INC-1, detected: 2026-08-02}]\n",
			"p:3:35: detected is not a point in time; write it with time and zone, as in 2026-08-02T09:10:00Z",
		},
		{
			"incident to come",
			base + "incidents: [{id: INC-1, detected: 2026-11-21T12:06:00Z}]\n",
			"p:3:35: detected is in the future; write when it happened",
		},
		{
			"notified before detected",
			base + "incidents: [{id: INC-1, detected: 2026-08-02T10:00:00Z, notified: 2026-08-02T09:00:00Z, to: [acme]}]\n",
			"p:3:67: notified lies before detected; check both dates\n" +
				"p:3:94: an entry of to: there is no marketplace \"acme\"; write one of apollo, druva, monday",
		},
		{
			"unknown requirement",
			base + "attestations:\n  - {for: [DRUVA-AP-13], statement: Users can take their consent back., owner: \"@ben\", date: 2026-10-04, expires: 2027-10-04}\n",
			"p:4:12: an entry of for: there is no requirement \"DRUVA-AP-13\"; did you mean \"DRUVA-AP-12\"?",
		},
		{
			"control for a requirement",
			base + "attestations:\n  - {for: [consent], statement: Users can take their consent back., owner: \"@ben\", date: 2026-10-04, expires: 2027-10-04}\n",
			"p:4:12: an entry of for: \"consent\" is a control; write the id of a requirement, as in DRUVA-SC-07",
		},
		{
			"attests nothing",
			base + "attestations:\n  - {for: [], statement: Users can take their consent back., owner: \"@ben\", date: 2026-10-04, expires: 2027-10-04}\n",
			"p:4:11: for is empty; name at least one requirement, as in [DRUVA-AP-12]",
		},
		{
			"placeholder",
			base + "attestations:\n  - {for: [DRUVA-AP-12], statement: TODO describe the consent, owner: \"@ben\", date: 2026-10-04, expires: 2027-10-04}\n",
			"p:4:37: statement is a placeholder; write the real text",
		},
		{
			"attestation of nobody",
			base + "attestations:\n  - {for: [DRUVA-AP-12], statement: Users can take their consent back., owner: \"Ben\", date: 2026-10-04, expires: 2027-10-04}\n",
			"p:4:80: owner names nobody; write \"@login\", \"@org/team\" or an e-mail address, or \"Name, role\" of an officer",
		},
		{
			"attestation to come",
			base + "attestations:\n  - {for: [DRUVA-AP-12], statement: Users can take their consent back., owner: \"@ben\", date: 2026-11-23, expires: 2027-10-04}\n",
			"p:4:94: date is in the future; write the day it happened",
		},
		{
			"expires before date",
			base + "attestations:\n  - {for: [DRUVA-AP-12], statement: Users can take their consent back., owner: \"@ben\", date: 2026-10-04, expires: 2026-10-03}\n",
			"p:4:115: expires lies before date; check both dates",
		},
		{
			"evidence with password",
			base + "attestations:\n  - {for: [DRUVA-AP-12], statement: Users can take their consent back., owner: \"@ben\", date: 2026-10-04, expires: 2027-10-04, evidence: [\"https://u:p@a.example/\"]}\n",
			"p:4:138: an entry of evidence carries a user name or a password; take it out, and replace that password: it has been in the repository",
		},
		{
			"attestation as text",
			base + "attestations: [yes we do]\n",
			"p:3:16: an attestation is text; write it as {for: …}",
		},
		{
			"reason too short",
			base + "suppressions:\n  - {rule: MKT508, path: a/b.go, kind: accepted-risk, reason: it is fine, owner: \"@ben\", expires: 2027-01-31}\n",
			"p:4:63: reason is shorter than 15 characters; say in a sentence why, so that a reviewer can follow",
		},
		{
			"no reason",
			base + "suppressions:\n  - {rule: MKT508, path: a/b.go, kind: accepted-risk, owner: \"@ben\", expires: 2027-01-31}\n",
			"p:4:5: a suppression lacks the key reason; add reason: why the finding is excused",
		},
		{
			"no owner",
			base + "suppressions:\n  - {rule: MKT508, path: a/b.go, kind: accepted-risk, reason: the peer is on this host, expires: 2027-01-31}\n",
			"p:4:5: a suppression lacks the key owner; add owner: \"@login\"",
		},
		{
			"bad owner",
			base + "suppressions:\n  - {rule: MKT508, path: a/b.go, kind: accepted-risk, reason: the peer is on this host, owner: \"@-ben\", expires: 2027-01-31}\n",
			"p:4:96: owner names nobody; write \"@login\", \"@org/team\" or an e-mail address",
		},
		{
			"no expiry",
			base + "suppressions:\n  - {rule: MKT508, path: a/b.go, kind: accepted-risk, reason: the peer is on this host, owner: \"@ben\"}\n",
			"p:4:5: a suppression lacks the key expires; add expires: YYYY-MM-DD",
		},
		{
			"expires too late",
			base + "suppressions:\n  - {rule: MKT508, path: a/b.go, kind: accepted-risk, reason: the peer is on this host, owner: \"@ben\", expires: 2027-05-21}\n",
			"p:4:113: expires is more than 180 days away, the most for accepted-risk; write 2027-05-20 or earlier, and renew it when it is still true",
		},
		{
			"false positive too long",
			base + "suppressions:\n  - {rule: MKT508, path: a/b.go, kind: false-positive, reason: the peer is on this host, owner: \"@ben\", expires: 2027-11-22}\n",
			"p:4:114: expires is more than 365 days away, the most for false-positive; write 2027-11-21 or earlier, and renew it when it is still true",
		},
		{
			"date that does not exist",
			base + "suppressions:\n  - {rule: MKT508, path: a/b.go, kind: accepted-risk, reason: the peer is on this host, owner: \"@ben\", expires: 2027-02-29}\n",
			"p:4:113: expires is not a date that exists; write it as YYYY-MM-DD",
		},
		{
			"date in another order",
			base + "suppressions:\n  - {rule: MKT508, path: a/b.go, kind: accepted-risk, reason: the peer is on this host, owner: \"@ben\", expires: 31.01.2027}\n",
			"p:4:113: expires is not a date that exists; write it as YYYY-MM-DD",
		},
		{
			"unknown kind",
			base + "suppressions:\n  - {rule: MKT508, path: a/b.go, kind: wontfix, reason: the peer is on this host, owner: \"@ben\", expires: 2027-01-31}\n",
			"p:4:40: kind cannot be \"wontfix\"; write one of false-positive, accepted-risk, not-affected",
		},
		{
			"unknown rule",
			base + "suppressions:\n  - {rule: MKT580, path: a/b.go, kind: accepted-risk, reason: the peer is on this host, owner: \"@ben\", expires: 2027-01-31}\n",
			"p:4:12: rule: there is no rule \"MKT580\"; did you mean \"MKT508\"?",
		},
		{
			"rule with a wildcard",
			base + "suppressions:\n  - {rule: MKT*, path: a/b.go, kind: accepted-risk, reason: the peer is on this host, owner: \"@ben\", expires: 2027-01-31}\n",
			"p:4:12: rule has a wildcard; write one entry a rule",
		},
		{
			"family for a rule",
			base + "suppressions:\n  - {rule: G402, path: a/b.go, kind: accepted-risk, reason: the peer is on this host, owner: \"@ben\", expires: 2027-01-31}\n",
			"p:4:12: rule: there is no rule \"G402\"; write one of G402/skip-verify, MKT301, MKT508",
		},
		{
			"neither path nor fingerprint",
			base + "suppressions:\n  - {rule: MKT508, kind: accepted-risk, reason: the peer is on this host, owner: \"@ben\", expires: 2027-01-31}\n",
			"p:4:5: a suppression has neither path nor fingerprint; add path: internal/fetch/ or the fingerprint of the finding",
		},
		{
			"bad fingerprint",
			base + "suppressions:\n  - {rule: MKT508, fingerprint: 1234, kind: accepted-risk, reason: the peer is on this host, owner: \"@ben\", expires: 2027-01-31}\n",
			"p:4:33: fingerprint is a number; put it in double quotes if it is meant as text",
		},
		{
			"whole repository",
			base + "suppressions:\n  - {rule: MKT508, path: ., kind: accepted-risk, reason: the peer is on this host, owner: \"@ben\", expires: 2027-01-31}\n",
			"p:4:26: path names the whole repository; name a file, or a folder below the root",
		},
		{
			"absolute suppression",
			base + "suppressions:\n  - {rule: MKT508, path: /a/b.go, kind: accepted-risk, reason: the peer is on this host, owner: \"@ben\", expires: 2027-01-31}\n",
			"p:4:26: path is an absolute path; write it relative to the root of the repository, as in docs/architecture.md",
		},
		{
			"list for text",
			base + "suppressions:\n  - {rule: MKT508, path: a/b.go, kind: accepted-risk, reason: [a, b], owner: \"@ben\", expires: 2027-01-31}\n",
			"p:4:63: reason is a list; write plain text",
		},
		{
			"claim twice",
			base + "not-applicable:\n  - {requirement: DRUVA-NC-03, reason: nothing is installed there, owner: \"@ben\", review: 2027-10-04}\n  - {requirement: DRUVA-NC-03, reason: nothing is installed there, owner: \"@ben\", review: 2027-10-04}\n",
			"p:5:19: there are two entries for \"DRUVA-NC-03\"; keep one of the entries",
		},
		{
			"claim without review",
			base + "not-applicable:\n  - {requirement: DRUVA-NC-03, reason: nothing is installed there, owner: \"@ben\"}\n",
			"p:4:5: an entry of not-applicable lacks the key review; add review: YYYY-MM-DD",
		},
		{
			"claim for a rule",
			base + "not-applicable:\n  - {requirement: MKT508, reason: nothing is installed there, owner: \"@ben\", review: 2027-10-04}\n",
			"p:4:19: requirement: there is no requirement \"MKT508\"; write one of APOLLO-ORG-03, APOLLO-ORG-05, DRUVA-AP-12, DRUVA-NC-03, DRUVA-SC-07",
		},
		{
			"bad Go name",
			base + "teach: {auth: [Require, \"a.example/x.(*T.Y\"]}\n",
			"p:3:16: an entry of auth is not a Go name; write import path and name, as in example.com/app/auth.Require\n" +
				"p:3:25: an entry of auth is not a Go name; write import path and name, as in example.com/app/auth.Require",
		},
		{
			"unknown gate",
			base + "gate: loose\n",
			"p:3:7: gate cannot be \"loose\"; write one of strict, sla",
		},
		{
			"gate that may be a secret",
			base + "gate: sk_live_51Habcdefghijklmnop\n",
			"p:3:7: gate cannot be (27 characters, not shown); write one of strict, sla",
		},
		{
			"unknown anchor",
			base + "sla: {anchor: triage}\n",
			"p:3:15: anchor cannot be \"triage\"; did you mean \"triaged\"?",
		},
		{
			"unknown grade",
			base + "require-attestation-grade: a2\n",
			"p:3:28: require-attestation-grade cannot be \"a2\"; did you mean \"A2\"?",
		},
		{
			"licence expression",
			base + "licences: {deny: [MIT OR GPL-2.0-only]}\n",
			"p:3:19: an entry of deny is not an SPDX licence id; write one id an entry, as in AGPL-3.0-only",
		},
		{
			"known licence without a reason",
			base + "licences: {known: [{component: left-pad, licence: \"MIT, I think\"}]}\n",
			"p:3:20: an entry of known lacks the key reason; add reason: the LICENSE file of the release is the MIT text\n" +
				"p:3:32: component does not name a component; write ecosystem, colon and name, as in npm:left-pad or Go:example.com/mod@v1.2.3\n" +
				"p:3:51: licence is not an SPDX licence expression; write it as in MIT or Apache-2.0 OR MIT",
		},
		{
			"session too long",
			base + "limits: {session-absolute: 31d}\n",
			"p:3:28: session-absolute is too long; write at most 30d",
		},
		{
			"session idle above absolute",
			base + "limits: {session-absolute: 1h, session-idle: 2h}\n",
			"p:3:46: session-idle is longer than session-absolute; write a shorter one",
		},
		{
			"dast-age too short",
			base + "limits: {dast-age: 29d}\n",
			"p:3:20: dast-age is too short; write at least 30d",
		},
		{
			"not a duration",
			base + "limits: {session-idle: 30}\n",
			"p:3:24: session-idle is not a length of time up to a hundred years; write it as 90d, 24h or 30m, or as an ISO 8601 duration like P90D",
		},
		{
			"idle too short",
			base + "limits: {session-idle: PT1S}\n",
			"p:3:24: session-idle is too short; write at least 1m",
		},
		{
			"incomplete vector",
			base + "vectors: [{rule: MKT301, vector: \"CVSS:3.1/AV:N/AC:L\", reason: only through the VPN, owner: \"@ben\"}]\n",
			"p:3:34: vector is not a full CVSS vector; write the version and every base metric, as in CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N",
		},
		{
			"vector without version",
			base + "vectors: [{rule: MKT301, vector: \"AV:N/AC:L/Au:N/C:P/I:P/A:P\", reason: only through the VPN, owner: \"@ben\"}]\n",
			"p:3:34: vector is not a full CVSS vector; write the version and every base metric, as in CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N",
		},
		{
			"vector as a list",
			base + "vectors: [{rule: MKT301, vector: [a], reason: only through the VPN, owner: \"@ben\"}]\n",
			"p:3:34: vector is a list; write plain text",
		},
		{
			"reported without date",
			base + "reported: [{finding: CVE-2026-1234}]\n",
			"p:3:12: an entry of reported has no date; add reported: YYYY-MM-DD or triaged: YYYY-MM-DD",
		},
		{
			"reported as text",
			base + "reported: [CVE-2026-1234]\n",
			"p:3:12: an entry of reported is text; write it as {finding: …}",
		},
		{
			"reported to come",
			base + "reported: [{finding: CVE-2026-1234, reported: 2026-11-23}]\n",
			"p:3:47: reported is in the future; write when it happened",
		},
		{
			"triaged before reported",
			base + "reported: [{finding: CVE-2026-1234, reported: 2026-10-05, triaged: 2026-10-02}]\n",
			"p:3:68: triaged lies before reported; check both dates",
		},
		{
			"reported at no time",
			base + "reported: [{finding: CVE-2026-1234, reported: yesterday}]\n",
			"p:3:47: reported is not a point in time; write it as YYYY-MM-DD, or with time and zone as in 2026-08-02T09:10:00Z",
		},
		{
			"csrf-test without url",
			base + "csrf-test: {}\n",
			"p:3:12: csrf-test lacks the key url; add url: https://staging.example.com/settings",
		},
		{
			"csrf-test as text",
			base + "csrf-test: https://a.example/\n",
			"p:3:12: csrf-test is text; write it as {url: …}",
		},
		{
			"boolean for a name",
			base + "product: {name: true}\n",
			"p:3:17: name is true or false; put it in double quotes if it is meant as text",
		},
		{
			"date for a name",
			base + "product: {name: 2026-01-01}\n",
			"p:3:17: name is a date; put it in double quotes if it is meant as text",
		},
		{
			"empty store",
			base + "stores: {db: }\n",
			"p:3:14: a store is empty; write it as {provider: …}",
		},
		{
			"list for a date",
			base + "suppressions:\n  - {rule: MKT508, path: a/b.go, kind: accepted-risk, reason: the peer is on this host, owner: \"@ben\", expires: [2027-01-31]}\n",
			"p:4:113: expires is a list; write it as YYYY-MM-DD",
		},
		{
			"list for an instant",
			base + "incidents: [{id: INC-1, detected: [now]}]\n",
			"p:3:35: detected is a list; write it with time and zone, as in 2026-08-02T09:10:00Z",
		},
		{
			"list for a duration",
			base + "limits: {dast-age: [90d]}\n",
			"p:3:20: dast-age is a list; write it as 90d, 24h or 30m, or as an ISO 8601 duration like P90D",
		},
		{
			"list for an address",
			base + "csrf-test: {url: [x]}\n",
			"p:3:18: url is a list; write plain text",
		},
		{
			"list for a route",
			base + "endpoints: [{url: \"https://a.example/\", private: [[x]]}]\n",
			"p:3:51: an entry of private is a list; write plain text",
		},
		{
			"list for a suppression",
			base + "suppressions: [[x]]\n",
			"p:3:16: a suppression is a list; write it as {rule: …}",
		},
		{
			"three documents",
			base + "---\na: b\n---\nc: [\n",
			"p:3:1: a second document begins; keep one document and remove the line ---",
		},
		{
			"column in bytes",
			base + "product: {name: Häfen, sensitiv: true}\n",
			"p:3:25: product has no key \"sensitiv\"; did you mean \"sensitive\"?",
		},
	}
}

func TestBroken(t *testing.T) {
	for _, c := range brokenCases() {
		t.Run(c.name, func(t *testing.T) {
			f, errs := Parse("p", []byte(c.src), known())
			if f != nil {
				t.Error("a broken file was read")
			}
			if got := errs.Error(); got != c.want {
				t.Errorf("%q\n got %s\nwant %s", c.src, strings.ReplaceAll(got, "\n", "\n     "), strings.ReplaceAll(c.want, "\n", "\n     "))
			}
		})
	}
}
