package main

import (
	"bytes"
	"encoding/csv"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"
)

// told is the story, told once for all tests.
var told = sync.OnceValues(newWorld)

func tell(t *testing.T) *world {
	t.Helper()
	w, err := told()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestTheSampleIsExactlyWhatTheGeneratorWrites(t *testing.T) {
	files, err := tell(t).exports()
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, f := range files {
		committed, err := os.ReadFile(filepath.Join("..", "..", "content", "sample", f.name))
		if err != nil {
			t.Fatal(err)
		}
		total += len(committed)
		if bytes.Equal(committed, f.data) {
			continue
		}
		t.Errorf("content/sample/%s is not what this program writes; run go generate ./content", f.name)
		if d := cmp.Diff(firstLines(t, committed), firstLines(t, f.data)); d != "" && !testing.Short() {
			t.Logf("the first lines that differ:\n%.2000s", d)
		}
	}
	if total > 1_000_000 {
		t.Errorf("the sample takes %d bytes of every binary; a million is the most", total)
	}
}

// firstLines are the lines of a file, packed or not, cut short.
func firstLines(t *testing.T, data []byte) []string {
	t.Helper()
	if bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if data, err = io.ReadAll(z); err != nil {
			t.Fatal(err)
		}
	}
	lines := strings.Split(string(data), "\n")
	for i, l := range lines {
		lines[i] = l[:min(len(l), 300)]
	}
	return lines
}

func TestASecondTellingIsTheSame(t *testing.T) {
	again, err := newWorld()
	if err != nil {
		t.Fatal(err)
	}
	w := tell(t)
	if !bytes.Equal(w.tickets(), again.tickets()) || !bytes.Equal(w.code(), again.code()) {
		t.Error("the same program has told two stories")
	}
}

func TestTheSampleHasTheSizeThatWasAskedFor(t *testing.T) {
	w := tell(t)
	var jira, code, pulls int
	for _, it := range w.items {
		switch {
		case it.pull:
			pulls++
		case it.code:
			code++
		default:
			jira++
		}
	}
	t.Logf("%d issues in Jira, %d on the code host beside %d pull requests, %d pages", jira, code, pulls, len(w.pages))
	for _, c := range []struct {
		what       string
		n, lo, top int
	}{{"issues", jira + code, 1400, 1600}, {"issues in Jira", jira, 1100, 1400}, {"pull requests", pulls, 30, 150}, {"pages", len(w.pages), 350, 450}} {
		if c.n < c.lo || c.n > c.top {
			t.Errorf("%d %s, not %d to %d", c.n, c.what, c.lo, c.top)
		}
	}
}

// The simulation's own reckoning; what firebreak computes by METRICS.md and the policy is near it.
func TestTheStoryIsTrue(t *testing.T) {
	w := tell(t)
	var out strings.Builder
	w.tell(&out)
	t.Log("\n" + out.String())
	chapters := w.truth()
	share := func(c chapter) int { return 100 * c.met / max(1, c.met+c.missed) }
	first := chapters[0]
	if s := share(first); s < 50 || s > 68 {
		t.Errorf("in the first quarter %d %% of the promises were kept; the story begins with 55 to 65", s)
	}
	if first.overloaded*10 < first.workdays*9 {
		t.Errorf("in the first quarter only %d of %d days were overloaded", first.overloaded, first.workdays)
	}
	for _, c := range chapters[:4] {
		if weeks := 13; c.restarts < 3*weeks/2 || c.restarts > 4*weeks {
			t.Errorf("%d restarts in the quarter from %s; the story has two or three a week", c.restarts, c.from)
		}
	}
	met, missed, overloaded := 0, 0, 0
	for _, c := range chapters[5:8] {
		met, missed, overloaded = met+c.met, missed+c.missed, overloaded+c.overloaded
	}
	if 100*met < 95*(met+missed) {
		t.Errorf("in the last three months %d of %d promises were kept; the story ends above 95 %%", met, met+missed)
	}
	if overloaded > 6 {
		t.Errorf("in the last three months %d days were overloaded; the story ends with few", overloaded)
	}
	if october := chapters[7]; october.restarts != 0 {
		t.Errorf("%d restarts in October 2026; the story ends with a month without", october.restarts)
	}
	for i := 1; i < 5; i++ {
		if share(chapters[i])+3 < share(chapters[i-1]) {
			t.Errorf("attainment falls from %d to %d %% in the quarter from %s", share(chapters[i-1]), share(chapters[i]), chapters[i].from)
		}
	}
}

