package files

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
	"golang.org/x/net/html/atom"

	"github.com/staylisted/staylisted/rules"
)

// Services that files speak to
//
// A host counts where the text says that the product speaks to it: an address
// that a script requests, that a page loads from, or that configuration hands to
// a program. Addresses in comments, documentation, links, schemas and names of
// images never count, and neither does what a pipeline fetches for itself.

func hostsRule() rules.Rule {
	return rules.Rule{ID: hostsVerifier, Name: "undeclared-service-in-files", Title: "Service is used and not declared", Class: rules.Review, Controls: []string{"services-declared"},
		Flags: "A host that a script of the product requests (`fetch`, axios, WebSocket, EventSource, sendBeacon), a page loads scripts, styles, frames or images from, or that compose files, " +
			"Kubernetes manifests, Helm values, Terraform and the environment of workflows hand to a program, and that the policy file does not list under `services`.",
		Safe: "The host, or a pattern such as `*.amazonaws.com` that covers it, stands in the `hosts` of a service, or it is one of the product's `endpoints`. Loopback, cluster and private names, links, " +
			"XML namespaces, schema ids, images, package registries, tests and documentation never count.",
		Remediation: "Add the service to `.github/staylisted.yml` with its name, hosts, how the app signs in, and why it is used.",
		Wrong:       "fetch(\"https://api.partner.io/v1/orders\")  // and services: []",
		Right:       "services:\n  - {name: Partner, hosts: [api.partner.io], auth: oauth2-code, why: order sync}"}
}

// A hostUse is a place that speaks to a host.
type hostUse struct {
	host, via string
	at        rules.Location
}

// ciHosts serve code, packages and images to builds. A program that reads its
// configuration does not speak to them for the product.
var ciHosts = []string{"github.com", "api.github.com", "raw.githubusercontent.com", "objects.githubusercontent.com", "ghcr.io", "gcr.io", "docker.io", "index.docker.io", "registry-1.docker.io", "quay.io",
	"public.ecr.aws", "mcr.microsoft.com", "registry.k8s.io", "npm.pkg.github.com", "pypi.org",
	"index.crates.io", "static.crates.io", "crates.io", "repo.maven.apache.org", "repo1.maven.org", "rubygems.org", "registry.terraform.io", "releases.hashicorp.com", "artifacthub.io", "goproxy.io", "goproxy.cn",
	"schemas.microsoft.com", "www.w3.org", "json-schema.org", "json.schemastore.org", "schemastore.org", "xmlns.com", "schema.org", "spdx.org", "purl.org", "example.com", "www.example.com",
	"token.actions.githubusercontent.com", "pkg.go.dev", "go.dev", "opensource.org", "creativecommons.org", "www.gnu.org", "apache.org", "www.apache.org"}

// ciDomains are domains of which every host is one of those.
var ciDomains = []string{"golang.org", "npmjs.org", "yarnpkg.com", "pythonhosted.org"}

// servesBuilds reports whether a host is there for builds, not for products.
func servesBuilds(host string) bool {
	return slices.Contains(ciHosts, host) || slices.ContainsFunc(ciDomains, func(d string) bool { return host == d || strings.HasSuffix(host, "."+d) })
}

// remoteSchemes are schemes of addresses that programs connect to.
var remoteSchemes = []string{"http", "https", "ws", "wss", "grpc", "grpcs", "postgres", "postgresql", "mysql", "mariadb", "mongodb", "mongodb+srv", "redis", "rediss", "amqp", "amqps", "nats", "kafka",
	"smtp", "smtps", "ldap", "ldaps", "mqtt", "mqtts", "clickhouse", "sftp", "ftp", "ftps"}

// remote returns the public host of an address that stands alone in a value.
func remote(value string) (string, bool) {
	value = strings.TrimSpace(value)
	scheme, _, ok := strings.Cut(value, "://")
	if !ok || !slices.Contains(remoteSchemes, strings.ToLower(scheme)) || strings.ContainsAny(value, " \t\n") {
		return "", false
	}
	host, ok := hostOfURL(value)
	if !ok || reachOf(host) != publicHost || servesBuilds(host) {
		return "", false
	}
	return host, true
}

// Scripts

