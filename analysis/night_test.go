package analysis

// Nights in a file: testdata/nights/*.txt hold a policy, a handful of issues told line by line, and the
// figures that must come of them. See the first of them for the spelling.

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/firebreak/firebreak/analysis/postmortem"
	"github.com/firebreak/firebreak/analysis/pulse"
	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/analysis/triage"
	"github.com/firebreak/firebreak/collectors/record"
)

var updateNights = flag.Bool("update-nights", false, "accept what the nights say now")

func TestNightsSayWhatTheyMust(t *testing.T) {
	files, err := filepath.Glob("testdata/nights/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no nights in testdata/nights", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			ar, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var want string
			text := map[string]string{}
			for _, f := range ar.Files {
				text[f.Name] = string(f.Data)
			}
			want = text["want"]
			report := Run(tellNight(t, text))
			readable(t, report)
			got := dumpNight(report, strings.Fields(text["ask"]))
			if *updateNights {
				for i := range ar.Files {
					if ar.Files[i].Name == "want" {
						ar.Files[i].Data = []byte(got)
					}
				}
				if err := os.WriteFile(file, txtar.Format(ar), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if d := cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")); d != "" {
				t.Errorf("want −, got + (accept with -update-nights):\n%s", d)
			}
		})
	}
}

// oneOfMany is a plural of one. "1 of 1 items" is one; "31 items", "0.1 days"
// and "Severity 1 items" are none.
var oneOfMany = regexp.MustCompile(`(?:^|[^y]|[^t]y)[ (]1 (?:\w+ )?(?:items|issues|pages|days|weeks|months|times|shifts|people|interruptions|incidents|emergencies|improvements|postmortems|worklogs|requests|promises|customers)\b`)

// readable holds what every figure says against how people say it.
func readable(t *testing.T, r *Report) {
	t.Helper()
	for _, f := range r.Figures {
		for _, s := range append([]string{f.Sentence}, slices.Concat(f.Doubts, r.Doubts)...) {
			if found := oneOfMany.FindString(s); found != "" {
				t.Errorf("%s says %q: %s", f.Name, found, s)
			}
			if strings.Contains(s, "as-of") {
				t.Errorf("%s says as-of, which is no word of its readers: %s", f.Name, s)
			}
		}
	}
}

// tellNight makes the input that the sections of a night describe.
func tellNight(t *testing.T, text map[string]string) Input {
	t.Helper()
	policy, complaints := ReadPolicy("policy.yaml", []byte(text["policy.yaml"]))
	if strict.Failed(complaints) {
		t.Fatal(complaints)
	}
	in := Input{Policy: policy}
	asOf, err := time.Parse(time.RFC3339, strings.TrimSpace(text["as-of"]))
	if err != nil {
		t.Fatal("as-of:", err)
	}
	in.AsOf = record.At(asOf)
	issues := tellIssues(t, text["issues"])
	in.Issues = slices.Values(issues)
	var pages []record.Page
	for _, line := range lines(text["pages"]) {
		pages = append(pages, tellPage(t, line))
	}
	in.Pages = slices.Values(pages)
	for _, name := range slices.Sorted(maps.Keys(text)) {
		if name == "postmortem.md" || strings.HasPrefix(name, "postmortem/") {
			pm, _ := postmortem.Read(name, []byte(text[name]), postmortem.Team{Zone: policy.Zone})
			in.Postmortems = append(in.Postmortems, pm)
		}
		if strings.HasPrefix(name, "pulse/") {
			m, complaints := pulse.Read(name, []byte(text[name]))
			if strict.Failed(complaints) {
				t.Fatal(complaints)
			}
			in.Pulse = append(in.Pulse, m)
		}
		if strings.HasPrefix(name, "triage/") {
			w, complaints := triage.Read(name, []byte(text[name]), policy.Zone)
			if strict.Failed(complaints) {
				t.Fatal(complaints)
			}
			in.Triage = append(in.Triage, w)
		}
	}
	in.Shifts = slices.Values(tellShifts(t, text["shifts"]))
	in.Sources = tellSources(t, text["sources"])
	if len(in.Sources) == 0 {
		in.Sources = []SourceState{{Name: "tickets", Tracker: "tickets", Kind: "jira", Horizon: in.AsOf}, {Name: "pager", Tracker: "pager", Kind: "paging", Horizon: in.AsOf}}
	}
	in.Statuses = []TrackerStatus{
		{"tickets", record.Status{Name: "New", Category: record.Todo}}, {"tickets", record.Status{Name: "Odd", Category: record.Doing}},
		{"tickets", record.Status{Name: "Done", Category: record.Done}},
	}
	return in
}

