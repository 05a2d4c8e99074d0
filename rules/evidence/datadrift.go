package evidence

import (
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/staylisted/staylisted/rules"
)

// dataNames compares the data the code handles, and the companies it hands user
// data to, with what the policy file declares.
const dataNames = "run:data-names"

// dataWords are words by which an entry of `data` covers a kind of the fact
// data-names. It is read-only.
var dataWords = map[string][]string{
	"email address":          {"email", "mail address", "mail", "contact detail"},
	"telephone number":       {"phone", "telephone", "mobile", "contact detail"},
	"date of birth":          {"birth", "birthday", "birthdate", "dob", "age"},
	"social security number": {"ssn", "social security"},
	"passport number":        {"passport"},
	"national id":            {"national id", "identity number", "identity card"},
	"tax id":                 {"tax"},
	"bank account":           {"iban", "bank", "account number"},
	"payment card":           {"card", "payment"},
	"postal address":         {"address", "postal", "street"},
	"name of a person":       {"name", "full name", "person", "profile", "contact", "user", "customer"},
	"password":               {"password", "passphrase", "credential", "login"},
	"access token":           {"token", "credential", "oauth", "session"},
	"key":                    {"key", "credential", "secret"},
	"secret":                 {"secret", "credential", "key", "token"},
}

// secretKinds are kinds of credentials; an entry of class secret covers them.
var secretKinds = []string{"password", "access token", "key", "secret"}

// dataDrift compares both lists.
func dataDrift(in *Input) rules.Gathered {
	g := rules.Gathered{}
	if in.File == nil {
		g.Skipped("there is no policy file whose lists could be compared with the code", dataNames)
		return g
	}
	g.Complete(dataNames)
	g.Findings = append(g.Findings, unlistedData(in)...)
	g.Findings = append(g.Findings, unlistedProcessors(in)...)
	return g
}

// unlistedData returns one finding a kind of data that no entry speaks of.
func unlistedData(in *Input) []rules.Finding {
	var all []thing
	for _, it := range in.items(factDataName) {
		words, ok := dataWords[it.Name]
		if !ok {
			continue
		}
		all = append(all, thing{name: it.Name, key: it.Name, names: append([]string{it.Name}, words...), places: place(it)})
	}
	var out []rules.Finding
	for _, t := range gatherThings(all) {
		secret := slices.Contains(secretKinds, t.key)
		listed := slices.ContainsFunc(in.File.Data, func(d Data) bool {
			if secret && d.Class != "secret" || !secret && d.Class != "pii" && d.Class != "pii-high" && d.Class != "confidential" {
				return false
			}
			return says(wordsOf(d.Name), t.names...)
		})
		if listed {
			continue
		}
		t.places = distinct(t.places)
		example := "{name: " + t.name + ", class: pii, source: …, store: …, retention: P90D, deletion: docs/retention.md}"
		if secret {
			example = "{name: " + t.name + ", class: secret, store: …, protection: …, retention: P30D}"
		}
		f := ruleDataUnlisted().Finding("document", fmt.Sprintf("the code handles data whose name means %s (%s), and no entry of data speaks of it; add %s", t.name, placeText(t), example),
			sectionPlace(in, firstPos(in.File.Data, func(d Data) Pos { return d.Pos })))
		f.Tokens, f.Steps = rules.TokenDigest(dataNames, t.key), stepsTo(t)
		out = append(out, f)
	}
	return out
}

func firstPos[T any](list []T, pos func(T) Pos) Pos {
	if len(list) == 0 {
		return Pos{}
	}
	return pos(list[0])
}

// sectionPlace is where a section of the policy file begins; the file itself
// where it has none.
func sectionPlace(in *Input, p Pos) rules.Location {
	return rules.Location{Path: in.File.Name, Line: p.Line, Column: p.Column}
}

// A provider is a company whose service receives data of users: error trackers,
// analytics, mail and messages, payment, support, models. Hosting and plain APIs
// are left out; they are services, and stores.
type provider struct {
	name     string
	purpose  string
	domains  []string
	packages []string // of npm and PyPI; one that ends in a slash stands for all below
}

