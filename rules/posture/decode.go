package posture

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"time"

	"github.com/staylisted/staylisted/rules"
)

// MaxSize is the largest recorded form [Decode] reads, in bytes.
const MaxSize = 8 << 20

var (
	repositoryName = regexp.MustCompile(`^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})/[A-Za-z0-9._-]{1,100}$`)
	webAddress     = regexp.MustCompile(`^https://[A-Za-z0-9.-]+(?::[0-9]{1,5})?/[A-Za-z0-9._-]+/[A-Za-z0-9._-]+$`)
	commitHash     = regexp.MustCompile(`^[0-9a-f]{40}(?:[0-9a-f]{24})?$`)
)

// Decode reads recorded settings. It is strict: a key it does not know or that is
// there twice, a state or date that cannot be, or anything after the object is an
// error, so that a mistyped recording never judges as if a row had been answered.
func Decode(data []byte) (*Settings, error) {
	if len(data) > MaxSize {
		return nil, fmt.Errorf("the recorded settings are larger than %d MiB; record them again with `staylisted settings`", MaxSize>>20)
	}
	if err := noDuplicates(data); err != nil {
		return nil, fmt.Errorf("reading recorded settings: %w; record them again with `staylisted settings`", err)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	s := new(Settings)
	err := d.Decode(s)
	if err == nil {
		if _, more := d.Token(); more != io.EOF {
			err = errors.New("something follows the object")
		}
	}
	if err == nil {
		err = s.check()
	}
	if err != nil {
		return nil, fmt.Errorf("reading recorded settings: %s; record them again with `staylisted settings`", plain(err.Error(), 300))
	}
	return s, nil
}

// check finds what no reading of GitHub could have written.
func (s *Settings) check() error {
	switch {
	case s.Version != Version:
		return fmt.Errorf("version is %d, this program reads version %d", s.Version, Version)
	case !repositoryName.MatchString(s.Repository):
		return fmt.Errorf("repository %q is not OWNER/NAME", s.Repository)
	case s.Web != "" && !webAddress.MatchString(s.Web):
		return fmt.Errorf("web %q is not https://HOST/OWNER/NAME", s.Web)
	case s.ReadAt.IsZero() || s.ReadAt.Year() < 2000 || s.ReadAt.Year() > 9999:
		return errors.New("read_at does not say when GitHub was asked")
	}
	for _, r := range s.rows() {
		switch r.State {
		case NotAsked, Answered, Unavailable, Failed:
		case Denied:
			if r.Permission == "" {
				return fmt.Errorf("%s: permission-missing does not name the permission", r.name)
			}
		default:
			return fmt.Errorf("%s: there is no state %q (there are answered, permission-missing, not-available, failed)", r.name, string(r.State))
		}
	}
	for handle, access := range s.People {
		if !decided(access) && access != rules.Undecided {
			return fmt.Errorf("people: %q is %q, not true, false or empty", handle, access)
		}
	}
	for hash, c := range s.PolicyCommits {
		if !commitHash.MatchString(hash) {
			return fmt.Errorf("policy_commits: %q is no commit", hash)
		}
		if !slices.Contains([]rules.Ternary{rules.True, rules.False, rules.Undecided}, c.Verified) || !slices.Contains([]rules.Ternary{rules.True, rules.False, rules.Undecided}, c.OwnerApproved) {
			return fmt.Errorf("policy_commits: %s: verified and owner_approved are true, false or empty", hash)
		}
	}
	if t := s.Organization.Value.TwoFactor; !decided(t) && t != rules.Undecided {
		return fmt.Errorf("organization: two_factor is %q, not true, false or empty", t)
	}
	for _, a := range s.DepAlerts.Value {
		if len(a.IDs) == 0 || a.Package == "" {
			return errors.New("dependabot_alerts: an alert names no advisory or no package")
		}
		for _, id := range a.IDs {
			if !advisoryID(id) {
				return fmt.Errorf("dependabot_alerts: %q is no advisory", plain(id, 60))
			}
		}
	}
	for _, when := range s.dates() {
		if when.IsZero() || when.Year() > 9999 {
			return errors.New("an alert, advisory or pull request has no date")
		}
	}
	return nil
}

// dates lists every date that a clock may start at.
func (s *Settings) dates() []time.Time {
	var all []time.Time
	for _, a := range s.SecretAlerts.Value {
		all = append(all, a.Created)
	}
	for _, a := range s.DepAlerts.Value {
		all = append(all, a.Created)
	}
	for _, a := range s.CodeAlerts.Value {
		all = append(all, a.Created)
	}
	for _, a := range s.Advisories.Value {
		all = append(all, a.Created)
	}
	for _, p := range s.Reviews.Value {
		all = append(all, p.MergedAt)
	}
	return all
}

func decided(t rules.Ternary) bool { return t == rules.True || t == rules.False }

// noDuplicates refuses an object that has a key twice: package encoding/json
// takes the last one and says nothing.
func noDuplicates(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	type level struct {
		keys map[string]bool // nil in a list
		key  bool            // a key comes next
	}
	var stack []level
	value := func() { // a value has ended
		if n := len(stack); n > 0 && stack[n-1].keys != nil {
			stack[n-1].key = true
		}
	}
	for {
		token, err := d.Token()
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return errors.New(plain(err.Error(), 200))
		}
		switch t := token.(type) {
		case json.Delim:
			switch t {
			case '{':
				stack = append(stack, level{keys: map[string]bool{}, key: true})
			case '[':
				stack = append(stack, level{})
			default:
				stack = stack[:len(stack)-1]
				value()
			}
			if len(stack) > 64 {
				return errors.New("it is nested too deeply")
			}
		default:
			if n := len(stack); n > 0 && stack[n-1].key {
				name, _ := t.(string)
				if stack[n-1].keys[name] {
					return fmt.Errorf("the key %q is there twice", plain(name, 60))
				}
				stack[n-1].keys[name], stack[n-1].key = true, false
				continue
			}
			value()
		}
	}
}
