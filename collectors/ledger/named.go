// Finding single records: an issue by what it is called, and the pages that may be about it, without
// reading all of them.

package ledger

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

// Called are the issues with that key, or that had it once, by tracker and id. Upper and lower case of
// the Latin letters are the same.
func (l *Ledger) Called(ctx context.Context, key string) ([]record.Issue, error) {
	return some(ctx, l, &issueKind, `SELECT rowid, body FROM issue WHERE rowid IN (
			SELECT rowid FROM issue WHERE key = ?1 COLLATE NOCASE
			UNION ALL SELECT i.rowid FROM alias AS a CROSS JOIN issue AS i ON i.tracker = a.tracker AND i.id = a.id WHERE a.key = ?1 COLLATE NOCASE)
		ORDER BY tracker, id`, key)
}

// Issue is the issue of that tracker and id; false where there is none.
func (l *Ledger) Issue(ctx context.Context, ref record.Ref) (record.Issue, bool, error) {
	found, err := some(ctx, l, &issueKind, "SELECT rowid, body FROM issue WHERE tracker = ? AND id = ?", ref.Tracker, ref.ID)
	if err != nil || len(found) == 0 {
		return record.Issue{}, false, err
	}
	return found[0], true, nil
}

// Keys are the keys of all issues, sorted without regard to case.
func (l *Ledger) Keys(ctx context.Context) ([]string, error) {
	return collect(ctx, l, "keys", func(s *string) []any { return []any{s} }, "SELECT key FROM issue WHERE key IS NOT NULL ORDER BY key COLLATE NOCASE")
}

// PagesAbout are the pages that may be about an issue, in the order in which they were first saved: those
// that name one of its names (keys, addresses) anywhere, those whose id or address is in what is said
// there of pages (links, fields), and those that any of them became part of. They are more than are about
// it; which of them are, is the analysis's to say.
func (l *Ledger) PagesAbout(ctx context.Context, names, said []string) ([]record.Page, error) {
	var keys, ids []string
	for _, n := range names {
		last := ""
		marks(strings.TrimSpace(n), true, func(m string) { last = m })
		if last != "" {
			keys = append(keys, last)
		}
	}
	for _, s := range said {
		if s = strings.TrimSpace(s); s == "" || len(s) > longestSaid {
			continue
		}
		ids = append(ids, s)
		if strings.Contains(s, "://") {
			keys = append(keys, strings.TrimRight(s, "/"))
			ids = slices.AppendSeq(ids, strings.FieldsFuncSeq(s, func(r rune) bool { return r == '/' || r == '#' || r == '?' }))
		}
	}
	if len(keys)+len(ids) == 0 {
		return nil, nil
	}
	seen := map[record.Ref]bool{}
	var found []record.Ref
	take := func(query string, args ...any) error {
		refs, err := collect(ctx, l, "pages", func(r *record.Ref) []any { return []any{&r.Tracker, &r.ID} }, query, args...)
		for _, r := range refs {
			if !seen[r] {
				seen[r] = true
				found = append(found, r)
			}
		}
		return err
	}
	if err := take("SELECT tracker, id FROM page_name WHERE name IN (SELECT value FROM json_each(?))", jsonList(keys)); err != nil {
		return nil, err
	}
	// From each tracker to the next: there are few of them, and DISTINCT would walk over every page.
	if err := take(`WITH RECURSIVE pager (tracker) AS (SELECT min(tracker) FROM page
			UNION ALL SELECT (SELECT min(tracker) FROM page WHERE tracker > pager.tracker) FROM pager WHERE pager.tracker IS NOT NULL)
		SELECT p.tracker, p.id FROM pager CROSS JOIN json_each(?) AS said CROSS JOIN page AS p ON p.tracker = pager.tracker AND p.id = said.value`, jsonList(ids)); err != nil {
		return nil, err
	}
	var pages []record.Page
	for done := 0; done < len(found); done++ {
		p, err := some(ctx, l, &pageKind, "SELECT rowid, body FROM page WHERE tracker = ? AND id = ?", found[done].Tracker, found[done].ID)
		if err != nil {
			return nil, err
		}
		pages = append(pages, p...)
		for i := range p {
			if into := p[i].MergedInto; into != "" {
				if err := take("SELECT tracker, id FROM page WHERE tracker = ? AND id = ?", p[i].Tracker, into); err != nil {
					return nil, err
				}
			}
			if byNumber(&p[i]) {
				if err := take("SELECT tracker, id FROM page WHERE tracker = ? AND number = ?", p[i].Tracker, p[i].Number); err != nil {
					return nil, err
				}
			}
		}
	}
	if len(pages) < 2 {
		return pages, nil
	}
	order := map[record.Ref]int64{}
	for _, p := range pages {
		var row int64
		if err := l.db.QueryRowContext(ctx, "SELECT rowid FROM page WHERE tracker = ? AND id = ?", p.Tracker, p.ID).Scan(&row); err != nil {
			return nil, l.fail("read pages", err)
		}
		order[p.Ref] = row
	}
	slices.SortFunc(pages, func(a, b record.Page) int { return int(order[a.Ref] - order[b.Ref]) })
	return pages, nil
}

