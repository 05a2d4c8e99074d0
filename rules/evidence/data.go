package evidence

import (
	"fmt"
	"slices"
	"strings"

	"github.com/staylisted/staylisted/rules"
)

// Words of `protection` of stored secrets.
var (
	protectedWords = []string{"aead", "gcm", "kms", "envelope", "vault", "keyvault", "secretsmanager", "secretmanager", "keychain", "keyring", "hsm", "sealed",
		"hash", "hashed", "hmac", "argon2", "argon2id", "bcrypt", "scrypt", "pbkdf2", "sha256", "sha512", "encrypted", "tink", "age", "nacl", "secretbox"}
	openWords   = []string{"plaintext", "plain", "cleartext", "unencrypted"}
	memoryWords = []string{"memory", "transient", "ephemeral"}
	encodings   = []string{"base64", "hex", "encoded", "rot13", "xor", "obfuscated"}
)

// notStored reports whether an entry says that the value is never written.
func notStored(e Data) bool {
	w := splitWords(e.Protection)
	if anyWord(w, openWords) || anyWord(w, encodings) {
		return false // "in memory, and in the database in plain text"
	}
	return anyWord(w, memoryWords) || slices.Contains(w, "not") && anyWord(w, []string{"stored", "kept", "persisted", "written"})
}

// protected says how an entry keeps its value: safely, openly, or neither is
// clear.
func protected(e Data) (safe, open bool) {
	if notStored(e) {
		return true, false
	}
	w := splitWords(e.Protection)
	c := cipherOf(e.Protection)
	switch {
	case anyWord(w, noneWords), anyWord(w, encodings):
		return false, true
	case c.weak:
		return false, false
	}
	// SHA-256 is written with a hyphen by its standard (FIPS 180-4).
	sha2 := slices.Contains(w, "sha") && anyWord(w, []string{"256", "384", "512"})
	return c.aes256 || sha2 || anyWord(w, protectedWords), false
}

// What snippets ask for; see [askRegion].
const (
	askSource     = `"<where it comes from, as in apollo or user>"`
	askStore      = `"<name of an entry of stores>"`
	askProtection = `"<cipher, KMS or hash, or not-stored>"`
	askRetention  = `"<how long it is kept, as in 90d>"`
	askDeletion   = `"<file that says how it is deleted>"`
	secretExample = `  - {name: "<kind of secret, as in refresh token>", class: secret, source: ` + askSource + `, store: ` + askStore + `, protection: ` + askProtection + `, retention: ` + askRetention + `}`
)

// data weighs the inventory for what it says of all data and of stored secrets,
// and states what it says as facts.
func (d *declared) data() {
	complete := d.inventory()
	d.storedSecrets(complete)
	d.masking()
	d.unseenSources()
	d.dataFacts(complete)
}

// unseenSources questions data that is declared to come from a marketplace whose
// API the code is known not to call: the entry was copied, or the call is
// elsewhere. While that is undecided nothing is said.
func (d *declared) unseenSources() {
	for _, e := range d.f.Data {
		switch e.Source {
		case "apollo", "druva", "monday":
			if d.facts["api-"+e.Source].State == rules.False {
				d.flag("policy:data/unseen-source", fmt.Sprintf("%s is declared to come from %s, and the code holds no call to the API of %s", quoted(e.Name), e.Source, e.Source), e.Pos, nil, e.Name, e.Source)
			}
		}
	}
}