func lines(s string) []string {
	var ls []string
	for _, l := range strings.Split(s, "\n") {
		if strings.TrimSpace(l) != "" && !strings.HasPrefix(strings.TrimSpace(l), "#") {
			ls = append(ls, l)
		}
	}
	return ls
}

// moment reads 2026-03-02T10:00 in UTC, or 2026-03-02T23:59:59.999999999, which is the end of a day.
func moment(t *testing.T, s string) record.Instant {
	t.Helper()
	layout := "2006-01-02T15:04"
	if len(s) > len(layout) {
		layout += ":05" // and its fraction, if there is one
	}
	at, err := time.Parse(layout, s)
	if err != nil {
		t.Fatalf("%q is no moment: %v", s, err)
	}
	return record.At(at)
}

// tellSources reads "tickets 2026-03-02T10:00": a tracker and how far its source can speak, with "asked" behind
// it if that is a live pager, and with the instant since when it is asked. Without
// any, the trackers of the night are tickets and pager, and speak up to as-of.
func tellSources(t *testing.T, s string) []SourceState {
	t.Helper()
	var all []SourceState
	for _, line := range lines(s) {
		w := strings.Fields(line)
		source := SourceState{Name: w[0], Tracker: w[0], Horizon: moment(t, w[1])}
		if source.Pager = len(w) > 2 && w[2] == "asked"; len(w) > 3 {
			source.Since = moment(t, w[3])
		}
		all = append(all, source)
	}
	return all
}

// tellShifts reads "2026-03-02T10:00 2026-03-09T10:00 ada": from, to, and who is the superhero; of which rota may
// stand behind it, and then "sidekick".
func tellShifts(t *testing.T, s string) []record.Shift {
	t.Helper()
	var all []record.Shift
	for i, line := range lines(s) {
		w := strings.Fields(line)
		rota, role := "", Superhero
		if len(w) > 3 {
			rota = w[3]
		}
		if len(w) > 4 {
			role = w[4]
		}
		all = append(all, record.Shift{
			Rota: rota,
			Ref:  record.Ref{Tracker: "pager", ID: fmt.Sprint(i)}, Role: role,
			From: moment(t, w[0]), To: moment(t, w[1]), Person: record.Person{Account: w[2]},
		})
	}
	return all
}

