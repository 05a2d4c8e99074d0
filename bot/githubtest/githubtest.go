// Package githubtest is a GitHub that keeps state, checks every request and
// reply against GitHub's own description, and misbehaves on demand.
//
//	test ─► New(t) ─► Server ── Update ──► State (repositories, branches, pulls, alerts …)
//	                    ▲                    │ handlers, one file an area
//	client under test ──┘ HTTP ◄── filled ◄──┘
//
// # Contract
//
//   - The state is what a test says and what requests have made of it. Nothing is
//     recorded or replayed: a handler reads the state at the time of the request.
//   - Every request must fit GitHub's description of its REST API (the route, its
//     parameters, with no query parameter that is not described, and its body);
//     every reply of a handler must fit as well. What does not fit fails the test
//     that made it. A route of the description without a handler does, too.
//   - Handlers say what matters; what the description requires besides is filled
//     in from it ([filler]), so that a reply has all fields GitHub's has.
//   - A token has permissions ([Token]). Without the one a route needs, and for
//     writes of a token that may only read, the reply is GitHub's 403 for apps.
//   - [Server.Fail] makes routes misbehave: refusals with GitHub's own words,
//     limits, lost replies, delays, cut connections.
//   - [NewPiped] is one for tests in a bubble of testing/synctest.
//
// # Growing
//
// A new area is a file with its part of the state, its handlers and one line in
// [handlers]. Writes belong into the state, so that a later read shows them; a
// lost reply ([LostReply]) must have been applied.
//
// The description is not part of this repository: without STAYLISTED_DATA, which
// names the folder of the test data, tests are skipped, and in CI they fail. It is
// read once a test binary.
package githubtest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/google/go-github/v66/github"
)

// A Server is one fake GitHub. It is safe for concurrent use.
type Server struct {
	// URL is the base of the API, without a slash at the end.
	URL string

	t      testing.TB
	api    *description
	http   *httptest.Server
	client *http.Client // reaches it

	mu       sync.Mutex // guards state and requests; held while a handler runs
	state    *State
	requests []Request

	faulty sync.Mutex // guards faults, so that Update's function may call Fail
	faults []*armed
}

// A Request is one that arrived, whether it was answered well or not.
type Request struct {
	Method string
	Path   string // with the query
	Route  string // "GET /repos/{owner}/{repo}"
	Header http.Header
}

// New starts a GitHub without any repository; it ends with the test.
func New(t testing.TB) *Server {
	t.Helper()
	s := &Server{t: t, api: describe(t), state: newState()}
	s.http = httptest.NewServer(http.HandlerFunc(s.serve))
	s.URL = s.http.URL
	s.client = s.http.Client()
	t.Cleanup(s.http.Close)
	return s
}

// Client returns a client of the server with a token. It keeps no connection
// open after the test.
func (s *Server) Client(token string) *github.Client {
	base, err := url.Parse(s.URL + "/")
	if err != nil {
		s.t.Fatal(err)
	}
	c := github.NewClient(s.client).WithAuthToken(token)
	c.BaseURL = base
	return c
}

// Update changes the state. What the function was given must not be used after
// it returns.
func (s *Server) Update(change func(*State)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s.state)
}

// Requests lists what has arrived, in order.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request{}, s.requests...)
}

// A call is a request as a handler sees it.
type call struct {
	route  *route
	params map[string]string
	query  url.Values
	body   []byte
	base   string // of the server
}

// A reply is a handler's answer. Body is filled in from the description.
type reply struct {
	status int
	body   any
	header http.Header
}

func ok(body any) reply { return reply{status: http.StatusOK, body: body} }

// refuse is an error in GitHub's form.
func refuse(status int, message string) reply {
	return reply{status: status, body: obj{"message": message, "documentation_url": "https://docs.github.com/rest", "status": fmt.Sprint(status)}}
}

func notFound() reply { return refuse(http.StatusNotFound, "Not Found") }

// obj is a part of a reply.
type obj = map[string]any

