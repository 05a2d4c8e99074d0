package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/deps/sbom"
	"github.com/staylisted/staylisted/rules/evidence"
	"github.com/staylisted/staylisted/rules/scan"
)

func sbomCommand() command {
	return command{
		name:  "sbom",
		args:  "[DIR]",
		short: "list what a repository is built from",
		long: `Prints the bill of materials of the repository in DIR (the current folder by default): Go modules as the go command selects them, and what the lockfiles of npm, PyPI, Maven, crates.io, RubyGems, Packagist and NuGet name, each with its licence, its package URL, and whether it ships or only tests or tools need it.

Equal repositories give equal bytes, but for the instant, which --now sets. What could not be listed is told on standard error and ends with exit code 3.`,
		examples: [][2]string{
			{"staylisted sbom > bom.json", "CycloneDX 1.6"},
			{"staylisted sbom --format spdx --now 2026-11-21 --offline .", "SPDX 2.3 as of a day, without network"},
		},
		setup: func(fs *flag.FlagSet) action {
			// The flags a scan has as well, with the same meaning.
			o := scanOptions{format: choiceFlag(fs, "format", "form of the document", "cyclonedx", "spdx")}
			fs.StringVar(&o.policy, "policy", "", "use the policy `FILE` instead of the repository's own")
			fs.StringVar(&o.now, "now", "", "date the document `DATE` (2026-11-21 or 2026-11-21T17:24:00Z) instead of the clock")
			fs.BoolVar(&o.offline, "offline", false, "open no network connection")
			o.tags = listFlag(fs, "tags", "extra build `TAGS`, separated by commas", checkTag)
			fs.BoolVar(&o.noCache, "no-cache", false, "neither read nor write results of earlier runs")
			fs.StringVar(&o.cacheDir, "cache-dir", "", "keep licences in `DIR`; default $STAYLISTED_CACHE, or staylisted in the user's cache folder")
			return func(ctx context.Context, p *process, operands []string) error {
				return o.sbom(ctx, p, operands)
			}
		},
	}
}

// sbom lists the components and prints them.
func (o *scanOptions) sbom(ctx context.Context, p *process, operands []string) error {
	if len(operands) > 1 {
		return &usageError{text: fmt.Sprintf("sbom takes one folder, not %d: %s", len(operands), clean(strings.Join(operands, " ")))}
	}
	dir, now, err := o.check(p, operands)
	if err != nil {
		return err
	}
	set, err := loadRuleset()
	if err != nil {
		return err
	}
	opts := scan.Options{Dir: dir, Policy: o.policy, Offline: o.offline, Tags: o.tags.values, Env: p.env}
	if !o.noCache {
		opts.CacheDir = o.cache(p)
	}
	list, err := scan.Components(ctx, set.catalogue, opts, now)
	var wrong evidence.ErrorList
	if errors.As(err, &wrong) {
		return &policyError{wrong}
	}
	if err != nil {
		return err
	}
	in := sbom.Input{Name: cmp.Or(list.Repository, list.Module), Repository: list.Repository, Commit: list.Commit, Created: now,
		Tool: rules.Tool{Name: "staylisted", Version: toolVersion()}, Components: list.Components}
	if in.Name == "" {
		if abs, err := filepath.Abs(dir); err == nil {
			in.Name = filepath.Base(abs)
		}
	}
	write := sbom.CycloneDX
	if o.format.value == "spdx" {
		write = sbom.SPDX
	}
	data, err := write(in)
	if err != nil {
		return err
	}
	for _, note := range slices.Concat(list.Gaps, list.Notes) {
		p.warn(note)
	}
	if err := p.print(string(data)); err != nil {
		return err
	}
	if n := len(list.Gaps); n > 0 {
		p.warn(fmt.Sprintf("the list is not whole: %d gaps, as told above", n))
		return &verdictError{exitUnverified}
	}
	return nil
}
