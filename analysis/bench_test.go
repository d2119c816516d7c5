//go:build unix

package analysis

// Judging at size: issues that are already decoded, eight changes each, by the sample's policy.
//
//	go test ./analysis -run '^$' -bench Analysis -benchtime 1x
//
// cpu-s is the processor time of the whole process, user and system, which is more than the time it
// takes where both cores are used. The issues count as already decoded, so what making them costs is
// taken off: they are made once before, for nobody, and that time is told as making-s. B/issue is what
// is alive of the report when it is done, with the texts that it keeps. A hundred thousand issues and a
// million are asked for: FIREBREAK_BENCH_100K=1.

import (
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

func BenchmarkAnalysis(b *testing.B) {
	text, err := os.ReadFile("../content/policy.yaml")
	if err != nil {
		b.Fatal(err)
	}
	policy, complaints := ReadPolicy("policy.yaml", text)
	if policy == nil {
		b.Fatal(complaints)
	}
	for _, issues := range []int{10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprintf("%d-issues", issues), func(b *testing.B) {
			if issues > 10_000 && os.Getenv("FIREBREAK_BENCH_100K") == "" {
				b.Skip("set FIREBREAK_BENCH_100K=1 for a hundred thousand issues and a million")
			}
			horizon := record.At(time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC))
			in := Input{Policy: policy, Issues: decoded(issues),
				Sources: []SourceState{{Name: "tickets", Tracker: "tickets", Kind: "jira", Horizon: horizon}}}
			spent := processor(b)
			for range in.Issues {
			}
			making := processor(b) - spent
			before := alive()
			b.ReportAllocs()
			var r *Report
			spent = processor(b)
			for b.Loop() {
				r = Run(in)
			}
			b.ReportMetric((processor(b)-spent)/float64(b.N)-making, "cpu-s")
			b.ReportMetric(making, "making-s")
			b.ReportMetric(float64(alive()-before)/float64(issues), "B/issue")
			if len(r.Items) != issues {
				b.Fatalf("%d items of %d issues", len(r.Items), issues)
			}
			runtime.KeepAlive(r)
			runtime.KeepAlive(in) // or the room that issues are made in would count as won
		})
	}
}

// alive is how much memory is in use, in bytes.
func alive() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// processor is the processor time that this process has taken, in seconds.
func processor(b *testing.B) float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// decoded are issues as a ledger gives them, five years of tickets with eight changes each. Some dozens in
// a row have lived the same life, which was decoded before; a key, an address and a title are of their own,
// so that what the report keeps of them is theirs alone.
func decoded(n int) iter.Seq[record.Issue] {
	begin := record.At(time.Date(2021, 10, 1, 8, 0, 0, 0, time.UTC))
	lives := make([]record.Issue, min(n, 16384))
	step := time.Duration(int64(5*365*24*time.Hour) / int64(len(lives)))
	random := rand.New(rand.NewPCG(1, 1))
	for i := range lives {
		lives[i] = model(random, begin.Add(time.Duration(i)*step))
	}
	return func(yield func(record.Issue) bool) {
		for i := range n {
			is := lives[i*len(lives)/n]
			is.ID = strconv.Itoa(10_000_000 + i) // in the order of their ids, as a ledger gives them
			c := is.Copies[0]
			c.Key = "SUP-" + strconv.Itoa(i+1)
			c.URL = "https://tickets.example/browse/" + c.Key
			c.Title = "Orders are not printed at the store " + strconv.Itoa(i%5000)
			is.Copies = []record.Copy{c}
			if !yield(is) {
				return
			}
		}
	}
}

// model is an issue created at an instant.
func model(random *rand.Rand, created record.Instant) record.Issue {
	pick := func(of ...string) string { return of[random.IntN(len(of))] }
	priority := func() string { return pick("Blocker", "Critical", "Major", "Minor", "Trivial") }
	who := record.Person{Account: pick("mlindqvist", "tokafor", "ravim", "inesduarte", "owenbrandt")}
	was, is := priority(), priority()
	at := created
	var changes []record.Change
	change := func(within time.Duration, field, from, to string) {
		at = at.Add(time.Duration(random.IntN(int(within/time.Minute))+1) * time.Minute)
		changes = append(changes, record.Change{At: at, By: who, Field: field, From: from, To: to})
	}
	change(24*time.Hour, record.FieldAssignee, "", who.Account)
	change(24*time.Hour, record.FieldPriority, was, is)
	change(48*time.Hour, record.FieldStatus, "New", "In Progress")
	change(48*time.Hour, record.FieldLabel, "", "portal")
	change(96*time.Hour, record.FieldStatus, "In Progress", "Needs info")
	change(96*time.Hour, record.FieldStatus, "Needs info", "In Progress")
	c := record.Copy{
		Parts: record.HasURL<<1 - 1, Created: created, Project: "SUP", Text: "It happens since this morning.",
		Type:     pick("Bug", "Bug", "Support Request", "Support Request", "Story", "Story", "Task", "Incident"),
		Priority: is, Reporter: record.Person{Account: "desk"}, Assignees: []record.Person{who}, Labels: []string{"portal"},
		Components: []string{pick("gw", "checkout-web", "fax-out", "partner-api", "menus")},
		Fields:     map[string][]string{"customer": {pick("store 1", "store 2", "store 3", "store 4", "store 5", "store 6")}},
	}
	if random.IntN(50) == 0 { // one in fifty stays open
		change(96*time.Hour, record.FieldStatus, "In Progress", "In Review")
		change(9*time.Hour, record.FieldLabel, "", "sev3")
		c.Status.Name, c.Labels = "In Review", []string{"portal", "sev3"}
	} else {
		change(9*time.Hour, record.FieldResolution, "", "Done")
		change(96*time.Hour, record.FieldStatus, "In Progress", "Done")
		c.Status.Name, c.Resolution, c.Closed = "Done", "Done", at
	}
	c.Updated = at
	return record.Issue{
		Ref: record.Ref{Tracker: "tickets"}, Changes: changes, HistoryTo: math.MaxInt64, CommentsTo: math.MaxInt64, WorklogsTo: math.MaxInt64,
		Comments: []record.Comment{{ID: "1", At: created.Add(time.Hour), By: who}},
		Copies:   []record.Copy{c},
	}
}
