package touch

// A Topic is what a reviewer has to think about.
type Topic string

// The topics of catalogue §6.
const (
	Routes   Topic = "routes"
	Token    Topic = "token"
	Session  Topic = "session"
	Password Topic = "password"
	Secrets  Topic = "secrets"
	Logging  Topic = "logging"
	Workflow Topic = "workflow"
	Policy   Topic = "policy"
	Outbound Topic = "outbound"
)

// asked is the table from topic to requirements and question of catalogue §6.
// Policy names none: there the requirements are those the change itself names.
type asked struct {
	requirements []string
	question     string
}

var topics = map[Topic]asked{
	Routes: {[]string{"APOLLO-AUTH-01", "APOLLO-AUTH-02", "DRUVA-SC-07", "MONDAY-Q-04"},
		"Is each new route authenticated, authorised for the tenant and safe from CSRF? Is an anonymous one needed and listed?"},
	Token: {[]string{"DRUVA-AP-01", "APOLLO-ORG-02", "APOLLO-PRIV-02"},
		"Are state and audience checked, the scopes unchanged, and tokens stored encrypted?"},
	Session: {[]string{"DRUVA-SC-16", "APOLLO-APPSEC-05"},
		"Are lifetime, renewal at login, logout and cookie flags as intended?"},
	Password: {[]string{"DRUVA-AP-14", "DRUVA-SC-06", "DRUVA-AP-03"},
		"Are algorithm, work factor, source of the key and migration of old hashes right?"},
	Secrets: {[]string{"DRUVA-SC-09", "APOLLO-DATA-05", "APOLLO-DATA-06", "APOLLO-DATA-07", "APOLLO-DATA-08", "APOLLO-DATA-09", "APOLLO-DATA-10", "DRUVA-AP-04"},
		"Are the store, the ledger entry and the rotation date right, and is nothing of it in a URL, a log or a default?"},
	Logging: {[]string{"DRUVA-AP-04", "APOLLO-DATA-09", "MONDAY-Q-08"},
		"Is what is logged here redacted?"},
	Workflow: {[]string{"DRUVA-SC-14", "DRUVA-SC-09", "DRUVA-AP-05"},
		"Is this the least permission, is the action pinned, and is it safe on a fork?"},
	Policy: {nil, "Is the reason true, the owner right and the expiry short?"},
	Outbound: {[]string{"DRUVA-SC-15", "DRUVA-SC-05", "DRUVA-OG-03"},
		"Is the host guarded, the signature verified and the service declared?"},
}

// secretFound is asked instead where a secret lies open.
const secretFound = "Rotate it now: whoever can read the branch has it."
