package main

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// reportSchema compiles docs/report.schema.json. Readers of a report must
// accept keys they do not know; our own reports must have none that the schema
// does not describe, so strict closes every object.
func reportSchema(t *testing.T, strict bool) *jsonschema.Schema {
	t.Helper()
	data, err := os.ReadFile("../../docs/report.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if strict {
		closeObjects(doc)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("report.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("report.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// closeObjects forbids keys that are not described.
func closeObjects(doc any) {
	switch doc := doc.(type) {
	case map[string]any:
		if _, ok := doc["properties"]; ok {
			doc["additionalProperties"] = false
		}
		for _, v := range doc {
			closeObjects(v)
		}
	case []any:
		for _, v := range doc {
			closeObjects(v)
		}
	}
}

// validReport fails the test when a report does not fit the schema.
func validReport(t *testing.T, data []byte) {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if err := reportSchema(t, true).Validate(doc); err != nil {
		t.Error(err)
	}
}

func TestReportFitsSchema(t *testing.T) {
	report, _, _ := sample(t)
	data, err := marshalJSON(report)
	if err != nil {
		t.Fatal(err)
	}
	validReport(t, data)
	report.Findings, report.Assessments, report.Facts, report.Coverage.Platform.Tags = nil, nil, nil, nil
	if data, err = marshalJSON(report); err != nil {
		t.Fatal(err)
	}
	validReport(t, data)
}

// TestSchemaBites makes sure that a wrong report does not pass.
func TestSchemaBites(t *testing.T) {
	report, _, _ := sample(t)
	data, err := marshalJSON(report)
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(map[string]any){
		"a key is missing":     func(r map[string]any) { delete(r, "coverage") },
		"a list is null":       func(r map[string]any) { r["facts"] = nil },
		"a verdict is made up": func(r map[string]any) { r["assessments"].([]any)[0].(map[string]any)["verdict"] = "green" },
		"a day is an instant": func(r map[string]any) {
			r["marketplaces"].([]any)[0].(map[string]any)["next_due"] = "2026-11-21T00:00:00Z"
		},
		"a commit is shortened": func(r map[string]any) { r["commit"] = "3f9c2e1" },
		"a key is not described": func(r map[string]any) {
			r["findings"].([]any)[0].(map[string]any)["colour"] = "red"
		},
	} {
		var doc map[string]any
		if err := json.Unmarshal(data, &doc); err != nil {
			t.Fatal(err)
		}
		spoil(doc)
		if err := reportSchema(t, true).Validate(any(doc)); err == nil {
			t.Errorf("the schema accepts a report in which %s", name)
		}
	}
}
