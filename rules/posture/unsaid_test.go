package posture

import (
	"slices"
	"testing"
	"time"

	"github.com/staylisted/staylisted/rules"
)

// TestSecretScanningNotSaid: an answer that does not say whether secret scanning
// is on means that it is not offered only where that can be.
func TestSecretScanningNotSaid(t *testing.T) {
	at := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		web     string
		private bool
		proves  bool
	}{
		{"https://github.com/harbour/bridge", false, false},
		{"https://github.com/harbour/bridge", true, true},
		{"https://git.harbour.dev/harbour/bridge", false, true},
	} {
		s := &Settings{ReadAt: at, Web: c.web, About: answer(About{Private: c.private, Security: &Security{}}, nil)}
		g := Judge(s, "", at)
		proves := slices.ContainsFunc(g.Observations, func(o rules.Observation) bool { return o.Verifier == secretScanning && o.Control == hardeningControl })
		broken := slices.ContainsFunc(g.Runs, func(r rules.VerifierRun) bool { return r.Verifier == secretScanning && r.State == rules.Broken })
		if proves != c.proves || broken == c.proves {
			t.Errorf("%+v: proves %t, broken %t", c, proves, broken)
		}
	}
}
