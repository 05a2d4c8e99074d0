package code

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/staylisted/staylisted/rules"
)

// TestOAuthClients: each call that is authorised at a marketplace is seen, with
// the marketplace and the grant; what is declared and not used, goes elsewhere
// or to a host that is only known at run time is not.
func TestOAuthClients(t *testing.T) {
	t.Parallel()
	a := overFacts("oauthclients", func(f Facts, tell func(at rules.Location, text string)) {
		for _, it := range f.OAuth {
			tell(it.Location, it.Name+": "+it.Detail)
		}
	})
	for _, r := range expect(t, a, "oauthclients", "oauthlogin", "oauthtokens", "factsnone") {
		f := r.result.(Facts)
		raw, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		var back, merged Facts
		if err := json.Unmarshal(raw, &back); err != nil {
			t.Fatal(err)
		}
		merged.Merge(back)
		if !reflect.DeepEqual(merged.OAuth, f.OAuth) {
			t.Errorf("what JSON keeps differs:\n%+v\n%+v", merged.OAuth, f.OAuth)
		}
	}
}

// TestAuthorisations: names lead over packages to hosts, in any order, and a
// chain without an end leads nowhere.
func TestAuthorisations(t *testing.T) {
	at := func(line int) rules.Location { return rules.Location{Path: "a.go", Line: line} }
	var f Facts
	f.Merge(Facts{OAuthUses: []rules.Item{
		{Name: "oauth2-code", Detail: "x/handlers.New#0 Endpoint.TokenURL", Location: at(9)},
		{Name: "oauth2-code", Detail: "x/none.Conf Endpoint.TokenURL", Location: at(1)},
		{Name: "oauth2-client-credentials", Detail: "x/ring.A TokenURL", Location: at(2)},
	}})
	f.Merge(Facts{OAuth: []rules.Item{{Name: "druva:api-token", Detail: "apis.druva.com", Location: at(5)}}})
	f.Merge(Facts{OAuthMade: []rules.Item{
		{Name: "x/handlers.New#0 Endpoint.TokenURL", Detail: "x/setup.Endpoint TokenURL"},
		{Name: "x/setup.Endpoint TokenURL", Detail: "app.apollo.io"},
		{Name: "x/unused.Conf TokenURL", Detail: "apis.druva.com"},
		{Name: "x/ring.A TokenURL", Detail: "x/ring.B TokenURL"},
		{Name: "x/ring.B TokenURL", Detail: "x/ring.A TokenURL"},
	}})
	want := []rules.Item{
		{Name: "druva:api-token", Detail: "apis.druva.com", Location: at(5)},
		{Name: "apollo:oauth2-code", Detail: "app.apollo.io", Location: at(9)},
	}
	if got := f.Authorisations(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if len(f.OAuth) != 1 {
		t.Error("asking changed the facts")
	}
}
