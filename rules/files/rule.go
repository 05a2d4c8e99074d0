package files

import (
	"slices"

	"github.com/staylisted/staylisted/rules"
)

// Verifiers and rule families of this package.
const (
	workflowRule       = "MKT902"
	workflowsVerifier  = "files:workflows"
	sriRule            = "MKT506"
	inlineRule         = "MKT507"
	htmlVerifier       = "files:html"
	dockerRule         = "MKT901"
	hostsVerifier      = "files:hosts"
	migrationsVerifier = "files:migrations"
	alertsVerifier     = "files:alert-rules"
	schemaVerifier     = "files:api-schema"
	productionVerifier = "run:production-calls"
)

// Vectors of catalogue §2.4.
const (
	v100 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:N"
	v91  = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:N"
	v75c = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"
	v75p = "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:C/C:L/I:H/A:N"
	v75u = "CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:H/I:H/A:H"
	v55  = "CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:N/A:N"
	v53k = "CVSS:3.1/AV:L/AC:H/PR:L/UI:N/S:C/C:L/I:L/A:L"
	v53w = "CVSS:3.1/AV:N/AC:H/PR:L/UI:N/S:U/C:N/I:H/A:N"
	v47  = "CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:C/C:L/I:L/A:N"
)

// Rules describes every rule of this package but those about secrets, in the
// order of their ids.
func Rules() []rules.Rule {
	var out []rules.Rule
	out = append(out, htmlRules()...)
	out = append(out, dockerRules()...)
	out = append(out, workflowRules()...)
	out = append(out, hostsRule(), migrationsRule(), unsignedRule(), productionRule())
	for i := range out {
		out[i].Tool = "staylisted"
	}
	return out
}

// ruleOf returns the rule with an id. It must exist: ids are constants of this
// package, and a test asks for each of them.
func ruleOf(id string) rules.Rule {
	all := Rules()
	return all[slices.IndexFunc(all, func(r rules.Rule) bool { return r.ID == id })]
}
