package files

import (
	"slices"
	"strings"
	"testing"

	"github.com/staylisted/staylisted/rules"
)

// gateWorkflow runs steps on a trigger.
func gateWorkflow(name, on, steps string) string {
	return "-- .github/workflows/" + name + " --\non: " + on + "\npermissions: {}\njobs:\n  j:\n    steps:\n" + steps
}

const (
	everyTime = "{push: {branches: [main]}, schedule: [{cron: '0 4 * * *'}]}"
	ownScan   = "    - uses: staylisted/staylisted@08c6903cd8c0fde910a37f88322edcfb5dd907a8\n"
	zap       = "    - uses: zaproxy/action-baseline@08c6903cd8c0fde910a37f88322edcfb5dd907a8\n"
)

func TestSecurityGates(t *testing.T) {
	for name, test := range map[string]struct{ archive, missing string }{
		"own scan and ZAP":      {gateWorkflow("a.yml", everyTime, ownScan+zap), ""},
		"in two workflows":      {gateWorkflow("a.yml", everyTime, ownScan) + gateWorkflow("b.yml", "{schedule: [{cron: '0 4 * * 1'}]}", zap), ""},
		"tools in scripts":      {gateWorkflow("a.yml", everyTime, "    - run: |\n        go run github.com/securego/gosec/v2/cmd/gosec@v2.30.0 ./...\n        go tool govulncheck ./...\n        docker run -t zaproxy/zap-stable zap-baseline.py -t $URL\n"), ""},
		"through local ones":    {gateWorkflow("a.yml", everyTime, "    - uses: ./.github/actions/sec\n") + "-- .github/actions/sec/action.yml --\nruns:\n  using: composite\n  steps:\n" + strings.ReplaceAll(ownScan+zap, "    -", "  -"), ""},
		"reusable workflow":     {"-- .github/workflows/a.yml --\non: " + everyTime + "\npermissions: {}\njobs: {j: {uses: ./.github/workflows/b.yml}}\n" + gateWorkflow("b.yml", "workflow_call", ownScan+zap), ""},
		"golangci-lint":         {gateWorkflow("a.yml", everyTime, "    - run: golangci-lint run\n    - run: npm audit\n"+zap) + "-- .golangci.yml --\nlinters: {enable: [gosec]}\n", ""},
		"golangci-lint without": {gateWorkflow("a.yml", everyTime, "    - run: golangci-lint run\n    - run: npm audit\n"+zap) + "-- .golangci.yml --\nlinters: {enable: [errcheck]}\n", "no static analysis"},
		"nothing":               {"", "no static analysis (SAST); no dependency scan (SCA); no dynamic scan (DAST)"},
		"no schedule":           {gateWorkflow("a.yml", "push", ownScan+zap), "static analysis (SAST) runs on changes only"},
		"only a schedule":       {gateWorkflow("a.yml", "{schedule: [{cron: '0 4 * * *'}]}", ownScan+zap), "static analysis (SAST) runs on a schedule only"},
		"by hand":               {gateWorkflow("a.yml", "workflow_dispatch", ownScan+zap), "no static analysis"},
		"tags only":             {gateWorkflow("a.yml", "{push: {tags: ['v*']}}", ownScan+zap), "no static analysis"},
		"may fail":              {gateWorkflow("a.yml", everyTime, strings.TrimSuffix(ownScan, "\n")+"\n      continue-on-error: true\n"+zap), "no static analysis"},
		"or true":               {gateWorkflow("a.yml", everyTime, "    - run: gosec ./... || true\n    - run: govulncheck ./...\n"+zap), "no static analysis"},
		"never":                 {gateWorkflow("a.yml", everyTime, strings.TrimSuffix(ownScan, "\n")+"\n      if: false\n"+zap), "no static analysis"},
		"not on the schedule":   {gateWorkflow("a.yml", everyTime, strings.TrimSuffix(ownScan, "\n")+"\n      if: github.event_name != 'schedule'\n"+zap), "static analysis (SAST) runs on changes only"},
		"installed only":        {gateWorkflow("a.yml", everyTime, "    - run: go install github.com/securego/gosec/v2/cmd/gosec@latest\n    - run: echo gosec\n    - run: govulncheck ./...\n"+zap), "no static analysis"},
		"Trivy for config":      {gateWorkflow("a.yml", everyTime, "    - run: gosec ./...\n    - uses: aquasecurity/trivy-action@08c6903cd8c0fde910a37f88322edcfb5dd907a8\n      with: {scan-type: config}\n"+zap), "no dependency scan"},
		"no DAST":               {gateWorkflow("a.yml", everyTime, ownScan), "no dynamic scan"},
	} {
		seen, missed := proofOf(scanArchive(t, test.archive), workflowsVerifier, "ci-security-gates")
		if test.missing == "" && (seen == "" || missed != "") || test.missing != "" && (seen != "" || !strings.Contains(missed, test.missing)) {
			t.Errorf("%s: seen %q, missed %q", name, seen, missed)
		}
	}
}

// TestSecuritySnippet makes sure that what a shortfall tells people to copy is
// enough.
func TestSecuritySnippet(t *testing.T) {
	src := strings.ReplaceAll(securityWorkflow, "<full commit>", "08c6903cd8c0fde910a37f88322edcfb5dd907a8")
	g := scanArchive(t, "-- .github/workflows/security.yml --\n"+src)
	if seen, missed := proofOf(g, workflowsVerifier, "ci-security-gates"); seen == "" || missed != "" {
		t.Errorf("seen %q, missed %q", seen, missed)
	}
	if got := hits(g, workflowRule); len(got) != 0 {
		t.Errorf("%q", got)
	}
}

