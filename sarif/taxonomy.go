package sarif

import (
	"crypto/sha256"
	"fmt"
	"strings"

	gosarif "github.com/owenrumney/go-sarif/v2/sarif"

	"github.com/staylisted/staylisted/rules"
)

// taxonomies is the catalogue as SARIF sees it: one toolComponent a
// marketplace, and where each requirement stands in it.
type taxonomies struct {
	components []*gosarif.ToolComponent
	references []*gosarif.ToolComponentReference
	places     map[string]taxon
}

type taxon struct {
	component, index int
}

func newTaxonomies(c *rules.Catalogue) *taxonomies {
	t := &taxonomies{places: map[string]taxon{}}
	if c == nil {
		return t
	}
	for _, m := range c.Marketplaces {
		if len(m.Requirements) == 0 {
			continue
		}
		name := firstOf(plain(m.Name, maxName), plain(m.ID, maxName), "marketplace")
		// go-sarif writes an unset guid of a reference as null, which the schema
		// forbids; a name-based one costs nothing and is the same in every file.
		guid := nameUUID("taxonomy", m.ID)
		component := gosarif.NewDriver(name).WithGUID(guid).WithIsComprehensive(true).
			WithShortDescription(gosarif.NewMultiformatMessageString(clip("Security requirements of "+name+".", maxDescription)))
		if c.Version != "" {
			component.WithVersion(oneLine(c.Version))
		}
		for _, r := range m.Requirements {
			if _, twice := t.places[r.ID]; twice {
				continue
			}
			t.places[r.ID] = taxon{len(t.components), len(component.Taxa)}
			title := firstOf(plain(r.Title, maxDescription), r.ID)
			component.AddTaxa(gosarif.NewRule(r.ID).
				WithName(clip(title, maxName)).
				WithShortDescription(gosarif.NewMultiformatMessageString(title)).
				WithProperties(gosarif.Properties{"category": string(r.Category)}))
		}
		t.references = append(t.references, gosarif.NewToolComponentReference().
			WithName(name).WithIndex(len(t.components)).WithGuid(guid))
		t.components = append(t.components, component)
	}
	return t
}

// taxa refers to the requirements among ids that the catalogue knows.
func (t *taxonomies) taxa(ids []string) []*gosarif.ReportingDescriptorReference {
	var out []*gosarif.ReportingDescriptorReference
	seen := map[string]bool{}
	for _, id := range ids {
		place, known := t.places[id]
		if !known || seen[id] {
			continue
		}
		seen[id] = true
		out = append(out, gosarif.NewReportingDescriptorReference().
			WithId(id).WithIndex(place.index).WithToolComponentReference(t.references[place.component]))
	}
	return out
}

// nameUUID derives a UUID from names. It says version 5, the name-based one
// that schemas accept, though the digest is SHA-256.
func nameUUID(parts ...string) string {
	sum := sha256.Sum256([]byte("staylisted\x00" + strings.Join(parts, "\x00")))
	sum[6] = sum[6]&0x0F | 0x50
	sum[8] = sum[8]&0x3F | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}
