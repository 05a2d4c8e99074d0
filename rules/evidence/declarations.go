package evidence

import "github.com/staylisted/staylisted/rules"

// declarations weighs what the policy file declares: contacts, services, stores,
// data, sub-processors, the ledger of secrets, incidents, phases.
func declarations(in *Input) rules.Gathered { return rules.Gathered{} }
