// What is known of each source beside its records: where it resumes, how its runs went, what is
// missing and what is doubtful.

package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// Source is the state of one source.
type Source struct {
	Name    string
	Cursor  record.Cursor
	Horizon record.Instant // how far it can speak for; 0 if it never said
	Last    Run            // the latest run
	Good    record.Instant // when the latest complete run ended; 0 if there is none
	Tallies []record.Tally // by part
	Doubts  []record.Doubt // by place, line 2 before line 10
	Gaps    []record.Gap   // those that still stand, by what is missing
}

// Run is one visit to a source.
type Run struct {
	Started record.Instant
	Ended   record.Instant // 0 while it goes on, and for ever if it was interrupted
	Outcome Outcome
	Records int // saved, known ones included
	Changes int // of its issues, known ones included

	// What it cost a live service; 0 where the run was interrupted before it could say.
	Requests int
	Waited   time.Duration
}

// Outcome is how a run ended.
type Outcome string

// The outcomes of a run.
const (
	Running     Outcome = "running"
	Complete    Outcome = "complete"    // the source was read to its end; parts of it may still be gaps
	Failed      Outcome = "failed"      // it was not, and a gap says why
	Interrupted Outcome = "interrupted" // the process ended before the run did
)

// Cursor is where the source resumes; "" is the beginning.
func (l *Ledger) Cursor(ctx context.Context, source string) (record.Cursor, error) {
	var c string
	err := l.db.QueryRowContext(ctx, "SELECT cursor FROM source WHERE name = ?", source).Scan(&c)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", l.fail("read the cursor of "+source, err)
	}
	return record.Cursor(c), nil
}

// StartRun notes that a run of the source begins.
func (l *Ledger) StartRun(ctx context.Context, source string, at record.Instant) error {
	err := l.write(ctx, func(ctx context.Context, w *writer) error {
		if _, err := w.conn.ExecContext(ctx, "INSERT OR IGNORE INTO source (name) VALUES (?)", source); err != nil {
			return err
		}
		_, err := w.conn.ExecContext(ctx, `INSERT INTO run (source, started, outcome, first_batch)
			SELECT name, ?, ?, batches + 1 FROM source WHERE name = ?`, int64(at), Running, source)
		return err
	})
	if err != nil {
		return l.fail(fmt.Sprintf("start a run of %q", source), err)
	}
	return nil
}

// EndRun notes how the source's run ended, and what it could not bring. A complete run has tried
// everything anew: gaps and doubts from before it end with it, except for doubts about parts that
// were not read again, and about issues of a live service, which are read again only when they change
// (stream.go). After any other, older gaps still stand. A gap noted twice keeps the instant it was first
// noticed.
func (l *Ledger) EndRun(ctx context.Context, source string, at record.Instant, outcome Outcome, spent record.Spent, gaps ...record.Gap) error {
	err := l.write(ctx, func(ctx context.Context, w *writer) error {
		return w.endRun(ctx, source, at, outcome, spent, gaps)
	})
	if err != nil {
		return l.fail(fmt.Sprintf("end the run of %q", source), err)
	}
	return nil
}

func (w *writer) endRun(ctx context.Context, source string, at record.Instant, outcome Outcome, spent record.Spent, gaps []record.Gap) error {
	var id, first, batch int64
	err := w.conn.QueryRowContext(ctx, `SELECT run.id, run.first_batch, source.batches FROM run JOIN source ON source.name = run.source
		WHERE source = ? AND outcome = ? ORDER BY run.id DESC`, source, Running).Scan(&id, &first, &batch)
	if errors.Is(err, sql.ErrNoRows) {
		return errors.New("no run of it was started")
	}
	if err != nil {
		return err
	}
	if _, err := w.conn.ExecContext(ctx, "UPDATE run SET ended = ?, outcome = ?, requests = ?, waited = ? WHERE id = ?",
		int64(at), outcome, spent.Requests, int64(spent.Waited), id); err != nil {
		return err
	}
	if outcome == Complete {
		if _, err := w.conn.ExecContext(ctx, "DELETE FROM gap WHERE source = ? AND batch < ?", source, first); err != nil {
			return err
		}
		if _, err := w.conn.ExecContext(ctx, `DELETE FROM doubt WHERE source = ?1 AND stream = '' AND batch < ?2 AND NOT EXISTS
			(SELECT 1 FROM tally WHERE source = ?1 AND `+ofPart("part")+`)`, source, first); err != nil {
			return err
		}
		if err := w.endDoubts(ctx, source, at, first); err != nil {
			return err
		}
	}
	return w.noteGaps(ctx, source, batch, gaps)
}

