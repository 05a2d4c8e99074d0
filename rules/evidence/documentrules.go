package evidence

import "github.com/staylisted/staylisted/rules"

// The rules behind the findings of documents. None has a vector: they are
// contradictions between what is said and what is, not weaknesses of the code.

func ruleRetention() rules.Rule {
	return rules.Rule{
		ID: "document:retention/disagrees", Name: "retention-disagrees", Title: "Retention document and policy file give different periods",
		Class: rules.Violation, Controls: []string{"retention-deletion"}, Tool: "staylisted",
		Flags:       "A class of data of the policy file's `data` section whose `retention` differs from every period that the retention document gives for it. A row, an item or a paragraph gives a period for the data it names.",
		Safe:        "The same length of time, however it is written: `P90D`, 90 days, three months. Backups may have a period of their own beside it.",
		Remediation: "Write the true period in both places.",
		Wrong:       "policy: {name: contact email, retention: P90D}\ndocument: | contact email | P30D |",
		Right:       "policy: {name: contact email, retention: P90D}\ndocument: | contact email | P90D |",
	}
}

func rulePeople() rules.Rule {
	return rules.Rule{
		ID: "document:incident-response/contact", Name: "contact-gone", Title: "Contact tree names an account without access",
		Class: rules.Review, Controls: []string{"incident-response"}, Tool: "staylisted",
		Flags:       "An account or team in the contact tree of the incident response document that GitHub says cannot read the repository.",
		Safe:        "Accounts that can read it, and those nobody asked GitHub about: it is asked about the people the policy file names.",
		Remediation: "Name somebody who is still there.",
	}
}

func ruleAuditScope() rules.Rule {
	return rules.Rule{
		ID: "document:audit/scopes", Name: "audit-scope-grew", Title: "OAuth scopes grew since the audit",
		Class: rules.Review, Controls: []string{"independent-audit"}, Tool: "staylisted",
		Flags:       "Scopes the policy file declares that the scope section of the audit document does not name, where it names some of them.",
		Safe:        "A section that names all declared scopes, or none.",
		Remediation: "Have the added scopes audited and name them in the document, or withdraw them.",
	}
}

// driftRule makes a rule of run:architecture-drift or run:data-names.
func driftRule(id, name, title, control, flags, safe, fix string) rules.Rule {
	return rules.Rule{ID: id, Name: name, Title: title, Class: rules.Review, Controls: []string{control}, Tool: "staylisted", Flags: flags, Safe: safe, Remediation: fix}
}

func ruleDriftStore() rules.Rule {
	return driftRule(architectureDrift+"/store", "store-not-described", "Store is missing in the architecture document", "architecture-doc",
		"A database, cache, queue or object store that the code uses and no word of the architecture document names.",
		"Any common name of it, or the name the policy file gives it under `stores`.", "Name the store under Components, with what it keeps.")
}

func ruleDriftService() rules.Rule {
	return driftRule(architectureDrift+"/service", "service-not-described", "Outside service is missing in the architecture document", "architecture-doc",
		"An outside host that the code speaks to and the architecture document does not name.",
		"The host, its domain, its common name, or the name the policy file gives the service.", "Name the service under Integration points, with why it is called.")
}

func ruleDriftRoutes() rules.Rule {
	return driftRule(architectureDrift+"/route", "route-not-described", "Route is missing in the architecture document", "architecture-doc",
		"Routes that the code serves and the architecture document names neither by path nor by a prefix. All of them are one finding; the steps are their places.",
		"A path or a prefix such as `/v1/`; a link to the OpenAPI document in the repository; health, metrics, static and start pages.", "Name the path, or the prefix of the group, under APIs.")
}

func ruleDriftAuth() rules.Rule {
	return driftRule(architectureDrift+"/authentication", "authentication-not-described", "Authentication mechanism is missing in the architecture document", "architecture-doc",
		"A way to prove who asks that the code uses (sessions, signed tokens, HTTP basic, client certificates, OAuth) and no word of the architecture document names.",
		"Any common name of the mechanism.", "Describe the mechanism under Authentication flows.")
}

func ruleDriftThreats() rules.Rule {
	return driftRule(architectureDrift+"/threat-model", "threat-model-behind", "Routes or stores are newer than the threat model's review", "threat-model",
		"Routes and stores whose line in the code is younger than the review of the threat model and that it does not name.",
		"A threat model that names them, or was reviewed since.", "Read the threat model again with these in mind, add what is new, and set `reviewed`.")
}

func ruleDataUnlisted() rules.Rule {
	return driftRule(dataNames+"/unlisted", "data-not-listed", "Personal or secret data is not listed", "data-inventory",
		"Fields of the code named like personal data that are stored or decoded from a request or a reply, and fields named like secrets that are stored, when the policy file lists nothing of that kind under `data`. One finding a kind of data.",
		"An entry of `data` with a name of that kind: `contact email` covers every e-mail address.", "List it under `data` with class, source, store, retention and deletion.")
}

func ruleSubProcessor() rules.Rule {
	return driftRule(dataNames+"/sub-processor", "sub-processor-not-listed", "A company that receives user data is not listed", "sub-processors",
		"SDKs and hosts of error trackers, analytics, mail, telephony, payment and model providers in code and manifests that the policy file does not list under `sub-processors`.",
		"An entry whose name holds the provider's, or `sub-processors` as the address of a public list.", "List it under `sub-processors` with purpose, data and region.")
}

// documentRules are the rules of every finding documents can make.
func documentRules() []rules.Rule {
	return []rules.Rule{
		ruleRetention(), rulePeople(), ruleAuditScope(),
		ruleDriftStore(), ruleDriftService(), ruleDriftRoutes(), ruleDriftAuth(), ruleDriftThreats(), ruleDataUnlisted(), ruleSubProcessor(),
	}
}