// tellIssues reads
//
//	SUP-1 2026-03-02T10:00 type=Bug priority=Major status=New assignee=ada labels=a,b points=3 due=2026-03-09 reporter=cust
//	  2026-03-02T11:00 ada status Doing
//	  2026-03-02T11:00 ada comment
//	  2026-03-02T11:00 ada worked 2h
//	  2026-03-02T11:00 ada label +urgent
//	  2026-03-02T11:00 ada other
//
// where what stands behind the key is what the issue had at creation. "coarse" there means that the
// export carries no history. "closed=…", "gone=…", "resolution=…", "present=…" (the status), "url=…",
// "link=…", "duplicate=…", "blocked=…", "field=…", "release=2.4.1@2026-03-20" and "alias=…" are what the tracker says of it today, whatever the history tells. It is an
// issue of the tracker "tickets" unless "tracker=…" says otherwise. "undated" is an issue that does not
// say when it was updated last.
func tellIssues(t *testing.T, s string) []record.Issue {
	t.Helper()
	var all []record.Issue
	present, undated := map[int]string{}, map[int]bool{}
	for _, line := range lines(s) {
		w := strings.Fields(line)
		if line[0] != ' ' && line[0] != '\t' {
			c := record.Copy{Parts: 1<<13 - 1, Key: w[0], Created: moment(t, w[1]), Title: w[0]}
			is := record.Issue{Ref: record.Ref{Tracker: "tickets", ID: w[0]}, HistoryTo: 1, CommentsTo: 1, WorklogsTo: 1}
			for _, kv := range w[2:] {
				k, v, _ := strings.Cut(kv, "=")
				v = strings.ReplaceAll(v, "_", " ")
				switch k {
				case "type":
					c.Type = v
				case "priority":
					c.Priority = v
				case "status":
					c.Status = record.Status{Name: v}
				case "assignee":
					for _, who := range strings.Split(v, ",") {
						c.Assignees = append(c.Assignees, record.Person{Account: who})
					}
				case "labels":
					c.Labels = strings.Split(v, ",")
				case "components":
					c.Components = strings.Split(v, ",")
				case "title":
					c.Title = v
				case "project":
					c.Project = v
				case "points":
					c.Points = points(v)
				case "due":
					c.Due = record.Date(v)
				case "reporter":
					c.Reporter = record.Person{Account: v}
				case "closed":
					c.Closed = moment(t, v)
				case "gone":
					is.Gone = moment(t, v)
				case "resolution":
					c.Resolution = v
				case "present":
					present[len(all)] = v
				case "undated":
					undated[len(all)] = true
				case "tracker":
					is.Tracker = v
				case "url":
					c.URL = v
				case "link":
					c.Links = append(c.Links, record.Link{Kind: "url", To: v})
				case "blocked":
					c.Links = append(c.Links, record.Link{Kind: "is blocked by", To: v})
				case "duplicate":
					c.Links = append(c.Links, record.Link{Kind: "duplicates", To: v})
				case "field":
					c.Fields = map[string][]string{"page": {v}}
				case "release":
					c.Parts |= record.HasReleases
					c.Releases = append(c.Releases, tellRelease(v))
				case "alias":
					is.Aliases = append(is.Aliases, v)
				case "coarse":
					is.HistoryTo = 0
				default:
					t.Fatalf("unknown %q in %q", k, line)
				}
			}
			is.Copies = []record.Copy{c}
			all = append(all, is)
			continue
		}
		is := &all[len(all)-1]
		c := &is.Copies[0]
		at, by := moment(t, w[0]), record.Person{Account: w[1]}
		c.Updated = max(c.Updated, at)
		id := fmt.Sprint(len(is.Changes) + len(is.Comments) + len(is.Worklogs))
		arg := strings.Join(w[3:], " ")
		ch := record.Change{ID: id, At: at, By: by, Field: w[2], To: arg}
		switch w[2] {
		case "comment":
			is.Comments = append(is.Comments, record.Comment{ID: id, At: at, By: by})
			continue
		case "other":
			ch.To = ""
		case "worked":
			d, err := time.ParseDuration(arg)
			if err != nil {
				t.Fatal(err)
			}
			is.Worklogs = append(is.Worklogs, record.Worklog{ID: id, Started: at, Seconds: int64(d / time.Second), By: by})
			continue
		case "status":
			ch.From, c.Status.Name = c.Status.Name, arg
		case "priority":
			ch.From, c.Priority = c.Priority, arg
		case "resolution":
			ch.From, c.Resolution = c.Resolution, arg
		case "type":
			ch.From, c.Type = c.Type, arg
		case "points":
			ch.From, c.Points = c.Points.String(), points(arg)
		case "due":
			ch.From, c.Due = string(c.Due), record.Date(arg)
		case "assignee":
			if len(c.Assignees) > 0 {
				is.Changes = append(is.Changes, record.Change{ID: id + "a", At: at, By: by, Field: w[2], From: c.Assignees[0].Account})
			}
			if c.Assignees = nil; arg == "" {
				continue // taken off, and given to nobody
			}
			c.Assignees = []record.Person{{Account: arg}}
		case "label":
			if arg[0] == '-' {
				ch.From, ch.To = arg[1:], ""
				c.Labels = remove(c.Labels, arg[1:])
			} else {
				ch.To = arg[1:]
				c.Labels = add(c.Labels, arg[1:])
			}
		default:
			t.Fatalf("unknown %q in %q", w[2], line)
		}
		is.Changes = append(is.Changes, ch)
	}
	for i, status := range present {
		all[i].Copies[0].Status.Name = status
	}
	for i := range undated {
		all[i].Copies[0].Updated = 0
	}
	return all
}