// providers is read-only.
var providers = []provider{
	{"Sentry", "error tracking", commas("sentry.io"), commas("@sentry/, raven, raven-js, sentry-sdk")},
	{"Rollbar", "error tracking", commas("rollbar.com"), commas("rollbar")},
	{"Bugsnag", "error tracking", commas("bugsnag.com"), commas("@bugsnag/, bugsnag")},
	{"Honeybadger", "error tracking", commas("honeybadger.io"), commas("@honeybadger-io/, honeybadger")},
	{"Datadog", "monitoring", commas("datadoghq.com, datadoghq.eu"), commas("dd-trace, @datadog/, ddtrace, datadog, datadog-api-client")},
	{"New Relic", "monitoring", commas("newrelic.com, nr-data.net"), commas("newrelic, @newrelic/")},
	{"Honeycomb", "monitoring", commas("honeycomb.io"), commas("@honeycombio/, libhoney, honeycomb-beeline")},
	{"LogRocket", "session recording", commas("logrocket.com, logrocket.io"), commas("logrocket")},
	{"FullStory", "session recording", commas("fullstory.com"), commas("@fullstory/")},
	{"Hotjar", "session recording", commas("hotjar.com"), commas("@hotjar/")},
	{"Segment", "analytics", commas("segment.io, segment.com"), commas("@segment/, analytics-node, analytics-python, segment-analytics-python")},
	{"Mixpanel", "analytics", commas("mixpanel.com"), commas("mixpanel, mixpanel-browser")},
	{"Amplitude", "analytics", commas("amplitude.com"), commas("@amplitude/, amplitude-js, amplitude-analytics")},
	{"PostHog", "analytics", commas("posthog.com"), commas("posthog-js, posthog-node, posthog")},
	{"Google Analytics", "analytics", commas("google-analytics.com, googletagmanager.com"), commas("react-ga, react-ga4, ga-4-react")},
	{"Customer.io", "messages", commas("customer.io"), commas("customerio-node, customerio")},
	{"Braze", "messages", commas("braze.com, braze.eu"), commas("@braze/")},
	{"Twilio", "messages", commas("twilio.com"), commas("twilio, @twilio/")},
	{"SendGrid", "mail", commas("sendgrid.com, sendgrid.net"), commas("@sendgrid/, sendgrid")},
	{"Mailgun", "mail", commas("mailgun.net, mailgun.org"), commas("mailgun.js, mailgun-js")},
	{"Postmark", "mail", commas("postmarkapp.com"), commas("postmark, postmarker")},
	{"Mailchimp", "mail", commas("mailchimp.com, mandrillapp.com"), commas("@mailchimp/, mailchimp-marketing, mailchimp-transactional")},
	{"Resend", "mail", commas("resend.com"), commas("resend")},
	{"Vonage", "messages", commas("nexmo.com, vonage.com"), commas("@vonage/, vonage")},
	{"Pusher", "messages", commas("pusher.com, pusherapp.com"), commas("pusher, pusher-js")},
	{"Stripe", "payment", commas("stripe.com"), commas("stripe, @stripe/")},
	{"Paddle", "payment", commas("paddle.com"), commas("@paddle/")},
	{"Plaid", "payment", commas("plaid.com"), commas("plaid, plaid-python")},
	{"Intercom", "support", commas("intercom.io, intercom.com"), commas("intercom-client, @intercom/")},
	{"Zendesk", "support", commas("zendesk.com"), commas("node-zendesk, zenpy")},
	{"OpenAI", "language model", commas("openai.com"), commas("openai, @ai-sdk/openai")},
	{"Anthropic", "language model", commas("anthropic.com"), commas("@anthropic-ai/, anthropic, @ai-sdk/anthropic")},
	{"Cohere", "language model", commas("cohere.com, cohere.ai"), commas("cohere-ai, cohere")},
	{"Mistral", "language model", commas("mistral.ai"), commas("@mistralai/, mistralai")},
	{"Google Gemini", "language model", commas("generativelanguage.googleapis.com"), commas("@google/generative-ai, @google/genai, google-generativeai, google-genai")},
	{"LaunchDarkly", "feature flags with user attributes", commas("launchdarkly.com"), commas("launchdarkly-js-client-sdk, @launchdarkly/, launchdarkly-server-sdk")},
	{"Algolia", "search", commas("algolia.net, algolia.com, algolianet.com"), commas("algoliasearch")},
	{"Auth0", "sign-in", commas("auth0.com"), commas("auth0, @auth0/, auth0-python")},
	{"Okta", "sign-in", commas("okta.com"), commas("@okta/, okta")},
	{"Clerk", "sign-in", commas("clerk.com, clerk.dev"), commas("@clerk/")},
	{"WorkOS", "sign-in", commas("workos.com"), commas("@workos-inc/, workos")},
}

