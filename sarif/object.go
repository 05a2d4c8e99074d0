package sarif

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// An object is a JSON object of which we touch a few properties and pass the
// others on as they are.
type object map[string]json.RawMessage

// with returns a copy in which one property has another value.
func (o object) with(name string, value json.RawMessage) object {
	changed := maps.Clone(o)
	if changed == nil {
		changed = object{}
	}
	changed[name] = value
	return changed
}

// encode writes the object on one line, its properties in the order of their
// names. The values were read from a file or written by us, so they are JSON;
// those that are not compact are made so.
func (o object) encode() ([]byte, error) {
	size := 2
	for name, value := range o {
		size += len(name) + len(value) + 8
	}
	out := bytes.NewBuffer(make([]byte, 0, size))
	out.WriteByte('{')
	for i, name := range slices.Sorted(maps.Keys(o)) {
		if i > 0 {
			out.WriteByte(',')
		}
		key, err := json.Marshal(name)
		if err != nil {
			return nil, err
		}
		out.Write(key)
		out.WriteByte(':')
		out.Write(o[name])
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// compact takes the white space out of every value.
func (o object) compact() error {
	for name, value := range o {
		var out bytes.Buffer
		out.Grow(len(value))
		if err := json.Compact(&out, value); err != nil {
			return fmt.Errorf("reading %q: %w", name, err)
		}
		o[name] = out.Bytes()
	}
	return nil
}

// decodeInto reads a value; one that is not there leaves the target alone.
func decodeInto(value json.RawMessage, into any) error {
	if len(value) == 0 {
		return nil
	}
	return json.Unmarshal(value, into)
}
