package scan

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/evidence/reports"
	"github.com/staylisted/staylisted/rules/posture"
	"github.com/staylisted/staylisted/rules/probe"
	"github.com/staylisted/staylisted/rules/probe/probetest"
)

// The surroundings of testdata/repos/compliant: a clone with a history, what
// GitHub answers about it, its deployment on loopback, a report of a dynamic
// scan. Only the app itself is real; nothing leaves the machine.
//
//	copy ─► go build ─► harbour-bridge (TLS, loopback) ◄─ proxy of a live change ◄─ app.harbour.example in a probetest.World
//	copy ─► git init, commit of the code, commit of documents and policy ─► posture.Settings that know both
const (
	harbourRepository = "harbour/bridge"
	harbourID         = 814233905
	harbourHost       = "app.harbour.example"
)

// Instants of its history: the code was there when the threat model was
// reviewed (2026-10-19), and statements were committed when they were made.
const (
	codeCommitted   = "2026-10-17T09:00:00Z"
	policyCommitted = "2026-11-17T09:00:00Z"
	zapScanned      = "2026-11-18T05:12:44Z"
)

// compliant is the repository that does everything right.
const compliant = "../../testdata/repos/compliant"

// harbourClone copies the repository, makes the edits and commits the result,
// code first. It returns the folder and the commits.
func harbourClone(t testing.TB, edits ...edit) (root string, commits []string) {
	t.Helper()
	root = t.TempDir()
	if err := os.CopyFS(root, os.DirFS(compliant)); err != nil {
		t.Fatal(err)
	}
	apply(t, root, edits)
	at := codeCommitted
	git := func(args ...string) string {
		cmd := exec.Command("git", append([]string{"-C", root, "-c", "user.name=Ines Duarte", "-c", "user.email=ines@harbour.example",
			"-c", "commit.gpgSign=false", "-c", "core.autocrlf=false", "-c", "gc.auto=0", "-c", "core.fsync=none"}, args...)...)
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1", "GIT_AUTHOR_DATE="+at, "GIT_COMMITTER_DATE="+at)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %s: %v\n%s", args[0], err, out)
		}
		return strings.TrimSpace(string(out))
	}
	git("init", "-q", "--template=", "-b", "main")
	git("remote", "add", "origin", "https://github.com/"+harbourRepository+".git")
	git("add", "--", ".", ":!docs", ":!"+policyFile)
	git("commit", "-q", "-m", "code")
	git("tag", "v1.4.0")
	at = policyCommitted
	git("add", "-A")
	git("commit", "-q", "-m", "documents and statements")
	return root, strings.Fields(git("rev-list", "HEAD"))
}

// harbourSettings are what GitHub answers about a clone with these commits, the
// newest first.
func harbourSettings(commits []string) *posture.Settings {
	read := testNow.Add(-2 * time.Hour)
	s := &posture.Settings{
		Version: posture.Version, Repository: harbourRepository, ReadAt: read, Web: "https://github.com/" + harbourRepository,
		PolicyPath: policyFile, Contacts: []string{"@harbour/security", "@harbour/platform"},
		About: known(posture.About{Private: true, OwnerType: "Organization", DefaultBranch: "main",
			Security: &posture.Security{SecretScanning: "enabled", PushProtection: "enabled", CodeSecurity: "enabled"}}),
		Branch: known(posture.Branch{Head: commits[0], Protected: true}),
		Rules: known([]posture.BranchRule{
			{Type: "pull_request", Ruleset: 71, Approvals: 1, DismissStale: true, CodeOwners: true, LastPush: true},
			{Type: "required_status_checks", Ruleset: 71, Checks: []string{"staylisted", "static analysis", "known vulnerabilities", "dynamic scan of staging", "test"}},
		}),
		Bypass:      known([]posture.Bypass{}),
		Protection:  known(posture.Protection{Off: true}),
		Maintainers: known(2),
		Reviews: known([]posture.Pull{
			{Number: 231, Author: "harbour-lena", MergedAt: read.AddDate(0, 0, -4), Approvers: []string{"harbour-ines"}},
			{Number: 228, Author: "harbour-tomas", MergedAt: read.AddDate(0, 0, -46), Approvers: []string{"harbour-ines"}},
		}),
		Files:         known(posture.Files{SecurityPolicy: "SECURITY.md", Contact: true, Codeowners: ".github/CODEOWNERS", Dependabot: ".github/dependabot.yml"}),
		Codeowners:    known(posture.Codeowners{Path: ".github/CODEOWNERS", Covered: []string{policyFile, "docs/architecture.md", "docs/threat-model.md"}}),
		Community:     known(posture.Community{Licence: "Apache-2.0"}),
		WorkflowToken: known(posture.WorkflowToken{Default: "read"}),
		Actions:       known(posture.Actions{Enabled: true, Allowed: "selected", SHAPinning: true}),
		Organization:  known(posture.Organization{TwoFactor: rules.True}),
		Reporting:     known(true),
		Advisories:    known([]posture.Advisory{}),
		SecretAlerts:  known([]posture.SecretAlert{}),
		Dependabot:    known(true),
		SecurityFixes: known(true),
		DepAlerts:     known([]posture.DepAlert{}),
		Analyses:      known([]posture.Analysis{{Tool: "CodeQL", Category: "/language:go", Commit: commits[0], Created: read, Rules: 62}}),
		DefaultSetup:  known(false),
		CodeAlerts:    known([]posture.CodeAlert{}),
		Graph:         known(5),
		Release:       known(posture.Release{}),
		Immutable:     known(true),
		PeopleAsked:   posture.Asked{State: posture.Answered},
		People:        map[string]rules.Ternary{},
		PolicyHistory: known(len(commits)),
		PolicyCommits: map[string]posture.Commit{},
	}
	for _, who := range []string{"@harbour/security", "@harbour/platform", "@harbour-ines", "@harbour-tomas", "@harbour-lena"} {
		s.People[who] = rules.True
	}
	for _, hash := range commits {
		s.PolicyCommits[hash] = posture.Commit{Author: "harbour-lena", Verified: rules.True, PullRequest: 231, Approvers: []string{"harbour-ines"}, OwnerApproved: rules.True}
	}
	return s
}

