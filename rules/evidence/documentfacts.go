package evidence

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/staylisted/staylisted/rules"
)

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// DrillAge is the measurement by which requirements warn of a plan that was not
// exercised for long: whole days since the last drill.
const DrillAge = "drill-age-days"

// facts holds the text of a section to what it must state besides words.
func (d *document) facts(p *proof, section int, part *part) {
	name := d.kind.sections[section].heading
	text := part.text()
	switch d.kind.id + "/" + name {
	case "retention/Retention periods":
		if len(isoDurations(text)) == 0 {
			p.lack(section, "the section %s has no period as an ISO 8601 duration, such as P90D", name)
		}
	case "incident-response/Marketplace notification":
		for _, missing := range notificationLacks(text) {
			p.lack(section, "the section %s %s", name, missing)
		}
	case "incident-response/Last drill":
		on, ok := lastDate(text, d.now)
		if !ok {
			p.lack(section, "the section %s names no date in the past, as YYYY-MM-DD", name)
			return
		}
		p.says = append(p.says, "last drill on "+on.Format(time.DateOnly))
		p.measure = &rules.Measurement{Name: DrillAge, Since: on}
	case "dr-bcp/RTO and RPO":
		words := wordsOf(text + "\n" + d.titles(section))
		for _, objective := range []struct {
			short string
			long  string
		}{{"RTO", "recovery time"}, {"RPO", "recovery point"}} {
			if !says(words, objective.short, objective.long) {
				p.lack(section, "the section %s gives no %s objective (%s)", name, objective.long, objective.short)
			}
		}
		if len(durationsIn(text)) == 0 {
			p.lack(section, "the section %s names no length of time, such as 4 hours or PT4H", name)
		}
	case "dr-bcp/Restore test":
		on, ok := lastDate(text, d.now)
		if !ok {
			p.lack(section, "the section %s names no date in the past, as YYYY-MM-DD", name)
			return
		}
		p.says = append(p.says, "restore tested on "+on.Format(time.DateOnly))
		p.until(dayAfter(on.AddDate(0, 0, reviewDays)))
	case "data-rights/Contact":
		if len(addressesIn(text)) == 0 && !handleIn.MatchString(text) {
			p.lack(section, "the section %s names no address: an e-mail address or a web page", name)
		}
	case "data-rights/Time limit":
		if len(durationsIn(text)) == 0 {
			p.lack(section, "the section %s names no length of time, such as 30 days", name)
		}
	case "audit/Date":
		on, ok := lastDate(text, d.now)
		if !ok {
			p.lack(section, "the section %s names no date in the past, as YYYY-MM-DD", name)
			return
		}
		p.says = append(p.says, "report of "+on.Format(time.DateOnly))
		p.until(dayAfter(on.AddDate(0, 0, reviewDays)))
	}
}

// titles are the headings that name a section.
func (d *document) titles(section int) string {
	var all []string
	for i, h := range d.headings {
		if slices.Contains(d.served[i], section) {
			all = append(all, h.title)
		}
	}
	return strings.Join(all, "\n")
}

// Dates

var (
	months    = []string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}
	isoDate   = regexp.MustCompile(`\b(20[0-9]{2})-([01][0-9])-([0-3][0-9])(?:\b|T[0-9])`)
	dayFirst  = regexp.MustCompile(`(?i)\b([0-3]?[0-9])(?:st|nd|rd|th)?\.?\s+(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?\s+(20[0-9]{2})\b`)
	monthDay  = regexp.MustCompile(`(?i)\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+([0-3]?[0-9])(?:st|nd|rd|th)?,?\s+(20[0-9]{2})\b`)
	clauseEnd = regexp.MustCompile(`[;.|\n]\s|,\s|\n`)
	// planned marks dates to come when it stands before them, plannedFor when it
	// follows one at once: "2026-03-01 (planned)". What is said of the next date
	// says nothing of the one before.
	planned    = regexp.MustCompile(`(?i)\b(?:next|planned|scheduled|upcoming|will|until|due)\b`)
	plannedFor = regexp.MustCompile(`(?i)^[^\pL\pN]*(?:(?:is|was) )?(?:planned|scheduled|upcoming|due)\b`)
	because    = regexp.MustCompile(`(?i)\bdue to\b`)
)

