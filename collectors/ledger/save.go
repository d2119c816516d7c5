// Saving a batch: one transaction, records and cursor together.

package ledger

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/firebreak/firebreak/collectors/record"
)

// Save makes a batch of the source true, all of it or nothing: every record is merged with what is
// known of it, doubts, gaps and tallies are noted, and the cursor moves. When Save has returned nil,
// the batch outlives the process. Saving a batch twice, or batches in another order, gives the same
// records. A context that is done stops the batch from being begun, not in its midst.
func (l *Ledger) Save(ctx context.Context, source string, b record.Batch) error {
	err := l.write(ctx, func(ctx context.Context, w *writer) error { return w.save(ctx, source, &b) })
	if err != nil {
		return l.fail(fmt.Sprintf("save a batch of %q", source), err)
	}
	return nil
}

// write runs do as one transaction.
func (l *Ledger) write(ctx context.Context, do func(context.Context, *writer) error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.w == nil {
		return errors.New("it is closed")
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	// A batch takes milliseconds and had better be finished. The driver also starts a goroutine for
	// each statement under a context that can be cancelled.
	ctx = context.WithoutCancel(ctx)
	if _, err := l.w.conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	err := do(ctx, l.w)
	if err == nil {
		_, err = l.w.conn.ExecContext(ctx, "COMMIT")
	}
	if err != nil {
		clear(l.w.statuses)
		l.w.numbered = false
		_, undo := l.w.conn.ExecContext(ctx, "ROLLBACK")
		if undo != nil && code(err) == 0 { // SQLite's own grave errors have rolled back already
			err = errors.Join(err, undo)
		}
	}
	return err
}

// writer is the one connection that writes, with what it keeps between batches.
type writer struct {
	conn   *sql.Conn
	issues statements
	pages  statements
	shifts statements
	alias  *sql.Stmt
	status *sql.Stmt
	came   *sql.Stmt // into a stream
	names  *sql.Stmt // that a page may name

	numbers  *sql.Stmt // makes the index of them
	numbered bool      // it is there, as far as is known

	enc      encoder
	dec      decoder
	statuses map[Status]bool // those that are in the ledger, as far as is known

	source string // whose batch is saved
}

// statements are those of one kind.
type statements struct{ find, put *sql.Stmt }

func newWriter(ctx context.Context, conn *sql.Conn) (*writer, error) {
	w := &writer{conn: conn, statuses: make(map[Status]bool)}
	for _, s := range []struct {
		stmt **sql.Stmt
		text string
	}{
		{&w.issues.find, issueKind.findSQL()}, {&w.issues.put, issueKind.putSQL()},
		{&w.pages.find, pageKind.findSQL()}, {&w.pages.put, pageKind.putSQL()},
		{&w.shifts.find, shiftKind.findSQL()}, {&w.shifts.put, shiftKind.putSQL()},
		{&w.alias, "INSERT OR IGNORE INTO alias (tracker, key, id) VALUES (?, ?, ?)"},
		{&w.status, "INSERT OR IGNORE INTO status (tracker, id, name, category) VALUES (?, ?, ?, ?)"},
		{&w.came, "INSERT OR IGNORE INTO delivered (source, stream, tracker, id) SELECT ?, ?, ?, value FROM json_each(?)"},
		{&w.names, nameSQL},
		{&w.numbers, numbersSQL},
	} {
		var err error
		if *s.stmt, err = conn.PrepareContext(ctx, s.text); err != nil {
			return nil, err
		}
	}
	// Nobody else has the ledger open, so a run that has not ended never will.
	_, err := conn.ExecContext(ctx, "UPDATE run SET outcome = ? WHERE outcome = ?", Interrupted, Running)
	return w, err
}

func (w *writer) close() error {
	var errs []error
	for _, s := range []*sql.Stmt{w.issues.find, w.issues.put, w.pages.find, w.pages.put, w.shifts.find, w.shifts.put, w.alias, w.status, w.came, w.names, w.numbers} {
		errs = append(errs, s.Close())
	}
	return errors.Join(append(errs, w.conn.Close())...)
}

func (w *writer) save(ctx context.Context, source string, b *record.Batch) error {
	batch, err := w.advance(ctx, source, b)
	if err != nil {
		return err
	}
	if err := put(ctx, w, &issueKind, w.issues, b.Issues); err != nil {
		return err
	}
	w.source = source
	if err := put(ctx, w, &pageKind, w.pages, b.Pages); err != nil {
		return err
	}
	if err := put(ctx, w, &shiftKind, w.shifts, b.Shifts); err != nil {
		return err
	}
	gone := b.Gone
	if b.Stream != "" {
		if gone, err = w.stream(ctx, source, b); err != nil {
			return err
		}
	}
	if err := w.bury(ctx, gone, b.Horizon); err != nil {
		return err
	}
	return w.note(ctx, source, batch, b)
}

// put merges records into the ledger. What is there already is not written again.
//
// They go in by their ids. The index is a tree, and the random ids of pages reach all over it: in their
// order each of its leaves is visited once a batch, and not once a page.
func put[T any](ctx context.Context, w *writer, k *kind[T], s statements, records []T) error {
	sorted := make([]*T, len(records))
	for i := range records {
		sorted[i] = &records[i]
	}
	slices.SortFunc(sorted, func(a, b *T) int { return k.ref(a).Compare(k.ref(b)) })
	refs := make([]record.Ref, len(sorted))
	for i, r := range sorted {
		refs[i] = k.ref(r)
		if refs[i].Tracker == "" || refs[i].ID == "" {
			return fmt.Errorf("a record of kind %s has no tracker or no id (%q); this is a fault of the source, not of your data: please report it", k.table, refs[i])
		}
	}
	stored, err := find(ctx, s.find, refs)
	if err != nil {
		return err
	}
	for i := range sorted {
		r := k.normal(*sorted[i])
		body := k.write(&w.enc, &r)
		if old, ok := stored[refs[i]]; ok {
			if bytes.Equal(old, body) {
				continue
			}
			known, err := k.read(&w.dec, old)
			if err != nil {
				return fmt.Errorf("%s %s: %w", k.table, refs[i], err)
			}
			r = k.merge(known, r)
			if body = k.write(&w.enc, &r); bytes.Equal(old, body) {
				continue
			}
		}
		args := append(make([]any, 0, len(k.columns)+3), refs[i].Tracker, refs[i].ID)
		args = append(append(args, k.values(&r)...), body)
		if _, err := s.put.ExecContext(ctx, args...); err != nil {
			return fmt.Errorf("%s %s: %w", k.table, refs[i], err)
		}
		stored[refs[i]] = body
		if k.also != nil {
			if err := k.also(ctx, w, &r); err != nil {
				return err
			}
		}
	}
	return nil
}

// find gives the bodies of those records that are in the ledger.
func find(ctx context.Context, stmt *sql.Stmt, refs []record.Ref) (map[record.Ref][]byte, error) {
	found := make(map[record.Ref][]byte)
	for len(refs) > 0 {
		n := 1
		for n < len(refs) && n < findAtOnce && refs[n].Tracker == refs[0].Tracker {
			n++
		}
		args := make([]any, 1+findAtOnce) // those not used stay NULL and match nothing
		args[0] = refs[0].Tracker
		for i, ref := range refs[:n] {
			args[1+i] = ref.ID
		}
		if err := findInto(ctx, found, refs[0].Tracker, stmt, args); err != nil {
			return nil, err
		}
		refs = refs[n:]
	}
	return found, nil
}

func findInto(ctx context.Context, found map[record.Ref][]byte, tracker string, stmt *sql.Stmt, args []any) error {
	rows, err := stmt.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var body []byte
		if err := rows.Scan(&id, &body); err != nil {
			return err
		}
		found[record.Ref{Tracker: tracker, ID: id}] = body
	}
	return rows.Err()
}

