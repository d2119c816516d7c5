// Pages that two exports tell otherwise: they are merged, and doubted for as long as that is what is known of
// them, whichever was read first.

package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// apart is how far two exports may be apart about one instant: some round, and clocks differ.
const apart = time.Minute

// ofPages is in the place of the stream of such doubts. It keeps them when their source's run ends, and is no
// stream's name.
const ofPages = "pages:"

// contradictions is how many of these doubts a source may have: they are of one sort.
const contradictions = 100

// saveContradiction doubts a page that its copies contradict each other about, or no longer doubts it.
func saveContradiction(ctx context.Context, w *writer, p *record.Page) error {
	if p.Told == (record.Told{}) { // as most are, which never were doubted: what was told apart stays so
		return nil
	}
	triggered, ended := p.Contradicted(apart)
	var what string
	switch {
	case triggered != [2]record.Instant{}:
		what = fmt.Sprintf("one export says that it was triggered at %s, and another at %s; %s is believed, of the one updated later", triggered[0], triggered[1], p.Triggered)
	case ended != [2]record.Instant{}:
		what = fmt.Sprintf("one export says that it ended at %s, and another at %s, and no log that it was opened again; the later is believed", ended[0], ended[1])
	}
	place := "page " + p.ID
	if _, err := w.conn.ExecContext(ctx, "DELETE FROM doubt WHERE source = ? AND stream = ? AND place = ?", w.source, ofPages, place); err != nil || what == "" {
		return err
	}
	var n int
	if err := w.conn.QueryRowContext(ctx, "SELECT count(*) FROM doubt WHERE source = ? AND stream = ?", w.source, ofPages).Scan(&n); err != nil || n > contradictions {
		return err
	}
	if n == contradictions {
		place, what = "pages", fmt.Sprintf("there are more than %d that exports contradict each other about", contradictions)
	}
	_, err := w.conn.ExecContext(ctx, "INSERT OR REPLACE INTO doubt (source, place, what, batch, stream) VALUES (?, ?, ?, 0, ?)", w.source, place, what, ofPages)
	return err
}
