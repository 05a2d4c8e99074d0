// Package reports reads what other tools found: SARIF of any tool, the JSON and
// XML reports of ZAP, and the XML report of Burp Suite.
//
// # Contract
//
//	files ─► Read ─► kind by content ─┬─► SARIF: one run a tool ─► findings, languages it vouches for
//	                                 └─► ZAP, Burp: one site a host ─► findings, proof of a dynamic scan
//
// A finding of another tool speaks to the controls that the catalogue lets
// import:sarif vouch for, by its CWE; without one the tool and rule decide
// (mapping.go). What fits nothing is informational.
//
// # Promises
//
//   - One file that cannot be read costs itself alone: it makes its verifier
//     broken, by name and reason, and every other file counts.
//   - Inside a SARIF file a result of the wrong shape costs itself alone.
//   - Silence counts only where it means something: for an analysis bound to the
//     scanned commit, that ended well, in a language it reads, and for the CWEs
//     its rules name. What an unbound file finds counts; its silence does not.
//   - A dynamic scan proves something only about a declared host whose ownership
//     is proved, made after the last release.
//   - Nothing of a request or an answer is kept: no header, no body, no
//     parameter's value, no evidence. Messages are made of the tool's name and
//     its rule's title, never of a result's own text, in which secrets stand.
//
// # What it never does
//
// It opens no file and no connection, follows no reference of a document (an XML
// entity is an error), and reads no clock.
package reports
