package seal

import (
	"bytes"
	"testing"
)

func TestBox(t *testing.T) {
	old, fresh := bytes.Repeat([]byte{1}, 32), bytes.Repeat([]byte{2}, 32)
	before, err := New("k1", map[string][]byte{"k1": old})
	if err != nil {
		t.Fatal(err)
	}
	sealed := before.Seal([]byte("value"), "team apollo")
	if bytes.Contains(sealed, []byte("value")) || bytes.Equal(sealed, before.Seal([]byte("value"), "team apollo")) {
		t.Error("the value can be read or recognised")
	}
	rotated, err := New("k2", map[string][]byte{"k2": fresh, "k1": old})
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := rotated.Open(sealed, "team apollo"); err != nil || string(plain) != "value" {
		t.Errorf("after a rotation: %q, %v", plain, err)
	}
	if plain, err := before.Open(rotated.Seal([]byte("value"), "c"), "c"); err == nil {
		t.Errorf("a key that is not known opened %q", plain)
	}
	if plain, err := before.Open(sealed, "other apollo"); err == nil {
		t.Errorf("another team's row opened %q", plain)
	}
	for n := range sealed {
		if plain, err := before.Open(sealed[:n], "team apollo"); err == nil {
			t.Fatalf("the first %d bytes opened %q", n, plain)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	for name, keys := range map[string]map[string][]byte{
		"short key":   {"k1": make([]byte, 16)},
		"no current":  {"k2": make([]byte, 32)},
		"dotted name": {"k1": make([]byte, 32), "k.2": make([]byte, 32)},
	} {
		if _, err := New("k1", keys); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
