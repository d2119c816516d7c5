// What saving and reading cost. The issues are like those of a busy Jira project: forty changes by six people, ten
// comments, a description; about 15 KB of JSON each.

package ledger

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/firebreak/firebreak/collectors/record"
)

// busyIssue is the n-th of an endless project.
func busyIssue(n int) record.Issue {
	created := record.Instant(1_600_000_000_000_000_000 + int64(n)*3_600_000_000_000)
	statuses := []string{"Open", "In Progress", "Review", "Needs info", "Closed"}
	who := func(i int) record.Person {
		k := (n*7 + i%6*5) % 40
		return record.Person{Account: fmt.Sprintf("5b10ac8d82e05b22cc7d4e%02d", k), Name: fmt.Sprintf("Member Number %d", k)}
	}
	is := record.Issue{Ref: record.Ref{Tracker: "tickets", ID: fmt.Sprint(100_000 + n)}}
	at := created
	for i := range 40 {
		at = at.Add(3_723_456_000_000)
		c := record.Change{ID: fmt.Sprintf("%d:%d", 1_000_000+n*40+i, i%3), At: at, By: who(i)}
		switch i % 4 {
		case 0:
			f, t := i%5, (i+1)%5
			c.Field, c.From, c.To, c.FromID, c.ToID = record.FieldStatus, statuses[f], statuses[t], fmt.Sprint(10000+f), fmt.Sprint(10000+t)
		case 1:
			c.Field, c.From, c.To = record.FieldAssignee, who(i+1).Account, who(i+2).Account
		case 2:
			c.Field, c.To = record.FieldLabel, fmt.Sprintf("label-%d", (n+i)%200)
		case 3:
			c.Field, c.From, c.To = record.FieldPriority, "Major", "Minor"
		}
		is.Changes = append(is.Changes, c)
	}
	for i := range 10 {
		is.Comments = append(is.Comments, record.Comment{ID: fmt.Sprint(500_000 + n*10 + i), At: created.Add(7_201_001_000_000 * 1), By: who(i)})
	}
	is.HistoryTo, is.CommentsTo = at, at
	is.Copies = []record.Copy{{
		Parts: record.HasCore | record.HasPriority | record.HasResolution | record.HasPeople | record.HasLabels | record.HasText | record.HasFields,
		Key:   fmt.Sprintf("SUP-%d", n+1), Project: "SUP", Title: fmt.Sprintf("Orders of customer %d are stuck in the queue", n%300),
		Text: strings.Repeat("The queue does not move. ", 40), Type: "Bug", Status: record.Status{ID: "10004", Name: "Closed", Category: record.Done},
		Priority: "Minor", Resolution: "Fixed", Created: created, Updated: at, Closed: at, Reporter: who(0), Assignees: []record.Person{who(1)},
		Labels: []string{"fax", "orders"}, Fields: map[string][]string{"customer": {fmt.Sprintf("Customer %d", n%300)}},
	}}
	return is
}

func busyIssues(from, to int) []record.Issue {
	list := make([]record.Issue, 0, to-from)
	for n := from; n < to; n++ {
		list = append(list, busyIssue(n))
	}
	return list
}

func saveAll(b testing.TB, l *Ledger, issues []record.Issue) {
	for i := 0; i < len(issues); i += 500 {
		batch := record.Batch{Issues: issues[i:min(i+500, len(issues))], Cursor: record.Cursor(fmt.Sprint(i))}
		if err := l.Save(context.Background(), "tickets", batch); err != nil {
			b.Fatal(err)
		}
	}
}

func openBench(b testing.TB, path string) *Ledger {
	l, err := Open(context.Background(), path)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { l.Close() })
	return l
}

func BenchmarkSaveNew10k(b *testing.B) {
	issues := busyIssues(0, 10_000)
	b.ReportAllocs()
	for b.Loop() {
		l := openBench(b, filepath.Join(b.TempDir(), "ledger.db"))
		saveAll(b, l, issues)
		l.Close()
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/10_000, "µs/issue")
}

// A first collection of a live service: what its stream delivers is remembered beside the issues, and a
// few of a thousand issues are doubtful.
func BenchmarkSaveStream100k(b *testing.B) {
	for _, doubts := range []int{0, 5} {
		b.Run(fmt.Sprintf("doubts=%d‰", doubts), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				l := openBench(b, filepath.Join(b.TempDir(), "ledger.db"))
				saveStream(b, l, "SUP", 100_000, doubts)
				b.StopTimer()
				if ids, err := l.Delivered(context.Background(), "tickets", "SUP"); len(ids) != 100_000 || err != nil {
					b.Fatal(len(ids), err)
				}
				l.Close()
				b.StartTimer()
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/100_000, "µs/issue")
		})
	}
	b.Run("files", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			l := openBench(b, filepath.Join(b.TempDir(), "ledger.db"))
			saveStream(b, l, "", 100_000, 0)
			b.StopTimer()
			l.Close()
			b.StartTimer()
		}
		b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/100_000, "µs/issue")
	})
}

