package site

// The wiki in a real browser, from file://, as a reader opens it. The tests run wherever a Chromium is
// found; FIREBREAK_CHROMIUM names one, FIREBREAK_CHROMIUM_REQUIRED=1 makes its absence a failure.

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/collectors/record"
)

// reader is a browser with one tab that hears all that goes wrong.
type reader struct {
	ctx   context.Context
	dir   string
	lock  sync.Mutex
	wrong []string
}

func open(t *testing.T, tree *Tree) *reader {
	t.Helper()
	exe := os.Getenv("FIREBREAK_CHROMIUM")
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if exe == "" {
			exe, _ = exec.LookPath(name)
		}
	}
	if exe == "" {
		if os.Getenv("FIREBREAK_CHROMIUM_REQUIRED") != "" {
			t.Fatal("no Chromium is found, and FIREBREAK_CHROMIUM_REQUIRED is set")
		}
		t.Skip("NO BROWSER: no Chromium is found, so nothing here was looked at; install one or name it in FIREBREAK_CHROMIUM")
	}
	r := &reader{dir: filepath.Join(t.TempDir(), "wiki")}
	if err := Publish(context.Background(), r.dir, tree, nil); err != nil {
		t.Fatal(err)
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(exe), chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("no-sandbox", true), chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	alloc, cancelAlloc := chromedp.NewExecAllocator(context.Background(), opts...)
	ctx, cancel := chromedp.NewContext(alloc)
	ctx, cancelTime := context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(func() { cancelTime(); cancel(); cancelAlloc() })
	r.ctx = ctx
	if err := chromedp.Do(ctx, enable()); err != nil {
		t.Fatal(err)
	}
	err := chromedp.Listen(ctx, func(ev any) {
		switch ev := ev.(type) {
		case *runtime.EventExceptionThrown:
			text := ev.ExceptionDetails.Text
			if x := ev.ExceptionDetails.Exception; x != nil {
				text += " " + x.Description
			}
			r.say("exception: " + text)
		case *runtime.EventConsoleAPICalled:
			if ev.Type == runtime.ConsoleAPICalledTypeError || ev.Type == runtime.ConsoleAPICalledTypeWarning {
				r.say(fmt.Sprintf("console: %v", ev.Args))
			}
		case *log.EventEntryAdded:
			r.say("log: " + ev.Entry.Text + " " + ev.Entry.URL)
		case *network.EventRequestWillBeSent:
			if u, err := url.Parse(ev.Request.URL); err != nil || u.Scheme != "file" && u.Scheme != "data" {
				r.say("request: " + ev.Request.URL)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func enable() chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		if _, err := cdp.Call(ctx, t, log.Enable, cdp.Empty{}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, t, network.Enable, network.EnableParams{})
		return err
	})
}

func (r *reader) say(s string) {
	r.lock.Lock()
	defer r.lock.Unlock()
	r.wrong = append(r.wrong, s)
}

// faults are what went wrong since the last call.
func (r *reader) faults() []string {
	r.lock.Lock()
	defer r.lock.Unlock()
	w := r.wrong
	r.wrong = nil
	return w
}

func (r *reader) see(t *testing.T, place string, width, height int64, scheme string) {
	t.Helper()
	err := chromedp.Do(r.ctx,
		chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
			_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
			return err
		}),
		chromedp.EmulateViewport(width, height),
		chromedp.Navigate("file://"+filepath.ToSlash(r.dir)+"/"+place),
	)
	if err != nil {
		t.Fatalf("%s: %v", place, err)
	}
}

