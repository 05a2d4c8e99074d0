package sbom

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	spdxjson "github.com/spdx/tools-golang/json"
	"github.com/spdx/tools-golang/spdx/v2/common"
	"github.com/spdx/tools-golang/spdx/v2/v2_3"

	"github.com/staylisted/staylisted/rules/deps"
)

// mainID names the package that everything else belongs to.
const mainID = common.ElementID("Package-main")

// SPDX returns the bill of materials as SPDX 2.3 JSON.
func SPDX(in Input) ([]byte, error) {
	parts := in.parts()
	id, err := in.digest(parts)
	if err != nil {
		return nil, err
	}
	name := cmp.Or(in.Name, "repository")
	doc := &v2_3.Document{
		SPDXVersion: v2_3.Version, DataLicense: v2_3.DataLicense, SPDXIdentifier: "DOCUMENT", DocumentName: name,
		DocumentNamespace: "https://staylisted.github.io/spdx/" + id.String(),
		CreationInfo: &v2_3.CreationInfo{Created: in.Created.UTC().Format(time.RFC3339),
			Creators: []common.Creator{{CreatorType: "Tool", Creator: cmp.Or(in.Tool.Name, "staylisted") + "-" + cmp.Or(in.Tool.Version, "devel")}}},
	}
	main := unknown(mainID, name, in.Commit, in.mainPURL())
	main.PrimaryPackagePurpose = "APPLICATION"
	doc.Packages = append(doc.Packages, main)
	relate := func(a common.ElementID, kind string, b common.ElementID) {
		doc.Relationships = append(doc.Relationships, &v2_3.Relationship{
			RefA: common.MakeDocElementID("", string(a)), RefB: common.MakeDocElementID("", string(b)), Relationship: kind})
	}
	relate("DOCUMENT", common.TypeRelationshipDescribe, mainID)
	var own []string // licences that SPDX does not list
	for _, p := range parts {
		element := elementID(&p)
		pkg := unknown(element, p.Name, p.Version, p.purl)
		if licence := p.licence(); licence != "" {
			pkg.PackageLicenseDeclared = licence
			own = append(own, licenceRef.FindAllString(licence, -1)...)
		}
		if p.Replaces != "" {
			pkg.PackageComment = "stands in for " + p.Replaces
		}
		doc.Packages = append(doc.Packages, pkg)
		switch p.Scope {
		case "test":
			relate(element, common.TypeRelationshipTestDependencyOf, mainID)
		case "tool":
			relate(element, common.TypeRelationshipDevToolOf, mainID)
		default:
			relate(mainID, common.TypeRelationshipDependsOn, element)
		}
	}
	slices.Sort(own)
	for _, ref := range slices.Compact(own) {
		doc.OtherLicenses = append(doc.OtherLicenses, &v2_3.OtherLicense{LicenseIdentifier: ref, LicenseName: deps.NoAssertion,
			ExtractedText: "The policy file of the repository names this licence; its text is not part of this document."})
	}
	var out bytes.Buffer
	if err := spdxjson.Write(doc, &out, spdxjson.Indent("  "), spdxjson.EscapeHTML(false)); err != nil {
		return nil, fmt.Errorf("writing the bill of materials as SPDX: %w", err)
	}
	return out.Bytes(), nil
}

var licenceRef = regexp.MustCompile(`\bLicenseRef-[A-Za-z0-9.-]+`)

// unknown is a package of which nothing but its name is known.
func unknown(id common.ElementID, name, version, purl string) *v2_3.Package {
	p := &v2_3.Package{
		PackageSPDXIdentifier: id, PackageName: name, PackageVersion: version, PackageDownloadLocation: deps.NoAssertion,
		PackageLicenseConcluded: deps.NoAssertion, PackageLicenseDeclared: deps.NoAssertion, PackageCopyrightText: deps.NoAssertion,
		FilesAnalyzed: false, IsFilesAnalyzedTagPresent: true,
	}
	if purl != "" {
		p.PackageExternalReferences = []*v2_3.PackageExternalReference{{Category: common.CategoryPackageManager, RefType: common.TypePackageManagerPURL, Locator: purl}}
	}
	return p
}

var notInID = regexp.MustCompile(`[^A-Za-z0-9.-]+`)

// elementID names a package in the document: readable, and told apart by a
// digest of what the readable form leaves out.
func elementID(p *part) common.ElementID {
	whole := p.Ecosystem + " " + p.Name + " " + p.Version
	sum := sha256.Sum256([]byte(whole))
	readable := strings.Trim(notInID.ReplaceAllString(whole, "-"), "-")
	return common.ElementID("Package-" + readable[:min(len(readable), 80)] + "-" + hex.EncodeToString(sum[:4]))
}
