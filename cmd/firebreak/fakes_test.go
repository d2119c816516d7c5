package main

// Fakes of the live services for the scripts, each on a port of its own.

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/firebreak/firebreak/collectors/collectortest/fakegithub"
	"github.com/firebreak/firebreak/collectors/collectortest/fakejira"
	"github.com/firebreak/firebreak/collectors/collectortest/fakepager"
)

// fake is a service that scripts move.
type fake interface {
	http.Handler
	Change(n int)
	Add(n int)
	Remove(n int)
	Advance(time.Duration)
	Requests() map[string]int
	Reset()
}

// gate lets a script stop a service in the middle of a walk.
type gate struct {
	fake
	mu    sync.Mutex
	from  int // hold from this request on, counted from the last reset; 0 holds none
	seen  int
	held  chan struct{} // closed when one is held
	freed chan struct{} // closed when all may go on
}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	g.seen++
	hold, freed := g.from > 0 && g.seen >= g.from, g.freed
	if hold && g.seen == g.from {
		close(g.held)
	}
	g.mu.Unlock()
	if hold {
		select {
		case <-freed:
		case <-r.Context().Done():
		}
	}
	g.fake.ServeHTTP(w, r)
}

// fakeToken is what the fakes let in.
const fakeToken = "not-a-real-token"

// fakes are the commands of the scripts:
//
//	fakejira NAME [cloud] [issues=N] [forbidden=KEY]     starts one and puts its address into $NAME
//	fakegithub NAME [repos=a/b,c/d] [issues=N] [forbidden=a/b] [projects=N] [scopes=repo,read:org]
//	fakepager NAME [incidents=N]                          a PagerDuty
//	fake NAME change|add|remove N, advance 24h, hold N, held, free, login, limit N, requests MIN MAX
//	fill FILE…                                           replaces $NAME in files
type fakes struct{ byName sync.Map }

func (f *fakes) start(ts *testscript.TestScript, name string, make func(address string) fake) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	address := "http://" + l.Addr().String()
	g := &gate{fake: make(address), held: shut(), freed: shut()}
	s := &http.Server{Handler: g, ReadHeaderTimeout: time.Minute}
	go s.Serve(l)
	ts.Defer(func() { s.Close() })
	ts.Setenv(name, address)
	f.byName.Store(ts.Getenv("WORK")+name, g)
}

func shut() chan struct{} { return make(chan struct{}) }

// options are the arguments after the name: key=value, or a word alone.
func options(ts *testscript.TestScript, neg bool, args []string, known ...string) (name string, o map[string]string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: NAME [key=value …]")
	}
	o = map[string]string{}
	for _, a := range args[1:] {
		k, v, _ := strings.Cut(a, "=")
		if !slices.Contains(known, k) {
			ts.Fatalf("there is no option %s; there are %v", k, known)
		}
		o[k] = v
		if !strings.Contains(a, "=") {
			o[k] = "yes"
		}
	}
	return args[0], o
}

func number(ts *testscript.TestScript, s string, otherwise int) int {
	if s == "" {
		return otherwise
	}
	n, err := strconv.Atoi(s)
	ts.Check(err)
	return n
}

func commas(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}

func (f *fakes) jira(ts *testscript.TestScript, neg bool, args []string) {
	name, o := options(ts, neg, args, "cloud", "issues", "forbidden")
	f.start(ts, name, func(address string) fake {
		return fakejira.New(fakejira.Options{
			Cloud: o["cloud"] != "", Issues: number(ts, o["issues"], 100), Seed: 1, URL: address,
			Email: "bot@acme.example", Token: fakeToken, Forbidden: commas(o["forbidden"]), Now: time.Now(),
		})
	})
}

