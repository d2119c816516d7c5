package site

import (
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/analysis/triage"
	"github.com/firebreak/firebreak/collectors/record"
)

// alert is a page that went off on a day of October 2026 and was acknowledged after two minutes.
func alert(t testing.TB, id, title string, day, hour int) record.Page {
	at := instant(t, fmt.Sprintf("2026-10-%02dT%02d:00:00Z", day, hour))
	return record.Page{Ref: record.Ref{Tracker: "pager", ID: id}, Number: id, Title: title, Service: "gw", Triggered: at,
		Acked: at.Add(2 * time.Minute), AckedBy: []record.Person{{Account: "mlindqvist"}}, Resolved: at.Add(20 * time.Minute), URL: "https://pager.example/incidents/" + id}
}

func withPages(pages ...record.Page) func(*analysis.Input) {
	return func(in *analysis.Input) { in.Pages = slices.Values(pages) }
}

func TestWhatAPagerSendsStaysWords(t *testing.T) {
	hostile := []string{
		`</script><script>document.title='PWNED'</script>`, `<img src=x onerror=document.title='PWNED'>`, `"><b onclick=alert(1)>`, "=cmd|' /C calc'!A0", "+1", "\tx",
		"nul \x00 and \x1b[31m escape", "broken \xff\xfe bytes", "\u202egnp.exe", strings.Repeat("ten thousand characters ", 420), "a\r\nATTENDEE:mailto:x@y.example", "javascript:alert(1)", "{{.}} ${x}", "",
	}
	var pages []record.Page
	var issues []record.Issue
	var lines []triage.Line
	for i, words := range hostile {
		p := alert(t, fmt.Sprint("P", i), words, 26+i%5, i)
		p.Number, p.URL, p.Urgency, p.Service = words, "javascript:document.title='PWNED'", words, words
		p.AckedBy = []record.Person{{Account: words, Name: words}}
		p.Events = []record.Event{{ID: "1", At: p.Triggered, Kind: record.EventTriggered, How: words}, {ID: "2", At: p.Acked, Kind: words, How: words, By: record.Person{Name: words}, To: record.Person{Name: words}}}
		if i%2 == 0 {
			is := issue(t, fmt.Sprintf("SUP-%d", i+1), "Incident", "Blocker", words, "2026-10-26T15:00:00Z")
			is.Copies[0].Components = []string{"gateway"}
			issues = append(issues, is)
			p.Issues = []string{is.Copies[0].Key}
		} else {
			p.Service = "gw"
		}
		pages = append(pages, p, func() record.Page { q := p; q.ID += "b"; q.Triggered += 3600e9; return q }()) // and back again: a mole
		lines = append(lines, triage.Line{Page: p.Ref, At: p.Triggered, Verdict: "fixed", Note: words})
	}
	lone := issue(t, "SUP-99", "Incident", "Blocker", hostile[0], "2026-10-26T05:10:00Z") // to be suggested
	lone.Copies[0].Components = []string{"gateway"}
	in := input(t, 1)
	in.Report = night(t, append(issues, lone), nil, withPages(pages...), func(in *analysis.Input) {
		in.Triage = []*triage.Week{{Week: "2026-W44", Lines: lines}}
		in.Shifts = slices.Values([]record.Shift{{Ref: record.Ref{Tracker: "pager", ID: hostile[0]}, Rota: hostile[1], Role: hostile[2], Person: record.Person{Name: hostile[0], Account: hostile[0]}, From: instant(t, "2026-10-01T00:00:00Z"), To: instant(t, "2026-12-01T00:00:00Z")}})
	})
	if len(in.Report.Suggested) == 0 || len(in.Report.Moles) == 0 || len(in.Report.Fires) == 0 {
		t.Fatalf("%d suggestions, %d moles, %d fires: nothing is tried", len(in.Report.Suggested), len(in.Report.Moles), len(in.Report.Fires))
	}
	tree := build(t, in)
	for _, f := range tree.Files {
		if strings.HasPrefix(f.Path, "static/") {
			continue
		}
		page := read(t, tree, f.Path)
		switch path.Ext(f.Path) {
		case ".html":
			soundHTML(t, tree, f.Path)
			z := html.NewTokenizer(strings.NewReader(page))
			for tt := z.Next(); tt != html.ErrorToken; tt = z.Next() {
				tok := z.Token()
				if attr(tok, "onerror")+attr(tok, "onclick") != "" || strings.HasPrefix(attr(tok, "href"), "javascript:") || tt == html.StartTagToken && tok.Data == "script" && attr(tok, "src") == "" && attr(tok, "type") != "application/json" {
					t.Errorf("%s: %v", f.Path, tok)
				}
			}
		case ".csv":
			for i, line := range strings.Split(page, "\n") {
				for _, cell := range strings.Split(line, ",") {
					if cell != "" && strings.ContainsRune("=+@\t\r", rune(cell[0])) {
						t.Errorf("%s:%d: %q is a formula", f.Path, i+1, cell)
					}
				}
			}
		case ".json":
			if strings.Contains(page, "</script") || !json.Valid([]byte(page)) {
				t.Errorf("%s is no JSON that a page could hold", f.Path)
			}
		case ".ics":
			calendar(t, page)
		}
		if strings.ContainsAny(page, "\x00\x1b") || strings.Contains(page, "\xff") {
			t.Errorf("%s holds control characters or broken bytes", f.Path)
		}
	}
}

