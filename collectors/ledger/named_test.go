package ledger

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"testing"

	"github.com/firebreak/firebreak/collectors/record"
)

func TestAnIssueIsFoundByWhateverItWasCalled(t *testing.T) {
	l := openNew(t)
	one := func(tracker, id, key string, aliases ...string) record.Issue {
		return record.Issue{Ref: record.Ref{Tracker: tracker, ID: id}, Aliases: aliases, Copies: []record.Copy{{Parts: record.HasCore, Key: key, Created: 1}}}
	}
	mustSave(t, l, record.Batch{Issues: []record.Issue{one("a", "1", "SUP-1", "OLD-7"), one("a", "2", "SUP-2"), one("b", "9", "sup-1"), one("b", "3", "Acme/orders#7")}})
	for key, want := range map[string][]string{
		"SUP-1": {"a:1", "b:9"}, "sup-2": {"a:2"}, "old-7": {"a:1"}, "acme/Orders#7": {"b:3"}, "SUP-11": nil, "SUP-%": nil, "": nil,
	} {
		found, err := l.Called(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, is := range found {
			got = append(got, is.Ref.String())
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", key, got, want)
		}
	}
	if is, ok, err := l.Issue(t.Context(), record.Ref{Tracker: "a", ID: "2"}); !ok || err != nil || is.Copies[0].Key != "SUP-2" {
		t.Error(is, ok, err)
	}
	if _, ok, err := l.Issue(t.Context(), record.Ref{Tracker: "b", ID: "2"}); ok || err != nil {
		t.Error(ok, err)
	}
	if keys, err := l.Keys(t.Context()); !slices.Equal(keys, []string{"Acme/orders#7", "SUP-1", "sup-1", "SUP-2"}) && !slices.Equal(keys, []string{"Acme/orders#7", "sup-1", "SUP-1", "SUP-2"}) || err != nil {
		t.Error(keys, err)
	}
}

// somePages are what pagers say, and of each by what it must be found.
func somePages() []record.Page {
	p := func(id string) record.Page {
		return record.Page{Ref: record.Ref{Tracker: "pager", ID: id}, Triggered: 1}
	}
	title, field, address, github, lower := p("T1"), p("F1"), p("A1"), p("G1"), p("L1")
	title.Title = "Queue stands still (SUP-12), see runbook"
	field.Issues = []string{"sup-12"}
	address.Title = "look at https://jira.example/browse/SUP-12?x=1#top."
	github.Issues = []string{"https://github.com/acme/orders/issues/7"}
	lower.Title = "host sup-12 is slow; 12 of 13"
	own := p("Q1")
	own.URL = "https://pager.example/show?who=me"
	into, last, short, long := p("I1"), p("I2"), p("pagerduty-44"), p("PXYZ")
	into.MergedInto, last.Number = "I2", "3"
	into.Title = "SUP-99"
	short.Number, long.Number = "44", "44"
	short.Issues = []string{"INC0010023"}
	return []record.Page{title, field, address, github, lower, own, long, into, last, short}
}

func TestPagesAreFoundByWhatTheySay(t *testing.T) {
	for name, open := range map[string]func(*testing.T) *Ledger{
		"saved": func(t *testing.T) *Ledger { return openNew(t) },
		"there before names were kept": func(t *testing.T) *Ledger { // saved under the schema before
			path := filepath.Join(t.TempDir(), "ledger.db")
			l := openAt(t, path)
			mustSave(t, l, record.Batch{Pages: somePages()})
			if err := l.Close(); err != nil {
				t.Fatal(err)
			}
			if _, err := rawDB(t, path).Exec(beforeV4 + `DROP TABLE page_name; DROP INDEX page_number; DROP INDEX alias_key;
				DROP INDEX issue_key; CREATE INDEX issue_key ON issue (key); PRAGMA user_version = 2`); err != nil {
				t.Fatal(err)
			}
			l, err := OpenToRead(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { l.Close() })
			return l
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := open(t)
			if name == "saved" {
				mustSave(t, l, record.Batch{Pages: somePages()})
			}
			for _, c := range []struct {
				names, said []string
				want        []string
			}{
				{names: []string{"SUP-12", "https://jira.example/browse/SUP-12"}, want: []string{"A1", "F1", "T1"}},
				{names: []string{"SUP-1"}}, {names: []string{"13"}}, {names: []string{"", "ABC"}}, {},
				{names: []string{"acme/orders#7", "https://github.com/acme/orders/issues/7"}, want: []string{"G1"}},
				{names: []string{"INC0010023"}, want: []string{"PXYZ", "pagerduty-44"}},
				{names: []string{"SUP-99"}, want: []string{"I1", "I2"}},
				{said: []string{"https://pager.example/show?who=me/", "L1"}, want: []string{"L1", "Q1"}},
				{said: []string{"https://other.example/incidents/T1/timeline"}, want: []string{"T1"}},
			} {
				pages, err := l.PagesAbout(context.Background(), c.names, c.said)
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for _, p := range pages {
					got = append(got, p.ID)
				}
				slices.Sort(got)
				if !slices.Equal(got, c.want) {
					t.Errorf("%q, said %q: %v, want %v", c.names, c.said, got, c.want)
				}
			}
		})
	}
}

