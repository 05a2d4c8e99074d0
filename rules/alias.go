package rules

import (
	"cmp"
	"slices"
	"strings"
)

// Aliases
//
// One vulnerability has many names: GO-…, GHSA-…, CVE-…. Records name each
// other as aliases, often in one direction only and seldom completely, so the
// alias set is the symmetric and transitive closure of what the records say.
// Two records are the same finding when their names lie in one alias set and
// they speak of the same package; `related` and `upstream` references say that
// things belong together, not that they are the same, and are never given to
// MergeAliases.

// An AliasRecord is one advisory as one database names it.
type AliasRecord struct {
	ID      string   // "GO-2026-4337"
	Aliases []string // other names of the same vulnerability; never `related` or `upstream`
	Package string   // module or package name in its ecosystem
}

// An AliasSet is one vulnerability of one package under all its names.
type AliasSet struct {
	IDs     []string // every name of the vulnerability, sorted
	Package string
	Records []int // indices of the records that are this finding, ascending
}

// MergeAliases groups records into findings. The result is sorted by package
// and names and does not depend on the order of the records. Records without
// any name stay alone.
func MergeAliases(records []AliasRecord) []AliasSet {
	parent := map[string]string{}
	var root func(id string) string
	root = func(id string) string {
		up, known := parent[id]
		if !known {
			parent[id] = id
			return id
		}
		if up == id {
			return id
		}
		top := root(up)
		parent[id] = top
		return top
	}
	names := func(r AliasRecord) []string {
		var ids []string
		for _, id := range append([]string{r.ID}, r.Aliases...) {
			if id = strings.TrimSpace(id); id != "" {
				ids = append(ids, id)
			}
		}
		return ids
	}
	for _, r := range records {
		ids := names(r)
		for _, id := range ids {
			// The smaller name becomes the root, which keeps the result
			// independent of the order.
			a, b := root(ids[0]), root(id)
			parent[max(a, b)] = min(a, b)
		}
	}
	members := map[string][]string{}
	for id := range parent {
		members[root(id)] = append(members[root(id)], id)
	}

	type key struct{ root, pkg string }
	at := map[key]int{}
	var sets []AliasSet
	for i, r := range records {
		ids := names(r)
		if len(ids) == 0 {
			sets = append(sets, AliasSet{Package: r.Package, Records: []int{i}})
			continue
		}
		k := key{root(ids[0]), r.Package}
		j, found := at[k]
		if !found {
			j = len(sets)
			at[k] = j
			ids := members[k.root]
			slices.Sort(ids)
			sets = append(sets, AliasSet{IDs: slices.Clone(ids), Package: r.Package})
		}
		sets[j].Records = append(sets[j].Records, i)
	}
	slices.SortStableFunc(sets, func(a, b AliasSet) int {
		return cmp.Or(cmp.Compare(a.Package, b.Package), slices.Compare(a.IDs, b.IDs))
	})
	return sets
}