func TestAnIncidentIsOneStoryOfAllWhoKnow(t *testing.T) {
	is := issue(t, "SUP-9", "Incident", "Blocker", "Orders stay in the queue", "2026-03-04T19:20:00Z")
	move(&is, instant(t, "2026-03-04T19:21:00Z"), "In Progress")
	move(&is, instant(t, "2026-03-05T07:00:00Z"), "Done")
	other := issue(t, "SUP-10", "Incident", "Major", "The same from another store", "2026-03-04T19:30:00Z")
	at := func(clock string) record.Instant { return instant(t, "2026-03-04T"+clock+":00Z") }
	maya, tomas := record.Person{Account: "mlindqvist"}, record.Person{Account: "tokafor"}
	p := record.Page{Ref: record.Ref{Tracker: "pager", ID: "P1"}, Number: "4711", Title: "queue age above 10 min", Service: "gw", Triggered: at("19:05"), Acked: at("19:22"), AckedBy: []record.Person{tomas}, Resolved: at("23:00"), Issues: []string{"SUP-9", "SUP-10"},
		Events: []record.Event{
			{ID: "1", At: at("19:05"), Kind: record.EventTriggered}, {ID: "2", At: at("19:05"), Kind: record.EventNotified, To: maya, How: "sms"}, {ID: "3", At: at("19:20"), Kind: record.EventEscalated, To: tomas},
			{ID: "4", At: at("19:22"), Kind: record.EventAcknowledged, By: tomas}, {ID: "5", At: at("19:40"), Kind: record.EventNoted, By: record.Person{Name: "A Vendor"}}, {ID: "6", At: at("23:00"), Kind: record.EventResolved, By: tomas},
		}}
	in := input(t, 1)
	in.Report = night(t, []record.Issue{is, other}, map[string]string{"postmortems/2026-03-fax.md": aPostmortem}, withPages(p), func(in *analysis.Input) {
		in.Policy.Escalation = []analysis.Escalate{{To: "superhero", How: "page"}, {After: 15 * time.Minute, To: "sidekick", How: "page"}, {After: time.Hour, To: "Helen Marsh", How: "phone"}}
		in.Shifts = slices.Values([]record.Shift{
			{Ref: record.Ref{Tracker: "pager", ID: "S1"}, Person: maya, Role: "superhero", From: at("10:00"), To: at("23:59")}, {Ref: record.Ref{Tracker: "pager", ID: "S2"}, Person: tomas, Role: "sidekick", From: at("10:00"), To: at("23:59")},
		})
	})
	page := read(t, build(t, in), "incidents/SUP-9/index.html")
	story := page[strings.Index(page, `<ol class="story joined">`):]
	for _, want := range []string{ // in this order
		`pager</span> Paged: <bdi>queue age`, `pager</span> Notified the superhero`, `postmortem</span> <bdi>the line goes dead`, `tracker</span> Created`, `pager</span> Escalated to the sidekick`,
		`pager</span> Acknowledged by the sidekick`, `tracker</span> <span class="detail"><bdi>SUP-10`, `pager</span> Note written by somebody outside the team`, `pager</span> Resolved by the sidekick`, `Finished`,
		`The way up`, `superhero, by page`, `sidekick, by page`, `Helen Marsh, by phone <span class="detail">not needed`,
	} {
		i := strings.Index(story, want)
		if i < 0 {
			t.Fatalf("no %q where it belongs\n%s", want, page)
		}
		story = story[i:]
	}
	if strings.Contains(page, "Tomas Okafor") || strings.Contains(page, "Maya Lindqvist") {
		t.Error("a name stands beside a cause")
	}
	if item := read(t, build(t, in), "items/tickets/SUP-9/index.html"); strings.Contains(item, "pager</span>") || !strings.Contains(item, "queue age above") {
		t.Error("the item's entry tells the tracker's story, with its pages below")
	}
}

