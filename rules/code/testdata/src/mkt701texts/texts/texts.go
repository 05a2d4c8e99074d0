// Package texts is another package, which reads texts.
package texts

import "errors"

type Importer struct{}

func (*Importer) SanitizeEmail(email string) (string, error) { return email, errors.New("invalid") }

func ParseSchedule(schedule string, seconds bool) (int, error) { return 0, errors.New("invalid") }

func ValidateDomain(domain []byte) error { return errors.New("invalid") }

type Store struct{}

func (*Store) ValidateToken(token string) error { return errors.New("pq: no connection") }

func ParseTemplateFile(name string) error { return errors.New("open /srv/app/mail.tmpl") }

func ParsePage(s *Store, page string) error { return errors.New("pq: no connection") }

func FindEmail(email string) error { return errors.New("pq: no connection") }
