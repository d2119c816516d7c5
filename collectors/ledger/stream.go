// The streams of live services: what each of them delivered and lost, and what is doubted of it.

package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// Delivered are the ids of the issues that a stream of the source delivered and has not lost since,
// sorted. With stream "" it is the names of the source's streams that have any, sorted.
func (l *Ledger) Delivered(ctx context.Context, source, stream string) ([]string, error) {
	one := func(s *string) []any { return []any{s} }
	if stream != "" {
		return collect(ctx, l, "what was delivered", one,
			"SELECT DISTINCT id FROM delivered WHERE source = ? AND stream = ? ORDER BY id", source, stream)
	}
	// From each name to the next: DISTINCT would walk over every issue of a source that has few streams.
	return collect(ctx, l, "the streams", one, `WITH RECURSIVE list (name) AS (
			SELECT min(stream) FROM delivered WHERE source = ?1
			UNION ALL SELECT (SELECT min(stream) FROM delivered WHERE source = ?1 AND stream > name) FROM list WHERE name IS NOT NULL)
		SELECT name FROM list WHERE name IS NOT NULL`, source)
}

// stream notes what the batch's stream delivered and what it lost, ends the doubts that are settled by
// that, and gives the lost issues that nobody else delivers: those are gone.
func (w *writer) stream(ctx context.Context, source string, b *record.Batch) (gone []record.Ref, err error) {
	for from := 0; from < len(b.Issues); {
		ids, tracker := []string(nil), b.Issues[from].Tracker
		for ; from < len(b.Issues) && b.Issues[from].Tracker == tracker; from++ {
			ids = append(ids, b.Issues[from].ID)
		}
		list, err := json.Marshal(ids)
		if err != nil {
			return nil, err
		}
		if _, err := w.came.ExecContext(ctx, source, b.Stream, tracker, string(list)); err != nil {
			return nil, err
		}
	}
	for _, ref := range b.Gone {
		if _, err := w.conn.ExecContext(ctx, "DELETE FROM delivered WHERE source = ? AND stream = ? AND tracker = ? AND id = ?",
			source, b.Stream, ref.Tracker, ref.ID); err != nil {
			return nil, err
		}
		var elsewhere bool
		if err := w.conn.QueryRowContext(ctx, elsewhereSQL, source, ref.Tracker, ref.ID).Scan(&elsewhere); err != nil {
			return nil, err
		}
		if !elsewhere {
			gone = append(gone, ref)
		}
	}
	return gone, w.settle(ctx, source, b)
}

// elsewhereSQL asks whether another list still has an issue. A source that was not read since the run
// before the source's last is none any more: it was renamed, or taken out of firebreak.yaml, and what it
// had must not keep alive what nobody has. (Runs go side by side, so its latest may have begun a little
// before the source's last.) Every stream of the source itself counts.
const elsewhereSQL = `SELECT EXISTS (SELECT 1 FROM delivered AS d WHERE tracker = ?2 AND id = ?3 AND (source = ?1
	OR coalesce((SELECT max(id) FROM run WHERE source = d.source), 9223372036854775807)
		>= coalesce((SELECT min(id) FROM (SELECT id FROM run WHERE source = ?1 ORDER BY id DESC LIMIT 3)), 0)))`

// A doubt of a stream has the place "stream:KEY" or "stream:request".
//
// An issue that does not change is not read again, so a doubt about it lasts until it is: until the
// stream delivers the issue again, or loses it. A doubt about anything else is raised anew by each run
// that has cause to, and ends with the next complete run.

