package paging

// PagerDuty as a live source: what an account has, for the person who sets it up.

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/firebreak/firebreak/collectors/live"
)

// Survey asks what there is, and what is in the way.
func (l *PagerDutyLive) Survey(ctx context.Context) (v live.Survey) {
	n := &pagerDutyNight{PagerDutyLive: l, conversation: l.converse(), ctx: ctx}
	check := func(what, path string, q url.Values, member string, grave bool) map[string]json.RawMessage {
		answer, err := n.answer(path, q)
		c := live.Check{What: what, Grave: grave}
		var refused *denial
		switch {
		case errors.As(err, &refused):
			c.Remedy, refused.advice = refused.advice, ""
			c.Wrong = refused.Error()
		case err != nil:
			c.Wrong = err.Error()
		case answer[member] == nil:
			c.Wrong, c.Remedy = "the answer has no "+member, "see whether `url:` is PagerDuty's API"
		default:
			c.Found = "it can be read"
		}
		v.Checks = append(v.Checks, c)
		if c.Wrong != "" {
			return nil
		}
		return answer
	}
	one := func() url.Values { return url.Values{"limit": {"1"}} }
	if check("reach "+n.root+" and read incidents", "incidents", n.incidents(one()), "incidents", true) == nil {
		return v
	}
	check("read log entries: when incidents were acknowledged", "log_entries", n.filters(one()), "log_entries", true)
	check("read who is on call", "oncalls", one(), "oncalls", false)
	for _, id := range l.Services {
		if answer := check("read the service "+id, "services/"+url.PathEscape(id), url.Values{}, "service", false); answer != nil {
			var s struct {
				Name string `json:"name"`
			}
			if json.Unmarshal(answer["service"], &s) == nil && s.Name != "" {
				v.Checks[len(v.Checks)-1].Found = s.Name
				v.Services = append(v.Services, s.Name)
			}
		}
	}
	// The first hundred tell whether the policy knows how they are called.
	if answer, err := n.answer("services", url.Values{"limit": {"100"}}); err == nil && len(l.Services) == 0 {
		var all []struct {
			Name string `json:"name"`
		}
		if json.Unmarshal(answer["services"], &all) == nil {
			for _, s := range all {
				v.Services = append(v.Services, s.Name)
			}
		}
	}
	v.Checks = append(v.Checks, clocks(l.HTTP.Skew()))
	return v
}

// skewTold is from where a difference of clocks is worth a word: what is read goes by the service's own.
const skewTold = 2 * time.Minute

// clocks is the check that the service's clock and this machine's agree.
func clocks(skew time.Duration, known bool) live.Check {
	c := live.Check{What: "the service's clock", Found: "the clocks agree"}
	switch {
	case !known:
		c.Found = "the service does not tell its time"
	case skew.Abs() > skewTold:
		word := "ahead of"
		if skew < 0 {
			word = "behind"
		}
		c.Found = ""
		c.Wrong = fmt.Sprintf("it is %s %s this machine's", skew.Abs().Round(time.Second), word)
		c.Remedy = "set the clock that is wrong: nothing is lost by it, but the times on the wiki will be off"
	}
	return c
}
