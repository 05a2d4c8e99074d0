package sarif

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/staylisted/staylisted/rules"
)

// noticeLeftOut is the descriptor of the notification that says what a run lost.
const noticeLeftOut = "left-out-of-upload"

// maxNamed is how many rules the notice names; the list of what was left out
// names all.
const maxNamed = 20

// A shortRun is a run on its way into an upload. Everything but its results and
// rules is passed on.
type shortRun struct {
	category, tool string
	run            object // without results; compact
	toolObject     object
	driver         object // without rules
	invocations    []object
	rules          []shortRule
	results        []shortResult // in the file's order
	worst          []int         // indices into results, the worst first
	keep           int           // how many of worst stay
	tooLarge       bool          // keep was lowered for the file's size
	cut            []LeftOut     // of rules and of results that stay: locations, steps, tags
}

type shortRule struct {
	id   string
	band rules.Band
	raw  json.RawMessage
}

// A shortResult is a result and what it is ordered by.
type shortResult struct {
	rule  string
	index int // of the rule; -1 for none
	band  rules.Band
	class rules.Class
	score float64
	path  string
	line  int
	raw   json.RawMessage
	cut   []LeftOut // what the limits on one result took
}

// read takes a run apart.
func (p *preparer) read(run object) (*shortRun, error) {
	if err := run.compact(); err != nil {
		return nil, err
	}
	r := &shortRun{}
	var rawRules, rawResults []json.RawMessage
	var id struct {
		ID string `json:"id"`
	}
	var name string
	err := errors.Join(
		decodeInto(run["tool"], &r.toolObject),
		decodeInto(run["automationDetails"], &id),
		decodeInto(run["invocations"], &r.invocations),
		decodeInto(run["results"], &rawResults),
	)
	if err == nil {
		err = decodeInto(r.toolObject["driver"], &r.driver)
	}
	if err == nil {
		err = errors.Join(decodeInto(r.driver["name"], &name), decodeInto(r.driver["rules"], &rawRules))
	}
	if err != nil {
		return nil, err
	}
	if len(r.invocations) == 0 || r.invocations[0] == nil || name == "" {
		return nil, errors.New("it names no tool or no invocation, so it was not written here; write it anew")
	}
	r.tool, r.category = name, categoryOf(id.ID)
	r.run = run
	for _, raw := range rawRules {
		rule, err := r.readRule(raw, p.limits)
		if err != nil {
			return nil, fmt.Errorf("rule %d: %w", len(r.rules)+1, err)
		}
		r.rules = append(r.rules, rule)
	}
	for _, raw := range rawResults {
		result, err := r.readResult(raw, p.limits)
		if err != nil {
			return nil, fmt.Errorf("result %d: %w", len(r.results)+1, err)
		}
		r.results = append(r.results, result)
	}
	r.order()
	r.keep = len(r.results)
	if over(r.keep, p.limits.Results) {
		r.keep = p.limits.Results
	}
	return r, nil
}

// categoryOf is what GitHub reads from automationDetails.id: the text before the
// last slash, nothing when there is none.
func categoryOf(id string) string {
	return id[:max(0, strings.LastIndexByte(id, '/'))]
}

// readRule reads a rule and cuts its tags.
func (r *shortRun) readRule(raw json.RawMessage, limits Limits) (shortRule, error) {
	var rule, properties object
	var id, severity string
	var tags []json.RawMessage
	err := decodeInto(raw, &rule)
	if err == nil {
		err = errors.Join(decodeInto(rule["id"], &id), decodeInto(rule["properties"], &properties))
	}
	if err == nil {
		err = errors.Join(decodeInto(properties["security-severity"], &severity), decodeInto(properties["tags"], &tags))
	}
	if err != nil {
		return shortRule{}, err
	}
	out := shortRule{id: id, raw: raw, band: bandOf(parseScore(severity))}
	if !over(len(tags), limits.Tags) {
		return out, nil
	}
	r.cut = append(r.cut, LeftOut{What: LeftOutTag, Rule: id, Count: len(tags) - limits.Tags})
	list, err := json.Marshal(tags[:limits.Tags])
	if err != nil {
		return shortRule{}, err
	}
	changed, err := properties.with("tags", list).encode()
	if err != nil {
		return shortRule{}, err
	}
	out.raw, err = rule.with("properties", changed).encode()
	return out, err
}

// parseScore reads a score; text that is none is 0.
func parseScore(text string) float64 {
	score, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(score) || score < 0.1 || score > 10 {
		return 0
	}
	return score
}

