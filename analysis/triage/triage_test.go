package triage

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/collectors/record"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func at(t testing.TB, s string) record.Instant {
	t.Helper()
	v, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return record.At(v)
}

// week is what the ledger knows of a week in November.
func week(t testing.TB) *Week {
	return &Week{Week: "2026-W47", Zone: zone(t, "America/New_York"), Lines: []Line{
		{Page: record.Ref{Tracker: "pager", ID: "Q1"}, At: at(t, "2026-11-16T08:12:44Z"), Service: "Order gateway", Title: `heap above 95 %: "gateway-3"`},
		{Page: record.Ref{Tracker: "pager", ID: "Q2"}, At: at(t, "2026-11-18T15:00:00Z"), Title: "nightly run late"},
	}}
}

const written47 = `# The pages of 2026-W47, from Monday 16 November to Sunday 22 November 2026, in the time of America/New_York.
# Did it need a person? Put one of these words behind verdict:, and a note for the next one on call
# (in quotes where it has a colon or a # in it).
#
#   somebody acted   fixed            it was real, and was put right
#                    looked           a look was needed, and it was fine by then
#                    too-early        somebody acted; whether it needed that is not known yet
#   nobody had to    known-work       planned work, or known and being worked on
#                    threshold-wrong  true, and no reason to call anybody
#                    check-faulty     not even true
#                    duplicate        another page had said it
#                    not-ours         somebody else's to put right
#
# ` + "`firebreak triage --week 2026-W47`" + ` adds what is new and leaves alone what people wrote.
pages:
  - page: {at: Mon 2026-11-16 03:12, service: Order gateway, title: "heap above 95 %: \"gateway-3\"", tracker: pager, id: Q1}
    verdict:
    note:

  - page: {at: Wed 2026-11-18 10:00, title: "nightly run late", tracker: pager, id: Q2}
    verdict:
    note:
`

func TestAFileIsPleasantToFillIn(t *testing.T) {
	if diff := cmp.Diff(written47, string(Write(week(t), nil))); diff != "" {
		t.Error(diff)
	}
}

// read reads what has no mistakes.
func read(t testing.TB, text string) *Week {
	t.Helper()
	w, complaints := Read("content/triage/2026-W47.yaml", []byte(text), zone(t, "America/New_York"))
	if len(complaints) > 0 {
		t.Fatalf("%v\n%s", complaints, text)
	}
	return w
}

func TestWhatPeopleWroteStaysLetterByLetter(t *testing.T) {
	old := strings.NewReplacer(
		"# Did it need", "# Our own words: did it need",
		"  - page: {at: Mon", "  # this one again\n  - page: {at: Mon",
		"id: Q1}\n    verdict:\n    note:\n", "id: Q1} # woke two of us\n    verdict:   'threshold-wrong'   # at last\n    note: |\n      95 % is normal: the report runs.\n      # 97 % would do\n",
	).Replace(written47) + "# the end\n"
	w := read(t, old)
	if got := string(Write(w, []byte(old))); got != old {
		t.Fatal(cmp.Diff(old, got))
	}
	// The first page's title changed, one came between them, one is new at the end.
	found := week(t).Lines
	found[0].Title = "heap above 97 %"
	found = slices.Insert(found, 1, Line{Page: record.Ref{Tracker: "pager", ID: "Q3"}, At: at(t, "2026-11-17T08:00:00Z"), Title: "- a: b"})
	found = append(found, Line{Page: record.Ref{Tracker: "old pager", ID: "7: #"}, At: at(t, "2026-11-22T23:00:00Z"), Title: "fax"})
	change := w.Update(found)
	if diff := cmp.Diff(Change{New: 2, Refreshed: 1}, change); diff != "" {
		t.Error(diff)
	}
	want := strings.NewReplacer(
		`heap above 95 %: \"gateway-3\"`, "heap above 97 %",
		"      # 97 % would do\n", `      # 97 % would do

  - page: {at: Tue 2026-11-17 03:00, title: "- a: b", tracker: pager, id: Q3}
    verdict:
    note:
`,
		"# the end\n", `# the end

  - page: {at: Sun 2026-11-22 18:00, title: "fax", tracker: old pager, id: "7: #"}
    verdict:
    note:
`,
	).Replace(old)
	got := string(Write(w, []byte(old)))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if l := read(t, got).Lines[0]; l.Verdict != "threshold-wrong" || l.Note != "95 % is normal: the report runs.\n# 97 % would do" || l.Place() != "content/triage/2026-W47.yaml:17" {
		t.Errorf("%+v", l)
	}
}

