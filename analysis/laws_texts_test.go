package analysis

// What people write beside a tracker and a pager, drawn for the laws: postmortems with improvements, verdicts on
// pages, and the pulse.

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/analysis/postmortem"
	"github.com/firebreak/firebreak/analysis/pulse"
	"github.com/firebreak/firebreak/analysis/triage"
	"github.com/firebreak/firebreak/collectors/record"
)

// lawPost is a postmortem before it is written down. Its days are counted from [lawStart].
type lawPost struct {
	id                 string
	incidents          []string
	services           []string
	severity           int
	started, published int // days; −1: the page does not say
	names              []string
	page               string // of the pager, in its timeline
	improvements       []lawImprovement
}

type lawImprovement struct {
	what, question, owner, issue, state, reason string
	due, finished                               int
}

func lawDay(days int) record.Date {
	return record.Date(lawStart.Add(time.Duration(days) * 24 * time.Hour).Time().Format(time.DateOnly))
}

func drawPosts(t *rapid.T) []lawPost {
	day := func(name string) int { return rapid.IntRange(-1, 61).Draw(t, name) }
	pick := func(name string, of ...string) string { return rapid.SampledFrom(of).Draw(t, name) }
	some := func(name string, of ...string) []string {
		var taken []string
		for _, s := range of {
			if rapid.Bool().Draw(t, name+" "+s) {
				taken = append(taken, s)
			}
		}
		return taken
	}
	var all []lawPost
	for i := range rapid.IntRange(0, 4).Draw(t, "posts") {
		p := lawPost{id: fmt.Sprintf("pm-%d", i), started: day("started"), published: day("published"), severity: rapid.IntRange(0, 2).Draw(t, "severity"),
			incidents: some("of", "LAW-1", "LAW-2", "LAW-3", "GONE-7"), services: some("on", "api", "db"), names: some("also", "The API", "Database", "nothing else"), page: pick("page", "", "P0", "P1", "P2")}
		for range rapid.IntRange(0, 3).Draw(t, "improvements") {
			im := lawImprovement{what: pick("what", "alarm on the API", "Fewer disks", "test the database"), question: pick("question", "Detect", "React", "Quick fix", "Prevent", "Other areas of risk"),
				owner: pick("owner", "", "ada"), issue: pick("issue", "", "", "LAW-4", "LAW-5"), state: pick("state", "proposed", "chosen", "doing", "done", "done", "declined"), due: day("due"), finished: -1}
			switch im.state {
			case "done":
				im.finished = day("finished")
			case "declined":
				im.reason = pick("reason", "", "too dear")
			}
			p.improvements = append(p.improvements, im)
		}
		all = append(all, p)
	}
	return all
}

// text is the page as somebody could read it at an instant: what was finished by the end of a later day was still
// being done.
func (p *lawPost) text(asOf record.Instant, zone *time.Location) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "---\ntitle: What burned %s\nincidents: [%s]\nservices: [%s]\n", p.id, strings.Join(p.incidents, ", "), strings.Join(p.services, ", "))
	if p.severity > 0 {
		fmt.Fprintf(&b, "severity: %d\n", p.severity)
	}
	if p.started >= 0 {
		fmt.Fprintf(&b, "started: %s 10:00\n", lawDay(p.started))
	}
	if p.published >= 0 {
		fmt.Fprintf(&b, "status: published\npublished: %s\n", lawDay(p.published))
	} else {
		b.WriteString("status: draft\n")
	}
	b.WriteString("---\n\n## Timeline\n\n")
	if p.page != "" {
		fmt.Fprintf(&b, "- 2026-03-01 10:00 it rang: https://pager.example/incidents/%s\n", p.page)
	}
	b.WriteString("\n## Other areas of risk\n\n")
	for _, name := range p.names {
		fmt.Fprintf(&b, "- %s may be next\n", name)
	}
	b.WriteString("\n## Improvements\n\n| What | Question | Owner | Date | Issue | State | Finished | Reason |\n|---|---|---|---|---|---|---|---|\n")
	for _, im := range p.improvements {
		state, due, finished := im.state, "", ""
		if im.due >= 0 {
			due = string(lawDay(im.due))
		}
		if im.finished >= 0 {
			if finished = string(lawDay(im.finished)); lawDay(im.finished).End(zone) >= asOf {
				state, finished = "doing", ""
			}
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s | %s |\n", im.what, im.question, im.owner, due, im.issue, state, finished, im.reason)
	}
	return []byte(b.String())
}

