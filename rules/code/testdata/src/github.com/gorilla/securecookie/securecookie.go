// Package securecookie is a stub for tests: only declarations, written by hand.
package securecookie

type SecureCookie struct{}

func New(hashKey, blockKey []byte) *SecureCookie { return nil }

func (s *SecureCookie) MaxAge(v int) *SecureCookie                { return s }
func (s *SecureCookie) Encode(name string, v any) (string, error) { return "", nil }
func (s *SecureCookie) Decode(name, value string, dst any) error  { return nil }

func GenerateRandomKey(n int) []byte { return nil }
