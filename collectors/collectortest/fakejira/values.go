package fakejira

// The values of fields.

import (
	"strconv"
	"time"
)

func (w *writer) oneOf(list []string, k int) {
	if k < 0 {
		w.raw("null")
		return
	}
	w.raw(list[k])
}

func (w *writer) some(list []string, set uint) {
	w.raw("[")
	n := 0
	for k, v := range list {
		if set&(1<<k) != 0 {
			w.comma(n)
			w.raw(v)
			n++
		}
	}
	w.raw("]")
}

func (w *writer) updated(is *issue) {
	if idOf(is.id) == w.s.awkward.Redated {
		w.quote(time.UnixMilli(is.updated).In(w.s.zone).Format("2/Jan/06 3:04 PM"))
		return
	}
	w.at(is.updated)
}

func (w *writer) retyped(is *issue) bool { return idOf(is.id) == w.s.awkward.Retyped }

func (w *writer) labels(is *issue) {
	if w.retyped(is) {
		w.raw(`{"value":"urgent"}`)
		return
	}
	w.raw("[")
	n := 0
	for k, l := range labelNames {
		if is.labels&(1<<k) != 0 {
			w.comma(n)
			w.quote(l)
			n++
		}
	}
	w.raw("]")
}

func (w *writer) points(is *issue, here bool) {
	switch {
	case w.retyped(is):
		w.raw(`{"value":"many"}`)
	case !here || is.points < 0:
		w.raw("null")
	default:
		w.b = strconv.AppendFloat(w.b, is.points, 'f', 1, 64)
	}
}

func (w *writer) severity(is *issue) {
	if w.retyped(is) {
		w.raw("[4711]")
		return
	}
	w.oneOf(w.s.words.severities[w.v], is.severity)
}

func (w *writer) description(is *issue) {
	switch {
	case w.retyped(is):
		w.raw("42")
	case is.n%20 == 8:
		w.raw("null")
	default:
		w.text(w.s.dice(is.n, forText)+5, 1+is.n%4)
	}
}

func (w *writer) timeSpent(is *issue) {
	total := int64(0)
	for _, l := range is.worklogs {
		total += l.seconds
	}
	if total == 0 {
		w.raw("null")
		return
	}
	w.num(total)
}

// sprint is a list of objects on Cloud, and of what a programmer would print on Data Center.
func (w *writer) sprint(is *issue) {
	if is.sprint == 0 {
		w.raw("null")
		return
	}
	n := strconv.Itoa(is.sprint)
	if w.s.opt.Cloud {
		w.raw(`[{"id":` + n + `,"name":"Sprint ` + n + `","state":"active","boardId":1,"goal":""}]`)
		return
	}
	w.raw(`["com.atlassian.greenhopper.service.sprint.Sprint@5e1c[id=` + n + `,rapidViewId=1,state=ACTIVE,name=Sprint ` + n + `,goal=<null>]"]`)
}

// links join some issues to the one that was made before them.
func (w *writer) links(is *issue) {
	w.raw("[")
	if is.n%8 == 6 {
		other, direction := is.n-1, `"outwardIssue"`
		if is.n%16 == 6 {
			direction = `"inwardIssue"`
		}
		w.raw(`{"id":`)
		w.quoted(20000 + is.id)
		w.raw(`,"self":`)
		w.quote(w.api() + "/issueLink/" + idOf(20000+is.id))
		w.raw(`,"type":{"id":"10000","name":"Blocks","inward":"is blocked by","outward":"blocks","self":`)
		w.quote(w.api() + "/issueLinkType/10000")
		w.raw(`},` + direction + `:`)
		w.stub(other)
		w.raw("}")
	}
	w.raw("]")
}

func (w *writer) parent(is *issue) {
	if is.kind != subtask || is.n == 0 {
		w.raw("null")
		return
	}
	w.stub(is.n - 1)
}

// stub is another issue in few words.
func (w *writer) stub(n int) {
	o := w.s.get(n)
	w.raw(`{"id":`)
	w.quoted(o.id)
	w.raw(`,"key":`)
	w.quote(key(o.project, o.number))
	w.raw(`,"self":`)
	w.quote(w.api() + "/issue/" + idOf(o.id))
	w.raw(`,"fields":{"summary":`)
	w.quote(w.s.title(o))
	w.raw(`,"status":`)
	w.raw(w.s.words.statuses[w.v][o.status])
	w.raw("}}")
}
