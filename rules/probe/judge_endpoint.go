package probe

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/staylisted/staylisted/rules"
)

// endpoint judges what one endpoint answers.
func (j *judge) endpoint(h *Host, e *Endpoint, t Target) {
	own := ownAnswers(h, e)
	j.hsts(h, e, t, own)
	j.cookies(h, e, t, own)
	j.headers(h, e, t)
	if kindOf(t).page() {
		j.page(h, e, t)
	}
	j.private(h, e, t)
	j.unknown(h, e, t)
}

// ownAnswers are the https answers of the host itself, in order; what a redirect
// led to elsewhere is not credited.
func ownAnswers(h *Host, e *Endpoint) []*Answer {
	var all []*Answer
	add := func(a *Answer) {
		if a != nil && a.Error == "" && ownHost(a.URL, h) {
			all = append(all, a)
		}
	}
	for i := range e.Page {
		add(&e.Page[i])
	}
	add(e.Unknown)
	for i := range e.Private {
		add(&e.Private[i])
	}
	return all
}

func ownHost(text string, h *Host) bool {
	u, err := url.Parse(text)
	return err == nil && u.Scheme == "https" && hostOf(u) == h.Name
}

// unanswered says why the endpoint or the unknown path gave no answer, or "".
func unanswered(e *Endpoint) string {
	switch {
	case len(e.Page) == 0 || e.Unknown == nil:
		return "the record does not hold all of it; probe again"
	case e.Page[0].Error != "":
		return printable(e.Page[0].Error)
	case e.Page[0].Status >= 500 || e.Page[0].Status == 429:
		return fmt.Sprintf("it answers %d", e.Page[0].Status)
	case e.Unknown.Error != "":
		return "an unknown path below it: " + printable(e.Unknown.Error)
	}
	return ""
}

// hsts judges the header on every own answer.
func (j *judge) hsts(h *Host, e *Endpoint, t Target, own []*Answer) {
	r := j.by[verifyHSTS]
	if why := unanswered(e); why != "" {
		r.breaks(t.URL, why)
	}
	if len(own) == 0 {
		return
	}
	least, where, problem := HSTS{MaxAge: -1}, "", ""
	for _, a := range own {
		fields := a.Header["Strict-Transport-Security"]
		got := ParseHSTS(fields)
		if len(fields) > 1 {
			j.note("%s sends Strict-Transport-Security %d times; browsers take the first.", a.URL, len(fields))
		}
		if least.MaxAge < 0 || got.MaxAge < least.MaxAge {
			least, problem = got, got.Problem
			where = fmt.Sprintf("%s (%d)", a.URL, a.Status)
			if problem == "" && got.MaxAge == 0 {
				problem = "max-age is 0, which switches it off"
			}
		}
	}
	measure := &rules.Measurement{Name: "hsts-max-age-seconds", Value: float64(least.MaxAge)}
	switch {
	case problem != "":
		j.find(verifyHSTS, ruleNoHSTS, h, t, fmt.Sprintf("Strict-Transport-Security of %s: %s.", where, problem), measure, "hsts")
		j.against(verifyHeaders, ruleNoHSTS)
	case least.MaxAge < hstsYear:
		// Requirements that ask for less take the observation; for those that ask
		// for a year the measurement lies outside their bounds.
		j.find(verifyHSTS, ruleHSTS, h, t, fmt.Sprintf("Strict-Transport-Security of %s lasts %d seconds, less than a year (%d).", where, least.MaxAge, hstsYear), measure, "hsts")
	}
	r.least(measure.Name, measure.Value)
	r.shows("%s (%s) sends Strict-Transport-Security with max-age=%d or more on %d answers", t.URL, own[0].Address, least.MaxAge, len(own))
}