// Most pagers tell the id of every page, and an index of numbers would cost each of them a fifth more.
func TestNumbersHaveAnIndexFromThePageOnThatNeedsIt(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	l := openAt(t, path)
	page := func(id, number, title string) record.Page {
		return record.Page{Ref: record.Ref{Tracker: "pager", ID: id}, Number: number, Title: title, Triggered: 1}
	}
	save := func(wrong bool, pages ...record.Page) {
		t.Helper()
		b := record.Batch{Pages: pages}
		if wrong {
			b.Shifts = []record.Shift{{}}
		}
		if err := l.Save(t.Context(), "s", b); (err != nil) != wrong {
			t.Fatal(err)
		}
	}
	indexed := func(want bool, when string) {
		t.Helper()
		var got bool
		if err := rawDB(t, path).QueryRow("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'page_number')").Scan(&got); err != nil || got != want {
			t.Errorf("%s: %v, %v, want %v", when, got, err, want)
		}
	}
	save(false, page("PA", "7", ""), page("P-8x", "8", ""), page("P-", "", ""))
	indexed(false, "each page has an id of its own")
	save(true, page("pagerduty-7", "7", "SUP-1"))
	indexed(false, "a batch that was not saved")
	save(false, page("pagerduty-7", "7", "SUP-1"))
	indexed(true, "a page known by its number")
	save(false, page("pagerduty-8", "8", "SUP-2"), page("PB", "7", ""))
	l.Close()
	l = openAt(t, path)
	save(false, page("pagerduty-9", "9", "SUP-3"), page("PC", "9", ""))
	for key, want := range map[string]int{"SUP-1": 3, "SUP-2": 2, "SUP-3": 2} {
		if pages, err := l.PagesAbout(t.Context(), []string{key}, nil); len(pages) != want || err != nil {
			t.Errorf("%s: %v, %v, want %d", key, pages, err, want)
		}
	}
}

func TestALedgerIsReadWhileAnotherFirebreakHasIt(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	if _, err := OpenToRead(t.Context(), path); !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	writer := openAt(t, path)
	mustSave(t, writer, record.Batch{Pages: somePages()})
	reader, err := OpenToRead(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if _, pages, err := reader.Count(t.Context()); pages != len(somePages()) || err != nil {
		t.Error(pages, err)
	}
	if err := reader.Save(t.Context(), "s", record.Batch{}); err == nil {
		t.Error("a reader saved")
	}
	if err := reader.Close(); err != nil {
		t.Error(err)
	}
	mustSave(t, writer, record.Batch{Issues: []record.Issue{{Ref: record.Ref{Tracker: "a", ID: "1"}}}})
}
