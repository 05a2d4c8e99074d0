package sarif

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// encode writes the run with the results that stay, the rules there is room for
// and, when something is left out, a notification that says so.
func (r *shortRun) encode(limits Limits) ([]byte, error) {
	kept := slices.Sorted(slices.Values(r.worst[:r.keep])) // as they stood in the file
	moved, err := r.keepRules(kept, limits)
	if err != nil {
		return nil, err
	}
	size := 2
	for _, i := range kept {
		size += len(r.results[i].raw) + 1
	}
	results := append(make([]byte, 0, size), '[')
	for n, i := range kept {
		if n > 0 {
			results = append(results, ',')
		}
		raw := r.results[i].raw
		if moved != nil && r.results[i].index >= 0 {
			if raw, err = withIndex(raw, "ruleIndex", moved); err != nil {
				return nil, err
			}
		}
		results = append(results, raw...)
	}
	results = append(results, ']')

	driver := r.driver
	if _, has := driver["rules"]; has {
		driver = driver.with("rules", r.ruleList(moved))
	}
	driverJSON, err := driver.encode()
	if err != nil {
		return nil, err
	}
	toolJSON, err := r.toolObject.with("driver", driverJSON).encode()
	if err != nil {
		return nil, err
	}
	invocations, err := r.notify(moved, limits)
	if err != nil {
		return nil, err
	}
	return r.run.with("results", results).with("tool", toolJSON).with("invocations", invocations).encode()
}

// keepRules says which rules stay when there are too many: those of the results
// that stay, then others in order. It returns each rule's new index, -1 for one
// that goes, or nil when all stay.
func (r *shortRun) keepRules(kept []int, limits Limits) ([]int, error) {
	r.cut = slices.DeleteFunc(r.cut, func(l LeftOut) bool { return l.What == LeftOutRule })
	if !over(len(r.rules), limits.Rules) {
		return nil, nil
	}
	stays := make([]bool, len(r.rules))
	n := 0
	keep := func(i int) {
		if i >= 0 && !stays[i] {
			stays[i] = true
			n++
		}
	}
	for _, i := range kept {
		keep(r.results[i].index)
	}
	if n > limits.Rules {
		return nil, fmt.Errorf("its results name %d rules, more than the %d of a run", n, limits.Rules)
	}
	for i := range r.rules {
		if n < limits.Rules {
			keep(i)
		}
	}
	moved := make([]int, len(r.rules))
	next := 0
	for i := range moved {
		if moved[i] = -1; stays[i] {
			moved[i] = next
			next++
		}
	}
	r.cut = append(r.cut, LeftOut{What: LeftOutRule, Count: len(r.rules) - n})
	return moved, nil
}

// ruleList writes the rules that stay.
func (r *shortRun) ruleList(moved []int) json.RawMessage {
	list := []byte{'['}
	for i, rule := range r.rules {
		if moved != nil && moved[i] < 0 {
			continue
		}
		if len(list) > 1 {
			list = append(list, ',')
		}
		list = append(list, rule.raw...)
	}
	return append(list, ']')
}

// withIndex moves the rule index an object holds under a name. An index of a
// rule that went, or of none, goes as well.
func withIndex(raw json.RawMessage, name string, moved []int) (json.RawMessage, error) {
	var o object
	if err := decodeInto(raw, &o); err != nil || o[name] == nil {
		return raw, err
	}
	var index int
	if err := decodeInto(o[name], &index); err != nil {
		return nil, err
	}
	if index < 0 || index >= len(moved) || moved[index] < 0 {
		delete(o, name)
		return o.encode()
	}
	data, err := json.Marshal(moved[index])
	if err != nil {
		return nil, err
	}
	return o.with(name, data).encode()
}

// notify writes the invocations: the indices of rules in notifications follow
// the rules, and the first invocation gets the notice.
func (r *shortRun) notify(moved []int, limits Limits) (json.RawMessage, error) {
	text := r.notice(limits)
	if text == "" && moved == nil {
		return r.run["invocations"], nil
	}
	out := slices.Clone(r.invocations)
	for i, invocation := range out {
		var list []object
		if err := decodeInto(invocation["toolExecutionNotifications"], &list); err != nil {
			return nil, err
		}
		for j, n := range list {
			if moved == nil || n["associatedRule"] == nil {
				continue
			}
			rule, err := withIndex(n["associatedRule"], "index", moved)
			if err != nil {
				return nil, err
			}
			list[j] = n.with("associatedRule", rule)
		}
		if i == 0 && text != "" {
			message, err := json.Marshal(map[string]string{"text": text})
			if err != nil {
				return nil, err
			}
			list = append(list, object{
				"descriptor": json.RawMessage(`{"id":"` + noticeLeftOut + `"}`),
				"level":      json.RawMessage(`"warning"`),
				"message":    message,
			})
		}
		if len(list) == 0 {
			continue
		}
		data, err := json.Marshal(list)
		if err != nil {
			return nil, err
		}
		out[i] = invocation.with("toolExecutionNotifications", data)
	}
	return json.Marshal(out)
}

// notice says in words what the run loses; empty when it loses nothing.
func (r *shortRun) notice(limits Limits) string {
	all := r.leftOut()
	if len(all) == 0 {
		return ""
	}
	var parts, names []string
	if lost := len(r.results) - r.keep; lost > 0 {
		why := fmt.Sprintf("shows no more than %d results of a run", limits.Results)
		if r.tooLarge {
			why = fmt.Sprintf("takes no file of more than %d bytes", limits.Bytes)
		}
		parts = append(parts, fmt.Sprintf("%d of %d results are left out of this upload, because code scanning %s. "+
			"The worst stay. Alerts of results left out are closed, which does not mean that they are fixed: the scan's report has all of them.",
			lost, len(r.results), why))
	} else {
		parts = append(parts, "Parts of this run are left out of this upload, which keeps the limits of code scanning. The scan's report has all of them.")
	}
	for _, l := range all[:min(len(all), maxNamed)] {
		names = append(names, l.String())
	}
	if more := len(all) - maxNamed; more > 0 {
		names = append(names, fmt.Sprintf("and %d more kinds", more))
	}
	parts = append(parts, "Left out: "+strings.Join(names, ", ")+".")
	return clip(strings.Join(parts, " "), maxMessage)
}
