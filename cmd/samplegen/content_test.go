package main

// The sample's hand-written half, held against the generated one: the policy's dates are the story's, and
// what the postmortems tell is what the trackers say.

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/analysis/postmortem"
	"github.com/firebreak/firebreak/analysis/triage"
	"github.com/firebreak/firebreak/collectors/record"
)

func content(name ...string) string {
	return filepath.Join(append([]string{"..", "..", "content"}, name...)...)
}

func policy(t *testing.T) *analysis.Policy {
	t.Helper()
	text, err := os.ReadFile(content("policy.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	p, complaints := analysis.ReadPolicy("policy.yaml", text)
	for _, c := range complaints {
		t.Error(c)
	}
	if p == nil {
		t.FailNow()
	}
	return p
}

func TestThePolicyAndTheStoryHaveTheSameDates(t *testing.T) {
	p, w := policy(t), tell(t)
	var dates []string
	for _, e := range p.Experiments {
		dates = append(dates, string(e.Date))
	}
	if want := []string{secondOnCall, writtenClasses, wipLimits, postmortems, oneIntake, leakFix, fireReview, alertDiet}; !slices.Equal(dates, want) {
		t.Errorf("the policy's experiments are on %v, the story's on %v", dates, want)
	}
	for i, d := range dates {
		if day := w.cal.local(w.cal.at(d)).Weekday(); day != time.Monday {
			t.Errorf("the experiment of %s begins on a %s", d, day)
		}
		if i > 0 && daysBetween(dates[i-1], d) < 8*7 {
			t.Errorf("%s is less than eight weeks after %s: before and after cannot be told apart", d, dates[i-1])
		}
	}
	planned := p.Releases.At(record.At(time.Unix(w.cal.to, 0))).Releases
	if len(planned) != len(releases) {
		t.Fatalf("the policy has %d releases, the story %d", len(planned), len(releases))
	}
	for i, r := range planned {
		if got := (release{r.Train, r.Name, string(r.Date), r.Notice}); got != releases[i] {
			t.Errorf("release %d is %v in the policy and %v in the story", i, got, releases[i])
		}
	}
}

func TestThePolicyAndTheStoryHaveTheSameHours(t *testing.T) {
	p, w := policy(t), tell(t)
	for at := w.cal.from; at < w.cal.to; at += day {
		want := time.Duration(w.cal.work(at+day)-w.cal.work(at)) * time.Minute
		if got := p.Working.Between(record.At(time.Unix(at, 0)), record.At(time.Unix(at+day, 0))); got != want {
			t.Errorf("%s: the policy's office works %s, the story's %s", w.cal.day(at), got, want)
		}
	}
}

func TestThePolicyAndTheStoryHaveTheSamePeople(t *testing.T) {
	p, w := policy(t), tell(t)
	if len(p.Team.Members) != len(w.team) {
		t.Fatalf("%d members in the policy, %d in the story", len(p.Team.Members), len(w.team))
	}
	for i, m := range w.team {
		pm := p.Team.Members[i]
		if pm.ID != m.id || pm.Name != m.name || !slices.Contains(pm.Accounts, m.login) {
			t.Errorf("member %d is %s in the policy and %s in the story", i, pm.ID, m.id)
		}
		for at := w.cal.from + 12*hour; at < w.cal.to; at += day {
			date := w.cal.day(at)
			now := record.At(time.Unix(at, 0))
			there := (pm.From == 0 || pm.From <= now) && (pm.Until == 0 || now < pm.Until) && !slices.ContainsFunc(pm.Absent, func(s analysis.Span) bool { return s.Holds(now) })
			if want := m.employed(date) && !m.away(date); there != want {
				t.Errorf("%s on %s: in the policy %v, in the story %v", m.id, date, there, want)
			}
		}
	}
}

func TestThePolicyAndTheStoryCallTheSamePeople(t *testing.T) {
	p, w := policy(t), tell(t)
	for at := w.cal.at(secondOnCall + " 12:00"); at < w.cal.to; at += 7 * day {
		now := record.At(time.Unix(at, 0))
		rota := p.Rota.At(now)
		week := daysBetween(string(rota.Start), w.cal.day(at)) / rota.Days
		hero, kick := rota.Superheroes[week%len(rota.Superheroes)], rota.Sidekicks[week%len(rota.Sidekicks)]
		for _, o := range rota.Overrides {
			if o.Holds(now) && o.Role == "superhero" {
				hero = o.Who
			}
			if o.Holds(now) && o.Role == "sidekick" {
				kick = o.Who
			}
		}
		called := w.onDuty(at)
		if called[0].id != hero || called[1].id != kick {
			t.Errorf("week of %s: the policy calls %s, then %s; the story %s, then %s", w.cal.day(at), hero, kick, called[0].id, called[1].id)
		}
	}
}

func TestTheTriageJudgesThePagesOfTheStory(t *testing.T) {
	p, w := policy(t), tell(t)
	names := map[string]string{}
	for _, s := range p.Services {
		names[s.ID] = s.Name
	}
	files, err := filepath.Glob(content("triage", "*"))
	if err != nil || len(files) < 8 {
		t.Fatal(err, files)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		week, complaints := triage.Read(filepath.Base(file), text, p.Zone)
		if len(complaints) > 0 {
			t.Error(complaints)
		}
		from, to, _ := triage.Span(week.Week, p.Zone)
		var found []triage.Line
		for _, pg := range w.pages {
			at, title := record.At(time.Unix(pg.at, 0)), pg.title
			if at < from || at >= to {
				continue
			}
			if pg.item != nil {
				title = strings.ReplaceAll(title, "%k", pg.item.key())
			}
			found = append(found, triage.Line{Page: record.Ref{Tracker: "pager", ID: pg.id}, At: at, Service: names[pg.service.id], Title: title})
		}
		if c := week.Update(found); c.New+c.Refreshed+c.Dropped+len(c.Kept) > 0 {
			t.Errorf("%s is not about the pages of its week: %+v", file, c)
		}
		if got := triage.Write(week, text); string(got) != string(text) {
			t.Errorf("%s would be written anew:\n%s", file, got)
		}
	}
}

func TestPostmortemsTellWhatTheTrackersSay(t *testing.T) {
	p, w := policy(t), tell(t)
	items := map[string]*item{}
	for _, it := range w.items {
		key := it.key()
		if it.code {
			key = codeRepo + key
		}
		items[key] = it
	}
	files, err := filepath.Glob(content("postmortems", "*.md"))
	if err != nil || len(files) < 12 {
		t.Fatal(err, files)
	}
	team := postmortem.Team{Zone: p.Zone, Levels: len(p.Severities)}
	for _, m := range p.Team.Members {
		team.Names = append(team.Names, m.Name)
	}
	states := map[postmortem.State]int{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(file)
		pm, complaints := postmortem.Read(name, text, team)
		for _, c := range complaints {
			t.Error(c)
		}
		for _, key := range pm.Incidents {
			it := items[key]
			if it == nil || it.kind != "Incident" {
				t.Errorf("%s: there is no incident %s", name, key)
				continue
			}
			if want := map[string]int{"Blocker": 1, "Critical": 2}[it.priority]; pm.Severity != want {
				t.Errorf("%s: severity %d, but %s is %s", name, pm.Severity, key, it.priority)
			}
			if born, started := record.At(time.Unix(it.born, 0)), pm.Started; born < started || pm.Resolved < born {
				t.Errorf("%s: %s was reported %s, outside of %s to %s", name, key, born, started, pm.Resolved)
			}
			if !slices.Contains(pm.Services, it.service.id) {
				t.Errorf("%s: %s is about %s", name, key, it.service.id)
			}
			// Each step of the script is told in the timeline, to the minute or nearly.
			for _, a := range it.log {
				if a.what != aComment && a.what != aStatus || w.cal.day(a.at) > w.cal.day(it.born) {
					continue
				}
				if !slices.ContainsFunc(pm.Events, func(e postmortem.Event) bool {
					return e.At != 0 && max(e.At.Time().Unix()-a.at, a.at-e.At.Time().Unix()) < 5*minute
				}) {
					t.Errorf("%s: the timeline knows nothing of %s: %s %s", name, w.cal.local(a.at).Format("15:04"), a.what, a.to)
				}
			}
		}
		for _, im := range pm.Improvements {
			states[im.State]++
			if im.Issue == "" {
				continue
			}
			it := items[im.Issue]
			if it == nil {
				t.Errorf("%s: there is no issue %s", name, im.Issue)
				continue
			}
			if done := im.State == postmortem.Done; done != (it.closed != 0 && it.resolution == "Done") && im.Issue != "SUP-333" { // the one that August forgot
				t.Errorf("%s: %q is %s, but %s is %s", name, im.What, im.State, im.Issue, it.status)
			}
			if owner, _, _ := strings.Cut(im.Owner, " "); it.assignee != nil && !strings.HasPrefix(it.assignee.name, owner) {
				t.Errorf("%s: %q is %s's, but %s is %s's", name, im.What, im.Owner, im.Issue, it.assignee.name)
			}
		}
	}
	if states[postmortem.Done] < 25 || states[postmortem.Declined] < 4 || states[postmortem.Doing] == 0 || states[postmortem.Proposed] == 0 {
		t.Errorf("improvements by state: %v", states)
	}
}
