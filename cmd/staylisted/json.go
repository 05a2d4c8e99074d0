package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"
)

// marshalJSON writes a value as indented JSON that ends with a newline. Keys
// stand in the order of the types, so equal values give equal bytes. Lists are
// never null. Characters that could steer a terminal, and what could give the
// runner of a workflow an order, are escaped, which changes nothing for a JSON
// reader.
func marshalJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(withoutNilLists(v)); err != nil {
		return nil, fmt.Errorf("writing JSON: %w", err)
	}
	// "##[" can stand in strings only; "::" never begins a line.
	text := strings.ReplaceAll(b.String(), "##[", `#\u0023[`)
	if !strings.ContainsFunc(text, unsafeJSON) {
		return []byte(text), nil
	}
	var safe strings.Builder
	for _, r := range text {
		switch {
		case !unsafeJSON(r):
			safe.WriteRune(r)
		case r > 0xffff:
			// Outside the basic plane JSON escapes the two UTF-16 halves.
			r -= 0x10000
			fmt.Fprintf(&safe, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		default:
			fmt.Fprintf(&safe, `\u%04x`, r)
		}
	}
	return []byte(safe.String()), nil
}

// unsafeJSON reports whether a rune of a JSON text needs an escape. The encoder
// has escaped the control characters inside strings already; what is left of
// them is our own line breaks.
func unsafeJSON(r rune) bool { return r != '\n' && r >= utf8.RuneSelf && hostile(r) }

// printJSON writes a value as JSON to standard output.
func (p *process) printJSON(v any) error {
	data, err := marshalJSON(v)
	if err != nil {
		return err
	}
	return p.print(string(data))
}

// withoutNilLists returns a copy of v in which every nil slice is an empty one,
// so that a list without elements is always written as [].
func withoutNilLists(v any) any {
	if v == nil {
		return nil
	}
	return fillLists(reflect.ValueOf(v)).Interface()
}

func fillLists(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return v
		}
		out := reflect.New(v.Type().Elem())
		out.Elem().Set(fillLists(v.Elem()))
		return out
	case reflect.Slice:
		out := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			out.Index(i).Set(fillLists(v.Index(i)))
		}
		return out
	case reflect.Struct:
		out := reflect.New(v.Type()).Elem()
		out.Set(v)
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				out.Field(i).Set(fillLists(v.Field(i)))
			}
		}
		return out
	default:
		return v
	}
}
