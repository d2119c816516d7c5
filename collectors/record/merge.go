package record

import (
	"cmp"
	"maps"
	"slices"
	"sort"
)

// Facts is the issue as its copies tell it together: each part from the newest copy that knew it.
// Parts that no copy knew are absent from the result's Parts.
func (is *Issue) Facts() Copy {
	if len(is.Copies) == 0 {
		return Copy{}
	}
	f := is.Copies[0]
	for _, c := range is.Copies[1:] {
		f.fill(&c)
	}
	return f
}

// fill takes from c the parts that f lacks.
func (f *Copy) fill(c *Copy) {
	missing := c.Parts &^ f.Parts
	if missing == 0 {
		return
	}
	take := func(p Parts) bool { return missing&p != 0 }
	if take(HasPriority) {
		f.Priority = c.Priority
	}
	if take(HasResolution) {
		f.Resolution, f.Closed = c.Resolution, c.Closed
	}
	if take(HasPeople) {
		f.Reporter, f.Assignees = c.Reporter, c.Assignees
	}
	if take(HasLabels) {
		f.Labels = c.Labels
	}
	if take(HasComponents) {
		f.Components = c.Components
	}
	if take(HasVersions) {
		f.FixVersions, f.Milestone = c.FixVersions, c.Milestone
	}
	if take(HasDue) {
		f.Due = c.Due
	}
	if take(HasPoints) {
		f.Points = c.Points
	}
	if take(HasText) {
		f.Text = c.Text
	}
	if take(HasLinks) {
		f.Links = c.Links
	}
	if take(HasFields) {
		f.Fields = c.Fields
	}
	if take(HasURL) {
		f.URL = c.URL
	}
	if take(HasSLAs) {
		f.SLAs = c.SLAs
	}
	if take(HasReleases) {
		f.Releases = c.Releases
	}
	f.Parts |= missing
}

// Merge joins two records of the same Ref. It is commutative, associative and idempotent: of the
// copies stay those that no newer and at least as rich one replaces, everything with an id is united
// by it, the instants that say "complete up to" and "seen" are the latest, and so is a tombstone, unless
// the issue was updated or seen after it. The result may share memory with a and b.
//
// Merge(x, Issue{Ref: x.Ref}) is x in its normal form, in which equal records are equal values.
func Merge(a, b Issue) Issue {
	m := Issue{Ref: a.Ref}
	m.Copies = mergeCopies(a.Copies, b.Copies)
	m.Aliases = aliases(m.Copies, &a, &b)
	m.Changes = unite(a.Changes, b.Changes, changeID, compareChange)
	m.Comments = unite(a.Comments, b.Comments, commentID, compareComment)
	m.Worklogs = unite(a.Worklogs, b.Worklogs, worklogID, compareWorklog)
	m.HistoryTo = max(a.HistoryTo, b.HistoryTo)
	m.CommentsTo = max(a.CommentsTo, b.CommentsTo)
	m.WorklogsTo = max(a.WorklogsTo, b.WorklogsTo)
	m.Seen = max(a.Seen, b.Seen)
	m.Gone = max(a.Gone, b.Gone)
	if m.Gone < m.Seen || len(m.Copies) > 0 && m.Gone < m.Copies[0].Updated {
		m.Gone = 0
	}
	return m
}