func TestAnOrderOfSomebodysOwnStays(t *testing.T) {
	line := func(day, id string) string {
		return "  - page: {at: " + day + ", tracker: pager, id: " + id + "}\n    verdict:\n    note:\n\n"
	}
	// The worst first, and the rest by time.
	old := "pages:\n" + line("Fri 2026-11-20 10:00", "Q5") + line("Mon 2026-11-16 10:00", "Q1") + line("Wed 2026-11-18 10:00", "Q3")
	want := "pages:\n" + line("Fri 2026-11-20 10:00", "Q5") + line("Mon 2026-11-16 10:00", "Q1") + line("Tue 2026-11-17 10:00", "Q2") + line("Wed 2026-11-18 10:00", "Q3") +
		line("Thu 2026-11-19 10:00", "Q4") + line("Sat 2026-11-21 10:00", "Q6")
	w := read(t, old)
	found := append(slices.Clone(w.Lines), Line{Page: record.Ref{Tracker: "pager", ID: "Q6"}, At: at(t, "2026-11-21T15:00:00Z")},
		Line{Page: record.Ref{Tracker: "pager", ID: "Q4"}, At: at(t, "2026-11-19T15:00:00Z")}, Line{Page: record.Ref{Tracker: "pager", ID: "Q2"}, At: at(t, "2026-11-17T15:00:00Z")})
	if c := w.Update(found); c.New != 3 || c.Refreshed+c.Dropped+len(c.Kept) > 0 {
		t.Errorf("%+v", c)
	}
	if diff := cmp.Diff(strings.TrimSuffix(want, "\n"), string(Write(w, []byte(old)))); diff != "" {
		t.Error(diff)
	}
}

func TestAPageThatIsGoneStaysOnceItIsJudged(t *testing.T) {
	old := strings.Replace(written47, "id: Q1}\n    verdict:", "id: Q1}\n    verdict: fixed", 1)
	old = strings.Replace(old, "  - page: {at: Wed", "  # ask Ines\n  - page: {at: Wed", 1)
	noted := read(t, strings.Replace(written47, "note:\n", "note: hm\n", 1))
	if c := noted.Update(nil); len(c.Kept) != 1 || c.Dropped != 1 {
		t.Errorf("of a noted and a blank line: %+v", c)
	}
	w := read(t, old)
	c := w.Update(nil)
	if len(c.Kept) != 1 || c.Kept[0].Page.ID != "Q1" || c.Dropped != 1 {
		t.Errorf("%+v", c)
	}
	got := string(Write(w, []byte(old)))
	if l := read(t, got).Lines; len(l) != 1 || l[0].Verdict != "fixed" || !strings.Contains(got, "# ask Ines") {
		t.Error(got)
	}
}

func TestAWeekCanLoseItsLastLineAndGetAnother(t *testing.T) {
	w := read(t, strings.Replace(written47, "# Did it", "# mine", 1))
	w.Update(nil)
	none := string(Write(w, []byte(written47)))
	if !strings.HasSuffix(none, "\npages: []\n") {
		t.Error(none)
	}
	w = read(t, none)
	w.Update(week(t).Lines)
	if diff := cmp.Diff(written47, string(Write(w, []byte(none)))); diff != "" {
		t.Error(diff)
	}
}

