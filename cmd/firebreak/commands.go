package main

// The parts of a night as commands: nightly, collect, build, check.

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/urfave/cli/v2"
	"golang.org/x/term"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/analysis/postmortem"
	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/collectors/record"
	"github.com/firebreak/firebreak/site"
	"github.com/firebreak/firebreak/themes"
)

var (
	configFlag  = &cli.StringFlag{Name: "config", Aliases: []string{"c"}, Value: "firebreak.yaml", Usage: "the operator's `FILE`"}
	outFlag     = &cli.StringFlag{Name: "out", Aliases: []string{"o"}, Usage: "publish to `DIR` instead of what firebreak.yaml says"}
	asOfFlag    = &cli.StringFlag{Name: "as-of", Usage: "speak for `DATE` (its end, in the team's zone) or an instant; default: the newest that the sources know"}
	quietFlag   = &cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "say nothing while all goes well"}
	failOnFlag  = &cli.StringSliceFlag{Name: "fail-on", Usage: "end with code 3 if `GATE` holds, such as 'sla < 95%' or 'overload > 20%'; may be given more than once"}
	verboseFlag = &cli.BoolFlag{Name: "verbose", Usage: "log every doubt and request"}
)

func nightlyCommand(env environment) *cli.Command {
	return &cli.Command{Name: "nightly", Usage: "the whole night: check, collect, analyse, build, publish",
		Flags: []cli.Flag{configFlag, outFlag, asOfFlag, failOnFlag, quietFlag, verboseFlag},
		Action: func(c *cli.Context) error {
			n, err := newNight(env, c)
			if err != nil {
				return err
			}
			n.told = true
			return n.run(c.Context)
		}}
}

func buildCommand(env environment) *cli.Command {
	return &cli.Command{Name: "build", Usage: "publish again from the ledger, without collecting",
		Flags: []cli.Flag{configFlag, outFlag, asOfFlag, failOnFlag, quietFlag, verboseFlag},
		Action: func(c *cli.Context) error {
			n, err := newNight(env, c)
			if err != nil {
				return err
			}
			n.skip, n.told = true, true
			return n.run(c.Context)
		}}
}

func collectCommand(env environment) *cli.Command {
	return &cli.Command{Name: "collect", Usage: "bring the sources' records home into the ledger, and judge nothing",
		Flags: []cli.Flag{configFlag, quietFlag, verboseFlag,
			&cli.BoolFlag{Name: "full", Usage: "read everything again from the beginning; what is there stays until it is replaced"}},
		Action: func(c *cli.Context) error {
			n, err := newNight(env, c)
			if err != nil {
				return err
			}
			n.full = c.Bool("full")
			return n.onlyCollect(c.Context)
		}}
}

// onlyCollect is the second step alone.
func (n *night) onlyCollect(ctx context.Context) error {
	signal.Ignore(syscall.SIGPIPE) // as in a night
	n.steps.begin("collect")
	if err := n.collect(ctx); err != nil {
		n.steps.abandon()
		return errors.Join(err, n.closeLedger())
	}
	if err := n.closeLedger(); err != nil {
		return err
	}
	return n.outcome("collected")
}

// newNight reads firebreak.yaml; its faults are told with the policy's, all at once.
func newNight(env environment, c *cli.Context) (*night, error) {
	gates, err := parseGates(c.StringSlice("fail-on"))
	if err != nil {
		return nil, err
	}
	cfg, complaints, err := readConfig(c.String("config"))
	if err != nil {
		return nil, err
	}
	if strict.Failed(complaints) {
		if _, _, fatal, _, err := cfg.read(); err == nil {
			complaints = append(complaints, fatal...)
		}
		return nil, exit{unusable, errors.New(list(complaints) + "nothing was touched; the files above want mending first")}
	}
	if out := c.String("out"); out != "" {
		if cfg.Out, err = absolute(out); err != nil {
			return nil, err
		}
	}
	n := &night{env: env, config: cfg, asOf: c.String("as-of"), gates: gates, steps: newSteps(env, c.Bool("quiet")), log: logger(env, c.Bool("verbose"))}
	for _, w := range complaints {
		n.warnings = append(n.warnings, fmt.Sprintf("%s:%d:%d: %s", w.File, w.Line, w.Col, w.What))
	}
	return n, nil
}

// parseGates reads every --fail-on; what is wrong with them is told all at once.
func parseGates(texts []string) ([]analysis.Gate, error) {
	var gates []analysis.Gate
	var wrong []error
	told := false // which metrics there are
	for _, text := range texts {
		g, err := analysis.ParseGate(text)
		if e := (*analysis.GateError)(nil); errors.As(err, &e) && e.There != "" {
			if told {
				e.There = ""
			}
			told = true
		}
		if err != nil {
			wrong = append(wrong, fmt.Errorf("--fail-on: %w", err))
		}
		gates = append(gates, g)
	}
	if wrong != nil {
		return nil, exit{unusable, errors.Join(wrong...)}
	}
	return gates, nil
}

func newSteps(env environment, quiet bool) *steps {
	f, ok := env.err.(*os.File)
	s := &steps{w: env.err, tty: ok && term.IsTerminal(int(f.Fd())), quiet: quiet, clock: env.clock, width: 80}
	if s.tty {
		if w, _, err := term.GetSize(int(f.Fd())); err == nil {
			s.width = w
		}
	}
	return s
}

