package deps

import (
	_ "embed"
	"strings"
	"sync"
)

// spdxList holds the ids of the SPDX licence list
// (https://spdx.org/licenses/), one a line, those it calls deprecated among
// them.
//
//go:embed spdx.txt
var spdxList string

// spdxIDs maps the ids in lower case, in which they are compared, to their
// usual spelling.
var spdxIDs = sync.OnceValue(func() map[string]string {
	ids := map[string]string{}
	for id := range strings.FieldsSeq(spdxList) {
		ids[strings.ToLower(id)] = id
	}
	return ids
})

// LicenceIDs lists the ids of the SPDX licence list.
func LicenceIDs() []string { return strings.Fields(spdxList) }
