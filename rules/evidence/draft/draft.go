// Package draft writes the first version of what people have to say about a
// repository: the policy file, the skeletons of documents, the workflow.
//
// # Contract
//
//	facts of a scan, answers ─► Policy ─► scan again as if it stood there ─► what is missing
//	what is missing ─► Documents (skeletons) ─► Complete (the policy, with the rest as comments)
//
// # Promises
//
//   - The policy that Policy and Complete write has no error for the parser of
//     package evidence, whatever the repository is called and holds.
//   - Nothing is claimed that the scan did not see or a person did not say. What
//     only people know is a comment, and a skeleton counts as missing.
//   - Equal arguments give equal bytes.
//
// # What it never does
//
// It reads and writes no file, asks nobody, and never invents a date, an owner,
// a reason or a value.
package draft

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/evidence"
)

// A File is one to write.
type File struct {
	Path    string // in the repository, slash-separated
	Content []byte
	Why     string // what it is for, a few words
}

// An Input is what is known.
type Input struct {
	Catalogue       *rules.Catalogue
	Facts           []rules.Fact
	Name            string   // of the repository or module
	Marketplaces    []string // chosen ids
	Endpoint        string   // https URL; empty when nobody said
	SecurityContact string   // e-mail address, likewise
}

// Known lists the ids of the marketplaces there are.
func Known(c *rules.Catalogue) []string {
	var ids []string
	for _, m := range c.Marketplaces {
		ids = append(ids, m.ID)
	}
	return ids
}

// Marketplaces guesses from the APIs that the code calls where the product is
// listed; all when it calls none.
func Marketplaces(in Input) []string {
	var found []string
	for _, id := range Known(in.Catalogue) {
		if f := fact(in.Facts, "api-"+id); f.State == rules.True {
			found = append(found, id)
		}
	}
	if len(found) == 0 {
		return Known(in.Catalogue)
	}
	return found
}

func fact(facts []rules.Fact, id string) rules.Fact {
	i := slices.IndexFunc(facts, func(f rules.Fact) bool { return f.ID == id })
	if i < 0 {
		return rules.Fact{}
	}
	return facts[i]
}

// Policy drafts the policy file from what is known for certain.
func Policy(in Input) File {
	var b strings.Builder
	b.WriteString("# Checked by staylisted on every push: https://github.com/staylisted/staylisted/blob/main/docs/policy.md\n")
	b.WriteString("# Never write the value of a secret into this file.\nversion: 1\n")
	if name := productName(in.Name); name != "" {
		fmt.Fprintf(&b, "product: {name: %s}\n", quote(name))
	}
	fmt.Fprintf(&b, "marketplaces: [%s]\n", strings.Join(in.Marketplaces, ", "))
	if in.SecurityContact != "" {
		fmt.Fprintf(&b, "contacts:\n  security: {email: %s}\n", quote(in.SecurityContact))
	}
	if in.Endpoint != "" {
		fmt.Fprintf(&b, "endpoints:\n  - %s\n", quote(in.Endpoint))
	}
	if hosts := hosts(in.Facts); len(hosts) > 0 {
		b.WriteString("services: # hosts that the code calls\n")
		for _, host := range hosts {
			fmt.Fprintf(&b, "  - name: %s\n    hosts: [%s]\n", quote(host), quote(host))
			b.WriteString("    # why: what the product does there\n")
		}
	}
	return File{Path: evidence.PolicyPath, Content: []byte(b.String()), Why: "the policy file"}
}

