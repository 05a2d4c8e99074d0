package rules

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestMergeAliases(t *testing.T) {
	for _, tt := range []struct {
		name    string
		records []AliasRecord
		want    []AliasSet
	}{
		{"none", nil, nil},
		{"alone", []AliasRecord{{"GO-1", nil, "m"}}, []AliasSet{{[]string{"GO-1"}, "m", []int{0}}}},
		{"one direction is enough", []AliasRecord{{"GO-1", []string{"CVE-1"}, "m"}, {"CVE-1", nil, "m"}}, []AliasSet{{[]string{"CVE-1", "GO-1"}, "m", []int{0, 1}}}},
		{"transitive through a name without a record", []AliasRecord{{"GO-1", []string{"CVE-1"}, "m"}, {"GHSA-1", []string{"CVE-1"}, "m"}}, []AliasSet{{[]string{"CVE-1", "GHSA-1", "GO-1"}, "m", []int{0, 1}}}},
		{"transitive through another package", []AliasRecord{{"A", []string{"B"}, "m"}, {"B", []string{"C"}, "n"}, {"C", nil, "m"}}, []AliasSet{
			{[]string{"A", "B", "C"}, "m", []int{0, 2}}, {[]string{"A", "B", "C"}, "n", []int{1}}}},
		{"different", []AliasRecord{{"B", nil, "m"}, {"A", nil, "m"}}, []AliasSet{{[]string{"A"}, "m", []int{1}}, {[]string{"B"}, "m", []int{0}}}},
		{"without a name", []AliasRecord{{"", []string{" "}, "m"}, {"", nil, "m"}}, []AliasSet{{nil, "m", []int{0}}, {nil, "m", []int{1}}}},
		{"spaces", []AliasRecord{{" A ", nil, "m"}, {"A", nil, "m"}}, []AliasSet{{[]string{"A"}, "m", []int{0, 1}}}},
	} {
		if got := MergeAliases(tt.records); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

// FuzzMergeAliases reads records from lines "id package alias …" and holds the
// result against the definition.
func FuzzMergeAliases(f *testing.F) {
	f.Add("GO-1 m CVE-1\nGHSA-1 m CVE-1\nCVE-1 n\n", uint64(1))
	f.Add("a m b\nb m c\nc m d\nd m a", uint64(2))
	f.Fuzz(func(t *testing.T, text string, seed uint64) {
		var records []AliasRecord
		for line := range strings.SplitSeq(text, "\n") {
			if words := strings.Fields(line); len(words) > 1 && len(records) < 64 {
				records = append(records, AliasRecord{ID: words[0], Package: words[1], Aliases: words[2:]})
			}
		}
		sets := MergeAliases(records)
		of := map[int]int{}
		for i, set := range sets {
			if !slices.IsSorted(set.IDs) {
				t.Errorf("names %v are not sorted", set.IDs)
			}
			for _, r := range set.Records {
				if _, twice := of[r]; twice {
					t.Errorf("record %d is in two findings", r)
				}
				of[r] = i
				if records[r].Package != set.Package || !slices.Contains(set.IDs, records[r].ID) {
					t.Errorf("record %+v is in %+v", records[r], set)
				}
			}
		}
		if len(of) != len(records) {
			t.Errorf("%d of %d records are in a finding", len(of), len(records))
		}
		for i, a := range records {
			for j, b := range records {
				alias := a.ID == b.ID || slices.Contains(a.Aliases, b.ID)
				if alias && a.Package == b.Package && of[i] != of[j] {
					t.Errorf("%+v and %+v are two findings", a, b)
				}
			}
		}
		// The order of the records does not matter.
		shuffled := slices.Clone(records)
		rand.New(rand.NewPCG(seed, 0)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		other := MergeAliases(shuffled)
		if len(other) != len(sets) {
			t.Fatalf("%d findings, %d when shuffled", len(sets), len(other))
		}
		for i := range sets {
			if sets[i].Package != other[i].Package || !slices.Equal(sets[i].IDs, other[i].IDs) {
				t.Errorf("%+v, shuffled %+v", sets[i], other[i])
			}
		}
	})
}
