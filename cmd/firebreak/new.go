package main

// New texts to start from.

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/analysis/postmortem"
	"github.com/firebreak/firebreak/analysis/strict"
)

func newCommand(env environment) *cli.Command {
	return &cli.Command{Name: "new", Usage: "start a text", Subcommands: []*cli.Command{{
		Name: "postmortem", Usage: "start a postmortem with its five questions, filled in with what is known of an incident",
		Flags: []cli.Flag{configFlag, &cli.StringFlag{Name: "from", Usage: "the incident's `KEY`; its times and events are taken from the ledger"}},
		Action: func(c *cli.Context) error {
			n, err := newNight(env, c)
			if err != nil {
				return err
			}
			return n.newPostmortem(c)
		},
	}, newPulseCommand(env)}}
}

func (n *night) newPostmortem(c *cli.Context) (err error) {
	n.steps.quiet = true
	if err := n.check(c.Context); err != nil {
		return err
	}
	in := postmortem.Incident{}
	if key := c.String("from"); key != "" {
		n.skip = true
		if err := n.collect(c.Context); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, n.closeLedger()) }()
		if err := n.analyse(c.Context); err != nil {
			return err
		}
		it := n.report.Find(key)
		if it == nil {
			var keys []string
			for _, it := range n.report.Items {
				keys = append(keys, it.Key)
			}
			return usage("the ledger knows no issue %s%s", key, strict.DidYouMean(key, keys...))
		}
		in = incident(n.report.Night, it)
	}
	return n.writeNew(filepath.Join("postmortems", in.FileName(n.policy.Zone)), postmortem.Draft(in, n.policy.Zone))
}

// writeNew writes a text that is not there yet into the team's folder, and says where.
func (n *night) writeNew(name string, text []byte) error {
	file := filepath.Join(n.config.path(n.config.Content), name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return usage("%s is there already; it is left as it is", file)
	}
	if err != nil {
		return err
	}
	if _, err := f.Write(text); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := f.Close(); err != nil {
		return err
	}
	fmt.Fprintln(n.env.out, file)
	return nil
}

// incident is what the ledger knows of an item, for the writer to start from.
func incident(n *analysis.Night, it *analysis.Item) postmortem.Incident {
	in := postmortem.Incident{Key: it.Key, Title: it.Title, Severity: it.Severity(), Started: it.Created, Detected: it.Created, Resolved: it.Finished}
	for _, s := range it.Services {
		in.Services = append(in.Services, s.ID)
	}
	for _, p := range it.Pages {
		in.Started, in.Detected = min(in.Started, p.Triggered), min(in.Detected, p.Triggered)
		in.Events = append(in.Events, postmortem.Event{At: p.Triggered, Text: "The pager went: " + p.Title})
		if p.Acked != 0 {
			in.Events = append(in.Events, postmortem.Event{At: p.Acked, Text: "Acknowledged"})
		}
	}
	for i, s := range it.Stages {
		text := "Reported"
		if i > 0 {
			text = "Moved to " + s.Is.Name
		}
		in.Events = append(in.Events, postmortem.Event{At: s.At, Text: text})
	}
	slices.SortStableFunc(in.Events, func(a, b postmortem.Event) int { return cmp.Compare(a.At, b.At) })
	return in
}
