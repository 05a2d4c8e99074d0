// Command score measures the rules on code that others annotated.
//
//	score -staylisted BIN -manifest FILE -corpora DIR [-work DIR] [-table FILE] [-misses FILE] [-data FILE]
//
// Input are the rows of a manifest: a file, a line, a topic and whether a flaw
// of that topic is there ("positive") or only looks like it ("negative"). Rows
// marked todo-* are those their own source gets wrong; they are left out. The
// files themselves lie below DIR. To them come the samples that gosec's own
// tests use, read from the source of the gosec module.
//
// Data flow: prepare (modules around single files) → scan (the staylisted
// program, once a group) → match (a row against findings of its topic) → print.
//
// A group is scored in up to two parts that are never mixed: files the program
// analysed, and files it could not (they do not parse, do not type-check, or
// need a module that is not here). For the second part gosec's syntax rules run
// over whatever types can be had; that is what a scanner without types sees.
//
// Before is gosec alone: every finding of its rules, of whatever class, because
// that is what gosec prints. After is what staylisted reports as violation or for
// review, gosec's rules re-judged and our own together. Findings at places
// without a row count neither for nor against a rule: nobody said what is there.
//
// It never changes the annotated files, and prints places and rule ids only:
// the files belong to others.
package main
