package githubtest

import (
	"maps"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// A filler completes a reply from its schema: what is required and missing gets
// the plainest value that fits, what is there is left alone.
type filler struct {
	base string // for addresses
}

// depth bounds the nesting of what is filled in.
const depth = 24

// fill completes a value.
func (f filler) fill(s *openapi3.Schema, v any, level int) any {
	if s == nil || v == nil || level > depth {
		return v
	}
	for _, part := range s.AllOf {
		v = f.fill(part.Value, v, level+1)
	}
	for _, choices := range []openapi3.SchemaRefs{s.OneOf, s.AnyOf} {
		v = f.choose(named(s, choices, v), v, level)
	}
	switch v := v.(type) {
	case map[string]any:
		for name, property := range s.Properties {
			if have, there := v[name]; there {
				v[name] = f.fill(property.Value, have, level+1)
			}
		}
		for _, name := range s.Required {
			if _, there := v[name]; there {
				continue
			}
			if property := s.Properties[name]; property != nil {
				v[name] = f.make(property.Value, name, level+1)
			}
		}
	case []any:
		if s.Items != nil {
			for i := range v {
				v[i] = f.fill(s.Items.Value, v[i], level+1)
			}
		}
	}
	return v
}

// named narrows a choice to the schema that the value names, where the
// description says which property does.
func named(s *openapi3.Schema, choices openapi3.SchemaRefs, v any) openapi3.SchemaRefs {
	object, ok := v.(map[string]any)
	if s.Discriminator == nil || !ok {
		return choices
	}
	name, _ := object[s.Discriminator.PropertyName].(string)
	for _, c := range choices {
		if c.Ref != "" && c.Ref == s.Discriminator.Mapping[name].Ref {
			return openapi3.SchemaRefs{c}
		}
	}
	return choices
}

// choose completes a value to the first of several schemas that it then fits.
func (f filler) choose(choices openapi3.SchemaRefs, v any, level int) any {
	for _, c := range choices {
		if c.Value.VisitJSON(v) == nil {
			return v
		}
	}
	for _, c := range choices {
		if whole := f.fill(c.Value, copied(v), level+1); c.Value.VisitJSON(whole) == nil {
			return whole
		}
	}
	return v
}

// copied returns a deep copy of a JSON value.
func copied(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := maps.Clone(v)
		for k := range out {
			out[k] = copied(out[k])
		}
		return out
	case []any:
		out := slices.Clone(v)
		for i := range out {
			out[i] = copied(out[i])
		}
		return out
	}
	return v
}

// make returns the plainest value that fits.
func (f filler) make(s *openapi3.Schema, name string, level int) any {
	switch {
	case s.Nullable || level > depth:
		return nil
	case len(s.Enum) > 0:
		return s.Enum[0]
	case s.Type.Is("string"):
		switch s.Format {
		case "uri":
			return f.base + "/filled/" + name
		case "date-time":
			return "2026-01-01T00:00:00Z"
		case "email":
			return "filled@example.com"
		}
		return name
	case s.Type.Is("integer"), s.Type.Is("number"):
		if s.Min != nil {
			return *s.Min
		}
		return 1
	case s.Type.Is("boolean"):
		return false
	case s.Type.Is("array"):
		return []any{}
	}
	for _, choices := range []openapi3.SchemaRefs{s.OneOf, s.AnyOf} {
		for _, c := range choices {
			if c.Value.Nullable {
				return nil
			}
		}
		if len(choices) > 0 {
			return f.make(choices[0].Value, name, level+1)
		}
	}
	return f.fill(s, map[string]any{}, level+1)
}