func ask[T any](t *testing.T, r *reader, js string) T {
	t.Helper()
	v, err := chromedp.Run(r.ctx, chromedp.Evaluate[T](js, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: %v", js, err)
	}
	return v
}

// places are one entry of each kind.
func kinds(tree *Tree) []string {
	places := []string{"index.html", "items/tickets/SUP-9/index.html", "incidents/SUP-9/index.html"}
	for _, s := range sections {
		if s.place != homePlace {
			places = append(places, s.place)
		}
	}
	places = append(places, weekNowPlace, weekPlace("2026-W10"), molesPlace, patternsPlace, sourcesPlace, definitionsPlace, "classes/emergency/index.html", "playbook/restart/index.html")
	for _, name := range names(tree, "postmortems/") {
		if strings.Count(name, "/") == 2 {
			places = append(places, name)
		}
	}
	for _, name := range names(tree, "metrics/") {
		if strings.Count(name, "/") == 2 {
			places = append(places, name)
		}
	}
	return places
}

// settled waits until all charts in view are drawn.
const settled = `new Promise(ok => setTimeout(ok, 60))`

func TestEveryKindOfEntryReadsWellInABrowser(t *testing.T) {
	tree := build(t, input(t, 150))
	r := open(t, tree)
	lists := []string{sourcesPlace, classesPlace, "classes/emergency/index.html", itemsPlace, weekNowPlace, improvementsPlace} // read row by row: a phone stacks them
	for i, place := range kinds(tree) {
		for _, screen := range []struct {
			width, height int64
			scheme        string
		}{{390, 844, "light"}, {1280, 900, "dark"}} {
			if screen.width > 390 && strings.HasPrefix(place, "metrics/") && i%4 != 0 {
				continue // metrics are alike: every fourth is enough on a wide screen
			}
			name := fmt.Sprintf("%s at %d px, %s", place, screen.width, screen.scheme)
			r.see(t, place, screen.width, screen.height, screen.scheme)
			ask[any](t, r, settled)
			if over := ask[int](t, r, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
				t.Errorf("%s: %d px wider than the screen", name, over)
			}
			if over := ask[int](t, r, `Math.max(0, ...[...document.querySelectorAll('main .scroll')].map(s => s.scrollWidth - s.clientWidth))`); over > 0 && slices.Contains(lists, place) {
				t.Errorf("%s: a list is %d px wider than its box", name, over)
			}
			if ask[bool](t, r, `(n => n.scrollHeight > n.clientHeight && getComputedStyle(n).overflowY != "hidden")(document.querySelector(".masthead nav"))`) {
				t.Errorf("%s: the navigation scrolls up and down", name)
			}
			if paper := ask[string](t, r, `getComputedStyle(document.documentElement).backgroundColor`); (paper == "rgb(23, 22, 20)") != (screen.scheme == "dark") {
				t.Errorf("%s: the paper is %s", name, paper)
			}
			for _, fault := range r.faults() {
				t.Errorf("%s: %s", name, fault)
			}
		}
	}
}

func TestAHeatMapHasAScale(t *testing.T) {
	in := input(t, 1)
	in.Report = night(t, nil, nil, withPages(alert(t, "P1", "a", 28, 9), alert(t, "P2", "b", 28, 9), alert(t, "P3", "c", 28, 9)))
	r := open(t, build(t, in))
	r.see(t, metricPlace("page-hours"), 1280, 6000, "light")
	ask[any](t, r, settled)
	ends := ask[string](t, r, `[...document.querySelectorAll('[data-chart^="chart-heat"] svg text')].map(t => t.textContent).join(' ')`)
	if !strings.Contains(ends, " 3 0") && !strings.Contains(ends, " 0 3") {
		t.Errorf("the heat map says nothing of its scale, which ends at 3: %q", ends)
	}
}

// What people paste and machines send may have no place to break: it neither widens an entry nor moves
// the other columns of a table out of sight.
func TestEveryThingThatAChartNamesHasItsNameBelow(t *testing.T) {
	in := input(t, 150)
	var c *analysis.Chart
	for i := range in.Report.Figures {
		if f := &in.Report.Figures[i]; f.Name == "improvements" {
			c = &f.Charts[0]
		}
	}
	for k := range c.X {
		c.X[k] = fmt.Sprintf("%c, a long name in words of which a picture has too few columns", 'A'+k)
	}
	r := open(t, build(t, in))
	for _, width := range []int64{390, 1280} {
		r.see(t, metricPlace("improvements"), width, 2000, "light")
		ask[any](t, r, settled)
		words := ask[string](t, r, `document.querySelector('[data-chart] svg').textContent`)
		for k := range c.X {
			if !strings.Contains(words, fmt.Sprintf("%c, a long", 'A'+k)) {
				t.Errorf("at %d px nothing says %c under the picture: %s", width, 'A'+k, words)
			}
		}
	}
	for _, place := range []string{policiesPlace, playbookPlace} {
		r.see(t, place, 390, 900, "light")
		if out := ask[bool](t, r, `(() => { const b = document.querySelector('.masthead nav [aria-current]').getBoundingClientRect(); return b.left < 0 || b.right > innerWidth; })()`); out {
			t.Errorf("%s: the section one is in is out of sight", place)
		}
	}
}

func TestWordsWithoutAnEndKeepTheirPlace(t *testing.T) {
	word := strings.Repeat("https://monitor.example/d/abcdefgh?from=1761&to=1762", 300)
	in := input(t, 1)
	var issues []record.Issue
	for i := range 10 {
		issues = append(issues, issue(t, fmt.Sprintf("SUP-%d", i+1), "Incident", "Blocker", strings.Repeat("x", 10_000), "2026-10-28T09:00:00Z"))
	}
	p := alert(t, "P1", word, 28, 9)
	p.Number = ""
	in.Report = night(t, issues, nil, withPages(p))
	in.Content = content(map[string]string{
		"handover/2026-W44.md": "# Over to you\n\nSee " + word + "\n\n- " + word + "\n\n> " + word + "\n\n" + word, "playbook/restart.md": "# Restart\n\n## " + word + "\n\n" + word, "policy.yaml": "…",
	})
	r := open(t, build(t, in))
	for _, place := range []string{weekNowPlace, weekPlace("2026-W44"), onCallPlace, homePlace, itemsPlace, incidentsPlace, "items/tickets/SUP-1/index.html", "incidents/SUP-1/index.html", "playbook/restart/index.html"} {
		for _, width := range []int64{390, 1280} {
			r.see(t, place, width, 900, "light")
			if over := ask[int](t, r, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
				t.Errorf("%s at %d px: %d px wider than the screen", place, width, over)
			}
			if over := ask[int](t, r, `Math.max(0, ...[...document.querySelectorAll('main .scroll')].map(s => s.scrollWidth - s.clientWidth))`); over > 0 && width > 1000 {
				t.Errorf("%s at %d px: a table is %d px wider than its box", place, width, over)
			}
		}
	}
}

func TestChartsAreDrawnAndFollowTheReadersColours(t *testing.T) {
	r := open(t, build(t, input(t, 150)))
	for _, place := range []string{"metrics/wip/index.html", "metrics/severity-trend/index.html", "metrics/cycle-time/index.html"} {
		r.see(t, place, 1280, 6000, "light")
		ask[any](t, r, settled)
		boxes, drawn := ask[int](t, r, `document.querySelectorAll('[data-chart]').length`), ask[int](t, r, `document.querySelectorAll('[data-chart] svg path').length > 0 ? document.querySelectorAll('[data-chart] svg').length : 0`)
		if boxes == 0 || drawn != boxes {
			t.Errorf("%s: %d of %d charts are drawn", place, drawn, boxes)
		}
	}
	// Colour alone tells nothing: what is drawn as dashes is dashed beside its name, too.
	r.see(t, "metrics/severity-trend/index.html", 1280, 6000, "light")
	ask[any](t, r, settled)
	signs := ask[int](t, r, `(svg => { const sign = name => [...svg.querySelectorAll('text')].find(t => t.textContent === name)?.previousElementSibling?.getAttribute('d') ?? name;
		return new Set(['Mean', 'Upper limit'].map(name => (sign(name).match(/M/g) || []).length)).size; })(document.querySelector('[data-chart] svg'))`)
	if signs != 2 {
		t.Error("beside their names a mean and a limit look alike but for the colour")
	}
	r.see(t, "metrics/cycle-time/index.html", 1280, 6000, "light")
	ask[any](t, r, settled)
	before := ask[string](t, r, `document.querySelector('[data-chart] svg').innerHTML`)
	ask[any](t, r, `document.querySelector('.toggle').click()`)
	ask[any](t, r, settled)
	if after := ask[string](t, r, `document.querySelector('[data-chart] svg').innerHTML`); after == before {
		t.Error("the charts kept their light colours in the dark")
	}
	if theme := ask[string](t, r, `document.documentElement.dataset.theme`); theme != "dark" {
		t.Errorf("the toggle gave %q", theme)
	}
	for _, fault := range r.faults() {
		t.Error(fault)
	}
}

func TestNothingForeignRunsInABrowser(t *testing.T) {
	payloads := []string{
		`</script><script>document.title='PWNED'</script>`, `</script><img src=x onerror=document.title='PWNED'>`,
		`__f__(document.title='PWNED')__f__`, `<img src=x onerror=document.title='PWNED'>`, `{a|b} "><svg onload=document.title='PWNED'>`,
	}
	var issues []record.Issue
	for i := range 40 {
		is := issue(t, fmt.Sprintf("SUP-%d", i+1), "Bug", "Blocker", payloads[i%len(payloads)], fmt.Sprintf("2026-10-%02dT15:00:00Z", 1+i%28))
		is.Copies[0].Status.Name = payloads[i%len(payloads)]
		issues = append(issues, is)
	}
	in := input(t, 1)
	in.Title = payloads[0]
	in.Report = night(t, issues, map[string]string{"postmortems/x.md": "---\ntitle: \"" + strings.ReplaceAll(payloads[3], `"`, ``) + "\"\nincidents: [SUP-1]\n---\n" + strings.Join(payloads, "\n\n")})
	for i := range in.Report.Figures { // the names that charts show come from policies and trackers, too
		for j := range in.Report.Figures[i].Charts {
			c := &in.Report.Figures[i].Charts[j]
			c.Title, c.Note = payloads[0], payloads[2]
			for k := range c.Lines {
				c.Lines[k].Title = payloads[k%len(payloads)]
			}
			if c.XUnit != "day" {
				for k := range c.X {
					c.X[k] = payloads[k%len(payloads)]
				}
			}
			for k := range c.Marks {
				c.Marks[k].Title = payloads[k%len(payloads)]
			}
		}
	}
	tree := build(t, in)
	r := open(t, tree)
	places := []string{"index.html", "items/index.html", "items/tickets/SUP-1/index.html", "postmortems/x/index.html", "sources/index.html"}
	for i := range in.Report.Figures {
		places = append(places, metricPlace(in.Report.Figures[i].Name))
	}
	for _, place := range places {
		r.see(t, place, 1280, 6000, "light")
		ask[any](t, r, settled)
		// hover every chart, so that tooltips are written
		ask[any](t, r, `document.querySelectorAll('[data-chart] svg').forEach(s => { const b = s.getBoundingClientRect();
			for (const kind of ['mousemove', 'mouseover']) s.dispatchEvent(new MouseEvent(kind, {bubbles: true, clientX: b.left + b.width / 2, clientY: b.top + b.height / 2})); })`)
		ask[any](t, r, settled)
		if title := ask[string](t, r, `document.title`); title == "PWNED" {
			t.Errorf("%s: foreign words ran", place)
		}
		for _, fault := range r.faults() {
			t.Errorf("%s: %s", place, fault)
		}
	}
}

func TestTheSearchFindsItemsEntriesAndPostmortems(t *testing.T) {
	r := open(t, build(t, input(t, 150)))
	r.see(t, "metrics/wip/index.html", 1280, 900, "light")
	for _, look := range []struct{ words, want string }{
		{"SUP-41", "items/tickets/SUP-41/index.html"},
		{"overloaded", "metrics/overload/index.html"},
		{"restart gateway", "playbook/restart/index.html"},
		{"thousands of orders waited", "postmortems/2026-03-fax/index.html"},
	} {
		ask[any](t, r, fmt.Sprintf(`(() => { const i = document.querySelector('.search input'); i.focus(); i.value = %q; i.dispatchEvent(new Event('input')); })()`, look.words))
		ask[any](t, r, `new Promise((ok, no) => { let n = 0; const w = () => document.querySelector('.found a, .found .quiet') ? ok() : n++ > 100 ? no(new Error('the search never answers')) : setTimeout(w, 30); w(); })`)
		hits := ask[[]string](t, r, `[...document.querySelectorAll('.found a')].map(a => a.href)`)
		found := false
		for _, h := range hits {
			found = found || strings.HasSuffix(h, "/"+look.want)
		}
		if !found {
			t.Errorf("%q finds %q, and not %s", look.words, hits, look.want)
		}
	}
	for _, fault := range r.faults() {
		t.Error(fault)
	}
}

func TestTheWikiReadsWithoutScripts(t *testing.T) {
	r := open(t, build(t, input(t, 150)))
	if err := chromedp.Do(r.ctx, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	})); err != nil {
		t.Fatal(err)
	}
	r.see(t, "metrics/wip/index.html", 1280, 900, "light")
	text, err := chromedp.Run(r.ctx, chromedp.TextContent(chromedp.CSS("main")))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"in progress", "The numbers", "How it is computed"} {
		if !strings.Contains(text, want) {
			t.Errorf("without scripts there is no %q", want)
		}
	}
}
