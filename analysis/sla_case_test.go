package analysis

// SLA cases in files: testdata/sla/*.txt each tell a small policy, one item's life and the verdicts
// that METRICS.md section 3 demands. The wants were worked out by hand and are never rewritten; the
// traces are accepted with -update-sla.
//
// The policy: "zone", "calendar NAME DAYS HOURS [holidays CODE] [closed DATE] [from DATE]", "working NAME",
// "class ID [from DATE]: [respond TARGET][, resolve TARGET]" with targets "3d on office", "4h on always",
// "due", "next TRAIN"; "release TRAIN DATE [notice DAYS]", "stages NAME:KIND …". A second line of one
// calendar or class is its next version.
//
// The item: local times and "created as CLASS [sev N] [due DATE]", "class ID", "sev N", "due DATE|none",
// "stage NAME", "answered", "discarded", "closed"; "coarse WHY"; and "until TIME" for every as-of that
// it is judged at.

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/firebreak/firebreak/analysis/calendar"
	"github.com/firebreak/firebreak/collectors/record"
)

var updateSLA = flag.Bool("update-sla", false, "accept the SLA traces as they are now")

func TestSLACasesJudgeAsMETRICSSays(t *testing.T) {
	files, err := filepath.Glob("testdata/sla/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases in testdata/sla", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			ar, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			part := map[string]*txtar.File{}
			for i := range ar.Files {
				part[ar.Files[i].Name] = &ar.Files[i]
			}
			for _, name := range []string{"policy", "item", "want", "trace"} {
				if part[name] == nil {
					t.Fatalf("no part %q", name)
				}
			}
			w := slaWorld(t, string(part["policy"].Data))
			var got, told strings.Builder
			for _, until := range w.untils(string(part["item"].Data)) {
				it := w.item(string(part["item"].Data), until)
				sla(w.policy, it)
				fmt.Fprintf(&got, "at %s\n", w.show(until))
				told.Reset()
				for _, d := range []duty{respond, resolve} {
					tr := trace(w.policy, it, d)
					if tr.Verdict.Target.Kind == NoTarget && tr.Verdict.Outcome == Unpromised {
						continue
					}
					fmt.Fprintf(&got, "%s %s\n", d, w.verdict(it, tr.Verdict))
					w.tell(&told, d, tr)
				}
			}
			if d := cmp.Diff(string(part["want"].Data), got.String()); d != "" {
				t.Errorf("want −, got +:\n%s", d)
			}
			if *updateSLA {
				part["trace"].Data = []byte(told.String())
				if err := os.WriteFile(file, txtar.Format(ar), 0o644); err != nil {
					t.Fatal(err)
				}
			} else if d := cmp.Diff(string(part["trace"].Data), told.String()); d != "" {
				t.Errorf("the trace has changed, − was, + is (accept with -update-sla):\n%s", d)
			}
		})
	}
}

func (d duty) String() string {
	if d == respond {
		return "respond"
	}
	return "resolve"
}

// slaTestWorld is a policy with names for what an item's life speaks of.
type slaTestWorld struct {
	t       testing.TB
	policy  *Policy
	stages  map[string]*Stage
	classes map[string]*Class
}