// inventory proves that sensitive data is listed when every entry is complete
// and the code handles no kind of data that is missing. It reports whether that
// is so.
func (d *declared) inventory() bool {
	const control = "data-inventory"
	const example = "data:\n  - {name: \"<kind of data>\", class: \"<public, internal, confidential, pii or pii-high>\", source: " + askSource + ", store: " + askStore + ", retention: " + askRetention + ", deletion: " + askDeletion + "}\n" +
		secretExample
	if len(d.f.Data) == 0 {
		d.lack(dataVerifier, control, nil, "The policy file lists no data. Name each kind of personal, secret or regulated data with class, source, store, retention and deletion.", example)
		return false
	}
	region := map[string]string{}
	for _, s := range d.f.Stores {
		region[s.Name] = s.Region
	}
	ok := true
	for _, e := range d.f.Data {
		if !sensitive(e.Class) {
			continue
		}
		var gaps []string
		need := func(key string, missing bool) {
			if missing {
				gaps = append(gaps, key)
			}
		}
		need("source", e.Source == "")
		if !notStored(e) {
			need("store", e.Store == "")
			need("region of its store", e.Store != "" && region[e.Store] == "")
			need("retention", e.Retention.Text == "")
			need("deletion", e.Deletion == "" && e.Class != "secret")
			need("protection", e.Protection == "" && e.Class == "secret")
		}
		if len(gaps) > 0 {
			ok = false
			d.lack(dataVerifier, control, nil, fmt.Sprintf("The entry %s in %s lacks: %s.", quoted(e.Name), printable(d.f.Where(e.Pos)), strings.Join(gaps, ", ")), d.dataSnippet(e))
		}
	}
	if d.passwords() && !slices.ContainsFunc(d.f.Data, func(e Data) bool {
		return e.Class == "secret" && anyWord(splitWords(e.Name), []string{"password", "passwords", "passwd", "passphrase", "credential", "credentials", "pin"})
	}) {
		ok = false
		d.lack(dataVerifier, control, nil, "The code takes or stores passwords ("+d.facts["password"].Detail+"), and no entry of class secret names them.",
			"data:\n  - {name: password, class: secret, source: "+askSource+", store: "+askStore+", protection: "+askProtection+", retention: "+askRetention+"}")
	}
	if ok {
		d.prove(rules.Observation{Verifier: dataVerifier, Control: control, Link: d.f.Name, Expires: d.reviewedUntil("data"),
			Text: fmt.Sprintf("%d kinds of data are listed with class, source, store, retention and deletion", len(d.f.Data))})
	}
	return ok
}

func (d *declared) passwords() bool { return d.facts["password"].State == rules.True }

// dataSnippet shows an entry with everything it needs.
func (d *declared) dataSnippet(e Data) string {
	store := e.Store
	if store == "" && len(d.f.Stores) > 0 {
		store = d.f.Stores[0].Name
	}
	out := fmt.Sprintf("data:\n  - {name: %s, class: %s, source: %s, store: %s, ", scalar(e.Name), e.Class, or(e.Source, askSource), or(store, askStore))
	if e.Class == "secret" {
		out += "protection: " + or(e.Protection, askProtection) + ", "
	}
	out += "retention: " + or(e.Retention.Text, askRetention)
	if e.Class != "secret" {
		out += ", deletion: " + or(e.Deletion, askDeletion)
	}
	return out + "}"
}

// storedSecrets proves that stored secrets are protected when each entry of
// class secret names what protects it and the tokens the app gets are among
// them.
func (d *declared) storedSecrets(complete bool) {
	const control = "no-plaintext-secrets-storage"
	const example = "data:\n" + secretExample
	secrets, good := 0, true
	for _, e := range d.f.Data {
		if e.Class != "secret" {
			continue
		}
		secrets++
		switch safe, open := protected(e); {
		case open:
			good = false
			d.flag("policy:data/plaintext-secret", fmt.Sprintf("%s is declared with protection %s", quoted(e.Name), quoted(e.Protection)), e.Pos, nil, e.Name)
		case !safe:
			good = false
			d.lack(dataVerifier, control, nil, fmt.Sprintf("The entry %s of class secret does not say how the value is protected where it is stored; write the cipher, the KMS or the hash, or `not-stored`.", quoted(e.Name)), d.dataSnippet(e))
		}
	}
	switch {
	case len(d.f.Data) == 0:
		d.lack(dataVerifier, control, nil, "The policy file lists no data, so nothing says how stored secrets and tokens are protected.", example)
	case secrets == 0 && len(d.handled(func(kind string) bool { return slices.Contains(secretKinds, kind) })) > 0:
		d.lack(dataVerifier, control, nil, "The code handles secrets ("+strings.Join(d.handled(func(kind string) bool { return slices.Contains(secretKinds, kind) }), ", ")+
			"), and no entry of class secret says how they are kept. If they are never written, say `protection: not-stored`.", example)
	case secrets == 0 && d.userTokens():
		d.lack(dataVerifier, control, nil, "The app gets tokens of its users by OAuth, and no entry of class secret says how they are kept. If they are never written, say `protection: not-stored`.", example)
	case good && secrets > 0:
		d.prove(rules.Observation{Verifier: dataVerifier, Control: control, Link: d.f.Name, Text: fmt.Sprintf("each of the %d kinds of stored secrets is declared with its protection", secrets)})
	case good && complete:
		d.prove(rules.Observation{Verifier: dataVerifier, Control: control, Link: d.f.Name, Text: "the inventory is complete and lists no stored secret"})
	case good:
		d.lack(dataVerifier, control, nil, "The inventory under data is not complete, so it does not show that no secret is stored.", example)
	}
}