// aliases are all keys the issue ever had but the present one.
func aliases(copies []Copy, a, b *Issue) []string {
	var now string
	if len(copies) > 0 {
		now = copies[0].Key
	}
	var keys []string
	for _, is := range []*Issue{a, b} {
		for _, k := range is.Aliases {
			if k != now && k != "" {
				keys = append(keys, k)
			}
		}
		for i := range is.Copies {
			if k := is.Copies[i].Key; k != now && k != "" {
				keys = append(keys, k)
			}
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// mergeCopies keeps, newest first, the copies that have something to say: one that knew no part that
// a newer one did not know as well is never asked by [Issue.Facts], and goes.
func mergeCopies(a, b []Copy) []Copy {
	switch {
	case len(a) <= 1 && len(b) == 0:
		return a
	case len(b) == 1 && len(a) == 0:
		return b
	}
	all := slices.Concat(a, b)
	slices.SortFunc(all, compareCopy)
	kept := all[:0]
	for _, c := range all {
		if !slices.ContainsFunc(kept, func(k Copy) bool { return k.Parts&c.Parts == c.Parts }) {
			kept = append(kept, c)
		}
	}
	clear(all[len(kept):])
	return kept
}

// compareCopy puts the newest first, and of two of one instant the richer. Two that still are equal
// differ in what goes on while the issue rests, and of these the one that a service delivered later is the later
// one. Of files that is not known: of theirs it is the one in which the SLA clocks are further, and then the one
// whose releases are over or planned for a later day, as plans slip more often than they hurry. The rest is put in
// the order of its content, which means nothing but is the same every night.
func compareCopy(a, b Copy) int {
	if c := cmp.Or(cmp.Compare(b.Updated, a.Updated), cmp.Compare(b.Parts, a.Parts), cmp.Compare(len(b.Fields), len(a.Fields)),
		cmp.Compare(b.Seen, a.Seen), compareSLAs(b.SLAs, a.SLAs), compareReleases(b.Releases, a.Releases)); c != 0 {
		return c
	}
	return compareContent(&b, &a)
}

func compareContent(a, b *Copy) int {
	if c := cmp.Or(
		cmp.Compare(a.Key, b.Key), cmp.Compare(a.Project, b.Project), cmp.Compare(a.URL, b.URL),
		cmp.Compare(a.Title, b.Title), cmp.Compare(a.Text, b.Text), cmp.Compare(a.Type, b.Type),
		cmp.Compare(a.Status.ID, b.Status.ID), cmp.Compare(a.Status.Name, b.Status.Name), cmp.Compare(a.Status.Category, b.Status.Category),
		cmp.Compare(a.Priority, b.Priority), cmp.Compare(a.Resolution, b.Resolution),
		cmp.Compare(a.Created, b.Created), cmp.Compare(a.Closed, b.Closed), cmp.Compare(a.Due, b.Due),
		comparePerson(a.Reporter, b.Reporter), slices.CompareFunc(a.Assignees, b.Assignees, comparePerson),
		slices.Compare(a.Labels, b.Labels), slices.Compare(a.Components, b.Components), slices.Compare(a.FixVersions, b.FixVersions),
		cmp.Compare(a.Milestone, b.Milestone), bit(a.Points.Known)-bit(b.Points.Known), cmp.Compare(a.Points.Value, b.Points.Value),
		slices.CompareFunc(a.Links, b.Links, func(x, y Link) int { return cmp.Or(cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.To, y.To)) }),
	); c != 0 || len(a.Fields) == 0 && len(b.Fields) == 0 {
		return c
	}
	names := slices.Sorted(maps.Keys(a.Fields))
	if c := slices.Compare(names, slices.Sorted(maps.Keys(b.Fields))); c != 0 {
		return c
	}
	for _, name := range names {
		if c := slices.Compare(a.Fields[name], b.Fields[name]); c != 0 {
			return c
		}
	}
	return 0
}

// compareSLAs puts first what was told earlier: fewer cycles, then less time elapsed in the same ones.
func compareSLAs(a, b []SLA) int {
	return cmp.Or(cmp.Compare(len(a), len(b)), slices.CompareFunc(a, b, func(x, y SLA) int {
		return cmp.Or(cmp.Compare(x.Name, y.Name), cmp.Compare(x.Started, y.Started), cmp.Compare(x.Elapsed, y.Elapsed),
			cmp.Compare(x.Stopped, y.Stopped), bit(x.Breached)-bit(y.Breached), bit(x.Paused)-bit(y.Paused),
			cmp.Compare(x.Due, y.Due), cmp.Compare(x.Goal, y.Goal))
	}))
}

// compareReleases puts first what was probably told earlier.
func compareReleases(a, b []Release) int {
	return slices.CompareFunc(a, b, func(x, y Release) int {
		return cmp.Or(cmp.Compare(x.Name, y.Name), bit(x.Released)-bit(y.Released), bit(x.Archived)-bit(y.Archived), cmp.Compare(x.Date, y.Date))
	})
}

// unite joins two lists by id and sorts them; of two entries with one id the greater one stays, so
// that the order of merging does not matter. Entries without an id are told apart by their content.
//
// Trackers number what happens in the order in which it happens. Where the ids of a list rise with
// its instants, which is checked, joining takes one pass; else everything is sorted.
func unite[T comparable](a, b []T, id func(*T) string, compare func(a, b *T) int) []T {
	if len(a) == 0 {
		a, b = b, nil
	}
	if len(a) == 0 {
		return nil
	}
	if rising(a, id, compare) {
		if len(b) == 0 {
			return a
		}
		if rising(b, id, compare) {
			if all := zip(a, b, id, compare); rising(all, id, compare) {
				return all
			}
		}
	}
	all := slices.Concat(a, b)
	sort.Slice(all, func(i, j int) bool {
		x, y := &all[i], &all[j]
		return cmp.Or(compareID(id(x), id(y)), compare(y, x)) < 0
	})
	kept := all[:1]
	for i := 1; i < len(all); i++ {
		x, y := &kept[len(kept)-1], &all[i]
		if id(x) != id(y) || id(x) == "" && compare(x, y) != 0 {
			kept = append(kept, *y)
		}
	}
	sort.Slice(kept, func(i, j int) bool { return compare(&kept[i], &kept[j]) < 0 })
	return kept
}

// rising says whether both ids and entries rise strictly, and all have ids.
func rising[T any](list []T, id func(*T) string, compare func(a, b *T) int) bool {
	if len(list) > 0 && id(&list[0]) == "" {
		return false
	}
	for i := 1; i < len(list); i++ {
		x, y := &list[i-1], &list[i]
		if compareID(id(x), id(y)) >= 0 || compare(x, y) >= 0 {
			return false
		}
	}
	return true
}

// zip joins two lists whose ids rise into one whose ids rise.
func zip[T comparable](a, b []T, id func(*T) string, compare func(a, b *T) int) []T {
	all := make([]T, 0, max(len(a), len(b)))
	for len(a) > 0 && len(b) > 0 {
		x, y := &a[0], &b[0]
		c := compareID(id(x), id(y))
		if c < 0 || c == 0 && (*x == *y || compare(x, y) >= 0) {
			all = append(all, *x)
		} else {
			all = append(all, *y)
		}
		if c <= 0 {
			a = a[1:]
		}
		if c >= 0 {
			b = b[1:]
		}
	}
	return append(append(all, a...), b...)
}

func changeID(c *Change) string   { return c.ID }
func commentID(c *Comment) string { return c.ID }
func worklogID(w *Worklog) string { return w.ID }

func compareChange(a, b *Change) int {
	if c := cmp.Compare(a.At, b.At); c != 0 {
		return c
	}
	// What one reading kept nothing of and another one knows is what that one knows.
	return cmp.Or(compareID(a.ID, b.ID), bit(a.Field != FieldOther)-bit(b.Field != FieldOther),
		cmp.Compare(a.Field, b.Field), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To),
		cmp.Compare(a.FromID, b.FromID), cmp.Compare(a.ToID, b.ToID), comparePerson(a.By, b.By))
}

func compareComment(a, b *Comment) int {
	return cmp.Or(cmp.Compare(a.At, b.At), compareID(a.ID, b.ID), comparePerson(a.By, b.By), bit(a.Private)-bit(b.Private))
}

func compareWorklog(a, b *Worklog) int {
	return cmp.Or(cmp.Compare(a.Started, b.Started), compareID(a.ID, b.ID), cmp.Compare(a.Seconds, b.Seconds), comparePerson(a.By, b.By))
}

func comparePerson(a, b Person) int {
	return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Name, b.Name), bit(a.Bot)-bit(b.Bot))
}

// compareID keeps the tracker's order of events of one instant: ids that are numbers count upwards,
// so shorter ones come first.
func compareID(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return cmp.Compare(a, b)
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// MergeShifts joins two records of the same shift: the later (updated, content) wins. Of two that differ in
// the role the sidekick's does: a source that knows no levels takes everybody for a superhero.
func MergeShifts(a, b Shift) Shift {
	if cmp.Or(cmp.Compare(a.Updated, b.Updated), cmp.Compare(a.Rota, b.Rota), comparePerson(a.Person, b.Person),
		cmp.Compare(b.Role, a.Role), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) < 0 {
		return b
	}
	return a
}

func union(a, b []string) []string {
	if len(a) == 0 && len(b) == 0 {
		return nil
	}
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}