func slaWorld(t testing.TB, text string) *slaTestWorld {
	t.Helper()
	w := &slaTestWorld{t: t, policy: &Policy{Zone: time.UTC}, stages: map[string]*Stage{}, classes: map[string]*Class{}}
	p := w.policy
	stages := "New:waiting Doing:active Review:active Waiting:paused Vendor:paused Done:done"
	calendars := map[string][]calendar.Version{}
	var names, order []string
	type promised struct {
		from             record.Date
		respond, resolve string
	}
	classes := map[string][]promised{}
	var releases []Release
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		switch f[0] {
		case "zone":
			l, err := time.LoadLocation(f[1])
			if err != nil {
				t.Fatal(err)
			}
			p.Zone = l
		case "working":
			names = append(names, "working "+f[1])
		case "calendar":
			if calendars[f[1]] == nil {
				names = append(names, f[1])
			}
			calendars[f[1]] = append(calendars[f[1]], slaHours(t, f[2:]))
		case "stages":
			stages = strings.Join(f[1:], " ")
		case "release":
			r := Release{Train: f[1], Name: f[1] + " " + f[2], Date: record.Date(f[2])}
			if len(f) > 4 {
				r.Notice, _ = strconv.Atoi(f[4])
			}
			releases = append(releases, r)
		case "class":
			head, tail, _ := strings.Cut(strings.TrimSpace(line), ":")
			h := strings.Fields(head)
			var v promised
			if len(h) == 4 {
				v.from = record.Date(h[3])
			}
			for target := range strings.SplitSeq(tail, ",") {
				if s, ok := strings.CutPrefix(strings.TrimSpace(target), "respond "); ok {
					v.respond = s
				} else if s, ok := strings.CutPrefix(strings.TrimSpace(target), "resolve "); ok {
					v.resolve = s
				}
			}
			if classes[h[1]] == nil {
				order = append(order, h[1])
			}
			classes[h[1]] = append(classes[h[1]], v)
		default:
			t.Fatalf("policy: %q is not understood", line)
		}
	}
	always := calendar.Always(p.Zone)
	p.Calendars, p.Working = []*calendar.Calendar{always}, always
	byName := map[string]*calendar.Calendar{"always": always}
	for _, name := range names {
		if of, ok := strings.CutPrefix(name, "working "); ok {
			p.Working = byName[of]
			continue
		}
		c, err := calendar.New(name, p.Zone, calendars[name])
		if err != nil {
			t.Fatal(err)
		}
		byName[name] = c
		p.Calendars = append(p.Calendars, c)
	}
	if len(releases) > 0 {
		plan := Plan{Releases: releases}
		plan.sort(p.Zone)
		p.Releases = Always(plan)
	}
	var flow []Stage
	for s := range strings.FieldsSeq(stages) {
		name, kind, _ := strings.Cut(s, ":")
		flow = append(flow, Stage{ID: strings.ToLower(name), Name: name, Kind: map[string]StageKind{"waiting": Waiting, "active": Active, "paused": Paused, "done": Done}[kind]})
	}
	p.Flow = Always(flow)
	for i := range flow {
		w.stages[flow[i].Name] = &flow[i]
	}
	for _, id := range order {
		c := Class{ID: id, Name: id}
		for _, v := range classes[id] {
			from := record.Instant(0)
			if v.from != "" {
				from = v.from.Start(p.Zone)
			}
			c.Respond = append(c.Respond, Version[Target]{from, slaTarget(t, byName, v.respond)})
			c.Resolve = append(c.Resolve, Version[Target]{from, slaTarget(t, byName, v.resolve)})
		}
		p.Classes = append(p.Classes, c)
	}
	for i := range p.Classes {
		w.classes[p.Classes[i].ID] = &p.Classes[i]
	}
	return w
}

// slaHours reads "mon-fri 09:00-17:30 holidays us from 2026-03-04".
func slaHours(t testing.TB, f []string) calendar.Version {
	t.Helper()
	day := func(s string) int { return strings.Index("sunmontuewedthufrisat", s) / 3 }
	clock := func(s string) time.Duration {
		h, m, _ := strings.Cut(s, ":")
		hh, err1 := strconv.Atoi(h)
		mm, err2 := strconv.Atoi(m)
		if err1 != nil || err2 != nil {
			t.Fatalf("hours %q", s)
		}
		return time.Duration(hh)*time.Hour + time.Duration(mm)*time.Minute
	}
	var v calendar.Version
	a, b, _ := strings.Cut(f[0], "-")
	from, to, _ := strings.Cut(f[1], "-")
	for d := day(a); ; d = (d + 1) % 7 {
		v.Week[d] = []calendar.Span{{From: clock(from), To: clock(to)}}
		if d == day(b) {
			break
		}
	}
	for i := 2; i+1 < len(f); i += 2 {
		switch f[i] {
		case "holidays":
			v.Holidays = f[i+1]
		case "closed":
			v.Closed = append(v.Closed, record.Date(f[i+1]))
		case "from":
			v.From = record.Date(f[i+1])
		default:
			t.Fatalf("hours: %q is not understood", f[i])
		}
	}
	return v
}

func slaTarget(t testing.TB, calendars map[string]*calendar.Calendar, s string) Target {
	t.Helper()
	f := strings.Fields(s)
	switch {
	case len(f) == 0:
		return Target{}
	case f[0] == "due":
		return Target{Kind: TrackerDue, Text: s}
	case f[0] == "next":
		return Target{Kind: NextRelease, Train: f[1], Text: s}
	}
	g := Target{Kind: WorkingTime, Calendar: calendars[f[2]], Text: s}
	if g.Calendar == nil {
		t.Fatalf("target %q: no such calendar", s)
	}
	if days, ok := strings.CutSuffix(f[0], "d"); ok {
		n, err := strconv.ParseFloat(days, 64)
		if err != nil {
			t.Fatal(err)
		}
		g.Days = n
		return g
	}
	d, err := time.ParseDuration(f[0])
	if err != nil {
		t.Fatal(err)
	}
	g.Time = d
	return g
}

func (w *slaTestWorld) time(s string) record.Instant {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, w.policy.Zone)
	if err != nil {
		w.t.Fatal(err)
	}
	return record.At(t)
}

func (w *slaTestWorld) untils(life string) (all []record.Instant) {
	for line := range strings.Lines(life) {
		if s, ok := strings.CutPrefix(strings.TrimSpace(line), "until "); ok {
			all = append(all, w.time(s))
		}
	}
	return all
}

