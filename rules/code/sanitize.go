package code

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// kept says which inputs of a call its result keeps.
type kept struct {
	none     bool // nothing, or nothing that the use minds
	receiver bool
	all      bool // all arguments
	args     []int
	// half is set when something harmful is taken out, but not all.
	half bool
	// decoded is set when the result is decoded from the argument: checks before
	// that saw another text.
	decoded bool
}

// keepers are packages of the standard library whose functions keep text.
var keepers = setOf(`strings bytes fmt path path/filepath net/url net/http net/textproto mime/multipart mime/quotedprintable io bufio html html/template text/template
	unicode/utf8 maps slices sort cmp strconv encoding/json encoding/xml encoding/hex encoding/base64 encoding/csv errors net net/mail mime regexp context log
	encoding/gob compress/gzip archive/zip archive/tar sync sync/atomic net/netip reflect iter`)

// messageGetter matches the getters of generated messages and of framework
// values: what they return is a part of their receiver.
var messageGetter = regexp.MustCompile(`^(Get[A-Z]\w*|String|Strings|Bytes|Value|Values|Text|Peek\w*|QueryArgs|PostArgs|URI|RequestURI|Path|Open|Header|Data|Body|Msg|AsMap|MultipartForm|Interface)$`)

// sanitizers lists the uses that a function's result is safe for. What a number
// parser returns needs no entry: numbers carry no text.
var sanitizers = map[string]purpose{
	"html.EscapeString":                       useHTML,
	"html/template.HTMLEscapeString":          useHTML,
	"html/template.HTMLEscaper":               useHTML,
	"html/template.JSEscapeString":            useHTML,
	"html/template.JSEscaper":                 useHTML,
	"html/template.URLQueryEscaper":           useEndpoint | useHTML | useHost | useJump,
	"text/template.HTMLEscapeString":          useHTML,
	"text/template.HTMLEscaper":               useHTML,
	"text/template.JSEscapeString":            useHTML,
	"net/url.QueryEscape":                     useEndpoint | useHTML | useHost | useJump | useLog | useCommand | usePath | useMail,
	"net/url.PathEscape":                      useEndpoint | useHTML | useHost | useJump | useLog | usePath | useMail,
	"net/url.Values.Encode":                   useEndpoint | useHTML | useHost | useJump | useLog | useMail,
	"net/url.URL.Query":                       useHost,
	"net/url.URL.EscapedPath":                 useHost | useHTML | useLog,
	"net/url.URL.Port":                        useAll,
	"net/url.URL.IsAbs":                       useAll,
	"net/url.URL.EscapedFragment":             useHost | useJump | useLog,
	"net/url.URL.RequestURI":                  useHost | useJump | useLog,
	"path/filepath.Base":                      useEndpoint | usePath | useHost | useJump,
	"path.Base":                               useEndpoint | usePath | useHost | useJump,
	"path/filepath.Ext":                       useEndpoint | usePath | useHost | useJump | useCommand,
	"path.Ext":                                useEndpoint | usePath | useHost | useJump | useCommand,
	"path/filepath.Localize":                  usePath,
	"strconv.Quote":                           useLog,
	"strconv.QuoteToASCII":                    useLog,
	"encoding/json.Marshal":                   useHTML | useLog | useHost | useJump | useGraph,
	"encoding/json.MarshalIndent":             useHTML | useLog | useHost | useJump | useGraph,
	"encoding/json.HTMLEscape":                useHTML,
	"encoding/hex.EncodeToString":             useAll,
	"encoding/base64.Encoding.EncodeToString": useAll &^ usePath,
	"mime.QEncoding.Encode":                   useMail,
	"net/mail.ParseAddress":                   useMail,
	"net/mail.ParseAddressList":               useMail,
	"net/mail.Address.String":                 useMail,
	"mime.WordEncoder.Encode":                 useMail,
	"net.LookupHost":                          useAll &^ useHost,
	"net.LookupIP":                            useAll &^ useHost,
	"net/netip.ParseAddr":                     useAll &^ useHost,
	"net.ParseIP":                             useAll &^ useHost,
	"net/textproto.CanonicalMIMEHeaderKey":    useLog | useMail,
	"strings.Map":                             useAll,
	"bytes.Map":                               useAll,
	"strings.Count":                           useAll,
	"net/http.DetectContentType":              useAll,
	"net/http.StatusText":                     useAll,
	"regexp.Regexp.ReplaceAllStringFunc":      useAll,
	"regexp.QuoteMeta":                        usePattern,
	"errors.Is":                               useAll,
}

