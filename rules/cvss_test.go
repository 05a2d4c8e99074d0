package rules

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gocvss40 "github.com/pandatix/go-cvss/40"
)

func TestParseVectorRepairs(t *testing.T) {
	const v31 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N"
	for _, tt := range []struct {
		in, want string
		score    float64
	}{
		{v31, v31, 6.1},
		{v31 + "/", v31, 6.1},
		{" " + strings.ToLower(v31) + "\n", v31, 6.1},
		{strings.ReplaceAll(v31, "/", " / "), v31, 6.1},
		{"CVSS:3.1/A:N/I:L/C:L/S:C/UI:R/PR:N/AC:L/AV:N", v31, 6.1},
		{v31 + "/E:X/RL:O/MAV:P/CR:H", v31, 6.1},
		{strings.Replace(v31, "3.1", "3.0", 1), strings.Replace(v31, "3.1", "3.0", 1), 6.1},
		{"AV:N/AC:L/Au:N/C:P/I:P/A:P", "AV:N/AC:L/Au:N/C:P/I:P/A:P", 7.5},
		{"(av:n/ac:l/au:n/c:p/i:p/a:p/E:POC)", "AV:N/AC:L/Au:N/C:P/I:P/A:P", 7.5},
		{"CVSS:2.0/AV:N/AC:L/Au:N/C:P/I:P/A:P", "AV:N/AC:L/Au:N/C:P/I:P/A:P", 7.5},
		{"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:H/VA:N/SC:N/SI:N/SA:N/E:U/MVI:N/S:P", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:H/VA:N/SC:N/SI:N/SA:N", 8.7},
	} {
		got, err := ParseVector(tt.in)
		if err != nil || got.Vector != tt.want || got.Score != tt.score || got.Band != BandOf(tt.score) {
			t.Errorf("%q: %+v, %v; want %s %v", tt.in, got, err, tt.want, tt.score)
		}
	}
}

func TestParseVectorErrors(t *testing.T) {
	for in, want := range map[string]string{
		"":                              "base metric AV is missing",
		"7.5":                           "not a metric",
		"CVSS:3.1/AV:N":                 "base metric AC is missing",
		"CVSS:3.2/AV:N":                 "CVSS",
		"CVSS:3.1/AV:N/AV:L":            "given twice",
		"CVSS:3.1/AV:N/XX:L":            `no metric "XX"`,
		strings.Repeat("CVSS:3.1/", 99): "891 bytes",
		"CVSS:3.1/AV:Q/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N":                    "check its metric values",
		"CVSS:3.0/AV:Q/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N":                    "check its metric values",
		"CVSS:4.0/AV:Q/AC:L/AT:N/PR:N/UI:N/VC:N/VI:H/VA:N/SC:N/SI:N/SA:N": "check its metric values",
		"AV:Q/AC:L/Au:N/C:P/I:P/A:P":                                      "check its metric values",
		"CVSS:2.0/CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N":           `no metric "CVSS"`,
	} {
		if got, err := ParseVector(in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %+v, %v; want an error with %q", in, got, err, want)
		}
	}
}

// TestPublishedScores reads every vector of the shared data and compares its
// base score with the published one.
func TestPublishedScores(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(sharedData(t), "vulndb", "cvss-vectors.json"))
	if err != nil {
		t.Fatal(err)
	}
	var rows []struct {
		Vector, Severity string
		Score            float64
	}
	if err := json.Unmarshal(data, &rows); err != nil {
		t.Fatal(err)
	}
	if len(rows) < 600 {
		t.Fatalf("only %d vectors", len(rows))
	}
	threat := 0
	for _, row := range rows {
		got, err := ParseVector(row.Vector)
		if err != nil {
			t.Errorf("%s: %v", row.Vector, err)
			continue
		}
		if got.Vector != row.Vector && strings.HasPrefix(row.Vector, "CVSS:4.0/") {
			// Published with the threat metrics, which a base score leaves out;
			// with them the library agrees.
			threat++
			full, err := gocvss40.ParseVector(row.Vector)
			if err != nil || full.Score() != row.Score || got.Score < row.Score {
				t.Errorf("%s: base %v, with threat metrics %+v, %v; published %v", row.Vector, got.Score, full, err, row.Score)
			}
			continue
		}
		if got.Score != row.Score || !strings.EqualFold(string(got.Band), row.Severity) && row.Score > 0 {
			t.Errorf("%s: %v %s; published %v %s", row.Vector, got.Score, got.Band, row.Score, row.Severity)
		}
	}
	t.Logf("%d vectors, %d of them published with threat metrics", len(rows), threat)
}

