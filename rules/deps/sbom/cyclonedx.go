package sbom

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/CycloneDX/cyclonedx-go"

	"github.com/staylisted/staylisted/rules/deps"
)

// mainRef names the component that everything else belongs to.
const mainRef = "main"

// CycloneDX returns the bill of materials as CycloneDX 1.6 JSON.
func CycloneDX(in Input) ([]byte, error) {
	parts := in.parts()
	id, err := in.digest(parts)
	if err != nil {
		return nil, err
	}
	bom := cyclonedx.NewBOM()
	bom.SerialNumber = id.URN()
	main := &cyclonedx.Component{BOMRef: mainRef, Type: cyclonedx.ComponentTypeApplication, Name: cmp.Or(in.Name, "repository"), Version: in.Commit,
		PackageURL: in.mainPURL()}
	bom.Metadata = &cyclonedx.Metadata{
		Timestamp: in.Created.UTC().Format(time.RFC3339),
		Tools: &cyclonedx.ToolsChoice{Components: &[]cyclonedx.Component{{
			Type: cyclonedx.ComponentTypeApplication, Name: cmp.Or(in.Tool.Name, "staylisted"), Version: in.Tool.Version}}},
		Component: main,
	}
	components := []cyclonedx.Component{}
	direct := []string{}
	for _, p := range parts {
		ref := cmp.Or(p.purl, p.Ecosystem+":"+p.Name+"@"+p.Version)
		c := cyclonedx.Component{BOMRef: ref, Type: cyclonedx.ComponentTypeLibrary, Name: p.Name, Version: p.Version, PackageURL: p.purl, Scope: cyclonedx.ScopeRequired}
		if group, name, ok := strings.Cut(p.Name, ":"); ok && p.Ecosystem == deps.Maven {
			c.Group, c.Name = group, name
		} else if group, name, ok := strings.Cut(p.Name, "/"); ok && (p.Ecosystem == deps.Packagist || p.Ecosystem == deps.Npm && strings.HasPrefix(p.Name, "@")) {
			c.Group, c.Name = group, name
		}
		if p.Scope != "production" {
			c.Scope = cyclonedx.ScopeExcluded
		}
		if licence := p.licence(); licence != "" {
			choice := cyclonedx.LicenseChoice{Expression: licence}
			if deps.ListedLicence(licence) {
				choice = cyclonedx.LicenseChoice{License: &cyclonedx.License{ID: licence}}
			}
			c.Licenses = &cyclonedx.Licenses{choice}
		}
		properties := []cyclonedx.Property{{Name: "staylisted:scope", Value: p.Scope}}
		for _, m := range p.manifests {
			properties = append(properties, cyclonedx.Property{Name: "staylisted:manifest", Value: m})
		}
		if p.Replaces != "" {
			properties = append(properties, cyclonedx.Property{Name: "staylisted:replaces", Value: p.Replaces})
		}
		c.Properties = &properties
		components = append(components, c)
		if p.Direct {
			direct = append(direct, ref)
		}
	}
	bom.Components = &components
	bom.Dependencies = &[]cyclonedx.Dependency{{Ref: mainRef, Dependencies: &direct}}
	var out bytes.Buffer
	enc := cyclonedx.NewBOMEncoder(&out, cyclonedx.BOMFileFormatJSON)
	enc.SetPretty(true)
	enc.SetEscapeHTML(false)
	if err := enc.EncodeVersion(bom, cyclonedx.SpecVersion1_6); err != nil {
		return nil, fmt.Errorf("writing the bill of materials as CycloneDX: %w", err)
	}
	return out.Bytes(), nil
}
