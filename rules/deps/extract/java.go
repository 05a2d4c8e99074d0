package extract

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"deps.dev/util/maven"
	"github.com/google/osv-scalibr/extractor/filesystem/language/java/gradlelockfile"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/deps"
)

// maxParents bounds how many parents of a pom.xml are followed.
const maxParents = 20

// readPOM reads what a pom.xml names itself. Maven has no lockfile: what the
// named artifacts bring along must be listed by an SBOM beside the pom.xml, or
// is a gap.
func readPOM(r *reader, f *file) ([]deps.Module, error) {
	project, err := r.project(f.name, f.data)
	if err != nil {
		return nil, err
	}
	visited := map[string]bool{f.name: true}
	for parent, at := project.Parent, f.name; parent.ArtifactID != "" && len(visited) <= maxParents; {
		next := path.Join(path.Dir(at), string(parent.RelativePath))
		if parent.RelativePath == "" {
			next = path.Join(path.Dir(at), "../pom.xml")
		}
		if path.Base(next) != "pom.xml" && r.has[path.Join(next, "pom.xml")] {
			next = path.Join(next, "pom.xml")
		}
		if !r.has[next] || visited[next] {
			break // on a server; what it sets is not known
		}
		data, err := r.tree.Read(next, maxLockfile)
		if err != nil {
			break
		}
		above, err := r.project(next, data)
		if err != nil {
			return nil, fmt.Errorf("its parent %s: %w", printable(next), err)
		}
		if above.ArtifactID != parent.ArtifactID {
			break
		}
		project.MergeParent(*above)
		parent, at, visited[next] = above.Parent, next, true
	}
	if err := modest(project); err != nil {
		return nil, err
	}
	if err := project.Interpolate(); err != nil {
		return nil, err
	}
	project.ProcessDependencies(func(_, _, _ maven.String) (maven.DependencyManagement, error) {
		return maven.DependencyManagement{}, nil
	})
	where := artifactLines(f.data)
	var out []deps.Module
	var open, absent []string
	foreign := 0
	bom := r.bomBeside(f.dir)
	for _, d := range project.Dependencies {
		name := d.Name()
		if r.pomNames()[name] {
			continue // of the repository
		}
		foreign++
		version := strings.TrimSpace(string(d.Version))
		if bom != nil {
			listed, ok := bom[name]
			if !ok || version != "" && !strings.ContainsAny(version, "${}[](),") && !slices.Contains(listed, version) {
				absent = append(absent, printable(name))
			}
			if ok {
				continue // listed once, by the SBOM
			}
		}
		if version == "" || strings.ContainsAny(version, "${}[](),") {
			open = append(open, printable(name))
			continue
		}
		m := deps.Module{Path: name, Version: version, Direct: true, Location: rules.Location{Line: where[string(d.ArtifactID)]}}
		if strings.TrimSpace(string(d.Scope)) == "test" {
			m.Scope = "test"
		}
		out = append(out, m)
	}
	if len(open) > 0 {
		slices.Sort(open)
		r.gap(f.name, 0, fmt.Sprintf("the version of %s is set outside the repository or is a range (%d such), so advisories cannot be held against it; write the version into a pom.xml of the repository", open[0], len(open)))
	}
	switch {
	case len(absent) > 0:
		slices.Sort(absent)
		r.gap(f.name, 0, fmt.Sprintf("names %s, which the SBOM beside it has not, or in another version (%d such); make bom.json anew (`mvn org.cyclonedx:cyclonedx-maven-plugin:makeBom`)", absent[0], len(absent)))
	case foreign > 0 && bom == nil:
		r.gap(f.name, 0, "names its direct dependencies alone, and Maven locks nothing, so what they bring along is not checked; "+
			"commit the SBOM that `mvn org.cyclonedx:cyclonedx-maven-plugin:makeBom` writes as bom.json beside it")
	}
	return out, nil
}

// project parses one pom.xml.
func (r *reader) project(name string, data []byte) (*maven.Project, error) {
	dec := xml.NewDecoder(bytes.NewReader(data))
	dec.Entity = xml.HTMLEntity
	p := new(maven.Project)
	if err := dec.Decode(p); err != nil {
		return nil, err
	}
	return p, nil
}

