package main

// How sources are made of what firebreak.yaml says, and how live services are asked.

import (
	"context"
	"fmt"
	"iter"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/firebreak/firebreak/collectors"
	"github.com/firebreak/firebreak/collectors/exports"
	"github.com/firebreak/firebreak/collectors/github"
	"github.com/firebreak/firebreak/collectors/jira"
	"github.com/firebreak/firebreak/collectors/live"
	"github.com/firebreak/firebreak/collectors/paging"
	"github.com/firebreak/firebreak/collectors/record"
	"github.com/firebreak/firebreak/collectors/transport"
)

// wiring is what sources are made with beside their configuration.
type wiring struct {
	now record.Instant
	log *slog.Logger

	full bool            // collect everything again
	pool *transport.Pool // all live sources of a run; nil is each alone

	// patience is how long to wait for rate limits at most, 0 for as long as firebreak.yaml says.
	patience time.Duration

	// delivered are the ids that the ledger remembers of a stream of a source; nil remembers nothing.
	delivered func(ctx context.Context, source, stream string) ([]string, error)
}

// kind is a kind of source; live is nil for one that has only files.
type kind struct {
	files func(source, exports.Set) collectors.Source
	live  func(source, asking) surveyor
}

// surveyor is a live source.
type surveyor interface {
	collectors.Source
	collectors.Metered
	collectors.Timed
	Survey(context.Context) live.Survey
}

// discreet is a live source together with the secret that it asks with.
type discreet struct {
	surveyor
	http *transport.Transport
}

// Scrub is text without the secret.
func (d discreet) Scrub(text string) string { return d.http.Scrub(text) }

// Survey is the source's own, without the secret: it quotes what the service answered.
func (d discreet) Survey(ctx context.Context) live.Survey {
	s := d.surveyor.Survey(ctx)
	for i := range s.Checks {
		c := &s.Checks[i]
		c.What, c.Found, c.Wrong, c.Remedy = d.Scrub(c.What), d.Scrub(c.Found), d.Scrub(c.Wrong), d.Scrub(c.Remedy)
	}
	return s
}

// asking is how a live service is asked, once its token is known.
type asking struct {
	http      *transport.Transport
	delivered func(ctx context.Context, stream string) ([]string, error)
}

// kinds are the kinds of sources there are.
var kinds = everyKind()

func everyKind() map[string]kind {
	all := map[string]kind{"jira": jiraKind, "github": githubKind, "paging": {files: pagesOf("")}, "servicenow": serviceNowKind}
	for _, tool := range paging.Tools() {
		all[tool] = kind{files: pagesOf(tool)}
	}
	all["pagerduty"] = kind{files: pagesOf("pagerduty"), live: func(s source, a asking) surveyor {
		return &paging.PagerDutyLive{Name: s.Name, Tracker: s.Tracker, URL: s.Live.URL, Services: s.Live.Services, Teams: s.Live.Teams, Since: s.Live.Since, HTTP: a.http}
	}}
	all["opsgenie"] = kind{files: pagesOf("opsgenie"), live: func(s source, a asking) surveyor {
		return &paging.OpsgenieLive{Name: s.Name, Tracker: s.Tracker, URL: s.Live.URL, Query: s.Live.Query, Logs: s.Live.Logs, HTTP: a.http}
	}}
	return all
}

// pagesOf makes a source of the exports of a tool, "" of any.
func pagesOf(tool string) func(source, exports.Set) collectors.Source {
	return func(s source, set exports.Set) collectors.Source {
		f := paging.Files{Tracker: s.Tracker, Tool: tool, Zone: s.Zone, Role: s.Role, Set: set}
		if s.Columns != nil {
			f.Mapping = &paging.Mapping{Columns: s.Columns, Layout: s.Layout}
		}
		return f
	}
}