// sharedData returns the directory of the shared test data. Without it the test
// is skipped, except in CI, where it must be there.
func sharedData(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("STAYLISTED_DATA")
	if dir == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("STAYLISTED_DATA is not set in CI")
		}
		t.Skip("STAYLISTED_DATA is not set: the published vectors are not here")
	}
	return dir
}

// The borders are real: of the 2592 base vectors of version 3.1, 9 score
// exactly 9.0, 26 exactly 7.0 and 34 exactly 4.0 (catalogue §4).
func TestBordersAreReal(t *testing.T) {
	count := map[float64]int{}
	all := 0
	vectors := []string{"CVSS:3.1"}
	for _, metric := range []string{"AV:NALP", "AC:LH", "PR:NLH", "UI:NR", "S:UC", "C:HLN", "I:HLN", "A:HLN"} {
		name, values, _ := strings.Cut(metric, ":")
		var next []string
		for _, v := range vectors {
			for _, value := range values {
				next = append(next, v+"/"+name+":"+string(value))
			}
		}
		vectors = next
	}
	for _, v := range vectors {
		got, err := ParseVector(v)
		if err != nil {
			t.Fatal(err)
		}
		all++
		count[got.Score]++
	}
	if all != 2592 || count[9.0] != 9 || count[7.0] != 26 || count[4.0] != 34 {
		t.Errorf("%d vectors; 9.0: %d, 7.0: %d, 4.0: %d", all, count[9.0], count[7.0], count[4.0])
	}
}

func TestChooseScore(t *testing.T) {
	const (
		v31 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N"                    // 6.1
		v30 = "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"                    // 7.5
		v40 = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:H/VA:N/SC:N/SI:N/SA:N" // 8.7
		v20 = "AV:N/AC:L/Au:N/C:C/I:C/A:C"                                      // 10.0
	)
	for _, tt := range []struct {
		name   string
		seen   []Severity
		cwe    []int
		score  float64
		source string
		others int
	}{
		{"3.1 before 3.0 of one record", []Severity{{FromGHSA, v30, ""}, {FromGHSA, v31, ""}}, nil, 6.1, FromGHSA, 1},
		{"GHSA before CVE", []Severity{{FromCNA, v31, ""}, {FromGHSA, v30, ""}}, nil, 7.5, FromGHSA, 1},
		{"numbering authority before NVD", []Severity{{FromNVD, v31, ""}, {FromCNA, v30, ""}}, nil, 7.5, FromCNA, 1},
		{"NVD before others", []Severity{{"PYSEC", v31, ""}, {FromNVD, v30, ""}}, nil, 7.5, FromNVD, 1},
		{"v3 of anybody before v4", []Severity{{FromGHSA, v40, ""}, {"PYSEC", v30, ""}}, nil, 7.5, "PYSEC", 1},
		{"v4 before v2", []Severity{{FromGHSA, v20, ""}, {"PYSEC", v40, ""}}, nil, 8.7, "PYSEC", 1},
		{"v2 before a label", []Severity{{FromGHSA, v20, "LOW"}}, nil, 10, FromGHSA, 1},
		{"a vector that cannot be read", []Severity{{FromGHSA, "CVSS:3.1/AV:N", ""}, {FromNVD, v31, ""}}, nil, 6.1, FromNVD, 0},
		{"label before the weakness", []Severity{{FromGHSA, "", "critical"}}, []int{79}, 9.0, FromLabel, 1},
		{"low label", []Severity{{FromGHSA, "", " Low "}}, nil, 0.1, FromLabel, 0},
		{"high label", []Severity{{FromGHSA, "", "HIGH"}}, nil, 7.0, FromLabel, 0},
		{"weakness", []Severity{{FromGHSA, "", "dreadful"}}, []int{79}, 6.1, FromCWE, 0},
		{"worst weakness", nil, []int{79, 89, 99999}, 9.8, FromCWE, 0},
		{"unheard-of weakness", nil, []int{99999}, 7.0, FromUnscored, -1},
		{"same twice", []Severity{{FromGHSA, v31, ""}, {FromGHSA, v31, ""}}, nil, 6.1, FromGHSA, 0},
	} {
		chosen, all := ChooseScore(tt.seen, tt.cwe)
		if chosen.Score != tt.score || chosen.Source != tt.source || len(all) != tt.others+1 {
			t.Errorf("%s: %+v of %+v, want %v by %s and %d others", tt.name, chosen, all, tt.score, tt.source, tt.others)
		}
		if len(all) > 0 && all[0] != chosen {
			t.Errorf("%s: the chosen score is not first: %+v", tt.name, all)
		}
	}
}

