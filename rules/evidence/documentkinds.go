package evidence

import (
	"cmp"
	"slices"
	"strings"
)

// minWords is how many words a section needs to say something (catalogue §2.9).
const minWords = 25

// A documentKind is one kind of evidence document: what it must have and which
// control it proves.
type documentKind struct {
	id       string // "architecture"
	title    string // "Architecture"
	path     string // where a new one goes
	control  string
	sections []sectionKind
	// more are sections that the document may lack: other controls ask for them.
	more []sectionKind
}

// A sectionKind is one required section. Headings are matched by whole words in
// lower case and singular.
type sectionKind struct {
	heading string   // as a skeleton has it
	also    []string // what people call it as well
	// guide is the skeleton's sentence; alone it counts as nothing.
	guide string
}

func (k *documentKind) verifier() string { return "document:" + k.id }

// documentKindOf returns the kind of an id, or nil.
func documentKindOf(id string) *documentKind {
	if i := slices.IndexFunc(documentTable, func(k documentKind) bool { return k.id == id }); i >= 0 {
		return &documentTable[i]
	}
	return nil
}

// A sectionName is one name of a section.
type sectionName struct {
	words   []string
	section int // index in all()
}

// names returns all names of the kind's sections, longer ones first.
func (k *documentKind) names() []sectionName {
	var names []sectionName
	for i, s := range k.all() {
		for _, n := range append([]string{s.heading}, s.also...) {
			names = append(names, sectionName{wordsOf(n), i})
		}
	}
	slices.SortStableFunc(names, func(a, b sectionName) int { return cmp.Compare(len(b.words), len(a.words)) })
	return names
}

// maxTitle is how many words of a heading are looked at.
const maxTitle = 40

// serves returns the indices of the sections that a heading names (more come
// after the required ones). A longer name takes its words away from shorter ones:
// "attack surface" is no attack.
func serves(names []sectionName, words []string) []int {
	words = words[:min(len(words), maxTitle)]
	if phraseAt(words, []string{"out", "of", "scope"}) >= 0 || phraseAt(words, []string{"non", "goal"}) >= 0 {
		return nil
	}
	left := slices.Clone(words)
	var found []int
	for _, n := range names {
		at := phraseAt(left, n.words)
		if at < 0 {
			continue
		}
		for i := range n.words {
			left[at+i] = ""
		}
		if !slices.Contains(found, n.section) {
			found = append(found, n.section)
		}
	}
	return found
}

func (k *documentKind) all() []sectionKind { return slices.Concat(k.sections, k.more) }

func commas(s string) []string {
	out := strings.Split(s, ",")
	for i := range out {
		out[i] = strings.TrimSpace(out[i])
	}
	return out
}