// item is the item as an as-of sees it: every event at or after it dropped.
func (w *slaTestWorld) item(life string, until record.Instant) *Item {
	it := &Item{Look: &Look{}, Until: until}
	for line := range strings.Lines(life) {
		line = strings.TrimSpace(line)
		if why, ok := strings.CutPrefix(line, "coarse "); ok {
			it.Coarse = why
		}
		if len(line) < 17 || line[4] != '-' {
			continue
		}
		at, f := w.time(line[:16]), strings.Fields(line[16:])
		if at >= until {
			break
		}
		w.event(it, at, f)
	}
	return it
}

// event applies one event of an item's life to it as life.go would.
func (w *slaTestWorld) event(it *Item, at record.Instant, f []string) {
	switch f[0] {
	case "created":
		it.Created = at
		it.Stages = Timeline[*Stage]{{at, w.policyStage()}}
		it.Classes = Timeline[*Class]{{at, w.class(f[2])}}
		it.Severities = Timeline[int]{{at, 0}}
		it.Dues = Timeline[record.Date]{{at, ""}}
		for i := 3; i+1 < len(f); i += 2 {
			w.event(it, at, f[i:i+2])
		}
	case "class":
		push(&it.Classes, at, w.class(f[1]))
	case "sev":
		n, err := strconv.Atoi(f[1])
		if err != nil {
			w.t.Fatal(err)
		}
		push(&it.Severities, at, n)
	case "due":
		push(&it.Dues, at, record.Date(strings.TrimPrefix(f[1], "none")))
	case "answered":
		it.Responded = at
	case "discarded":
		it.Discarded = true
	case "closed":
		it.Closed = at
	case "stage":
		s := w.stages[f[1]]
		if s == nil {
			w.t.Fatalf("no stage %q", f[1])
		}
		if s == it.Stage() {
			return
		}
		done, was := s.Kind == Done, it.Stage().Kind == Done
		it.Stages = append(it.Stages, Step[*Stage]{at, s})
		switch {
		case done && !was:
			it.Done = append(it.Done, at)
			it.Finished = at
		case !done && was:
			it.Reopened = append(it.Reopened, at)
			it.Finished, it.Discarded = 0, false
		}
	default:
		w.t.Fatalf("item: %q is not understood", f)
	}
}

func (w *slaTestWorld) policyStage() *Stage { return &w.policy.Flow[0].Is[0] }

func (w *slaTestWorld) class(id string) *Class {
	c := w.classes[id]
	if c == nil && id != "nothing" {
		w.t.Fatalf("no class %q", id)
	}
	return c
}

// show writes an instant as the cases do.
func (w *slaTestWorld) show(t record.Instant) string {
	if t == 0 {
		return "never"
	}
	if local := t.In(w.policy.Zone); local.Nanosecond() == 999999999 {
		return "end of " + local.Format("2006-01-02")
	}
	return t.In(w.policy.Zone).Format("2006-01-02 15:04")
}

// slaHM writes whole minutes: 2h, 6h30m, 15m, 0m.
func slaHM(d time.Duration) string {
	s := strings.TrimSuffix(d.String(), "0s")
	if h, ok := strings.CutSuffix(s, "h0m"); ok {
		return h + "h"
	}
	if s == "" {
		return "0m"
	}
	return s
}

// verdict writes a verdict as the cases do.
func (w *slaTestWorld) verdict(it *Item, v Verdict) string {
	s := ""
	switch v.Outcome {
	case Unpromised:
		s = "unpromised"
	case Running:
		s = fmt.Sprintf("running, due %s, left %s", w.show(v.Due), slaHM(v.Left))
	case Stopped:
		s = fmt.Sprintf("stopped, left %s", slaHM(v.Left))
	case Met:
		s = fmt.Sprintf("met %s, due %s", w.show(v.Decided), w.show(v.Due))
	case Missed:
		s = fmt.Sprintf("missed %s, due %s, late %s", w.show(v.Decided), w.show(v.Due), slaHM(v.Late))
	case Withdrawn:
		s = "withdrawn " + w.show(v.Decided)
	case Uncounted:
		s = "uncounted, " + it.Coarse
	}
	s += ", as " + v.Class.ClassID()
	if v.Severity != 0 {
		s += fmt.Sprintf(" sev %d", v.Severity)
	}
	if v.Moved > 0 {
		s += fmt.Sprintf(", moved %d", v.Moved)
	}
	if v.Thanks {
		s += ", thanks to pauses"
	}
	return s
}

func (w *slaTestWorld) tell(b *strings.Builder, d duty, tr Trace) {
	for _, s := range tr.Segments {
		runs := "stands"
		if s.Running {
			runs = "runs"
		}
		fmt.Fprintf(b, "%s %s to %s %s: %s (%s)\n", d, w.show(s.From), w.show(s.To), runs, s.Cause, s.Class.ClassID())
	}
	for _, c := range tr.Dues {
		fmt.Fprintf(b, "%s at %s due %s: %s\n", d, w.show(c.At), w.show(c.Due), c.Why)
	}
}