func TestAWikiWithoutAPagerSaysSo(t *testing.T) {
	in := input(t, 1)
	in.Report = night(t, nil, nil, func(in *analysis.Input) { in.Pages, in.Shifts = nil, nil })
	tree := build(t, in)
	for place, want := range map[string]string{
		onCallPlace: "No rota is known", weekNowPlace: "Nothing is known of the pager in this week.", molesPlace: "Nothing has come back so far",
	} {
		soundHTML(t, tree, place)
		if page := read(t, tree, place); !strings.Contains(page, want) {
			t.Errorf("%s does not say %q", place, want)
		}
	}
	if page := read(t, tree, weekNowPlace); strings.Contains(page, "</b> pages") {
		t.Error("of a pager that nobody read there is no count")
	}
	if page := read(t, tree, onCallPlace); strings.Contains(page, onCallICS) || strings.Contains(page, `href="#rota"`) {
		t.Error("there is no rota to make a calendar of")
	}
}

// A storm of alerts must not become a storm of files.
func TestAStormOfPagesStaysWithinBounds(t *testing.T) {
	var pages []record.Page
	start := instant(t, "2026-10-26T08:00:00Z")
	for i := range 30_000 {
		p := alert(t, fmt.Sprint("Q", i), fmt.Sprintf("disk %d of host %d is full", i%7, i), 26, 1)
		p.Triggered, p.Acked, p.Resolved = start.Add(time.Duration(i)*10*time.Second), 0, 0
		if i%3 == 0 {
			p.Issues = []string{"SUP-1"}
		}
		pages = append(pages, p)
	}
	in := input(t, 1)
	in.Report = night(t, []record.Issue{issue(t, "SUP-1", "Incident", "Blocker", "Everything is full", "2026-10-26T15:00:00Z")}, nil, withPages(pages...))
	tree := build(t, in)
	if n := len(tree.Files); n > 300 {
		t.Errorf("%d files", n)
	}
	for _, f := range tree.Files {
		most := 600 << 10
		switch {
		case strings.HasPrefix(f.Path, "static/"), f.Path == pagesCSV, strings.HasSuffix(f.Path, "/items.csv"): // what lists all, by intent
			continue
		case f.Path == reportPlace:
			most = 2 << 20
		}
		if n := len(read(t, tree, f.Path)); n > most {
			t.Errorf("%s has %d bytes", f.Path, n)
		}
	}
	for place, want := range map[string]string{
		onCallPlace: "The newest 50 of 20000", "incidents/SUP-1/index.html": "The first 40 of 10000 pages", weekPlace("2026-W44"): "The newest 100 of 30000", reportPlace: `"unjoined_pages":20000`,
	} {
		if page := read(t, tree, place); !strings.Contains(page, want) {
			t.Errorf("%s does not say %q", place, want)
		}
	}
}

func TestTheReportTellsOfThePager(t *testing.T) {
	var got struct {
		Schema int
		Totals map[string]int
		Fires  []struct {
			Fire, Detected string
			Items, Pages   []string
		}
		Shifts []struct{ Who, Role string }
		Moles  []struct{ Title string }
		Triage []struct{ Week, Page, Verdict string }
	}
	in := input(t, 1)
	p := alert(t, "P7", "queue age above 10 min", 28, 9)
	p.Issues = []string{"SUP-1"}
	in.Report = night(t, many(t, 20), nil, withPages(p), func(in *analysis.Input) {
		in.Triage = []*triage.Week{{Week: "2026-W44", Lines: []triage.Line{{Page: p.Ref, At: p.Triggered, Verdict: "fixed"}, {Page: record.Ref{Tracker: "pager", ID: "P8"}, At: p.Triggered}}}}
	})
	if err := json.Unmarshal([]byte(read(t, build(t, in), reportPlace)), &got); err != nil {
		t.Fatal(err)
	}
	if got.Schema != 1 || len(got.Fires) == 0 || got.Totals["fires"] != len(got.Fires) || len(got.Shifts) != 2 || got.Shifts[0].Who != "Maya Lindqvist" || len(got.Triage) != 1 || got.Triage[0].Verdict != "fixed" || got.Moles == nil {
		t.Errorf("%+v", got)
	}
}

