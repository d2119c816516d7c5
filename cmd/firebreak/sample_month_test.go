package main

// July 2026 of the sample's pager, on paper: testdata/pager-2026-07.txt is a table that anybody can check with
// a pencil. The test makes it from the CSV itself by the plainest of means, none of them the program's: one
// row after another, times by hand, every page held against every other. What a whole night says of that month
// has to be the same.

import (
	"cmp"
	"context"
	"encoding/csv"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/content"
)

var updateMonth = flag.Bool("update-month", false, "accept the month of the pager as the CSV has it now; check it with a pencil")

// called is a row of the CSV.
type called struct {
	number, title, service string
	at, resolved           time.Time
	ack                    int // seconds; -1: nobody
	auto                   bool
	joins, repeats         string // numbers of the pages whose interruption it is of, and which it repeats
	off, sleep             bool
}

func (c *called) noAction() bool { return c.auto && c.ack < 0 }

func TestAMonthOfThePagerIsWhatAPencilSays(t *testing.T) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	from, to := time.Date(2026, 7, 1, 0, 0, 0, 0, zone), time.Date(2026, 8, 1, 0, 0, 0, 0, zone)
	all := readCalls(t, zone)
	var month []*called
	for _, c := range all {
		if !c.at.Before(from) && c.at.Before(to) {
			month = append(month, c)
		}
	}

	// Ticked off by hand.
	var b strings.Builder
	fmt.Fprintf(&b, "%-6s %-16s %-15s %5s %7s  %-4s %-6s %-9s %-6s %-7s\n", "page", "New York", "service", "ack s", "solve s", "off", "sleep", "no action", "joins", "repeats")
	var acks, solves []int
	var working, awake, asleep, idle, never, interruptions, repeats int
	mark := func(yes bool, word string) string {
		if yes {
			return word
		}
		return "."
	}
	for _, c := range month {
		solve := int(c.resolved.Sub(c.at) / time.Second)
		solves = append(solves, solve)
		ack := "."
		if c.ack >= 0 {
			acks = append(acks, c.ack)
			ack = strconv.Itoa(c.ack)
		} else {
			never++
		}
		switch {
		case c.sleep:
			asleep++
		case c.off:
			awake++
		default:
			working++
		}
		if c.noAction() {
			idle++
		}
		if c.joins == "" {
			interruptions++
		}
		if c.repeats != "" {
			repeats++
		}
		fmt.Fprintf(&b, "%-6s %-16s %-15s %5s %7d  %-4s %-6s %-9s %-6s %-7s\n", c.number, c.at.Format("Mon 02 15:04:05"), c.service, ack, solve,
			mark(c.off, "off"), mark(c.sleep, "sleep"), mark(c.noAction(), "none"), cmp.Or(c.joins, "."), cmp.Or(c.repeats, "."))
	}
	sort.Ints(acks)
	sort.Ints(solves)
	fmt.Fprintf(&b, "\npages                     %d\ninterruptions             %d\nacknowledged              %d of %v\n  half within             %d s\n  nine in ten within      %d s\nnever acknowledged        %d\nno action                 %d\n",
		len(month), interruptions, len(acks), acks, ranked(acks, 50), ranked(acks, 90), never, idle)
	fmt.Fprintf(&b, "resolved                  %d of %v\n  half within             %d s\n  nine in ten within      %d s\nin working hours          %d\nawake, outside them       %d\nin sleeping hours         %d\nrepeats                   %d\n",
		len(solves), solves, ranked(solves, 50), ranked(solves, 90), working, awake, asleep, repeats)
	golden := filepath.Join("testdata", "pager-2026-07.txt")
	if *updateMonth {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("the CSV says\n%s\nand the table\n%s", b.String(), want)
	}

	// What a night says, as of the end of the month.
	r := sampleReport(t, "2026-07-31")
	if !r.AsOf.Time().Equal(to) {
		t.Fatalf("as of %s, not %s", r.AsOf, to)
	}
	last := func(metric, chart, line string) float64 {
		for _, f := range r.Figures {
			for _, c := range f.Charts {
				for _, l := range c.Lines {
					if k := len(c.X) - 1; f.Name == metric && c.Name == chart && l.Name == line && c.X[k] == "2026-07" {
						return l.Values[k].Value
					}
				}
			}
		}
		t.Errorf("%s has no line %s in a chart %s that ends with July", metric, line, chart)
		return -1
	}
	for _, q := range []struct {
		metric, chart, line string
		want                int
	}{
		{"page-answer", "acknowledge", "p50", ranked(acks, 50)}, {"page-answer", "acknowledge", "p90", ranked(acks, 90)},
		{"page-answer", "resolve", "p50", ranked(solves, 50)}, {"page-answer", "resolve", "p90", ranked(solves, 90)},
		{"page-hours", "by-month", "working", working}, {"page-hours", "by-month", "evening", awake}, {"page-hours", "by-month", "sleep", asleep},
	} {
		if got := last(q.metric, q.chart, q.line); got != float64(q.want) {
			t.Errorf("%s, %s, %s: the night says %v, the pencil %d", q.metric, q.chart, q.line, got, q.want)
		}
	}
	by := map[string]*called{}
	for _, c := range all {
		by[c.number] = c
	}
	seen := 0
	for _, p := range r.Pages {
		c := by[p.Number]
		if p.Triggered.Time().Before(from) || c == nil {
			continue
		}
		seen++
		if p.Breaks != (c.joins == "") || r.OffHours(p) != c.off || r.Asleep(p) != c.sleep || p.NoAction() != c.noAction() {
			t.Errorf("page %s: the night says interruption %v, off hours %v, asleep %v, no action %v; the pencil says otherwise", p.Number, p.Breaks, r.OffHours(p), r.Asleep(p), p.NoAction())
		}
	}
	if seen != len(month) {
		t.Errorf("%d pages of the month in the night, %d on paper", seen, len(month))
	}
	checkMoles(t, r, by)
}

