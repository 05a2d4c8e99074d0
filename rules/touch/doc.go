// Package touch says what a change touches: the files before and after go in,
// the signals T1 to T12 of catalogue §6 come out.
//
//	[]File ─► Compute ─► Result{Level, Signals, Skipped, Truncated}
//	   ▲
//	   ├─ whole files, as git has them (the Action, a laptop)
//	   └─ Patch, FromDiff: the lines of a patch (the bot, which has only those)
//
// It reads syntax and nothing else. No build, no types, no module cache: so the
// Action and the bot give the same answer to the same files, and the bot links
// no analyser. Go files are parsed and compared statement by statement, a
// declaration with its earlier self wherever it stands; the files of other
// languages are compared line by line with comments and blanks taken out. What
// is left after formatting, comments, wording of messages, moved functions and
// renamed local variables are taken away is a changed statement, and only those
// are judged.
//
// # Promises
//
//   - A signal names a place, what changed there in a few words, the requirements
//     in play and the question for the reviewer. Of the repository's text it carries
//     names, paths of routes and modules, and the numbers, durations and constants
//     that options are set to. Of a secret ([T12]) only the kind is named, and what
//     has the form of one is taken out of names and paths.
//   - Every file that was not compared is in [Result].Skipped or Truncated with the
//     reason. An empty list of signals with something in Truncated is not an answer.
//   - Pure: equal arguments give equal results. Bounded: at most [MaxFiles] files
//     are compared and [MaxTotal] bytes, a file over [MaxSize] is only named.
//
// # What it cannot see
//
// A syntactic judgement does not know types or who calls whom. With whole files
// it knows the whole function around a change; with a patch ([Patch]) only the
// lines the patch shows, so a function whose name stands outside the patch is
// taken from the hunk's heading, a check whose refusal is further away than the
// context is not recognised as one, and Go is compared by lines like every other
// language.
//
// The package judges nothing as right or wrong: a signal is a question for a
// person, never a finding. It renders nothing, reads no clock and opens no file.
// Paths, and the names in Symbol and What, are text of the repository: they are
// short and hold no control characters, and the caller must escape them for the
// place it writes them to.
package touch
