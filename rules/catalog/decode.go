package catalog

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"

	"go.yaml.in/yaml/v3"
)

var (
	lineMessage  = regexp.MustCompile(`^(?:yaml: )?line (\d+): (.*)$`)
	unknownField = regexp.MustCompile(`^field (.+) not found in type \S+$`)
	goType       = regexp.MustCompile(`(cannot unmarshal .*) into (\S+)$`)
)

// decode reads one file strictly into v: unknown and repeated keys, wrong
// types, a second document and an empty file are faults. It reports whether
// there were none.
func (p *parser) decode(f file, v any) bool {
	before := len(p.faults)
	dec := yaml.NewDecoder(bytes.NewReader(f.data))
	dec.KnownFields(true)
	err := dec.Decode(v)
	var types *yaml.TypeError
	switch {
	case errors.Is(err, io.EOF):
		p.faultf(place{f.name, 0}, "the file is empty")
	case errors.As(err, &types):
		for _, message := range types.Errors {
			p.yamlFault(f.name, message)
		}
	case err != nil:
		p.yamlFault(f.name, err.Error())
	default:
		if err := dec.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
			p.faultf(place{f.name, 0}, "the file holds more than one document")
		}
	}
	return len(p.faults) == before
}

// yamlFault turns a message of the YAML library into a fault with its line.
func (p *parser) yamlFault(name, message string) {
	at := place{name, 0}
	if m := lineMessage.FindStringSubmatch(message); m != nil {
		at.line, _ = strconv.Atoi(m[1])
		message = m[2]
	}
	if m := unknownField.FindStringSubmatch(message); m != nil {
		message = fmt.Sprintf("unknown key %q", m[1])
	} else if m := goType.FindStringSubmatch(message); m != nil {
		message = m[1]
	}
	p.faultf(at, "%s", message)
}

// A word is a scalar that knows its line; ids are words, so that faults in an
// entry can say where the entry is.
type word struct {
	text string
	line int
}

// UnmarshalYAML reads a scalar.
func (w *word) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind != yaml.ScalarNode {
		return fmt.Errorf("line %d: a single value is wanted here", n.Line)
	}
	w.text, w.line = n.Value, n.Line
	return nil
}

// at returns where the word stands.
func (w word) at(f file) place { return place{f.name, w.line} }