// checkMoles holds every mole without an incident against the paper: how often its pages repeat one before.
func checkMoles(t *testing.T, r *analysis.Report, by map[string]*called) {
	checked := 0
	for _, m := range r.Moles {
		if len(m.Items) > 0 {
			continue
		}
		checked++
		want := 0
		for _, p := range m.Pages {
			if by[p.Number].repeats != "" {
				want++
			}
		}
		if m.Repeats != want {
			t.Errorf("%s on %s came back %d times in the night, %d on paper", m.Fingerprint, m.Service, m.Repeats, want)
		}
	}
	if checked < 5 {
		t.Errorf("only %d moles were there to check", checked)
	}
}

// readCalls reads the CSV and does on every page what a person with a pencil would.
func readCalls(t *testing.T, zone *time.Location) []*called {
	f, err := content.Files.Open("sample/pages.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var all []*called
	for _, row := range rows[1:] {
		cell := func(name string) string {
			for i, head := range rows[0] {
				if head == name {
					return row[i]
				}
			}
			t.Fatalf("no column %s", name)
			return ""
		}
		at, err := time.Parse(time.RFC3339, cell("created_on"))
		if err != nil {
			t.Fatal(err)
		}
		end, err := time.Parse(time.RFC3339, cell("resolved_on"))
		if err != nil {
			t.Fatal(err)
		}
		c := &called{number: cell("incident_number"), title: cell("description"), service: cell("service_name"), at: at.In(zone), resolved: end, ack: -1, auto: cell("auto_resolved") == "1"}
		if s := cell("seconds_to_first_ack"); s != "" {
			if c.ack, err = strconv.Atoi(s); err != nil {
				t.Fatal(err)
			}
		}
		minute := c.at.Hour()*60 + c.at.Minute()
		c.sleep = minute >= 22*60 || minute < 7*60
		c.off = c.at.Weekday() == time.Saturday || c.at.Weekday() == time.Sunday || minute < 9*60 || minute >= 17*60+30 ||
			c.at.Format("2006-01-02") == "2026-07-03" // Independence Day, which is a Saturday, is kept on the Friday
		for _, was := range all {
			if was.service == c.service && c.at.Sub(was.at) < 30*time.Minute {
				c.joins = was.number
			}
			if was.service == c.service && plainWords(was.title) == plainWords(c.title) && was.resolved.Before(c.at) && c.at.Sub(was.resolved) <= 90*24*time.Hour {
				c.repeats = was.number
			}
		}
		all = append(all, c)
	}
	return all
}

// plainWords is a title with everything that has a digit in it as one #, and the rest as small letters.
func plainWords(title string) string {
	var words []string
	for _, w := range strings.Fields(strings.ToLower(title)) {
		if strings.ContainsAny(w, "0123456789") {
			if len(words) == 0 || words[len(words)-1] != "#" {
				words = append(words, "#")
			}
			continue
		}
		for _, part := range strings.FieldsFunc(w, func(r rune) bool { return r < 'a' || r > 'z' }) {
			words = append(words, part)
		}
	}
	return strings.Join(words, " ")
}

// ranked is the value at the nearest rank: the smallest that so many of a hundred do not exceed.
func ranked(sorted []int, percent int) int {
	for i, v := range sorted {
		if (i+1)*100 >= percent*len(sorted) {
			return v
		}
	}
	return -1
}

// sampleReport is a night of the sample up to the report: what demo does, and nothing is published.
func sampleReport(t *testing.T, asOf string) *analysis.Report {
	t.Helper()
	text, err := fs.ReadFile(content.Files, "firebreak.yaml")
	if err != nil {
		t.Fatal(err)
	}
	cfg, complaints := parseConfig("firebreak.yaml", text)
	if strict.Failed(complaints) {
		t.Fatal(complaints)
	}
	cfg.content, cfg.exports = content.Files, content.Files
	cfg.Content, cfg.Out, cfg.Ledger = "content", filepath.Join(t.TempDir(), "wiki"), filepath.Join(t.TempDir(), "ledger.db")
	was := debug.SetGCPercent(100)
	t.Cleanup(func() { debug.SetGCPercent(was) })
	env := environment{out: io.Discard, err: io.Discard, clock: func() time.Time { return time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC) }}
	n := &night{env: env, config: cfg, asOf: asOf, steps: newSteps(env, true), log: slog.New(slog.DiscardHandler)}
	for _, step := range []func(context.Context) error{n.check, n.collect, n.analyse} {
		n.steps.begin("")
		if err := step(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if err := n.closeLedger(); err != nil {
		t.Fatal(err)
	}
	return n.report
}
