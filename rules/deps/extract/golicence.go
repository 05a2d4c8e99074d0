package extract

import (
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/google/licensecheck"

	"github.com/staylisted/staylisted/rules/deps"
)

// Bounds of a licence file, and how much of one must be the text of known
// licences: what pkg.go.dev asks for (https://pkg.go.dev/license-policy).
const (
	maxLicence     = 1 << 20 // bytes
	maxLicences    = 20      // files
	licencePercent = 75
)

var (
	licenceFile = regexp.MustCompile(`(?i)^((mit-|bsd-)?licen[cs]es?|copying|copyleft|unlicen[cs]e)([-._].*)?$`)
	noText      = regexp.MustCompile(`(?i)\.(go|json|ya?ml|csv|toml|js|py|sh|html?|png|svg|tmpl|tpl|header)$`)
)

// Licence returns the licence of a module whose files are fsys, by the licence
// files in its top folder, as an SPDX expression or [deps.NoAssertion]. Texts of
// several licences all apply: which of them may be chosen is not in the texts.
// An error means that the folder could not be read.
//
// The first call builds an index of licence texts, which takes more than half a
// second; start it early and beside other work.
func Licence(fsys fs.FS) (string, error) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return "", fmt.Errorf("looking for a licence file: %w", err)
	}
	var parts []string
	for _, e := range entries {
		if !e.Type().IsRegular() || !licenceFile.MatchString(e.Name()) || noText.MatchString(path.Ext(e.Name())) {
			continue
		}
		if len(parts) >= maxLicences {
			return deps.NoAssertion, nil
		}
		text, err := readLicence(fsys, e.Name())
		if err != nil {
			return "", fmt.Errorf("reading %s: %w", printable(e.Name()), err)
		}
		parts = append(parts, licenceOf(text))
	}
	slices.Sort(parts)
	return deps.AllOf(slices.Compact(parts)), nil
}

func readLicence(fsys fs.FS, name string) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxLicence))
}

// licenceOf recognises the licences of one text.
func licenceOf(text []byte) string {
	cover := licensecheck.Scan(text)
	if cover.Percent < licencePercent {
		return deps.NoAssertion
	}
	var ids []string
	for _, m := range cover.Match {
		if !m.IsURL {
			ids = append(ids, deps.LicenceExpression(strings.TrimSpace(m.ID)))
		}
	}
	slices.Sort(ids)
	return deps.AllOf(slices.Compact(ids))
}