// requests finds the calls by which scripts speak to an address that is written
// down: the address is the first argument, or the value of url or baseURL in
// it.
var requests = regexp.MustCompile("(?:\\b(?:fetch|axios|ky|got|ofetch|\\$fetch|superagent|sendBeacon|importScripts)\\s*\\(\\s*" +
	"|\\b(?:axios|ky|got|http|https|request|superagent|\\$http|\\$|jQuery|ajax)\\s*\\.\\s*(?:get|post|put|patch|delete|head|request|ajax|getJSON|create|extend)\\s*(?:<[^<>()]{0,200}>)?\\s*\\(\\s*" +
	"|\\bnew\\s+(?:WebSocket|EventSource|ReconnectingWebSocket|ApolloClient|GraphQLClient|HttpLink)\\s*\\(\\s*" +
	"|\\.open\\s*\\(\\s*[\"'`][A-Z]{3,7}[\"'`]\\s*,\\s*" +
	"|\\b(?:baseURL|baseUrl|dsn|api_host|apiHost)\\s*:\\s*)" +
	"(?:\\{\\s*(?:[A-Za-z]{1,20}\\s*:\\s*[\"'`][A-Za-z]{1,10}[\"'`]\\s*,\\s*)?(?:url|baseURL|uri|prefixUrl)\\s*:\\s*)?" +
	"[\"'`]((?:https?|wss?)://[^\"'`\\s]{1,500})")

// scriptHosts lists the hosts a script speaks to.
func scriptHosts(name string, src []byte) []hostUse {
	text := blankComments(src)
	var out []hostUse
	var lines []int
	for _, m := range requests.FindAllSubmatchIndex(text, 10_000) {
		address := string(text[m[2]:m[3]])
		// A template text's first hole ends what is known; the host must be over.
		if i := strings.Index(address, "${"); i >= 0 {
			address = address[:i]
			if _, rest, _ := strings.Cut(address, "://"); !strings.ContainsAny(rest, "/?#") {
				continue
			}
		}
		if host, ok := remote(address); ok {
			if lines == nil {
				lines = lineStarts(text)
			}
			out = append(out, hostUse{host, "requested by a script", place(name, lines, m[2], m[3])})
		}
	}
	return out
}

// pageHosts lists the hosts a page loads from or sends forms to.
func pageHosts(tags []tag) []hostUse {
	var out []hostUse
	for _, t := range tags {
		if t.closed {
			continue
		}
		key := "src"
		switch t.atom {
		case atom.Script, atom.Img, atom.Iframe, atom.Video, atom.Audio, atom.Source, atom.Embed:
		case atom.Form:
			key = "action"
		case atom.Link:
			rel, _ := t.attr("rel")
			if !slices.ContainsFunc(strings.Fields(strings.ToLower(rel)), func(r string) bool {
				return slices.Contains([]string{"stylesheet", "preload", "modulepreload", "icon", "manifest", "preconnect"}, r)
			}) {
				continue
			}
			key = "href"
		default:
			continue
		}
		address, _ := t.attr(key)
		if strings.HasPrefix(address, "//") {
			address = "https:" + address
		}
		if i := strings.IndexByte(address, hole); i >= 0 {
			if _, rest, _ := strings.Cut(address[:i], "://"); !strings.ContainsAny(rest, "/?#") {
				continue
			}
			address = address[:i]
		}
		if host, ok := remote(strings.Join(strings.Fields(address), "")); ok {
			out = append(out, hostUse{host, "loaded by a page", t.at})
		}
	}
	return out
}

// Configuration

// composeFile reports names of compose files.
func composeFile(name string) bool {
	base := strings.ToLower(path.Base(name))
	ext := path.Ext(base)
	return (ext == ".yml" || ext == ".yaml") && (strings.HasPrefix(base, "docker-compose") || strings.HasPrefix(base, "compose.") || strings.HasPrefix(base, "compose-")) && shipped(name)
}

