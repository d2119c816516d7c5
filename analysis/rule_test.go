package analysis

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestARuleSaysWhatItSays(t *testing.T) {
	f := Facts{
		Tracker: "code", Type: "Bug", Priority: "Blocker", Title: "Timeout in Fax", Labels: []string{"sev1", "customer-acme"},
		Due: "2026-03-31", Points: 3, Field: map[string][]string{"steps": {"a", "b"}, "steps to": {"x"}},
	}
	for text, want := range map[string]bool{
		`true`:                        true,
		`false`:                       false,
		`type == "Bug"`:               true,
		`type == "bug"`:               false, // texts compare exactly
		`lower(type) == "bug"`:        true,
		`type in ["Bug", "Incident"]`: true,
		`"sev1" in labels`:            true,
		`"sev" in labels`:             false,
		`not ("sev2" in labels) and "sev2" not in labels`: true,
		`any(labels, # startsWith "customer-")`:           true,
		`count(labels, # contains "e") == 2`:              true,
		`title matches "(?i)fax$"`:                        true,
		`title contains "fax"`:                            false,
		`assigned or paged`:                               false,
		`len(assignees) == 0`:                             true,
		`due != "" and due < "2026-04-01"`:                true,
		`points >= 3 && points < 3.5`:                     true,
		`field.steps == "a, b"`:                           true,
		`field["steps to"] == "x"`:                        true,
		`field.nothing == ""`:                             true,
		`severity <= 2`:                                   false, // without a severity it is worse than every level
		`severity == 99`:                                  true,
		`priority == "Blocker" ? paged : true`:            false,
	} {
		r, mistakes := compileRule(text, seenByClasses)
		if len(mistakes) > 0 {
			t.Errorf("%s: %v", text, mistakes)
			continue
		}
		m := ruleMachine{}
		m.env.fill(&f, r.asks.fields)
		if got := m.holds(r); got != want || m.failures > 0 {
			t.Errorf("%s: got %v with %d failures", text, got, m.failures)
		}
	}
}

func TestARuleIsBounded(t *testing.T) {
	for text, want := range map[string]string{
		strings.Repeat("(", 100_000):                        "bytes long",
		strings.Repeat("paged or ", ruleNodes/2) + "paged":  "more than 500 parts",
		`all(1..1000000, true)`:                             "operator ..",
		`2 ** 1000000 > 1`:                                  "operator **",
		`repeat("x", 1000000) == ""`:                        "no function repeat",
		`any(labels, any(labels, any(labels, true)))`:       "nests more than 2",
		`now().Year() > 2000`:                               "no clock",
		`$env == "x"`:                                       "knows no $env",
		`labels == nil`:                                     "not this",
		`{"a": 1}.a == 1`:                                   "",
		`reduce(labels, #acc + #, "") == ""`:                "no function reduce",
		`"steps" in field`:                                  "has parts",
		`title[0:3] == "abc"`:                               "not this",
		`fromJSON("{}") == nil`:                             "no function fromJSON",
		strings.Repeat("not ", 3000/4) + "paged":            "more than 500 parts",
		`type == "` + strings.Repeat("x", ruleLength) + `"`: "bytes long",
	} {
		r, mistakes := compileRule(text, seenByClasses)
		if r != nil || len(mistakes) == 0 {
			t.Errorf("%.60s is taken", text)
		} else if !strings.Contains(mistakes[0].what, want) {
			t.Errorf("%.60s: %q does not say %q", text, mistakes[0].what, want)
		}
	}
}

func FuzzARuleEndsAndItsMistakesHaveAPlace(f *testing.F) {
	for _, s := range []string{
		`type == "Bug" and severity <= 2`, `"sev1" in labels or any(labels, # startsWith "c")`, `lower(title) matches "a+$" ? paged : not assigned`,
		`field["a"] == field.b`, `len(split(text, ",")) > int(points)`, `now()`, `let x = 1; x > 0`, `a?.b ?? c`, `labels[1:2]`, `count(labels) == 1..2`, `#`, `any(labels, .x)`,
		`max(labels, 1) == min(1, "x")`, `float(title) > abs(-1)`, "\"\\", "'\n", `none(filter(labels, true), true)`, `none(labels, {true; false})`, `if paged {true} else {false}`,
	} {
		f.Add(s, "title", "label")
	}
	f.Fuzz(func(t *testing.T, text, title, label string) {
		r, mistakes := compileRule(text, seenByStreaks)
		if (r == nil) != (len(mistakes) > 0) {
			t.Fatal("neither a rule nor a mistake, or both")
		}
		for _, m := range mistakes {
			if m.at < 0 || m.at > utf8.RuneCountInString(text)+1 || m.what == "" {
				t.Fatalf("%+v", m)
			}
		}
		if r == nil {
			return
		}
		m := ruleMachine{}
		m.env.fill(&Facts{Title: title, Text: strings.Repeat(title, 3), Labels: []string{label, title, "c"}, Components: []string{label}}, r.asks.fields)
		begin := time.Now()
		first := m.holds(r)
		if took := time.Since(begin); took > 2*time.Second {
			t.Fatalf("took %v", took)
		}
		if m.holds(r) != first {
			t.Fatal("asked twice, answered differently")
		}
	})
}