func (f *fakes) github(ts *testscript.TestScript, neg bool, args []string) {
	name, o := options(ts, neg, args, "repos", "issues", "forbidden", "projects", "scopes")
	f.start(ts, name, func(string) fake {
		return fakegithub.New(fakegithub.Options{
			Repos: commas(o["repos"]), Issues: number(ts, o["issues"], 50), PullShare: 0.3, Seed: 1, Token: fakeToken,
			Scopes: commas(o["scopes"]), Enterprise: true, Now: time.Now(), Forbidden: commas(o["forbidden"]), Projects: number(ts, o["projects"], 0),
		})
	})
}

func (f *fakes) pager(ts *testscript.TestScript, neg bool, args []string) {
	name, o := options(ts, neg, args, "incidents")
	f.start(ts, name, func(string) fake {
		return &pagerDuty{Account: fakepager.New(fakepager.Options{Token: fakeToken, Incidents: number(ts, o["incidents"], 50), Seed: 1, Now: time.Now()})}
	})
}

// pagerDuty is a fake PagerDuty, from which nothing can be removed.
type pagerDuty struct {
	*fakepager.Account
	before int // requests that were counted
}

func (p *pagerDuty) Remove(int) {}

func (p *pagerDuty) Requests() map[string]int {
	n := map[string]int{}
	for _, r := range p.Account.Requests()[p.before:] {
		n[r]++
	}
	return n
}

func (p *pagerDuty) Reset() { p.before = len(p.Account.Requests()) }

// move does something to a fake.
func (f *fakes) move(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: fake NAME verb [argument]")
	}
	v, ok := f.byName.Load(ts.Getenv("WORK") + args[0])
	if !ok {
		ts.Fatalf("there is no fake %s", args[0])
	}
	g := v.(*gate)
	arg := func(i int) string {
		if len(args) <= 2+i {
			ts.Fatalf("fake %s %s wants an argument", args[0], args[1])
		}
		return args[2+i]
	}
	switch args[1] {
	case "change":
		g.Change(number(ts, arg(0), 0))
	case "add":
		g.Add(number(ts, arg(0), 0))
	case "remove":
		g.Remove(number(ts, arg(0), 0))
	case "advance":
		d, err := time.ParseDuration(arg(0))
		ts.Check(err)
		g.Advance(d)
	case "hold":
		g.mu.Lock()
		g.from, g.seen, g.held, g.freed = number(ts, arg(0), 0), 0, shut(), shut()
		g.mu.Unlock()
	case "held":
		select {
		case <-g.held:
		case <-time.After(30 * time.Second):
			ts.Fatalf("nothing was held: %d requests, %v", g.seen, g.Requests())
		}
	case "free":
		g.mu.Lock()
		g.from = 0
		close(g.freed)
		g.mu.Unlock()
	case "login", "good":
		g.fake.(*fakejira.Site).Set(fakejira.Awkward{Login: args[1] == "login"})
	case "limit":
		g.fake.(*fakejira.Site).Limit(number(ts, arg(0), 1), time.Second)
	case "requests": // since the last time they were asked for
		n, least, most := 0, number(ts, arg(0), 0), number(ts, arg(1), 0)
		for _, k := range g.Requests() {
			n += k
		}
		fmt.Fprintf(ts.Stdout(), "%d requests: %v\n", n, g.Requests())
		if n < least || n > most {
			ts.Fatalf("%d requests, want %d to %d: %v", n, least, most, g.Requests())
		}
		g.Reset()
	default:
		ts.Fatalf("a fake cannot %s", args[1])
	}
}

// fill replaces the addresses of fakes in files, and nothing else.
func (f *fakes) fill(ts *testscript.TestScript, neg bool, args []string) {
	for _, file := range args {
		text := ts.ReadFile(file)
		f.byName.Range(func(k, _ any) bool {
			if name, ok := strings.CutPrefix(k.(string), ts.Getenv("WORK")); ok {
				text = strings.ReplaceAll(text, "$"+name, ts.Getenv(name))
			}
			return true
		})
		ts.Check(os.WriteFile(ts.MkAbs(file), []byte(text), 0o644))
	}
}