// pomNames returns the artifacts that the repository builds itself.
func (r *reader) pomNames() map[string]bool {
	if r.built == nil {
		r.built = map[string]bool{}
		for _, name := range r.names {
			if path.Base(name) != "pom.xml" {
				continue
			}
			data, err := r.tree.Read(name, maxLockfile)
			if err != nil {
				continue
			}
			p, err := r.project(name, data)
			if err != nil {
				continue
			}
			group := p.GroupID
			if group == "" {
				group = p.Parent.GroupID
			}
			r.built[string(group)+":"+string(p.ArtifactID)] = true
		}
	}
	return r.built
}

var property = regexp.MustCompile(`\$\{([^{}]+)\}`)

// modest refuses properties that grow beyond measure when they are filled in:
// each may name others, and a few lines can ask for more memory than there is.
func modest(p *maven.Project) error {
	values := map[string]string{}
	for _, x := range p.Properties.Properties {
		values[x.Name] = x.Value
	}
	const limit = 64 << 10
	sizes := map[string]int{}
	var size func(name string, depth int) int
	size = func(name string, depth int) int {
		if n, ok := sizes[name]; ok {
			return n
		}
		if depth > 100 {
			return limit + 1
		}
		sizes[name] = 0 // a circle; the library leaves it as it is
		n := len(values[name])
		for _, m := range property.FindAllStringSubmatch(values[name], -1) {
			if n += size(m[1], depth+1); n > limit {
				n = limit + 1
				break
			}
		}
		sizes[name] = n
		return n
	}
	for name := range values {
		if size(name, 0) > limit {
			return errors.New("its properties grow beyond measure")
		}
	}
	return nil
}

var artifactTag = regexp.MustCompile(`<artifactId>\s*([^<\s]+)\s*</artifactId>`)

// artifactLines returns the last line on which each artifact is named: the
// management of versions comes first by custom.
func artifactLines(data []byte) map[string]int {
	where := map[string]int{}
	line := 0
	for text := range bytes.Lines(data) {
		line++
		for _, m := range artifactTag.FindAllSubmatch(text, -1) {
			where[string(m[1])] = line
		}
	}
	return where
}

var (
	testConfiguration = regexp.MustCompile(`^(test|androidTest|integrationTest|functionalTest)|Test(Compile|Runtime)|UnitTest|AndroidTest`)
	toolConfiguration = regexp.MustCompile(`^(annotationProcessor|kapt|ksp|checkstyle|pmd|spotbugs|jacoco|ktlint|detekt|kotlinCompiler|kotlinBuildTools|lint|errorprone|zinc)`)
)

// readGradle reads a lockfile of Gradle. The configurations after the equals
// sign tell what a library is for.
func readGradle(r *reader, f *file) ([]deps.Module, error) {
	if err := lines(f.data); err != nil {
		return nil, err
	}
	e, err := gradlelockfile.New(nil)
	if err != nil {
		return nil, err
	}
	list, err := r.run(e, f.name, f.data)
	if err != nil {
		return nil, err
	}
	scopes := map[int]string{}
	line := 0
	for raw := range bytes.Lines(f.data) {
		line++
		text := strings.TrimSpace(string(raw))
		if text == "" || strings.HasPrefix(text, "#") || strings.HasPrefix(text, "empty=") {
			continue
		}
		_, after, _ := strings.Cut(text, "=")
		scopes[line] = gradleScope(path.Base(f.name), after)
	}
	var out []deps.Module
	for _, x := range list {
		out = append(out, deps.Module{Path: x.name, Version: x.version, Scope: scopes[x.line], Location: rules.Location{Line: x.line}})
		delete(scopes, x.line)
	}
	for at := range scopes {
		r.gap(f.name, at, "this line is no locked library")
	}
	return out, nil
}

func gradleScope(base, configurations string) string {
	if base == "buildscript-gradle.lockfile" {
		return "tool"
	}
	names := strings.Split(configurations, ",")
	all := func(of *regexp.Regexp) bool {
		return !slices.ContainsFunc(names, func(name string) bool { return !of.MatchString(strings.TrimSpace(name)) })
	}
	switch {
	case configurations == "":
		return "production"
	case all(testConfiguration):
		return "test"
	case !slices.ContainsFunc(names, func(name string) bool {
		name = strings.TrimSpace(name)
		return !testConfiguration.MatchString(name) && !toolConfiguration.MatchString(name)
	}):
		return "tool"
	}
	return "production"
}
