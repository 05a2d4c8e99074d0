package files

import (
	"strings"
	"testing"

	"github.com/staylisted/staylisted/rules"
)

func TestAlertRules(t *testing.T) {
	const prometheus = "-- deploy/prometheus/rules.yml --\ngroups:\n- name: a\n  rules:\n  - alert: %s\n    expr: %s\n"
	rule := func(name, expr string) string {
		return strings.Replace(strings.Replace(prometheus, "%s", name, 1), "%s", expr, 1)
	}
	more := func(name, expr string) string { return "  - alert: " + name + "\n    expr: " + expr + "\n" }
	for name, test := range map[string]struct {
		archive string
		missing string
	}{
		"both":             {rule("FailedLogins", "rate(login_failures_total[5m]) > 1") + more("AdminRoleGranted", "increase(role_grants_total[1h]) > 0"), ""},
		"status codes":     {rule("A", "'sum(rate(http_requests_total{code=\"401\"}[5m])) > 9'") + more("B", "'sum(rate(http_requests_total{code=\"403\"}[5m])) > 9'"), ""},
		"Kubernetes":       {"-- deploy/alerts.yaml --\napiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nspec:\n  groups:\n  - rules:\n    - {alert: BruteForce, expr: x}\n    - {alert: PrivilegeEscalation, expr: x}\n", ""},
		"Terraform":        {"-- mon.tf --\nresource \"datadog_monitor\" \"auth\" {\n  name = \"Too many failed logins\"\n}\nresource \"datadog_monitor\" \"p\" {\n  name = \"Admin permission granted\"\n}\n", ""},
		"alarm and filter": {"-- mon.tf --\nresource \"aws_cloudwatch_log_metric_filter\" \"f\" {\n  pattern = \"{ $.eventName = ConsoleLogin && $.errorMessage = \\\"Failed authentication\\\" }\"\n}\nresource \"aws_cloudwatch_metric_alarm\" \"root_account_usage\" {\n  threshold = 1\n}\n", ""},
		"filter alone":     {"-- mon.tf --\nresource \"aws_cloudwatch_log_metric_filter\" \"f\" {\n  pattern = \"ConsoleLogin root account\"\n}\n", "failed logins or of unusual privileges"},
		"Grafana":          {"-- grafana/alerting/a.yaml --\ngroups:\n- rules:\n  - {title: Login failures, data: []}\n  - {title: Admin logins, data: []}\n", ""},
		"no privileges":    {rule("FailedLogins", "x"), "unusual privileges (1 rules were read)"},
		"no logins":        {rule("AdminAdded", "x"), "failed logins (1 rules were read)"},
		"something else":   {rule("DiskFull", "x") + more("HighLatency", "x"), "failed logins or of unusual privileges (2 rules"},
		"author, not auth": {rule("AuthorFailed", "author_failures") + more("Administrivia", "x"), "failed logins or of unusual privileges"},
		"no expression":    {"-- alerts.yml --\ngroups: [{rules: [{alert: FailedLogins}, {alert: Admins}]}]\n", "failed logins"},
		"recording rule":   {"-- rules.yml --\ngroups: [{rules: [{record: failed_logins, expr: x}]}]\n", "failed logins"},
		"an example":       {"-- docs/alerts.yml --\ngroups: [{rules: [{alert: FailedLogins, expr: x}, {alert: Admins, expr: x}]}]\n", "failed logins"},
		"nothing":          {"", "failed logins"},
	} {
		g := scanArchive(t, test.archive)
		seen, missed := proofOf(g, alertsVerifier, "log-monitoring")
		if test.missing == "" && (seen == "" || missed != "") || test.missing != "" && (seen != "" || !strings.Contains(missed, test.missing)) {
			t.Errorf("%s: seen %q, missed %q", name, seen, missed)
		}
		if run := runOf(t, g, alertsVerifier); run.State != rules.Complete {
			t.Errorf("%s: %s", name, run.Reason)
		}
	}
	if run := runOf(t, scanArchive(t, "-- alerts.yml --\na: [\n"), alertsVerifier); run.State != rules.Broken {
		t.Errorf("broken YAML: %+v", run)
	}
}

func FuzzAlerts(f *testing.F) {
	f.Add("groups: [{rules: [{alert: FailedLogin, expr: x}]}]")
	f.Add("resource \"datadog_monitor\" \"x\" {\n name = \"}\" {\n}")
	f.Fuzz(func(t *testing.T, src string) {
		all := terraformAlerts("a.tf", []byte(src))
		if y, err := readYAML("a.yml", []byte(src)); err == nil {
			all = append(all, yamlAlerts(y)...)
		}
		weighAlerts(all, Options{Now: now})
	})
}