// yamlHosts lists the hosts that a compose file, Kubernetes manifest or Helm
// values hand to programs.
func yamlHosts(f *yamlFile, kind string) []hostUse {
	var out []hostUse
	add := func(n *yaml.Node, via string) {
		if n == nil || n.Kind != yaml.ScalarNode {
			return
		}
		// Every value of a longer text is a place of its own: NAME=address.
		value := n.Value
		if name, rest, ok := strings.Cut(value, "="); ok && assignment(value) && !strings.Contains(name, "/") {
			value = rest
		}
		// ${NAME:-https://…} gives a default.
		if inner, ok := strings.CutPrefix(value, "${"); ok {
			if _, fallback, ok := strings.Cut(strings.TrimSuffix(inner, "}"), ":-"); ok {
				value = fallback
			}
		}
		if host, ok := remote(value); ok {
			out = append(out, hostUse{host, via, f.at(n)})
		}
	}
	environment := func(n *yaml.Node, via string) {
		for _, v := range pairs(n) {
			add(v, via)
		}
		for _, v := range items(n) {
			if v.Kind == yaml.ScalarNode {
				add(v, via)
			} else if v := valueOf(v, "value"); v != nil {
				add(v, via)
			}
		}
	}
	for _, root := range f.roots {
		switch kind {
		case "compose":
			for _, service := range pairs(valueOf(root, "services")) {
				environment(valueOf(service, "environment"), "set by a compose file")
			}
		case "manifest":
			if valueOf(root, "kind") == nil || valueOf(root, "apiVersion") == nil {
				continue
			}
			switch scalar(valueOf(root, "kind")) {
			case "ConfigMap":
				environment(valueOf(root, "data"), "set by a ConfigMap")
			case "CustomResourceDefinition":
			default:
				var walk func(n *yaml.Node, depth int)
				walk = func(n *yaml.Node, depth int) {
					if n == nil || depth > 40 {
						return
					}
					for k, v := range pairs(n) {
						if k.Value == "env" {
							environment(v, "set by a manifest")
						}
						walk(v, depth+1)
					}
					for _, v := range items(n) {
						walk(v, depth+1)
					}
				}
				walk(root, 0)
			}
		case "values":
			scalars(root, func(keys []string, v *yaml.Node) {
				for _, k := range keys {
					switch strings.ToLower(k) {
					case "image", "repository", "registry", "annotations", "labels", "home", "sources", "icon", "host", "hosts", "docs":
						return
					}
				}
				add(v, "set by Helm values")
			})
		}
	}
	return out
}

// terraformValue is an attribute whose whole value is an address.
var terraformValue = regexp.MustCompile(`(?m)^[ \t]*"?([A-Za-z_][A-Za-z0-9_.-]{0,100})"?[ \t]*[=:][ \t]*"([a-z][a-z0-9+]{1,15}://[^"\s]{1,500})"[ \t]*,?[ \t]*(?:#.*|//.*)?$`)

// terraformHosts lists the hosts that infrastructure code names as addresses.
func terraformHosts(name string, src []byte) []hostUse {
	var out []hostUse
	lines := lineStarts(src)
	for _, m := range terraformValue.FindAllSubmatchIndex(src, 10_000) {
		switch string(src[m[2]:m[3]]) {
		case "source", "version", "repository", "chart", "image", "schema", "identifier", "aud", "audience", "issuer", "homepage_url", "homepage", "description", "documentation":
			continue
		}
		if host, ok := remote(string(src[m[4]:m[5]])); ok {
			out = append(out, hostUse{host, "set by infrastructure code", place(name, lines, m[4], m[5])})
		}
	}
	return out
}

// workflowHosts lists the hosts that workflows hand to programs through their
// environment. What a pipeline itself fetches, publishes or notifies is no
// service of the product.
func workflowHosts(w *workflow) []hostUse {
	var out []hostUse
	environment := func(n *yaml.Node, j *job) {
		for _, v := range pairs(n) {
			if host, ok := remote(v.Value); ok && v.Kind == yaml.ScalarNode {
				out = append(out, hostUse{host, "set by a workflow", w.place(v, j)})
			}
		}
	}
	environment(w.env, nil)
	for _, j := range w.jobs {
		environment(j.env, j)
		for _, st := range j.steps {
			environment(st.env, j)
		}
	}
	return out
}

