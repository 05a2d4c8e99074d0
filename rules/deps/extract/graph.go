package extract

import "slices"

// A graph says which package needs which. Nodes are whatever a lockfile tells
// its packages apart by.
type graph map[string][]string

// from returns every node that roots lead to, the roots among them.
func (g graph) from(roots []string) map[string]bool {
	seen := map[string]bool{}
	queue := slices.Clone(roots)
	for len(queue) > 0 {
		node := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		if seen[node] {
			continue
		}
		seen[node] = true
		queue = append(queue, g[node]...)
	}
	return seen
}

// scope is "production" for what ships and "test" for the rest.
func scope(ships bool) string {
	if ships {
		return "production"
	}
	return "test"
}
