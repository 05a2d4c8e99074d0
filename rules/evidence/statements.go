package evidence

import "github.com/staylisted/staylisted/rules"

// statements weighs attestations.
func statements(in *Input) rules.Gathered { return rules.Gathered{} }