// unlistedProcessors returns one finding a provider that is used and not listed.
// A public list at an address cannot be compared; it is the partner's word.
func unlistedProcessors(in *Input) []rules.Finding {
	if in.File.SubProcessorPage != "" {
		return nil
	}
	var all []thing
	use := func(p *provider, how string, at []rules.Location) {
		all = append(all, thing{name: p.name, key: p.name, names: []string{how, p.purpose}, places: at})
	}
	for _, it := range in.items(factHosts) {
		host := strings.TrimPrefix(strings.ToLower(it.Name), "*.")
		for i := range providers {
			if slices.ContainsFunc(providers[i].domains, func(d string) bool { return host == d || strings.HasSuffix(host, "."+d) }) {
				use(&providers[i], printable(it.Name), place(it))
			}
		}
	}
	for _, dep := range manifestNames(in) {
		for i := range providers {
			if slices.ContainsFunc(providers[i].packages, func(p string) bool {
				return dep.name == p || strings.HasSuffix(p, "/") && strings.HasPrefix(dep.name, p)
			}) {
				use(&providers[i], dep.name, []rules.Location{{Path: dep.file}})
			}
		}
	}
	var out []rules.Finding
	for _, t := range gatherThings(all) {
		if slices.ContainsFunc(in.File.SubProcessors, func(s SubProcessor) bool { return says(wordsOf(s.Name), t.name) }) {
			continue
		}
		t.places = distinct(t.places)
		f := ruleSubProcessor().Finding("document", fmt.Sprintf("the code uses %s (%s, %s), which receives data of users and is not listed; add under sub-processors {name: %s, purpose: %s, data: […], region: …}",
			t.name, t.names[0], placeText(t), t.name, t.names[1]), sectionPlace(in, firstPos(in.File.SubProcessors, func(s SubProcessor) Pos { return s.Pos })))
		f.Tokens, f.Steps = rules.TokenDigest(dataNames, "sub-processor", t.key), stepsTo(t)
		out = append(out, f)
	}
	return out
}

// A manifestName is a dependency some manifest names directly.
type manifestName struct{ name, file string }

// maxManifest bounds the manifests that are read, in bytes.
const maxManifest = 1 << 20

// manifestNames reads the direct dependencies of npm and PyPI that the product
// ships with. What cannot be read is left to the dependency audit, which says so.
func manifestNames(in *Input) []manifestName {
	if in.Tree == nil {
		return nil
	}
	var out []manifestName
	for _, name := range in.Tree.Names() {
		base := path.Base(name)
		python := strings.HasPrefix(base, "requirements") && strings.HasSuffix(base, ".txt") && !strings.Contains(base, "dev") && !strings.Contains(base, "test")
		if base != "package.json" && !python || aside(name) {
			continue
		}
		src, err := in.Tree.Read(name, maxManifest)
		if err != nil {
			continue
		}
		if python {
			for line := range strings.Lines(string(src)) {
				line = strings.ToLower(strings.TrimSpace(line))
				end := strings.IndexFunc(line, func(r rune) bool { return !isWord(r) && !strings.ContainsRune("-_.", r) })
				if end < 0 {
					end = len(line)
				}
				if end > 0 {
					out = append(out, manifestName{strings.ReplaceAll(line[:end], "_", "-"), name})
				}
			}
			continue
		}
		var manifest struct {
			Dependencies map[string]json.RawMessage `json:"dependencies"`
		}
		if json.Unmarshal(src, &manifest) != nil {
			continue
		}
		for dep := range manifest.Dependencies {
			out = append(out, manifestName{dep, name})
		}
	}
	slices.SortFunc(out, func(a, b manifestName) int {
		if c := strings.Compare(a.name, b.name); c != 0 {
			return c
		}
		return strings.Compare(a.file, b.file)
	})
	return out
}
