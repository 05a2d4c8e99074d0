package reports

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/staylisted/staylisted/rules"
)

// A dynamicScan is what one report says about one host.
type dynamicScan struct {
	file, tool string
	host       string // lower case, without port
	deployed   bool   // what was scanned is what users reach: https on its usual port
	at         time.Time
	high       int // open alerts rated high
	alerts     int
}

// An alert is one weakness that a dynamic scan saw.
type alert struct {
	tool   string // "ZAP", "Burp Suite"
	id     string // of the tool's own rule
	title  string
	risk   risk
	sure   bool // the tool does not call it tentative
	cwe    []int
	target string // URL of the page
	param  string // name of the parameter, never its value
}

type risk int

const (
	riskInfo risk = iota
	riskLow
	riskMedium
	riskHigh
)

// riskScores stand in where our catalogue has no default for the weakness
// (catalogue §2.10).
var riskScores = map[risk]float64{riskLow: 3.1, riskMedium: 5.3, riskHigh: 7.5}

// dynamic takes one host's alerts in. Hosts that the policy does not declare say
// nothing about the product.
func (r *reader) dynamic(in Input, scan dynamicScan, alerts []alert) {
	i := slices.IndexFunc(r.opts.Endpoints, func(e Endpoint) bool { return hostOf(e.URL) == scan.host && scan.host != "" })
	if i < 0 {
		r.note("%s: what %s saw at %s is left out, because the policy declares no endpoint of that host", printable(in.Name), scan.tool, plain(scan.host, 120))
		return
	}
	endpoint := r.opts.Endpoints[i]
	scan.file = printable(in.Name)
	for _, a := range alerts {
		scan.alerts++
		if a.risk == riskHigh {
			scan.high++
		}
		r.alert(a, endpoint)
	}
	r.scans = append(r.scans, scan)
	r.prove(scan, endpoint)
}

// alert turns an alert into a finding at the endpoint's line of the policy.
func (r *reader) alert(a alert, endpoint Endpoint) {
	where := pathOf(a.target)
	id := slug(strings.ToLower(a.tool), 20) + ":" + cmp.Or(slug(a.id, 60), "alert")
	key := id + "\x00" + where + "\x00" + a.param
	if r.seen[key] {
		return // the same weakness at the same page, met again
	}
	if r.seen == nil {
		r.seen = map[string]bool{}
	}
	r.seen[key] = true
	class := rules.Review
	switch {
	case a.risk == riskInfo:
		class = rules.Informational
	case a.sure && a.risk >= riskMedium:
		class = rules.Violation
	}
	controls := r.controlsFor(a.cwe)
	if a.risk == riskHigh {
		controls = append(controls, "dast-run")
	}
	if len(controls) == 0 {
		class = rules.Informational
	}
	title := cmp.Or(plain(a.title, 120), "Alert "+plain(a.id, 20))
	rule := rules.Rule{
		ID: id, Name: "imported", Title: title, Class: class, Controls: controls, CWE: a.cwe, Tool: a.tool,
		Flags: "An alert of a dynamic scan, imported from its report.", Safe: "A new scan of the page that no longer raises it.",
		Remediation: "Fix what the scanner reports at that page, scan again, and hand the new report to the scan.",
	}
	var score *rules.CVSS
	if a.risk != riskInfo {
		if chosen, ok := rules.DefaultScore(a.cwe); ok {
			score = &chosen
		} else if number := riskScores[a.risk]; number > 0 {
			score = &rules.CVSS{Score: number, Band: rules.BandOf(number), Source: "tool"}
		}
	}
	message := fmt.Sprintf("%s reports %s at %s", a.tool, title, plain(hostOf(endpoint.URL)+where, 200))
	if a.param != "" {
		message += ", parameter " + a.param
	}
	r.finding(rule, score, class, message, endpoint.Where, rules.TokenDigest(where, a.param))
}

