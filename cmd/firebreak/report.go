package main

// The headline figures without a wiki: for a terminal, a CI job's summary, a chat message, a program or a
// spreadsheet.

import (
	"errors"
	"fmt"
	"io"

	"github.com/urfave/cli/v2"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/site"
)

func reportCommand(env environment) *cli.Command {
	return &cli.Command{Name: "report", Usage: "print the headline figures, and what changed, from the ledger as it is; writes nothing",
		Description: "Formats: table is for a terminal, one line a figure; md is Markdown for the summary of a CI job or a chat\n" +
			"message, with the questions of the front page and what needs attention; json and csv are for programs and have\n" +
			"all of it. --metric takes the name that is in the address of a metric's entry; 'all' is every one.\n\n" +
			"--since tells what changed and why, by what the night of that instant kept. A date is the end of that day.\n" +
			"Where no night was kept, the latest one before it is taken, and without any the instant is judged again by\n" +
			"today's policy; both are said.\n\n" +
			"A gate of --fail-on is METRIC or METRIC/PART, one of < <= > >= == !=, and a number in its unit: 'sla < 95%',\n" +
			"'sla-respond/emergency < 90%', 'cycle-time > 5d', 'unclassified > 0'. A gate of which there is no data, or a\n" +
			"share or a time of fewer than ten, does not fail, and is named. If one fails, the exit code is 3.",
		Flags: []cli.Flag{configFlag, asOfFlag,
			&cli.StringFlag{Name: "since", Usage: "tell what changed since `DATE` (its end, in the team's zone) or an instant"},
			&cli.StringFlag{Name: "format", Value: "table", Usage: "`FORMAT`: table, md, json or csv"},
			failOnFlag,
			&cli.StringSliceFlag{Name: "metric", Usage: "only the metric of this `NAME`, or all; may be given more than once"},
		},
		Action: func(c *cli.Context) error {
			format := c.String("format")
			write, ok := reportFormats[format]
			if !ok {
				return usage("--format %q is none of table, md, json, csv%s", format, strict.DidYouMean(format, "table", "md", "json", "csv"))
			}
			if format == "csv" && c.String("since") != "" {
				return usage("--since has no place in CSV, whose rows are figures; take --format json")
			}
			metrics, err := chosenMetrics(c.StringSlice("metric"), format)
			if err != nil {
				return err
			}
			n, err := newNight(env, c)
			if err != nil {
				return err
			}
			n.after, n.told = c.String("since"), c.String("since") != ""
			if err := n.toReport(c); err != nil {
				return err
			}
			s := &site.Summary{Report: n.report, Title: n.config.Title, Metrics: metrics, Gates: n.rulings}
			if metrics == nil && format == "md" {
				s.Metrics = frontPage(n.report)
			}
			if err := write(env.out, s); err != nil {
				return err
			}
			if k := n.tellGates(); k > 0 {
				return exit{withGaps, fmt.Errorf("%s of %d failed", count(k, "gate"), len(n.rulings))}
			}
			return nil
		}}
}

// reportFormats are the ways to write a report.
var reportFormats = map[string]func(io.Writer, *site.Summary) error{
	"table": func(w io.Writer, s *site.Summary) error { return newPrinter(w).report(s) },
	"md":    writeMarkdown,
	"json":  func(w io.Writer, s *site.Summary) error { return s.WriteJSON(w) },
	"csv":   func(w io.Writer, s *site.Summary) error { return s.WriteCSV(w) },
}

// toReport judges the ledger as it is.
func (n *night) toReport(c *cli.Context) (err error) {
	n.steps.quiet = true
	if err := n.check(c.Context); err != nil {
		return err
	}
	if err := n.openToRead(c.Context); err != nil {
		return err
	}
	if err := errors.Join(n.analyse(c.Context), n.closeLedger()); err != nil {
		return err
	}
	if n.misplaced != nil { // nothing is lost by asking again
		return exit{unusable, errors.Join(n.misplaced...)}
	}
	return nil
}

// chosenMetrics are the names given with --metric; nil for what the format shows by itself.
func chosenMetrics(given []string, format string) ([]string, error) {
	var names []string
	for _, name := range given {
		if name == "all" {
			for i := range analysis.Metrics {
				names = append(names, analysis.Metrics[i].Name)
			}
			continue
		}
		m := analysis.FindMetric(name)
		if m == nil {
			return nil, usage("--metric: %s", analysis.UnknownMetric(name))
		}
		names = append(names, m.Name)
	}
	return names, nil
}

// frontPage are the metrics of the wiki's front page, and those that need attention.
func frontPage(r *analysis.Report) []string {
	var names []string
	for _, q := range analysis.FrontPage {
		names = append(names, q.Metric)
	}
	for i := range r.Figures {
		if r.Figures[i].Good == analysis.Bad {
			names = append(names, r.Figures[i].Name)
		}
	}
	return names
}
