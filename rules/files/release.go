package files

import (
	"cmp"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/staylisted/staylisted/rules"
)

// Release files and their signatures

func unsignedRule() rules.Rule {
	return rules.Rule{ID: workflowsVerifier + "/unsigned-release", Name: "unsigned-release", Title: "Release files are published without a signature", Class: rules.Violation,
		Controls: []string{"signed-updates"}, CWE: []int{494}, Vector: v75u,
		Flags: "A workflow that builds programs with goreleaser and publishes them, while neither its configuration nor any workflow or script it runs signs or attests anything. " +
			"For review when files are attached to a release in another way: they may be no programs.",
		Safe:        "`signs`, `binary_signs` or `notarize` in the goreleaser configuration; cosign, minisign, signify, gpg, codesign or signtool; `actions/attest-build-provenance`, `actions/attest` or an SLSA generator.",
		Remediation: "Attest the files in the release workflow with `actions/attest-build-provenance`, or sign their checksums with cosign.",
		Wrong:       "- uses: goreleaser/goreleaser-action@<commit>\n  with: {args: release}",
		Right:       "- uses: goreleaser/goreleaser-action@<commit>\n  with: {args: release}\n- uses: actions/attest-build-provenance@<commit>\n  with: {subject-path: dist/*}"}
}

// A release is a place where a workflow publishes files for download.
type release struct {
	w        *workflow
	j        *job
	n        *yaml.Node
	how      string
	programs bool // what is published are programs, for certain
}

// certain is 1 where what is published are programs.
func (r release) certain() int {
	if r.programs {
		return 1
	}
	return 0
}

// signingActions sign or attest.
var signingActions = []string{"actions/attest-build-provenance", "actions/attest", "slsa-framework/slsa-github-generator", "azure/trusted-signing-action", "azure/artifact-signing-action",
	"apple-actions/codesign", "signpath/github-action-submit-signing-request", "sigstore/gh-action-sigstore-python"}

// signers are programs that sign, with words of which one must follow; none
// means that running it is enough.
var signers = map[string][]string{
	"cosign": {"sign", "sign-blob", "attest", "attest-blob"}, "minisign": {"-S", "-Sm", "-SHm"}, "signify": {"-S"}, "signify-openbsd": {"-S"}, "rsign": {"sign"},
	"gpg": {"--detach-sign", "--detach-sig", "--sign", "--clearsign", "--clear-sign", "-b", "-sb", "-ab", "-s"}, "gpg2": {"--detach-sign", "--detach-sig", "--sign", "--clearsign", "-b"},
	"signtool": {"sign"}, "signtool.exe": {"sign"}, "osslsigncode": {"sign"}, "codesign": {"-s", "--sign"}, "rcodesign": {"sign"}, "jsign": nil, "azuresigntool": {"sign"}, "dpkg-sig": nil, "debsign": nil, "rpmsign": nil,
}

// signs reports whether a command signs.
func (c *command) signs() bool {
	name, args := c.name()
	words := append([]string{name}, args...)
	for i, w := range words {
		verbs, known := signers[strings.ToLower(path.Base(plain(w)))]
		if !known || i > 0 && !runner(words[:i]) {
			continue
		}
		return len(verbs) == 0 || slices.ContainsFunc(words[i+1:], func(v string) bool { return slices.Contains(verbs, plain(v)) })
	}
	return name == "npm" && slices.Contains(words, "publish") && slices.Contains(words, "--provenance")
}

// documents are endings of release files that are no programs.
var documentEndings = []string{".md", ".txt", ".json", ".yaml", ".yml", ".pdf", ".html", ".xml", ".csv", ".sarif", ".spdx", ".sbom", ".svg", ".png"}

// onlyDocuments reports whether every file of a list is a document by its name;
// of an empty list that is not known.
func onlyDocuments(list string) bool {
	files := strings.FieldsFunc(list, func(r rune) bool { return r == '\n' || r == ',' || r == ' ' })
	return len(files) > 0 && !slices.ContainsFunc(files, func(name string) bool {
		return !slices.Contains(documentEndings, strings.ToLower(path.Ext(strings.Trim(name, `"'`))))
	})
}