// tellPage reads
//
//	P1 2026-03-02T10:00 gateway acked=… by=ada resolved=… [SUP-1] disk is full
//
// where the service is - if the pager names none, or auto=… where it resolved by itself; by=… is ada without being said. "key=…" is what the pager
// tells doubles by, "merged=…" the page it became part of, "issue=…" a key or URL in a field meant for
// it, "url=…" its own address, "origin=…" who raised it, "escalated=…" how often it went up the path, "resolver=…" who ended it,
// "notified=…" whom the pager's log says it called, and "log=acknowledged@…@ada" a line of that log, in the order of time.
func tellPage(t *testing.T, line string) record.Page {
	t.Helper()
	w := strings.Fields(line)
	p := record.Page{Ref: record.Ref{Tracker: "pager", ID: w[0]}, Triggered: moment(t, w[1]), Service: w[2]}
	if p.Service == "-" {
		p.Service = ""
	}
	for _, kv := range w[3:] {
		switch k, v, ok := strings.Cut(kv, "="); {
		case ok && k == "acked":
			if p.Acked = moment(t, v); p.AckedBy == nil {
				p.AckedBy = []record.Person{{Account: "ada"}}
			}
		case ok && k == "by":
			p.AckedBy = nil
			for _, who := range strings.Split(v, ",") {
				p.AckedBy = append(p.AckedBy, record.Person{Account: who})
			}
		case ok && k == "key":
			p.Key = v
		case ok && k == "origin":
			p.Origin = v
		case ok && k == "urgency":
			p.Urgency = v
		case ok && k == "tracker":
			p.Tracker = v
		case ok && k == "notified":
			p.Events = append(p.Events, record.Event{ID: "1", At: p.Triggered, Kind: record.EventNotified, To: record.Person{Account: v}})
		case ok && k == "log":
			what, at, _ := strings.Cut(v, "@")
			at, who, _ := strings.Cut(at, "@")
			p.Events = append(p.Events, record.Event{ID: fmt.Sprint("log", len(p.Events)), At: moment(t, at), Kind: what, By: record.Person{Account: who}})
		case ok && k == "escalated":
			p.Escalated, _ = strconv.Atoi(v)
		case ok && k == "merged":
			p.MergedInto = v
		case ok && k == "issue":
			p.Issues = append(p.Issues, v)
		case ok && k == "url":
			p.URL = v
		case ok && k == "resolver":
			p.ResolvedBy = record.Person{Account: v}
		case ok && k == "resolved":
			p.Resolved = moment(t, v)
		case ok && k == "auto":
			p.Resolved, p.AutoClosed = moment(t, v), true
		default:
			p.Title = strings.TrimSpace(p.Title + " " + kv)
		}
	}
	return p
}

