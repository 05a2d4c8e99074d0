package main

import (
	"context"
	"flag"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/staylisted/staylisted/rules"
)

func dueCommand() command {
	return command{
		name:  "due",
		args:  "SCORE|VECTOR DATE",
		short: "until when a finding must be fixed",
		long: `Prints the last day on which a finding with the given CVSS score or vector is in time when it was reported at the given date.

Critical (9.0 and more) has 4 weeks, high (7.0) 6 weeks, medium (4.0) 8 weeks, low 25 weeks. Days are UTC days. DATE is a day (2026-11-21) or an instant (2026-11-21T17:24:00Z).`,
		examples: [][2]string{
			{"staylisted due 9.8 2026-11-21", ""},
			{"staylisted due CVSS:3.1/AV:N/AC:L/PR:L/UI:R/S:C/C:H/I:H/A:L 2026-11-21", ""},
			{"staylisted due 7.5 2026-10-01 --now 2026-11-05", "also says how it stands on that day"},
		},
		setup: func(fs *flag.FlagSet) action {
			now := fs.String("now", "", "`DATE` on which to say how it stands")
			format := choiceFlag(fs, "format", "form of the answer", "text", "json")
			return func(_ context.Context, p *process, operands []string) error {
				if len(operands) != 2 {
					return &usageError{text: fmt.Sprintf("due needs a score or vector and a date, not %s", count(len(operands), "operand"))}
				}
				answer, err := due(operands[0], operands[1], *now)
				if err != nil {
					return &usageError{text: err.Error()}
				}
				if format.value == "json" {
					return p.printJSON(answer)
				}
				return p.print(answer.text())
			}
		},
	}
}

// A dueAnswer is what the due command found out.
type dueAnswer struct {
	Vector   string     `json:"vector,omitempty"`
	Score    float64    `json:"score"`
	Band     rules.Band `json:"band"`
	Reported string     `json:"reported"` // UTC day
	Days     int        `json:"days"`
	Due      string     `json:"due"`       // last day in time
	SoonFrom string     `json:"soon_from"` // first day called due-soon
	State    string     `json:"state,omitempty"`
	Now      string     `json:"now,omitempty"`
}

// due computes a due date from what the command line says.
func due(what, reported, now string) (dueAnswer, error) {
	score, vector, err := readScore(what)
	if err != nil {
		return dueAnswer{}, err
	}
	anchor, err := parseInstant(reported)
	if err != nil {
		return dueAnswer{}, err
	}
	band := rules.BandOf(score)
	on := rules.DueOn(band, anchor)
	answer := dueAnswer{
		Vector: vector, Score: score, Band: band,
		Reported: anchor.UTC().Format(time.DateOnly),
		Days:     band.Window(),
		Due:      on.Format(time.DateOnly),
		SoonFrom: on.AddDate(0, 0, -band.Soon()).Format(time.DateOnly),
	}
	if now != "" {
		at, err := parseInstant(now)
		if err != nil {
			return dueAnswer{}, err
		}
		answer.Now = at.UTC().Format(time.RFC3339)
		answer.State = rules.DueState(band, on, at)
	}
	return answer, nil
}

// readScore reads a score from 0.0 to 10.0 or a CVSS vector. A vector of
// version 3 without its prefix is read as 3.1.
func readScore(s string) (score float64, vector string, err error) {
	if score, err := strconv.ParseFloat(s, 64); err == nil {
		tenths := score * 10
		switch {
		case !(score >= 0 && score <= 10):
			return 0, "", notScore(s)
		case math.Abs(tenths-math.Round(tenths)) > 1e-9:
			return 0, "", fmt.Errorf("%s is not a score: CVSS scores have one decimal, and rounding could change the band", s)
		}
		return score, "", nil
	}
	if strings.HasPrefix(strings.ToUpper(s), "AV:") && strings.Contains(strings.ToUpper(s), "/PR:") {
		s = "CVSS:3.1/" + s
	}
	cvss, err := rules.ParseVector(s)
	if err != nil {
		return 0, "", fmt.Errorf("neither a score nor a CVSS vector: %w", err)
	}
	return cvss.Score, cvss.Vector, nil
}

// notScore is the error for a number that no score can be.
func notScore(s string) error {
	return fmt.Errorf("%s is not a score: CVSS scores lie between 0.0 and 10.0", s)
}

// Years that dates of a scan may have. Nothing was reported before the first,
// and after the last a due date could leave the years that dates can be written
// with.
const firstYear, lastYear = 1970, 2999

// parseInstant reads a day, which means its first instant in UTC, or an
// instant.
func parseInstant(s string) (time.Time, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		t, err = time.Parse(time.RFC3339, s)
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is no date: write 2026-11-21 or 2026-11-21T17:24:00Z", s)
	}
	if year := t.UTC().Year(); year < firstYear || year > lastYear {
		return time.Time{}, fmt.Errorf("%s is too far away: write a year from %d to %d", s, firstYear, lastYear)
	}
	return t, nil
}

// text writes the answer for people.
func (a dueAnswer) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s, reported %s: due %s\n", a.Band, scoreText(a.Score), a.Reported, a.Due)
	fmt.Fprintf(&b, "%d weeks; due-soon from %s, overdue after %s ends (UTC)\n", a.Days/7, a.SoonFrom, a.Due)
	if a.State != "" {
		fmt.Fprintf(&b, "on %s it is %s\n", a.Now, a.State)
	}
	return b.String()
}