// lastDate returns the latest day a text names that has begun and is not said
// to be a plan.
func lastDate(text string, now time.Time) (time.Time, bool) {
	var last time.Time
	keep := func(year, month, dayOfMonth string) {
		t, ok := parseDate(fmt.Sprintf("%s-%02s-%02s", year, month, dayOfMonth))
		if ok && !t.After(now.Add(eastmost)) && t.After(last) {
			last = t
		}
	}
	monthOf := func(short string) string {
		return strconv.Itoa(1 + slices.IndexFunc(months, func(m string) bool { return strings.HasPrefix(m, strings.ToLower(short)) }))
	}
	// "May 4, 2026" has a comma of its own.
	text = monthDay.ReplaceAllString(text, "$2 $1 $3")
	for _, clause := range clauseEnd.Split(because.ReplaceAllString(text, "for")+"\n", -1) {
		type place struct {
			from, to         int
			year, month, day string
		}
		var found []place
		for _, at := range isoDate.FindAllStringSubmatchIndex(clause, -1) {
			found = append(found, place{at[0], at[7], clause[at[2]:at[3]], clause[at[4]:at[5]], clause[at[6]:at[7]]})
		}
		for _, at := range dayFirst.FindAllStringSubmatchIndex(clause, -1) {
			found = append(found, place{at[0], at[1], clause[at[6]:at[7]], monthOf(clause[at[4]:at[5]]), strings.TrimLeft(clause[at[2]:at[3]], "0")})
		}
		slices.SortFunc(found, func(a, b place) int { return a.from - b.from })
		before, plan := 0, false
		for _, p := range found {
			lead := clause[min(before, p.from):p.from]
			// "on one day or on another" is planned as a whole.
			plan = planned.MatchString(lead) || plannedFor.MatchString(clause[p.to:]) || plan && len(strings.Fields(lead)) <= 2
			if !plan {
				keep(p.year, p.month, p.day)
			}
			before = p.to
		}
	}
	return last, !last.IsZero()
}

// Lengths of time

var (
	isoIn   = regexp.MustCompile(`\bP(?:[0-9]+[YMWD])*(?:T(?:[0-9]+[HMS])+)?\b`)
	shortIn = regexp.MustCompile(`\b[0-9]{1,5}[dhm]\b`)
	wordsIn = regexp.MustCompile(`(?i)\b([0-9]{1,5}|an?|one|two|three|four|five|six|seven|ten|twelve|fourteen|eighteen|twenty[- ]four|thirty|forty[- ]eight|sixty|ninety)[\s\x{a0}-]+(?:(?:calendar|business|working|full)\s+)?(minute|hour|hr|h|day|week|month|year)s?\b`)
)

var numerals = map[string]int64{
	"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10, "twelve": 12, "fourteen": 14, "eighteen": 18,
	"twenty four": 24, "thirty": 30, "forty eight": 48, "sixty": 60, "ninety": 90,
}

func isoDurations(text string) []time.Duration {
	var out []time.Duration
	for _, s := range isoIn.FindAllString(text, -1) {
		if d, ok := parseDuration(s); ok {
			out = append(out, d.Length)
		}
	}
	return out
}

// durationsIn returns the lengths of time a text names: P90D, 90d, 90 days,
// three months. A month counts 30 days and a year 365, as in the policy file.
func durationsIn(text string) []time.Duration {
	out := isoDurations(text)
	for _, s := range shortIn.FindAllString(text, -1) {
		if d, ok := parseDuration(s); ok {
			out = append(out, d.Length)
		}
	}
	for _, m := range wordsIn.FindAllStringSubmatch(text, -1) {
		n, ok := numerals[strings.Join(strings.FieldsFunc(strings.ToLower(m[1]), func(r rune) bool { return r == '-' || r == ' ' }), " ")]
		article := strings.HasPrefix(strings.ToLower(m[1]), "a")
		if article && !slices.Contains([]string{"week", "month", "year"}, strings.ToLower(m[2])) {
			continue // "twice a day" is no length of time
		}
		if !ok {
			n = number(m[1])
		}
		unit := map[string]int64{"minute": 60, "hour": 3600, "hr": 3600, "h": 3600, "day": 86400, "week": 7 * 86400, "month": 30 * 86400, "year": 365 * 86400}[strings.ToLower(m[2])]
		seconds := n * unit
		if strings.HasPrefix(strings.ToLower(m[2]), "month") {
			seconds = (n/12*365 + n%12*30) * 86400
		}
		if seconds <= int64(maxDuration/time.Second) {
			out = append(out, time.Duration(seconds)*time.Second)
		}
	}
	return out
}

// Addresses

var (
	mailIn   = regexp.MustCompile(`[A-Za-z0-9._%+-]+@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)`)
	urlIn    = regexp.MustCompile(`(?i)\bhttps?://([a-z0-9-]+(?:\.[a-z0-9-]+)+)`)
	handleIn = regexp.MustCompile(`(?:^|[\s(,;])@[A-Za-z0-9](?:-?[A-Za-z0-9]){0,38}(?:/[A-Za-z0-9._-]+)?\b`)
)

// addressesIn returns the hosts of the e-mail and web addresses in a text, in
// lower case. Addresses of documentation (RFC 2606) reach nobody.
func addressesIn(text string) []string {
	var hosts []string
	for _, re := range []*regexp.Regexp{mailIn, urlIn} {
		for _, m := range re.FindAllStringSubmatch(text, -1) {
			if host := strings.ToLower(m[1]); !placeholderHost(host) {
				hosts = append(hosts, host)
			}
		}
	}
	return hosts
}

// Marketplace notification