// keeps says what the i-th result of a call of another package keeps.
func (t *taint) keeps(d *call, i int) kept {
	name := d.path + "." + d.callee()
	if cleared, ok := sanitizers[name]; ok && cleared&t.need.use != 0 {
		if coarse[name] {
			t.lose()
		}
		t.because("it passes " + d.name + " first")
		return kept{none: true}
	}
	if cleaning(d.name) && d.path != "html" && d.path != "net/url" && d.path != "strconv" && d.path != "regexp" {
		t.trust() // its name says so, nothing else
		return kept{none: true}
	}
	if t.need.use&(useHost|useJump) != 0 && t.m.p.taught(taughtURLGuard, d.fn) || t.m.p.taught(taughtRedact, d.fn) && t.need.use == useLog {
		return kept{none: true}
	}
	switch name {
	case "strings.ReplaceAll", "strings.Replace", "bytes.ReplaceAll", "bytes.Replace":
		old, ok := constText(d.args[1])
		by, known := constText(d.args[2])
		if !ok || !known {
			return kept{args: []int{0, 2}}
		}
		taken := t.strips(old, by)
		if c, ok := d.args[len(d.args)-1].(*ssa.Const); taken == whole && strings.HasSuffix(d.name, "Replace") && (!ok || c.Int64() >= 0) {
			taken = half // the first few only
		}
		return stripped(taken)
	case "strings.Replacer.Replace":
		return stripped(t.strippingReplacer(d.on))
	case "regexp.Regexp.ReplaceAllString", "regexp.Regexp.ReplaceAllLiteralString", "regexp.Regexp.ReplaceAll":
		pattern, ok := t.compiled(d.on)
		by, known := constText(d.args[1])
		if !ok || !known {
			return kept{args: []int{0}, half: true}
		}
		k := stripped(replaced(t.need.use, pattern, by, t.below > 0))
		k.half = true // a pattern that is not understood may be a good one
		return k
	case "net/url.PathUnescape", "net/url.QueryUnescape", "encoding/base64.Encoding.DecodeString", "encoding/hex.DecodeString", "html.UnescapeString", "strconv.Unquote":
		return kept{args: []int{0}, decoded: true}
	case "path/filepath.Clean", "path.Clean":
		if t.need.use == usePath && rooted(d.args[0]) {
			t.because("it is cleaned behind a leading slash")
			return kept{none: true}
		}
		return kept{args: []int{0}}
	case "path/filepath.Join", "path.Join":
		if t.need.use == usePath {
			if parts, ok := variadic(d.args[0]); ok && len(parts) == 1 && rooted(parts[0]) {
				return kept{none: true}
			}
		}
	case "strings.Split", "strings.SplitN", "strings.Fields", "strings.TrimPrefix", "strings.TrimSuffix", "strings.Trim", "strings.TrimLeft", "strings.TrimRight", "strings.Cut",
		"bytes.Split", "bytes.TrimPrefix", "bytes.TrimSuffix", "bytes.Trim", "strings.TrimFunc", "strings.SplitAfter", "strings.CutPrefix", "strings.CutSuffix", "strings.SplitSeq":
		return kept{args: []int{0}}
	case "net/url.JoinPath":
		if t.need.use == useHost || t.need.use == useJump {
			return kept{args: []int{0}}
		}
		return kept{all: true}
	case "net/url.URL.JoinPath":
		if t.need.use == useHost || t.need.use == useJump {
			return kept{receiver: true}
		}
		return kept{receiver: true, all: true}
	case "net/url.URL.Parse", "net/url.URL.ResolveReference":
		return kept{receiver: true, all: true}
	case "net.JoinHostPort":
		return kept{args: []int{0}}
	case "net/http.NewRequest", "net/http.NewRequestWithContext":
		return kept{none: true}
	case "net/http.Get", "net/http.Post", "net/http.Head", "net/http.PostForm", "net/http.Client.Do", "net/http.Client.Get", "net/http.Client.Post", "net/http.Client.Head",
		"net/http.Transport.RoundTrip", "net/http.RoundTripper.RoundTrip", "net.Dial", "net.DialTimeout", "net.Dialer.Dial", "net.Dialer.DialContext", "net/http.Client.PostForm":
		return kept{none: true} // an answer is another server's
	case "net/http.Request.Context", "net/http.Request.ProtoAtLeast", "net/http.FileServer", "net/http.Request.Write":
		return kept{none: true}
	case "io.MultiReader", "io.TeeReader", "io.LimitReader", "io.NewSectionReader", "io.ReadAll", "io/ioutil.ReadAll", "io.NopCloser":
		if name == "io.LimitReader" && t.need.use == useBytes {
			return kept{none: true}
		}
		return kept{args: []int{0}}
	case "net/http.MaxBytesReader":
		if t.need.use == useBytes {
			return kept{none: true}
		}
		return kept{args: []int{1}}
	case "strconv.Quote", "strconv.AppendQuote":
		return kept{all: true}
	case "cmp.Or", "slices.Clone", "maps.Clone", "slices.Concat", "strings.Join", "bytes.Join", "strings.Repeat", "maps.Keys", "maps.Values", "slices.Collect", "slices.Sorted":
		return kept{all: true}
	case "encoding/json.Marshal", "encoding/json.MarshalIndent":
		return kept{args: []int{0}}
	case "regexp.Regexp.FindStringSubmatch", "regexp.Regexp.FindString", "regexp.Regexp.FindAllString", "regexp.Regexp.FindAllStringSubmatch":
		// A pattern decides what is left; a strict one is a check.
		if pattern, ok := t.compiled(d.on); ok && !leaves(t.need.use, pattern, t.below > 0) {
			return kept{args: []int{0}, half: true}
		}
		t.lose()
		return kept{none: true}
	case "os/exec.LookPath":
		return kept{args: []int{0}}
	case "io/fs.DirEntry.Name", "io/fs.FileInfo.Name":
		return kept{receiver: true}
	case "context.WithValue", "context.Context.Value":
		t.lose()
		return kept{none: true}
	case "html/template.Template.Execute", "text/template.Template.Execute":
		return kept{none: true}
	}
	if keepers[d.path] {
		if i > 0 && isError(d, i) {
			return kept{none: true}
		}
		return kept{receiver: true, all: true}
	}
	if d.on != nil && len(d.args) == 0 && messageGetter.MatchString(d.name) {
		return kept{receiver: true}
	}
	switch d.path {
	case pathFasthttp:
		if d.on == nil {
			t.lose()
		}
		return kept{receiver: true, none: d.on == nil}
	case "github.com/tidwall/gjson":
		return kept{receiver: true, args: []int{0}}
	case "github.com/nats-io/nats.go", "github.com/gofiber/utils", "github.com/gofiber/fiber/utils", "github.com/goccy/go-json", "github.com/json-iterator/go", "google.golang.org/protobuf/encoding/protojson":
		return kept{receiver: true, all: true}
	}
	if d.name == "NewDecoder" || d.name == "NewReader" || d.name == "NewScanner" {
		return kept{args: []int{0}}
	}
	t.lose()
	return kept{none: true}
}

