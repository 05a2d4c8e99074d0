// Package scan is the engine: a directory in, evidence out.
//
// # Data flow
//
//		discover ─► list ─► load ─► analyse ─► evidence
//		            (go list  (once)   gosec, own rules,
//		             once)             facts; per package, cached
//		                     └─► reachability, only when a vulnerable package is imported
//		advisory data ─► audit ──────────────┘
//
//	  - discover finds every module and workspace below the directory: nested
//	    modules, go.work, vendor folders.
//	  - list asks the go command once a module (or workspace) which packages
//	    there are, with the repository's own Go version and build settings.
//	  - load parses and type-checks every package of the main modules in full and
//	    their dependencies from source with function bodies cut away before
//	    parsing, so nothing is compiled and nothing is loaded that no declaration
//	    needs.
//	  - analyse runs gosec's rules, gosec's SSA analyzers and our own analyzers
//	    over one package at a time, on one SSA program a package.
//
// # Promises
//
//   - Every package and file that should have been analysed and was not is a
//     [rules.Gap]; a gap is never silent.
//   - A rule that panics or exceeds its time budget is a failed verifier by
//     name; the scan goes on.
//   - What gosec reports is looked at a second time by our own models and kept
//     with another class and the reason in its message where they know better,
//     never dropped. Of input and text (G107, G201, G202, G203, G204, G305, G701
//     to G706, G708, G710) the class is lowered unless the taint pass confirms it
//     at the same call. Of the rest G101, G108, G123, G124, G401, G402, G405,
//     G406, G407, G501 to G503 and G505 to G507 are weighed by what the value is
//     for and what depends on it; G401, G405 and G406 may be raised, to a violation where
//     a password, token or key is hashed or encrypted with a broken primitive.
//     A second look that does not end is a failed verifier (run:second-look),
//     and gosec's word stands.
//   - Results do not depend on scheduling, on the cache or on the order of files
//     in a folder.
//
// # What it never does
//
// It writes nothing below the scanned directory, runs no code of the
// repository, and sends nothing about the repository anywhere. It changes two
// things of the process: the garbage collector's settings, for the time of the
// run, and once the environment variable from which gosec takes the module's Go
// version; gosec keeps that for the life of the process, so repositories of
// different Go versions are best scanned by processes of their own.
package scan
