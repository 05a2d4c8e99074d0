// Package evidence reads what people say about a repository. Today that is the
// policy file, .github/staylisted.yml.
//
// # Contract
//
// [Find] looks for the file in a tree, [Parse] turns its bytes into a [File]
// or into every error it holds, and [File.Policy] hands the judgement the part
// it weighs.
//
//	fs.FS ─► Find ─► bytes ─► Parse(name, bytes, Known) ─┬─► *File ─► Policy() ─► rules.Assess
//	                                                    └─► ErrorList, one file:line:column each
//
// Parsing happens in four steps, each of which reports all it finds: the raw
// text (size, encoding, characters that mislead a reader), the YAML syntax, the
// shape every part must have (no anchors, aliases, tags or duplicate keys,
// bounded depth), and then the sections one by one against the keys they know.
// Only the first two can hide errors of later steps.
//
// # Promises
//
//   - Strict: a key that is not known is an error, never silently ignored, for
//     a misspelt "expires" must not turn into a suppression without end.
//   - Complete: all errors at once, sorted by position, each saying what is
//     wrong and what to write instead.
//   - A file with any error gives no File at all, so nobody judges with half a
//     policy.
//   - Time only ever helps: a file that is valid today stays valid tomorrow.
//     What has expired is not an error, it merely no longer counts.
//   - Nothing free is echoed: an error names the key, not the value, unless the
//     value is a short word of a closed list that cannot pass for a secret.
//
// # What it never does
//
// It reads no clock (Known.Now is the caller's), follows no symbolic link,
// resolves no host, opens no path the policy names, and trusts no word of it:
// the text comes from a repository and is hostile until proven dull.
package evidence