func isError(d *call, i int) bool {
	results := d.fn.Signature().Results()
	return i < results.Len() && results.At(i).Type().String() == "error"
}

// stripped is what a text keeps of which something was taken out.
func stripped(p proof) kept {
	switch p {
	case whole:
		return kept{none: true}
	case half:
		return kept{args: []int{0}, half: true}
	}
	return kept{args: []int{0}}
}

// strips says how far replacing old everywhere protects the use.
func (t *taint) strips(old, by string) proof {
	if old == "" || strings.Contains(by, old) {
		return noProof
	}
	switch t.need.use {
	case useLog, useMail:
		if old == "\n" && !strings.ContainsAny(by, "\r\n") {
			return whole
		}
		if strings.ContainsAny(old, "\r\n") {
			return half
		}
	case useHTML:
		if old == "<" {
			return half // a quote ends an attribute
		}
	case usePath:
		switch {
		case old == ".." && !strings.Contains(by, "."), old == "/" && !strings.Contains(by, "\\"):
			if t.below > 0 || old == "/" {
				return whole
			}
			return half
		case strings.Contains(old, ".."):
			return half // "....//" becomes "../"
		}
	case useSQL:
		if old == "'" || old == "`" || old == `"` {
			return half
		}
	}
	return noProof
}

// strippingReplacer says how far a strings.Replacer removes what matters.
func (t *taint) strippingReplacer(v ssa.Value) proof {
	best := noProof
	origins, more := t.m.p.origins(v)
	for _, o := range origins {
		c, ok := o.v.(*ssa.Call)
		if !ok {
			continue
		}
		d := t.m.p.asCall(c, paths("strings"))
		if d == nil || d.name != "NewReplacer" {
			continue
		}
		pairs, _ := variadic(d.args[0])
		angle, quote := false, false
		for i := 0; i+1 < len(pairs); i += 2 {
			if pairs[i] == nil || pairs[i+1] == nil {
				continue
			}
			old, ok := constText(pairs[i])
			by, known := constText(pairs[i+1])
			if !ok || !known {
				continue
			}
			angle, quote = angle || old == "<", quote || old == `"`
			best = max(best, t.strips(old, by))
		}
		if t.need.use == useHTML && angle && quote {
			best = whole
		}
	}
	if more {
		best = max(best, half)
	}
	return best
}

