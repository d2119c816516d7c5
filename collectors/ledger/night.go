// What each night said, kept so that later ones can say what changed.

package ledger

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/firebreak/firebreak/collectors/record"
)

// Night is one report as it was published. What is in it is the analysis's own affair.
type Night struct {
	AsOf     record.Instant // the instant it speaks for: its identity
	Created  record.Instant // when it was made
	Policy   string         // the hash of the policy it was judged by
	Report   []byte
	Verdicts []byte
}

// Of nights that speak for long ago fewer are kept: last night and last week are asked for every night, an older
// instant now and then, and the night before it serves as well.
const (
	everyNight = 40 * 24 * time.Hour // how old the nights are at most of which all are kept
	everyWeek  = 2                   // how old those are of which one a week is kept, in years
)

// SaveNight keeps a night, in the place of one that spoke for the same instant, and removes those that are
// kept no longer: of nights more than 40 days old all but the first of each ISO week, and of those more than
// two years old all but the first of each month, in UTC. How old a night is, is how far the instant that it
// speaks for is before that of the latest, or before now where the latest speaks for the future. The night
// that is saved stays until the next one is, whatever it speaks for.
func (l *Ledger) SaveNight(ctx context.Context, n Night) error {
	z, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return l.fail("save a night", err)
	}
	defer z.Close()
	err = l.write(ctx, func(ctx context.Context, w *writer) error {
		_, err := w.conn.ExecContext(ctx, "INSERT OR REPLACE INTO night (as_of, created, policy, report, verdicts) VALUES (?, ?, ?, ?, ?)",
			int64(n.AsOf), when(n.Created), n.Policy, z.EncodeAll(n.Report, nil), z.EncodeAll(n.Verdicts, nil))
		if err != nil {
			return err
		}
		return w.thin(ctx, n)
	})
	if err != nil {
		return l.fail("save a night", err)
	}
	return nil
}

// thin removes the nights that are kept no longer now that one was saved.
func (w *writer) thin(ctx context.Context, saved Night) error {
	rows, err := w.conn.QueryContext(ctx, "SELECT as_of FROM night ORDER BY as_of")
	if err != nil {
		return err
	}
	defer rows.Close()
	var nights []record.Instant
	for rows.Next() {
		var at record.Instant
		if err := rows.Scan(&at); err != nil {
			return err
		}
		nights = append(nights, at)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	now := nights[len(nights)-1]
	if saved.Created != 0 {
		now = min(now, saved.Created)
	}
	for _, at := range spare(nights, now) {
		if at == saved.AsOf {
			continue
		}
		if _, err := w.conn.ExecContext(ctx, "DELETE FROM night WHERE as_of = ?", int64(at)); err != nil {
			return err
		}
	}
	return nil
}

// spare are the nights, of all of them in their order, that need not be kept any longer. The first of a month is
// the first of what its weeks left, so that it makes no difference whether they are thinned night by night or
// all at once.
func spare(nights []record.Instant, now record.Instant) []record.Instant {
	type span struct{ year, part int }
	monthly := record.At(now.Time().AddDate(-everyWeek, 0, 0))
	var spare []record.Instant
	var week, month span
	for _, at := range nights {
		if now.Sub(at) <= everyNight {
			break
		}
		t := at.Time()
		m := span{t.Year(), int(t.Month())}
		var w span
		w.year, w.part = t.ISOWeek()
		if w == week || m == month && at < monthly {
			spare = append(spare, at)
		} else {
			month = m
		}
		week = w
	}
	return spare
}

// PreviousNight is the latest night that speaks for an instant before the given one. It says false
// where there is none.
func (l *Ledger) PreviousNight(ctx context.Context, before record.Instant) (Night, bool, error) {
	var n Night
	var report, verdicts []byte
	err := l.db.QueryRowContext(ctx, "SELECT as_of, coalesce(created, 0), policy, report, verdicts FROM night WHERE as_of < ? ORDER BY as_of DESC LIMIT 1",
		int64(before)).Scan(&n.AsOf, &n.Created, &n.Policy, &report, &verdicts)
	if errors.Is(err, sql.ErrNoRows) {
		return Night{}, false, nil
	}
	if err != nil {
		return Night{}, false, l.fail("read the previous night", err)
	}
	z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		return Night{}, false, l.fail("read the previous night", err)
	}
	defer z.Close()
	if n.Report, err = z.DecodeAll(report, nil); err == nil {
		n.Verdicts, err = z.DecodeAll(verdicts, nil)
	}
	if err != nil {
		return Night{}, false, l.fail("read the night of "+n.AsOf.String(), err)
	}
	return n, true, nil
}
