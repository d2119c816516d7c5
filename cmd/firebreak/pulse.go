package main

// The pulse: what the team answered about its months, and a file for the next one.

import (
	"path/filepath"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/firebreak/firebreak/analysis/pulse"
	"github.com/firebreak/firebreak/analysis/strict"
)

func newPulseCommand(env environment) *cli.Command {
	return &cli.Command{
		Name: "pulse", Usage: "start the file of a month's anonymous answers: how was on call, can we keep this up",
		Flags: []cli.Flag{configFlag, &cli.StringFlag{Name: "month", Usage: "the `MONTH`, as 2026-10; without it, the month that is ending or has just ended"}},
		Action: func(c *cli.Context) error {
			n, err := newNight(env, c)
			if err != nil {
				return err
			}
			n.steps.quiet = true
			if err := n.check(c.Context); err != nil {
				return err
			}
			month := c.String("month")
			if month == "" {
				month = monthToAsk(env.clock(), n.policy.Zone)
			}
			if _, _, ok := pulse.Span(month, n.policy.Zone); !ok {
				return usage("%q is no month; a month reads 2026-10", month)
			}
			return n.writeNew(filepath.Join(pulse.Folder, month+pulse.Ext), pulse.Draft(month, n.policy.Zone))
		},
	}
}

// monthToAsk is the month that most of the last thirty days lie in: whoever asks on the 3rd wants the month
// that is over, who asks on the 28th the one that they are in.
func monthToAsk(now time.Time, zone *time.Location) string {
	return now.In(zone).AddDate(0, 0, -15).Format("2006-01")
}

// pulse reads the answers, month by month.
func (c *config) pulse() ([]*pulse.Month, []strict.Complaint, error) {
	files, complaints, err := c.folder(pulse.Folder, func(name string) bool { return !strings.HasSuffix(name, "~") })
	if err != nil {
		return nil, nil, err
	}
	var months []*pulse.Month
	for _, f := range files {
		m, cs := pulse.Read(f.name, f.text)
		if complaints = append(complaints, cs...); m != nil {
			months = append(months, m)
		}
	}
	return months, strict.Sort(complaints), nil
}
