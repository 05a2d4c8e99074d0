package files

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/staylisted/staylisted/rules"
)

// Alert rules as code

// An alert is one alert rule that a file defines.
type alert struct {
	name string
	text string // everything it says, lower case
	at   rules.Location
}

// What alerts must speak of (catalogue, log-monitoring): failed logins, and
// rights that are odd.
var (
	authFailure = regexp.MustCompile(`\b(?:fail(?:ed|ure|ures)?|invalid|denied|brute|too many|rejected|unsuccessful|suspicious|anomal\w+|errors?|spike)\b.{0,60}\b(?:log[ -]?ins?|logons?|sign[ -]?ins?|auth|authn|authentications?|authorizations?|credentials?|passwords?|tokens?|mfa|sso|oauth)\b|` +
		`\b(?:log[ -]?ins?|logons?|sign[ -]?ins?|auth|authn|authentications?|credentials?|passwords?|tokens?|mfa|sso|oauth)\b.{0,60}\b(?:fail(?:ed|ure|ures|s)?|invalid|denied|brute|rejected|errors?|unsuccessful|suspicious|anomal\w+|spike)\b|` +
		`\bunauthori[sz]ed\b|\bbrute[ -]?force\b|\bconsolelogin\b|\b(?:status|code|status code)\b[^a-z]{0,12}\b40[13]\b|\b401\b`)
	privilege = regexp.MustCompile(`\bprivileged?s?\b|\bprivilege escalation\b|\bpermissions?\b|\badmins?\b|\badministrators?\b|\broles? (?:change|changes|changed|grant|granted|assignment|escalation)\b|\biam\b|\broot (?:login|account|user|usage)\b|\bsudo\b|\bforbidden\b|\baccess denied\b|\b403\b|\bpolicy changes?\b|\bsuperusers?\b|\belevat(?:ed|ion)\b|\bescalat\w+`)
)

// spoken makes identifiers readable: "HighFailedLoginRate", "auth_failures_total"
// and "app.auth.failure" become words.
func spoken(s string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if c == '_' || c == '.' || c == '-' || c == '/' || c == ':' || c == '\n' || c == '"' {
			b.WriteByte(' ')
			continue
		}
		if c >= 'A' && c <= 'Z' && i > 0 && s[i-1] >= 'a' && s[i-1] <= 'z' {
			b.WriteByte(' ')
		}
		b.WriteByte(c)
	}
	return strings.ToLower(b.String())
}

// yamlAlerts lists the Prometheus, PrometheusRule, Grafana and similar alert
// rules of a YAML stream: mappings with a name and an expression.
func yamlAlerts(f *yamlFile) []alert {
	var out []alert
	for _, root := range f.roots {
		groups := valueOf(root, "groups")
		if scalar(valueOf(root, "kind")) == "PrometheusRule" {
			groups = pathOf(root, "spec", "groups")
		}
		for _, group := range items(groups) {
			for _, rule := range items(valueOf(group, "rules")) {
				name, expr := valueOf(rule, "alert"), valueOf(rule, "expr")
				if name == nil { // Grafana's provisioned rules
					name, expr = valueOf(rule, "title"), valueOf(rule, "data")
				}
				if scalar(name) == "" || expr == nil {
					continue
				}
				var text strings.Builder
				scalars(rule, func(_ []string, v *yaml.Node) {
					if text.Len() < 20_000 {
						text.WriteString(v.Value)
						text.WriteString("  ")
					}
				})
				out = append(out, alert{name.Value, spoken(text.String()), f.at(name)})
			}
		}
	}
	return out
}

// alertResources are Terraform resources that alert.
var alertResources = regexp.MustCompile(`(?m)^[ \t]*resource[ \t]+"(datadog_monitor|datadog_security_monitoring_rule|aws_cloudwatch_metric_alarm|aws_cloudwatch_composite_alarm|aws_cloudwatch_log_metric_filter|google_monitoring_alert_policy|azurerm_monitor_metric_alert|azurerm_monitor_scheduled_query_rules_alert(?:_v2)?|azurerm_sentinel_alert_rule_scheduled|grafana_rule_group|newrelic_nrql_alert_condition|sentry_issue_alert|sentry_metric_alert|sumologic_monitor|elasticsearch_opensearch_monitor)"[ \t]+"([^"\n]{1,200})"[ \t]*\{`)

