package scan

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/code"
	"github.com/staylisted/staylisted/rules/files"
)

// API documents are read by rules/files; here they are compared with the routes.

const (
	maxSchemas        = 64
	maxSurfaceSteps   = 200
	maxSurfaceMessage = 2000
)

// surfaceVerifier is the rule that compares routes with API documents.
const surfaceVerifier = "MKT211"

// surfaceFindings compares the routes of the code with the API documents of the
// repository. What keeps the two from being compared makes the verifier's run
// incomplete.
func (s *run) surfaceFindings(known map[string]rules.Rule) []rules.Finding {
	var routes []code.RouteItem
	for _, r := range s.results {
		for _, h := range r.Hits {
			if h.Route != nil {
				routes = append(routes, code.RouteItem{Route: *h.Route, Location: h.Location})
			}
		}
	}
	if len(routes) == 0 {
		return nil
	}
	documents, problems := s.schemas()
	surface := code.CompareRoutes(routes, documents, len(s.tree.gaps)+len(s.gaps) == 0)
	for _, name := range surface.Foreign {
		s.notes = append(s.notes, fmt.Sprintf("%s lists no route of this code, so %s compared nothing with it", printable(name), surfaceVerifier))
	}
	if len(surface.Foreign) > 0 && len(surface.Compared) == 0 {
		// It may be another service's document, or this one's, whose routes are
		// registered in a way that the table does not read.
		problems = append(problems, fmt.Sprintf("%s lists no route that was seen in this code, so nothing could be compared", printable(surface.Foreign[0])))
	}
	if n := len(surface.Unread); n > 0 {
		first := surface.Unread[0]
		problems = append(problems, fmt.Sprintf("%d routes could not be compared with %s, the first at %s:%d: %s",
			n, printable(surface.Compared[0]), first.Location.Path, first.Location.Line, first.Unread))
	}
	if len(problems) > 0 {
		s.surface = strings.Join(problems[:min(len(problems), 3)], "; ")
	}
	var out []rules.Finding
	for _, d := range surface.Disagreements {
		f := known[surfaceVerifier].Finding("code", cut(printable(d.Message), maxSurfaceMessage), d.Location)
		// Not the places: a route more or less is the same finding.
		f.Tokens = rules.TokenDigest(d.Key)
		for _, p := range d.Places[:min(len(d.Places), maxSurfaceSteps)] {
			f.Steps = append(f.Steps, rules.Step{Location: p.Location, Message: cut(printable(p.Name), 200)})
		}
		out = append(out, f)
	}
	return out
}

// schemas reads the API documents of the repository. What cannot be read is
// told, because nothing may pass on a document that nobody understood.
func (s *run) schemas() (documents []code.APIDocument, problems []string) {
	for _, rel := range s.tree.files {
		if !files.MayBeAPIDocument(rel) {
			continue
		}
		if len(documents) == maxSchemas {
			problems = append(problems, fmt.Sprintf("there are more than %d API documents", maxSchemas))
			break
		}
		name := filepath.Join(s.tree.root, filepath.FromSlash(rel))
		head, err := readRegular(name, files.APIDocumentHead)
		if err == nil && !files.LooksLikeAPIDocument(rel, head) {
			continue
		}
		var src []byte
		if err == nil {
			src, err = readLimited(name, files.MaxAPIDocument)
		}
		if err != nil {
			problems = append(problems, fmt.Sprintf("%s cannot be read: %s", printable(rel), printable(strings.ReplaceAll(err.Error(), s.tree.root+string(filepath.Separator), ""))))
			continue
		}
		operations, err := within(s.suite.budget, func() ([]files.APIOperation, error) { return files.APIOperations(rel, src) })
		switch {
		case errors.Is(err, files.ErrNoAPIDocument):
		case err != nil:
			problems = append(problems, fmt.Sprintf("%s is no valid API document: %s", printable(rel), cut(printable(err.Error()), 200)))
		default:
			document := code.APIDocument{Path: printable(rel)}
			for _, o := range operations {
				document.Operations = append(document.Operations, code.Operation(o))
			}
			documents = append(documents, document)
		}
	}
	return documents, problems
}