func checkCommand(env environment) *cli.Command {
	return &cli.Command{Name: "check", Usage: "read everything that people wrote and say what is wrong with it, all at once",
		Flags: []cli.Flag{configFlag, &cli.StringFlag{Name: "format", Value: "text", Usage: "`FORMAT` of the complaints: text, github (annotations of a workflow) or json"}},
		Action: func(c *cli.Context) error {
			write, ok := complaintFormats[c.String("format")]
			if !ok {
				return usage("--format %q is none of text, github, json%s", c.String("format"), strict.DidYouMean(c.String("format"), "text", "github", "json"))
			}
			told := func(complaints []strict.Complaint, err error) error { // err ends it; the complaints there are, are told all the same
				if len(complaints) > 0 || c.String("format") == "json" { // or it would say that all is well
					err = errors.Join(write(env.out, complaints), err)
				}
				return err
			}
			cfg, fatal, err := readConfig(c.String("config"))
			if err != nil {
				return told(fatal, err)
			}
			read, posts, policy, texts, err := cfg.read()
			theme, none := cfg.theme()
			fatal = slices.Concat(fatal, policy, none)
			if err != nil {
				return told(fatal, err)
			}
			zone, unsound := time.UTC, read == nil || strict.Failed(policy)
			if read != nil {
				zone = read.Zone
			}
			_, judged, err := cfg.triage(zone)
			if err != nil {
				return told(append(fatal, texts...), err)
			}
			if unsound { // its zone may be the mistake, and what is only doubted of a week rests on the zone
				judged = slices.DeleteFunc(judged, func(c strict.Complaint) bool { return c.Warning })
				read = nil
			}
			_, felt, err := cfg.pulse()
			texts = slices.Concat(texts, judged, felt)
			if err != nil {
				return told(append(fatal, texts...), err)
			}
			more, err := cfg.complaintsOfSite(theme, read, posts)
			if err != nil && cfg.Theme != "" { // what the theme cannot draw, the built-in one can
				more, _ = cfg.complaintsOfSite(themes.Firehouse(), read, posts)
			}
			texts = append(texts, more...)
			if err != nil {
				return told(append(fatal, texts...), err)
			}
			if err := write(env.out, append(fatal, texts...)); err != nil {
				return err
			}
			switch {
			case strict.Failed(fatal):
				return exit{unusable, errors.New("the configuration cannot be used as it is")}
			case strict.Failed(texts):
				return exit{withGaps, errors.New("the night would publish, and show the complaints about the texts in place")}
			}
			return nil
		}}
}

// noPolicy stands in for a policy that nothing can be judged by.
const noPolicy = `
team: {name: Nobody, zone: UTC}
stages: [{id: open, name: Open, kind: active, statuses: [Open]}, {id: done, name: Done, kind: done, statuses: [Done]}]
classes: [{id: any, name: Any, kind: problem, when: 'true'}]
`

// complaintsOfSite builds the wiki of a night without records, for what only building finds: dead links,
// images that are not there, entries that are too long. Without a sound policy (nil) it is the wiki of an
// empty one, and of links only those to the team's own texts and files are judged.
func (c *config) complaintsOfSite(theme fs.FS, policy *analysis.Policy, posts []*postmortem.Postmortem) ([]strict.Complaint, error) {
	loose := policy == nil
	if loose {
		policy, _ = analysis.ReadPolicy("", []byte(noPolicy))
	}
	report := analysis.Run(analysis.Input{Policy: policy, Postmortems: posts, AsOf: 1, Issues: func(func(record.Issue) bool) {}})
	report.Postmortems = posts // all of them, whatever as-of
	tree, err := site.Build(site.Input{Report: report, Content: c.content, Theme: theme, ContentName: c.shown("") + "/", Loose: loose})
	if err != nil {
		return nil, err
	}
	return tree.Complaints, nil
}

// complaintFormats are the ways to write complaints.
var complaintFormats = map[string]func(io.Writer, []strict.Complaint) error{
	"text": func(w io.Writer, cs []strict.Complaint) error {
		for _, c := range cs {
			fmt.Fprintln(w, c)
		}
		if len(cs) == 0 {
			fmt.Fprintln(w, "nothing to complain about")
		}
		return nil
	},
	"github": func(w io.Writer, cs []strict.Complaint) error {
		// https://docs.github.com/actions/reference/workflow-commands-for-github-actions
		data := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
		property := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
		for _, c := range cs {
			level := "error"
			if c.Warning {
				level = "warning"
			}
			fmt.Fprintf(w, "::%s file=%s,line=%d,col=%d::%s\n", level, property.Replace(c.File), max(c.Line, 1), max(c.Col, 1), data.Replace(c.What))
		}
		return nil
	},
	"json": func(w io.Writer, cs []strict.Complaint) error {
		type complaint struct {
			File    string `json:"file"`
			Line    int    `json:"line,omitempty"`
			Column  int    `json:"column,omitempty"`
			What    string `json:"what"`
			Warning bool   `json:"warning,omitempty"`
		}
		out := []complaint{}
		for _, c := range cs {
			out = append(out, complaint{c.File, c.Line, c.Col, c.What, c.Warning})
		}
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(out)
	},
}

func schemaCommand(env environment) *cli.Command {
	return &cli.Command{Name: "schema", Usage: "print the JSON Schema of a file, for completion in editors", ArgsUsage: "policy | config",
		Action: func(c *cli.Context) error {
			if c.NArg() != 1 {
				return usage("schema takes one argument: policy or config")
			}
			var schema []byte
			switch c.Args().First() {
			case "policy":
				schema = analysis.PolicySchema()
			case "config":
				schema = configSchema
			default:
				return usage("there is no schema %q; there are policy and config%s", c.Args().First(), strict.DidYouMean(c.Args().First(), "policy", "config"))
			}
			_, err := env.out.Write(schema)
			return err
		}}
}
