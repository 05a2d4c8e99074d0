package evidence

import (
	"fmt"
	"slices"
	"strings"

	"github.com/staylisted/staylisted/rules"
)

// processors are hosts of services that are sent user data by their nature:
// error trackers, analytics, mail, payment and model providers (catalogue §2.2,
// sub-processors). The name is how an entry calls the company.
var processors = []struct{ host, name string }{
	{"sentry.io", "Sentry"}, {"rollbar.com", "Rollbar"}, {"bugsnag.com", "Bugsnag"}, {"newrelic.com", "New Relic"}, {"datadoghq.com", "Datadog"}, {"honeycomb.io", "Honeycomb"},
	{"segment.io", "Segment"}, {"segment.com", "Segment"}, {"posthog.com", "PostHog"}, {"mixpanel.com", "Mixpanel"}, {"amplitude.com", "Amplitude"},
	{"twilio.com", "Twilio"}, {"sendgrid.com", "SendGrid"}, {"mailgun.net", "Mailgun"}, {"resend.com", "Resend"}, {"postmarkapp.com", "Postmark"}, {"mailchimp.com", "Mailchimp"},
	{"stripe.com", "Stripe"}, {"plaid.com", "Plaid"}, {"paypal.com", "PayPal"},
	{"openai.com", "OpenAI"}, {"anthropic.com", "Anthropic"}, {"cohere.com", "Cohere"}, {"generativelanguage.googleapis.com", "Google"}, {"mistral.ai", "Mistral"},
	{"slack.com", "Slack"}, {"hubspot.com", "HubSpot"}, {"intercom.io", "Intercom"}, {"zendesk.com", "Zendesk"}, {"algolia.net", "Algolia"},
	{"auth0.com", "Auth0"}, {"okta.com", "Okta"}, {"workos.com", "WorkOS"}, {"clerk.com", "Clerk"},
}

// processorsUsed returns the companies behind hosts the code speaks to.
func (d *declared) processorsUsed() []string {
	hosts, _ := d.usedHosts()
	var out []string
	for _, host := range hosts {
		bare := strings.ToLower(strings.TrimPrefix(host, "*."))
		for _, p := range processors {
			if bare == p.host || strings.HasSuffix(bare, "."+p.host) {
				out = append(out, p.name)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// subProcessors proves that third parties that get user data are listed: a
// public page is named, or each entry is complete and every company that is
// known to get such data is among them.
func (d *declared) subProcessors() {
	const control = "sub-processors"
	used := d.processorsUsed()
	expires := d.reviewedUntil("sub-processors")
	if d.f.SubProcessorPage != "" {
		host := strings.TrimPrefix(d.f.SubProcessorPage, "https://")
		host, _, _ = strings.Cut(host, "/")
		if placeholderHost(host) {
			d.lack(subProcessorsVerifier, control, nil, "The page of sub-processors is an address of documentation that leads nowhere.", processorSnippet(used))
			return
		}
		d.prove(rules.Observation{Verifier: subProcessorsVerifier, Control: control, Link: d.f.SubProcessorPage, Expires: expires, Text: "a public page lists the sub-processors; it is not compared with the code"})
		return
	}
	listed := func(name string) bool {
		want := strings.Join(splitWords(name), "")
		return slices.ContainsFunc(d.f.SubProcessors, func(s SubProcessor) bool { return strings.Contains(strings.Join(splitWords(s.Name), ""), want) })
	}
	missing := slices.DeleteFunc(slices.Clone(used), listed)
	if len(missing) > 0 {
		d.lack(subProcessorsVerifier, control, nil, fmt.Sprintf("The code sends data to %s, which sub-processors does not list.", named(missing)), processorSnippet(missing))
	}
	if _, there := d.f.Section("sub-processors"); !there {
		if len(missing) == 0 {
			d.lack(subProcessorsVerifier, control, nil, "The policy file does not say which third parties get user data. If there are none, write an empty list.", "sub-processors: []")
		}
		return
	}
	ok := len(missing) == 0
	for _, s := range d.f.SubProcessors {
		var gaps []string
		for _, pair := range [][2]string{{"purpose", s.Purpose}, {"data", strings.Join(s.Data, "")}, {"region", s.Region}} {
			if pair[1] == "" {
				gaps = append(gaps, pair[0])
			}
		}
		if len(gaps) > 0 {
			ok = false
			d.lack(subProcessorsVerifier, control, nil, fmt.Sprintf("The sub-processor %s in %s lacks: %s.", quoted(s.Name), printable(d.f.Where(s.Pos)), strings.Join(gaps, ", ")), processorSnippet([]string{s.Name}))
		}
	}
	if ok {
		d.prove(rules.Observation{Verifier: subProcessorsVerifier, Control: control, Link: d.f.Name, Expires: expires,
			Text: fmt.Sprintf("%d sub-processors are listed with purpose, data and region", len(d.f.SubProcessors))})
	}
}

func processorSnippet(names []string) string {
	if len(names) == 0 {
		return "sub-processors: []"
	}
	var b strings.Builder
	b.WriteString("sub-processors:")
	for _, n := range names[:min(len(names), 2*maxNamed)] {
		fmt.Fprintf(&b, "\n  - {name: %s, purpose: \"<what it does for the app>\", data: [\"<kind of data it gets>\"], region: \"<where it keeps the data>\"}", scalar(n))
	}
	return b.String()
}
