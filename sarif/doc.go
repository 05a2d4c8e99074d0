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
// it. An [Uploader] brings it there:
//
//	Prepared.Files ─► POST, again after a 5xx or no answer ─► an id, or a refusal explained
//	ids ─► looked at after 5, 10, 20, 40, 80 seconds ─► complete, failed, or pending still
//	each file ─► one Outcome: a kind, a text for people, GitHub's reasons
//
// # Promises
//
//   - Equal arguments give Write and Prepare equal bytes. They read no clock; the
//     only times in the output are dates that the findings carry.
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
//     does not is named, in the run and to the caller. Prepare
//     cuts nothing silently.
//   - Whatever GitHub does to an upload is an [Outcome] and no error, and says
//     nothing of the findings: only UploadComplete means that they are shown. The
//     refusals share their status codes and are told apart by GitHub's words.
//   - An outcome holds no token, and GitHub's words only on one line, without
//     control characters, and short.
//   - The uploader never waits for a rate limit and never sends into one; it says
//     when to come back.
//
// # What it never does
//
// It opens no file: the caller passes the way to read a source file. Only the
// Uploader dials, through the client it is given. It never copies source text
// into the output. Text that comes
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
// unless asked for (GitHub documentation, "SARIF support for code scanning"). An
// analysis is replaced by the next of the same commit, ref, tool and category,
// which is why sending one again is safe. go-github v66 makes an error of
// GitHub's 202, knows rate limits by 403 but not by 429, and drops the reasons of
// a failed processing.
package sarif