// uploadActions attach files to a release; the value names the inputs that list
// the files, of which one must be there.
var uploadActions = map[string][]string{
	"softprops/action-gh-release": {"files"}, "ncipollo/release-action": {"artifacts", "artifact"}, "actions/upload-release-asset": {"asset_path"},
	"svenstaro/upload-release-action": {"file"}, "shogo82148/actions-upload-release-asset": {"asset_path"}, "wangyoucao577/go-release-action": nil,
	"alexellis/upload-assets": {"asset_paths"}, "marvinpinto/action-automatic-releases": {"files"}, "taiki-e/upload-rust-binary-action": nil,
}

// publishes reports whether a step publishes files for download, and how.
func (st *step) publishes() (how string, programs bool) {
	if a, ok := parseUses(st.uses); ok {
		if a.name() == "goreleaser/goreleaser-action" {
			args := strings.Fields(scalar(lookup(st.with, "args")))
			if goreleaserPublishes(args) {
				return "goreleaser", true
			}
			return "", false
		}
		if inputs, ok := uploadActions[a.name()]; ok {
			if len(inputs) == 0 {
				return a.name(), true
			}
			for _, input := range inputs {
				if list := scalar(lookup(st.with, input)); list != "" && !onlyDocuments(list) {
					return a.name(), false
				}
			}
		}
	}
	if st.run == nil || st.run.Kind != yaml.ScalarNode {
		return "", false
	}
	script, _ := maskExprs(st.run.Value)
	for _, c := range commands(script) {
		name, args := c.name()
		words := make([]string, 0, len(args))
		for _, w := range args {
			words = append(words, plain(w))
		}
		switch {
		case name == "goreleaser" && goreleaserPublishes(words):
			return "goreleaser", true
		case name == "gh" && len(words) > 2 && words[0] == "release" && (words[1] == "upload" || words[1] == "create"):
			var files []string
			for i, w := range words[2:] {
				value := i > 0 && strings.HasPrefix(words[i+1], "-") && !strings.Contains(words[i+1], "=")
				if !strings.HasPrefix(w, "-") && !value && i > 0 && strings.ContainsAny(w, "./*$_") {
					files = append(files, w)
				}
			}
			if len(files) > 0 && !onlyDocuments(strings.Join(files, "\n")) {
				return "gh release " + words[1], false
			}
		}
	}
	return "", false
}

// goreleaserPublishes reads goreleaser's arguments: `release` without what keeps
// it from publishing.
func goreleaserPublishes(args []string) bool {
	if !slices.Contains(args, "release") {
		return false
	}
	return !slices.ContainsFunc(args, func(a string) bool {
		return a == "--snapshot" || strings.HasPrefix(a, "--skip") && (strings.Contains(a, "publish") || a == "--skip") && slices.ContainsFunc(args, func(b string) bool { return strings.Contains(b, "publish") })
	})
}

// goreleaserNames are its configuration files.
var goreleaserNames = []string{".goreleaser.yml", ".goreleaser.yaml", "goreleaser.yml", "goreleaser.yaml"}

func goreleaserFile(name string) bool {
	base := path.Base(name)
	return shipped(name) && (slices.Contains(goreleaserNames, base) || strings.HasPrefix(base, ".goreleaser") && (strings.HasSuffix(base, ".yml") || strings.HasSuffix(base, ".yaml")))
}

// A goreleaser is what its configuration says of releases.
type goreleaser struct {
	name     string
	publishs bool // it builds programs and publishes them
	signs    bool
}

func readGoreleaser(name string, data []byte) (goreleaser, error) {
	f, err := readYAML(name, data)
	if err != nil {
		return goreleaser{}, err
	}
	g := goreleaser{name: name}
	if len(f.roots) == 0 || f.roots[0].Kind != yaml.MappingNode {
		return g, nil
	}
	root := f.roots[0]
	for _, key := range []string{"signs", "binary_signs", "notarize"} {
		if n := valueOf(root, key); n != nil && len(n.Content) > 0 && !disabled(n) {
			g.signs = true
		}
	}
	skipped := 0
	builds := items(valueOf(root, "builds"))
	for _, b := range builds {
		if scalar(valueOf(b, "skip")) == "true" {
			skipped++
		}
	}
	off := scalar(pathOf(root, "release", "disable")) == "true"
	g.publishs = !off && (len(builds) == 0 || skipped < len(builds))
	return g, nil
}

// disabled reports whether every entry of a signing section is switched off:
// `artifacts: none`, which is also the default of `signs`.
func disabled(n *yaml.Node) bool {
	list := items(n)
	if len(list) == 0 {
		return false
	}
	return !slices.ContainsFunc(list, func(s *yaml.Node) bool {
		return scalar(valueOf(s, "artifacts")) != "none"
	})
}

