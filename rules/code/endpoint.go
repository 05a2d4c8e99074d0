package code

import (
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// Requests whose host is fixed and whose path a stranger continues: with "../"
// in it the path leads to another endpoint of the same server, with "?" to
// other parameters (MKT508/path).

// endpointHits reports request input in the path of an outbound request. The
// calls whose host an input chooses are MKT508's and MKT203/ssrf's.
func (p *pkg) endpointHits(sinks ...sinkTable) []Hit {
	n := need{use: useEndpoint, media: fromQuery | fromForm | fromBody | fromHeader | fromCookie | fromSocket | fromRPC}
	var hits []Hit
	for _, table := range sinks {
		p.each(table, func(c *call, args []int) {
			if !urlTaker(c) {
				return
			}
			for _, i := range args {
				in := p.inputs().find(c.arg(i), c.instr, n)
				if in == nil || p.inputs().find(c.arg(i), c.instr, hostNeed()) != nil {
					continue
				}
				at := c
				if sent := p.sender(c); sent != nil {
					in.steps = append(in.steps, Step{c.instr.Pos(), "becomes the URL of a request"})
					at = sent
				}
				hits = append(hits, p.reached("MKT508/path", at, in, n, "becomes part of the path of an outbound request, where ../ leads to another endpoint; escape it with url.PathEscape"))
				return
			}
		})
	}
	return hits
}

// urlTaker reports whether a call gets a URL, not an address to dial or a base
// that the path is put to later.
func urlTaker(c *call) bool {
	switch c.path {
	case "net", "crypto/tls", "google.golang.org/grpc", "net/http/httputil":
		return false
	}
	return !strings.HasPrefix(c.name, "SetBase") && !strings.HasPrefix(c.name, "SetHost") && c.name != "Dial" && c.name != "DialContext"
}

// endpoint follows the parts of a URL that continue its path: those between the
// host and the query.
func (t *taint) endpoint(parts []ssa.Value, at ssa.Instruction, fr *frame, depth int) *inbound {
	known, inside := "", t.inPath
	defer func() { t.inPath = inside }()
	for _, part := range parts {
		if part == nil {
			continue
		}
		if s, ok := constText(part); ok {
			if known += s; strings.ContainsAny(s, "?#") {
				return nil
			}
			continue
		}
		begins := known == ""
		t.inPath = inside || !begins && fixedHost.MatchString(known)
		if begins || t.inPath {
			if in := t.trace(part, nil, at, fr, depth+1); in != nil {
				return in
			}
		}
		if begins && !inside {
			known = "https://base/"
			if ts, _ := t.m.p.texts(part); len(ts) == 1 && strings.HasSuffix(ts[0].s, "://") {
				known = ts[0].s
			}
			continue
		}
		known += "x"
	}
	return nil
}

// sender returns the call that sends what c makes: a client's Do for a request,
// DialConfig for a WebSocket's configuration. It is nil when there is none.
func (p *pkg) sender(c *call) *call {
	v, ok := c.instr.(*ssa.Call)
	if !ok {
		return nil
	}
	var sends map[string]bool
	switch {
	case c.path == "net/http" && c.recv == "" && strings.HasPrefix(c.name, "NewRequest"):
		sends = setOf("Client.Do")
	case c.path == pathNetWebsocket && c.name == "NewConfig":
		sends = setOf("DialConfig Config.DialContext NewClient")
	default:
		return nil
	}
	for _, r := range *v.Referrers() {
		ex, ok := r.(*ssa.Extract)
		if !ok || ex.Index != 0 {
			continue
		}
		for _, use := range *ex.Referrers() {
			if ci, ok := use.(ssa.CallInstruction); ok {
				if d := p.asCall(ci, paths(c.path)); d != nil && sends[d.callee()] {
					return d
				}
			}
		}
	}
	return nil
}

const pathNetWebsocket = "golang.org/x/net/websocket"

// endpointVariant describes MKT508/path.
func endpointVariant() rules.Rule {
	return rules.Rule{
		ID:     "MKT508/path",
		Title:  "Request input becomes part of the path of an outbound request",
		Vector: v53i,
		Class:  rules.Review,
		Flags: "Input between the host and the query of a URL that is fixed before it. With `../` in it the request goes to another endpoint of the same server, often one that only this program may call; " +
			"with `?` or `#` it changes the parameters.",
		Safe: "`url.PathEscape`; a number or UUID; a check against a list, a pattern or for `/` and `..`; a validator in the field's tag whose error is checked; input after the `?`, escaped by `url.Values.Encode`. " +
			"The request's own path, which a proxy passes on as it is, is not meant.",
		Remediation: "Escape every part of a path that comes from outside, and refuse `.` and `..`.",
		Wrong:       "http.Get(\"https://billing.internal/accounts/\" + c.Param(\"id\") + \"/invoices\")",
		Right:       "http.Get(\"https://billing.internal/accounts/\" + url.PathEscape(c.Param(\"id\")) + \"/invoices\")",
	}
}