// hostShape is a name that the policy's parser takes.
var hostShape = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$`)

// hosts lists the hosts the code names, each once, sorted.
func hosts(facts []rules.Fact) []string {
	var out []string
	for _, it := range fact(facts, "hosts").Items {
		name := strings.ToLower(it.Name)
		if hostShape.MatchString(name) && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// productName is the last part of a repository's or module's name.
func productName(name string) string {
	name = name[strings.LastIndexByte(name, '/')+1:]
	return strings.Map(func(c rune) rune {
		if c < ' ' || c > '~' {
			return -1
		}
		return c
	}, name)
}

// quote writes text as a YAML scalar that reads back as itself.
func quote(s string) string {
	n := yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s, Style: yaml.DoubleQuotedStyle}
	text, err := yaml.Marshal(&n)
	if err != nil {
		return `""` // unreachable: a scalar can always be written
	}
	return strings.TrimSuffix(string(text), "\n")
}

// documentVerifier is how the verifiers of documents are called.
const documentVerifier = "document:"

// Documents returns a skeleton for each kind of document that is missing.
func Documents(in Input, missing []rules.Shortfall) []File {
	var out []File
	for _, kind := range evidence.DocumentKinds() {
		wanted := slices.ContainsFunc(missing, func(s rules.Shortfall) bool {
			return s.Verifier == documentVerifier+kind && (s.In == "" || s.In == evidence.DocumentPath(kind))
		})
		if path := evidence.DocumentPath(kind); wanted && path != "" {
			out = append(out, File{Path: path, Content: []byte(evidence.Skeleton(kind, seen(in.Facts, kind)...)), Why: "to be written: " + strings.ReplaceAll(kind, "-", " ")})
		}
	}
	return out
}

// seen lists what of the code a document will have to speak of.
func seen(facts []rules.Fact, kind string) []evidence.SkeletonFact {
	var out []evidence.SkeletonFact
	add := func(id, heading string) {
		if !slices.Contains(evidence.DocumentHeadings(kind), heading) {
			return
		}
		for _, it := range fact(facts, id).Items {
			f := evidence.SkeletonFact{Heading: heading, Text: it.Name}
			if !slices.Contains(out, f) && len(out) < maxSeen {
				out = append(out, f)
			}
		}
	}
	if kind == "architecture" || kind == "threat-model" {
		headings := evidence.DocumentHeadings(kind)
		for _, heading := range headings {
			switch strings.ToLower(heading) {
			case "apis", "entry points":
				add("route-table", heading)
			case "integration points":
				add("hosts", heading)
			}
		}
	}
	return out
}

// maxSeen keeps a skeleton readable.
const maxSeen = 60

// Complete adds to the drafted policy the documents that are written beside it,
// and everything that is still missing in it as comments to uncomment.
func Complete(policy File, missing []rules.Shortfall, documents []File) File {
	var b strings.Builder
	b.Write(policy.Content)
	if len(documents) > 0 {
		b.WriteString("documents:\n")
		for _, kind := range evidence.DocumentKinds() {
			if slices.ContainsFunc(documents, func(f File) bool { return f.Path == evidence.DocumentPath(kind) }) {
				fmt.Fprintf(&b, "  %s: %s\n", kind, evidence.DocumentPath(kind))
			}
		}
	}
	groups := byKey(policy.Path, missing)
	if len(groups) > 0 {
		b.WriteString("\n# What only you know. Take the comment signs away where it is true, and write your own words and dates.\n")
		b.WriteString("# A key stands once in the file: add entries to the one above where it is there already.\n")
	}
	for _, g := range groups {
		fmt.Fprintf(&b, "#\n# %s\n", g.key)
		taken := map[string]bool{}
		for _, e := range g.entries {
			comment(&b, "  # ", e.text)
			// A name stands once in a mapping: what more is to be said of it stays a
			// comment, to be added by hand.
			name, _, _ := strings.Cut(strings.TrimSpace(e.yaml), ":")
			prefix := ""
			if taken[name] && !strings.HasPrefix(name, "-") {
				prefix = "  # "
			}
			taken[name] = true
			comment(&b, prefix, e.yaml)
		}
	}
	policy.Content = []byte(b.String())
	return policy
}

// A group is what is missing below one key of the policy file.
type group struct {
	key     string // "attestations:"
	entries []entry
}

// An entry is one snippet below its key, and why it is asked for.
type entry struct{ text, yaml string }

// byKey sorts what is missing in the policy file under the keys it belongs to.
// What was merely not looked at here is left out, and so is a statement where
// better proof is asked for first.
func byKey(path string, missing []rules.Shortfall) []group {
	var out []group
	for _, s := range missing {
		key, rest, _ := strings.Cut(s.Snippet, "\n")
		if s.Snippet == "" || s.In != path || strings.HasPrefix(s.Verifier, "settings:") || insteadOf(s, missing) {
			continue
		}
		if !strings.HasSuffix(key, ":") { // all on one line
			key, rest = "", s.Snippet
		}
		i := slices.IndexFunc(out, func(g group) bool { return g.key == key && key != "" })
		if i < 0 {
			i = len(out)
			out = append(out, group{key: key})
		}
		if e := (entry{s.Text, rest}); !slices.ContainsFunc(out[i].entries, func(o entry) bool { return o.yaml == e.yaml }) {
			out[i].entries = append(out[i].entries, e)
		}
	}
	return out
}

// insteadOf reports whether a statement could only stand in for proof that is
// missing as well.
func insteadOf(s rules.Shortfall, missing []rules.Shortfall) bool {
	return s.Verifier == "statement:attestation" && slices.ContainsFunc(missing, func(o rules.Shortfall) bool {
		return o.Control == s.Control && o.Verifier != s.Verifier && !strings.HasPrefix(o.Verifier, "settings:")
	})
}

// comment writes text as comments, each line behind a prefix.
func comment(b *strings.Builder, prefix, text string) {
	for line := range strings.Lines(text) {
		line = strings.TrimRight(strings.Map(func(c rune) rune {
			if c < ' ' || c == 0x7f {
				return -1
			}
			return c
		}, line), " ")
		fmt.Fprintf(b, "# %s%s\n", prefix, line)
	}
}
