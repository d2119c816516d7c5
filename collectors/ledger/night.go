// What each night said, kept so that the next can say what changed.

package ledger

import (
	"context"
	"database/sql"
	"errors"

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

// SaveNight keeps a night, in the place of one that spoke for the same instant.
func (l *Ledger) SaveNight(ctx context.Context, n Night) error {
	z, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return l.fail("save a night", err)
	}
	defer z.Close()
	err = l.write(ctx, func(ctx context.Context, w *writer) error {
		_, err := w.conn.ExecContext(ctx, "INSERT OR REPLACE INTO night (as_of, created, policy, report, verdicts) VALUES (?, ?, ?, ?, ?)",
			int64(n.AsOf), when(n.Created), n.Policy, z.EncodeAll(n.Report, nil), z.EncodeAll(n.Verdicts, nil))
		return err
	})
	if err != nil {
		return l.fail("save a night", err)
	}
	return nil
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
