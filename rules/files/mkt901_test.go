package files

import (
	"strings"
	"testing"

	"github.com/staylisted/staylisted/rules"
)

const digest = "@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

func TestDockerfile(t *testing.T) {
	const base = "FROM alpine:3.20" + digest + "\n"
	for src, want := range map[string]string{
		// user
		base + "RUN x":                                                 "root",
		base + "USER root":                                             "root",
		base + "USER 0:0":                                              "root",
		base + "USER app\nUSER root":                                   "root",
		"FROM scratch\nCOPY a /":                                       "root",
		base + "USER app\nFROM scratch\nCOPY a /":                      "root",
		"ARG U=0\n" + base + "ARG U\nUSER $U":                          "root",
		base + "USER app":                                              "",
		base + "USER 65532:65532":                                      "",
		base + "ARG UID\nUSER $UID":                                    "",
		base + "ENV UID=1000\nUSER ${UID}":                             "",
		"FROM gcr.io/distroless/static:nonroot" + digest:               "",
		"FROM nginxinc/nginx-unprivileged:1" + digest:                  "",
		base + "USER app\nFROM 0\nRUN x":                               "",
		"FROM alpine" + digest + " AS a\nUSER app\nFROM a\nRUN x":      "",
		base + "RUN apk add su-exec\nENTRYPOINT [\"/e.sh\"]":           "",
		base + "COPY entrypoint.sh /\nENTRYPOINT [\"/entrypoint.sh\"]": "",
		"ARG IMAGE=x\nFROM ${IMAGE}" + digest:                          "",
		// base
		"FROM alpine:3.20\nUSER app":                               "base",
		"FROM alpine\nUSER app":                                    "base",
		"FROM --platform=linux/amd64 golang:1.26 AS b\nUSER app":   "base",
		"ARG V=3.20\nFROM alpine:${V}\nUSER app":                   "base",
		"FROM localhost:5000/x\nUSER app":                          "base",
		"ARG V\nFROM alpine:${V}\nUSER app":                        "",
		"FROM golang" + digest + " AS Build\nFROM build\nUSER app": "",
		// fetched
		base + "USER a\nADD https://x.y/z.tgz /":                                 "add",
		base + "USER a\nADD http://x.y/z.tgz /":                                  "add",
		base + "USER a\nADD --checksum=sha256:1 https://x.y/z.tgz /":             "",
		base + "USER a\nADD z.tgz /":                                             "",
		base + "USER a\nADD https://x.y/z.git#" + strings.Repeat("a", 40) + " /": "",
		// run
		base + "USER a\nRUN curl -sSf https://x.y | sh":                                            "pipe",
		base + "USER a\nRUN apk add curl && curl https://x.y/i.sh \\\n  | sudo bash -s -- -b /bin": "pipe",
		base + "USER a\nRUN wget -qO- https://x.y | gunzip | python3 -":                            "pipe",
		base + "USER a\nRUN sh -c \"$(curl -fsSL https://x.y)\"":                                   "pipe",
		base + "USER a\nRUN bash <(curl -s https://x.y)":                                           "pipe",
		base + "USER a\nRUN <<EOF\ncurl https://x.y | sh\nEOF":                                     "pipe",
		base + "USER a\nRUN [\"sh\", \"-c\", \"curl https://x.y | sh\"]":                           "pipe",
		base + "USER a\nRUN curl https://x.y | tar xz":                                             "",
		base + "USER a\nRUN curl -o i.sh https://x.y && sha256sum -c s && sh i.sh":                 "",
		base + "USER a\nRUN cat i.sh | sh":                                                         "",
		base + "USER a\nRUN echo \"curl https://x.y | sh\"":                                        "",
		base + "USER a\nRUN curl https://x.y | sh -c 'cat > /f'":                                   "",
		base + "USER a\n# RUN curl https://x.y | sh":                                               "",
		// secrets
		base + "USER a\nENV DB_PASSWORD=hunter2":                 "secret",
		base + "USER a\nENV API_TOKEN abc":                       "secret",
		base + "USER a\nARG NPM_TOKEN":                           "secret",
		base + "USER a\nARG T\nENV NPM_TOKEN=$T":                 "secret",
		base + "ARG NPM_TOKEN=x\n" + base + "USER a":             "secret",
		base + "USER a\nARG NPM_TOKEN\nENV NPM_TOKEN=$NPM_TOKEN": "secret", // once
		base + "ARG NPM_TOKEN\nFROM scratch\nUSER a":             "",
		base + "USER a\nENV DB_PASSWORD=":                        "",
		base + "USER a\nENV DB_PASSWORD_FILE=/run/secrets/db":    "",
		base + "USER a\nENV USE_TOKEN=true":                      "",
		base + "USER a\nENV SIGNING_SECRET=/run/secrets/key":     "",
		base + "USER a\nRUN --mount=type=secret,id=token npm ci": "",
		base + "USER a\nENV PATH=/bin":                           "",
	} {
		archive := "-- Dockerfile --\n" + src + "\n-- entrypoint.sh --\nexec gosu app \"$@\"\n"
		g := scanArchive(t, archive)
		var got []string
		for _, f := range g.Findings {
			if !strings.HasPrefix(f.Rule, dockerRule) {
				continue
			}
			kind := "secret"
			if f.Rule == dockerRule {
				for word, k := range map[string]string{"runs as root": "root", "base image": "base", "ADD": "add", "shell": "pipe"} {
					if strings.Contains(f.Message, word) {
						kind = k
					}
				}
			}
			got = append(got, kind)
			if strings.Contains(f.Message, "hunter2") || f.Class != rules.Review || f.Location.Line < 1 {
				t.Errorf("%+v", f)
			}
			if want := map[bool]string{true: "no-secrets-in-repo", false: "secure-coding-baseline"}[kind == "secret"]; f.Control != want {
				t.Errorf("%s counts against %s", kind, f.Control)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %q, want %q", src, got, want)
		}
		if run := runOf(t, g, dockerRule); run.State != rules.Complete {
			t.Errorf("%q: the run is %s because of %q", src, run.State, run.Reason)
		}
	}
	for name, want := range map[string]bool{
		"Dockerfile": true, "build/package/Dockerfile": true, "api.Dockerfile": true, "Dockerfile.prod": true, "Containerfile": true, "dockerfile": true,
		"Dockerfile.dev": false, "Dockerfile.test": false, "test/Dockerfile": false, ".devcontainer/Dockerfile": false, "Dockerfile.md": false, "dockerfile.go": false, "docs/Dockerfile": false,
		"vendor/x/Dockerfile": false, "Dockerfile.dockerignore": false, "my-dockerfile-notes.txt": false,
	} {
		if dockerfile(name) != want {
			t.Errorf("%s: %v", name, !want)
		}
	}
}

func TestDockerfileRuns(t *testing.T) {
	for archive, reason := range map[string]string{
		"-- Dockerfile --\nFROM a" + digest + "\nENV a\n": "no valid Dockerfile",
		"-- Dockerfile --\n":                              "no valid Dockerfile",
	} {
		if run := runOf(t, scanArchive(t, archive), dockerRule); run.State != rules.Broken || !strings.Contains(run.Reason, reason) {
			t.Errorf("%q: %s because of %q", archive, run.State, run.Reason)
		}
	}
	if run := runOf(t, structured(t.Context(), treeOf("", "Dockerfile"), options()), dockerRule); run.State != rules.Broken {
		t.Errorf("a missing file: %s", run.State)
	}
}

func FuzzDockerfile(f *testing.F) {
	f.Add("FROM a AS b\nFROM b\nENV A_TOKEN=1\nRUN <<E\ncurl x | sh\nE\nUSER ${X:-root}\n")
	f.Add("# escape=`\nFROM b AS a\nFROM a AS b\nARG TOKEN\nENV X=$TOKEN Y=${X}\nADD [\"http://x\", \"/\"]\n")
	f.Add("FROM $A\nONBUILD RUN x\nCMD a\nENTRYPOINT [\"x\"]")
	f.Fuzz(func(t *testing.T, src string) {
		findings, err := dockerFindings("Dockerfile", []byte(src), func(n string) bool { return strings.HasSuffix(n, "TOKEN") }, func(string) bool { return false })
		if err != nil {
			return
		}
		for _, found := range findings {
			if found.Location.Line < 1 || found.Location.Line > strings.Count(src, "\n")+1 || printable(found.Message) != found.Message {
				t.Errorf("%+v", found)
			}
		}
	})
}
