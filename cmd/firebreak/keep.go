package main

// What is kept of a night for the ones that will ask what changed, what a night is compared with, and how an
// as-of is read.

import (
	"context"
	"fmt"
	"time"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/collectors/ledger"
	"github.com/firebreak/firebreak/collectors/record"
)

// keep keeps the night's figures and verdicts.
func (n *night) keep(ctx context.Context) error {
	figures, items, err := n.report.Keep().Encode()
	if err != nil {
		return err
	}
	return n.ledger.SaveNight(ctx, ledger.Night{
		AsOf: n.report.AsOf, Created: record.At(n.env.clock()), Policy: n.policy.Hash, Report: figures, Verdicts: items,
	})
}

// fewRecords is up to how many records a night judges the week before again where no night of then was kept:
// it takes as long as judging the night itself. Who wants to know of more asks firebreak report --since.
const fewRecords = 30_000

// earlier is what the night is compared with: the one before and one a week ago, or the instant asked for; and
// why it is not, where one of these is missing.
func (n *night) earlier(ctx context.Context, in analysis.Input, records int) (all []analysis.Earlier, without []string, err error) {
	if n.since != 0 {
		e, err := n.sinceThen(ctx, in)
		return []analysis.Earlier{e}, nil, err
	}
	const day, week = 24 * time.Hour, 7 * 24 * time.Hour
	at := in.Speaks()
	last, note, err := n.kept(ctx, at)
	if err != nil {
		return nil, nil, err
	}
	if last != nil {
		e := analysis.Earlier{Name: "night", Then: last, Note: note}
		if at.Sub(last.AsOf) > 2*day {
			e.Asked = at.Add(-day)
		}
		all = append(all, e)
	} else {
		without = append(without, n.noNight(at, note))
	}
	ago := at.Add(-week)
	if ago <= 0 {
		all, err = n.today(ctx, in, all)
		return all, without, err
	}
	then, note, err := n.kept(ctx, ago+1)
	switch {
	case err != nil:
		return nil, nil, err
	case then != nil && then.AsOf >= ago.Add(-week):
		if last.AsOf != then.AsOf {
			e := analysis.Earlier{Name: "week", Then: then, Note: note}
			if ago.Sub(then.AsOf) > day {
				e.Asked = ago
			}
			all = append(all, e)
		}
	case records <= fewRecords:
		then, err := n.again(ctx, in, ago)
		if err != nil {
			return nil, nil, err
		}
		all = append(all, analysis.Earlier{Name: "week", Then: then, Again: true, Note: note})
	default:
		without = append(without, fmt.Sprintf("Since a week ago: no night was kept of then, and to judge %d records again takes as long as the night itself. `firebreak report --since %s` does it.",
			records, ago.In(n.policy.Zone).Format(time.DateOnly)))
	}
	all, err = n.today(ctx, in, all)
	return all, without, err
}

// noNight says why there is no night before the one that speaks for an instant.
func (n *night) noNight(at record.Instant, note string) string {
	s := "Since the night before: no night of before " + at.In(n.policy.Zone).Format("2 January 2006, 15:04") + " is kept in this ledger"
	if note != "" {
		return s + " that can be read. " + note
	}
	return s + ". A night is kept when it is published, and the next one tells what changed since."
}

// today judges the earlier instants by today's policy where that is another one.
func (n *night) today(ctx context.Context, in analysis.Input, all []analysis.Earlier) ([]analysis.Earlier, error) {
	for i := range all {
		e := &all[i]
		if e.Again || e.Then.Policy == n.policy.Hash && (e.Then.Program == "" || e.Then.Program == in.Program) {
			continue
		}
		var err error
		if e.Today, err = n.again(ctx, in, e.Then.AsOf); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// sinceThen is the instant asked for: the latest night kept of it or of before it, held against what would be
// said of it today; where there is none, the instant itself, judged again.
func (n *night) sinceThen(ctx context.Context, in analysis.Input) (analysis.Earlier, error) {
	e := analysis.Earlier{Name: "since", Asked: n.since}
	if n.since >= in.Speaks() {
		local := func(at record.Instant) string { return at.In(n.policy.Zone).Format("2006-01-02 15:04:05") }
		return e, usage("--since %s is %s, which is not before what the report speaks for, %s", n.after, local(n.since), local(in.Speaks()))
	}
	var err error
	if e.Then, e.Note, err = n.kept(ctx, n.since+1); err != nil {
		return e, err
	}
	if e.Then == nil {
		e.Again = true
		e.Then, err = n.again(ctx, in, n.since)
		return e, err
	}
	e.Today, err = n.again(ctx, in, e.Then.AsOf)
	return e, err
}

// again judges an earlier instant by today's policy and by what is known today.
func (n *night) again(ctx context.Context, in analysis.Input, at record.Instant) (*analysis.Kept, error) {
	in.AsOf, in.Earlier = at, nil
	r, err := n.judge(ctx, in)
	if err != nil {
		return nil, err
	}
	return r.Keep(), nil
}

// kept is the latest night that was kept of an instant before the given one; nil if there is none. One that
// cannot be read is passed over, and the note says so.
func (n *night) kept(ctx context.Context, before record.Instant) (k *analysis.Kept, note string, err error) {
	for {
		old, ok, err := n.ledger.PreviousNight(ctx, before)
		if err != nil || !ok {
			return nil, note, err
		}
		k, err := analysis.DecodeKept(old.Report, old.Verdicts)
		if err == nil {
			k.AsOf, k.Policy = old.AsOf, old.Policy // its identity in the ledger
			return k, note, nil
		}
		note = fmt.Sprintf("The night kept of %s cannot be read (%v), and was passed over.", old.AsOf.In(n.policy.Zone).Format("2 January 2006, 15:04"), err)
		before = old.AsOf
	}
}

// instant reads the instant of a flag: RFC 3339, or a date, which means the end of that local day.
func instant(flag, s string, zone *time.Location) (record.Instant, error) {
	if s == "" {
		return 0, nil
	}
	if d, err := record.ParseDate(s); err == nil {
		return d.End(zone) + 1, nil // as-of is exclusive: the day, and its week and month, are whole
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil || record.At(t) == 0 {
		return 0, usage("--%s %q is neither a date (2026-10-01: the end of that day in the team's zone) nor an instant (2026-10-01T08:00:00Z)", flag, s)
	}
	return record.At(t), nil
}
