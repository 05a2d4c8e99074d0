// Package rules holds the words of staylisted and the judgement over them.
//
// # Contract
//
// A marketplace publishes requirements. A requirement names controls; a
// control is evaluated once and may serve several requirements, each with its
// own parameters. Verifiers (rules, audits, documents, settings, probes,
// people) look at one commit and leave evidence: findings, observations and a
// record that they ran to the end. [Assess] turns (catalogue, evidence, now)
// into one assessment a requirement and one standing a marketplace.
//
//	gatherers ─► Evidence ─┐
//	rules/catalog ─► Catalogue ─┼─► Assess(catalogue, evidence, now) ─► Report
//	a clock the caller reads ─► now ─┘
//
// # Promises
//
//   - [Unknown] is the zero [Verdict] and never counts as green. A verifier
//     that is not built, did not run or did not see the whole commit makes its
//     controls unknown, by name.
//   - Assess is pure: equal arguments give equal results, byte for byte once
//     written down.
//   - Every assessment carries the instant at which its verdict next changes
//     without any new evidence, so a caller may sleep exactly that long.
//   - A finding keeps its identity through moved lines; see [CodeKey] and
//     [AdvisoryKey].
//
// # What it never does
//
// It reads no clock, opens no file, dials nothing, starts no goroutine and
// keeps no state. It knows nothing of Go packages, GitHub or SARIF.
package rules