// cookies judges what the host sets.
func (j *judge) cookies(h *Host, e *Endpoint, t Target, own []*Answer) {
	r := j.by[verifyCookies]
	if why := unanswered(e); why != "" {
		r.breaks(t.URL, why)
	}
	judged := map[string]bool{}
	shielded := map[string]bool{}
	for _, a := range own {
		for _, c := range a.Cookies {
			switch {
			case c.Lifetime == 0:
				continue // deleted
			case infrastructure.MatchString(c.Name):
				shielded[c.Name] = true
				continue
			case judged[c.Name]:
				continue
			}
			if problems := c.problems(kindOf(t) == embedded); len(problems) > 0 {
				judged[c.Name] = true
				j.find(verifyCookies, ruleCookies, h, t, fmt.Sprintf("The cookie %s of %s has %s.", c.Name, a.URL, strings.Join(problems, ", ")), nil, c.Name)
			}
			if days := c.Lifetime / (24 * 60 * 60); c.session() && days > 30 {
				judged[c.Name] = true
				j.find(verifyCookies, ruleLifetime, h, t, fmt.Sprintf("The session cookie %s of %s lives %d days.", c.Name, a.URL, days),
					&rules.Measurement{Name: "session-cookie-days", Value: float64(days)}, c.Name)
			}
		}
	}
	for name := range shielded {
		j.note("The cookie %s of %s is one of a load balancer or shield and was not judged.", name, t.URL)
	}
	n := 0
	for _, a := range own {
		n += len(a.Cookies)
	}
	if len(own) > 0 {
		r.shows("%s (%s) sets %d cookies in %d answers without credentials and none without its attributes", t.URL, own[0].Address, n, len(own))
	}
}

// pageOf returns the page that people see at the endpoint. Otherwise lack says
// why what is there is no proof, or broken why it could not be seen.
func pageOf(h *Host, e *Endpoint) (a *Answer, lack, broken string) {
	if len(e.Page) == 0 {
		return nil, "", "the record does not hold it; probe again"
	}
	last := &e.Page[len(e.Page)-1]
	switch {
	case !ownHost(last.URL, h):
		return nil, fmt.Sprintf("It leads to %s, another host, which is not credited to %s. Declare the address of a page that %s serves itself, such as the one that starts the login.", shown(last.URL), h.Name, h.Name), ""
	case last.Error != "":
		return nil, "", printable(last.Error)
	case redirects(last.Status):
		return nil, "", fmt.Sprintf("it redirects in a circle, more than %d times, or away from https", maxHops)
	case last.Status < 200 || last.Status > 299:
		return nil, "", fmt.Sprintf("it answers %d instead of a page", last.Status)
	case last.Page == nil:
		return nil, "It answers with something else than HTML. Declare the address of a page, or another kind for this endpoint.", ""
	}
	return last, "", ""
}

// headers judges the headers that every endpoint is asked for, and framing.
func (j *judge) headers(h *Host, e *Endpoint, t Target) {
	r := j.by[verifyHeaders]
	var a *Answer
	if kindOf(t).page() {
		page, lack, broken := pageOf(h, e)
		if lack != "" {
			j.lack(verifyHeaders, printable(t.URL)+": "+lack, endpointSnippet(t.URL, kindOf(t)), policyPath)
		}
		if broken != "" {
			r.breaks(t.URL, broken)
		}
		a = page
	} else {
		if why := unanswered(e); why != "" {
			r.breaks(t.URL, why)
			return
		}
		for i := range e.Page {
			if e.Page[i].Error == "" && ownHost(e.Page[i].URL, h) {
				a = &e.Page[i]
			}
		}
	}
	if a == nil {
		return
	}
	if !nosniff(a.Header["X-Content-Type-Options"]) {
		j.find(verifyHeaders, ruleNosniff, h, t, fmt.Sprintf("%s (%d) does not send X-Content-Type-Options: nosniff.", a.URL, a.Status), nil, "nosniff")
	}
	words := []string{"nosniff"}
	if kindOf(t) == browser {
		ok, problem := frameOptions(a.Header["X-Frame-Options"])
		open := letThrough(ParseCSP(a.Header["Content-Security-Policy"]), framing, "no frame-ancestors")
		if !ok && open != "" {
			j.find(verifyHeaders, ruleFraming, h, t, fmt.Sprintf("%s may be framed by any site: %s, and the policy has %s.", a.URL, problem, shown(open)), nil, "framing")
		}
		words = append(words, "a bound on framing")
	}
	if kindOf(t) == embedded {
		words = append(words, "frame-ancestors with named hosts") // judged with the policy
	}
	r.shows("%s (%s) sends %s", t.URL, a.Address, strings.Join(words, " and "))
}