// lawTexts are all of them.
type lawTexts struct {
	posts  []lawPost
	triage []*triage.Week
	pulse  []*pulse.Month
}

func drawTexts(t *rapid.T, pages []record.Page, zone *time.Location) lawTexts {
	x := lawTexts{posts: drawPosts(t)}
	weeks := map[string]*triage.Week{}
	for _, p := range pages {
		if !rapid.Bool().Draw(t, "judged") {
			continue
		}
		name := triage.WeekOf(p.Triggered, zone)
		if weeks[name] == nil {
			weeks[name] = &triage.Week{Week: name, Zone: zone}
			x.triage = append(x.triage, weeks[name])
		}
		verdict := rapid.SampledFrom([]triage.Verdict{"", "fixed", "looked", "threshold-wrong", "check-faulty"}).Draw(t, "verdict")
		weeks[name].Lines = append(weeks[name].Lines, triage.Line{Page: p.Ref, At: p.Triggered, Verdict: verdict})
	}
	for _, month := range []string{"2026-01", "2026-02", "2026-03", "2026-04", "2026-05"} {
		if rapid.Bool().Draw(t, "asked in "+month) {
			m := &pulse.Month{Month: month}
			for _, q := range pulse.Questions {
				a := pulse.Answers{Question: q}
				for i := range a.Counts {
					a.Counts[i] = rapid.IntRange(0, 3).Draw(t, q.ID)
				}
				m.Answers = append(m.Answers, a)
			}
			x.pulse = append(x.pulse, m)
		}
	}
	return x
}

// asOf is what had been written of what was before an instant.
func (x lawTexts) asOf(asOf record.Instant, zone *time.Location) lawTexts {
	known := lawTexts{}
	for _, p := range x.posts {
		switch {
		case p.published >= 0 && lawDay(p.published).End(zone) >= asOf:
		case p.started >= 0 && lawDay(p.started).Start(zone).Add(10*time.Hour) >= asOf:
		default:
			known.posts = append(known.posts, p)
		}
	}
	for _, w := range x.triage {
		then := &triage.Week{Week: w.Week, Zone: zone}
		for _, l := range w.Lines {
			if l.At < asOf {
				then.Lines = append(then.Lines, l)
			}
		}
		if len(then.Lines) > 0 {
			known.triage = append(known.triage, then)
		}
	}
	for _, m := range x.pulse {
		next, _ := time.ParseInLocation("2006-01", m.Month, zone)
		if record.At(next.AddDate(0, 1, 0)) <= asOf {
			known.pulse = append(known.pulse, m)
		}
	}
	return known
}

func (x lawTexts) into(in *Input, asOf record.Instant) {
	for _, p := range x.posts {
		post, _ := postmortem.Read("postmortems/"+p.id+".md", p.text(asOf, in.Policy.Zone), postmortem.Team{Zone: in.Policy.Zone, Levels: 2})
		in.Postmortems = append(in.Postmortems, post)
	}
	in.Triage, in.Pulse = x.triage, x.pulse
}

// lawNightOf is a night with everything in it.
func lawNightOf(p *Policy, issues []record.Issue, pages []record.Page, texts lawTexts, written, horizon, asOf record.Instant) *Report {
	in := lawRecords(p, issues, pages, horizon, asOf)
	texts.into(&in, written)
	return Run(in)
}

// afterAll is when everything that is drawn is over.
var afterAll = lawStart.Add(365 * 24 * time.Hour)

