package sarif

// Limits are what a server takes and shows of an upload. A field that is not
// positive means no such limit.
type Limits struct {
	Bytes         int // of one file, compressed with gzip
	Runs          int // in one file
	Results       int // in one run
	Rules         int // in one run
	Tags          int // on one rule
	Locations     int // of one result
	FlowLocations int // steps of one result, in all its flows together
}

// GitHubLimits returns what GitHub keeps of an upload. Where GitHub takes more
// than it shows, the lower number stands here: it takes 25,000 results a run and
// shows 5,000, takes 1,000 locations a result and shows 100, takes 10,000 steps
// and shows 1,000, and which of them it shows is its own choice; what we cut is
// named, and the worst stays. It takes 20 tags and shows 10, but our rules have
// theirs in the order of what people look for. Its "10 MB" are read as
// 10,000,000 bytes, the stricter of the two readings (GitHub documentation,
// "SARIF support for code scanning" and "SARIF results exceed one or more
// limits").
func GitHubLimits() Limits {
	return Limits{Bytes: 10_000_000, Runs: 20, Results: 5000, Rules: 25_000, Tags: maxTags, Locations: 100, FlowLocations: 1000}
}

// over reports whether n is more than the limit allows.
func over(n, limit int) bool { return limit > 0 && n > limit }
