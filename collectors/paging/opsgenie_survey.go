package paging

// What `firebreak doctor` asks of Opsgenie's API.

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"github.com/firebreak/firebreak/collectors/live"
)

// Survey tries what a night needs: the address and the key, the list in the order of updates, the log of an
// alert where logs are needed, and the schedules. It takes four requests.
func (l *OpsgenieLive) Survey(ctx context.Context) live.Survey {
	var v live.Survey
	fail := func(what string, err error, grave bool) {
		c := live.Check{What: what, Wrong: err.Error(), Grave: grave}
		if d := (*denial)(nil); errors.As(err, &d) {
			plain := *d
			plain.advice = ""
			c.Wrong, c.Remedy = plain.Error(), d.advice
		}
		v.Checks = append(v.Checks, c)
	}
	pass := func(what, found string) { v.Checks = append(v.Checks, live.Check{What: what, Found: found}) }
	if err := l.Check(); err != nil {
		v.Checks = append(v.Checks, live.Check{What: "the settings of " + l.Name, Wrong: err.Error(), Remedy: "correct them in firebreak.yaml", Grave: true})
		return v
	}
	w := &opsgenieWalk{OpsgenieLive: l, conversation: l.converse(), ctx: ctx}
	what := "reach " + w.root + " and read alerts"
	q := url.Values{"sort": {"updatedAt"}, "order": {"desc"}, l.size(): {"1"}}
	if l.Query != "" {
		q.Set("query", w.since(0))
	}
	answer, err := w.question(l.path("alerts"), q)
	if err != nil {
		fail(what, err, true)
		return v
	}
	list, _, ok := opsgenieListOf(answer)
	if !ok {
		fail(what, fmt.Errorf("the answer is no list of alerts: it begins %q", w.quote(answer, 60)), true)
		return v
	}
	if len(list) == 0 {
		v.Checks = append(v.Checks, live.Check{What: what, Wrong: "there is no alert that it may see", Remedy: "see `query:`, and whether the key is of a team that has alerts"})
	} else if b := w.read(ctx, l.files(), "alerts", "alerts", answer); len(b.Pages) == 1 {
		pass(what, fmt.Sprintf("the latest is %s, updated at %s", b.Pages[0].ID, b.Pages[0].Updated.Time().Format("2006-01-02 15:04 MST")))
		if _, err := w.question(l.path("alerts/"+url.PathEscape(b.Pages[0].ID)+"/logs"), url.Values{l.size(): {"1"}}); err != nil && (l.Logs || l.jsm()) {
			fail("read the log of an alert", err, false)
		}
	} else {
		pass(what, "it answers")
	}
	if all, err := w.listSchedules(); err != nil {
		fail("read schedules", err, false)
	} else {
		pass("read schedules", fmt.Sprintf("%d that are enabled", len(all)))
	}
	v.Checks = append(v.Checks, clocks(l.HTTP.Skew()))
	return v
}