// dumpNight writes the figures asked for in a form that is read and checked by hand. "items" asks for
// the life of every item, "facts" for what else is known of each, "doubts", "unjoined", "triage", "moles", "pages", "weeks" and "shifts"
// for those of the night.
func dumpNight(r *Report, ask []string) string {
	var b strings.Builder
	stamp := func(t record.Instant) string {
		if t == 0 {
			return "—"
		}
		return t.Time().Format("01-02T15:04")
	}
	for _, name := range ask {
		switch name {
		case "replies":
			for _, it := range r.Items {
				if reply := r.Ask(it); reply != "" {
					fmt.Fprintf(&b, "reply to %s:\n  %s\n", it.Key, strings.ReplaceAll(reply, "\n", "\n  "))
				}
			}
			continue
		case "facts":
			for _, it := range r.Items {
				dumpFacts(&b, it, stamp)
			}
			continue
		case "promises":
			dumpPromises(&b, r, stamp)
			continue
		case "doubts":
			for _, d := range r.Doubts {
				fmt.Fprintf(&b, "doubt: %s\n", d)
			}
			continue
		case "triage":
			for _, w := range r.Triage {
				fmt.Fprintf(&b, "triage of %s: %d without a verdict\n", w.Week, w.Unjudged())
			}
			for _, s := range r.Strays() {
				fmt.Fprintf(&b, "stray: %s in %s\n", s.Page.ID, s.Place())
			}
			continue
		case "unjoined":
			for _, p := range r.Unjoined {
				fmt.Fprintln(&b, strings.TrimSpace(fmt.Sprintln("unjoined:", p.ID, strings.Join(r.Misnamed(p), " "))))
			}
			continue
		case "pages":
			for _, p := range r.Pages {
				fmt.Fprintf(&b, "page %s acked %s by %v resolved %s", p.ID, stamp(p.Acked), names(p.AckedBy), stamp(p.Resolved))
				if p.AutoClosed {
					b.WriteString(" by itself")
				}
				fmt.Fprintf(&b, " escalated %d, %d lines of its log", p.Escalated, len(p.Events))
				if p.Into != nil {
					b.WriteString(", into " + p.Into.ID)
				}
				b.WriteString("\n")
			}
			continue
		case "weeks":
			for _, w := range r.Weeks() {
				fmt.Fprintf(&b, "week %s: told %v, %d pages\n", w.Label, w.Told, len(w.Pages))
				for _, s := range w.Untold {
					fmt.Fprintf(&b, "  not told: %s to %s\n", stamp(s.From), stamp(s.To))
				}
			}
			continue
		case "moles":
			for _, m := range r.Moles {
				dumpMole(&b, m, stamp)
			}
			continue
		case "fires":
			for _, f := range r.Fires {
				fmt.Fprintf(&b, "fire %s %s to %s, told by %s:", f.ID, stamp(f.From), stamp(f.To), r.Detected(f))
				for _, it := range f.Items {
					b.WriteString(" " + it.Key)
				}
				for _, p := range f.Pages {
					b.WriteString(" page " + p.ID)
				}
				for _, p := range f.Postmortems {
					b.WriteString(" postmortem " + p.ID)
				}
				b.WriteString("\n")
			}
			for _, s := range r.Suggested {
				fmt.Fprintf(&b, "suggested: %s %s, %s\n", s.Item.Key, s.Page.ID, s.Why)
			}
			continue
		case "shifts":
			for _, s := range r.Shifts {
				fmt.Fprintf(&b, "%s %s: %s to %s by the %s\n", s.Role, s.Person.Account, stamp(s.From), stamp(s.To), s.Tracker)
			}
			for _, g := range r.Uncovered {
				fmt.Fprintf(&b, "no %s of %s: %s to %s%s\n", g.Role, g.Rota, stamp(g.From), stamp(g.To), strings.TrimSuffix(", absent is "+g.Absent, ", absent is "))
			}
			continue
		}
		if name == "items" {
			for _, it := range r.Items {
				fmt.Fprintf(&b, "%s responded %s started %s finished %s", it.Key, stamp(it.Responded), stamp(it.Started), stamp(it.Finished))
				if len(it.Reopened) > 0 {
					fmt.Fprintf(&b, " reopened %d", len(it.Reopened))
				}
				if it.Discarded {
					b.WriteString(" discarded")
				}
				if it.Coarse != "" {
					b.WriteString(" coarse: " + it.Coarse)
				}
				b.WriteString("\n ")
				for _, s := range it.Stages {
					fmt.Fprintf(&b, " %s %s", stamp(s.At), s.Is.ID)
				}
				b.WriteString("\n ")
				for _, s := range it.Classes {
					fmt.Fprintf(&b, " %s %s", stamp(s.At), s.Is.ClassID())
				}
				b.WriteString("\n ")
				for _, s := range it.Severities {
					fmt.Fprintf(&b, " %s sev-%d", stamp(s.At), s.Is)
				}
				b.WriteString("\n")
			}
			continue
		}
		i := slices.IndexFunc(r.Figures, func(f Figure) bool { return f.Name == name })
		if i < 0 {
			fmt.Fprintf(&b, "%s: no such metric\n", name)
			continue
		}
		f := r.Figures[i]
		fmt.Fprintf(&b, "%s: %s (%s)%s\n  %s\n", f.Name, f.Headline, f.Headline.Detail(), mood(f.Good), f.Sentence)
		for _, p := range f.Parts {
			fmt.Fprintf(&b, "  %s %s: %s (%s)%s\n", p.Group, p.Name, p.Value, p.Value.Detail(), mood(p.Good))
		}
		for _, c := range f.Charts {
			fmt.Fprintf(&b, "  chart %s %s..%s", c.Name, first(c.X), last(c.X))
			if c.Begins {
				b.WriteString(", history begins in the first")
			}
			if c.Ends > 0 {
				fmt.Fprintf(&b, ", the last %d not told to the end", c.Ends)
			}
			b.WriteString("\n")
			for _, s := range c.Lines {
				if s.Dots == nil {
					fmt.Fprintf(&b, "    %s %s\n", s.Name, runs(s.Values))
				}
				for _, d := range s.Dots {
					fmt.Fprintf(&b, "    %s dot %s %s %s\n", s.Name, c.X[d.At], d.Item.Key, c.Unit.Format(record.Num(d.Y)))
				}
			}
			for _, m := range c.Marks {
				at := m.X
				if m.Y.Known {
					at = strings.TrimSpace(at + " at " + decimal(m.Y.Value, 3))
				}
				fmt.Fprintf(&b, "    %s mark %s: %s\n", m.Role, at, m.Title)
			}
		}
		for _, t := range f.Tables {
			fmt.Fprintf(&b, "  table %s\n", t.Name)
			for _, row := range t.Rows {
				var cells []string
				for i, c := range row {
					switch {
					case c.Text != "":
						cells = append(cells, c.Text)
					default:
						cells = append(cells, t.Columns[i].Unit.Format(c.Num))
					}
				}
				fmt.Fprintf(&b, "    %s\n", strings.Join(cells, " | "))
			}
		}
		for _, row := range f.Rows {
			fmt.Fprintf(&b, "  row %s %s\n", row.Item.Key, row.Why)
		}
		for _, row := range f.Left {
			fmt.Fprintf(&b, "  left %s %s\n", row.Item.Key, row.Why)
		}
		for _, d := range f.Doubts {
			fmt.Fprintf(&b, "  doubt %s\n", d)
		}
	}
	return b.String()
}

