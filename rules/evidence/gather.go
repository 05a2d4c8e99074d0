package evidence

import (
	"strings"
	"time"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/tree"
)

// An Input is what people's evidence is held against.
type Input struct {
	Catalogue *rules.Catalogue
	File      *File // nil without a policy file
	Tree      *tree.Tree
	// Facts are what the scan computed: routes, hosts, stores, names of data.
	Facts []rules.Fact
	// Authorised are the ways the code is seen to be authorised at marketplaces:
	// the name is the marketplace and the grant ("apollo:oauth2-code"), as package
	// code lists them.
	Authorised []rules.Item
	// Blame returns the hash of the commit that last changed a line of a file, and
	// when that was; ok is false where git does not tell.
	Blame func(path string, line int) (commit string, at time.Time, ok bool)
	// Commits are what GitHub says of commits, by hash.
	Commits map[string]Commit
	// People says by handle ("@login", "@org/team") who can read the repository.
	People map[string]rules.Ternary
	Now    time.Time
}

// access says whether a person or team can read the repository. Logins have no
// case on GitHub.
func (in *Input) access(handle string) rules.Ternary {
	for name, access := range in.People {
		if strings.EqualFold(strings.TrimPrefix(name, "@"), strings.TrimPrefix(handle, "@")) {
			return access
		}
	}
	return rules.Undecided
}

// A Commit is what GitHub knows of a commit that changed the policy file.
type Commit struct {
	Author        string
	Verified      rules.Ternary
	Approvers     []string
	OwnerApproved rules.Ternary
}

// Rules describes what documents and declarations can be flagged for.
func Rules() []rules.Rule { return append(policyRules(), documentRules()...) }

// Gather weighs documents, declarations and statements.
func Gather(in Input) rules.Gathered {
	var g rules.Gathered
	g.Add(documents(&in))
	g.Add(declarations(&in))
	g.Add(statements(&in))
	return g
}
