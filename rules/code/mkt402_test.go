package code

import (
	"slices"
	"testing"
)

// TestPersonal runs MKT402 as for a policy that lists personal data.
func TestPersonal(t *testing.T) {
	list := With(Options{Personal: []string{"contact email", "Badge numbers"}})
	i := slices.IndexFunc(list, func(r *Rule) bool { return r.ID == "MKT402" })
	if i < 0 {
		t.Fatal("there is no rule MKT402")
	}
	expect(t, classed(list[i]), "personal", "personalfw")
}

func TestPersonalNames(t *testing.T) {
	match := personalNames([]string{"contact email", "badge number", ""})
	for _, tt := range []struct {
		name, owner string
		want        sensitivity
	}{
		{"badgeNumber", "", sureSecret},
		{"badge_numbers", "", sureSecret},
		{"Number", "Badge", sureSecret},
		{"Number", "Invoice", openValue},
		{"email", "", sureSecret},
		{"userEmails", "", sureSecret},
		{"emailAddress", "", sureSecret},
		{"emailTemplate", "", openValue},
		{"emailed", "", openValue},
		{"supportEmail", "", openValue},
		{"email", "SMTPConfig", openValue},
		{"hashedEmail", "", maskedValue},
		{"hasEmail", "", openValue},
		{"userID", "", openValue},
		{"phoneNumber", "", sureSecret},
		{"microphone", "", openValue},
		{"", "", openValue},
	} {
		if got := match(SplitName(tt.name), SplitName(tt.owner)); got != tt.want {
			t.Errorf("%q of %q is judged %d, want %d", tt.name, tt.owner, got, tt.want)
		}
	}
}
