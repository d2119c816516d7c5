package record

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
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
	f.Parts |= missing
}

// Merge joins two records of the same Ref. It is commutative, associative and idempotent: copies are
// the newest for each set of parts, everything with an id is united by it, and the instants that say
// "complete up to" and "gone since" are the latest.
func Merge(a, b Issue) Issue {
	m := Issue{Ref: a.Ref}
	m.Copies = mergeCopies(a.Copies, b.Copies)
	m.Changes = unite(a.Changes, b.Changes, func(c Change) string { return c.ID }, compareChange)
	m.Comments = unite(a.Comments, b.Comments, func(c Comment) string { return c.ID }, compareComment)
	m.Worklogs = unite(a.Worklogs, b.Worklogs, func(w Worklog) string { return w.ID }, compareWorklog)
	m.HistoryTo = max(a.HistoryTo, b.HistoryTo)
	m.CommentsTo = max(a.CommentsTo, b.CommentsTo)
	m.WorklogsTo = max(a.WorklogsTo, b.WorklogsTo)
	m.Gone = max(a.Gone, b.Gone)
	m.Aliases = aliases(m.Copies, a, b)
	return m
}

// aliases are all keys the issue ever had but the present one.
func aliases(copies []Copy, from ...Issue) []string {
	if len(copies) == 0 {
		return nil
	}
	var keys []string
	for _, is := range from {
		keys = append(keys, is.Aliases...)
		for _, c := range is.Copies {
			keys = append(keys, c.Key)
		}
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	keys = slices.DeleteFunc(keys, func(k string) bool { return k == copies[0].Key || k == "" })
	if len(keys) == 0 {
		return nil
	}
	return keys
}

func mergeCopies(a, b []Copy) []Copy {
	all := slices.Concat(a, b)
	slices.SortFunc(all, compareCopy)
	seen := make(map[Parts]bool, len(all))
	return slices.DeleteFunc(all, func(c Copy) bool {
		dup := seen[c.Parts]
		seen[c.Parts] = true
		return dup
	})
}

// compareCopy puts the newest first; of two of the same instant, the one with the greater hash, which
// means nothing but is the same choice every night.
func compareCopy(a, b Copy) int {
	if c := cmp.Compare(b.Updated, a.Updated); c != 0 {
		return c
	}
	if c := cmp.Compare(b.Parts, a.Parts); c != 0 {
		return c
	}
	return slices.Compare(b.hash(), a.hash())
}

// hash is of the content. It is only computed for two copies of one instant and the same parts.
func (c Copy) hash() []byte {
	h := sha256.New()
	fields := c.Fields
	c.Fields = nil
	fmt.Fprintf(h, "%#v", c)
	for _, k := range slices.Sorted(maps.Keys(fields)) {
		fmt.Fprintf(h, "%q%q", k, fields[k])
	}
	return h.Sum(nil)
}

// unite joins two lists by id and sorts them; of two entries with one id the greater one stays, so
// that the order of merging does not matter.
func unite[T any](a, b []T, id func(T) string, compare func(a, b T) int) []T {
	if len(b) == 0 && len(a) == 0 {
		return nil
	}
	all := slices.Concat(a, b)
	slices.SortStableFunc(all, func(x, y T) int { return cmp.Or(cmp.Compare(id(x), id(y)), compare(y, x)) })
	all = slices.CompactFunc(all, func(x, y T) bool { return id(x) == id(y) })
	slices.SortStableFunc(all, compare)
	return all
}

func compareChange(a, b Change) int {
	return cmp.Or(cmp.Compare(a.At, b.At), compareID(a.ID, b.ID),
		cmp.Compare(a.Field, b.Field), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To),
		cmp.Compare(a.FromID, b.FromID), cmp.Compare(a.ToID, b.ToID), comparePerson(a.By, b.By))
}

func compareComment(a, b Comment) int {
	return cmp.Or(cmp.Compare(a.At, b.At), compareID(a.ID, b.ID), comparePerson(a.By, b.By), bit(a.Private)-bit(b.Private))
}

func compareWorklog(a, b Worklog) int {
	return cmp.Or(cmp.Compare(a.Started, b.Started), compareID(a.ID, b.ID), cmp.Compare(a.Seconds, b.Seconds), comparePerson(a.By, b.By))
}

func comparePerson(a, b Person) int {
	return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Name, b.Name), bit(a.Bot)-bit(b.Bot))
}

// compareID keeps the tracker's order of events of one instant: ids that are numbers count upwards,
// so shorter ones come first.
func compareID(a, b string) int {
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// MergePages joins two records of the same page. The later (updated, content) wins, except for what
// only ever happens once: the first acknowledgement and the last resolution that any copy knew stay,
// and so do the issues that any copy named.
func MergePages(a, b Page) Page {
	later := a
	if c := cmp.Or(cmp.Compare(a.Updated, b.Updated), cmp.Compare(a.rest(), b.rest())); c < 0 {
		later = b
	}
	first := func(p Page) string { return fmt.Sprint(p.AckedBy) }
	if cmp.Or(bit(a.Acked == 0)-bit(b.Acked == 0), cmp.Compare(a.Acked, b.Acked), cmp.Compare(first(a), first(b))) <= 0 {
		later.Acked, later.AckedBy = a.Acked, a.AckedBy
	} else {
		later.Acked, later.AckedBy = b.Acked, b.AckedBy
	}
	if cmp.Or(cmp.Compare(a.Resolved, b.Resolved), comparePerson(a.ResolvedBy, b.ResolvedBy), bit(a.AutoClosed)-bit(b.AutoClosed)) >= 0 {
		later.Resolved, later.ResolvedBy, later.AutoClosed = a.Resolved, a.ResolvedBy, a.AutoClosed
	} else {
		later.Resolved, later.ResolvedBy, later.AutoClosed = b.Resolved, b.ResolvedBy, b.AutoClosed
	}
	later.MergedInto = max(a.MergedInto, b.MergedInto)
	later.Issues = union(a.Issues, b.Issues)
	return later
}

// rest is the content of p that the later copy decides, in a form that orders two of one instant.
func (p Page) rest() string {
	p.Acked, p.AckedBy, p.Resolved, p.ResolvedBy, p.AutoClosed, p.MergedInto, p.Issues = 0, nil, 0, Person{}, false, "", nil
	return fmt.Sprintf("%#v", p)
}

// MergeShifts joins two records of the same shift: the later (updated, content) wins.
func MergeShifts(a, b Shift) Shift {
	if cmp.Or(cmp.Compare(a.Updated, b.Updated), cmp.Compare(fmt.Sprintf("%#v", a), fmt.Sprintf("%#v", b))) < 0 {
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
