package fakejira

// One issue, its comments and its booked time.

import (
	"net/http"
	"strconv"
	"strings"
)

// shape is what of each issue an answer holds.
type shape struct {
	fields    []int
	idOnly    bool // Cloud's search where nothing but ids is asked for
	histories int  // how many at most; 0 leaves the changelog out
	newest    bool // the newest first
}

func (w *writer) issue(is *issue, sh shape) {
	if sh.idOnly && sh.histories == 0 {
		w.raw(`{"id":`)
		w.quoted(is.id)
		w.raw("}")
		return
	}
	w.raw(`{"expand":"operations,versionedRepresentations,editmeta,changelog,renderedFields","id":`)
	w.quoted(is.id)
	w.raw(`,"self":`)
	w.quote(w.api() + "/issue/" + idOf(is.id))
	w.raw(`,"key":`)
	w.quote(key(is.project, is.number))
	if sh.histories > 0 {
		w.raw(`,"changelog":`)
		w.changelog(is, sh.histories, sh.newest)
	}
	if len(sh.fields) > 0 {
		w.raw(`,"fields":{`)
		for _, k := range sh.fields {
			f := &fields[k]
			if f.id == "parent" && (is.kind != subtask || is.n == 0) {
				continue // Jira leaves this one out, where it writes null for the others
			}
			w.name(f.id)
			f.write(w, is)
		}
		w.raw("}")
	}
	w.raw("}")
}

// lookup finds an issue by id or key, also by one that it had before.
func (s *Site) lookup(idOrKey string) (int, bool) {
	n := -1
	if id, err := strconv.ParseInt(idOrKey, 10, 64); err == nil {
		n = int(id - firstID)
	} else if k, ok := s.keys[strings.ToUpper(idOrKey)]; ok {
		n = k
	} else if project, digits, ok := strings.Cut(strings.ToUpper(idOrKey), "-"); ok {
		if number, err := strconv.Atoi(digits); err == nil {
			n = placed(project, number)
		}
	}
	if n < 0 || n >= len(s.rows) || !s.exists(n) {
		return 0, false
	}
	return n, true
}

// placed is the issue that was made as that of a project and number, or -1.
func placed(project string, number int) int {
	number--
	if number < 0 {
		return -1
	}
	switch project {
	case "SUP":
		return number/6*10 + number%6
	case "OPS":
		return number/3*10 + 6 + number%3
	case "WEB":
		return number*10 + 9
	case inbox:
		if fromInbox(number) {
			return number
		}
	}
	return -1
}

func (s *Site) noSuchIssue(*request) (int, []byte) {
	return s.wrong(http.StatusNotFound, "Issue does not exist or you do not have permission to see it.")
}

func (s *Site) oneIssue(q *request) (int, []byte) {
	n, ok := s.lookup(q.path[1])
	if !ok {
		return s.noSuchIssue(q)
	}
	names := q.list("fields")
	if len(names) == 0 {
		names = []string{"*all"}
	} else if strings.HasPrefix(names[0], "-") {
		names = append([]string{"*all"}, names...)
	}
	sh := shape{fields: wanted(names)}
	for _, e := range q.list("expand") {
		if e == "changelog" { // how many Cloud gives at most is not known; fewer than there may be
			sh.histories, sh.newest = 100, true
			if !s.opt.Cloud {
				sh.histories, sh.newest = len(s.get(n).histories)+1, false
			}
		}
	}
	w := s.writer(q)
	w.issue(s.get(n), sh)
	return w.done()
}

// issueComments is a page of comments, oldest first. Cloud gives a hundred at most, Data Center all
// where nothing else is asked (both seen by users of its clients).
func (s *Site) issueComments(q *request) (int, []byte) {
	n, ok := s.lookup(q.path[1])
	if !ok {
		return s.noSuchIssue(q)
	}
	is := s.get(n)
	newest := false
	switch order := q.query.Get("orderBy"); order {
	case "", "created", "+created", " created": // a plus is a blank in a query
	case "-created":
		newest = true
	default:
		return s.wrong(http.StatusBadRequest, "Comments cannot be ordered by "+order+".")
	}
	limit := q.number("maxResults", 100)
	if s.opt.Cloud {
		limit = min(limit, 100)
	} else if q.query.Get("maxResults") == "" {
		limit = 1048576
	}
	w := s.writer(q)
	w.comments(is, q.number("startAt", 0), limit, newest)
	return w.done()
}