// terraformAlerts lists the alerts of a Terraform file. A CloudWatch alarm
// watches a metric that a log filter of the same file may fill, so a filter
// counts only beside an alarm.
func terraformAlerts(name string, src []byte) []alert {
	lines := lineStarts(src)
	var alarms, filters []alert
	for _, m := range alertResources.FindAllSubmatchIndex(src, 500) {
		end := bracesEnd(src, m[1]-1)
		if end == 0 {
			break // nothing behind it is closed either
		}
		kind := string(src[m[2]:m[3]])
		a := alert{kind + "." + string(src[m[4]:m[5]]), spoken(string(src[m[4]:min(end, m[4]+4000)])), place(name, lines, m[0], m[1])}
		a.at.Column = max(a.at.Column, 1)
		if kind == "aws_cloudwatch_log_metric_filter" {
			filters = append(filters, a)
			continue
		}
		alarms = append(alarms, a)
	}
	if len(alarms) > 0 {
		alarms = append(alarms, filters...)
	}
	return alarms
}

// alertFile reports names of files that may hold alert rules.
func alertFile(name string) bool {
	if !shipped(name) || strings.HasPrefix(name, ".github/") {
		return false
	}
	switch strings.ToLower(path.Ext(name)) {
	case ".tf":
		return true
	case ".yml", ".yaml", ".rules":
		lower := strings.ToLower(name)
		return slices.ContainsFunc([]string{"alert", "rule", "prometheus", "monitor", "grafana", "observab", "alarm", "loki", "mimir"}, func(w string) bool { return strings.Contains(lower, w) })
	}
	return false
}

// alertRules runs the verifier of alert rules.
func (r *repository) alertRules() (g rules.Gathered) {
	rd := r.reading()
	var all []alert
	rd.each(alertFile, 1<<20, func(name string, data []byte) {
		if strings.HasSuffix(name, ".tf") {
			all = append(all, terraformAlerts(name, data)...)
			return
		}
		f, err := readYAML(name, data)
		if err != nil {
			// Rules inside charts are templates, which are no YAML yet.
			if !strings.Contains(string(data), "{{") {
				rd.problem("%s is no valid YAML: %v; correct it", name, err)
			}
			return
		}
		all = append(all, yamlAlerts(f)...)
	})
	g.Add(weighAlerts(all, r.opts))
	rd.end(&g, alertsVerifier)
	return g
}

// weighAlerts says whether alert rules cover what they must.
func weighAlerts(all []alert, opts Options) (g rules.Gathered) {
	const control = "log-monitoring"
	first := func(re *regexp.Regexp) *alert {
		for i := range all {
			if re.MatchString(all[i].text) {
				return &all[i]
			}
		}
		return nil
	}
	failures, privileges := first(authFailure), first(privilege)
	if failures != nil && privileges != nil {
		text := fmt.Sprintf("%d alert rules stand in the repository, among them %s for failed logins (%s:%d) and %s for privileges (%s:%d)", len(all),
			quote(failures.name), printable(failures.at.Path), failures.at.Line, quote(privileges.name), printable(privileges.at.Path), privileges.at.Line)
		g.Observations = append(g.Observations, rules.Observation{Verifier: alertsVerifier, Control: control, Letter: "M", At: opts.Now.UTC(), Text: text, Link: printable(failures.at.Path)})
		return g
	}
	var missing []string
	if failures == nil {
		missing = append(missing, "failed logins")
	}
	if privileges == nil {
		missing = append(missing, "unusual privileges")
	}
	text := fmt.Sprintf("No alert rule in the repository speaks of %s", strings.Join(missing, " or of "))
	if len(all) > 0 {
		text += fmt.Sprintf(" (%d rules were read)", len(all))
	}
	g.Shortfalls = append(g.Shortfalls, rules.Shortfall{Verifier: alertsVerifier, Control: control, In: ".github/staylisted.yml",
		Text:    text + ". Keep the rules as code, or attest which system watches the logs and who owns it.",
		Snippet: attestationSnippet("APOLLO-IR-03", "Our log monitoring alerts the owner named here on failed logins and unusual privileges", opts.Now, 180)})
	return g
}
