package main

// The benchmarks' pages: as many as wanted over three years, in reports of a month's size as a large account
// exports them, each drawn on its own like the issues of bench.go.

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// pagesPerFile stays under the 20,000 rows at which the pager ends a report without a word.
const pagesPerFile = 19_000

// pages writes n pages into a folder.
func (b *bench) pages(dir string, n int) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	for from := 0; from < n; from += pagesPerFile {
		f, err := os.Create(filepath.Join(dir, fmt.Sprintf("pages-%04d.csv", from/pagesPerFile+1)))
		if err != nil {
			return err
		}
		c := csv.NewWriter(f)
		c.Write(strings.Split(pagerHeader, ","))
		for i := from; i < min(from+pagesPerFile, n); i++ {
			c.Write(b.page(i, n).row(b.cal.to))
		}
		c.Flush()
		if err := c.Error(); err != nil {
			return err
		}
		if err := f.Close(); err != nil {
			return err
		}
	}
	return nil
}

// page draws page i of n. Of ten, two resolve by themselves, one is never acknowledged, and one names an issue.
func (b *bench) page(i, n int) *page {
	r := b.r
	s := services[r.below(len(services))]
	for len(s.fires) == 0 {
		s = services[r.below(len(services))]
	}
	from := b.cal.to - benchYears*365*day
	p := &page{id: pageID(r), number: i + 1, service: s, at: from + (b.cal.to-from)*int64(i)/int64(n), low: r.chance(300)}
	p.title = fill(r, of(r, s.fires).alert, 0) + fmt.Sprintf(", %d on %s-%02d", r.below(5000), s.id, r.below(40))
	if r.chance(100) {
		p.title += fmt.Sprintf(" (SUP-%d)", r.between(1, 10_000))
	}
	p.assigned = []*member{of(r, b.team)}
	p.resolved = p.at + int64(r.around(2400))
	switch r.below(10) {
	case 0: // nobody answered
		p.escalated = r.between(1, 3)
		p.resolvedBy = p.assigned[0].account
	case 1, 2:
		p.auto = true
	default:
		p.acked, p.by = p.at+min(int64(r.around(240)), p.resolved-p.at), p.assigned[0]
		p.resolvedBy = p.by.account
	}
	return p
}
