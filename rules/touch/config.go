package touch

import (
	"regexp"
	"slices"
	"strings"
)

// config judges a file of keys and values: T6, T7, T9 and T11.
func (c *computation) config(f *File, l *language) {
	switch {
	case l.config == "manifest":
		c.manifest(f)
		return
	case isWorkflow(f.Path()):
		c.workflow(f, l)
		return
	}
	before, after := configLines(f, l, false), configLines(f, l, true)
	ka, kb := make([]string, len(before)), make([]string, len(after))
	for i := range before {
		ka[i] = before[i].key()
	}
	for i := range after {
		kb[i] = after[i].key()
	}
	var changed []configLine
	differ(ka, kb, func(i int) {
		x := before[i]
		changed = append(changed, x)
	}, func(i int) {
		x := after[i]
		x.added = true
		changed = append(changed, x)
	})
	// Keys that only stand elsewhere in the file are not changed.
	count := map[string]int{}
	for _, x := range changed {
		if x.added {
			count[x.key()]++
		} else {
			count[x.key()]--
		}
	}
	changed = slices.DeleteFunc(changed, func(x configLine) bool { return count[x.key()] == 0 && l.config == "keys" })
	if len(changed) == 0 {
		return
	}
	if c.infrastructure(f, l, changed) {
		return
	}
	c.keys(f, l, changed)
}

// A configLine is a line of a file of keys and values.
type configLine struct {
	text    string // without comment
	name    string // the key, as written
	parents []string
	block   string // the resource or kind it stands in: "aws_iam_role", "RoleBinding"
	line    int
	added   bool
}

// key is what two lines are compared by: the path and the text, without blanks.
func (x *configLine) key() string {
	return strings.Join(x.parents, ".") + "\x00" + strings.Join(strings.Fields(strings.TrimSuffix(strings.TrimSpace(x.text), ",")), " ")
}

var (
	yamlKey   = regexp.MustCompile(`^\s*(?:-\s+)*["']?([A-Za-z0-9_.$/@*-]+)["']?\s*:(?:\s|$)`)
	jsonKey   = regexp.MustCompile(`^\s*\{?\s*"([^"]{1,200})"\s*:`)
	equalsKey = regexp.MustCompile(`^\s*(?:export\s+)?["']?([A-Za-z0-9_.-]+)["']?\s*[+?:]?=`)
	hclBlock  = regexp.MustCompile(`^\s*(resource|data|module|variable|provider|output)?\s*"?([A-Za-z0-9_-]+)"?\s*(?:"([A-Za-z0-9_.-]+)"\s*)?\{`)
	section   = regexp.MustCompile(`^\s*\[+\s*([^\]]+?)\s*\]+\s*$`)
	kindLine  = regexp.MustCompile(`^kind:\s*["']?([A-Za-z]+)`)
	cfnType   = regexp.MustCompile(`^\s*["']?Type["']?\s*:\s*["']?(AWS::[A-Za-z0-9:]+)`)
)

// configLines cuts one side into lines with their keys.
func configLines(f *File, l *language, after bool) []configLine {
	var out []configLine
	if f.patch {
		for _, h := range f.hunks {
			lines, first := h.before, h.oldLine
			if after {
				lines, first = h.after, h.newLine
			}
			out = append(out, keysOf(lines, first, l, h.heading)...)
		}
		return out
	}
	text := f.Before
	if after {
		text = f.After
	}
	return keysOf(splitLines(text), 1, l, "")
}

