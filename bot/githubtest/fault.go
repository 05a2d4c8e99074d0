package githubtest

import (
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"time"

	"github.com/getkin/kin-openapi/openapi3filter"
)

// A Fault is how a route misbehaves.
type Fault struct {
	Status  int
	Message string // GitHub's words, sent in its form of an error
	Docs    string // documentation_url; empty takes the general one
	Header  http.Header
	Body    string        // sent as it is, instead of Message
	Applied bool          // the request was carried out, but its reply is lost
	Delay   time.Duration // before the reply
	Cut     bool          // the connection ends without a reply
	Times   int           // how many requests misbehave; 0 means all
}

// NotAccessible is the 403 an app gets for what it has no permission for.
func NotAccessible() Fault {
	return Fault{Status: http.StatusForbidden, Message: "Resource not accessible by integration"}
}

// Hidden is the 404 for what a token may not see, and for what is not there.
func Hidden() Fault { return Fault{Status: http.StatusNotFound, Message: "Not Found"} }

// Refused is the 401 for a token that is no good.
func Refused() Fault { return Fault{Status: http.StatusUnauthorized, Message: "Bad credentials"} }

// CodeSecurityOff is the 403 of a private repository without the product.
func CodeSecurityOff() Fault {
	return Fault{Status: http.StatusForbidden, Message: "Code Security must be enabled for this repository to use code scanning."}
}

// AdvancedSecurityOff is the same in the words of before 2025, which servers of
// customers still use.
func AdvancedSecurityOff() Fault {
	return Fault{Status: http.StatusForbidden, Message: "Advanced Security must be enabled for this repository to use code scanning."}
}

// Unavailable is a 503 that says when to come back.
func Unavailable(after time.Duration) Fault {
	return Fault{Status: http.StatusServiceUnavailable, Message: "Service unavailable", Header: http.Header{"Retry-After": {fmt.Sprint(int(after.Seconds()))}}}
}

// TooLarge is the 413 of a body over GitHub's limit, which has no body itself.
func TooLarge() Fault { return Fault{Status: http.StatusRequestEntityTooLarge} }

// NoPlan is the 403 of a private repository whose plan has no such feature.
func NoPlan() Fault {
	return Fault{Status: http.StatusForbidden, Message: "Upgrade to GitHub Pro or make this repository public to enable this feature."}
}

// Limited is the 403 of a primary rate limit that is used up until reset.
func Limited(reset time.Time) Fault {
	return Fault{Status: http.StatusForbidden, Message: "API rate limit exceeded for installation ID 1.", Header: http.Header{
		"X-Ratelimit-Limit": {"5000"}, "X-Ratelimit-Remaining": {"0"}, "X-Ratelimit-Reset": {strconv.FormatInt(reset.Unix(), 10)}}}
}

// SecondaryLimit is the 403 of a secondary rate limit.
func SecondaryLimit(after time.Duration) Fault {
	return Fault{Status: http.StatusForbidden, Message: "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
		Docs:   "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits",
		Header: http.Header{"Retry-After": {fmt.Sprint(int(after.Seconds()))}}}
}

// TooMany is the 429 of a rate limit, which go-github does not recognise.
func TooMany(after time.Duration) Fault {
	return Fault{Status: http.StatusTooManyRequests, Message: "API rate limit exceeded", Header: http.Header{"Retry-After": {fmt.Sprint(int(after.Seconds()))}}}
}

// BadGateway is a 502 in front of GitHub: nothing was carried out.
func BadGateway() Fault {
	return Fault{Status: http.StatusBadGateway, Body: "<html>502 Bad Gateway</html>"}
}

// LostReply is a 502 after the request was carried out.
func LostReply() Fault {
	f := BadGateway()
	f.Applied = true
	return f
}

// Slow answers well, but late.
func Slow(d time.Duration) Fault { return Fault{Delay: d} }

// Cut ends the connection without a reply.
func Cut() Fault { return Fault{Cut: true} }

// Malformed is a success with a body that is none.
func Malformed(body string) Fault { return Fault{Status: http.StatusOK, Body: body} }

// armed is a fault of a route.
type armed struct {
	Fault
	route string
	left  int
}

// Fail makes a route ("GET /repos/{owner}/{repo}/pulls") misbehave; an empty route
// is every route. Later calls come first.
func (s *Server) Fail(route string, f Fault) {
	s.faulty.Lock()
	defer s.faulty.Unlock()
	s.faults = append([]*armed{{f, route, f.Times}}, s.faults...)
}

// Heal ends all misbehaviour.
func (s *Server) Heal() {
	s.faulty.Lock()
	defer s.faulty.Unlock()
	s.faults = nil
}

// fault returns the fault of a request, if any.
func (s *Server) fault(route string) *Fault {
	s.faulty.Lock()
	defer s.faulty.Unlock()
	for i, a := range s.faults {
		if a.route != "" && a.route != route {
			continue
		}
		if a.Times > 0 {
			if a.left--; a.left == 0 {
				s.faults = append(s.faults[:i:i], s.faults[i+1:]...)
			}
		}
		return &a.Fault
	}
	return nil
}

// misbehave sends a fault. Its errors in GitHub's form fit the description too.
func (s *Server) misbehave(w http.ResponseWriter, found *route, in *openapi3filter.RequestValidationInput, f *Fault) {
	if f.Cut {
		if hijacker, can := w.(http.Hijacker); can {
			if conn, _, err := hijacker.Hijack(); err == nil {
				conn.Close()
				return
			}
		}
		panic(http.ErrAbortHandler) // net/http ends the connection
	}
	if f.Body != "" {
		maps.Copy(w.Header(), f.Header)
		w.WriteHeader(f.Status)
		fmt.Fprint(w, f.Body)
		return
	}
	docs := f.Docs
	if docs == "" {
		docs = "https://docs.github.com/rest"
	}
	data, err := found.fill(f.Status, obj{"message": f.Message, "documentation_url": docs, "status": fmt.Sprint(f.Status)}, s.URL)
	if err == nil && !found.empty(f.Status) {
		err = found.checkReply(in, f.Status, f.Header, data)
	}
	if err != nil {
		s.t.Errorf("githubtest: the fault %d of %s does not fit GitHub's description: %v", f.Status, found.name, err)
	}
	s.write(w, f.Status, f.Header, data)
}
