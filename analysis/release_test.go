package analysis

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/analysis/calendar"
	"github.com/firebreak/firebreak/collectors/record"
)

// tellRelease reads 2.4.1@2026-03-20, with @released or @archived behind it.
func tellRelease(s string) record.Release {
	w := strings.Split(s, "@")
	return record.Release{Name: w[0], Date: record.Date(w[1]), Released: slices.Contains(w, "released"), Archived: slices.Contains(w, "archived")}
}

// dumpPromises writes what is promised of every item, and what became of it.
func dumpPromises(b *strings.Builder, r *Report, stamp func(record.Instant) string) {
	for _, it := range r.Items {
		for _, v := range []struct {
			what string
			Verdict
		}{{"respond", it.Respond}, {"resolve", it.Resolve}} {
			if v.Target.Kind != NoTarget {
				fmt.Fprintf(b, "%s %s: %s, due %s\n", it.Key, v.what, fmt.Sprintf("%s %s", v.Target.Text, v.Outcome), stamp(v.Due))
			}
		}
	}
}

func TestWhichDateOfAReleaseIsTakenDependsOnNoOrder(t *testing.T) {
	day := rapid.SampledFrom([]record.Date{"", "2026-03-10", "2026-03-12", "2026-03-14", "2026-03-16"})
	p := &Policy{Zone: time.UTC, Releases: Always(Plan{Trains: []TrackerTrain{{Train: "maintenance", Tracker: "t"}}})}
	rapid.Check(t, func(t *rapid.T) {
		type told struct {
			r  record.Release
			at record.Instant
		}
		all := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) told {
			r := record.Release{Name: "2.4.1", Date: day.Draw(t, "date"), Released: rapid.Bool().Draw(t, "released"), Archived: rapid.Bool().Draw(t, "archived")}
			return told{r, record.Instant(rapid.IntRange(1, 3).Draw(t, "at"))}
		}), 1, 6).Draw(t, "told")
		say := func() string {
			s := newPlans(p)
			other := newPlans(p)
			for i, x := range all {
				[]*plans{s, other}[i%2].add(record.Planned{Tracker: "t", Project: "SUP", Release: x.r, Read: x.at})
			}
			s.unite(other)
			night, doubts := s.planned(p)
			return fmt.Sprint(night.Releases, doubts)
		}
		want := say()
		slices.Reverse(all)
		if got := say(); got != want {
			t.Fatalf("%s, and the other way round %s", want, got)
		}
	})
	if len(p.Releases[0].Is.Releases) != 0 {
		t.Error("the policy itself was changed")
	}
}

func TestTheNextReleaseIsFoundWhereverTheDayLies(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var p Plan
		for range rapid.IntRange(0, 12).Draw(t, "releases") {
			p.Releases = append(p.Releases, Release{
				Train: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "train"), Notice: rapid.IntRange(0, 9).Draw(t, "notice"),
				Date: record.Date(fmt.Sprintf("2026-03-%02d", rapid.IntRange(1, 28).Draw(t, "day"))),
			})
		}
		p.sort(time.UTC)
		from := rapid.IntRange(1, 28).Draw(t, "from")
		want := ""
		for d := 28; d >= from; d-- { // the plain way: every day, backwards
			for _, r := range p.Releases {
				if day := fmt.Sprintf("2026-03-%02d", d); r.Train == "a" && string(r.Date) == day && d-from >= r.Notice {
					want = day
				}
			}
		}
		day, _ := calendar.DayOf(record.Date(fmt.Sprintf("2026-03-%02d", from)))
		got := record.Date("")
		if r := p.next("a", day); r != nil {
			got = r.Date
		}
		if string(got) != want {
			t.Fatalf("the next one from the %d. on is %q; want %q of %+v", from, got, want, p.Releases)
		}
	})
}

func TestOneIssueIsPromisedWhatTheWholeLedgerTells(t *testing.T) {
	p := lawfulPolicy(t)
	p.Classes[0].Resolve = Always(Target{Kind: NextRelease, Train: "maintenance", Text: "next maintenance release"})
	p.Releases = Always(Plan{Trains: []TrackerTrain{{Train: "maintenance", Tracker: "t"}}})
	issue := func(key string, created record.Instant, releases ...record.Release) record.Issue {
		return record.Issue{Ref: record.Ref{Tracker: "t", ID: key}, HistoryTo: 1, Copies: []record.Copy{{Parts: 1<<15 - 1, Key: key, Created: created, Updated: created,
			Status: record.Status{Name: "New"}, Priority: "High", Releases: releases}}}
	}
	asOf := record.Date("2026-03-10").Start(p.Zone)
	one := issue("LAW-1", lawStart)
	all := []record.Issue{one, issue("LAW-2", lawStart, record.Release{Name: "2.4", Date: "2026-03-20"}), issue("LAW-3", asOf, record.Release{Name: "2.3", Date: "2026-03-15"})}
	others := func(tracker string, at record.Instant) (told []record.Planned) {
		if tracker != "t" || at != asOf {
			t.Errorf("asked of %s as of %s", tracker, at)
		}
		for is := range all[1].Planned {
			told = append(told, is)
		}
		return told
	}
	in := Input{Policy: p, AsOf: asOf, Issues: slices.Values(all[:1]), Planned: others, Sources: []SourceState{{Tracker: "t", Horizon: asOf}}}
	some := Judge(in)
	in.Issues, in.Planned = slices.Values(all), nil
	if got, want := some.Find("LAW-1").Resolve, Judge(in).Find("LAW-1").Resolve; got.Due != want.Due || got.Due != record.Date("2026-03-20").End(p.Zone) {
		t.Errorf("due %s alone, and %s in the whole night", got.Due, want.Due)
	}
	// What is promised nothing of the kind need not wait until the others are asked.
	other := one
	other.Copies = slices.Clone(one.Copies)
	other.Copies[0].Priority = "Mid"
	in.Issues = slices.Values([]record.Issue{other})
	in.Planned = func(string, record.Instant) []record.Planned {
		t.Error("the others are asked for nothing")
		return nil
	}
	if n := Judge(in); n.Find("LAW-1").Resolve.Outcome == Unpromised {
		t.Error("the other promise is lost")
	}
}