func TestAPagersWordsAreSaidInOurs(t *testing.T) {
	p := alert(t, "73d423d8dd6f3067", "queue age above 10 min", 26, 9)
	p.Number, p.Issues, p.Escalated = "", []string{"SUP-1"}, 1
	told := alert(t, "P7", "disk full", 26, 10)
	told.Issues = []string{"SUP-1"}
	told.Events = []record.Event{
		{ID: "1", At: told.Triggered, Kind: record.EventTriggered, How: "api"}, {ID: "2", At: told.Triggered, Kind: record.EventNotified, How: "push_notification"}, {ID: "3", At: told.Triggered + 1, Kind: record.EventNotified, How: "phone_notification"},
		{ID: "4", At: told.Acked, Kind: record.EventSnoozed, How: "3600"}, {ID: "5", At: told.Acked, Kind: record.EventChanged, How: "a <word> of theirs"},
	}
	in := input(t, 1)
	in.Report = night(t, []record.Issue{issue(t, "SUP-1", "Incident", "Blocker", "Orders stay", "2026-10-26T15:00:00Z")}, nil, withPages(p, told))
	page := read(t, build(t, in), "incidents/SUP-1/index.html")
	for _, want := range []string{
		"It was escalated once.", `<h3><bdi><a class="out" rel="noreferrer" href="https://pager.example/incidents/73d423d8dd6f3067">queue age above 10 min</a></bdi></h3>`,
		`>through its API<`, `>by push message<`, `>by phone<`, `>for 1 h<`, `<bdi>a &lt;word&gt; of theirs</bdi>`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s in\n%s", want, page)
		}
	}
}

// turnOf is a week's turn from a Monday of November 2026 at ten, in UTC.
func turnOf(t *testing.T, tracker, rota, role, who string, monday int) record.Shift {
	from := instant(t, fmt.Sprintf("2026-11-%02dT10:00:00Z", monday))
	return record.Shift{Ref: record.Ref{Tracker: tracker, ID: fmt.Sprint(role, monday)}, Rota: rota, Role: role, Person: record.Person{Account: who}, From: from, To: from.Add(7 * 24 * time.Hour)}
}

func TestAWeekThatNobodyHasIsTold(t *testing.T) {
	in := input(t, 1)
	in.Report = night(t, many(t, 20), nil, func(in *analysis.Input) {
		in.Shifts = slices.Values([]record.Shift{turnOf(t, "pager", "Feed", "superhero", "mlindqvist", 2), turnOf(t, "pager", "Feed", "superhero", "tokafor", 16)})
	})
	tree := build(t, in)
	const nobody = `<strong class="missed"><bdi>nobody</bdi></strong> <span class="detail">from Mon 9 Nov, 05:00 to Mon 16 Nov, 05:00</span>`
	for place, wants := range map[string][]string{
		weekNowPlace: {"<h2>Next week</h2>\n<dl><div><dt>Superhero</dt><dd>" + nobody},
		homePlace:    {"Superhero, from Mon 9 Nov, 05:00 to Mon 16 Nov, 05:00: nobody is on shift"},
		onCallPlace:  {"Nobody will answer", `Mon 9 Nov, 05:00</time></th><td data-head="To"><time datetime="2026-11-16T10:00Z">Mon 16 Nov, 05:00</time></td><td data-head="Superhero"><bdi>nobody</bdi>`},
	} {
		page := read(t, tree, place)
		for _, want := range wants {
			if !strings.Contains(page, want) {
				t.Errorf("%s does not say %s\n%s", place, want, page)
			}
		}
	}
}

