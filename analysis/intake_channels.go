package analysis

// The ways in that support work comes by (METRICS.md, section 7, "Channel").

import (
	"fmt"
	"slices"
	"strings"
)

// way is a way in, and what came by it.
type way struct {
	id, title string
	channel   *Channel // nil for what fits none
	n         int
	astray    int   // of these, of a class that the way in is not for
	ready     share // of those of which anything is asked
}

// untold is the id of no channel; no channel of a policy can have it, since ids have no underscore.
const untold = "not_told"

// ways are the policy's ways in, in its order, and last what fits none.
func (n *Night) ways() []way {
	var ways []way
	for i := range n.Policy.Channels {
		c := &n.Policy.Channels[i]
		ways = append(ways, way{id: c.ID, title: c.Name, channel: c})
	}
	return append(ways, way{id: untold, title: "Not told"})
}

func (n *Night) wayOf(it *Item, ways []way) int {
	i := slices.IndexFunc(ways, func(w way) bool { return w.id == it.Channel })
	if i < 0 {
		i = len(ways) - 1
	}
	return i
}

// email says whether a way in is e-mail: its id or its name says so.
func (c *Channel) email() bool {
	for _, s := range []string{c.ID, c.Name} {
		switch strings.NewReplacer("-", "", " ", "").Replace(strings.ToLower(s)) {
		case "email", "emails", "mail", "mails", "mailbox":
			return true
		}
	}
	return false
}

var intakeChannels = Metric{
	Name: "intake-channels", Title: "Ways in", Chapter: "Intake", Unit: Share, Counts: "by e-mail",
	Question: "By which doors does work come in, and how much of it by e-mail?",
	Doc: "The support items created in the period by the **channel** that the policy's rules give them at as-of; what fits no channel is *not told*, and every share is of all of them. " +
		"**By e-mail** is the share of those whose channel is e-mail by its id or its name (`email`, `e-mail`, `mail`). " +
		"**Not meant for it** counts items of a class that is not among those the channel is `for:`; a channel that names none is for everything. " +
		"**Ready** is the share of those of which the definition of ready asks anything and that have all of it.",
	Measure: func(n *Night) Answer {
		t90, month := n.trailing(90), n.lastMonth()
		months, weeks := n.months(24), n.wholeWeeks()
		ways := n.ways()
		mail := map[int]bool{}
		for i, w := range ways {
			mail[i] = w.channel != nil && w.channel.email()
		}
		counts := make([][]int, len(ways))
		for i := range counts {
			counts[i] = make([]int, len(months))
		}
		byMail := make([]int, len(weeks))
		needs := map[*Class]bool{}
		for _, c := range n.classes() {
			needs[c] = len(n.Policy.needs(c)) > 0
		}
		var quarter, last share
		a := Answer{}
		for _, it := range n.Items {
			if !it.Kind().Support() {
				continue
			}
			i := n.wayOf(it, ways)
			if m := find(months, it.Created); m >= 0 {
				counts[i][m]++
			}
			if mail[i] {
				if w := find(weeks, it.Created); w >= 0 {
					byMail[w]++
				}
			}
			if month.holds(it.Created) {
				last.add(mail[i])
			}
			if !t90.holds(it.Created) {
				continue
			}
			quarter.add(mail[i])
			w := &ways[i]
			w.n++
			if c := w.channel; c != nil && len(c.For) > 0 && !slices.Contains(c.For, it.Class().ClassID()) {
				w.astray++
			}
			if needs[it.Class()] {
				w.ready.add(len(it.Missing) == 0)
			}
			if mail[i] {
				a.Rows = append(a.Rows, Row{Item: it, Why: w.title})
			}
		}
		hasMail := slices.ContainsFunc(n.Policy.Channels, func(c Channel) bool { return c.email() })
		a.Headline = Value{Unit: Share, Period: t90}
		if hasMail {
			a.Headline = quarter.value(t90)
			a.Parts = append(a.Parts, Part{Name: "last-month", Group: "period", Title: "By e-mail, " + month.Label, Value: last.value(month)})
			a.Weekly = []Weekly{{Name: "weekly-email", Title: "Support items by e-mail, by week", Unit: Items, Weeks: weeks, Values: n.asTold(weeks, byMail), Worse: 1}}
		}
		a.Sentence = n.waysSentence(ways, quarter, hasMail, t90)
		if len(n.Policy.Channels) == 0 {
			return a
		}
		for _, w := range ways {
			a.Parts = append(a.Parts, Part{Name: w.id, Group: "channel", Title: w.title, Value: shareOf(w.n, quarter.of, t90)})
		}
		a.Tables = []Table{wayTable(ways, quarter.of, t90)}
		c := Chart{Name: "intake", Title: "Support items, by month and the way they came in", Kind: Stacked, Unit: Items, XUnit: Text, X: labels(months), Marks: n.experiments(months), Edges: edges(months),
			Note: "Each way in is a place that somebody has to watch."}
		for i, w := range ways {
			if slices.ContainsFunc(counts[i], func(k int) bool { return k > 0 }) {
				c.Lines = append(c.Lines, Series{Name: w.id, Title: w.title, Role: "channel", Values: numbers(counts[i])})
			}
		}
		a.Charts = []Chart{c}
		return a
	},
}

func (n *Night) waysSentence(ways []way, quarter share, hasMail bool, p Period) string {
	switch {
	case len(n.Policy.Channels) == 0:
		return "The policy names no channels, so the ways in cannot be told apart."
	case quarter.of == 0:
		return fmt.Sprintf("No support item came in during the %s.", p.Label)
	}
	used, most := 0, &ways[0]
	for i := range ways {
		used += one(ways[i].n > 0 && ways[i].channel != nil)
		if ways[i].n > most.n {
			most = &ways[i]
		}
	}
	s := fmt.Sprintf("In the %s %s came in by %s, most of them (%d) by %s", p.Label, counted(quarter.of, "support item", "support items"), counted(used, "way", "ways"), most.n, most.title)
	if most.channel == nil {
		s = fmt.Sprintf("In the %s %s came in by %s; of %d it is not told by which", p.Label, counted(quarter.of, "support item", "support items"), counted(used, "way", "ways"), most.n)
	}
	if !hasMail {
		return s + ". No channel of the policy is e-mail."
	}
	if most.channel != nil && most.channel.email() && most.n == quarter.so {
		return s + "."
	}
	return s + fmt.Sprintf("; %d by e-mail.", quarter.so)
}

// wayTable lists the ways in. Its counts add up to all of them.
func wayTable(ways []way, all int, p Period) Table {
	t := Table{Name: "channels", Title: "Ways in, " + p.Label, Columns: []Column{{"channel", "Channel", Text}, {"items", "Items", Items}, {"share", "Share", Share}, {"astray", "Not meant for it", Items}, {"asked", "Asked for something", Items}, {"ready", "Ready", Share}}}
	for _, w := range ways {
		t.Rows = append(t.Rows, []Cell{{Text: w.title}, num(w.n), partCell(shareOf(w.n, all, p)), num(w.astray), num(w.ready.of), partCell(w.ready.value(p))})
	}
	return t
}