func TestALayoutOfSomebodysOwnKeepsItsWords(t *testing.T) {
	for _, old := range []string{
		"# mine\npages: [{page: {at: Mon 2026-11-16 03:12, tracker: pager, id: Q1}, verdict: fixed, note: 'so: what'}]\n",
		"# mine\npages:\n  -\n    note: 'so: what'\n    verdict: fixed\n    page:\n      at: Mon 2026-11-16 03:12\n      id: Q1\n      tracker: pager\n",
		"# mine\r\npages:\r\n- verdict: fixed\r\n  page:\r\n    { at: Mon 2026-11-16 03:12, tracker: pager,\r\n      id: Q1 }\r\n  note: 'so: what'\r\n",
		"pages:\n- {verdict: fixed, page: {at: Mon 2026-11-16 03:12, tracker: pager, id: Q1}, note: 'so: what'} # mine\n...\n",
	} {
		w := read(t, old)
		w.Update(week(t).Lines)
		got := string(Write(w, []byte(old)))
		l := read(t, got).Lines
		if len(l) != 2 || l[0].Verdict != "fixed" || l[0].Note != "so: what" || l[0].Service != "Order gateway" {
			t.Errorf("%s\n%s", old, got)
		}
		if strings.HasPrefix(old, "#") && !strings.HasPrefix(got, "# mine") {
			t.Errorf("%s\n%s", old, got)
		}
		if strings.Contains(old, "\r") != strings.Contains(got, "\r\n") {
			t.Errorf("%q", got)
		}
	}
}

func TestMistakesAreToldInTheirPlace(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"2026-W47.yaml", strings.Replace(written47, "verdict:\n", "verdict: treshold-wrong\n", 1), `2026-W47.yaml:17:14: "treshold-wrong" is no verdict; did you mean "threshold-wrong"?`},
		{"2026-W47.yaml", strings.Replace(written47, "verdict:\n", "verdict: meh\n", 1), `2026-W47.yaml:17:14: "meh" is no verdict; it is one of fixed, looked, too-early, known-work, threshold-wrong, check-faulty, duplicate, not-ours`},
		{"2026-W47.yaml", strings.Replace(written47, "note:\n", "note: the report: again\n", 1), `2026-W47.yaml:18:21: not YAML: a ": " inside a value; put the value in quotes, or mend the indentation of this line`},
		{"2026-W47.yaml", strings.Replace(written47, "id: Q2", "id: Q1", 1), "2026-W47.yaml:20:5: the page Q1 is already in line 16; leave one of the two"},
		{"2026-W47.yaml", strings.Replace(written47, "Mon 2026-11-16", "Mon 2026-11-09", 1), "2026-W47.yaml:16:5: warning: the page Q1 is of 2026-W46, and this is the file of 2026-W47"},
		{"2026-W47.yaml", strings.Replace(written47, "Wed 2026-11-18 10:00", "Mon 2026-11-23 00:00", 1), "2026-W47.yaml:20:5: warning: the page Q2 is of 2026-W48, and this is the file of 2026-W47"},
		{"2026-W47.yaml", strings.Replace(written47, "Mon 2026-11-16 03:12", "yesterday", 1), `2026-W47.yaml:16:16: "yesterday" is no time; a time reads Mon 2026-11-16 03:12`},
		{"2026-W47.yaml", strings.Replace(written47, "    verdict:\n", "    veridct:\n", 1), `2026-W47.yaml:17:5: unknown key "veridct" in pages; did you mean "verdict"?`},
		{"2026-W47.yaml", strings.Replace(written47, ", tracker: pager, id: Q1", "", 1), "2026-W47.yaml:16:11: this entry of page has no id; 2026-W47.yaml:16:11: this entry of page has no tracker"},
		{"2026-W47.yaml", "pages: 7\n", "2026-W47.yaml:1:8: pages wants a list: [a, b], or lines that begin with a hyphen, and this is a single value"},
		{"2026-W47.yaml", "", "2026-W47.yaml: the file is empty"},
		{"2026-W47.yaml", "pages:\n", ""},
		{"2026-W54.yaml", written47, "2026-W54.yaml: its name is no week, so it is left out; a triage file is called after its ISO week, such as 2026-W47.yaml"},
		{"2025-W53.yaml", "pages:\n", "2025-W53.yaml: its name is no week, so it is left out; a triage file is called after its ISO week, such as 2026-W47.yaml"},
		{"2026-W53.yaml", "pages:\n", ""},
		{"2026-w47.yaml", written47, "2026-w47.yaml: its name is no week, so it is left out; a triage file is called after its ISO week, such as 2026-W47.yaml"},
		{"2026-W47.yml", written47, "2026-W47.yml: its name is no week, so it is left out; a triage file is called after its ISO week, such as 2026-W47.yaml"},
	} {
		_, complaints := Read(c.name, []byte(c.text), zone(t, "America/New_York"))
		var got []string
		for _, x := range complaints {
			got = append(got, x.String())
		}
		if diff := cmp.Diff(c.want, strings.Join(got, "; ")); diff != "" {
			t.Errorf("%s: %s", c.text, diff)
		}
	}
}