// handled returns the kinds of data that the names in the code stand for and
// that pass, sorted.
func (d *declared) handled(keep func(kind string) bool) []string {
	fact := d.facts[factDataName]
	if fact.State != rules.True {
		return nil
	}
	return itemNames(fact, func(it rules.Item) bool { _, known := dataWords[it.Name]; return known && keep(it.Name) })
}

// highKinds are those of [dataWords] that are highly sensitive.
var highKinds = []string{"social security number", "passport number", "national id", "tax id", "bank account", "payment card"}

// userTokens reports whether the app holds tokens of its users, as far as the
// declared services say.
func (d *declared) userTokens() bool {
	return slices.ContainsFunc(d.f.Services, func(s Service) bool {
		return s.Auth == "oauth2-code" || s.Auth == "oauth2-device" || s.Auth == "oidc"
	})
}

// masking says what the inventory means for the masking of highly sensitive
// data; proof of masking comes from elsewhere.
func (d *declared) masking() {
	for _, e := range d.f.Data {
		if e.Class == "pii-high" {
			d.lack(dataVerifier, "data-masking", nil, fmt.Sprintf("The inventory lists %s as pii-high: show that it is masked where it leaves the app.", quoted(e.Name)), "teach:\n  redact: [example.com/app/internal/mask.Card]")
			return
		}
	}
}

// Facts that the policy file decides. They are the partner's word, so a control
// they rule out needs a claim as well.
const (
	factPIIHigh   = "declared-pii-high"
	factSensitive = "declared-sensitive"
)

// dataFacts states what product and inventory say: whether highly sensitive
// data is held, and whether the product is a sensitive one (catalogue §2.2,
// data-masking and independent-audit). Neither is false without a complete
// inventory, or against what the names in the code say.
func (d *declared) dataFacts(complete bool) {
	high := rules.Fact{ID: factPIIHigh, Detail: "the policy file holds no complete inventory of data"}
	private := rules.Fact{ID: factSensitive, Detail: high.Detail}
	if complete && !d.absent {
		high.State, high.Detail = rules.False, fmt.Sprintf("none of the %d declared kinds of data is pii-high", len(d.f.Data))
		private.State, private.Detail = rules.False, fmt.Sprintf("the product is not declared to be sensitive, and none of the %d declared kinds of data is personal", len(d.f.Data))
	}
	if kinds := d.handled(func(kind string) bool { return slices.Contains(highKinds, kind) }); len(kinds) > 0 {
		high.State, high.Detail = rules.Undecided, "no declared kind of data is pii-high, and the code handles data whose name means "+strings.Join(kinds, ", ")
	}
	if kinds := d.handled(func(kind string) bool { return !slices.Contains(secretKinds, kind) }); len(kinds) > 0 {
		private.State, private.Detail = rules.Undecided, "no declared kind of data is personal, and the code handles data whose name means "+strings.Join(kinds, ", ")
	}
	for _, s := range d.f.Services {
		if slices.ContainsFunc(s.Scopes, broadScope) {
			private.State, private.Detail = rules.True, "the scopes of "+quoted(s.Name)+" are privileged"
		}
	}
	for _, m := range d.f.Marketplaces {
		if slices.ContainsFunc(m.Scopes, broadScope) {
			private.State, private.Detail = rules.True, "the scopes of "+m.ID+" are privileged"
		}
	}
	for _, e := range d.f.Data {
		at := rules.Item{Name: printable(e.Name), Detail: e.Class, Location: rules.Location{Path: d.f.Name, Line: e.Line, Column: e.Column}}
		if e.Class == "pii-high" {
			high.State, high.Detail = rules.True, "declared under data"
			high.Items = append(high.Items, at)
		}
		if e.Class == "pii-high" || e.Class == "pii" {
			private.State, private.Detail = rules.True, "personal data is declared under data"
			private.Items = append(private.Items, at)
		}
	}
	if d.f.Product.Sensitive {
		private.State, private.Detail = rules.True, "declared by `product.sensitive`"
	}
	d.g.Facts = append(d.g.Facts, high, private)
}
