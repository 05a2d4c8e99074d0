// Package posture says what a repository's settings on GitHub say.
//
//	GitHub ─► Read ─► Settings ─┬─► Judge(settings, now) ─► rules.Gathered
//	                            └─► JSON ─► Decode ─► the same
//
// [Read] asks GitHub's REST API for every row of catalogue §2.6 and writes the
// answers down. [Judge] is a pure function of what was written down and an
// instant: a recorded answer judged twice gives the same evidence.
//
// # Promises
//
//   - Every row is asked and kept by itself ([Answer]): a call that fails hides no
//     other. Only a rate limit and a refused token stop the rest, because asking on
//     would make it worse; the rows that were not asked say so, with the time from
//     which asking works again.
//   - What GitHub does not show is not known. A permission that is missing gives a
//     verifier that did not run, with the permission's name and the attestation
//     that can stand in, never a finding. GitHub answers 404 both for "off" and for
//     "not yours to see"; it counts as off only where GitHub's message says so.
//   - What a private repository cannot have without a paid product is not held
//     against it.
//   - Few requests: about thirty-five, one for each of at most thirty sampled pull
//     requests, and up to three for each of at most thirty commits of the policy
//     file (69 for a repository with forty pull requests). Pages are bounded, and a
//     list that was cut is no complete answer.
//   - The token of a client made by [NewClient] goes to one host.
//   - No secret is read: alerts are listed with the secret hidden, and the type they
//     are decoded into has no place for it. The summary and description of a private
//     advisory are not read either.
//   - Text of GitHub's answers is as hostile as a file of the repository: sizes are
//     bounded and control characters are taken out.
//
// # Recorded settings
//
// The JSON of [Settings] is written by `staylisted settings` and read by
// `staylisted scan --settings FILE`. Every row has a state:
//
//	{
//	  "version": 1,
//	  "repository": "partner/app",
//	  "read_at": "2026-11-21T17:24:00Z",
//	  "web": "https://github.com/partner/app",
//	  "about": {"state": "answered", "value": {"private": false, "owner_type": "Organization", "default_branch": "main"}},
//	  "rules": {"state": "answered", "value": [{"type": "pull_request", "approvals": 1, "dismiss_stale": true}]},
//	  "protection": {"state": "permission-missing", "permission": "administration: read", "reason": "GitHub does not show …"},
//	  "private_reporting": {"state": "not-available", "reason": "…"},
//	  "workflow_token": {"state": "failed", "reason": "GitHub answered 502 …"},
//	  …
//	}
//
// A row that is left out was not asked. [Decode] refuses keys it does not know,
// states and times that cannot be, and files over [MaxSize]. Settings count for
// seven days from read_at.
//
// The package never writes to GitHub, reads no clock and opens no file.
package posture