// serve answers one request.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	found, params := s.api.find(r.Method, r.URL.EscapedPath())
	name := ""
	if found != nil {
		name = found.name
	}
	s.mu.Lock()
	s.requests = append(s.requests, Request{Method: r.Method, Path: r.URL.RequestURI(), Route: name, Header: r.Header.Clone()})
	s.mu.Unlock()
	fault := s.fault(name)
	if fault != nil && fault.Delay > 0 {
		select {
		case <-time.After(fault.Delay):
		case <-r.Context().Done():
			return
		}
	}
	if fault != nil && fault.Status == 0 && !fault.Cut {
		fault = nil // late, and else well
	}
	if found == nil {
		s.t.Errorf("githubtest: GitHub's description has no %s %s", r.Method, r.URL.Path)
		s.write(w, http.StatusNotFound, nil, []byte(`{"message":"Not Found"}`))
		return
	}
	in, err := found.checkRequest(r, params, body)
	if err != nil {
		s.t.Errorf("githubtest: %s %s does not fit GitHub's description: %v", r.Method, r.URL.RequestURI(), err)
		s.write(w, http.StatusUnprocessableEntity, nil, []byte(`{"message":"Validation Failed"}`))
		return
	}
	if fault != nil && !fault.Applied {
		s.misbehave(w, found, in, fault)
		return
	}
	handle := s.api.handlers[found.name]
	if handle == nil {
		s.t.Errorf("githubtest: there is no handler for %s yet", found.name)
		s.write(w, http.StatusNotImplemented, nil, nil)
		return
	}
	c := &call{route: found, params: params, query: r.URL.Query(), body: body, base: s.URL}
	s.mu.Lock()
	answer := s.state.allowed(found.name)
	if answer == nil {
		done := handle(s.state, c)
		answer = &done
	}
	data, err := found.fill(answer.status, answer.body, s.URL)
	s.mu.Unlock()
	if err == nil {
		err = found.checkReply(in, answer.status, answer.header, data)
	}
	if err != nil {
		s.t.Errorf("githubtest: the reply to %s %s does not fit GitHub's description: %v\n%.2000s", r.Method, r.URL.RequestURI(), err, data)
		s.write(w, http.StatusInternalServerError, nil, nil)
		return
	}
	if fault != nil {
		s.misbehave(w, found, in, fault)
		return
	}
	s.write(w, answer.status, answer.header, data)
}

// write sends a reply.
func (s *Server) write(w http.ResponseWriter, status int, header http.Header, data []byte) {
	maps.Copy(w.Header(), header)
	if len(data) > 0 {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
	}
	w.WriteHeader(status)
	if len(data) > 0 {
		_, _ = w.Write(data) // the client may be gone; that is its test's business
	}
}

// checkRequest holds a request against the description.
func (r *route) checkRequest(req *http.Request, params map[string]string, body []byte) (*openapi3filter.RequestValidationInput, error) {
	for name := range req.URL.Query() {
		if !r.queries[name] {
			return nil, fmt.Errorf("there is no query parameter %q", name)
		}
	}
	req = req.Clone(context.WithoutCancel(req.Context()))
	req.Body = io.NopCloser(bytes.NewReader(body))
	in := &openapi3filter.RequestValidationInput{Request: req, PathParams: params, QueryParams: req.URL.Query(), Route: r.api,
		Options: &openapi3filter.Options{SkipSettingDefaults: true, RejectWhenRequestBodyNotSpecified: len(body) > 0}}
	return in, openapi3filter.ValidateRequest(req.Context(), in)
}

// checkReply holds a reply against the description. A status that it does not
// list is allowed: it lists few errors.
func (r *route) checkReply(in *openapi3filter.RequestValidationInput, status int, header http.Header, data []byte) error {
	header = header.Clone()
	if header == nil {
		header = http.Header{}
	}
	if len(data) > 0 {
		header.Set("Content-Type", "application/json; charset=utf-8")
	} else if status == http.StatusNoContent || r.empty(status) {
		return nil
	}
	out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: status, Header: header, Options: in.Options}
	out.SetBodyBytes(data)
	return openapi3filter.ValidateResponse(in.Request.Context(), out)
}

// marshal writes a value as JSON; what cannot be written is the fake's mistake.
func marshal(v any) ([]byte, error) {
	if v == nil {
		return nil, nil
	}
	data, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("writing a reply: %w", err)
	}
	return data, nil
}

// when writes an instant as GitHub does; the zero time is null.
func when(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format("2006-01-02T15:04:05Z")
}