// dumpFacts writes the rest of what is known of an item: what of it is nothing is not written.
func dumpFacts(b *strings.Builder, it *Item, stamp func(record.Instant) string) {
	fmt.Fprintf(b, "%s until %s changed %s", it.Key, stamp(it.Until), stamp(it.Changed))
	if it.Closed != 0 {
		b.WriteString(" closed " + stamp(it.Closed))
	}
	if it.Points.Known {
		b.WriteString(" points " + it.Points.String())
	}
	if len(it.Booked) > 0 {
		b.WriteString(" booked")
		for _, w := range it.Booked {
			fmt.Fprintf(b, " %s %s", stamp(w.At), time.Duration(w.Seconds)*time.Second)
		}
	}
	if len(it.Assignees) > 1 || len(it.Assigned()) > 0 {
		b.WriteString(" assigned")
		for _, s := range it.Assignees {
			fmt.Fprintf(b, " %s %v", stamp(s.At), s.Is)
		}
	}
	for _, p := range it.Pages {
		b.WriteString(" page " + p.ID)
	}
	if it.Resolve.Outcome != Unpromised {
		b.WriteString(" resolve " + it.Resolve.Outcome.String())
	}
	b.WriteString("\n")
}

func names(people []record.Person) []string {
	var all []string
	for _, who := range people {
		all = append(all, who.Account)
	}
	return all
}

func mood(m Mood) string { return []string{"", " good", " bad"}[m] }

// runs writes a series shortly: 3×0 1 2×2.
func runs(vs []record.Number) string {
	var s []string
	for i := 0; i < len(vs); {
		j := i
		for j < len(vs) && vs[j] == vs[i] {
			j++
		}
		v := "–"
		if vs[i].Known {
			v = decimal(vs[i].Value, 3)
		}
		if j-i > 1 {
			v = fmt.Sprintf("%d×%s", j-i, v)
		}
		s = append(s, v)
		i = j
	}
	return strings.Join(s, " ")
}

func first(s []string) string {
	if len(s) == 0 {
		return ""
	}
	return s[0]
}

func last(s []string) string {
	if len(s) == 0 {
		return ""
	}
	return s[len(s)-1]
}