func TestMailFallsToNothing(t *testing.T) {
	w := tell(t)
	mails, all := 0, 0
	for _, it := range w.items {
		if it.code || !it.support() {
			continue
		}
		switch from := w.cal.day(it.born); {
		case from < "2025-08-01":
			all++
			if it.channel == "email" {
				mails++
			}
		case from >= "2026-08-01" && it.channel == "email":
			t.Errorf("%s came by e-mail on %s", it.key(), from)
		}
	}
	if 2*mails < all {
		t.Errorf("only %d of the first %d came by e-mail", mails, all)
	}
}

func TestTheNewestInstantIsMondayMorning(t *testing.T) {
	w := tell(t)
	newest := int64(0)
	for _, it := range w.items {
		newest = max(newest, it.born, it.updated())
	}
	for _, p := range w.pages {
		newest = max(newest, p.at)
	}
	if got := w.cal.local(newest).Format("Mon 2006-01-02 15:04 MST"); got != "Mon 2026-11-02 06:39 EST" {
		t.Errorf("the exports end %s", got)
	}
}

func TestEveryLogIsInOrderAndEndsAsTheItemStands(t *testing.T) {
	w := tell(t)
	for _, it := range w.items {
		status, assignee, at := stNew, (*account)(nil), it.born
		for _, a := range it.log {
			if a.at < at {
				t.Fatalf("%s: %s at %s, before the act in front of it", it.key(), a.what, w.cal.local(a.at))
			}
			at = a.at
			switch a.what {
			case aStatus:
				if !it.code && a.from != status {
					t.Fatalf("%s: from %q to %q, but it was %q", it.key(), a.from, a.to, status)
				}
				status = a.to
			case aAssignee:
				if a.was != assignee {
					t.Fatalf("%s: assigned away from somebody who did not have it", it.key())
				}
				assignee = a.person
			}
		}
		if !it.code && status != it.status || assignee != it.assignee {
			t.Errorf("%s stands at %q, its log at %q", it.key(), it.status, status)
		}
		if done := status == stDone; done != (it.closed != 0) || done != (it.resolution != "") {
			t.Errorf("%s is %s, closed %d, resolution %q", it.key(), status, it.closed, it.resolution)
		}
	}
}

func TestNobodyActsBeforeTheyCameOrAfterTheyLeft(t *testing.T) {
	w := tell(t)
	for _, it := range w.items {
		for _, a := range it.log {
			for _, m := range w.team {
				if a.who == m.account && !m.employed(w.cal.day(a.at)) {
					t.Errorf("%s: %s by %s on %s", it.key(), a.what, m.name, w.cal.day(a.at))
				}
			}
		}
	}
}

func TestKeysAreGivenOnce(t *testing.T) {
	w := tell(t)
	for _, code := range []bool{false, true} {
		seen := map[int]bool{}
		for _, it := range w.sorted(code) {
			if it.n <= 0 || seen[it.n] {
				t.Errorf("the key %s is given twice, or is none", it.key())
			}
			seen[it.n] = true
		}
	}
}

func TestNastyTitlesAreThere(t *testing.T) {
	w := tell(t)
	var titles []string
	longest := 0
	for _, it := range w.items {
		titles = append(titles, it.title)
		longest = max(longest, len(it.title))
	}
	all := strings.Join(titles, "\n")
	for _, s := range []string{"</script><script>alert(1)</script>", "__f__(x)__f__", "=cmd|' /C calc'!A0", "**bold**", "[x](javascript:alert(1))", "\u202e", "👩‍👩‍👧‍👦", "写真"} {
		if !strings.Contains(all, s) {
			t.Errorf("no title holds %q", s)
		}
	}
	if longest != 10_000 {
		t.Errorf("the longest title has %d bytes, not 10,000", longest)
	}
}

func TestThePagesHaveTheDocumentedHeader(t *testing.T) {
	var b bytes.Buffer
	if err := writePager(&b, tell(t)); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(rows[0], ","); got != pagerHeader {
		t.Errorf("header %s", got)
	}
	col := func(name string) int { return slices.Index(rows[0], name) }
	var joined, never, auto int
	for _, row := range rows[1:] {
		if strings.HasPrefix(row[col("description")], "[SUP-") {
			joined++
		}
		if row[col("seconds_to_first_ack")] == "" {
			never++
			if row[col("acknowledged_by_user_names")] != "" {
				t.Errorf("page %s was acknowledged by somebody at no time", row[0])
			}
		}
		if row[col("auto_resolved")] == "1" {
			auto++
		}
		if strings.Contains(row[col("description")], "%") && strings.Contains(row[col("description")], "%k") {
			t.Errorf("page %s: %s", row[0], row[col("description")])
		}
	}
	if joined < 50 || never < 20 || auto < 100 || joined == len(rows)-1 {
		t.Errorf("of %d pages %d name an issue, %d were never acknowledged, %d resolved themselves", len(rows)-1, joined, never, auto)
	}
}