// readResult reads what a result is ordered by and cuts its places.
func (r *shortRun) readResult(raw json.RawMessage, limits Limits) (shortResult, error) {
	var view struct {
		RuleID     string `json:"ruleId"`
		RuleIndex  *int   `json:"ruleIndex"`
		Properties struct {
			Class rules.Class `json:"class"`
			Score string      `json:"score"`
		} `json:"properties"`
		Locations []struct {
			PhysicalLocation struct {
				ArtifactLocation struct {
					URI string `json:"uri"`
				} `json:"artifactLocation"`
				Region struct {
					StartLine int `json:"startLine"`
				} `json:"region"`
			} `json:"physicalLocation"`
		} `json:"locations"`
		CodeFlows []struct {
			ThreadFlows []struct {
				Locations []json.RawMessage `json:"locations"`
			} `json:"threadFlows"`
		} `json:"codeFlows"`
		Suppressions []json.RawMessage `json:"suppressions"`
	}
	if err := decodeInto(raw, &view); err != nil {
		return shortResult{}, err
	}
	if len(view.Suppressions) > 0 {
		return shortResult{}, errors.New("it carries suppressions, which GitHub ignores: write the file for upload without suppressed results")
	}
	out := shortResult{rule: view.RuleID, index: -1, class: view.Properties.Class, score: parseScore(view.Properties.Score), raw: raw}
	if i := view.RuleIndex; i != nil && 0 <= *i && *i < len(r.rules) {
		out.index = *i
		out.rule = firstOf(out.rule, r.rules[*i].id)
	}
	if out.band = bandOf(out.score); out.band == "" && out.index >= 0 {
		out.band = r.rules[out.index].band
	}
	if len(view.Locations) > 0 {
		place := view.Locations[0].PhysicalLocation
		out.path, out.line = place.ArtifactLocation.URI, place.Region.StartLine
	}
	steps := 0
	for _, flow := range view.CodeFlows {
		for _, thread := range flow.ThreadFlows {
			steps += len(thread.Locations)
		}
	}
	if over(len(view.Locations), limits.Locations) || over(steps, limits.FlowLocations) {
		var err error
		if out.raw, err = cutPlaces(raw, limits); err != nil {
			return shortResult{}, err
		}
		if n := len(view.Locations); over(n, limits.Locations) {
			out.cut = append(out.cut, LeftOut{What: LeftOutLocation, Rule: out.rule, Count: n - limits.Locations})
		}
		if over(steps, limits.FlowLocations) {
			out.cut = append(out.cut, LeftOut{What: LeftOutStep, Rule: out.rule, Count: steps - limits.FlowLocations})
		}
	}
	return out, nil
}

// cutPlaces shortens the lists of places of one result. Of a flow its first and
// its last steps stay: where the text comes from and where it does harm.
func cutPlaces(raw json.RawMessage, limits Limits) (json.RawMessage, error) {
	var result object
	var locations []json.RawMessage
	var flows []object
	err := decodeInto(raw, &result)
	if err == nil {
		err = errors.Join(decodeInto(result["locations"], &locations), decodeInto(result["codeFlows"], &flows))
	}
	if err != nil {
		return nil, err
	}
	if over(len(locations), limits.Locations) {
		if result["locations"], err = json.Marshal(locations[:limits.Locations]); err != nil {
			return nil, err
		}
	}
	if len(flows) == 0 || limits.FlowLocations <= 0 {
		return result.encode()
	}
	left := limits.FlowLocations
	var kept []object
	for _, flow := range flows {
		var threads, keptThreads []object
		if err := decodeInto(flow["threadFlows"], &threads); err != nil {
			return nil, err
		}
		for _, thread := range threads {
			var steps []json.RawMessage
			if err := decodeInto(thread["locations"], &steps); err != nil {
				return nil, err
			}
			n := min(len(steps), left)
			if n == 0 {
				continue // a flow has one step at least
			}
			left -= n
			first := n - n/2
			list, err := json.Marshal(slices.Concat(steps[:first], steps[len(steps)-(n-first):]))
			if err != nil {
				return nil, err
			}
			keptThreads = append(keptThreads, thread.with("locations", list))
		}
		if len(keptThreads) == 0 {
			continue
		}
		list, err := json.Marshal(keptThreads)
		if err != nil {
			return nil, err
		}
		kept = append(kept, flow.with("threadFlows", list))
	}
	list, err := json.Marshal(kept)
	if err != nil {
		return nil, err
	}
	return result.with("codeFlows", list).encode()
}

// order sorts the results, the worst first.
func (r *shortRun) order() {
	r.worst = make([]int, len(r.results))
	for i := range r.worst {
		r.worst[i] = i
	}
	slices.SortFunc(r.worst, func(i, j int) int {
		a, b := &r.results[i], &r.results[j]
		return cmp.Or(
			cmp.Compare(bandWeight(b.band), bandWeight(a.band)),
			cmp.Compare(classWeight(a.class), classWeight(b.class)),
			cmp.Compare(b.score, a.score),
			strings.Compare(a.path, b.path),
			cmp.Compare(a.line, b.line),
			strings.Compare(a.rule, b.rule),
			cmp.Compare(i, j),
		)
	})
}

// bandWeight orders bands; what has no score weighs as much as high, as it does
// for its due date.
func bandWeight(b rules.Band) int {
	switch b {
	case rules.Critical:
		return 4
	case rules.Medium:
		return 2
	case rules.Low:
		return 1
	}
	return 3
}

// classWeight orders classes: what fails a requirement comes first.
func classWeight(c rules.Class) int {
	switch c {
	case rules.Violation:
		return 0
	case rules.Review:
		return 1
	}
	return 2
}

// leftOut lists what the run loses with the results that stay now.
func (r *shortRun) leftOut() []LeftOut {
	counts := map[LeftOut]int{}
	count := func(l LeftOut) {
		n := l.Count
		l.Category, l.Count = r.category, 0
		counts[l] += n
	}
	for _, l := range r.cut {
		count(l)
	}
	for at, i := range r.worst {
		result := &r.results[i]
		if at >= r.keep {
			count(LeftOut{What: LeftOutResult, Rule: result.rule, Band: result.band, Count: 1})
			continue
		}
		for _, l := range result.cut {
			count(l)
		}
	}
	var out []LeftOut
	for l, n := range counts {
		l.Count = n
		out = append(out, l)
	}
	sortLeftOut(out)
	return out
}