func TestAMistakeInOneLineLosesNoOther(t *testing.T) {
	w, complaints := Read("2026-W47.yaml", []byte(strings.Replace(written47, "verdict:\n", "verdict: meh\n", 1)), time.UTC)
	if len(w.Lines) != 2 || w.Lines[0].Judged() || !strict.Failed(complaints) {
		t.Errorf("%+v %v", w.Lines, complaints)
	}
}

func TestOnePageInTwoWeeksIsToldOf(t *testing.T) {
	a, _ := Read("2026-W46.yaml", []byte(written47), time.UTC)
	b, _ := Read("2026-W47.yaml", []byte(written47), time.UTC)
	if got := fmt.Sprint(Distinct([]*Week{a, b})); got != "[2026-W47.yaml:16:5: warning: the page Q1 has a line in 2026-W46.yaml:16, too; leave the one that is judged 2026-W47.yaml:20:5: warning: the page Q2 has a line in 2026-W46.yaml:20, too; leave the one that is judged]" {
		t.Error(got)
	}
}

func TestWeeksBeginOnMondayInTheTeamsZone(t *testing.T) {
	for _, c := range []struct{ week, zone, from, to string }{
		{"2026-W47", "America/New_York", "2026-11-16T05:00:00Z", "2026-11-23T05:00:00Z"},
		{"2026-W44", "America/New_York", "2026-10-26T04:00:00Z", "2026-11-02T05:00:00Z"}, // an hour longer
		{"2026-W53", "Pacific/Chatham", "2026-12-27T10:15:00Z", "2027-01-03T10:15:00Z"},
		{"2020-W01", "UTC", "2019-12-30T00:00:00Z", "2020-01-06T00:00:00Z"},
	} {
		z := zone(t, c.zone)
		from, to, ok := Span(c.week, z)
		if !ok || from != at(t, c.from) || to != at(t, c.to) || WeekOf(from, z) != c.week || WeekOf(to-1, z) != c.week || WeekOf(to, z) == c.week {
			t.Errorf("%s in %s: %s to %s, %v", c.week, c.zone, from, to, ok)
		}
	}
	for _, s := range []string{"", "2026-47", "2026-W47x", "2026-W 7", "2026-W00", "2026-W-1", "1969-W01", "9999-W01", "2025-W53"} {
		if _, _, ok := Span(s, time.UTC); ok {
			t.Errorf("%q is a week", s)
		}
	}
}

func TestAClockThatShowsAnHourTwiceIsReadRight(t *testing.T) {
	ny := zone(t, "America/New_York")
	first, second := at(t, "2026-11-01T05:30:00Z"), at(t, "2026-11-01T06:30:00Z")
	if a, b := written(first, ny), written(second, ny); a == b || moment(a, ny) != first || moment(b, ny) != second {
		t.Errorf("%s, %s", a, b)
	}
}

func TestALongTitleIsCutAndStandsInOneLine(t *testing.T) {
	if got := Short(strings.Repeat("🔥 fire\n", 2000)); len([]rune(got)) != longest || strings.Contains(got, "\n") || !strings.HasSuffix(got, "…") {
		t.Error(got)
	}
	if got := Short("a \xff\n b"); got != "a \ufffd b" {
		t.Errorf("%q", got)
	}
}

