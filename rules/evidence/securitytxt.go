package evidence

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/tree"
)

const securityTxtVerifier = "document:security-txt"

// maxSecurityTxt is how large a security.txt may be (RFC 9116 §5.4 advises 32 KB).
const maxSecurityTxt = 32 << 10

// A securityFile is a security.txt as RFC 9116 defines it.
type securityFile struct {
	contacts  int
	expires   time.Time
	canonical []string // hosts
}

// readSecurityTxt reads a security.txt, signed or not, and says what is wrong
// with it.
func readSecurityTxt(src []byte) (securityFile, []string) {
	var f securityFile
	var problems []string
	problem := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	if !utf8.Valid(src) {
		return f, []string{"it is not UTF-8 text"}
	}
	lines := strings.Split(strings.ReplaceAll(string(src), "\r\n", "\n"), "\n")
	expires := 0
	for i, line := range unsigned(lines) {
		line = strings.TrimRight(line, " \t\r")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		if !ok || name == "" || strings.ContainsAny(name, " \t") {
			problem("line %d is neither a field nor a comment", i+1)
			continue
		}
		switch strings.ToLower(name) {
		case "contact":
			switch host, ok := contactURI(value); {
			case ok && placeholderHost(host):
				problem("Contact in line %d is an address of documentation, which reaches nobody", i+1)
			case ok:
				f.contacts++
			default:
				problem("Contact in line %d is no address; write mailto:, https:// or tel:", i+1)
			}
		case "expires":
			expires++
			at, ok := parseInstant(strings.ToUpper(value))
			if !ok {
				problem("Expires in line %d is no date and time such as 2027-10-04T00:00:00Z", i+1)
			}
			f.expires = at
		case "canonical":
			if u, err := url.Parse(value); err == nil && u.Host != "" {
				f.canonical = append(f.canonical, strings.ToLower(u.Hostname()))
			} else {
				problem("Canonical in line %d is no address", i+1)
			}
		}
	}
	if f.contacts == 0 {
		problem("it has no Contact that can be used")
	}
	if expires != 1 {
		problem("it has %d Expires fields where there must be exactly one", expires)
	}
	return f, problems
}

// unsigned takes the clear text out of a signed message (RFC 9116 §2.3).
func unsigned(lines []string) []string {
	if len(lines) == 0 || strings.TrimSpace(lines[0]) != "-----BEGIN PGP SIGNED MESSAGE-----" {
		return lines
	}
	out := make([]string, 0, len(lines))
	head := true
	for _, line := range lines {
		if strings.TrimSpace(line) == "-----BEGIN PGP SIGNATURE-----" {
			break
		}
		if head {
			head = strings.TrimSpace(line) != ""
			out = append(out, "")
			continue
		}
		out = append(out, strings.TrimPrefix(line, "- "))
	}
	return out
}

// contactURI reports whether a contact can be used, and at which host it is, if
// at one.
func contactURI(s string) (host string, ok bool) {
	u, err := url.Parse(s)
	if err != nil {
		return "", false
	}
	switch strings.ToLower(u.Scheme) {
	case "https":
		return u.Hostname(), validHost(u.Hostname())
	case "mailto":
		_, host, _ := strings.Cut(u.Opaque, "@")
		return host, validEmail(u.Opaque)
	case "tel":
		return "", len(u.Opaque) >= 3 && strings.ContainsAny(u.Opaque, "0123456789")
	}
	return "", false
}

// securityTxt weighs the copies of security.txt in the repository. A copy in
// .well-known comes before others; one good copy is enough.
func securityTxt(in *Input) rules.Gathered {
	g := rules.Gathered{}
	var names []string
	for _, name := range in.Tree.Names() {
		if strings.EqualFold(path.Base(name), "security.txt") && served(name) && !aside(name) {
			names = append(names, name)
		}
	}
	slices.SortStableFunc(names, func(a, b string) int { return wellKnown(b) - wellKnown(a) })
	broken := ""
	for _, name := range names {
		src, err := in.Tree.Read(name, maxSecurityTxt)
		var f securityFile
		problems := []string{}
		switch {
		case errors.Is(err, tree.ErrTooLarge):
			problems = append(problems, printable(err.Error()))
		case err != nil:
			broken = printable(name) + " could not be read (" + printable(err.Error()) + "); make it readable and scan again"
			continue
		default:
			f, problems = readSecurityTxt(src)
		}
		if foreign := elsewhere(f.canonical, in.File); foreign != "" && len(problems) == 0 {
			problems = append(problems, "its Canonical address is at "+printable(foreign)+", where no endpoint of the policy file is")
		}
		if len(problems) > 0 {
			g.Shortfalls = append(g.Shortfalls, rules.Shortfall{Verifier: securityTxtVerifier, Control: "contacts-declared", In: name,
				Text:    printable(name) + " does not count: " + strings.Join(problems, "; "),
				Snippet: "Contact: mailto:security@example.com\nExpires: " + in.Now.UTC().AddDate(1, 0, -1).Truncate(day).Format(time.RFC3339) + "\n"})
			continue
		}
		g.Observations = append(g.Observations, rules.Observation{Verifier: securityTxtVerifier, Control: "contacts-declared", Link: name, Expires: f.expires,
			Text: fmt.Sprintf("%s with %d %s, until %s", printable(name), f.contacts, plural(f.contacts, "contact"), f.expires.Format(time.DateOnly))})
	}
	switch {
	case len(g.Observations) > 0:
		g.Shortfalls = nil
	case broken != "":
		g.Broken(broken, securityTxtVerifier)
		return g
	}
	g.Complete(securityTxtVerifier)
	return g
}

// served reports whether a file of that name is one a server shows: in the root,
// in .well-known, or below a folder of static files.
func served(name string) bool {
	dir := path.Dir(name)
	if dir == "." || wellKnown(name) > 0 {
		return true
	}
	for part := range strings.SplitSeq(strings.ToLower(dir), "/") {
		switch part {
		case "static", "public", "assets", "web", "www", "htdocs", "wwwroot", "html", "dist":
			return true
		}
	}
	return false
}

func wellKnown(name string) int {
	if path.Base(path.Dir(name)) == ".well-known" {
		return 1
	}
	return 0
}

// elsewhere returns a canonical host when none of them belongs to the declared
// endpoints: it is an endpoint's, lies above it or below it.
func elsewhere(canonical []string, file *File) string {
	if len(canonical) == 0 || file == nil || len(file.Endpoints) == 0 {
		return ""
	}
	for _, c := range canonical {
		for _, e := range file.Endpoints {
			u, err := url.Parse(e.URL)
			if err != nil {
				continue
			}
			host := strings.ToLower(u.Hostname())
			if host == c || strings.HasSuffix(host, "."+c) || strings.HasSuffix(c, "."+host) || domainOf(host) == domainOf(c) {
				return ""
			}
		}
	}
	return canonical[0]
}