// ofPart is the condition that a doubt's place lies in a part: it is the part, or "part:line".
func ofPart(part string) string {
	return fmt.Sprintf("(place = %[1]s OR substr(place, 1, length(%[1]s) + 1) = %[1]s || ':')", part)
}

// advance moves the source's cursor and horizon, and gives the number of the batch.
func (w *writer) advance(ctx context.Context, source string, b *record.Batch) (batch int64, err error) {
	err = w.conn.QueryRowContext(ctx, `INSERT INTO source (name, cursor, horizon, batches) VALUES (?, ?, ?, 1)
		ON CONFLICT (name) DO UPDATE SET cursor = excluded.cursor, batches = batches + 1,
			horizon = nullif(max(coalesce(horizon, 0), coalesce(excluded.horizon, 0)), 0)
		RETURNING batches`, source, string(b.Cursor), when(b.Horizon)).Scan(&batch)
	if err != nil {
		return 0, err
	}
	changes := 0
	for i := range b.Issues {
		changes += len(b.Issues[i].Changes)
	}
	_, err = w.conn.ExecContext(ctx, "UPDATE run SET records = records + ?, changes = changes + ? WHERE outcome = ? AND source = ?",
		len(b.Issues)+len(b.Pages)+len(b.Shifts), changes, Running, source)
	return batch, err
}

// doubtLimit is how many doubts are kept of one source. Beyond it one more says that there are more;
// the tallies still count every record left out.
const doubtLimit = 1000

// note keeps what the batch says beside its records.
//
// Doubts are about a part, and a part may take several batches, the last of which has its tally. So
// when a tally comes, doubts from up to the tally before it belong to an older reading of the part
// and go. Those of a reading that was interrupted stay until the next tally. The tally of a live stream
// tells of one run and not of all there is: doubts of streams end otherwise (stream.go).
func (w *writer) note(ctx context.Context, source string, batch int64, b *record.Batch) error {
	for _, t := range b.Tallies {
		left, err := json.Marshal(t.Left) // sorts its keys
		if err != nil {
			return err
		}
		if _, err := w.conn.ExecContext(ctx, `DELETE FROM doubt WHERE source = ?1 AND stream = '' AND `+ofPart("?2")+`
			AND batch <= (SELECT batch FROM tally WHERE source = ?1 AND part = ?2)`, source, t.Part); err != nil {
			return err
		}
		if _, err := w.conn.ExecContext(ctx, `INSERT OR REPLACE INTO tally (source, part, kind, read, changes, left, batch)
			VALUES (?, ?, ?, ?, ?, ?, ?)`, source, t.Part, t.Kind, t.Read, t.Changes, string(left), batch); err != nil {
			return err
		}
	}
	if len(b.Doubts) > 0 {
		if err := w.noteDoubts(ctx, source, batch, b); err != nil {
			return err
		}
	}
	return w.noteGaps(ctx, source, batch, b.Gaps)
}

