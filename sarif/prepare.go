package sarif

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/staylisted/staylisted/rules"
)

// Prepared is one report, ready to be uploaded.
type Prepared struct {
	Files []File
	// LeftOut lists what no file holds, by category in the order of the runs, the
	// worst first. The run it was cut from says the same in a notification.
	LeftOut []LeftOut
}

// A File is one upload.
type File struct {
	Categories []string // of its runs, in order; no two are the same
	Results    int      // in all its runs
	Gzip       []byte   // the SARIF, compressed: what is sent, before base64
}

// JSON returns the file uncompressed.
func (f File) JSON() ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(f.Gzip))
	if err != nil {
		return nil, fmt.Errorf("reading a prepared SARIF file: %w", err)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("reading a prepared SARIF file: %w", err)
	}
	return data, nil
}

// What a LeftOut speaks of.
const (
	LeftOutResult   = "result"   // a whole result, by rule and band
	LeftOutRule     = "rule"     // a rule without results in the upload; Rule is empty
	LeftOutLocation = "location" // a place of a result beside its first
	LeftOutStep     = "step"     // a step in the middle of a result's flow
	LeftOutTag      = "tag"      // a tag of a rule
)

// A LeftOut says how much of one kind was left out of one run.
type LeftOut struct {
	Category string     `json:"category"`
	What     string     `json:"what"`
	Rule     string     `json:"rule,omitempty"`
	Band     rules.Band `json:"band,omitempty"` // of results; empty for those without a score
	Count    int        `json:"count"`
}

// String says it in words, as in "3 results of MKT201 (high)". The rule's id is
// plain text on one line.
func (l LeftOut) String() string {
	text := fmt.Sprintf("%d %s", l.Count, l.What)
	if l.Count != 1 {
		text += "s"
	}
	if l.Rule != "" {
		text += " of " + plain(l.Rule, maxName)
	}
	if l.Band != "" {
		text += " (" + string(l.Band) + ")"
	}
	return text
}

// Prepare makes uploads of a file that [Write] wrote: it deals the runs out to
// as few files as the limits allow and cuts what is beyond them.
//
// Of each run the worst results stay: by band, within a band violations before
// what must be reviewed, then by score, then by place. A violation without a
// score breaks a requirement as such and counts as high. Those that stay keep
// their order and every byte of their content, fingerprints included; only
// places and steps over the limit are cut off them, the first and the last steps
// stay. Rules stay listed when their results go, as long as there is room. A run
// too large for a file by itself loses more of its results.
//
// GitHub takes the alert of a result that is no longer uploaded for fixed; the
// notice in the run says that it is not.
//
// It is an error when the file is none of Write's, when it holds suppressed
// results (they would become open alerts), when two runs share a category (the
// second would replace the first), and when the rules alone do not fit a file.
func Prepare(file []byte, limits Limits) (*Prepared, error) {
	var log object
	if err := json.Unmarshal(file, &log); err != nil {
		return nil, fmt.Errorf("preparing SARIF for upload: reading it: %w", err)
	}
	var version string
	var runs []object
	if err := errors.Join(decodeInto(log["version"], &version), decodeInto(log["runs"], &runs)); err != nil {
		return nil, fmt.Errorf("preparing SARIF for upload: reading its runs: %w", err)
	}
	if version != "2.1.0" || len(runs) == 0 {
		return nil, errors.New("preparing SARIF for upload: it is not a file with runs in version 2.1.0; write it anew")
	}
	p := &preparer{log: log, limits: limits}
	seen := map[string]bool{}
	for i, run := range runs {
		r, err := p.read(run)
		if err != nil {
			return nil, fmt.Errorf("preparing SARIF for upload: run %d: %w", i+1, err)
		}
		key := r.tool + "\x00" + r.category
		if seen[key] {
			return nil, fmt.Errorf("preparing SARIF for upload: two runs have the category %q, of which GitHub would keep one", r.category)
		}
		seen[key] = true
		p.runs = append(p.runs, r)
	}
	out := &Prepared{}
	if err := p.deal(out); err != nil {
		return nil, fmt.Errorf("preparing SARIF for upload: %w", err)
	}
	for _, r := range p.runs {
		out.LeftOut = append(out.LeftOut, r.leftOut()...)
	}
	return out, nil
}

// preparer holds what the files share.
type preparer struct {
	log    object // the file; its runs are replaced
	limits Limits
	runs   []*shortRun
}

// deal encodes each run by itself, which says how large it is, then fills files
// with as many runs as fit, in order.
func (p *preparer) deal(out *Prepared) error {
	alone := make([]File, len(p.runs))
	for i, r := range p.runs {
		file, err := p.fit(r)
		if err != nil {
			return err
		}
		alone[i] = file
	}
	for from := 0; from < len(p.runs); {
		to, sum := from, 0
		for to < len(p.runs) && !over(to-from+1, p.limits.Runs) && (to == from || !over(sum+len(alone[to].Gzip), p.limits.Bytes)) {
			sum += len(alone[to].Gzip)
			to++
		}
		file := alone[from]
		for ; to-from > 1; to = from + (to-from)/2 {
			var err error
			if file, err = p.encode(p.runs[from:to]); err != nil {
				return err
			}
			if !over(len(file.Gzip), p.limits.Bytes) {
				break
			} // together larger than the sum of each alone: not seen, but not impossible
			file = alone[from]
		}
		out.Files = append(out.Files, file)
		from = to
	}
	return nil
}

// fit cuts a run until a file of it alone is small enough, and returns that
// file.
func (p *preparer) fit(r *shortRun) (File, error) {
	for {
		file, err := p.encode([]*shortRun{r})
		if err != nil {
			return File{}, err
		}
		size := len(file.Gzip)
		if !over(size, p.limits.Bytes) {
			return file, nil
		}
		if r.keep == 0 {
			return File{}, fmt.Errorf("the run %q has %d bytes without any result, more than the %d of a file", r.category, size, p.limits.Bytes)
		}
		// Results differ in size, so aim a little below and measure again.
		r.keep = min(r.keep-1, r.keep*p.limits.Bytes/size*19/20)
		r.tooLarge = true
	}
}

// encode writes and compresses a file of some runs. Equal runs give equal bytes.
func (p *preparer) encode(runs []*shortRun) (File, error) {
	var f File
	var list []byte
	for _, r := range runs {
		data, err := r.encode(p.limits)
		if err != nil {
			return File{}, fmt.Errorf("writing the run %q: %w", r.category, err)
		}
		list = append(append(list, ','), data...)
		f.Categories = append(f.Categories, r.category)
		f.Results += r.keep
	}
	list = append(append([]byte{'['}, list[1:]...), ']')
	data, err := p.log.with("runs", list).encode()
	if err != nil {
		return File{}, err
	}
	var buf bytes.Buffer
	z := gzip.NewWriter(&buf)
	if _, err := z.Write(append(data, '\n')); err != nil {
		return File{}, err
	}
	if err := z.Close(); err != nil {
		return File{}, err
	}
	f.Gzip = buf.Bytes()
	return f, nil
}

// sortLeftOut orders what one run lost: results first, the worst of them first.
func sortLeftOut(all []LeftOut) {
	order := []string{LeftOutResult, LeftOutRule, LeftOutLocation, LeftOutStep, LeftOutTag}
	slices.SortFunc(all, func(a, b LeftOut) int {
		return cmp.Or(
			cmp.Compare(slices.Index(order, a.What), slices.Index(order, b.What)),
			cmp.Compare(bandWeight(b.Band), bandWeight(a.Band)),
			strings.Compare(a.Rule, b.Rule),
		)
	})
}
