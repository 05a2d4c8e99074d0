package probe

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// The two places that may say whose a host is.
const (
	ownershipPath = "/.well-known/staylisted.json"
	ownershipName = "_staylisted."
)

// maxOwners bounds how many repositories one host may name.
const maxOwners = 50

var fullName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}$`)

// ParseOwnership reads /.well-known/staylisted.json: an object with the
// repository's full name and its number on GitHub, one of which may be left
// out, or a list of such objects. Other keys are ignored.
func ParseOwnership(body []byte) ([]Repository, error) {
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")))
	if len(body) > 64<<10 {
		return nil, errors.New("it is larger than 64 KiB")
	}
	d := json.NewDecoder(bytes.NewReader(body))
	var list []Repository
	var err error
	if bytes.HasPrefix(body, []byte("[")) {
		err = d.Decode(&list)
	} else {
		list = make([]Repository, 1)
		err = d.Decode(&list[0])
	}
	if err != nil {
		return nil, errors.New("it is not the JSON that is expected")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something stands after the end of the JSON")
	}
	if len(list) > maxOwners {
		return nil, fmt.Errorf("it names more than %d repositories", maxOwners)
	}
	for _, r := range list {
		if err := r.check(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// ParseOwnershipTXT reads one TXT record of _staylisted: key=value pairs, set
// apart by spaces or semicolons.
func ParseOwnershipTXT(text string) (Repository, error) {
	var r Repository
	for word := range strings.FieldsFuncSeq(text, func(c rune) bool { return asciiSpace(c) || c == ';' }) {
		key, value, _ := strings.Cut(word, "=")
		switch strings.ToLower(key) {
		case "repository":
			r.Name = value
		case "repository_id":
			id, err := strconv.ParseInt(value, 10, 64)
			if err != nil {
				return Repository{}, errors.New("its repository_id is not a number")
			}
			r.ID = id
		}
	}
	return r, r.check()
}

func (r Repository) check() error {
	switch {
	case r.Name == "" && r.ID == 0:
		return errors.New("it names no repository")
	case r.Name != "" && !fullName.MatchString(r.Name):
		return errors.New("its repository is not written as OWNER/NAME")
	case r.ID < 0:
		return errors.New("its repository_id is not a number of GitHub's")
	}
	return nil
}

// is reports whether a host that names r means the repository asked for. Where
// both know the number, it alone decides: a name can be given up and taken by
// somebody else.
func (r Repository) is(asked Repository) bool {
	if r.ID != 0 && asked.ID != 0 {
		return r.ID == asked.ID
	}
	return sameRepository(r.Name, asked.Name)
}

// owned reports whether a host has proved to belong to the repository.
func (h *Host) owned(asked Repository) bool {
	for _, p := range []*Proof{h.Document, h.TXT} {
		if p == nil {
			continue
		}
		for _, named := range p.Names {
			if named.is(asked) {
				return true
			}
		}
	}
	return false
}

// snippet is the document that would prove ownership.
func (r Repository) snippet() string {
	if r.Name == "" {
		r.Name = "OWNER/NAME"
	}
	text, err := json.Marshal(r)
	if err != nil {
		return ""
	}
	return string(text) + "\n"
}