// prove says what a scan of a declared host shows.
func (r *reader) prove(scan dynamicScan, endpoint Endpoint) {
	lack := func(text string) {
		r.out.Shortfalls = append(r.out.Shortfalls, rules.Shortfall{Verifier: DAST, Control: "dast-run", Text: text})
	}
	report := fmt.Sprintf("the report %s of %s", scan.file, scan.tool)
	switch {
	case scan.at.IsZero():
		lack(report + " does not say when it was made; export it again with its date.")
	case scan.at.After(r.opts.Now.Add(24 * time.Hour)):
		lack(report + " is dated " + scan.at.Format(time.DateOnly) + ", which has not come yet; check the scanner's clock and scan again.")
	case !r.opts.Released.IsZero() && scan.at.Before(r.opts.Released):
		lack(fmt.Sprintf("%s was made on %s, before the release of %s; scan the released version.", report, scan.at.Format(time.DateOnly), r.opts.Released.Format(time.DateOnly)))
	case endpoint.Owned != rules.True:
		lack(fmt.Sprintf("%s is about %s, whose ownership is not proved; serve /.well-known/staylisted.json there, so that the live probe sees it.", report, scan.host))
	case !scan.deployed:
		lack(fmt.Sprintf("%s is about another port of %s, or about plain http there; scan the https address that the policy declares.", report, scan.host))
	case scan.high > 0:
		lack(fmt.Sprintf("%s has %d open alerts rated high; fix them and scan again.", report, scan.high))
	default:
		at := scan.at.UTC()
		o := rules.Observation{Verifier: DAST, Control: "dast-run", At: r.opts.Now.UTC(), Letter: "R", Link: endpoint.URL,
			Text:    fmt.Sprintf("%s scanned %s on %s: %d alerts, none rated high", scan.tool, scan.host, at.Format(time.DateOnly), scan.alerts),
			Measure: &rules.Measurement{Name: "dast-age-days", Since: at}, Expires: at.Add(r.maxAge())}
		if r.opts.CI {
			o.Tags = []string{"ci"}
		}
		r.out.Observations = append(r.out.Observations, o)
	}
}

func (r *reader) maxAge() time.Duration { return cmp.Or(r.opts.MaxAge, 90*24*time.Hour) }

// dastShortfall asks for a report where none was given.
func (r *reader) dastShortfall() {
	if len(r.scans) > 0 {
		return
	}
	host := "app.example.com"
	if len(r.opts.Endpoints) > 0 {
		host = cmp.Or(hostOf(r.opts.Endpoints[0].URL), host)
	}
	r.out.Shortfalls = append(r.out.Shortfalls, rules.Shortfall{Verifier: DAST, Control: "dast-run", In: "a workflow, before the scan",
		Text: "no report of a dynamic scan of a declared endpoint was imported; scan one with ZAP or Burp and hand the report to the scan with --import.",
		Snippet: "- run: docker run --rm -v \"$PWD:/zap/wrk\" ghcr.io/zaproxy/zaproxy:stable zap-baseline.py -t https://" + host + "/ -J zap.json -I\n" +
			"- run: staylisted scan --import zap.json\n"})
}

// hostOf returns the host of a URL, lower case and without its port.
func hostOf(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}

// deployed reports whether an address is https on its usual port, as endpoints
// are declared.
func deployed(address string) bool {
	u, err := url.Parse(strings.TrimSpace(address))
	return err == nil && u.Scheme == "https" && (u.Port() == "" || u.Port() == "443")
}

// pathOf returns the path of a URL without its query, in which values stand.
func pathOf(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Path == "" {
		return "/"
	}
	return plain(u.Path, 200)
}

// instants are the forms in which the tools write their dates. ZAP's older form
// has no zone and is read as UTC.
var instants = []string{
	time.RFC3339, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04:05.999999999",
	"Mon, 2 Jan 2006 15:04:05", "Mon, 2 Jan 2006 15:04:05 MST", "Mon Jan 2 15:04:05 MST 2006", "Mon Jan 2 15:04:05 -0700 2006",
}

// instant reads a date; the zero time when it cannot.
func instant(texts ...string) time.Time {
	for _, text := range texts {
		for _, form := range instants {
			if t, err := time.Parse(form, strings.TrimSpace(text)); err == nil {
				return t.UTC()
			}
		}
	}
	return time.Time{}
}