func TestCWETable(t *testing.T) {
	table := cweVectors()
	for id, vector := range table {
		got, err := ParseVector(vector)
		if err != nil || got.Vector != vector {
			t.Errorf("CWE-%d: %+v, %v", id, got, err)
		}
		if scored, ok := DefaultScore([]int{id}); !ok || scored.Source != FromCWE || scored.Score != got.Score {
			t.Errorf("CWE-%d: default %+v, %v", id, scored, ok)
		}
	}
	if len(table) < 60 {
		t.Errorf("only %d weaknesses", len(table))
	}
}

func TestBand(t *testing.T) {
	for score, want := range map[float64]Band{
		10: Critical, 9: Critical, 8.9: High, 8.949999: High, 7: High, 6.9: Medium, 4: Medium, 3.9: Low, 0: Low,
		-1: Low, 11: Critical, math.Inf(1): Critical, 8.999999999999998: Critical,
	} {
		if got := BandOf(score); got != want {
			t.Errorf("%v: %s, want %s", score, got, want)
		}
	}
	if BandOf(math.NaN()) != High {
		t.Error("not a number is not High")
	}
	var soon, window []int
	for _, b := range []Band{Critical, High, Medium, Low, "", "dreadful"} {
		soon, window = append(soon, b.Soon()), append(window, b.Window())
	}
	if !slices.Equal(soon, []int{7, 10, 14, 14, 10, 10}) || !slices.Equal(window, []int{28, 42, 56, 175, 42, 42}) {
		t.Errorf("soon %v, windows %v", soon, window)
	}
	if !Critical.AtLeast(High) || Medium.AtLeast(High) || !Band("").AtLeast(High) || Band("").AtLeast(Critical) {
		t.Error("bands are not ordered")
	}
	if got := (CVSS{Score: 11, Band: Low}).sane(); got.Score != 7 || got.Band != High {
		t.Errorf("a score of 11 reads as %+v", got)
	}
	if got := (CVSS{Score: 9.1, Band: Low}).sane(); got.Band != Critical {
		t.Errorf("a wrong band stays: %+v", got)
	}
}

func FuzzParseVector(f *testing.F) {
	for _, seed := range []string{
		"CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N/", "CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N/E:P",
		"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:H/VA:N/SC:N/SI:N/SA:N", "(AV:N/AC:L/Au:N/C:P/I:P/A:P)", "", "CVSS:9/", "///:::",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		got, err := ParseVector(in)
		if err != nil {
			if got != (CVSS{}) {
				t.Errorf("%q: an error and %+v", in, got)
			}
			return
		}
		if got.Score < 0 || got.Score > 10 || got.Band != BandOf(got.Score) {
			t.Errorf("%q: %+v", in, got)
		}
		again, err := ParseVector(got.Vector)
		if err != nil || again != got {
			t.Errorf("%q: repaired to %+v, which reads as %+v, %v", in, got, again, err)
		}
	})
}
