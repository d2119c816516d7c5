// What the ledger knows of each kind of record: its table, the columns for people, its body.

package ledger

import (
	"context"
	"fmt"
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

// kind says how one kind of record is kept.
type kind[T any] struct {
	table   string
	columns []string       // beside tracker, id and body
	values  func(*T) []any // of columns
	ref     func(*T) record.Ref
	merge   func(a, b T) T
	normal  func(T) T // the form in which equal records have equal bodies
	encode  func(*encoder, *T)
	decode  func(*decoder) T

	// asSaved says that a walk over all of them is in the order in which they were first saved. By their ids
	// a million pages are a million places in the file.
	asSaved bool

	// also saves what follows from a record that was written; nil where nothing does.
	also func(context.Context, *writer, *T) error
}

var issueKind = kind[record.Issue]{
	table: "issue",
	columns: []string{"key", "project", "type", "status", "category", "priority", "resolution", "title", "due",
		"created", "updated", "closed", "gone", "releases", "releases_read"},
	values: func(is *record.Issue) []any {
		f := is.Facts()
		releases, read := releasesOf(is)
		return []any{text(f.Key), text(f.Project), text(f.Type), text(f.Status.Name), text(f.Status.Category),
			text(f.Priority), text(f.Resolution), text(f.Title), text(string(f.Due)),
			when(f.Created), when(f.Updated), when(f.Closed), when(is.Gone), releases, read}
	},
	ref:    func(is *record.Issue) record.Ref { return is.Ref },
	merge:  record.Merge,
	normal: func(is record.Issue) record.Issue { return record.Merge(is, record.Issue{Ref: is.Ref}) },
	encode: (*encoder).issue,
	decode: (*decoder).issue,
	also:   saveNames,
}

var pageKind = kind[record.Page]{
	table:   "page",
	columns: []string{"number", "title", "service", "urgency", "triggered", "acked", "resolved"},
	values: func(p *record.Page) []any {
		return []any{text(p.Number), text(p.Title), text(p.Service), text(p.Urgency),
			when(p.Triggered), when(p.Acked), when(p.Resolved)}
	},
	ref:    func(p *record.Page) record.Ref { return p.Ref },
	merge:  record.MergePages,
	normal: func(p record.Page) record.Page { return record.MergePages(p, p) },
	encode: (*encoder).page,
	decode: (*decoder).page,
	also:   savePage,

	asSaved: true,
}

var shiftKind = kind[record.Shift]{
	table:   "shift",
	columns: []string{"rota", "person", "role", "start", "end"},
	values: func(s *record.Shift) []any {
		person := s.Person.Account
		if person == "" {
			person = s.Person.Name
		}
		return []any{text(s.Rota), text(person), text(s.Role), when(s.From), when(s.To)}
	},
	ref:    func(s *record.Shift) record.Ref { return s.Ref },
	merge:  record.MergeShifts,
	normal: func(s record.Shift) record.Shift { return record.MergeShifts(s, s) },
	encode: (*encoder).shift,
	decode: (*decoder).shift,
}

// findAtOnce is how many records one question to the database looks for.
const findAtOnce = 64

// text and when are column values: NULL for what is not there.
func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func when(i record.Instant) any {
	if i == 0 {
		return nil
	}
	return int64(i)
}

func (k *kind[T]) findSQL() string {
	return fmt.Sprintf("SELECT id, body FROM %s WHERE tracker = ? AND id IN (?%s)", k.table, strings.Repeat(", ?", findAtOnce-1))
}

func (k *kind[T]) putSQL() string {
	columns := append([]string{"tracker", "id"}, append(k.columns, "body")...)
	var set []string
	for _, c := range columns[2:] {
		set = append(set, c+" = excluded."+c)
	}
	return fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s) ON CONFLICT (tracker, id) DO UPDATE SET %s", k.table,
		strings.Join(columns, ", "), strings.TrimSuffix(strings.Repeat("?, ", len(columns)), ", "), strings.Join(set, ", "))
}

func (k *kind[T]) allSQL() string {
	order := "tracker, id"
	if k.asSaved {
		order = "rowid"
	}
	return fmt.Sprintf("SELECT rowid, body FROM %s ORDER BY %s", k.table, order)
}

// write is the body of r.
func (k *kind[T]) write(e *encoder, r *T) []byte {
	e.reset()
	k.encode(e, r)
	return e.body()
}

// read decodes a body.
func (k *kind[T]) read(d *decoder, body []byte) (T, error) {
	d.open(body)
	r := k.decode(d)
	return r, d.close()
}
