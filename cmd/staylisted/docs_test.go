package main

import (
	"bytes"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestDocsAreCurrent compares the pages and the picture of docs with what the
// program prints now. -update rewrites them.
func TestDocsAreCurrent(t *testing.T) {
	if *update {
		TestCasesAreCounted(t) // rules.md shows them
	}
	for name, text := range map[string]string{
		"rules.md":        printed(t, "rules", "--format", "markdown"),
		"requirements.md": printed(t, "requirements", "--format", "markdown"),
		"cli.md":          cliPage(t),
		"scan.svg":        picture(t),
	} {
		path := filepath.Join("..", "..", "docs", name)
		if *update {
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		page, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if string(page) != text {
			t.Errorf("docs/%s is not what the program prints; run go test ./cmd/staylisted -update", name)
		}
	}
}

// printed returns what a command prints.
func printed(t *testing.T, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if err := run(t.Context(), os.Environ(), args, nil, &stdout, &stderr); err != nil && finish(&stderr, err) != exitFailing {
		t.Fatalf("%q: %v %s", args, err, stderr.String())
	}
	return stdout.String()
}

// cliPage is the reference of the command line: the help of every command.
func cliPage(t *testing.T) string {
	var b strings.Builder
	b.WriteString("# Command line\n\nWritten by a test from the program's own help.\n\n")
	fmt.Fprintf(&b, "```\n%s```\n", printed(t, "help"))
	for _, c := range commands() {
		fmt.Fprintf(&b, "\n## staylisted %s\n\n```\n%s```\n", c.name, printed(t, "help", c.name))
	}
	b.WriteString(`
## Exit codes

| Code | Meaning |
|---|---|
| 0 | the scan was complete, and every MANDATORY requirement of the selected marketplaces is met or this is a preview |
| 1 | some MANDATORY requirement of a selected marketplace fails |
| 2 | the command line or the policy file is wrong; nothing was scanned |
| 3 | nothing fails, but something could not be verified, expired or lacks evidence; or the scan was not complete, was interrupted, or a file could not be written |

A scan is complete when there is no coverage gap, at least one package was analysed and every verifier that was tried ran to
its end. A rule that failed, or a dependency audit without advisory data (as with ` + "`--offline`" + ` and no ` + "`--advisories`" + `), ends
even a preview with 3.

RECOMMENDED requirements never change the exit code. ` + "`--strict`" + ` lets a preview end like a selected marketplace.

## Environment

| Variable | Effect |
|---|---|
| STAYLISTED_CACHE | where results are kept between runs, unless --cache-dir says otherwise |
| GITHUB_TOKEN | lets the dependency audit ask GitHub for scores that the advisory data leaves out; not used with --offline |
| NO_COLOR | no colours |
| COLUMNS | width of the text |
| GOFLAGS, GOTOOLCHAIN, GOPROXY … | are the go command's, which lists the packages |
`)
	return b.String()
}

// pictureLines is how much of the output the picture shows.
const pictureLines = 46

// picture draws the beginning of a real scan as SVG, in a terminal's colours.
func picture(t *testing.T) string {
	repo := filepath.Join(t.TempDir(), "broken")
	if err := os.CopyFS(repo, os.DirFS("../../testdata/repos/broken")); err != nil {
		t.Fatal(err)
	}
	out := printed(t, "scan", "--offline", "--advisories", "../../testdata/advisories", "--now", "2026-11-21", "--no-cache", "--color", "always", repo)
	lines := strings.Split(out, "\n")
	lines = append([]string{"\x1b[2m$ staylisted scan\x1b[0m"}, lines[:min(pictureLines, len(lines))]...)
	return svg(append(lines, "\x1b[2m…\x1b[0m"))
}

var colourCode = regexp.MustCompile("\x1b\\[([0-9;]*)m")

// svg draws lines with "select graphic rendition" sequences.
func svg(lines []string) string {
	const charWidth, lineHeight, margin = 8.2, 18, 16 // for 82 columns
	class := map[string]string{"0": "", "1": "b", "2": "d", "1;31": "r", "1;32": "g", "1;33": "y", "1;34": "l"}
	var b strings.Builder
	width, height := 673+2*margin, len(lines)*lineHeight+2*margin
	fmt.Fprintf(&b, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Output of staylisted scan\">\n", width, height, width, height)
	b.WriteString("<style>text{font:13.6px ui-monospace,SFMono-Regular,Menlo,Consolas,\"DejaVu Sans Mono\",monospace;fill:#d0d7de;white-space:pre}" +
		".b{font-weight:700;fill:#f0f6fc}.d{fill:#8b949e}.r{font-weight:700;fill:#ff7b72}.g{font-weight:700;fill:#56d364}.y{font-weight:700;fill:#e3b341}.l{font-weight:700;fill:#79c0ff}</style>\n")
	fmt.Fprintf(&b, "<rect width=\"%d\" height=\"%d\" rx=\"8\" fill=\"#0d1117\"/>\n", width, height)
	for i, line := range lines {
		if strings.TrimSpace(line) == "" {
			continue
		}
		y := margin + (i+1)*lineHeight - 5
		column, current := 0, ""
		emit := func(text string) {
			if strings.TrimSpace(text) != "" {
				trimmed := strings.TrimLeft(text, " ")
				x := margin + float64(column+len(text)-len(trimmed))*charWidth
				attribute := ""
				if current != "" {
					attribute = " class=\"" + current + "\""
				}
				// textLength keeps columns in line whatever font there is.
				length := float64(utf8.RuneCountInString(trimmed)) * charWidth
				fmt.Fprintf(&b, "<text x=\"%s\" y=\"%d\" textLength=\"%s\"%s>%s</text>\n",
					strconv.FormatFloat(x, 'f', 1, 64), y, strconv.FormatFloat(length, 'f', 1, 64), attribute, html.EscapeString(trimmed))
			}
			column += utf8.RuneCountInString(text)
		}
		at := 0
		for _, m := range colourCode.FindAllStringSubmatchIndex(line, -1) {
			emit(line[at:m[0]])
			current = class[line[m[2]:m[3]]]
			at = m[1]
		}
		emit(line[at:])
	}
	b.WriteString("</svg>\n")
	return b.String()
}
