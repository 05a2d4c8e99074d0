// Command staylisted tells whether a repository keeps the security rules of the
// marketplaces it is listed on, how it knows, and what it could not verify.
//
// # Data flow
//
//	arguments ─► command ─► scan.Run ─► rules.Assess ─► report ─┬─► text, JSON or Markdown on standard output
//	                                                            ├─► --report FILE, --sarif FILE
//	                                                            └─► exit code
//
// main is a few lines around [run], which receives everything of the process
// it may use. The parts:
//
//   - command.go: the commands, their flags and help; suggestions for typos.
//   - exit.go: what each exit code means and which error leads to it.
//   - printer.go: the one place where text becomes safe for a terminal and a
//     workflow's log, gets its colours and is broken to the width.
//   - files.go: where --report and --sarif lead, and how those files are written.
//   - text.go, markdown.go, json.go: a report in three forms.
//   - scan.go, sbom.go, explain.go, requirements.go, rules.go, due.go: one command each.
//
// # Promises
//
//   - Standard output holds the result and nothing else; progress, warnings and
//     errors go to standard error.
//   - Colour and progress appear on a terminal only.
//   - A file is written whole or not at all; devices and pipes are not replaced.
//   - Text of the repository never reaches a terminal or a Markdown page
//     unescaped, and no line printed is a workflow command.
//
// # What it never does
//
// It judges nothing: every verdict, date and reason comes from package rules.
package main
