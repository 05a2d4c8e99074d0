package probe

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// TestKinds holds the table of the package's documentation and the code
// together.
func TestKinds(t *testing.T) {
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string][]string{}
	columns := []kind{browser, embedded, api, webhook, static}
	var head string
	for line := range strings.SplitSeq(string(text), "\n") {
		line = strings.TrimPrefix(line, "//\t")
		if strings.HasPrefix(line, "check  ") {
			head = line
			continue
		}
		if head == "" || strings.HasPrefix(line, "//") {
			if head != "" {
				break
			}
			continue
		}
		var asked []string
		for _, k := range columns {
			from := strings.Index(head, string(k))
			if from < 0 {
				t.Fatalf("the table has no column %s", k)
			}
			if end := from + len(k); from < len(line) && strings.Contains(line[from:min(end, len(line))], "x") && !strings.Contains(line, "where") {
				asked = append(asked, string(k))
			}
		}
		name, _, _ := strings.Cut(strings.TrimSpace(line), "  ")
		rows[name] = asked
	}
	row := func(id string) []string {
		name := strings.TrimPrefix(id, "probe:")
		switch name {
		case "tls", "certificate", "domain":
			name = "tls, certificate, domain"
		case "headers":
			name = "headers: nosniff"
		}
		asked, found := rows[name]
		if !found {
			t.Errorf("the table has no row %s", name)
		}
		return asked
	}
	for _, c := range checks {
		var asked []string
		for _, k := range columns {
			if c.asks(Target{Kind: string(k), URL: "https://app.example.com/"}) {
				asked = append(asked, string(k))
			}
		}
		if got := row(c.id); !slices.Equal(got, asked) {
			t.Errorf("%s is asked of %q, the table says %q", c.id, asked, got)
		}
		if c.asks(Target{}) != c.asks(Target{Kind: string(browser)}) {
			t.Errorf("%s: an endpoint without a kind is no browser endpoint", c.id)
		}
	}
	if got := rows["with frame-ancestors"]; !slices.Equal(got, []string{"embedded"}) {
		t.Errorf("frame-ancestors: %q", got)
	}
	if got := rows["headers: framing"]; !slices.Equal(got, []string{"browser", "embedded"}) {
		t.Errorf("framing: %q", got)
	}
}

func TestPrivatePaths(t *testing.T) {
	got := privatePaths(Target{Private: []string{"/a", "GET /b", "HEAD /c", "POST /d", "/e/{id}", "/f/*", "/g/:id", "//evil.example/", "x", "/h?q=1", "/a"}})
	if want := []string{"/a", "/b", "/c"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
