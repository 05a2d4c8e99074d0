package files

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/staylisted/staylisted/rules"
)

// maxWorkflow is how much of a workflow or action file is read. GitHub itself
// refuses workflows of more than 512 KiB.
const maxWorkflow = 1 << 20

// A workflow is a workflow file, or an action.yml, as far as rules look at it.
type workflow struct {
	*yamlFile
	root        *yaml.Node
	action      bool                  // an action.yml
	events      map[string]*yaml.Node // triggers with their settings; empty for an action
	permissions *yaml.Node
	env         *yaml.Node
	jobs        []*job // an action that runs steps is one job
	image       *yaml.Node
}

// A job is one job of a workflow, or the steps of an action.
type job struct {
	id          string
	key, node   *yaml.Node
	condition   *yaml.Node
	permissions *yaml.Node
	env         *yaml.Node
	uses        *yaml.Node // a reusable workflow
	with        *yaml.Node
	secrets     *yaml.Node
	outputs     *yaml.Node
	lenient     *yaml.Node // continue-on-error
	steps       []*step
}

// A step is one step of a job.
type step struct {
	node                *yaml.Node
	uses, run           *yaml.Node
	with, env           *yaml.Node
	condition, lenient  *yaml.Node
	shell, name, workIn *yaml.Node
}

// workflowFile reports names of workflows: GitHub reads those directly below
// .github/workflows.
func workflowFile(name string) bool {
	dir, base := path.Split(name)
	return dir == ".github/workflows/" && (strings.HasSuffix(base, ".yml") || strings.HasSuffix(base, ".yaml"))
}

// actionFile reports names of action metadata that the repository offers or
// uses. In folders of tests and documentation lie those of others.
func actionFile(name string) bool {
	base := path.Base(name)
	return (base == "action.yml" || base == "action.yaml") && (shipped(name) || strings.HasPrefix(name, ".github/"))
}

// readWorkflow reads a workflow or an action. It fails on what GitHub would not
// run either.
func readWorkflow(name string, data []byte) (*workflow, error) {
	file, err := readYAML(name, data)
	if err != nil {
		return nil, err
	}
	if len(file.roots) != 1 || file.roots[0].Kind != yaml.MappingNode {
		return nil, fmt.Errorf("it is not one mapping")
	}
	w := &workflow{yamlFile: file, root: file.roots[0], action: !workflowFile(name), events: map[string]*yaml.Node{}}
	if w.action {
		runs := valueOf(w.root, "runs")
		if runs == nil {
			return nil, fmt.Errorf("it has no `runs`")
		}
		w.image = valueOf(runs, "image")
		if valueOf(runs, "steps") != nil {
			j := &job{id: "runs", key: keyOf(w.root, "runs"), node: runs}
			if err := j.readSteps(valueOf(runs, "steps")); err != nil {
				return nil, err
			}
			w.jobs = append(w.jobs, j)
		}
		return w, nil
	}
	// YAML 1.1 reads a bare `on` as a truth; the node keeps what is written.
	on := valueOf(w.root, "on")
	switch {
	case on == nil:
		return nil, fmt.Errorf("it has no `on`")
	case on.Kind == yaml.ScalarNode:
		w.events[on.Value] = on
	case on.Kind == yaml.SequenceNode:
		for _, e := range items(on) {
			w.events[scalar(e)] = e
		}
	default:
		for k, v := range pairs(on) {
			w.events[k.Value] = v
		}
	}
	w.permissions, w.env = valueOf(w.root, "permissions"), valueOf(w.root, "env")
	jobs := valueOf(w.root, "jobs")
	if jobs == nil || jobs.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("it has no `jobs`")
	}
	for k, v := range pairs(jobs) {
		if v.Kind != yaml.MappingNode {
			return nil, fmt.Errorf("line %d: the job is no mapping", k.Line)
		}
		j := &job{id: k.Value, key: k, node: v, condition: valueOf(v, "if"), permissions: valueOf(v, "permissions"), env: valueOf(v, "env"),
			uses: valueOf(v, "uses"), with: valueOf(v, "with"), secrets: valueOf(v, "secrets"), outputs: valueOf(v, "outputs"), lenient: valueOf(v, "continue-on-error")}
		if err := j.readSteps(valueOf(v, "steps")); err != nil {
			return nil, err
		}
		w.jobs = append(w.jobs, j)
	}
	return w, nil
}

