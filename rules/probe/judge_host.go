package probe

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/probe/internal/wire"
)

// host judges what belongs to the host name; findings stand at its first
// endpoint.
func (j *judge) host(h *Host, e *Endpoint, t Target) {
	j.domain(h)
	j.floor(h, t)
	j.certificate(h, t)
	j.plain(h, e, t)
}

// missingName judges a name that has no address.
func (j *judge) missingName(h *Host, t Target) {
	switch {
	case !h.Missing:
	case len(h.Aliases) > 0:
		last := h.Aliases[len(h.Aliases)-1]
		j.find(verifyDomain, ruleDangling, h, t, fmt.Sprintf("%s is an alias of %s, which does not exist: whoever registers that name answers for your host.", h.Name, last), nil, h.Name)
	default:
		j.find(verifyDomain, ruleDomain, h, t, fmt.Sprintf("The name servers do not know %s.", h.Name), nil, h.Name)
	}
}

// domain shows that the name leads to addresses.
func (j *judge) domain(h *Host) {
	var addrs []string
	for _, a := range h.Addresses[:min(len(h.Addresses), maxAddresses)] {
		addrs = append(addrs, a.String())
	}
	j.by[verifyDomain].shows("%s leads to %s", h.Name, strings.Join(addrs, " and "))
	if h.CAA == No {
		j.note("No CAA record says who may issue certificates for %s (RFC 8659). Add one that names your authority.", h.Name)
	}
	if n := len(h.Addresses) - maxAddresses; n > 0 {
		j.note("%s has %d addresses; TLS was looked at on %d of them.", h.Name, len(h.Addresses), maxAddresses)
	}
}

// tlsVersion is the number a version is measured with; SSL 3.0 came before 1.0.
func tlsVersion(name string) float64 {
	return map[string]float64{"SSL 3.0": 0, "TLS 1.0": 1.0, "TLS 1.1": 1.1, "TLS 1.2": 1.2, "TLS 1.3": 1.3}[name]
}

// floor judges which versions each address takes.
func (j *judge) floor(h *Host, t Target) {
	r := j.by[verifyTLS]
	looked := 0
	var old []string // versions below 1.2 that some address takes
	var neither []string
	lowest := -1.0
	for _, a := range h.TLS {
		if a.Unreachable {
			j.note("%s of %s was not looked at: this machine has no IPv6.", a.IP, h.Name)
			continue
		}
		looked++
		taken := map[string]string{}
		for _, o := range a.Offers {
			taken[o.Version] = o.Result
			if o.Result == wire.Accepted && (lowest < 0 || tlsVersion(o.Version) < lowest) {
				lowest = tlsVersion(o.Version)
			}
			if o.Result == wire.Accepted && tlsVersion(o.Version) < 1.2 && !slices.Contains(old, o.Version) {
				old = append(old, o.Version)
			}
		}
		modern := taken["TLS 1.2"] == wire.Accepted || taken["TLS 1.3"] == wire.Accepted
		for _, o := range a.Offers {
			// That 1.3 got no answer matters only when 1.2 was not taken either.
			if o.Result != wire.Accepted && o.Result != wire.Refuses && (tlsVersion(o.Version) < 1.2 || !modern) {
				r.breaks(fmt.Sprintf("%s (%s)", h.Name, a.IP), "it is not known whether it takes "+o.Version+", "+o.Detail)
				break
			}
		}
		if taken["TLS 1.2"] == wire.Refuses && taken["TLS 1.3"] == wire.Refuses {
			neither = append(neither, a.IP.String())
		}
		for _, v := range versions {
			if taken[v.name] == "" {
				r.breaks(fmt.Sprintf("%s (%s)", h.Name, a.IP), v.name+" was not offered")
				break
			}
		}
		r.shows("%s (%s) refuses SSL 3.0, TLS 1.0 and TLS 1.1 and takes %s", h.Name, a.IP, modernWords(taken))
	}
	if looked == 0 {
		r.breaks(h.Name, "none of its addresses can be reached from this machine")
	}
	slices.SortFunc(old, func(a, b string) int { return int(10 * (tlsVersion(a) - tlsVersion(b))) })
	if len(old) > 0 {
		j.find(verifyTLS, ruleTLS, h, t, fmt.Sprintf("%s takes %s.", h.Name, strings.Join(old, " and ")), &rules.Measurement{Name: "tls-version", Value: lowest}, "old")
	}
	if len(neither) > 0 {
		j.find(verifyTLS, ruleTLS, h, t, fmt.Sprintf("%s takes neither TLS 1.2 nor TLS 1.3.", h.Name), nil, "neither")
	}
	if lowest >= 0 {
		r.least("tls-version", lowest)
	}
}