// longestSaid is how long a text may be that is taken for an address or an id, in bytes.
const longestSaid = 2000

// jsonList is a list of texts as SQLite reads it.
func jsonList(texts []string) string {
	b, _ := json.Marshal(texts) // texts can always be written
	if texts == nil {
		return "[]"
	}
	return string(b)
}

// some reads the records that a query gives the rows and bodies of.
func some[T any](ctx context.Context, l *Ledger, k *kind[T], query string, args ...any) ([]T, error) {
	var found []T
	for r, err := range walk(ctx, l, k, query, args...) {
		if err != nil {
			return nil, err
		}
		found = append(found, r)
	}
	return found, nil
}

const nameSQL = "INSERT OR IGNORE INTO page_name (name, tracker, id) VALUES (?, ?, ?)"

// numbersSQL makes the index that finds the other pages of a page's number. They are asked for of pages that an
// export knew by nothing else, so a ledger has it from the first of those on: most never have one, and an index
// is a fifth of what it costs to save a page.
const numbersSQL = "CREATE INDEX IF NOT EXISTS page_number ON page (tracker, number)"

// byNumber says whether an export knew a page by its number only: "pagerduty-7" (see collectors/paging).
func byNumber(p *record.Page) bool {
	return p.Number != "" && strings.HasSuffix(p.ID, "-"+p.Number)
}

// savePage saves what follows from a page.
func savePage(ctx context.Context, w *writer, p *record.Page) error {
	if err := saveContradiction(ctx, w, p); err != nil {
		return err
	}
	return savePageNames(ctx, w, p)
}

// savePageNames notes what a page may name of issues, and its own address where that does not lead to its
// id. A name that it no longer has stays: what is found by it is looked at again. It also sees to it that
// pages can be found by their numbers, where that is asked.
func savePageNames(ctx context.Context, w *writer, p *record.Page) error {
	var err error
	if byNumber(p) && !w.numbered {
		_, err = w.numbers.ExecContext(ctx)
		w.numbered = err == nil
	}
	add := func(name string) {
		if err == nil {
			_, err = w.names.ExecContext(ctx, name, p.Tracker, p.ID)
		}
	}
	marks(p.Title, strings.Contains(p.Title, "://") || strings.Contains(p.Title, "#"), add)
	for _, s := range p.Issues {
		marks(strings.TrimSpace(s), true, add)
	}
	if at := strings.TrimRight(strings.TrimSpace(p.URL), "/"); at != "" && !leadsTo(at, p.ID) {
		add(at)
	}
	return err
}

// leadsTo says whether an id is a part of an address.
func leadsTo(address, id string) bool {
	for s := range strings.FieldsFuncSeq(address, func(r rune) bool { return r == '/' || r == '#' || r == '?' }) {
		if s == id {
			return true
		}
	}
	return false
}

// marks finds the words of a text that an issue's key or address could end in: SUP-12 and INC0012, and of
// a number behind a slash or a # also the word before it: ORDERS#7, ISSUES/7. They are in capitals. Of a
// text that only may speak of issues, such as the title of an alert, they are the words that look like the
// keys that Jira gives: hardly any title has one.
func marks(text string, meant bool, add func(string)) {
	before, upTo := "", 0 // the last word and its end
	for i := 0; i < len(text); i++ {
		if !wordly(text[i]) {
			continue
		}
		from, digits, others, hyphened := i, false, false, false
		for ; i < len(text) && wordly(text[i]); i++ {
			switch c := text[i]; {
			case c >= '0' && c <= '9':
				digits = true
				hyphened = hyphened || i > from && text[i-1] == '-'
			default:
				others = true
			}
		}
		word := text[from:i]
		switch {
		case !digits:
		case !others && len(word) == len(text):
			add(word)
		case !others:
			if meant && upTo > 0 && upTo == from-1 && (text[upTo] == '/' || text[upTo] == '#') {
				add(strings.ToUpper(before + text[upTo:from] + word))
			}
		case meant, hyphened && word[0] >= 'A' && word[0] <= 'Z':
			add(strings.ToUpper(word))
		}
		before, upTo = word, i
	}
}

func wordly(c byte) bool {
	return c == '-' || c == '_' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}
