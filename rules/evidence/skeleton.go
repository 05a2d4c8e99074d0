package evidence

import (
	"fmt"
	"slices"
	"strings"
)

// DocumentKinds lists the kinds of evidence documents, in the order of
// catalogue §2.9.
func DocumentKinds() []string { return slices.Clone(documentKinds) }

// DocumentPath is where a new document of a kind goes, or "" for a word that is
// no kind.
func DocumentPath(kind string) string {
	if k := documentKindOf(kind); k != nil {
		return k.path
	}
	return ""
}

// DocumentHeadings lists the headings a document of the kind must have, as a
// skeleton writes them.
func DocumentHeadings(kind string) []string {
	var out []string
	if k := documentKindOf(kind); k != nil {
		for _, s := range k.all() {
			out = append(out, s.heading)
		}
	}
	return out
}

// A SkeletonFact is something the scan found that a section will have to speak
// of.
type SkeletonFact struct {
	Heading string // of the section, as [DocumentHeadings] has it
	Text    string // one line: "GET /v1/contacts"
}

// Skeleton returns a Markdown document of a kind with front matter, the required
// headings and one sentence each that says what belongs there; facts become
// lists below their heading. It is empty for a word that is no kind.
//
// A skeleton that nobody has worked on never passes: its front matter names no
// owner and no review, and every section is marked as still to be written.
func Skeleton(kind string, facts ...SkeletonFact) string {
	k := documentKindOf(kind)
	if k == nil {
		return ""
	}
	var b strings.Builder
	b.WriteString(frontSkeleton(kind))
	fmt.Fprintf(&b, "\n# %s\n", k.title)
	for _, s := range k.all() {
		b.WriteString(s.skeleton(facts))
	}
	if kind == "architecture" {
		b.WriteString(diagramSkeleton)
	}
	return b.String()
}

// frontSkeleton is front matter to fill in.
func frontSkeleton(kind string) string {
	return "---\ncompliance: " + kind + "\nowner: \"@login\"\nreviewed: # the day somebody last read all of it, YYYY-MM-DD\n---\n"
}

func (s *sectionKind) skeleton(facts []SkeletonFact) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n## %s\n\nTODO: %s\n", s.heading, s.guide)
	var lines []string
	for _, f := range facts {
		line := strings.Join(strings.Fields(printable(f.Text)), " ")
		if f.Heading == s.heading && line != "" && !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	if len(lines) > 0 {
		b.WriteString("\n")
	}
	for _, line := range lines {
		b.WriteString("- " + strings.NewReplacer("<", `\<`, "[", `\[`, "`", "'").Replace(line) + "\n")
	}
	return b.String()
}

// diagramSkeleton is not a diagram yet: what begins with %% is a comment.
const diagramSkeleton = "\n## Diagram\n\nTODO: Draw the components and the flows between them, or add an image or a draw.io file of this repository.\n\n" +
	"```mermaid\nflowchart LR\n  %% TODO: browser --> app --> store\n```\n"