func modernWords(taken map[string]string) string {
	var words []string
	for _, v := range []string{"TLS 1.2", "TLS 1.3"} {
		if taken[v] == wire.Accepted {
			words = append(words, v)
		}
	}
	return strings.Join(words, " and ")
}

// certificate judges what each address serves.
func (j *judge) certificate(h *Host, t Target) {
	r := j.by[verifyCertificate]
	var problems []string
	for _, a := range h.TLS {
		c := a.Certificate
		switch {
		case a.Unreachable:
		case c == nil:
			r.breaks(fmt.Sprintf("%s (%s)", h.Name, a.IP), "it showed no certificate over TLS 1.2 or 1.3")
		case c.Problem != "":
			if !slices.Contains(problems, c.Problem) {
				problems = append(problems, c.Problem)
			}
		default:
			r.shows("%s (%s) has a certificate that verifies until %s", h.Name, a.IP, c.NotAfter.UTC().Format("2006-01-02"))
			r.until(c.NotAfter)
			j.by[verifyTLS].until(c.NotAfter)
		}
	}
	if len(problems) > 0 {
		j.find(verifyCertificate, ruleCertificate, h, t, fmt.Sprintf("The certificate of %s does not verify: %s.", h.Name, strings.Join(problems, "; ")), nil, "certificate")
		j.against(verifyTLS, ruleCertificate)
	}
	if len(r.shown) == 0 && len(r.broken) == 0 && len(problems) == 0 {
		r.breaks(h.Name, "none of its addresses can be reached from this machine")
	}
}

// plain judges what port 80 answers.
func (j *judge) plain(h *Host, e *Endpoint, t Target) {
	a := h.PlainHTTP
	switch {
	case a == nil:
		j.by[verifyHSTS].breaks(h.Name, "plain http was not looked at")
		return
	case a.Error == spent:
		j.by[verifyHSTS].breaks(h.Name, spent)
		return
	case a.Error != "":
		return // nothing listens
	}
	secure := 0
	if len(e.Page) > 0 {
		secure = e.Page[0].Status
	}
	at := "http://" + urlHost(h.Name) + "/"
	switch {
	case redirects(a.Status):
		to, err := url.Parse(a.Location)
		if err != nil || a.Location == "" || to.Scheme != "https" || hostOf(to) != h.Name {
			j.find(verifyHSTS, ruleRedirect, h, t, fmt.Sprintf("%s leads to %s, not to https on the same host.", at, elsewhere(a.Location)), nil, "redirect")
		} else if a.Status != 301 && a.Status != 308 {
			j.note("%s redirects to https with %d. Use 301 or 308, which browsers remember.", at, a.Status)
		}
	case a.Status < 400, a.Status == 401:
		j.against(verifyHSTS, rulePlain)
		j.find(verifyTLS, rulePlain, h, t, fmt.Sprintf("%s answers %d over plain http.", at, a.Status), nil, "plain")
	case a.Status == secure:
		j.find(verifyTLS, rulePlainUnclear, h, t, fmt.Sprintf("%s answers %d over plain http, as it does over https.", at, a.Status), nil, "plain")
	}
}

func elsewhere(location string) string {
	if location == "" {
		return "nowhere"
	}
	return shown(location)
}