func known[T any](v T) posture.Answer[T] {
	return posture.Answer[T]{Asked: posture.Asked{State: posture.Answered}, Value: v}
}

// patched returns settings after an RFC 7396 merge patch of their recorded form.
func patched(t testing.TB, s *posture.Settings, patch string) *posture.Settings {
	t.Helper()
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var whole, change any
	if err := json.Unmarshal(data, &whole); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(patch), &change); err != nil {
		t.Fatalf("%s: %v", patch, err)
	}
	if data, err = json.Marshal(mergePatch(whole, change)); err != nil {
		t.Fatal(err)
	}
	out, err := posture.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// mergePatch is RFC 7396, with one addition: the key "*" speaks of every member
// that is there.
func mergePatch(whole, change any) any {
	patch, ok := change.(map[string]any)
	if !ok {
		return change
	}
	object, ok := whole.(map[string]any)
	if !ok {
		object = map[string]any{}
	}
	for name, v := range patch {
		names := []string{name}
		if name == "*" {
			names = names[:0]
			for member := range object {
				names = append(names, member)
			}
		}
		for _, n := range names {
			if v == nil {
				delete(object, n)
			} else {
				object[n] = mergePatch(object[n], v)
			}
		}
	}
	return object
}

// zapReport is what ZAP writes about the deployment.
func zapReport(t testing.TB, scanned string, alerts ...map[string]any) []reports.Input {
	t.Helper()
	if alerts == nil {
		alerts = []map[string]any{}
	}
	data, err := json.Marshal(map[string]any{
		"@programName": "ZAP", "@version": "2.16.1", "created": scanned,
		"site": []any{map[string]any{"@name": "https://" + harbourHost, "@host": harbourHost, "@port": "443", "@ssl": "true", "alerts": alerts}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return []reports.Input{{Name: "zap.json", Data: data}}
}

// zapAlert is one alert of such a report.
func zapAlert(id, name, risk, confidence, cwe, path string) map[string]any {
	return map[string]any{"pluginid": id, "alertRef": id, "alert": name, "name": name, "riskcode": risk, "confidence": confidence, "cweid": cwe,
		"instances": []any{map[string]any{"uri": "https://" + harbourHost + path, "method": "GET", "param": ""}}}
}

// deploy builds the app and runs it on loopback; the handler it returns hands
// requests on to it as a load balancer does.
func deploy(t testing.TB) http.Handler {
	t.Helper()
	dir := t.TempDir()
	program := filepath.Join(dir, "harbour-bridge")
	if err := os.CopyFS(filepath.Join(dir, "src"), os.DirFS(compliant)); err != nil {
		t.Fatal(err)
	}
	build := exec.Command("go", "build", "-o", program, "./cmd/harbour-bridge")
	build.Dir = filepath.Join(dir, "src")
	build.Env = append(os.Environ(), "GOFLAGS=-mod=vendor", "GOPROXY=off", "GOWORK=off", "GOTOOLCHAIN=local", "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building the app: %v\n%s", err, out)
	}
	certFile, keyFile, roots := selfSigned(t, dir)
	address := freeAddress(t)
	server := exec.Command(program)
	server.Dir = dir
	var log strings.Builder
	server.Stdout, server.Stderr = &log, &log
	server.Env = []string{
		"LISTEN=" + address, "TLS_CERT_FILE=" + certFile, "TLS_KEY_FILE=" + keyFile,
		// No database answers there: all that is asked without a session does without.
		"DATABASE_URL=postgres://bridge@127.0.0.1:1/bridge?sslmode=verify-full",
		"APOLLO_CLIENT_ID=id", "APOLLO_CLIENT_SECRET=value", "MONDAY_CLIENT_ID=id", "MONDAY_CLIENT_SECRET=value", "MONDAY_SIGNING_SECRET=value",
		"SEAL_KEYS=k1:" + base64.StdEncoding.EncodeToString(make([]byte, 32)),
		"REPOSITORY=" + harbourRepository, fmt.Sprint("REPOSITORY_ID=", harbourID),
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Wait() }()
	t.Cleanup(func() {
		_ = server.Process.Kill()
		<-ended
		ended <- nil
	})
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, ServerName: harbourHost}, ForceAttemptHTTP2: true}
	t.Cleanup(transport.CloseIdleConnections)
	client := &http.Client{Transport: transport, Timeout: 5 * time.Second}
	for tries := 0; ; tries++ {
		answer, err := client.Get("https://" + address + "/healthz")
		if err == nil {
			_ = answer.Body.Close()
			if answer.StatusCode != http.StatusNoContent {
				t.Fatalf("the app answers %d", answer.StatusCode)
			}
			break
		}
		select {
		case failed := <-ended:
			ended <- failed
			t.Fatalf("the app ended: %v\n%s", failed, log.String())
		case <-time.After(20 * time.Millisecond):
		}
		if tries == 500 {
			t.Fatalf("the app does not answer: %v", err)
		}
	}
	target := &url.URL{Scheme: "https", Host: address}
	return &httputil.ReverseProxy{
		Transport: transport,
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Host = r.In.Host
		},
	}
}