func saveStream(b testing.TB, l *Ledger, stream string, n, doubts int) {
	for i := 0; i < n; i += 100 {
		batch := record.Batch{Stream: stream, Issues: busyIssues(i, i+100), Cursor: record.Cursor(fmt.Sprint(i))}
		for k := range batch.Issues {
			batch.Issues[k].Seen = batch.Issues[k].HistoryTo + 1
			if (i+k)%1000 < doubts {
				batch.Doubts = append(batch.Doubts, record.Doubt{Place: stream + ":" + batch.Issues[k].Copies[0].Key, What: "odd"})
			}
		}
		if err := l.Save(context.Background(), "tickets", batch); err != nil {
			b.Fatal(err)
		}
	}
}

// A pager's report, read for the first time: ids at random, one title of ten names an issue.
func BenchmarkSavePages50k(b *testing.B) {
	pages := make([]record.Page, 50_000)
	for n := range pages {
		at := record.Instant(1_600_000_000_000_000_000 + int64(n)*1_000_000_000_000)
		title := fmt.Sprintf("checkout: p95 latency above 4 s for 10 min, %d on checkout-%d", n%5000, n%40)
		if n%10 == 0 {
			title += fmt.Sprintf(" (SUP-%d)", n)
		}
		pages[n] = record.Page{Ref: record.Ref{Tracker: "pager", ID: fmt.Sprintf("Q%013X", uint64(n)*0x9e3779b97f4a7c15>>12)}, Number: fmt.Sprint(n + 1), Title: title, Service: "Checkout",
			Urgency: "high", Triggered: at, Acked: at + 153e9, Resolved: at + 3241e9, AckedBy: []record.Person{{Account: "PML4R2Q", Name: "Maya Lindqvist"}}}
	}
	b.ReportAllocs()
	for b.Loop() {
		l := openBench(b, filepath.Join(b.TempDir(), "ledger.db"))
		for i := 0; i < len(pages); i += 500 {
			if err := l.Save(context.Background(), "pager", record.Batch{Pages: pages[i : i+500]}); err != nil {
				b.Fatal(err)
			}
		}
		l.Close()
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/50_000, "µs/page")
}

// A repository that is taken off the list loses all its issues at once.
func BenchmarkBury10k(b *testing.B) {
	l := openBench(b, filepath.Join(b.TempDir(), "ledger.db"))
	batch := record.Batch{Stream: "SUP", Horizon: 1 << 62}
	for n := range 10_000 {
		batch.Gone = append(batch.Gone, record.Ref{Tracker: "tickets", ID: fmt.Sprint(100_000 + n)})
	}
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		saveStream(b, l, "SUP", 10_000, 0)
		b.StartTimer()
		if err := l.Save(context.Background(), "tickets", batch); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/10_000, "µs/issue")
}

func BenchmarkDelivered100k(b *testing.B) {
	l := openBench(b, filepath.Join(b.TempDir(), "ledger.db"))
	saveStream(b, l, "SUP", 100_000, 0)
	for _, stream := range []string{"SUP", ""} {
		b.Run("stream="+stream, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := l.Delivered(context.Background(), "tickets", stream); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkSaveUnchanged10k(b *testing.B) {
	issues := busyIssues(0, 10_000)
	l := openBench(b, filepath.Join(b.TempDir(), "ledger.db"))
	saveAll(b, l, issues)
	b.ReportAllocs()
	for b.Loop() {
		saveAll(b, l, issues)
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/10_000, "µs/issue")
}

func BenchmarkSaveChanged10k(b *testing.B) {
	issues := busyIssues(0, 10_000)
	l := openBench(b, filepath.Join(b.TempDir(), "ledger.db"))
	saveAll(b, l, issues)
	b.ReportAllocs()
	for b.Loop() {
		for i := range issues {
			issues[i].Copies[0].Updated++
		}
		saveAll(b, l, issues)
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/10_000, "µs/issue")
}

func BenchmarkRead10k(b *testing.B) {
	l := openBench(b, filepath.Join(b.TempDir(), "ledger.db"))
	saveAll(b, l, busyIssues(0, 10_000))
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		for _, err := range l.Issues(context.Background()) {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != 10_000 {
			b.Fatal(n)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/10_000, "µs/issue")
}

func BenchmarkEncode(b *testing.B) {
	is := busyIssue(1)
	var e encoder
	b.ReportAllocs()
	for b.Loop() {
		b.SetBytes(int64(len(issueKind.write(&e, &is))))
	}
}

func BenchmarkDecode(b *testing.B) {
	is := busyIssue(1)
	var e encoder
	body := issueKind.write(&e, &is)
	var d decoder
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := issueKind.read(&d, body); err != nil {
			b.Fatal(err)
		}
	}
}
