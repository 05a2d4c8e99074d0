package code

import (
	"cmp"
	"fmt"
	"go/token"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// mkt801 lists the services the code speaks to. A use is no finding: only the
// comparison with the policy's services over all packages makes one, which
// [Undeclared] does.
func mkt801() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT801",
		Name:     "undeclared-service",
		Title:    "Service is used and not declared",
		Class:    rules.Review,
		Controls: []string{"services-declared"},
		Flags: "A host the code speaks to that the policy file does not list under `services`: a literal that reaches a request, a dial or a client's base URL, " +
			"a data source name, or the import of a service's SDK.",
		Safe: "The host, or a pattern such as `*.amazonaws.com` that covers it, stands in the `hosts` of a service. Loopback, cluster and private names, test files, " +
			"and addresses in comments and documentation never count.",
		Remediation: "Add the service to `.github/staylisted.yml` with its name, hosts, how the app signs in, and why it is used.",
		Wrong:       "services: []  # and the code calls https://api.partner.io",
		Right:       "services:\n  - {name: Partner, hosts: [api.partner.io], auth: oauth2-code, why: order sync}",
		Frameworks:  []string{"every HTTP, WebSocket, gRPC and database client of MKT102 and MKT103", "about 50 SDKs"},
	}, nil, nil, func(p *pkg) []Hit {
		var hits []Hit
		p.services(func(u serviceUse) {
			hits = append(hits, Hit{Rule: "MKT801", Pos: u.pos, End: u.end, Service: &u.service, Steps: u.steps,
				Message: fmt.Sprintf("the code speaks to %s (%s)", u.service.Host, u.service.Via)})
		})
		return hits
	})
}

// sdks maps import path prefixes to the host their calls go to. A pattern means
// that region or account picks the host.
var sdks = []struct{ prefix, host string }{
	{"cloud.google.com/go", "*.googleapis.com"},
	{"cloud.google.com/go/compute/metadata", ""}, // the machine's own metadata service
	{"firebase.google.com/go", "*.googleapis.com"},
	{"google.golang.org/api", "*.googleapis.com"},
	{"golang.org/x/oauth2/google", "oauth2.googleapis.com"},
	{"golang.org/x/oauth2/github", "github.com"},
	{"golang.org/x/oauth2/gitlab", "gitlab.com"},
	{"golang.org/x/oauth2/slack", "slack.com"},
	{"golang.org/x/oauth2/microsoft", "login.microsoftonline.com"},
	{"golang.org/x/oauth2/facebook", "graph.facebook.com"},
	{"github.com/aws/aws-sdk-go", "*.amazonaws.com"},
	{"github.com/aws/aws-sdk-go-v2", "*.amazonaws.com"},
	{"github.com/Azure/azure-sdk-for-go", "*.azure.com"},
	{"github.com/Azure/azure-storage-blob-go", "*.blob.core.windows.net"},
	{"github.com/AzureAD/microsoft-authentication-library-for-go", "login.microsoftonline.com"},
	{"github.com/microsoftgraph/msgraph-sdk-go", "graph.microsoft.com"},
	{"github.com/stripe/stripe-go", "api.stripe.com"},
	{"github.com/google/go-github", "api.github.com"},
	{"github.com/shurcooL/githubv4", "api.github.com"},
	{"github.com/xanzy/go-gitlab", "gitlab.com"},
	{"gitlab.com/gitlab-org/api/client-go", "gitlab.com"},
	{"github.com/slack-go/slack", "slack.com"},
	{"github.com/bwmarrin/discordgo", "discord.com"},
	{"github.com/go-telegram-bot-api/telegram-bot-api", "api.telegram.org"},
	{"github.com/twilio/twilio-go", "api.twilio.com"},
	{"github.com/sendgrid/sendgrid-go", "api.sendgrid.com"},
	{"github.com/mailgun/mailgun-go", "api.mailgun.net"},
	{"github.com/resend/resend-go", "api.resend.com"},
	{"github.com/keighl/postmark", "api.postmarkapp.com"},
	{"github.com/getsentry/sentry-go", "*.sentry.io"},
	{"github.com/rollbar/rollbar-go", "api.rollbar.com"},
	{"github.com/bugsnag/bugsnag-go", "notify.bugsnag.com"},
	{"github.com/newrelic/go-agent", "collector.newrelic.com"},
	{"github.com/DataDog/datadog-api-client-go", "api.datadoghq.com"},
	{"github.com/honeycombio/libhoney-go", "api.honeycomb.io"},
	{"github.com/segmentio/analytics-go", "api.segment.io"},
	{"github.com/posthog/posthog-go", "*.posthog.com"},
	{"github.com/mixpanel/mixpanel-go", "api.mixpanel.com"},
	{"github.com/amplitude/analytics-go", "api2.amplitude.com"},
	{"github.com/sashabaranov/go-openai", "api.openai.com"},
	{"github.com/openai/openai-go", "api.openai.com"},
	{"github.com/anthropics/anthropic-sdk-go", "api.anthropic.com"},
	{"google.golang.org/genai", "generativelanguage.googleapis.com"},
	{"github.com/cohere-ai/cohere-go", "api.cohere.com"},
	{"github.com/auth0/go-auth0", "*.auth0.com"},
	{"github.com/okta/okta-sdk-golang", "*.okta.com"},
	{"github.com/workos/workos-go", "api.workos.com"},
	{"github.com/clerk/clerk-sdk-go", "api.clerk.com"},
	{"github.com/cloudflare/cloudflare-go", "api.cloudflare.com"},
	{"github.com/digitalocean/godo", "api.digitalocean.com"},
	{"github.com/linode/linodego", "api.linode.com"},
	{"github.com/hetznercloud/hcloud-go", "api.hetzner.cloud"},
	{"github.com/PagerDuty/go-pagerduty", "api.pagerduty.com"},
	{"github.com/launchdarkly/go-server-sdk", "*.launchdarkly.com"},
	{"github.com/plaid/plaid-go", "*.plaid.com"},
	{"github.com/algolia/algoliasearch-client-go", "*.algolia.net"},
	{"github.com/pusher/pusher-http-go", "*.pusher.com"},
	{"github.com/jomei/notionapi", "api.notion.com"},
	{"github.com/andygrunwald/go-jira", "*.atlassian.net"},
	{"github.com/dropbox/dropbox-sdk-go-unofficial", "api.dropboxapi.com"},
}

