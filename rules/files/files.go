// Package files holds the rules over everything that is not Go code: secrets,
// workflows, pages and templates, images, migrations and API schemas.
package files

import (
	"context"
	"time"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/tree"
)

// Options say what [Scan] is to compare with.
type Options struct {
	Now time.Time
	// Services are hosts the policy declares, for the rule about undeclared ones.
	Services []string
	// History, when not nil, hands over every blob of the git history once.
	History func(ctx context.Context, each func(Blob) error) error
}

// A Blob is one version of a file in the git history.
type Blob struct {
	Commit string // 40 hex digits, the first commit that has it
	Path   string
	Data   []byte
}

// Scan looks at the files of a repository.
func Scan(ctx context.Context, t *tree.Tree, opts Options) rules.Gathered {
	var g rules.Gathered
	g.Add(secrets(ctx, t, opts))
	return g
}