func (j *job) readSteps(list *yaml.Node) error {
	if list == nil {
		return nil
	}
	if list.Kind != yaml.SequenceNode {
		return fmt.Errorf("line %d: `steps` is no list", list.Line)
	}
	for _, n := range items(list) {
		if n.Kind != yaml.MappingNode {
			return fmt.Errorf("line %d: the step is no mapping", n.Line)
		}
		j.steps = append(j.steps, &step{node: n, uses: valueOf(n, "uses"), run: valueOf(n, "run"), with: valueOf(n, "with"), env: valueOf(n, "env"),
			condition: valueOf(n, "if"), lenient: valueOf(n, "continue-on-error"), shell: valueOf(n, "shell"), name: valueOf(n, "name"), workIn: valueOf(n, "working-directory")})
	}
	return nil
}

// on reports whether one of the events starts the workflow.
func (w *workflow) on(events ...string) bool {
	return slices.ContainsFunc(events, func(e string) bool { return w.events[e] != nil })
}

// anyCaller reports whether the context is that of a caller nobody sees here.
func (w *workflow) anyCaller() bool { return w.action || w.on("workflow_call") }

// place returns a node's location with the job it belongs to.
func (w *workflow) place(n *yaml.Node, j *job) rules.Location {
	at := w.at(n)
	if j != nil && !w.action {
		at.Symbol = j.id
	}
	return at
}

// An actionRef is a parsed `uses`.
type actionRef struct {
	text  string
	local string // "./path" without the dot, cleaned; "" for others
	image string // docker://…
	owner string
	repo  string // "owner/repo"
	path  string // below the repository
	ref   string
}

// parseUses reads a `uses`. Of an expression nothing is known: ok is false.
func parseUses(n *yaml.Node) (a actionRef, ok bool) {
	a.text = strings.TrimSpace(scalar(n))
	switch {
	case a.text == "" || strings.Contains(a.text, "${{"):
		return a, false
	case strings.HasPrefix(a.text, "docker://"):
		a.image = strings.TrimPrefix(a.text, "docker://")
		return a, true
	case strings.HasPrefix(a.text, "./") || strings.HasPrefix(a.text, "../"):
		local, _, _ := strings.Cut(a.text, "@")
		a.local = path.Clean(local)
		return a, true
	}
	name, ref, _ := strings.Cut(a.text, "@")
	parts := strings.SplitN(strings.ToLower(name), "/", 3)
	if len(parts) < 2 {
		return a, false
	}
	a.owner, a.repo, a.ref = parts[0], parts[0]+"/"+parts[1], ref
	if len(parts) == 3 {
		a.path = parts[2]
	}
	return a, true
}

// name is owner/repo with the path below it, as actions are spoken of.
func (a actionRef) name() string {
	if a.path == "" {
		return a.repo
	}
	return a.repo + "/" + a.path
}

// commit reports whether a ref is a full commit: SHA-1, or SHA-256.
func commit(ref string) bool {
	if len(ref) != 40 && len(ref) != 64 {
		return false
	}
	return strings.Trim(strings.ToLower(ref), "0123456789abcdef") == ""
}

// workflowSet is every workflow and action of the repository by name.
type workflowSet struct {
	all    []*workflow
	byName map[string]*workflow
}

// readWorkflows reads all of them.
func (rd *reading) readWorkflows() *workflowSet {
	set := &workflowSet{byName: map[string]*workflow{}}
	add := func(name string, data []byte) {
		w, err := readWorkflow(name, data)
		if err != nil {
			rd.problem("%s is no valid workflow or action: %v; correct it", name, err)
			return
		}
		set.all = append(set.all, w)
		set.byName[name] = w
	}
	rd.each(func(name string) bool { return workflowFile(name) || actionFile(name) }, maxWorkflow, add)
	// A local action may lie anywhere, in the folder of a test as well.
	for i := 0; i < len(set.all); i++ {
		for _, a := range set.all[i].localActions() {
			for _, name := range []string{a + "/action.yml", a + "/action.yaml"} {
				if set.byName[name] == nil && rd.repo.tree.Has(name) && !actionFile(name) {
					if data, ok := rd.file(name, maxWorkflow); ok {
						add(name, data)
					}
				}
			}
		}
	}
	return set
}

// localActions lists the folders of the actions a workflow's steps use.
func (w *workflow) localActions() []string {
	var out []string
	for _, j := range w.jobs {
		for _, st := range j.steps {
			if a, ok := parseUses(st.uses); ok && a.local != "" && !strings.HasPrefix(a.local, "..") {
				out = append(out, strings.TrimPrefix(a.local, "./"))
			}
		}
	}
	return out
}

// local returns the workflow or action a local `uses` names, nil when it is not
// in the tree. GitHub resolves both from the root of the repository.
func (s *workflowSet) local(a actionRef) *workflow {
	if a.local == "" {
		return nil
	}
	for _, name := range []string{a.local, a.local + "/action.yml", a.local + "/action.yaml"} {
		if w := s.byName[strings.TrimPrefix(name, "./")]; w != nil {
			return w
		}
	}
	return nil
}