// sdkHost returns the host of the SDK a clean import path belongs to, the
// longest prefix winning.
func sdkHost(path string) string {
	best, host := 0, ""
	for _, s := range sdks {
		if len(s.prefix) > best && (path == s.prefix || strings.HasPrefix(path, s.prefix+"/")) {
			best, host = len(s.prefix), s.host
		}
	}
	return host
}

// A serviceUse is one place that speaks to a service.
type serviceUse struct {
	service  Service
	pos, end token.Pos
	steps    []Step
}

// addressSinks take "host:port" or a URL and connect to it.
var addressSinks = symbols(map[string]int{
	"net Dial": 1, "net DialTimeout": 1, "crypto/tls Dial": 1, "net Dialer.Dial": 1, "net Dialer.DialContext": 2, "crypto/tls Dialer.DialContext": 2,
	"net/smtp SendMail": 0, "net/smtp Dial": 0, "net/rpc Dial": 1, "net/rpc DialHTTP": 1, "golang.org/x/crypto/ssh Dial": 1,
	"google.golang.org/grpc Dial": 0, "google.golang.org/grpc NewClient": 0, "google.golang.org/grpc DialContext": 1,
	"github.com/coreos/go-oidc NewProvider": 1, "github.com/coreos/go-oidc/oidc NewProvider": 1,
	"gopkg.in/gomail NewDialer": 0, "gopkg.in/mail NewDialer": 0, "github.com/go-gomail/gomail NewDialer": 0, "github.com/wneessen/go-mail NewClient": 0,
})

var addressPackages = packagesOf(addressSinks)

// baseWords name struct fields of clients in other packages that hold an
// address.
var baseWords = []string{"url", "uri", "endpoint", "host", "hostname", "server", "address", "addr"}