// keysOf reads the keys of lines that follow each other. heading is what a patch says
// stands above them.
func keysOf(lines []string, first int, l *language, heading string) []configLine {
	type open struct {
		name   string
		column int
	}
	var stack []open
	var out []configLine
	block := ""
	from := 0 // where the part of a document starts in out whose kind is not known yet
	if l.name == "hcl" {
		if m := hclBlock.FindStringSubmatch(heading); m != nil {
			block = m[2]
		}
	}
	depth := 0
	for n, raw := range lines {
		text := stripComment(raw, l)
		trimmed := strings.TrimSpace(text)
		if trimmed == "" {
			continue
		}
		x := configLine{text: text, line: first + n}
		column := len(text) - len(strings.TrimLeft(text, " \t-"))
		switch l.name {
		case "yaml", "json":
			for len(stack) > 0 && stack[len(stack)-1].column >= column {
				stack = stack[:len(stack)-1]
			}
			m := yamlKey.FindStringSubmatch(text)
			if l.name == "json" {
				m = jsonKey.FindStringSubmatch(text)
			}
			if m != nil {
				x.name = m[1]
			}
			for _, o := range stack {
				x.parents = append(x.parents, o.name)
			}
			if m != nil && len(stack) < 30 {
				stack = append(stack, open{m[1], column})
			}
			if trimmed == "---" {
				block, from = "", len(out)
				continue
			}
			if m := kindLine.FindStringSubmatch(text); m != nil {
				block = m[1]
				for i := from; i < len(out); i++ {
					out[i].block = block
				}
				from = len(out)
			}
			if m := cfnType.FindStringSubmatch(text); m != nil {
				// The resource is the parent's whole block.
				block = m[1]
			}
		case "hcl":
			if m := hclBlock.FindStringSubmatch(text); m != nil && depth == 0 {
				block = m[2]
			} else if m := equalsKey.FindStringSubmatch(text); m != nil {
				x.name = m[1]
			}
			x.block = block
			depth += strings.Count(text, "{") - strings.Count(text, "}")
			if depth <= 0 {
				depth = 0
				if trimmed == "}" {
					x.block = block
					out = append(out, x)
					block = ""
					continue
				}
			}
		default:
			if m := section.FindStringSubmatch(text); m != nil {
				stack = []open{{m[1], 0}}
				x.name = m[1]
			} else if m := equalsKey.FindStringSubmatch(text); m != nil {
				x.name = m[1]
			} else if m := yamlKey.FindStringSubmatch(text); m != nil && l.name != "script" {
				x.name = m[1]
			}
			if len(stack) > 0 {
				x.parents = []string{stack[0].name}
			}
		}
		x.block = block
		out = append(out, x)
	}
	return out
}

// stripComment takes the comment off a line. A mark inside quotes, or in the middle
// of a word, is none.
func stripComment(line string, l *language) string {
	quote := byte(0)
	for i := 0; i < len(line); i++ {
		ch := line[i]
		switch {
		case quote != 0:
			if ch == quote {
				quote = 0
			}
			continue
		case ch == '"' || ch == '\'' && (i == 0 || !isLetter(line[i-1])):
			quote = ch
			continue
		}
		for _, mark := range l.line {
			if strings.HasPrefix(line[i:], mark) && (i == 0 || line[i-1] == ' ' || line[i-1] == '\t') {
				return line[:i]
			}
		}
	}
	return line
}

// sqlChange are the statements and definitions that change what a table holds.
var sqlChange = regexp.MustCompile(`(?i)\b(create\s+table|alter\s+table|add\s+column|drop\s+column|alter\s+column|rename\s+column|insert\s+into|update|delete\s+from|grant|revoke|create\s+(?:user|role|policy)|drop\s+table)\b|^\s*"?[a-z_]+"?\s+(?:text|varchar|char|uuid|bytea|blob|integer|int|bigint|boolean|bool|timestamp|timestamptz|jsonb?|decimal|numeric)\b`)