// page judges what only pages are asked for.
func (j *judge) page(h *Host, e *Endpoint, t Target) {
	a, lack, broken := pageOf(h, e)
	for _, id := range []string{verifyCSP, verifyReferrer, verifySRI} {
		if lack != "" {
			j.lack(id, printable(t.URL)+": "+lack, endpointSnippet(t.URL, kindOf(t)), policyPath)
		}
		if broken != "" {
			j.by[id].breaks(t.URL, broken)
		}
	}
	if a == nil {
		return
	}
	j.csp(h, a, t)
	j.referrer(h, a, t)
	j.sri(h, a, t)
}

func (j *judge) csp(h *Host, a *Answer, t Target) {
	sent := ParseCSP(a.Header["Content-Security-Policy"])
	all := slices.Clone(sent)
	for _, content := range a.Page.CSP {
		all = append(all, ParseMetaCSP(content))
	}
	switch weak := cspWeaknesses(all); {
	case len(all) == 0 && len(a.Header["Content-Security-Policy-Report-Only"]) > 0:
		j.find(verifyCSP, ruleNoCSP, h, t, fmt.Sprintf("%s sends a Content Security Policy that only reports and enforces nothing.", a.URL), nil, "missing")
	case len(all) == 0:
		j.find(verifyCSP, ruleNoCSP, h, t, fmt.Sprintf("%s has no Content Security Policy.", a.URL), nil, "missing")
	case letThrough(all, unruled, "") != "":
		j.find(verifyCSP, ruleNoCSP, h, t, fmt.Sprintf("The Content Security Policy of %s has neither script-src nor default-src.", a.URL), nil, "missing")
	case len(weak) > 0:
		j.find(verifyCSP, ruleCSP, h, t, fmt.Sprintf("The Content Security Policy of %s lets through: %s.", a.URL, shown(strings.Join(weak, "; "))), nil, "weak")
	}
	if kindOf(t) == embedded {
		if open := letThrough(sent, framing, "no policy in the header"); open != "" {
			j.find(verifyCSP, ruleAncestors, h, t, fmt.Sprintf("%s is embedded and may be framed by any site: %s.", a.URL, shown(open)), nil, "ancestors")
			j.against(verifyHeaders, ruleAncestors)
		}
	}
	if len(all) > 0 && !hasBase(all) {
		j.note("The Content Security Policy of %s has no base-uri. Add base-uri 'none', so that no injected element can move relative addresses.", a.URL)
	}
	j.by[verifyCSP].shows("%s (%s) enforces a Content Security Policy that names its scripts", t.URL, a.Address)
}

func (j *judge) referrer(h *Host, a *Answer, t Target) {
	policy := ParseReferrerPolicy(a.Header["Referrer-Policy"])
	switch {
	case policy == "":
		j.find(verifyReferrer, ruleReferrer, h, t, fmt.Sprintf("%s sends no Referrer-Policy that browsers know.", a.URL), nil, "header")
		j.against(verifyHeaders, ruleReferrer)
	case !referrerPolicies[policy]:
		j.find(verifyReferrer, ruleReferrer, h, t, fmt.Sprintf("%s sends Referrer-Policy: %s.", a.URL, policy), nil, "header")
		j.against(verifyHeaders, ruleReferrer)
	case a.Page.Referrer != "" && !referrerPolicies[a.Page.Referrer]:
		j.find(verifyReferrer, ruleReferrer, h, t, fmt.Sprintf("A meta element of %s sets the policy %s.", a.URL, a.Page.Referrer), nil, "meta")
		j.against(verifyHeaders, ruleReferrer)
	}
	j.by[verifyReferrer].shows("%s (%s) sends Referrer-Policy: %s", t.URL, a.Address, policy)
}

