package analysis

// Release dates that the trackers know (METRICS.md, section 3): a train of the policy may take its dates from a
// tracker's own releases, the versions of Jira or the milestones of GitHub.
//
// A release belongs to a project of a tracker and is the same to every item. Every issue that names it tells its date
// as of when the issue was read, so that dates may contradict each other where a plan moved: the one told by the
// issue that was read last is taken, and of files, whose age nobody knows, by the one that was updated last. A tracker
// tells nothing of what a date was before. So, as with all fields without a history, the date has held for ever, and
// who moves it moves what was promised by it.

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/firebreak/firebreak/analysis/calendar"
	"github.com/firebreak/firebreak/collectors/record"
)

// releaseKey is the identity of a tracker's release.
type releaseKey struct{ tracker, project, name string }

// toldRelease is what the issues read so far tell of a release.
type toldRelease struct {
	record.Release
	at          record.Instant // when the issue was read that tells it so
	first, last record.Date    // of the dates that were told by anybody; "" where none was
}

// plans gathers the trackers' releases, for the trackers that a policy takes dates from.
type plans struct {
	from map[string]bool // trackers
	told map[releaseKey]toldRelease
}

// plansElsewhere says whether what is promised to one issue hangs on what the others tell, because a train takes its
// dates from a tracker. [Judge] then needs [Input.Planned] to judge a few.
func (p *Policy) plansElsewhere() bool {
	return slices.ContainsFunc(p.Releases, func(v Version[Plan]) bool { return len(v.Is.Trains) > 0 })
}

// rides says whether an item ever was of a class that is promised by a train that takes its dates from a tracker.
func (p *Policy) rides(it *Item) bool {
	theirs := func(t Version[Target]) bool {
		return t.Is.Kind == NextRelease && slices.ContainsFunc(p.Releases, func(v Version[Plan]) bool {
			return slices.ContainsFunc(v.Is.Trains, func(x TrackerTrain) bool { return x.Train == t.Is.Train })
		})
	}
	return slices.ContainsFunc(it.Classes, func(s Step[*Class]) bool {
		return s.Is != nil && (slices.ContainsFunc(s.Is.Respond, theirs) || slices.ContainsFunc(s.Is.Resolve, theirs))
	})
}

func newPlans(p *Policy) *plans {
	s := &plans{from: map[string]bool{}, told: map[releaseKey]toldRelease{}}
	for _, v := range p.Releases {
		for i := range v.Is.Trains {
			s.from[v.Is.Trains[i].Tracker] = true
		}
	}
	return s
}

// hear takes what an issue tells of releases.
func (s *plans) hear(is *record.Issue) {
	if !s.from[is.Tracker] {
		return
	}
	for p := range is.Planned {
		s.add(p)
	}
}

func (s *plans) add(p record.Planned) {
	s.take(releaseKey{p.Tracker, p.Project, p.Name}, toldRelease{p.Release, p.Read, p.Date, p.Date})
}

// unite takes what another one gathered.
func (s *plans) unite(o *plans) {
	for k, r := range o.told {
		s.take(k, r)
	}
}

func (s *plans) take(k releaseKey, is toldRelease) {
	if was, ok := s.told[k]; ok {
		if was.compare(&is) > 0 {
			was, is = is, was
		}
		is.last = max(is.last, was.last)
		if is.first == "" || was.first != "" && was.first < is.first {
			is.first = was.first
		}
	}
	s.told[k] = is
}

// compare puts first what was told earlier; of one instant, what is planned sooner, as plans slip more often than they
// hurry.
func (r *toldRelease) compare(o *toldRelease) int {
	return cmp.Or(cmp.Compare(r.at, o.at), one(r.Released)-one(o.Released), one(r.Archived)-one(o.Archived), cmp.Compare(r.Date, o.Date))
}

// other is another date that was told of it; "" if none was.
func (r *toldRelease) other() record.Date {
	if r.last != r.Date {
		return r.last
	}
	if r.first != r.Date {
		return r.first
	}
	return ""
}

// dated says whether the release is, or was, to come on a day. One that was put away without ever being released is not.
func (r *toldRelease) dated() bool { return r.Date != "" && (r.Released || !r.Archived) }

// gathers says whether a release is one of the train.
func (t *TrackerTrain) gathers(k releaseKey) bool {
	return t.Tracker == k.tracker && (t.Project == "" || strings.EqualFold(t.Project, k.project)) && (t.Match == nil || t.Match.MatchString(k.name))
}

// planned is the policy with the releases that the trackers told of, and what is to be doubted of them.
func (s *plans) planned(p *Policy) (*Policy, []string) {
	if len(s.from) == 0 {
		return p, nil
	}
	keys := make([]releaseKey, 0, len(s.told))
	for k := range s.told {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b releaseKey) int {
		return cmp.Or(cmp.Compare(a.tracker, b.tracker), cmp.Compare(a.project, b.project), cmp.Compare(a.name, b.name))
	})
	night := *p
	night.Releases = slices.Clone(p.Releases)
	var doubts []string
	doubt := func(format string, args ...any) {
		if d := fmt.Sprintf(format, args...); !slices.Contains(doubts, d) {
			doubts = append(doubts, d)
		}
	}
	for i := range night.Releases {
		plan := &night.Releases[i].Is
		written := plan.Releases
		plan.Releases = slices.Clone(written)
		for j := range plan.Trains {
			t := &plan.Trains[j]
			found := 0
			for _, k := range keys {
				r := s.told[k]
				if !t.gathers(k) || !r.dated() {
					continue
				}
				found++
				if other := r.other(); other != "" {
					doubt("The release %s of %s was told with different dates, %s among them: %s is taken, which the issue read last says. Where that is wrong, read the tracker anew with collect --full.", k.name, cmp.Or(k.project, k.tracker), other, r.Date)
				}
				if !slices.ContainsFunc(written, func(w Release) bool { return w.Train == t.Train && w.Name == k.name }) {
					plan.Releases = append(plan.Releases, Release{Train: t.Train, Name: k.name, Date: r.Date, Notice: t.Notice, Tracker: t.Tracker})
				}
			}
			if found == 0 {
				doubt("The %s train takes its dates from the tracker %s, which knows no release of it with a date.", t.Train, t.Tracker)
			}
		}
		plan.sort(p.Zone)
	}
	return &night, doubts
}

// sort puts the releases in the order of their dates, in which they are looked for, and works out their days.
func (p *Plan) sort(zone *time.Location) {
	slices.SortStableFunc(p.Releases, func(a, b Release) int { return cmp.Compare(a.Date, b.Date) })
	for i := range p.Releases {
		r := &p.Releases[i]
		r.day, _ = calendar.DayOf(r.Date)
		r.end = r.Date.End(zone)
	}
}

// next is the first release of a train on or after a day, and at least its notice after it; nil if none is planned.
func (p *Plan) next(train string, day int) *Release {
	i, _ := slices.BinarySearchFunc(p.Releases, day, func(r Release, day int) int { return cmp.Compare(r.day, day) })
	for ; i < len(p.Releases); i++ {
		if r := &p.Releases[i]; r.Train == train && r.day >= day+max(r.Notice, 0) {
			return r
		}
	}
	return nil
}
