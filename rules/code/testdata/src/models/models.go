// Package models is another package of the same module.
package models

type Member struct {
	ID    string
	Email string
	Role  string
}

func (m *Member) BeforeCreate() error {
	m.ID = "new"
	return nil
}

type Note struct {
	ID   string
	Text string
}

func (n *Note) Prepare() { n.ID = "" }