func someText(t *rapid.T, name string) string {
	return rapid.OneOf(
		rapid.String(),
		rapid.SampledFrom([]string{"null", "~", "- a", "a: b", "a #b", "{", "}", ", x", "'", `"`, `\`, "\n", "\x00\u2028\u202e\ufeff\U000e0001", "👩\u200d🚒", " a ", "a:", "true", "---", "...", "? x", "&a", "*a", "!x", "%TAG", "@", "`", "0x1F", "12:30", "Köln (2)"}),
	).Draw(t, name)
}

// someWeek draws a week with any texts at all.
func someWeek(t *rapid.T) *Week {
	z, err := time.LoadLocation(rapid.SampledFrom([]string{"UTC", "America/New_York", "Pacific/Chatham", "Australia/Lord_Howe", "Asia/Kathmandu"}).Draw(t, "zone"))
	if err != nil {
		t.Fatal(err)
	}
	at := record.Instant(rapid.Int64Range(400*86400, 9_000_000_000).Draw(t, "at") * 1e9)
	w := &Week{Week: WeekOf(at, z), Zone: z}
	w.File = w.Week + Ext
	from, to, ok := Span(w.Week, z)
	if !ok {
		t.Skip("beyond the calendar")
	}
	for i := range rapid.IntRange(0, 6).Draw(t, "lines") {
		l := Line{
			Page: record.Ref{Tracker: someText(t, "tracker") + "t", ID: fmt.Sprint(i) + someText(t, "id")},
			At:   record.Instant(rapid.Int64Range(int64(from)/60e9, int64(to)/60e9-1).Draw(t, "minute") * 60e9), Service: someText(t, "service"), Title: someText(t, "title"),
			Note: strings.TrimSpace(someText(t, "note")),
		}
		if rapid.Bool().Draw(t, "judged") {
			l.Verdict = rapid.SampledFrom(Verdicts).Draw(t, "verdict").ID
		}
		w.Lines = append(w.Lines, l)
	}
	return w
}

func roundTrip(t *rapid.T) {
	w := someWeek(t)
	text := Write(w, nil)
	got, complaints := Read(w.File, text, w.Zone)
	if strict.Failed(complaints) {
		t.Fatalf("%v\n%s", complaints, text)
	}
	for i := range got.Lines {
		got.Lines[i].File, got.Lines[i].Row, got.Lines[i].Col = "", 0, 0
	}
	if diff := cmp.Diff(w.Lines, got.Lines); diff != "" {
		t.Fatalf("%s\n%s", diff, text)
	}
	if again := Write(w, text); string(again) != string(text) {
		t.Fatal(cmp.Diff(string(text), string(again)))
	}
	// Another week's state of the same file: whatever becomes of it, it is told, and no comment is lost.
	next := someWeek(t)
	next.Week, next.File, next.Zone = w.Week, w.File, w.Zone
	commented := strings.ReplaceAll(string(text), "  - page:", "  # by hand\n  - page:")
	out := Write(next, []byte(commented))
	if !next.is(out) {
		t.Fatalf("%s\nfrom\n%s", out, commented)
	}
	if n, want := strings.Count(string(out), "# by hand"), strings.Count(commented, "# by hand"); n < want {
		t.Fatalf("%d of %d comments are left of\n%s\nin\n%s", n, want, commented, out)
	}
}

func TestWhatIsWrittenIsRead(t *testing.T) { rapid.Check(t, roundTrip) }

func FuzzWhatIsWrittenIsRead(f *testing.F) { f.Fuzz(rapid.MakeFuzz(roundTrip)) }

func FuzzRead(f *testing.F) {
	f.Add(written47)
	f.Add(strings.ReplaceAll(written47, "verdict:", "verdict: fixed"))
	f.Add("pages: [{page: {at: Mon 2026-11-16 03:12, tracker: p, id: &a Q1}, note: *a}]\n")
	f.Add("# c\r\npages:\r\n- page: {at: Mon 2026-11-16 03:12, tracker: p, id: 1}\r\n  note: >\r\n    # a\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		w, complaints := Read("2026-W47.yaml", []byte(text), time.UTC)
		if strict.Failed(complaints) {
			return
		}
		out := Write(w, []byte(text))
		if !w.is(out) {
			t.Fatalf("%q was written as %q", text, out)
		}
		if again := Write(w, out); string(again) != string(out) {
			t.Fatalf("%q, then %q", out, again)
		}
		w.Update(append(slices.Clone(w.Lines), Line{Page: record.Ref{Tracker: "new", ID: "1"}, At: 1794900000e9, Title: "x"}))
		if out = Write(w, []byte(text)); !w.is(out) {
			t.Fatalf("%q with a page more was written as %q", text, out)
		}
	})
}