func (w *writer) comments(is *issue, start, limit int, newest bool) {
	start = min(max(start, 0), len(is.comments))
	end := min(start+max(limit, 0), len(is.comments))
	w.raw(`{"comments":[`)
	for k := start; k < end; k++ {
		w.comma(k - start)
		c := is.comments[k]
		if newest {
			c = is.comments[len(is.comments)-1-k]
		}
		w.raw(`{"self":`)
		w.quote(w.api() + "/issue/" + idOf(is.id) + "/comment/" + idOf(c.id))
		w.raw(`,"id":`)
		w.quoted(c.id)
		w.raw(`,"author":`)
		w.person(c.by)
		w.raw(`,"body":`)
		d := w.s.dice(int(c.id), forComment)
		w.text(d, 1+int(c.id%2))
		w.raw(`,"updateAuthor":`)
		w.person(c.by)
		w.raw(`,"created":`)
		w.at(c.at)
		w.raw(`,"updated":`)
		w.at(c.at)
		if c.role {
			w.raw(`,"visibility":{"type":"role","value":"Developers","identifier":"10001"}`)
		}
		if w.s.opt.Cloud {
			w.raw(`,"jsdPublic":`)
			w.bool(c.public)
		}
		w.raw("}")
	}
	w.raw(`],"self":`)
	w.quote(w.api() + "/issue/" + idOf(is.id) + "/comment")
	w.raw(`,"maxResults":`)
	w.num(int64(limit))
	w.raw(`,"total":`)
	w.num(int64(len(is.comments)))
	w.raw(`,"startAt":`)
	w.num(int64(start))
	w.raw("}")
}

func (s *Site) issueWorklogs(q *request) (int, []byte) {
	n, ok := s.lookup(q.path[1])
	if !ok {
		return s.noSuchIssue(q)
	}
	is := s.get(n)
	start, limit := q.number("startAt", 0), q.number("maxResults", 5000)
	if !s.opt.Cloud { // which has no pages here
		start, limit = 0, len(is.worklogs)
	}
	w := s.writer(q)
	w.worklogs(is, start, min(limit, 5000))
	return w.done()
}

func (w *writer) worklogs(is *issue, start, limit int) {
	start = min(max(start, 0), len(is.worklogs))
	end := min(start+max(limit, 0), len(is.worklogs))
	w.raw(`{"startAt":`)
	w.num(int64(start))
	w.raw(`,"maxResults":`)
	w.num(int64(limit))
	w.raw(`,"total":`)
	w.num(int64(len(is.worklogs)))
	w.raw(`,"worklogs":[`)
	for k := start; k < end; k++ {
		l := is.worklogs[k]
		w.comma(k - start)
		w.raw(`{"self":`)
		w.quote(w.api() + "/issue/" + idOf(is.id) + "/worklog/" + idOf(l.id))
		w.raw(`,"author":`)
		w.person(l.by)
		w.raw(`,"updateAuthor":`)
		w.person(l.by)
		if l.id%2 == 0 {
			w.raw(`,"comment":`)
			w.text(w.s.dice(int(l.id), forComment), 1)
		}
		w.raw(`,"created":`)
		w.at(l.at)
		w.raw(`,"updated":`)
		w.at(l.at)
		w.raw(`,"started":`)
		w.at(l.started)
		w.raw(`,"timeSpent":"` + spent(l.seconds) + `","timeSpentSeconds":`)
		w.num(l.seconds)
		w.raw(`,"id":`)
		w.quoted(l.id)
		w.raw(`,"issueId":`)
		w.quoted(is.id)
		w.raw("}")
	}
	w.raw("]}")
}

func spent(seconds int64) string {
	h, m := seconds/3600, seconds/60%60
	switch {
	case h == 0:
		return strconv.FormatInt(m, 10) + "m"
	case m == 0:
		return strconv.FormatInt(h, 10) + "h"
	}
	return strconv.FormatInt(h, 10) + "h " + strconv.FormatInt(m, 10) + "m"
}
