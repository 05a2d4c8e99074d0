package code

// flow follows values inside one package.
type flow struct{ p *pkg }

func newFlow(p *pkg) *flow { return &flow{p: p} }
