package site

// The search: an index that the browser builds when somebody first searches, from one file of titles,
// headings and summaries. Of postmortems, which people search by what they remember of them, it holds
// all the words. It is a script and not a fetched file, so it works from file:// too.

import (
	"io"
	"strings"

	"github.com/firebreak/firebreak/analysis"
)

// doc is an entry as the search knows it. The names are short because there are thousands.
type doc struct {
	Place string `json:"p"`
	Title string `json:"t"`
	Text  string `json:"x,omitempty"`
	Kind  string `json:"k"`
}

func (b *builder) index(place, title, text, kind string) {
	b.docs = append(b.docs, doc{place, title, text, kind})
}

// indexText takes a text by its title, headings and summary.
func (b *builder) indexText(t *text, kind string) {
	var words strings.Builder
	words.WriteString(t.summary)
	for _, h := range t.heads {
		words.WriteString(" ")
		words.WriteString(h.Title)
	}
	b.index(t.place, t.title, words.String(), kind)
}

// mostIndexed is how many items the search holds before it keeps to those that are open or recent:
// beyond it, a phone takes seconds to build the index.
const mostIndexed = 5000

// recent is how long after its last change an item is still found in a large wiki.
const recent = 90 * 24 * 3600 * 1e9

func (b *builder) indexItems() {
	for _, it := range b.report.Items {
		if len(b.report.Items) > mostIndexed && !it.Open() && int64(b.report.AsOf)-int64(it.Changed) > recent {
			continue
		}
		if len(b.docs) > 4*mostIndexed {
			return
		}
		b.index(b.itemPlace(it), it.Key+" "+short(it.Title, 160), "", analysisKind(it))
	}
}

func analysisKind(it *analysis.Item) string {
	if it.Open() {
		return it.Class().Title()
	}
	return it.Class().Title() + ", done"
}

// search puts the index.
func (b *builder) search() error {
	docs := b.docs
	b.tree.long("search-index.js", func(w io.Writer) error {
		out := []byte("self.firebreakIndex=[")
		for i := range docs {
			if i > 0 {
				out = append(out, ',')
			}
			var err error
			if out, err = appendJSON(out, &docs[i]); err != nil {
				return err
			}
			if len(out) > 64<<10 {
				if _, err := w.Write(out); err != nil {
					return err
				}
				out = out[:0]
			}
		}
		_, err := w.Write(append(out, "];\n"...))
		return err
	})
	return nil
}
