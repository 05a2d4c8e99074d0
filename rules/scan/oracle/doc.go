// Package oracle is the test-only home of small programs that run the
// scanners staylisted is measured against, through their own public entry
// points, so that the engine's answers can be compared with theirs.
//
//   - gosecoracle: gosec v2.30.0, one [gosec.Analyzer.Process] over the
//     directories its own command would choose, suppression comments ignored,
//     every rule and every analyzer on;
//   - govulnoracle: govulncheck v1.9.0 through [golang.org/x/vuln/scan], one
//     line an advisory with the level it reached;
//   - score: precision and recall of staylisted, and of gosec alone, on code that
//     others annotated.
//
// It is a module of its own: neither scanner's command line, nor the replace
// directive govulncheck needs, may enter the product's module graph. Nothing
// imports it, and it imports nothing of ours except, in its test, the fixtures
// of rules/scan/reach by path.
//
// The first two write JSON lines, sorted, paths relative to the scanned
// directory with forward slashes, and exit 0 whenever the scanner itself ran
// to its end: findings are not an error here. README.md lists the commands.
package oracle