// services visits every use of an outside service, in no particular order.
func (p *pkg) services(do func(serviceUse)) {
	use := func(host, via string, pos, end token.Pos, steps []Step) {
		if reachOf(host) == hostPublic {
			// Where the address is written says more than where it is used.
			if len(steps) > 0 && steps[0].Pos.IsValid() {
				pos, end = steps[0].Pos, steps[0].Pos+1
			}
			do(serviceUse{Service{host, via}, pos, end, steps})
		}
	}
	for _, f := range p.sourceFiles() {
		for _, imp := range f.Imports {
			path, err := strconv.Unquote(imp.Path.Value)
			if err != nil {
				continue
			}
			if host := sdkHost(cleanPath(path)); host != "" {
				do(serviceUse{Service{host, path}, imp.Pos(), imp.End(), nil})
			}
		}
	}
	if importsAny(p.types, outboundGate) {
		p.outboundURLs(func(u outboundURL) {
			_, host, complete := urlHost(u.text)
			if !complete {
				return
			}
			if u.at != nil {
				pos, end := p.region(u.at, u.arg)
				use(host, "literal", pos, end, u.text.steps)
				return
			}
			use(host, "literal", u.set.Pos(), u.set.Pos()+1, u.text.steps)
		})
	}
	if importsAny(p.types, datastoreGate) {
		p.dataSources(func(s dataSource) {
			d, ok := dsnHost(s.dialect, s.text)
			if !ok || !d.known {
				return
			}
			if s.call != nil {
				pos, end := p.region(s.call.instr, s.arg)
				use(d.host, "data source name", pos, end, s.text.steps)
				return
			}
			use(d.host, "data source name", s.set.Pos(), s.set.Pos()+1, s.text.steps)
		})
	}
	p.addresses(use)
}

// addresses visits literal addresses that go into dials and into fields of
// other packages' clients.
func (p *pkg) addresses(use func(host, via string, pos, end token.Pos, steps []Step)) {
	literalHost := func(t text) string {
		known, whole := t.prefix()
		if strings.Contains(known, "://") {
			_, host, complete := urlHost(t)
			if complete {
				return host
			}
			return ""
		}
		host, hadPort := hostOnly(known)
		if !whole && !hadPort || !hadPort && !strings.Contains(host, ".") {
			return ""
		}
		return strings.ToLower(host)
	}
	p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
		switch x := instr.(type) {
		case ssa.CallInstruction:
			c := p.asCall(x, func(path string) bool { return addressPackages[path] })
			if c == nil {
				return
			}
			i, ok := addressSinks[c.symbol()]
			if !ok || i >= len(c.args) {
				return
			}
			texts, _ := p.texts(c.args[i])
			for _, t := range texts {
				if host := literalHost(t); host != "" {
					pos, end := p.region(x, i)
					use(host, "literal", pos, end, t.steps)
				}
			}
		case *ssa.Store:
			fa, ok := x.Addr.(*ssa.FieldAddr)
			if !ok {
				return
			}
			v := fieldVar(fa)
			if v == nil || v.Pkg() == nil || v.Pkg() == p.types || !isText(v.Type()) || !SplitName(v.Name()).Has(baseWords...) {
				return
			}
			if path := p.pathOf(v.Pkg()); !strings.Contains(path, ".") || path == "golang.org/x/oauth2" {
				return // standard library; oauth2 endpoints are outbound URLs already
			}
			texts, _ := p.texts(x.Val)
			for _, t := range texts {
				if !strings.Contains(t.s, "://") {
					continue
				}
				if host := literalHost(t); host != "" {
					use(host, "literal", x.Pos(), x.Pos()+1, t.steps)
				}
			}
		}
	})
}

// MarketplaceOf returns the marketplace whose API a host belongs to: "druva",
// "apollo", "monday", or "" (hosts as published by the marketplaces).
func MarketplaceOf(host string) string { return rules.MarketplaceOf(host) }

// item turns a use into the form that is kept between packages.
func (u serviceUse) item(locate func(token.Pos) rules.Location) rules.Item {
	return rules.Item{Name: u.service.Host, Detail: cmp.Or(u.service.Via, "literal"), Location: locate(u.pos)}
}
