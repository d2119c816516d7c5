package site

// Sources and gaps: what the wiki was made from, what was left out and why, and what it could not see.

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/collectors/record"
)

// sourcesView is what sources.html is given.
type sourcesView struct {
	Gaps       []string
	Complaints []complaintView
	Doubts     []string
	Sources    []sourceView
	Tables     []tableView
}

type sourceView struct {
	ID, Name string
	Facts    []factView
	Run      []factView // how a live service was last read
	Tables   []tableView
}

// mostDoubts is how many doubts of one source an entry lists; a file of garbage makes one a line.
const mostDoubts = 200

func (b *builder) sources() error {
	v := sourcesView{Gaps: b.gaps(), Doubts: b.furtherDoubts()}
	v.Complaints = complaintViews(strict.Sort(slices.Concat(b.Complaints, b.tree.Complaints)))
	for i := range b.report.Sources {
		v.Sources = append(v.Sources, b.source(&b.report.Sources[i]))
	}
	if us := b.report.Unmapped; len(us) > 0 {
		s := b.sheet(sourcesPlace)
		s.list("Statuses that no stage gathers", "Status", "Tracker", "Category", ">Items")
		for _, u := range us {
			s.raw(`<tr><th scope="row">`).text(u.Name).raw("</th><td>").text(u.Tracker).raw(`</td><td data-head="Category">`).text(u.Category).raw(`</td><td class="n" data-head="Items">`).number(u.Items).raw("</td></tr>\n")
		}
		v.Tables = append(v.Tables, tableView{ID: "unmapped", Title: "Statuses that no stage gathers", Note: "They go by the tracker’s own category until the policy names them.", Table: s.end().html()})
	}
	b.index(sourcesPlace, "Sources and gaps", "What was read, and what was not.", "List")
	return b.entry(sourcesPlace, "sources", "Sources and gaps", "sources", v, false)
}

// gaps are what is missing, of every source.
func (b *builder) gaps() []string {
	var all []string
	for i := range b.report.Sources {
		s := &b.report.Sources[i]
		for _, g := range s.Gaps {
			all = append(all, s.Missing(g))
		}
	}
	return all
}

// furtherDoubts are the doubts of the night beside the gaps, which entries show in their own place.
func (b *builder) furtherDoubts() []string {
	shown := map[string]bool{}
	for _, g := range b.gaps() {
		shown[g] = true
	}
	return slices.DeleteFunc(slices.Clone(b.report.Doubts), func(d string) bool { return shown[d] })
}

// source is what is known of one source.
func (b *builder) source(s *analysis.SourceState) sourceView {
	kind, list, note := s.Kind, "File or address", ""
	if s.Live {
		kind, list, note = s.Kind+", live", "List", "Of each list, in the latest run that read it to its end."
	}
	v := sourceView{ID: "source-" + segment(s.Name), Name: s.Name, Facts: []factView{fact("Kind", kind)}}
	if s.Tracker != "" && s.Tracker != s.Name {
		v.Facts = append(v.Facts, fact("Tracker", s.Tracker))
	}
	v.Facts = append(v.Facts, factView{"It can speak up to", b.sheet(sourcesPlace).moment(s.Horizon).html()})
	read, left := 0, 0
	t := b.sheet(sourcesPlace)
	history := b.hasHistory(s)
	columns := []string{list, "Taken for", ">Read", ">Changes", "Left out, and why"}
	if !history {
		columns = slices.Delete(columns, 3, 4)
	}
	t.list("What was read", columns...)
	for _, y := range s.Tallies {
		read += y.Read
		t.raw(`<tr><th scope="row">`).text(y.Part).raw("</th><td>").text(y.Kind).raw(`</td><td class="n" data-head="Read">`).number(y.Read)
		if history {
			t.raw(`</td><td class="n" data-head="Changes">`).number(y.Changes)
		}
		t.raw("</td><td")
		if len(y.Left) > 0 { // an empty cell is not there on a phone
			t.raw(` data-head="Left out"`)
		}
		t.raw(">")
		whys := make([]string, 0, len(y.Left))
		for why := range y.Left {
			whys = append(whys, why)
		}
		slices.Sort(whys)
		for i, why := range whys {
			if i > 0 {
				t.raw(", ")
			}
			left += y.Left[why]
			t.number(y.Left[why]).raw(" × ").text(why) // "96 × pull request": the reasons are singular
		}
		t.raw("</td></tr>\n")
	}
	if s.Live {
		v.Facts = append(v.Facts, factView{"Last success", b.success(s)})
		v.Run = b.lastRun(&s.Last, left, history)
	} else {
		v.Facts = append(v.Facts, fact("Records read", fmt.Sprint(read)), fact("Left out", fmt.Sprint(left)))
	}
	if len(s.Tallies) > 0 {
		v.Tables = append(v.Tables, tableView{ID: v.ID + "-read", Title: "What was read", Note: note, Table: t.end().html()})
	}
	if len(s.Doubts) > 0 {
		d := b.sheet(sourcesPlace)
		d.list("Doubts", "Place", "What")
		for _, x := range byPlace(s.Doubts)[:min(mostDoubts, len(s.Doubts))] {
			d.raw(`<tr><th scope="row"><code>`).text(short(x.Place, 200)).raw("</code></th><td>").text(short(x.What, 400)).raw("</td></tr>\n")
		}
		t := tableView{ID: v.ID + "-doubts", Title: count(len(s.Doubts), "doubt", "doubts"), Table: d.end().html()}
		if len(s.Doubts) > mostDoubts {
			t.Cut = fmt.Sprintf("The first %d of %d; data/report.json has all of them.", mostDoubts, len(s.Doubts))
		}
		v.Tables = append(v.Tables, t)
	}
	return v
}

