package scan

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/staylisted/staylisted/rules/code"
	"github.com/staylisted/staylisted/rules/evidence"
)

// TestPolicyReachesTheRules holds that what the policy teaches is part of what
// names a result, so that no result of another policy is taken from the cache.
func TestPolicyReachesTheRules(t *testing.T) {
	t.Parallel()
	if got := optionFields(codeOptions(nil)); !slices.Equal(got, optionFields(code.Options{})) {
		t.Errorf("no policy file gives %v", got)
	}
	names := func(text string) []evidence.Name { return []evidence.Name{{Text: text}} }
	f := &evidence.File{
		Teach: evidence.Teach{Auth: names("example.com/app/auth.Require"), TenantScope: names("example.com/app/store.For"),
			Redact: names("example.com/app/logx.Mask"), URLGuard: names("example.com/app/netx.Safe"), Audit: names("example.com/app/audit.Record")},
		Endpoints: []evidence.Endpoint{{Anonymous: []evidence.Route{{Method: "GET", Path: "/a"}, {Path: "/b"}}}},
		Limits:    evidence.Limits{SessionAbsolute: evidence.Duration{Length: time.Hour}},
	}
	opts := codeOptions(f)
	if want := []string{"GET /a", "/b"}; !slices.Equal(opts.Anonymous, want) {
		t.Errorf("open routes %q, want %q", opts.Anonymous, want)
	}
	want := code.Teach{Auth: []string{"example.com/app/auth.Require"}, TenantScope: []string{"example.com/app/store.For"},
		Redact: []string{"example.com/app/logx.Mask"}, URLGuard: []string{"example.com/app/netx.Safe"}, Audit: []string{"example.com/app/audit.Record"}}
	if opts.SessionAbsolute != time.Hour || !reflect.DeepEqual(opts.Teach, want) {
		t.Errorf("the rules are told %+v", opts)
	}
	seen := map[string]bool{enginePack(nil, optionFields(code.Options{})): true}
	for _, change := range []func(*code.Options){
		func(o *code.Options) { o.Teach.Auth = []string{"x"} },
		func(o *code.Options) { o.Teach.TenantScope = []string{"x"} },
		func(o *code.Options) { o.Teach.Redact = []string{"x"} },
		func(o *code.Options) { o.Teach.URLGuard = []string{"x"} },
		func(o *code.Options) { o.Teach.Audit = []string{"x"} },
		func(o *code.Options) { o.Anonymous = []string{"x"} },
		func(o *code.Options) { o.SessionIdle = time.Minute },
		func(o *code.Options) { o.SessionAbsolute = time.Minute },
	} {
		var o code.Options
		change(&o)
		key := enginePack(nil, optionFields(o))
		if seen[key] {
			t.Errorf("%+v has the key of other options", o)
		}
		seen[key] = true
	}
}
