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
//   - A finding of gosec's rules about input (G107, G204, G305, G702, G703, G704, G710)
//     that our own taint pass does not confirm at the same call is kept with a
//     lower class and the reason in its message, never dropped.
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