func TestWhoeverIsOnlyMissedAsASidekickIsNotNobody(t *testing.T) {
	in := input(t, 1)
	in.Report = night(t, nil, nil, func(in *analysis.Input) {
		in.Shifts = slices.Values([]record.Shift{
			turnOf(t, "pager", "Feed", "superhero", "mlindqvist", 2), turnOf(t, "pager", "Feed", "superhero", "mlindqvist", 9), turnOf(t, "pager", "Feed", "superhero", "mlindqvist", 16),
			turnOf(t, "pager", "Feed", "sidekick", "tokafor", 2), turnOf(t, "pager", "Feed", "sidekick", "tokafor", 16),
		})
	})
	for i := range in.Report.Uncovered { // what lies behind the last shift is another story
		if in.Report.Uncovered[i].Role == analysis.Superhero {
			in.Report.Uncovered = slices.Delete(in.Report.Uncovered, i, i+1)
			break
		}
	}
	if page := read(t, build(t, in), onCallPlace); !strings.Contains(page, "No sidekick will be there") || strings.Contains(page, "Nobody will answer") {
		t.Error("a week without a sidekick is one in which nobody answers")
	}
}

// A calendar has the superheroes and the policy's rota the sidekicks: a week is one row all the same.
func TestTwoRotasOfOneWeekAreOneRow(t *testing.T) {
	in := input(t, 1)
	in.Report = night(t, nil, nil, func(in *analysis.Input) {
		in.Shifts = slices.Values([]record.Shift{
			turnOf(t, "calendar", "Feed", "superhero", "mlindqvist", 2), turnOf(t, "policy", "Orders", "sidekick", "tokafor", 2),
			turnOf(t, "calendar", "Feed", "superhero", "tokafor", 9), turnOf(t, "policy", "Orders", "sidekick", "mlindqvist", 9),
		})
	})
	page := read(t, build(t, in), onCallPlace)
	rota := page[strings.Index(page, `id="rota"`):]
	rota = rota[:strings.Index(rota, "</table>")]
	const row = `<td data-head="Superhero"><bdi>Maya Lindqvist</bdi></td><td data-head="Sidekick"><bdi>Tomas Okafor</bdi></td><td><bdi>Feed, Orders</bdi></td>`
	if n := strings.Count(rota, `data-head="Superhero"><bdi>–`); n > 0 || !strings.Contains(rota, row) {
		t.Errorf("%d rows have no superhero in\n%s", n, rota)
	}
}

func TestTheFrontPageNamesTheNextHandoverOfItsDay(t *testing.T) {
	in := input(t, 1)
	in.Report = night(t, nil, nil, func(in *analysis.Input) {
		late := turnOf(t, "pager", "Feed", "superhero", "tokafor", 2)
		late.ID, late.From = "late", late.From.Add(8*time.Hour)
		in.Shifts = slices.Values([]record.Shift{turnOf(t, "pager", "Feed", "superhero", "mlindqvist", 2), late})
	})
	page := read(t, build(t, in), homePlace)
	for _, want := range []string{"On call at 09:00, Mon 2 Nov</h2>", "<bdi>Maya Lindqvist</bdi></strong> <span class=\"detail\">until Mon 2 Nov, 13:00</span>", "<h3>From 13:00</h3>\n<dl><div><dt>Superhero</dt><dd><strong><bdi>Tomas Okafor"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s in\n%s", want, page)
		}
	}
}

func TestWithoutATrackerNothingIsSaidOfItems(t *testing.T) {
	in := input(t, 1)
	in.Report = night(t, nil, nil, withPages(alert(t, "P1", "disk full", 26, 9)), func(in *analysis.Input) {
		in.Sources = []analysis.SourceState{{Name: "pager", Tracker: "pager", Kind: "pagerduty", Horizon: instant(t, asOf)}}
	})
	tree := build(t, in)
	for place, never := range map[string]string{homePlace: "Nothing burns", weekNowPlace: "came in<", weekPlace("2026-W44"): "came in<"} {
		if page := read(t, tree, place); strings.Contains(page, never) || !strings.Contains(page, "No issue of a tracker has been read") {
			t.Errorf("%s says %q, or not that no tracker was read\n%s", place, never, page)
		}
	}
}

func TestWithoutAClassOfIncidentsNothingIsSaidNotToBurn(t *testing.T) {
	in := input(t, 1)
	in.Report = night(t, many(t, 20), nil, func(in *analysis.Input) {
		p := *in.Policy
		p.Classes = slices.Clone(p.Classes)
		for i := range p.Classes {
			if p.Classes[i].Kind == analysis.Incident {
				p.Classes[i].Kind = analysis.Problem
			}
		}
		in.Policy = &p
	})
	tree := build(t, in)
	for place, want := range map[string]string{homePlace: "No class of the policy is of kind incident", incidentsPlace: "No class of the policy is of kind incident"} {
		if page := read(t, tree, place); !strings.Contains(page, want) || strings.Contains(page, "Nothing burns") || strings.Contains(page, "0 incidents") {
			t.Errorf("%s says that nothing burns, which nobody can know\n%s", place, page)
		}
	}
}