func (w *writer) noteDoubts(ctx context.Context, source string, batch int64, b *record.Batch) error {
	doubts := b.Doubts
	var n int
	if err := w.conn.QueryRowContext(ctx, "SELECT count(*) FROM doubt WHERE source = ?", source).Scan(&n); err != nil {
		return err
	}
	if n+len(doubts) > doubtLimit {
		doubts = append(doubts[:max(0, doubtLimit-n):max(0, doubtLimit-n)], record.Doubt{
			What: fmt.Sprintf("there are more doubts than the %d that are kept; the counts beside each part say how many records were left out", doubtLimit)})
	}
	for _, d := range doubts {
		issue, err := w.doubted(ctx, source, d.Place, b)
		if err != nil {
			return err
		}
		if _, err := w.conn.ExecContext(ctx, "INSERT OR REPLACE INTO doubt (source, place, what, batch, stream, issue) VALUES (?, ?, ?, ?, ?, ?)",
			source, d.Place, d.What, batch, b.Stream, text(issue)); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) noteGaps(ctx context.Context, source string, batch int64, gaps []record.Gap) error {
	for _, g := range gaps {
		if _, err := w.conn.ExecContext(ctx, `INSERT INTO gap (source, what, why, at, batch) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (source, what) DO UPDATE SET why = excluded.why, batch = excluded.batch`,
			source, g.What, g.Why, when(g.At), batch); err != nil {
			return err
		}
	}
	return nil
}

// Sources is the state of every source that was ever read, by name.
func (l *Ledger) Sources(ctx context.Context) ([]Source, error) {
	sources, err := collect(ctx, l, "sources", func(s *Source) []any {
		return []any{&s.Name, &s.Cursor, &s.Horizon, &s.Last.Started, &s.Last.Ended, &s.Last.Outcome, &s.Last.Records,
			&s.Last.Changes, &s.Last.Requests, &s.Last.Waited, &s.Good}
	}, `SELECT name, cursor, coalesce(horizon, 0), coalesce(started, 0), coalesce(ended, 0), coalesce(outcome, ''), coalesce(records, 0),
			coalesce(changes, 0), coalesce(requests, 0), coalesce(waited, 0),
			coalesce((SELECT ended FROM run WHERE source = name AND outcome = ? ORDER BY id DESC LIMIT 1), 0)
		FROM source LEFT JOIN run ON run.id = (SELECT max(id) FROM run WHERE source = name) ORDER BY name`, Complete)
	if err != nil {
		return nil, err
	}
	for i := range sources {
		s := &sources[i]
		if s.Tallies, err = l.tallies(ctx, s.Name); err != nil {
			return nil, err
		}
		if s.Doubts, err = collect(ctx, l, "doubts", func(d *record.Doubt) []any { return []any{&d.Source, &d.Place, &d.What} },
			"SELECT source, place, what FROM doubt WHERE source = ?", s.Name); err != nil {
			return nil, err
		}
		slices.SortFunc(s.Doubts, byPlace)
		if s.Gaps, err = collect(ctx, l, "gaps", func(g *record.Gap) []any { return []any{&g.Source, &g.At, &g.What, &g.Why} },
			"SELECT source, coalesce(at, 0), what, why FROM gap WHERE source = ? ORDER BY what", s.Name); err != nil {
			return nil, err
		}
	}
	return sources, nil
}

func (l *Ledger) tallies(ctx context.Context, source string) ([]record.Tally, error) {
	type row struct {
		record.Tally
		left []byte
	}
	rows, err := collect(ctx, l, "tallies", func(r *row) []any { return []any{&r.Part, &r.Kind, &r.Read, &r.Changes, &r.left} },
		"SELECT part, kind, read, changes, left FROM tally WHERE source = ? ORDER BY part", source)
	if err != nil {
		return nil, err
	}
	var tallies []record.Tally
	for _, r := range rows {
		if err := json.Unmarshal(r.left, &r.Left); err != nil {
			return nil, l.fail(fmt.Sprintf("read the tally of %q", r.Part), err)
		}
		tallies = append(tallies, r.Tally)
	}
	return tallies, nil
}
