// Package deps says which known vulnerabilities a program's dependencies carry.
//
// # Contract
//
// A [Database] is advisory data in OSV form. [Audit] holds a list of modules
// against it and returns one [Hit] for each (alias set of advisories × module)
// that is affected, together with everything it could not judge. A hit names
// the vulnerable packages and symbols, so that an engine that has the program
// at hand can say how deep the program reaches into them; [Result.Findings]
// turns hits and that answer into findings.
//
//	folder, zip, Go vulnerability database ─► Open ─┐
//	vuln.go.dev, osv.dev ─► Fetcher ─► cache ─► Open ─┴► Join ─► Database ─┐
//	go list: modules, imported packages, platform ─► Query ────────────────┼─► Audit ─► Result
//	lockfiles ─► rules/deps/extract ─► Query ──────────────────────────────┤
//	the caller's clock ─► now ─────────────────────────────────────────────┘      │
//	                        GitHub's scores ─► Result.Enrich ─────────────────────┤
//	                        the engine's call paths ─► Result.Findings ◄──────────┘
//
// # What counts as affected
//
//   - An advisory affects a module when any record of its alias set that names
//     the module says so: a record that says "affected" is believed.
//   - The packages and platforms a module is vulnerable in come from the records
//     that name packages (the Go vulnerability database does, GitHub's does
//     not). If all of them are for other platforms, nothing is affected.
//   - A replaced module is judged by its replacement. A replacement by a folder
//     has no version: nothing can be held against it, and that is said.
//   - Packages of other ecosystems ([Ecosystems]) are held against records of
//     their ecosystem alone, under the name and in the order of versions that it
//     knows; no call path is sought in them.
//   - Reachability orders work and never removes a finding. One whose
//     vulnerable packages are not even compiled in is for review: it still
//     keeps a requirement from passing until somebody says why it is harmless.
//
// # Promises
//
//   - What cannot be read or judged (a malformed entry, an unparsable version,
//     data without a date or older than [MaxAge]) is a gap, and a gap makes the
//     run incomplete: unknown is never green.
//   - Equal (data, query, now) give equal results in equal order.
//   - Open and Fetcher survive hostile input: sizes, counts and names are
//     bounded, links out of a folder are refused, a bad download never replaces
//     a good one.
//
// # What it never does
//
// It reads no clock ([Audit] and [Fetcher.Fetch] are given now), analyses no
// code, runs no command, writes nothing but the cache folder it was given, and
// never sends names of packages or repositories anywhere; [GitHub] asks for
// public advisory ids only.
package deps