var (
	jiraKind = kind{
		files: func(s source, set exports.Set) collectors.Source {
			return jira.Files{Tracker: s.Tracker, Set: set, Fields: s.Fields, Points: s.Points, Columns: s.Columns, Layout: s.Layout, Site: s.Site, Zone: s.Zone}
		},
		live: func(s source, a asking) surveyor {
			return &jira.Live{
				Name: s.Name, Tracker: s.Tracker, URL: s.Live.URL, Browse: s.Live.Browse, Cloud: s.Live.Cloud, JQL: s.Live.JQL,
				Fields: s.Fields, Points: s.Points, HTTP: a.http, Delivered: a.delivered,
			}
		},
	}
	githubKind = kind{
		files: func(s source, set exports.Set) collectors.Source { return github.Files{Tracker: s.Tracker, Set: set} },
		live: func(s source, a asking) surveyor {
			l := &github.Live{
				Name: s.Name, Tracker: s.Tracker, URL: s.Live.URL, Repos: s.Live.Repos, Org: s.Live.Org, Query: s.Live.Query,
				Projects: s.Live.Projects, HTTP: a.http, Delivered: a.delivered,
			}
			if len(s.Points) > 0 {
				l.Points = s.Points[0]
			}
			return l
		},
	}
	serviceNowKind = kind{files: func(s source, set exports.Set) collectors.Source {
		return paging.ServiceNow{Tracker: s.Tracker, Zone: s.Zone, Set: set}
	}}
)

// named are the sources, ready to be collected. One that cannot be asked, for want of its token say, is
// a gap of its own and stops no other; warnings are about the others.
func (c *config) named(w wiring) (ns []collectors.Named, warnings []string) {
	w.pool = new(transport.Pool) // they run side by side
	for _, s := range c.Sources {
		if s.Live == nil {
			ns = append(ns, collectors.Named{Name: s.Name, Source: c.ofFiles(s, w.now), Full: w.full})
			continue
		}
		src, warning, err := c.ofService(s, w)
		if warning != "" {
			warnings = append(warnings, s.Name+": "+warning)
		}
		if err != nil {
			ns = append(ns, collectors.Named{Name: s.Name, Source: unasked{err}})
			continue
		}
		ns = append(ns, collectors.Named{Name: s.Name, Source: src, Full: w.full})
	}
	return ns, warnings
}

// unasked is a source that cannot even be asked.
type unasked struct{ why error }

func (u unasked) Fetch(context.Context, record.Cursor) iter.Seq2[record.Batch, error] {
	return func(yield func(record.Batch, error) bool) { yield(record.Batch{}, u.why) }
}

// ofFiles is a source of export files. An instant more than a day after now is a slip of somebody's
// clock or keyboard, and must not move what the wiki speaks for.
func (c *config) ofFiles(s source, now record.Instant) collectors.Source {
	set := exports.Set{Source: s.Name, Patterns: s.Files, FS: c.exports, Dir: c.Dir, ExportedAt: s.At, Latest: now.Add(24 * time.Hour)}
	return kinds[s.Kind].files(s, set)
}

// ofService is a live source, with its token and its certificates. A warning is worth saying, and no
// reason not to ask.
func (c *config) ofService(s source, w wiring) (src surveyor, warning string, err error) {
	token, warning, err := s.Live.token(c)
	if err != nil {
		return nil, "", err
	}
	origin := s.Live.URL
	if s.Kind == "github" {
		base, err := github.Base(s.Live.URL)
		if err != nil {
			return nil, warning, err
		}
		origin = base.String()
	}
	o := transport.Options{
		Service: s.Name, Origin: origin, Patience: s.Live.Patience, Log: w.log,
		Agent: agent(), Pool: w.pool,
	}
	if w.patience != 0 && (o.Patience == 0 || o.Patience > w.patience) {
		o.Patience = w.patience
	}
	switch {
	case token == "":
	case s.Live.Email != "":
		o.Auth = transport.Basic(s.Live.Email, token)
	case s.Kind == "pagerduty":
		o.Auth = transport.Keyed("Token token=", token)
	case s.Kind == "opsgenie":
		o.Auth = transport.Keyed("GenieKey ", token)
	default:
		o.Auth = transport.Bearer(token)
	}
	if f := s.Live.CAFile; f != "" {
		if o.CA, err = os.ReadFile(c.path(f)); err != nil {
			return nil, warning, fmt.Errorf("the certificates of ca_file: %s cannot be read: %s", f, reason(err))
		}
	}
	a := asking{}
	if a.http, err = transport.New(o); err != nil {
		return nil, warning, err
	}
	if w.delivered != nil {
		a.delivered = func(ctx context.Context, stream string) ([]string, error) { return w.delivered(ctx, s.Name, stream) }
	}
	return discreet{kinds[s.Kind].live(s, a), a.http}, warning, nil
}

// agent is how the services see us: RFC 9110's product and version, and where to read what we are.
func agent() string {
	return "firebreak/" + strings.Trim(strings.Fields(version())[0], "()") + " (+https://github.com/firebreak/firebreak)"
}