func TestTheOrderOfTextsNeverMatters(t *testing.T) {
	p := lawfulPolicy(t)
	metrics := [...]string{"postmortem-coverage", "improvements", "prevention-ratio", "page-noise", "pulse", "foreseen"}
	var said [len(metrics)]int
	checkUntil(t, func(t *rapid.T) {
		issues, pages := drawIssues(t), drawPages(t)
		texts := drawTexts(t, pages, p.Zone)
		asOf := lawStart.Add(50 * 24 * time.Hour)
		r := lawNightOf(p, issues, pages, texts, afterAll, asOf, asOf)
		a := everyFigure(r)
		texts = lawTexts{slices.Clone(texts.posts), slices.Clone(texts.triage), slices.Clone(texts.pulse)}
		slices.Reverse(issues)
		slices.Reverse(pages)
		slices.Reverse(texts.posts)
		slices.Reverse(texts.triage)
		slices.Reverse(texts.pulse)
		if d := cmp.Diff(a, everyFigure(lawNightOf(p, issues, pages, texts, afterAll, asOf, asOf))); d != "" {
			t.Fatal(d)
		}
		for i, name := range metrics {
			said[i] += bit(figureIn(r, name).Headline.Number.Known)
		}
	}, &said[0], &said[1], &said[2], &said[3], &said[4], &said[5])
}

// TestWhatIsWrittenAfterAsOfChangesNothing compares all that was ever written with what had been written by then.
func TestWhatIsWrittenAfterAsOfChangesNothing(t *testing.T) {
	p := lawfulPolicy(t)
	rapid.Check(t, func(t *rapid.T) {
		issues, pages := drawIssues(t), drawPages(t)
		texts := drawTexts(t, pages, p.Zone)
		asOf := lawStart.Add(time.Duration(rapid.IntRange(1, 60*24).Draw(t, "asOf")) * time.Hour)
		whole := everyFigure(lawNightOf(p, issues, pages, texts, afterAll, asOf, asOf))
		var known []record.Issue
		for _, is := range issues {
			if is.Copies[0].Created < asOf {
				known = append(known, issueAsOf(is, asOf, asOf))
			}
		}
		var rang []record.Page
		for _, page := range pages {
			if page.Triggered < asOf {
				rang = append(rang, pageAsOf(page, asOf))
			}
		}
		if d := cmp.Diff(whole, everyFigure(lawNightOf(p, known, rang, texts.asOf(asOf, p.Zone), asOf, asOf, asOf))); d != "" {
			t.Fatal(d)
		}
	})
}

// TestWhatWasDecidedAddsUp: improvements by state and by question, postmortems by severity, judged pages by service.
func TestWhatWasDecidedAddsUp(t *testing.T) {
	p := lawfulPolicy(t)
	rapid.Check(t, func(t *rapid.T) {
		issues, pages := drawIssues(t), drawPages(t)
		texts := drawTexts(t, pages, p.Zone)
		asOf := lawStart.Add(61 * 24 * time.Hour)
		r := lawNightOf(p, issues, pages, texts, afterAll, asOf, asOf)
		all := len(r.Backlog)
		f := figureIn(r, "improvements")
		states, shown := 0.0, 0.0
		for _, part := range f.Parts {
			if part.Group == "state" && !slices.Contains([]string{"open", "overdue"}, part.Name) {
				states += part.Value.Number.Value
			}
		}
		for _, c := range f.Charts {
			if c.Name == "by-question" {
				for _, l := range c.Lines {
					for _, v := range l.Values {
						shown += v.Value
					}
				}
			}
		}
		if states != float64(all) || shown != float64(all) {
			t.Fatalf("of %d improvements %v are in a state, and %v answer a question or none", all, states, shown)
		}
		f = figureIn(r, "postmortem-coverage")
		var in, due float64
		for _, part := range f.Parts {
			if part.Group == "severity" {
				in, due = in+part.Value.Ratio.Num, due+part.Value.Ratio.Den
			}
		}
		if f.Headline.Ratio != nil && (in != f.Headline.Ratio.Num || due != f.Headline.Ratio.Den) {
			t.Fatalf("by severity %v of %v were written up, in all %v", in, due, *f.Headline.Ratio)
		}
	})
}

func figureIn(r *Report, name string) *Figure {
	i := slices.IndexFunc(r.Figures, func(f Figure) bool { return f.Name == name })
	return &r.Figures[i]
}