// doubted is the issue that the place of a doubt names: its id where the stream delivers it or ever did,
// else its key; "" where it names none.
func (w *writer) doubted(ctx context.Context, source, place string, b *record.Batch) (string, error) {
	rest, ok := strings.CutPrefix(place, b.Stream+":")
	if !ok || b.Stream == "" || rest == b.Stream { // of the stream as a whole, or of another one
		return "", nil
	}
	key, _, _ := strings.Cut(rest, " ")
	key, _, _ = strings.Cut(key, ":")
	for i := range b.Issues {
		if slices.Contains(names(&b.Issues[i]), key) {
			return b.Issues[i].ID, nil
		}
	}
	if !isKey(key) {
		return "", nil
	}
	var id string
	err := w.conn.QueryRowContext(ctx, `SELECT i.id FROM issue AS i JOIN delivered AS d ON d.tracker = i.tracker AND d.id = i.id
		WHERE i.key = ?1 COLLATE NOCASE AND i.key = ?1 AND d.source = ?2 AND d.stream = ?3`, key, source, b.Stream).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return key, nil
	}
	return id, err
}

// isKey says whether a word is what trackers call an issue by: SUP-12, acme/orders#7. A request is not:
// GET /rest/api/3/search.
func isKey(s string) bool {
	n := len(s)
	for n > 0 && '0' <= s[n-1] && s[n-1] <= '9' {
		n--
	}
	return 1 < n && n < len(s) && (s[n-1] == '-' || s[n-1] == '#')
}

// names is all that an issue may be called.
func names(is *record.Issue) []string {
	list := append([]string{is.ID}, is.Aliases...)
	for i := range is.Copies {
		list = append(list, is.Copies[i].Key)
	}
	return list
}

// settle ends the doubts about issues that the batch's stream has delivered again, or lost. Most nights
// there are none, and this is one question.
func (w *writer) settle(ctx context.Context, source string, b *record.Batch) error {
	open, err := w.openDoubts(ctx, source, b.Stream)
	if err != nil || len(open) == 0 {
		return err
	}
	var settled []string
	for i := range b.Issues {
		settled = append(settled, names(&b.Issues[i])...)
	}
	for _, ref := range b.Gone {
		settled = append(settled, ref.ID)
	}
	for _, name := range settled {
		if !open[name] {
			continue
		}
		if _, err := w.conn.ExecContext(ctx, "DELETE FROM doubt WHERE source = ? AND stream = ? AND issue = ?", source, b.Stream, name); err != nil {
			return err
		}
	}
	return nil
}

// openDoubts are the issues that there are doubts about.
func (w *writer) openDoubts(ctx context.Context, source, stream string) (map[string]bool, error) {
	rows, err := w.conn.QueryContext(ctx, "SELECT DISTINCT issue FROM doubt WHERE source = ? AND stream = ? AND issue IS NOT NULL", source, stream)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	open := make(map[string]bool)
	for rows.Next() {
		var issue string
		if err := rows.Scan(&issue); err != nil {
			return nil, err
		}
		open[issue] = true
	}
	return open, rows.Err()
}

// unheard is how long a doubt about an issue that was never delivered stands without being raised anew.
// Such an issue is asked for with each roll call, once a week, and is not there any more when three of
// them have passed in silence.
const unheard = 22 * 24 * time.Hour

// endDoubts ends the doubts of streams that a complete run, whose first batch is given, has not raised
// anew. That there are more of them than are kept is true as long as the limit is reached.
func (w *writer) endDoubts(ctx context.Context, source string, at record.Instant, first int64) error {
	if _, err := w.conn.ExecContext(ctx, `DELETE FROM doubt WHERE source = ?1 AND stream NOT IN ('', '`+ofPages+`') AND issue IS NULL AND batch < ?2
		AND (place <> '' OR (SELECT count(*) FROM doubt WHERE source = ?1) <= ?3)`, source, first, doubtLimit); err != nil {
		return err
	}
	_, err := w.conn.ExecContext(ctx, `DELETE FROM doubt WHERE source = ?1 AND stream <> '' AND issue IS NOT NULL
		AND batch < (SELECT first_batch FROM run WHERE source = ?1 AND started < ?2 ORDER BY id DESC LIMIT 1)
		AND NOT EXISTS (SELECT 1 FROM delivered AS d WHERE d.source = ?1 AND d.stream = doubt.stream AND d.id = doubt.issue)`,
		source, int64(at.Add(-unheard)))
	return err
}