// rooted reports whether a path begins with a slash before anything foreign, so
// that cleaning it removes every "..".
func rooted(v ssa.Value) bool {
	for {
		switch x := v.(type) {
		case *ssa.BinOp:
			v = x.X
		case *ssa.Const:
			s, _ := constText(x)
			return strings.HasPrefix(s, "/")
		case *ssa.Call:
			fn := x.Call.StaticCallee()
			if fn == nil || fn.Object() == nil || fn.Name() != "Join" || len(x.Call.Args) != 1 {
				return false
			}
			parts, ok := variadic(x.Call.Args[0])
			if !ok || len(parts) == 0 {
				return false
			}
			s, ok := constText(parts[0])
			return ok && s == "/"
		default:
			return false
		}
	}
}

// cleaning reports whether a function's name says that it makes text harmless.
func cleaning(name string) bool {
	words := SplitName(name)
	if words.Has("unescape", "unquote", "unsanitized", "unsafe") {
		return false
	}
	return words.Has("sanitize", "sanitise", "sanitizer", "sanitized", "sanitised", "escape", "escaped", "quote", "slugify", "slug", "purify", "scrub", "whitelist", "allowlist")
}

// decoders match functions that write what they read into an argument.
var decoders = regexp.MustCompile(`^(Unmarshal\w*|Decode\w*|ShouldBind\w*|Bind\w*|MustBind\w*|Read|ReadFull|ReadAtLeast|ReadJSON|ReadFrom|Sscan\w*|Fscan\w*|Copy|CopyN|CopyBuffer|Parse(JSON|Form|Body|Query|Request)\w*|DecodeJSON|Scan|Merge)$`)

// writers match methods that put their arguments into their receiver.
var writers = regexp.MustCompile(`^(Write|WriteString|WriteByte|WriteRune|Set|Add|Append|Push|PushBack|PushFront|Store|Reset|Buffer)$`)

// decodes returns the values whose contents a call writes into v.
func (t *taint) decodes(d *call, v ssa.Value) ([]ssa.Value, bool) {
	is := func(a ssa.Value) bool { return a == v || a != nil && unwrapInterface(a) == v }
	if d.on != nil && is(d.on) {
		// A builder, a header, a form: what is put in. A response is what is sent,
		// a hash what is digested.
		if d.path == "net/http" && d.recv == "Header" || d.path == "net/url" && d.recv == "Values" || d.path == "strings" || d.path == "bytes" || d.path == "container/list" || d.path == "bufio" {
			if writers.MatchString(d.name) {
				return d.args, true
			}
		}
		if d.path == "sync" && d.recv == "Map" && (d.name == "Store" || d.name == "LoadOrStore") {
			return d.args[len(d.args)-1:], true
		}
		if d.path == "bytes" && d.recv == "Buffer" && d.name == "ReadFrom" {
			return d.args, true
		}
		return nil, false
	}
	if d.path == "fmt" && strings.HasPrefix(d.name, "Fprint") && len(d.args) > 1 && is(d.args[0]) {
		rest, _ := variadic(d.args[len(d.args)-1])
		return append(slices.Clone(d.args[1:len(d.args)-1]), rest...), true
	}
	if d.path == "io" && d.name == "WriteString" && is(d.args[0]) {
		return d.args[1:], true
	}
	if !decoders.MatchString(d.name) {
		return nil, false
	}
	into := -1
	for i, a := range d.args {
		if is(a) {
			into = i
		}
	}
	if into < 0 {
		if !holds(d.args, v) {
			return nil, false
		}
		into = len(d.args) - 1
	}
	var from []ssa.Value
	for i, a := range d.args {
		if i != into {
			from = append(from, a)
		}
	}
	if d.on != nil {
		from = append(from, d.on)
	}
	return from, true
}

// coarse are sanitizers that depend on an argument nobody looks at.
var coarse = setOf(`strings.Map bytes.Map regexp.Regexp.ReplaceAllStringFunc`)

// standardPath reports whether an import path is of the standard library.
func standardPath(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".")
}