func TestAPageThatNamesNoIssueThereIsSaysSo(t *testing.T) {
	in := input(t, 1)
	in.Report = night(t, many(t, 20), nil, withPages(alert(t, "P1", "[SUP-9999] disk full", 26, 9), alert(t, "P2", "UTF-8 broken", 26, 10)))
	tree := build(t, in)
	for _, place := range []string{onCallPlace, weekPlace("2026-W44")} {
		page := read(t, tree, place)
		if !strings.Contains(page, `<span class="doubt"><bdi>SUP-9999</bdi></span> is not known`) || strings.Contains(page, "they name none.") {
			t.Errorf("%s does not say that SUP-9999 is not known\n%s", place, page)
		}
	}
	if page := read(t, tree, onCallPlace); !strings.Contains(page, "Of 1 of them the issue that they name is not known") {
		t.Error("nobody counts what they name in vain")
	}
}

// A pager whose file ends before as-of is not silent, wherever it is spoken of.
func TestAPagerThatEndedIsDoubted(t *testing.T) {
	in := input(t, 1)
	p := alert(t, "P1", "disk full", 2, 9)
	in.Report = night(t, many(t, 20), nil, withPages(p), func(in *analysis.Input) {
		in.Sources = append(in.Sources, analysis.SourceState{Name: "pager", Tracker: "pager", Kind: "pagerduty", Horizon: p.Triggered})
	})
	tree := build(t, in)
	for _, place := range []string{homePlace, onCallPlace, weekNowPlace, sourcesPlace} {
		if page := read(t, tree, place); !strings.Contains(page, "What was read of the pager is of 2026-10-02 alone") {
			t.Errorf("%s does not say that the pager ended\n%s", place, page)
		}
	}
	if page := read(t, tree, weekPlace("2026-W40")); !strings.Contains(page, "Nothing is known of the pager from Mon 28 Sep, 00:00 to Fri 2 Oct, 05:00, nor from Fri 2 Oct") {
		t.Errorf("the week in which it ended passes for whole\n%s", page)
	}
}

func TestANumberThatIsNoUnitSaysWhatItCounts(t *testing.T) {
	in := input(t, 1)
	i := slices.IndexFunc(in.Report.Figures, func(f analysis.Figure) bool { return f.Name == "shift-load" })
	in.Report.Figures[i].Headline = analysis.Value{Unit: analysis.Each, Number: record.Num(1), N: 12}
	tree := build(t, in)
	for _, place := range []string{onCallPlace, metricsPlace, metricPlace("shift-load")} {
		if page := read(t, tree, place); !strings.Contains(page, `1 <span class="of">interruption, half of the shifts at most</span>`) {
			t.Errorf("%s does not say what 1 counts", place)
		}
	}
}

func TestARateSaysWhatItRestsOn(t *testing.T) {
	s := new(sheet).rate(analysis.Value{Unit: analysis.PerWeek, Number: record.Num(3.0 / 13), N: 13}, 3).html()
	if want := `0.2 a week <span class="detail">3 in 13 weeks</span>`; string(s) != want {
		t.Errorf("%s", s)
	}
	if s := new(sheet).rate(analysis.Value{Unit: analysis.PerWeek}, 0).html(); s != "–" {
		t.Errorf("%s", s)
	}
}

func TestWhatWasDoneLatestComesFirst(t *testing.T) {
	in := input(t, 1)
	text := aPostmortem[:strings.Index(aPostmortem, "| What")] + "| What | Question | Owner | Date | Issue | State | Finished |\n|---|---|---|---|---|---|---|\n" +
		"| The older one | Prevent | maya | 2026-03-20 | | done | 2026-04-01 |\n| The newer one | Prevent | maya | 2026-03-20 | | done | 2026-09-01 |\n"
	in.Report = night(t, nil, map[string]string{"postmortems/x.md": text})
	page := read(t, build(t, in), improvementsPlace)
	if older, newer := strings.Index(page, "The older one"), strings.Index(page, "The newer one"); older < newer || newer < 0 {
		t.Errorf("the newer one stands at %d, the older one at %d", newer, older)
	}
}
