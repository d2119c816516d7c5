package pulse

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/firebreak/firebreak/analysis/strict"
)

func TestAMonthIsReadAsCounts(t *testing.T) {
	m, complaints := Read("content/pulse/2026-10.yaml", []byte("# said on the 30th\non-call: {1: 0, 2: 1, 3: 2, 4: 3, 5: 1}\nkeep-up: {5: 3}\n"))
	if len(complaints) > 0 || m.Month != "2026-10" || len(m.Answers) != 2 {
		t.Fatal(m, complaints)
	}
	on, keep := m.To("on-call"), m.To("keep-up")
	if on.N() != 7 || on.Good() != 4 || !on.Shown() {
		t.Errorf("on call: %+v", on)
	}
	if keep.N() != 3 || keep.Good() != 3 || keep.Shown() {
		t.Errorf("keep up: %+v: three answers are too few to show", keep)
	}
	if m.To("help") != nil {
		t.Error("what was not asked has an answer")
	}
}

func TestEveryMistakeIsToldInItsPlaceAndNothingOfTheFileCounts(t *testing.T) {
	for text, want := range map[string]string{
		"oncall: {1: 1}":                                `2026-10.yaml:1:1: unknown key "oncall"; did you mean "on-call"?`,
		"on-call: {1: 4, 6: 1}":                         `2026-10.yaml:1:17: unknown key "6" in on-call`,
		"on-call: [0, 1, 2]":                            `2026-10.yaml:1:10: on-call wants keys with values, and this is a list`,
		"on-call: {1: -1}":                              `2026-10.yaml:1:14: 1 is from 0 to 1000, not -1`,
		"on-call: {1: two}":                             `2026-10.yaml:1:14: "two" is no whole number`,
		"keep-up: {4: 5}\non-call: {1: 1}\non-call: {}": `2026-10.yaml:3:1: the key "on-call" is already given in line 2`,
		"help: {maya: 5}":                               `2026-10.yaml:1:8: unknown key "maya" in help`,
	} {
		m, complaints := Read("2026-10.yaml", []byte(text))
		if len(complaints) != 1 || !strings.HasPrefix(complaints[0].String(), want) || len(m.Answers) > 0 {
			t.Errorf("%q: %v, %+v, want %s", text, complaints, m, want)
		}
	}
	for _, name := range []string{"october.yaml", "2026-13.yaml", "2026-10.yml", "2026-10-01.yaml", "1026-10.yaml"} {
		if m, complaints := Read(name, nil); m != nil || len(complaints) != 1 {
			t.Errorf("%s: %v, %v", name, m, complaints)
		}
	}
}

func TestADraftIsAFileWithoutAnswers(t *testing.T) {
	m, complaints := Read("2026-02.yaml", Draft("2026-02", time.UTC))
	if len(complaints) > 0 || len(m.Answers) != len(Questions) {
		t.Fatal(m, complaints)
	}
	for _, a := range m.Answers {
		if a.N() != 0 || a.Shown() {
			t.Errorf("%+v", a)
		}
	}
}

func TestAMonthIsCutInTheTeamsZone(t *testing.T) {
	ny, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	from, to, ok := Span("2026-11", ny)
	if got := to.Sub(from); !ok || got != 30*24*time.Hour+time.Hour { // the clocks go back on the 1st
		t.Error(got)
	}
	if got := from.Time().Format(time.RFC3339); got != "2026-11-01T04:00:00Z" {
		t.Error(got)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("2026-10.yaml", "on-call: {1: 0, 2: 1, 3: 2, 4: 3, 5: 1}\nsay: {5: 3}\n")
	f.Add("2026-10.yaml", string(Draft("2026-10", time.UTC)))
	f.Add("2026-10.yaml", "on-call: &a {1: 1}\nkeep-up: *a\nhelp: {<<: *a}\n")
	f.Add("nothing", "\x00")
	f.Fuzz(func(t *testing.T, name, text string) {
		m, complaints := Read(name, []byte(text))
		if m == nil && len(complaints) == 0 {
			t.Fatal("left out without a word")
		}
		if m == nil {
			return
		}
		if strict.Failed(complaints) && len(m.Answers) > 0 {
			t.Fatalf("%v, and yet %+v", complaints, m.Answers)
		}
		again := ""
		for _, a := range m.Answers {
			again += a.ID + ": {"
			for i, k := range a.Counts {
				if k < 0 || k > most {
					t.Fatalf("%d answers", k)
				}
				again += fmt.Sprintf("%d: %d, ", i+1, k)
			}
			again = strings.TrimSuffix(again, ", ") + "}\n"
		}
		if again == "" {
			return
		}
		back, complaints := Read(name, []byte(again))
		if len(complaints) > 0 || fmt.Sprint(back.Answers) != fmt.Sprint(m.Answers) {
			t.Fatalf("%q reads back as %+v, not %+v: %v", again, back.Answers, m.Answers, complaints)
		}
	})
}