func TestReleases(t *testing.T) {
	const goreleaser = "    - uses: goreleaser/goreleaser-action@08c6903cd8c0fde910a37f88322edcfb5dd907a8\n      with: {args: release --clean}\n"
	const attest = "    - uses: actions/attest-build-provenance@08c6903cd8c0fde910a37f88322edcfb5dd907a8\n"
	const upload = "    - uses: softprops/action-gh-release@08c6903cd8c0fde910a37f88322edcfb5dd907a8\n      with: {files: dist/*}\n"
	for name, test := range map[string]struct {
		archive string
		finding string // class
		proof   bool
		fact    bool
	}{
		"goreleaser alone":       {gateWorkflow("r.yml", "push", goreleaser), "violation", false, true},
		"goreleaser signs":       {gateWorkflow("r.yml", "push", goreleaser) + "-- .goreleaser.yml --\nsigns: [{artifacts: checksum, cmd: cosign}]\n", "", true, true},
		"signs nothing":          {gateWorkflow("r.yml", "push", goreleaser) + "-- .goreleaser.yml --\nsigns: [{artifacts: none}]\n", "violation", false, true},
		"attested":               {gateWorkflow("r.yml", "push", goreleaser+attest), "", true, true},
		"cosign in a script":     {gateWorkflow("r.yml", "push", goreleaser+"    - run: cosign sign-blob --yes dist/checksums.txt\n"), "", true, true},
		"cosign verifies":        {gateWorkflow("r.yml", "push", goreleaser+"    - run: cosign verify-blob x\n"), "violation", false, true},
		"script of the repo":     {gateWorkflow("r.yml", "push", upload+"    - run: ./scripts/release.sh\n") + "-- scripts/release.sh --\nset -e\nminisign -Sm dist/app\n", "", true, true},
		"make":                   {gateWorkflow("r.yml", "push", upload+"    - run: make release\n") + "-- Makefile --\nrelease:\n\t@gpg --detach-sign dist/app\n", "", true, true},
		"SLSA generator":         {"-- .github/workflows/r.yml --\non: push\npermissions: {}\njobs:\n  b:\n    steps:\n" + upload + "  p:\n    uses: slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml@v2.1.0\n", "", true, true},
		"files by an action":     {gateWorkflow("r.yml", "push", upload), "review", false, true},
		"files by gh":            {gateWorkflow("r.yml", "push", "    - run: gh release upload $TAG dist/app.tar.gz\n"), "review", false, true},
		"signed somewhere else":  {gateWorkflow("r.yml", "push", goreleaser+"    - run: gh workflow run sign.yml\n"), "review", false, true},
		"snapshot":               {gateWorkflow("r.yml", "push", strings.Replace(goreleaser, "--clean", "--snapshot", 1)), "", false, false},
		"check only":             {gateWorkflow("r.yml", "push", strings.Replace(goreleaser, "release --clean", "check", 1)), "", false, false},
		"notes without files":    {gateWorkflow("r.yml", "push", "    - run: gh release create $TAG --notes-file notes.md\n"), "", false, false},
		"documents":              {gateWorkflow("r.yml", "push", strings.Replace(upload, "dist/*", "openapi.yaml, sbom.json", 1)), "", false, false},
		"nothing published":      {gateWorkflow("r.yml", "push", "    - run: docker push x\n"), "", false, false},
		"goreleaser for library": {gateWorkflow("r.yml", "push", goreleaser) + "-- .goreleaser.yml --\nbuilds: [{skip: true}]\n", "", false, false},
	} {
		g := scanArchive(t, test.archive)
		got := hits(g, workflowsVerifier)
		if test.finding == "" && len(got) != 0 || test.finding != "" && (len(got) != 1 || !strings.Contains(got[0], " "+test.finding+" ")) {
			t.Errorf("%s: %q, want %q", name, got, test.finding)
		}
		seen, missed := proofOf(g, workflowsVerifier, "signed-updates")
		if (seen != "") != test.proof || (missed == "") != test.proof {
			t.Errorf("%s: seen %q, missed %q", name, seen, missed)
		}
		fact := false
		for _, f := range g.Facts {
			fact = fact || f.ID == "release-binaries" && f.State == rules.True && len(f.Items) > 0
		}
		if fact != test.fact {
			t.Errorf("%s: the fact is %v", name, fact)
		}
	}
}

func TestCommands(t *testing.T) {
	for script, want := range map[string]string{
		"a b; c && d || e":               "a b|c|d+or|e",
		"a | b > f":                      "a+piped|b+into",
		"a 2>/dev/null":                  "a",
		"a >&2":                          "a",
		"a &> f":                         "a+into",
		"a \\\n  b":                      "a b",
		"# a\nb # c\nd#e":                "b|d#e",
		"a 'x;y' \"z|w\" $(q | r) `s;t`": "a 'x;y' \"z|w\" $(q | r) `s;t`",
		"cat <<EOF\nx; y\nEOF\nz":        "cat|z",
		"cat <<-'E' | f\n\tx\n\tE\ng":    "cat+piped|f|g",
		"{ a; b; } > f":                  "a+into|b+into",
		"(a; b) | c":                     "a+piped|b+piped|c",
		"a=$(b) c":                       "a=$(b) c",
		"x > /dev/stdout":                "x",
		"'unclosed":                      "'unclosed",
		"$((":                            "$((",
	} {
		var got []string
		for _, c := range commands(script) {
			words := slices.Clone(c.words)
			for _, flag := range []struct {
				on   bool
				name string
			}{{c.piped, "+piped"}, {c.into, "+into"}, {c.or, "+or"}} {
				if flag.on {
					words[len(words)-1] += flag.name
				}
			}
			got = append(got, strings.Join(words, " "))
		}
		if strings.Join(got, "|") != want {
			t.Errorf("%q gives %q, want %q", script, got, want)
		}
	}
}