// buriedAtOnce is how many issues are held in memory to be marked: all of a tracker may be gone at once.
const buriedAtOnce = 500

// bury marks issues as gone since at. The first night that missed an issue dates its tombstone, so
// one that has it already keeps it; one that was never known leaves nothing to mark.
func (w *writer) bury(ctx context.Context, gone []record.Ref, at record.Instant) error {
	if len(gone) > 0 && at == 0 {
		return errors.New("a batch says that issues are gone, but not since when; this is a fault of the source, not of your data: please report it")
	}
	for some := range slices.Chunk(gone, buriedAtOnce) {
		if err := w.mark(ctx, some, at); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) mark(ctx context.Context, gone []record.Ref, at record.Instant) error {
	stored, err := find(ctx, w.issues.find, gone)
	if err != nil {
		return err
	}
	var marks []record.Issue
	for _, ref := range gone {
		body, ok := stored[ref]
		if !ok {
			continue
		}
		is, err := issueKind.read(&w.dec, body)
		if err != nil {
			return fmt.Errorf("issue %s: %w", ref, err)
		}
		if is.Gone == 0 {
			marks = append(marks, record.Issue{Ref: ref, Gone: at})
		}
	}
	if err := put(ctx, w, &issueKind, w.issues, marks); err != nil {
		return err
	}
	// Nobody has it now. A stream that does have it all the same will find it missing in its next roll
	// call and deliver it again, which brings it back.
	for _, ref := range gone {
		if _, err := w.conn.ExecContext(ctx, "DELETE FROM delivered WHERE tracker = ? AND id = ?", ref.Tracker, ref.ID); err != nil {
			return err
		}
	}
	return nil
}

// saveNames keeps the keys an issue had and the statuses it passed through.
func saveNames(ctx context.Context, w *writer, is *record.Issue) error {
	for _, key := range is.Aliases {
		if _, err := w.alias.ExecContext(ctx, is.Tracker, key, is.ID); err != nil {
			return err
		}
	}
	saw := func(s Status) error {
		if s.Name == "" && s.ID == "" || w.statuses[s] {
			return nil
		}
		w.statuses[s] = true
		_, err := w.status.ExecContext(ctx, s.Tracker, s.ID, s.Name, s.Category)
		return err
	}
	for i := range is.Copies {
		if err := saw(Status{is.Tracker, is.Copies[i].Status}); err != nil {
			return err
		}
	}
	for i := range is.Changes {
		c := &is.Changes[i]
		if c.Field != record.FieldStatus {
			continue
		}
		for _, s := range []record.Status{{ID: c.FromID, Name: c.From}, {ID: c.ToID, Name: c.To}} {
			if err := saw(Status{is.Tracker, s}); err != nil {
				return err
			}
		}
	}
	return nil
}