// undeclared makes one finding for each host that no service of the policy and
// no endpoint covers, at its first place.
func undeclared(uses []hostUse, opts Options) []rules.Finding {
	own := ownHosts(opts.Endpoints)
	type group struct {
		first hostUse
		count int
	}
	groups := map[string]*group{}
	var order []string
	for _, u := range uses {
		if own(u.host) || slices.ContainsFunc(opts.Services, func(d string) bool { return covers(d, u.host) }) {
			continue
		}
		if g := groups[u.host]; g != nil {
			g.count++
			continue
		}
		groups[u.host] = &group{u, 1}
		order = append(order, u.host)
	}
	slices.Sort(order)
	var out []rules.Finding
	for _, host := range order {
		g := groups[host]
		more := ""
		if g.count > 1 {
			more = fmt.Sprintf(" and at %d more places", g.count-1)
		}
		out = append(out, finding(hostsRule(), fmt.Sprintf("%s is %s%s, and the policy file does not list it under services", quote(host), g.first.via, more), g.first.at, host))
	}
	return out
}

// covers reports whether a declared host covers a used one: the same name, or a
// pattern "*.example.net" or ".example.net" for every name below it.
func covers(declared, host string) bool {
	declared = strings.ToLower(strings.TrimSpace(declared))
	if h, ok := hostOfURL(declared); ok {
		declared = h
	}
	if declared == host {
		return true
	}
	suffix, ok := strings.CutPrefix(declared, "*.")
	if !ok {
		suffix, ok = strings.CutPrefix(declared, ".")
	}
	return ok && suffix != "" && strings.HasSuffix(host, "."+suffix)
}

// hosts runs the verifier of services that files name.
func (r *repository) hosts() (g rules.Gathered) {
	rd := r.reading()
	var uses []hostUse
	rd.each(browserScript, maxScript, func(name string, data []byte) { uses = append(uses, scriptHosts(name, data)...) })
	rd.each(func(name string) bool { k := kindOfPage(name); return k == htmlPage || k == templPage }, maxPage, func(name string, data []byte) {
		tags := readPage(name, kindOfPage(name), data)
		uses = append(uses, pageHosts(tags)...)
		for _, t := range tags {
			if t.atom == atom.Script && t.content != "" {
				for _, u := range scriptHosts(name, []byte(t.content)) {
					u.at = t.at
					uses = append(uses, u)
				}
			}
		}
	})
	charts := map[string]bool{}
	for _, name := range r.tree.Names() {
		if path.Base(name) == "Chart.yaml" {
			charts[path.Dir(name)] = true
		}
	}
	const maxConfig = 1 << 20
	configuration := func(name string) string {
		ext := strings.ToLower(path.Ext(name))
		base := strings.ToLower(path.Base(name))
		switch {
		case ext != ".yml" && ext != ".yaml" || !shipped(name) || inFolder(name, toolFolders) || strings.HasPrefix(name, ".github/"):
			return ""
		case composeFile(name):
			return "compose"
		case charts[path.Dir(name)] && strings.HasPrefix(base, "values"):
			return "values"
		case inFolder(name, []string{"k8s", "kubernetes", "manifests", "deploy", "deployment", "deployments", "kustomize", "base", "overlays", "infra", "infrastructure"}) && !inFolder(name, []string{"templates"}):
			return "manifest"
		}
		return ""
	}
	rd.each(func(name string) bool { return configuration(name) != "" }, maxConfig, func(name string, data []byte) {
		f, err := readYAML(name, data)
		if err != nil {
			if configuration(name) != "manifest" { // manifests may be templates of any engine
				rd.problem("%s is no valid YAML: %v; correct it", name, err)
			}
			return
		}
		uses = append(uses, yamlHosts(f, configuration(name))...)
	})
	rd.each(func(name string) bool {
		return (strings.HasSuffix(name, ".tf") || strings.HasSuffix(name, ".tfvars")) && shipped(name) && !inFolder(name, toolFolders)
	}, maxConfig, func(name string, data []byte) { uses = append(uses, terraformHosts(name, data)...) })
	rd.each(workflowFile, maxWorkflow, func(name string, data []byte) {
		if w, err := readWorkflow(name, data); err == nil { // a broken one is told by the rules about workflows
			uses = append(uses, workflowHosts(w)...)
		}
	})
	g.Findings = undeclared(uses, r.opts)
	rd.end(&g, hostsVerifier)
	return g
}