// signing reports whether a workflow, or what of this repository it calls,
// signs or attests.
func (s *workflowSet) signing(w *workflow, scripts map[string]string, seen map[*workflow]bool) (what string, n *yaml.Node) {
	if seen[w] {
		return "", nil
	}
	seen[w] = true
	check := func(uses *yaml.Node) (string, *yaml.Node) {
		a, ok := parseUses(uses)
		if !ok {
			return "", nil
		}
		if a.local == "" && slices.ContainsFunc(signingActions, func(p string) bool { return a.name() == p || strings.HasPrefix(a.name(), p+"/") }) {
			return a.name(), uses
		}
		if callee := s.local(a); callee != nil {
			if what, _ := s.signing(callee, scripts, seen); what != "" {
				return what, uses
			}
		}
		return "", nil
	}
	for _, j := range w.jobs {
		if what, n := check(j.uses); what != "" {
			return what, n
		}
		for _, st := range j.steps {
			if what, n := check(st.uses); what != "" {
				return what, n
			}
			if st.run == nil || st.run.Kind != yaml.ScalarNode {
				continue
			}
			script, _ := maskExprs(st.run.Value)
			for _, c := range commands(script) {
				if name, _ := c.name(); c.signs() {
					return name, st.run
				}
				for _, word := range c.words {
					if what := scripts[path.Base(plain(word))]; what != "" && strings.Contains(plain(word), ".") {
						return what + " in " + path.Base(plain(word)), st.run
					}
				}
				if name, _ := c.name(); name == "make" && scripts["Makefile"] != "" {
					return scripts["Makefile"] + " in a Makefile", st.run
				}
			}
		}
	}
	return "", nil
}

// scriptFile reports names of scripts that release workflows run.
func scriptFile(name string) bool {
	base := path.Base(name)
	return !inFolder(name, vendoredFolders) && (base == "Makefile" || base == "makefile" || base == "GNUmakefile" || strings.HasSuffix(base, ".mk") || strings.HasSuffix(base, ".sh"))
}

// scriptSigns names the program with which a script or Makefile signs.
func scriptSigns(data []byte) string {
	text := strings.ReplaceAll(string(data), "\n\t@", "\n\t")
	for _, c := range commands(text) {
		if c.signs() {
			name, _ := c.name()
			return name
		}
	}
	return ""
}

// signingWords speak of signatures: something outside of this repository may
// make them.
var signingWords = regexp.MustCompile(`(?i)\b(?:code-?sign|signs?|signed|signing|signatures?|notari[sz]e[rd]?|notari[sz]ation|provenance|attestations?)\b`)

// speaksOfSigning reports whether a workflow mentions signatures anywhere but in
// its comments.
func (w *workflow) speaksOfSigning() bool {
	found := false
	scalars(valueOf(w.root, "jobs"), func(_ []string, v *yaml.Node) {
		found = found || signingWords.MatchString(strings.ReplaceAll(v.Value, "_", " "))
	})
	return found
}