// selfSigned writes the app's certificate and key into dir.
func selfSigned(t testing.TB, dir string) (certFile, keyFile string, roots *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	// The app lives today and not on the day of the tests.
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: harbourHost}, DNSNames: []string{harbourHost},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	roots = x509.NewCertPool()
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots.AddCert(cert)
	certFile, keyFile = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for name, block := range map[string]*pem.Block{certFile: {Type: "CERTIFICATE", Bytes: der}, keyFile: {Type: "PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return certFile, keyFile, roots
}

func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return l.Addr().String()
}

// proberOf returns a prober whose internet has the app behind its name, changed
// by m when that is not nil.
func proberOf(t testing.TB, app http.Handler, m *live) *probe.Prober {
	t.Helper()
	site := probetest.Site{Host: harbourHost, HTTPS: app, HTTP: probetest.ToHTTPS(), CAA: true}
	if m != nil {
		site.HTTPS = m.over(app)
		switch m.tls {
		case "1.0":
			site.TLS = &tls.Config{MinVersion: tls.VersionTLS10}
		case "1.1":
			site.TLS = &tls.Config{MinVersion: tls.VersionTLS11}
		}
		switch m.cert {
		case "expired":
			site.Certificate = func(c *x509.Certificate) { c.NotAfter = testNow.Add(-time.Hour) }
		case "other-name":
			site.Certificate = func(c *x509.Certificate) { c.DNSNames = []string{"www.harbour.example"} }
		}
		switch m.plain {
		case "content":
			site.HTTP = app
		case "other-host":
			site.HTTP = http.RedirectHandler("http://www.harbour.example/", http.StatusMovedPermanently)
		}
	}
	return probetest.New(t, testNow, site).Prober(probe.Options{Repository: probe.Repository{Name: harbourRepository, ID: harbourID}})
}

// over changes what the app answers.
func (m *live) over(app http.Handler) http.Handler {
	changed := *app.(*httputil.ReverseProxy)
	changed.ModifyResponse = func(r *http.Response) error {
		if m.path != "" && r.Request.URL.Path != m.path {
			return nil
		}
		for name, value := range m.set {
			if value == "" {
				r.Header.Del(name)
			} else {
				r.Header.Set(name, value)
			}
		}
		if m.status != 0 {
			r.StatusCode = m.status
		}
		if m.body != "" {
			if err := r.Body.Close(); err != nil {
				return err
			}
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(m.body)), int64(len(m.body))
			r.Header.Set("Content-Length", fmt.Sprint(len(m.body)))
		}
		return nil
	}
	return &changed
}