// documentTable is catalogue §2.9, with the controls of §2.2. It is read-only.
var documentTable = []documentKind{
	{"architecture", "Architecture", "docs/architecture.md", "architecture-doc", []sectionKind{
		{"Components", commas("building block, container, module, subsystem, service, system overview, tech stack, technology stack"), "Name each program, store and queue, what it does and where it runs."},
		{"Authentication flows", commas("authentication, authn, auth, auth flow, login flow, login, sign in, authorization flow, identity"), "Say step by step how people and machines prove who they are, which tokens are issued and how long they live."},
		{"APIs", commas("interface, endpoint, public route, route, api, rest api, public api"), "List the routes the product serves, who may call each and what it returns."},
		{"Data flows", commas("data path, dataflow, information flow, flow of data"), "Say which data goes from where to where, and what protects it on the way and at rest."},
		{"Integration points", commas("integration, external service, external system, external dependency, outside service, third party, third party service"), "Name each outside service, why it is called and how the product is authorised there."},
		{"Security controls", commas("security measure, security, safeguard"), "Say what protects the product: access control, encryption, secrets, logging, updates."},
	}, []sectionKind{
		{"Tenant isolation", commas("isolation, data segregation, segregation, multi tenancy, multitenancy, tenancy, tenant separation, data separation, customer separation, separation of customer"), "Say what keeps one customer's data away from another's: in the store, in queries, in caches and in background work."},
	}},
	{"threat-model", "Threat model", "docs/threat-model.md", "threat-model", []sectionKind{
		{"Assets", commas("what we protect, what is protected"), "List what an attacker would want: tokens, personal data, the ability to act for a customer."},
		{"Entry points", commas("entrypoint, attack surface, interface, entry exit point, attack vector"), "List every way in: routes, webhooks, queues, consoles, build and deployment."},
		{"Trust boundaries", commas("trust zone, security boundary, boundary"), "Say where data crosses from one level of trust to another, and what checks it there."},
		{"Threats", commas("stride, attack, abuse case, risk, attacker"), "For each boundary say what can go wrong: spoofing, tampering, repudiation, disclosure, denial of service, elevation."},
		{"Mitigations", commas("mitigation, countermeasure, control, treatment, decision, safeguard"), "For each threat say what is done about it, or who accepted it and why."},
	}, nil},
	{"retention", "Data retention and deletion", "docs/retention.md", "retention-deletion", []sectionKind{
		{"Retention periods", commas("period, retention, how long, retention schedule, schedule"), "Give a period as an ISO 8601 duration for each class of data, under the names of the policy file."},
		{"Deletion procedure", commas("deletion, erasure, disposal, secure deletion, how data is deleted, deleting, delete, purge, purging, destruction, data removal"), "Say what deletes data when its period ends or a customer leaves, how fast, and how it is verified."},
		{"Backups", commas("back up"), "Say how long backups keep deleted data and how they are deleted themselves."},
	}, nil},
	{"incident-response", "Incident response", "docs/incident-response.md", "incident-response", []sectionKind{
		{"Roles", commas("responsibility, team, who does what"), "Say who leads, who decides, who talks to customers, and who stands in for each."},
		{"Severity levels", commas("severity, classification, priority"), "Define each level by its effect, and how fast it is worked on."},
		{"Contact tree", commas("contact, escalation, escalation path, call tree, on call"), "Say who calls whom in which order, with ways to reach them at night."},
		{"Steps", commas("procedure, response process, runbook, playbook, phase, workflow, what to do, incident handling, handling, detection, containment, eradication, recovery, response plan, lifecycle"), "Say what is done from detection through containment and recovery until closing."},
		{"Evidence handling", commas("evidence, forensic, preservation, chain of custody"), "Say which logs and images are kept, where, for how long and who may touch them."},
		{"Marketplace notification", commas("notification, notify, notifying, vendor notification, reporting to the marketplace, marketplace communication, communication"), "Name each marketplace with its security address, the limit of 24 hours, and the message: type, status, data involved, tasks, contact."},
		{"Post-mortem", commas("postmortem, lessons learned, retrospective, after action, follow up review, post incident, postincident, root cause"), "Say when it is held, who takes part and where its actions are tracked."},
		{"Last drill", commas("drill, exercise, tabletop, rehearsal, test of the plan, simulation, game day, testing, test"), "Give the date of the last drill as YYYY-MM-DD, what was played, who took part and what was changed."},
	}, nil},
	{"dr-bcp", "Disaster recovery and business continuity", "docs/dr.md", "dr-bcp", []sectionKind{
		{"RTO and RPO", commas("rto, rpo, recovery time objective, recovery point objective, recovery time, recovery point, recovery objective, objective"), "Give the recovery time objective and the recovery point objective of each part, and why they suffice."},
		{"Backups", commas("back up"), "Say what is backed up, how often, where to, how it is encrypted and who can reach it."},
		{"Restore test", commas("restore, restoration, restoration test, recovery test, test restore, last restore, dr test, dr testing, disaster recovery test, disaster recovery testing, failover test, failover testing, last tested, recovery testing, testing, test"), "Give the date of the last restore test as YYYY-MM-DD, what was restored, how long it took and what was learned."},
		{"Dependencies", commas("supplier, third party, provider, vendor, external service"), "Name what the product cannot run without, and what happens when each of them fails."},
		{"Communication", commas("communication plan, status page, notification, contact"), "Say who tells customers and marketplaces what, through which channel and how often."},
	}, nil},
	{"logging", "Audit logging", "docs/logging.md", "audit-logging", []sectionKind{
		{"Events", commas("what is logged, logged action, audited action, audit event, what we log, data captured, what is recorded"), "List the actions that are logged: logins, token exchanges, permission changes, deletions, exports, key changes."},
		{"Fields", commas("format, record format, log entry, schema, attribute, structure, structure of a record, content of an entry"), "List what each entry holds: time, who, what, on which object, from where, with which result."},
		{"Retention", commas("how long, retention period, storage period"), "Say how long entries are kept, in which store, and what deletes them."},
		{"Tamper resistance", commas("tamper, tampering, tamper proof, tamper protection, integrity, immutability, append only, worm, log protection, immutable"), "Say what keeps an administrator from changing or deleting entries: append-only or write-once storage, another account."},
		{"Telemetry", commas("monitoring, metric, alerting, alert, observability"), "Say what watches the log and who is alerted by what."},
		{"Access", commas("access control, who can read, permission"), "Say who may read the log, how that is granted, reviewed and itself logged."},
	}, nil},
	{"data-rights", "Data subject rights", "docs/data-rights.md", "data-subject-rights", []sectionKind{
		{"Access", commas("right of access, access request, accessing your data, accessing"), "Say how a person gets to see what is kept about them, and what the answer holds."},
		{"Rectification", commas("correction, right to rectification, correct, correcting, rectify, rectifying, updating, update your data"), "Say how wrong data is corrected here and in the systems it was synchronised to."},
		{"Deletion", commas("erasure, right to be forgotten, right to erasure, deleting, delete, right to delete"), "Say how a person's data is deleted in every store, and what happens to backups."},
		{"Portability", commas("export, data export, right to portability, exporting, export your data"), "Say in which format a person's data is handed over and how."},
		{"Contact", commas("how to ask, where to ask, making a request, submitting a request, who to ask, make a request, submit a request, request"), "Give an address for requests, and say how the person asking is identified."},
		{"Time limit", commas("deadline, response time, time frame, timeframe, turnaround, how long it takes, timeline, sla, time line"), "Give the number of days within which a request is answered, and what happens when that fails."},
	}, nil},
	{"onboarding", "Creating an API key", "docs/onboarding.md", "customer-api-key-onboarding", []sectionKind{
		{"Key creation", commas("create, creating, create a key, creating a key, create an api key, create the key, api key, generate, generating"), "Tell customers step by step how to create a key that is used by this product alone."},
		{"Naming", commas("name, key name, naming the key"), "Tell them how to name the key so that it is recognised later."},
		{"Scopes", commas("permission, least privilege, access level"), "List the scopes the product needs, each with its reason, and say that no other may be granted."},
		{"Rotation", commas("rotate, rotating, renew, renewal"), "Say how often the key is replaced and how, without an interruption."},
		{"Revocation", commas("revoke, revoking, removal, remove the key, delete the key, disable, deleting the key, deleting, removing the key"), "Say how to revoke the key, when that must happen and what the product does then."},
	}, nil},
	{"audit", "Independent audit", "docs/audit.md", "independent-audit", []sectionKind{
		{"Firm", commas("auditor, assessor, audited by, who audited, tester, company, vendor, provider"), "Name the firm, its qualification, and why it is independent of the product's makers."},
		{"Date", commas("when, audit period, period"), "Give the date of the report as YYYY-MM-DD, when the work was done and on which version."},
		{"Scope", commas("what was audited, coverage"), "Say which parts, interfaces and OAuth scopes were looked at, how, and what was left out."},
		{"Result", commas("finding, outcome, conclusion, opinion"), "Say how many findings of which severity there were, and what the firm concludes."},
		{"Follow-up", commas("followup, remediation, corrective action, action, next step"), "Say what was done about each finding, by when, and whether it was tested again."},
	}, nil},
}