// keys gives T11: keys and columns whose names speak of authentication or secrets.
// One signal a notion and file.
func (c *computation) keys(f *File, l *language, changed []configLine) {
	dotenv := l.name == "env"
	said := map[string]bool{}
	for _, x := range changed {
		var found []*family
		switch l.config {
		case "sql":
			if !sqlChange.MatchString(x.text) {
				continue
			}
			for w := range strings.FieldsFuncSeq(x.text, notName) {
				found = append(found, notions(w)...)
			}
		case "docker", "script":
			if l.config == "docker" && !dockerSetting.MatchString(x.text) || l.config == "script" && x.name == "" {
				continue
			}
			name := x.name
			if m := dockerSetting.FindStringSubmatch(x.text); m != nil {
				name = m[1]
			}
			found = notions(name)
		default:
			found = notions(x.name)
			for _, p := range x.parents {
				// "auth: {ttl: 5m}": the section says what the key is about.
				for _, n := range notions(p) {
					if n.strong {
						found = append(found, n)
					}
				}
			}
			if l.name == "json" && x.name == "" && len(found) == 0 {
				continue
			}
		}
		if dotenv && len(found) == 0 && x.name != "" {
			if !said[".env"] {
				said[".env"] = true
				s := configSignal(f, x, T11, Medium, Secrets, "environment file changed")
				s.Symbol = ""
				c.add(s)
			}
			continue
		}
		for _, n := range found {
			if said[n.label()] || n.name == "role" && (l.name == "json" || l.name == "yaml") && len(split(x.name)) == 1 && x.name != "roles" {
				continue
			}
			said[n.label()] = true
			c.add(configSignal(f, x, T11, Medium, n.topic, "speaks of "+n.label()))
		}
	}
}

var dockerSetting = regexp.MustCompile(`(?i)^\s*(?:ENV|ARG)\s+([A-Za-z0-9_]+)`)

func notName(r rune) bool {
	return !(r == '_' || r < 128 && (isLetter(byte(r)) || isDigit(byte(r))))
}

func configSignal(f *File, x configLine, id string, level Level, topic Topic, what string) Signal {
	s := Signal{ID: id, Level: level, Path: f.Path(), Symbol: strings.Join(append(slices.Clone(x.parents), x.name), "."), What: what, Topic: topic}
	s.Symbol = strings.Trim(s.Symbol, ".")
	if x.added {
		s.Line = x.line
	} else {
		s.OldLine = x.line
	}
	return s
}

// iam are the resources of infrastructure that decide who may do what, or hold keys:
// Terraform types, Kubernetes kinds, CloudFormation types.
var iam = regexp.MustCompile(`^(aws_iam_.*|aws_kms_.*|aws_secretsmanager_.*|aws_ssm_parameter|aws_security_group.*|aws_vpc_security_group_.*|aws_s3_bucket_(policy|acl|public_access_block)|aws_cognito_.*|aws_lambda_permission` +
	`|google_.*_iam_.*|google_service_account.*|google_kms_.*|google_secret_manager_.*|google_compute_firewall.*` +
	`|azurerm_role_.*|azurerm_key_vault.*|azurerm_network_security_.*|azurerm_user_assigned_identity|azuread_.*|vault_.*|github_.*_secret.*|kubernetes_(secret|role|cluster_role|service_account|network_policy).*` +
	`|Secret|SealedSecret|ExternalSecret|SecretStore|ClusterSecretStore|Role|ClusterRole|RoleBinding|ClusterRoleBinding|ServiceAccount|NetworkPolicy|PodSecurityPolicy|AuthorizationPolicy|PeerAuthentication|RequestAuthentication` +
	`|AWS::IAM::.*|AWS::KMS::.*|AWS::SecretsManager::.*|AWS::EC2::SecurityGroup.*|AWS::Cognito::.*|AWS::Lambda::Permission|AWS::S3::BucketPolicy)$`)

// infrastructure gives T7, one signal a resource type and file.
func (c *computation) infrastructure(f *File, l *language, changed []configLine) bool {
	said := map[string]bool{}
	for _, x := range changed {
		if x.block == "" || said[x.block] || !iam.MatchString(x.block) {
			continue
		}
		said[x.block] = true
		s := configSignal(f, x, T7, High, Workflow, "access rules of "+x.block+" changed")
		s.Symbol = x.block
		if strings.Contains(strings.ToLower(x.block), "secret") || strings.Contains(strings.ToLower(x.block), "kms") || strings.Contains(strings.ToLower(x.block), "vault") {
			s.Topic = Secrets
		}
		c.add(s)
	}
	return len(said) > 0
}