// hasHistory says whether a source tells of issues, whose history may be told with them or not; pages and
// shifts have none to tell.
func (b *builder) hasHistory(s *analysis.SourceState) bool {
	return s.Last.Changes > 0 || slices.ContainsFunc(s.Tallies, func(y record.Tally) bool { return y.Changes > 0 }) ||
		slices.ContainsFunc(b.report.Items, func(it *analysis.Item) bool { return it.Tracker == s.Tracker })
}

// success is when a live source was last read to its end.
func (b *builder) success(s *analysis.SourceState) template.HTML {
	if s.Good == 0 {
		return `<span class="missed">never</span>`
	}
	return b.sheet(sourcesPlace).moment(s.Good).html()
}

// lastRun is what the latest run over a live source brought, and what it cost.
func (b *builder) lastRun(r *analysis.SourceRun, left int, history bool) []factView {
	if r.Outcome == "" {
		return nil
	}
	how := b.sheet(sourcesPlace)
	if r.Outcome != "complete" {
		how.raw(`<span class="missed">`).text(r.Outcome).raw("</span>")
	} else {
		how.text(r.Outcome)
	}
	how.raw(", begun ").moment(r.Started)
	requests, waited := "not known", "not known"
	if r.Ended != 0 {
		requests, waited = fmt.Sprint(r.Requests), "not at all"
	}
	if r.Waited > 0 {
		waited = analysis.Duration.Format(record.Num(r.Waited.Seconds()))
	}
	facts := []factView{{"How it ended", how.html()}, fact("Records read", fmt.Sprint(r.Records))}
	if history {
		facts[1] = fact("Issues read", fmt.Sprint(r.Records))
		facts = append(facts, fact("Changes read", fmt.Sprint(r.Changes)))
	}
	if r.Outcome == "complete" { // or the tallies are of another run
		facts = append(facts, fact("Left out", fmt.Sprint(left)))
	}
	return append(facts, fact("Requests spent", requests), fact("Waited for rate limits", waited))
}

// byPlace is the doubts in the order of a reader: line 2 before line 10, and what is said of a file's
// other lines (…) behind its examples.
func byPlace(doubts []record.Doubt) []record.Doubt {
	sorted := slices.Clone(doubts)
	slices.SortStableFunc(sorted, func(x, y record.Doubt) int { return natural(x.Place, y.Place) })
	return sorted
}

// natural compares texts with their numbers as numbers.
func natural(x, y string) int {
	digits := func(s string) int {
		n := 0
		for n < len(s) && '0' <= s[n] && s[n] <= '9' {
			n++
		}
		return n
	}
	for x != "" && y != "" {
		if i, j := digits(x), digits(y); i > 0 && j > 0 {
			a, b := strings.TrimLeft(x[:i], "0"), strings.TrimLeft(y[:j], "0")
			if c := cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b), cmp.Compare(i, j)); c != 0 {
				return c
			}
			x, y = x[i:], y[j:]
			continue
		}
		if x[0] != y[0] {
			return cmp.Compare(x[0], y[0])
		}
		x, y = x[1:], y[1:]
	}
	return cmp.Compare(len(x), len(y))
}
