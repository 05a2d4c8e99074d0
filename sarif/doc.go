// Package sarif writes findings as SARIF 2.1.0 that GitHub code scanning
// accepts.
//
// # Contract
//
// [Write] turns one report, the rules that ran and the catalogue into one SARIF
// file:
//
//	report.Coverage.Modules ─► one run a module, and one for the repository root
//	rules that ran ─► tool.driver.rules, whether they fired or not
//	catalogue ─► run.taxonomies, one a marketplace, one taxon a requirement
//	report.Findings ─► results ─► taxa of the requirements they speak to
//	report.Coverage.Gaps ─► invocation, executionSuccessful false, one notification each
//	source text ─► columns in UTF-16 code units, primaryLocationLineHash
//
// The run of the repository root is always there, also when no module lives in
// the root and nothing was found outside the modules: GitHub closes an alert
// only when a later upload of the same category no longer holds it, so the
// category must not go away with its last finding.
//
// [Prepare] makes uploads of what Write wrote:
//
//	file of Write ─► as few files as the limits allow, no category twice
//	results beyond a limit ─► the worst stay, the others are counted by rule and band
//	what was left out ─► Prepared.LeftOut, and a notification in its run
//
// The file of Write, whole, stays the evidence; an upload is what GitHub shows of
// it.
//
// # Promises
//
//   - Equal arguments give equal bytes. No clock is read; the only times in the
//     output are dates that the findings carry.
//   - Every result has one place inside the repository, as a relative,
//     percent-encoded URI below %SRCROOT%. A finding without such a place (a
//     setting, a probe) is not a result; the root's run says how many there were.
//   - A finding is never lost to its source text: a file that cannot be read
//     costs the columns and the line hash, not the result.
//   - Names and descriptions keep GitHub's limits and are never empty.
//   - partialFingerprints holds primaryLocationLineHash, computed to GitHub's
//     algorithm, and the finding key under [FingerprintKey].
//   - A scan with gaps never says that it succeeded.
//   - A prepared file keeps [GitHubLimits], measured on the compressed bytes that
//     are sent. What stays in it is as Write wrote it, fingerprints included; what
//     does not is named, in the run and to the caller. Nothing is cut silently.
//
// # What it never does
//
// It opens no file and dials nothing: the caller passes the way to read a
// source file. It never copies source text into the output. Text that comes
// from the repository or from an advisory is written as plain text, without
// control characters, and cannot form a link; Markdown is made of the metadata
// of our own rules only. [Write] does not cut; [Prepare] does, for an upload, and
// says what it cut.
//
// # Facts it rests on
//
// GitHub uses primaryLocationLineHash alone of all fingerprints, takes the text
// before the last slash of automationDetails.id as the category, refuses two
// runs of one category, reads security-severity from the rule as a string above
// 0.0, and opens alerts for suppressed results, which are therefore left out
// unless asked for (GitHub documentation, "SARIF support for code scanning").
package sarif