// releases judges how programs are released: findings, proof and the fact.
func (rd *reading) releases(set *workflowSet, g *rules.Gathered, opts Options) {
	var found []release
	for _, w := range set.all {
		for _, j := range w.jobs {
			for _, st := range j.steps {
				if how, programs := st.publishes(); how != "" && (w.action || len(w.events) > 0) {
					n := cmp.Or(st.uses, st.run)
					found = append(found, release{w, j, n, how, programs})
				}
			}
		}
	}
	var configs []goreleaser
	rd.each(goreleaserFile, 1<<20, func(name string, data []byte) {
		c, err := readGoreleaser(name, data)
		if err != nil {
			rd.problem("%s is no valid YAML: %v; correct it", name, err)
			return
		}
		configs = append(configs, c)
	})
	if len(found) == 0 {
		g.Shortfalls = append(g.Shortfalls, unsignedShortfall("", "No workflow of this repository was seen to publish files for download and to sign them."))
		return
	}
	scripts := map[string]string{}
	rd.each(scriptFile, 1<<20, func(name string, data []byte) {
		if what := scriptSigns(data); what != "" {
			key := path.Base(name)
			if !strings.HasSuffix(key, ".sh") {
				key = "Makefile"
			}
			scripts[key] = what
		}
	})
	publishing := slices.ContainsFunc(configs, func(c goreleaser) bool { return c.publishs }) || len(configs) == 0
	var signed, unsigned []release
	var how []string
	fact := rules.Fact{ID: "release-binaries", State: rules.True}
	for _, r := range found {
		if r.how == "goreleaser" && !publishing {
			continue
		}
		fact.Items = append(fact.Items, rules.Item{Name: r.how, Detail: "publishes files for download", Location: r.w.place(r.n, r.j)})
		what, _ := set.signing(r.w, scripts, map[*workflow]bool{})
		if r.how == "goreleaser" && what == "" {
			if i := slices.IndexFunc(configs, func(c goreleaser) bool { return c.signs }); i >= 0 {
				what = "goreleaser's signs section (" + printable(configs[i].name) + ")"
			}
		}
		if what == "" {
			unsigned = append(unsigned, r)
			continue
		}
		signed = append(signed, r)
		how = append(how, quote(what))
	}
	if len(fact.Items) == 0 {
		g.Shortfalls = append(g.Shortfalls, unsignedShortfall("", "No workflow of this repository was seen to publish files for download and to sign them."))
		return
	}
	fact.Detail = fmt.Sprintf("%d workflow steps publish files for download", len(fact.Items))
	g.Facts = append(g.Facts, fact)
	told := map[*workflow]bool{}
	slices.SortStableFunc(unsigned, func(a, b release) int { return cmp.Compare(b.certain(), a.certain()) })
	for _, r := range unsigned {
		if told[r.w] {
			continue // one workflow is mended in one place
		}
		told[r.w] = true
		class := rules.Violation
		if !r.programs || r.w.speaksOfSigning() {
			class = rules.Review // programs or not, signed elsewhere or not: a person knows
		}
		f := finding(unsignedRule(), fmt.Sprintf("%s publishes files for download, and nothing in the workflow signs or attests them", quote(r.how)), r.w.place(r.n, r.j), r.how)
		f.Class = class
		g.Findings = append(g.Findings, f)
	}
	if len(unsigned) == 0 && len(signed) > 0 {
		slices.Sort(how)
		g.Observations = append(g.Observations, rules.Observation{Verifier: workflowsVerifier, Control: "signed-updates", Letter: "M", At: opts.Now.UTC(), Link: printable(signed[0].w.name),
			Text: fmt.Sprintf("%s signs or attests the files that %s publishes", list(slices.Compact(how)), printable(signed[0].w.name))})
		return
	}
	name := printable(unsigned[0].w.name)
	g.Shortfalls = append(g.Shortfalls, unsignedShortfall(name, name+" publishes files for download and nothing signs or attests them."))
}

func unsignedShortfall(in, text string) rules.Shortfall {
	return rules.Shortfall{Verifier: workflowsVerifier, Control: "signed-updates", Text: text, In: cmp.Or(in, ".github/workflows/release.yml"),
		Snippet: "permissions:\n  contents: write\n  id-token: write\n  attestations: write\nsteps:\n  # after the step that builds the files\n  - uses: actions/attest-build-provenance@<full commit>\n    with:\n      subject-path: dist/*\n"}
}

// workflows runs the verifiers that read workflows.
func (r *repository) workflows() (g rules.Gathered) {
	rd := r.reading()
	set := rd.readWorkflows()
	judge := &workflowJudge{set: set, owner: r.owner(rd)}
	g.Findings = judge.judge()
	rd.end(&g, workflowRule)

	golangci := false
	rd.each(func(name string) bool { return slices.Contains(golangciNames, name) }, 1<<20, func(_ string, data []byte) {
		golangci = golangci || golangciRunsGosec(data)
	})
	scanProof(set.scans(golangci), &g, r.opts)
	rd.releases(set, &g, r.opts)
	rd.end(&g, workflowsVerifier)
	return g
}

// owner returns the repository's owner: of its name on GitHub, or of the module
// path in go.mod.
func (r *repository) owner(rd *reading) string {
	if owner, _, ok := strings.Cut(r.opts.Repository, "/"); ok {
		return strings.ToLower(owner)
	}
	if !r.tree.Has("go.mod") {
		return ""
	}
	data, ok := rd.file("go.mod", 1<<20)
	if !ok {
		return ""
	}
	for line := range strings.Lines(string(data)) {
		if module, ok := strings.CutPrefix(strings.TrimSpace(line), "module "); ok {
			parts := strings.Split(strings.Trim(strings.TrimSpace(module), `"`), "/")
			if len(parts) >= 3 && parts[0] == "github.com" {
				return strings.ToLower(parts[1])
			}
			return ""
		}
	}
	return ""
}
