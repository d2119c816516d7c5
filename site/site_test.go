package site

import (
	"bytes"
	"fmt"
	"path"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/firebreak/firebreak/collectors/record"
)

func TestTheSameNightGivesTheSameBytes(t *testing.T) {
	in := input(t, 120)
	one, two := build(t, in), build(t, input(t, 120))
	if len(one.Files) != len(two.Files) {
		t.Fatalf("%d files, then %d", len(one.Files), len(two.Files))
	}
	for i, f := range one.Files {
		if f.Path != two.Files[i].Path {
			t.Fatalf("%s, then %s", f.Path, two.Files[i].Path)
		}
		a, b := read(t, one, f.Path), read(t, two, f.Path)
		if a != b {
			t.Errorf("%s differs", f.Path)
		}
	}
}

func TestEveryEntryOfAWikiIsSoundHTML(t *testing.T) {
	tree := build(t, input(t, 120))
	for _, f := range tree.Files {
		if strings.HasSuffix(f.Path, ".html") {
			soundHTML(t, tree, f.Path)
		}
	}
}

// soundHTML parses an entry strictly enough to find what a browser would forgive: open elements,
// repeated ids, a fragment that leads nowhere, a link that leaves the wiki for anything but the web,
// an inline style or script that the policy forbids.
func soundHTML(t *testing.T, tree *Tree, place string) {
	t.Helper()
	page := read(t, tree, place)
	z := html.NewTokenizer(strings.NewReader(page))
	var open []string
	ids := map[string]bool{}
	var fragments []string
	for {
		tt := z.Next()
		if tt == html.ErrorToken {
			break
		}
		tok := z.Token()
		switch tt {
		case html.StartTagToken, html.SelfClosingTagToken:
			for _, a := range tok.Attr {
				switch {
				case a.Key == "id":
					if a.Val == "" || strings.ContainsAny(a.Val, " \t\n") || ids[a.Val] {
						t.Errorf("%s: id %q is empty, broken or there twice", place, a.Val)
					}
					ids[a.Val] = true
				case a.Key == "style" || strings.HasPrefix(a.Key, "on"):
					t.Errorf("%s: <%s %s=%q> would be refused by the policy in its head", place, tok.Data, a.Key, a.Val)
				case a.Key == "href" || a.Key == "src":
					if strings.HasPrefix(a.Val, "#") {
						fragments = append(fragments, a.Val[1:])
					} else if !strings.HasPrefix(a.Val, "https://") && !strings.HasPrefix(a.Val, "http://") {
						target, _, _ := strings.Cut(a.Val, "#")
						if _, ok := tree.Find(path.Join(path.Dir(place), target)); !ok {
							t.Errorf("%s: <%s %s=%q> leads nowhere", place, tok.Data, a.Key, a.Val)
						}
					}
					if tok.Data != "a" && (strings.Contains(a.Val, "//")) {
						t.Errorf("%s: <%s %s=%q> asks another host", place, tok.Data, a.Key, a.Val)
					}
				}
			}
			if tt == html.StartTagToken && !void[tok.Data] {
				open = append(open, tok.Data)
			}
		case html.EndTagToken:
			for len(open) > 0 && open[len(open)-1] != tok.Data && optional[open[len(open)-1]] {
				open = open[:len(open)-1]
			}
			if len(open) == 0 || open[len(open)-1] != tok.Data {
				t.Fatalf("%s: </%s> closes nothing; open are %v", place, tok.Data, open)
			}
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		t.Errorf("%s: %v are never closed", place, open)
	}
	for _, id := range fragments {
		if !ids[id] {
			t.Errorf("%s: #%s is nowhere in it", place, id)
		}
	}
}

var void = map[string]bool{"meta": true, "link": true, "img": true, "br": true, "hr": true, "input": true, "rect": true, "path": true}

var optional = map[string]bool{"li": true, "p": true}

func TestForeignWordsStayWords(t *testing.T) {
	hostile := []string{
		`</script><script>document.title='PWNED'</script>`,
		`__f__(document.title='PWNED')__f__`,
		`<img src=x onerror=document.title='PWNED'>`,
		`=cmd|' /C calc'!A0`, "+1+1", "-2+3", "@SUM(A1)", "\tx", `"quoted", with, commas`,
		"\u202egnp.exe\u202c right to left", "\u2067isolated", "nul \x00 and \x1b[31m escape", "broken \xff\xfe bytes",
		strings.Repeat("ten thousand characters ", 420), "{marker|rich} {a|b}", "javascript:alert(1)", "",
	}
	var issues []record.Issue
	for i, title := range hostile {
		is := issue(t, fmt.Sprintf("SUP-%d", i+1), "Bug", "Blocker", title, "2026-10-05T15:00:00Z")
		is.Copies[0].URL = "javascript:document.title='PWNED'"
		is.Copies[0].Status.Name = title
		is.Copies[0].Components = []string{title}
		issues = append(issues, is)
	}
	in := input(t, 1)
	in.Report = night(t, issues, nil)
	in.Title = `Wiki </title><script>document.title='PWNED'</script>`
	tree := build(t, in)
	for _, f := range tree.Files {
		page := read(t, tree, f.Path)
		switch path.Ext(f.Path) {
		case ".html":
			soundHTML(t, tree, f.Path)
			z := html.NewTokenizer(strings.NewReader(page))
			for tt := z.Next(); tt != html.ErrorToken; tt = z.Next() {
				tok := z.Token()
				if tt == html.StartTagToken && tok.Data == "script" && !strings.HasPrefix(attr(tok, "src"), "../") && !strings.HasPrefix(attr(tok, "src"), "static/") && attr(tok, "type") != "application/json" {
					t.Errorf("%s: a script of foreign origin: %v", f.Path, tok)
				}
				if tok.Data == "img" && attr(tok, "onerror") != "" || strings.HasPrefix(attr(tok, "href"), "javascript:") {
					t.Errorf("%s: %v", f.Path, tok)
				}
			}
			if strings.ContainsAny(page, "\x00\x1b") || strings.Contains(page, "\xff") {
				t.Errorf("%s holds control characters or broken bytes", f.Path)
			}
		case ".csv":
			for i, line := range strings.Split(page, "\n") {
				for _, cell := range strings.Split(line, ",") {
					if cell != "" && strings.ContainsRune("=+@\t\r", rune(cell[0])) {
						t.Errorf("%s:%d: %q is a formula", f.Path, i+1, cell)
					}
				}
			}
		case ".js", ".json":
			if !strings.HasPrefix(f.Path, "static/") && (strings.Contains(page, "</script") || strings.Contains(page, "\u2028")) {
				t.Errorf("%s holds an end of a script", f.Path)
			}
		}
	}
	csv := read(t, tree, "data/items.csv")
	for _, want := range []string{`'=cmd|' /C calc'!A0`, `'+1+1`, `'-2+3`, `'@SUM(A1)`, `"""quoted"", with, commas"`, strings.Repeat("ten thousand characters ", 420)} {
		if !strings.Contains(csv, want) {
			t.Errorf("data/items.csv lost %.60q", want)
		}
	}
	if page := read(t, tree, "items/tickets/SUP-1/index.html"); !strings.Contains(page, "<bdi>&lt;/script&gt;") {
		t.Error("a title is not its words")
	}
}

func attr(tok html.Token, key string) string {
	for _, a := range tok.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func TestKeysBecomePlacesThatDifferAndStayInside(t *testing.T) {
	keys := []string{"SUP-1", "sup-1", "acme/orders#12", "acme/orders/12", "acme~orders@12", "acme=2Forders", "..", ".", "", "a/../../b", "=", "==", "a=", "Ünïcode-1", " ", "con.", "CON", "con", "nul.txt", "COM1", "COM10", ".hidden",
		strings.Repeat("x", 300), strings.Repeat("x", 299) + "y", "a\x00b", "a\\b", "a b", "%2e%2e"}
	seen := map[string]string{}
	for _, key := range keys {
		place := itemPlace("t", key)
		if other, ok := seen[place]; ok {
			t.Errorf("%q and %q both live at %s", key, other, place)
		}
		seen[place] = key
		if !proper(place) || strings.Count(place, "/") != 3 || path.Clean(place) != place {
			t.Errorf("%q lives at %s", key, place)
		}
	}
	if got := itemPlace("code", "acme/orders#12"); got != "items/code/acme~orders@12/index.html" {
		t.Error(got)
	}
}

// macOS and Windows take SUP-7 and sup-7 for one folder.
func TestKeysThatDifferInCaseHavePlacesThatDifferInMore(t *testing.T) {
	var issues []record.Issue
	for i, key := range []string{"sUP-7", "SUP-7", "sup-7", "SUP-8", strings.Repeat("K", 500) + "-1"} {
		is := issue(t, key, "Incident", "Major", "Number "+key[:2], fmt.Sprintf("2026-10-0%dT15:00:00Z", 5-i))
		is.ID = key
		issues = append(issues, is)
	}
	issues[3].Aliases = []string{"sup-8", "OLD-3"}
	in := input(t, 1)
	in.Report = night(t, issues, nil)
	tree := build(t, in)
	folded := map[string]string{}
	for _, f := range tree.Files {
		if other, ok := folded[strings.ToLower(f.Path)]; ok {
			t.Errorf("%s and %s are one file where case does not count", f.Path, other)
		}
		folded[strings.ToLower(f.Path)] = f.Path
		if len(f.Path) > 160 {
			t.Errorf("%s is %d bytes long", f.Path, len(f.Path))
		}
	}
	for _, place := range []string{"items/tickets/sup-7/index.html", "items/tickets/SUP-8/index.html", "items/tickets/OLD-3/index.html"} {
		if _, ok := tree.Find(place); !ok {
			t.Errorf("no %s: what was there first stays", place)
		}
	}
	if n := len(names(tree, "items/tickets/")); n != len(issues)+1 {
		t.Errorf("%d entries: %v", n, names(tree, "items/tickets/"))
	}
}

func TestAnEarlierKeyPointsOn(t *testing.T) {
	is := issue(t, "SUP-7", "Bug", "Major", "Moved", "2026-10-05T15:00:00Z")
	is.Aliases = []string{"OLD-3"}
	in := input(t, 1)
	in.Report = night(t, []record.Issue{is}, nil)
	if page := read(t, build(t, in), "items/tickets/OLD-3/index.html"); !strings.Contains(page, `href="../../../items/tickets/SUP-7/index.html"`) {
		t.Error(page)
	}
}

func TestTwoItemsWithOneKeyBothHaveEntries(t *testing.T) {
	one, two := issue(t, "SUP-7", "Incident", "Major", "The first", "2026-10-05T15:00:00Z"), issue(t, "SUP-7", "Incident", "Major", "The second", "2026-10-06T15:00:00Z")
	two.ID = "10002"
	other := issue(t, "SUP-7", "Incident", "Major", "The third", "2026-10-06T15:00:00Z")
	other.Tracker = "code"
	in := input(t, 1)
	in.Report = night(t, []record.Issue{one, two, other}, nil)
	tree := build(t, in)
	for _, section := range []string{"items/", "incidents/"} {
		var all bytes.Buffer
		for _, name := range names(tree, section) {
			if strings.Count(name, "/") > 1 {
				all.WriteString(read(t, tree, name))
			}
		}
		for _, title := range []string{"The first", "The second", "The third"} {
			if !strings.Contains(all.String(), "<h1><bdi>"+title) {
				t.Errorf("%s: no entry for %s", section, title)
			}
		}
	}
}

func TestAnImpossibleNumberStopsTheBuild(t *testing.T) {
	in := input(t, 20)
	zero := 0.0
	for i := range in.Report.Figures {
		if f := &in.Report.Figures[i]; len(f.Charts) > 0 {
			f.Charts[0].Lines[0].Values[0] = record.Number{Known: true, Value: zero / zero}
			_, err := Build(in)
			if err == nil || !strings.Contains(err.Error(), f.Name) || !strings.Contains(err.Error(), f.Charts[0].Name) {
				t.Errorf("error %v does not name metric %s and its chart %s", err, f.Name, f.Charts[0].Name)
			}
			return
		}
	}
	t.Fatal("no chart to spoil")
}

func TestAnEmptyNightStillHasAllItsPages(t *testing.T) {
	in := input(t, 1)
	in.Report, in.Content = night(t, nil, nil), nil
	tree := build(t, in)
	for _, s := range sections {
		if _, ok := tree.Find(s.place); !ok {
			t.Errorf("no %s", s.place)
		}
	}
}

func TestTheEntryForNothingKnowsWhereTheWikiIs(t *testing.T) {
	in := input(t, 5)
	in.BaseURL = "https://wiki.example/orders/"
	page := read(t, build(t, in), "404.html")
	for _, want := range []string{`href="https://wiki.example/orders/index.html"`, `href="https://wiki.example/orders/static/style.css"`, "There is nothing here"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s", want)
		}
	}
	if _, ok := build(t, input(t, 5)).Find("404.html"); ok {
		t.Error("without an address there can be no such entry")
	}
}

// The answer of an entry is told once: a caption with the same words leaves them to it.
func TestNoCaptionRepeatsTheAnswer(t *testing.T) {
	in := input(t, 150)
	told := 0
	for i := range in.Report.Figures {
		if f := &in.Report.Figures[i]; len(f.Charts) > 0 && f.Sentence != "" {
			f.Charts[0].Note = f.Sentence
			told++
		}
	}
	tree := build(t, in)
	for i := range in.Report.Figures {
		f := &in.Report.Figures[i]
		if len(f.Charts) == 0 {
			continue
		}
		if n := strings.Count(read(t, tree, metricPlace(f.Name)), string(appendText(nil, f.Sentence))+"</p>"); n > 1 {
			t.Errorf("%s: its answer stands there %d times", f.Name, n)
		}
	}
	if told == 0 {
		t.Fatal("no figure has a chart")
	}
}
