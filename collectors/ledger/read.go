// Reading back what is known.

package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"iter"

	"github.com/firebreak/firebreak/collectors/record"
)

// Issues is every issue, by tracker and id. A record that cannot be read yields an error that names
// it, and the walk goes on; an error of the database, or of ctx, ends it. Memory does not grow with
// the ledger.
func (l *Ledger) Issues(ctx context.Context) iter.Seq2[record.Issue, error] {
	return all(ctx, l, &issueKind)
}

// Pages is every page, in the order in which they were first saved, as Issues is every issue.
func (l *Ledger) Pages(ctx context.Context) iter.Seq2[record.Page, error] {
	return all(ctx, l, &pageKind)
}

// Shifts is every shift, by tracker and id, as Issues is every issue.
func (l *Ledger) Shifts(ctx context.Context) iter.Seq2[record.Shift, error] {
	return all(ctx, l, &shiftKind)
}

func all[T any](ctx context.Context, l *Ledger, k *kind[T]) iter.Seq2[T, error] {
	return walk(ctx, l, k, k.allSQL())
}

// walk reads the records that a query gives the rows and bodies of.
func walk[T any](ctx context.Context, l *Ledger, k *kind[T], query string, args ...any) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		rows, err := l.db.QueryContext(ctx, query, args...)
		if err != nil {
			yield(none, l.fail("read "+k.table+"s", err))
			return
		}
		defer rows.Close()
		var row int64
		var body sql.RawBytes
		var d decoder
		for rows.Next() {
			if err = rows.Scan(&row, &body); err != nil {
				break
			}
			r, err := k.read(&d, body)
			if err != nil {
				err = fmt.Errorf("ledger %s: %s %s: %w; delete that row and collect its source again", l.path, k.table, l.called(ctx, k.table, row), err)
				r = none
			}
			if !yield(r, err) {
				return
			}
		}
		if err == nil {
			err = rows.Err()
		}
		if err != nil {
			yield(none, l.fail("read "+k.table+"s", err))
		}
	}
}

// called is what the record in a row of a table is called.
func (l *Ledger) called(ctx context.Context, table string, row int64) string {
	var ref record.Ref
	if err := l.db.QueryRowContext(ctx, "SELECT tracker, id FROM "+table+" WHERE rowid = ?", row).Scan(&ref.Tracker, &ref.ID); err != nil {
		return fmt.Sprintf("in row %d", row)
	}
	return ref.String()
}

// Count is how many issues and pages there are, those that are gone included.
func (l *Ledger) Count(ctx context.Context) (issues, pages int, err error) {
	err = l.db.QueryRowContext(ctx, "SELECT (SELECT count(*) FROM issue), (SELECT count(*) FROM page)").Scan(&issues, &pages)
	if err != nil {
		return 0, 0, l.fail("count records", err)
	}
	return issues, pages, nil
}

// Status is a status of one tracker.
type Status struct {
	Tracker string
	record.Status
}

// Statuses are all statuses that any issue has or passed through, by tracker, name and id. The
// category is "" only where no issue told it.
func (l *Ledger) Statuses(ctx context.Context) ([]Status, error) {
	return collect(ctx, l, "statuses", func(s *Status) []any { return []any{&s.Tracker, &s.ID, &s.Name, &s.Category} },
		`SELECT tracker, id, name, category FROM status AS s WHERE category <> '' OR NOT EXISTS
			(SELECT 1 FROM status WHERE tracker = s.tracker AND id = s.id AND name = s.name AND category <> '')
		ORDER BY tracker, name, id, category`)
}

// collect reads all rows of a query, each into the fields that into names.
func collect[T any](ctx context.Context, l *Ledger, what string, into func(*T) []any, query string, args ...any) ([]T, error) {
	rows, err := l.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, l.fail("read "+what, err)
	}
	defer rows.Close()
	var list []T
	for rows.Next() {
		var t T
		if err := rows.Scan(into(&t)...); err != nil {
			return nil, l.fail("read "+what, err)
		}
		list = append(list, t)
	}
	if err := rows.Err(); err != nil {
		return nil, l.fail("read "+what, err)
	}
	return list, nil
}