func (j *judge) sri(h *Host, a *Answer, t Target) {
	r := j.by[verifySRI]
	if a.Truncated || a.Opaque || a.Page.More {
		r.breaks(t.URL, "the page is larger than what is read, or compressed in a way that is not read")
	}
	for _, load := range a.Page.Loads {
		var problems []string
		if !load.Integrity {
			problems = append(problems, "integrity")
		}
		if !load.CrossOrigin {
			problems = append(problems, "crossorigin")
		}
		if len(problems) > 0 {
			j.find(verifySRI, ruleSRI, h, t, fmt.Sprintf("%s takes the %s %s without %s.", a.URL, load.Kind, shown(load.URL), strings.Join(problems, " and ")), nil, load.Kind, load.URL)
		}
	}
	r.shows("%s (%s) takes %d scripts and styles of other origins, each with a hash", t.URL, a.Address, len(a.Page.Loads))
}

// private judges the paths that must not answer.
func (j *judge) private(h *Host, e *Endpoint, t Target) {
	r := j.by[verifyPrivate]
	paths := privatePaths(t)
	if n := len(t.Private) - len(paths); n > 0 {
		j.note("%d private paths of %s cannot be tried with a GET: they have placeholders or another method.", n, t.URL)
	}
	denied := 0
	for _, p := range paths {
		i := slices.IndexFunc(e.Private, func(a Answer) bool { return a.Path == p })
		if i < 0 {
			r.breaks(t.URL, "the record does not hold "+shown(p)+"; probe again")
			continue
		}
		a := &e.Private[i]
		switch {
		case a.Error != "":
			r.breaks(a.Path+" of "+h.Name, a.Error)
		case a.Status == 401 || a.Status == 403 || redirects(a.Status):
			denied++
		case a.Status >= 500 || a.Status == 429:
			r.breaks(a.Path+" of "+h.Name, fmt.Sprintf("it answers %d", a.Status))
		case a.Status < 200 || a.Status > 299:
			j.note("%s answers %d without credentials, which shows neither that it is private nor that it is open.", a.URL, a.Status)
		case e.Unknown != nil && e.Unknown.Error == "" && e.Unknown.Status == a.Status && e.Unknown.Body == a.Body:
			j.note("%s answers what any unknown path of %s answers.", a.URL, h.Name)
		case a.Page != nil && a.Page.Password:
			denied++
		case a.Page != nil:
			j.find(verifyPrivate, rulePrivatePage, h, t, fmt.Sprintf("%s answers %d without credentials, with a page that has no field for a password.", a.URL, a.Status), nil, p)
		default:
			j.find(verifyPrivate, rulePrivate, h, t, fmt.Sprintf("%s answers %d without credentials.", a.URL, a.Status), nil, p)
		}
	}
	if denied > 0 && denied == len(paths) {
		r.shows("%s (%s) asks for credentials on %d private paths", t.URL, e.Private[0].Address, denied)
	}
}

// unknown judges the answer to a path that is not there.
func (j *judge) unknown(h *Host, e *Endpoint, t Target) {
	errors, undeclared := j.by[verifyErrors], j.by[verifyUndeclared]
	asked := kindOf(t) == api || kindOf(t) == webhook
	if why := unanswered(e); why != "" {
		if kindOf(t) != static {
			errors.breaks(t.URL, why)
		}
		if asked {
			undeclared.breaks(t.URL, why)
		}
		return
	}
	a := e.Unknown
	if kindOf(t) != static {
		for _, kind := range a.Leaks {
			rule := ruleErrors
			if onlyVersion(kind) {
				rule = ruleVersions
			}
			j.find(verifyErrors, rule, h, t, fmt.Sprintf("%s (%d) shows %s.", a.URL, a.Status, shown(kind)), nil, kind)
		}
		if a.Opaque {
			errors.breaks(a.URL, "its answer is compressed in a way that is not read")
		}
		errors.shows("%s (%s) answers an unknown path with %d and no trace of its insides", t.URL, a.Address, a.Status)
	}
	if asked {
		if a.Status >= 200 && a.Status <= 299 {
			j.find(verifyUndeclared, ruleUndeclared, h, t, fmt.Sprintf("%s answers %d although no such path can be declared.", a.URL, a.Status), nil, "unknown")
		}
		undeclared.shows("%s (%s) answers an unknown path with %d", t.URL, a.Address, a.Status)
	}
}