// messageItems are what a notification has to say (001:93), with words for it.
var messageItems = []struct {
	name  string
	words []string
}{
	{"type", []string{"type", "kind", "category", "nature"}},
	{"status", []string{"status", "state"}},
	{"data involved", []string{"data", "information", "record"}},
	{"tasks", []string{"task", "action", "measure", "mitigation", "step"}},
	{"contact", []string{"contact", "reach"}},
}

// noLimit is what sounds like 24 hours and limits nothing.
var noLimit = regexp.MustCompile(`(?i)\b(?:[0-9]+|an?|one)[\s\x{a0}-]+(?:business|working)[\s-]+(?:days?|hours?)|\b(?:24|twenty[- ]four)[\s\x{a0}-]*(?:hours?|hrs?|h)[\s-]+(?:(?:a|per|every|each)[\s-]+day|on[- ]call)|\b(?:24|twenty[- ]four)[\s\x{a0}-]*(?:hours?|hrs?|h)/day`)

// notificationLacks says what the section on marketplace notification does not
// have.
func notificationLacks(text string) []string {
	var out []string
	// A business day may be three, and hours a day are when somebody is there.
	if !slices.Contains(durationsIn(noLimit.ReplaceAllString(text, " ")), 24*time.Hour) {
		out = append(out, "does not name the limit of 24 hours")
	}
	if len(addressesIn(text)) == 0 {
		out = append(out, "names no address to notify")
	}
	words := wordsOf(text)
	var missing []string
	for _, it := range messageItems {
		if !says(words, it.words...) {
			missing = append(missing, it.name)
		}
	}
	if len(missing) > 0 {
		out = append(out, "holds no message template with "+strings.Join(missing, ", "))
	}
	return out
}

// addressOf reports whether a section names a marketplace and an address there.
func addressOf(marketplace, text string) bool {
	return slices.ContainsFunc(addressesIn(text), func(host string) bool {
		return slices.Contains(strings.FieldsFunc(host, func(r rune) bool { return r == '.' || r == '-' }), marketplace)
	})
}

// Diagrams

var (
	imageIn   = regexp.MustCompile(`!\[[^\[\]]*\]\(\s*<?([^)\s>]+)`)
	linkIn    = regexp.MustCompile(`\]\(\s*<?([^)\s>]+)`)
	sourceIn  = regexp.MustCompile(`(?i)<(?:img|source|object|embed)\b[^<>]*?\b(?:src|srcset|data)\s*=\s*["']?([^"'\s>]+)`)
	imageFile = regexp.MustCompile(`(?i)\.(?:svg|png|jpe?g|gif|webp)$`)
	drawFile  = regexp.MustCompile(`(?i)\.(?:drawio|dio)(?:\.(?:svg|png|xml))?$`)
	noDiagram = regexp.MustCompile(`(?i)(?:logo|badge|icon|avatar|banner)[^/]*$`)
)

// maxDiagram bounds how much of an image is read for its digest.
const maxDiagram = 20 << 20

// diagram describes the first diagram of the document, or returns "". A Mermaid
// block counts when it draws something; an image when the tree has it.
func (d *document) diagram() string {
	for _, b := range d.blocks {
		if b.kind == code {
			if b.lang == "mermaid" && draws(b.text) {
				return fmt.Sprintf("with a Mermaid diagram (line %d)", b.line)
			}
			continue
		}
		targets := slices.Concat(imageIn.FindAllStringSubmatch(b.raw, -1), sourceIn.FindAllStringSubmatch(b.raw, -1))
		for _, m := range linkIn.FindAllStringSubmatch(b.raw, -1) {
			if drawFile.MatchString(m[1]) {
				targets = append(targets, m)
			}
		}
		for _, m := range targets {
			name := d.relative(m[1])
			if name == "" || !imageFile.MatchString(name) && !drawFile.MatchString(name) || noDiagram.MatchString(name) || !d.tree.Has(name) {
				continue
			}
			data, err := d.tree.Read(name, maxDiagram)
			if err != nil || len(data) == 0 {
				continue
			}
			sum := sha256.Sum256(data)
			return fmt.Sprintf("with the diagram %s (sha256 %s)", printable(name), hex.EncodeToString(sum[:8]))
		}
	}
	return ""
}

// draws reports whether a Mermaid text has a line besides its type and comments.
func draws(text string) bool {
	lines := 0
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "%%") && !unwritten.MatchString(line) {
			lines++
		}
	}
	return lines > 1
}

// relative returns the repository path a link of the document means, or "".
func (d *document) relative(target string) string {
	target, _, _ = strings.Cut(target, "#")
	target, _, _ = strings.Cut(target, "?")
	target = strings.ReplaceAll(target, "%20", " ")
	switch {
	case target == "" || strings.Contains(target, "://") || strings.Contains(target, `\`):
		return ""
	case strings.HasPrefix(target, "/"):
		target = path.Clean(target[1:])
	default:
		target = path.Join(path.Dir(d.path), target)
	}
	if target == ".." || strings.HasPrefix(target, "../") {
		return ""
	}
	return target
}
