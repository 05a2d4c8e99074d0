// Package code holds staylisted's own rules over Go packages and the models
// they share. One file holds one rule: what it flags, what makes it safe, its
// CWE, score, control, help text, and the analyzer.
//
// # Contract
//
//		code.With(Options) ──► for each rule: Analyzer.Run(pass) ──► *Result
//		                                                                   └─ Hits
//		code.PackageFacts(Input) ──► Facts ──► Merge over packages ──► Facts.Evidence(complete)
//		                                                            └─► Facts.Authorisations()
//		code.Undeclared(items, declared) ──► findings of MKT801
//		code.CompareRoutes(routes, documents, complete) ──► findings of MKT211
//		code.Godebug(settings) ──► findings of MKT104 in go.mod
//
//	  - An analyzer sees one package: its syntax, its types and its SSA form. Of
//	    imported packages it sees declarations, never bodies. It needs the results
//	    of the analyzers it requires in Pass.ResultOf and nothing else: no facts, no
//	    flags, no files, no state between packages. Besides [inspect.Analyzer] and
//	    [buildssa.Analyzer] that is one analyzer that all rules of one call of
//	    [With] share; its result, a [*Package], holds the package's models, so that
//	    each is built once. A driver runs the rules over one package one after
//	    another, and makes a new [*Package] after a rule that did not end.
//	  - An analyzer returns a [*Result]. Result.Hits is what a driver reads: each
//	    hit carries its rule id (a variant's, such as "MKT601/work-factor"), its
//	    region, a message and the steps that lead to it. The same hits also go
//	    through Pass.Report, with the rule id as Category and the steps as Related,
//	    for drivers that know nothing but go/analysis (analysistest is one). A
//	    driver that reads Result may pass a Report that does nothing.
//	  - Hits come in the order of their positions, and two runs over the same
//	    package give the same hits.
//	  - A hit's Class is empty when the rule's own class holds; [rules.Review]
//	    when the analyzer saw the weakness but not everything it would need to be
//	    certain.
//	  - A driver that runs gosec too asks [Package.Judge] what the models here
//	    make of its findings.
//	  - Hits of MKT801 carry a [Service] and are no findings yet: a driver gathers
//	    them over all packages and asks [Undeclared] with the policy's services.
//	  - Hits of MKT211 carry a [Route] and are no findings either: a driver reads
//	    the repository's API documents and asks [CompareRoutes].
//
// # How values are followed
//
// Rules ask the flow model (flow.go) where a value comes from. It follows
// constants, concatenation, Sprintf, phi nodes, locals, struct fields, package
// variables, parameters and results inside one package, a bounded number of
// steps deep. What it cannot follow it says so, and rules of class violation
// stay silent then: a false violation costs a partner a day.
//
// # What a request brings
//
// input.go says what of net/http, the frameworks, sockets, gRPC, queues and
// decoded bodies others choose; taint.go follows it backwards from the calls in
// the tables of sinks.go, logsinks.go and the rules, down into the package's functions and up to their
// callers. sanitize.go knows what takes the danger out of a value, guards.go
// which checks on the way to a call do. A rule names the calls and the use; the
// index is shared. What only comes in through a parameter that other packages
// fill is doubtful, and such hits are for review.
//
// # Which routes there are
//
// routes.go lists method, pattern, handler and middleware of every route that is
// registered with net/http, chi, gorilla/mux, gin, echo, fiber and gRPC, through
// groups, sub-routers and wrappers; routers.go knows the frameworks,
// verifiers.go what proves who asks. What cannot be resolved is listed and
// counts as unprotected, never as safe.
//
// # How the code signs in at marketplaces
//
// oauthclients.go lists the calls by which the code gets or shows a token, with
// the marketplace and the grant, for the verifier run:oauth-clients. A host that
// no package writes down proves nothing.
//
// # What is a secret
//
// Rules about secrets ask the secret model (secrets.go and the files
// named secret*.go) whether an expression shows one: by its name, by the header,
// cookie or variable it is read from, by its type, or by what it is put together
// from. The model reads syntax, because local variables have their names only
// there, and it forgets what went through a redactor. logsinks.go says what a
// log is.
//
// # What gosec sees
//
// judgement.go and its neighbours give a second opinion on gosec's findings: a
// class and half a sentence, never silence.
//
// # What it never does
//
// It runs no code, opens no file, keeps no package-level state, and never puts
// the value of a literal that may be a secret into a message.
package code
