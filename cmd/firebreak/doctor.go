package main

// The doctor: what of each source is reachable and permitted, which words it has, and which of them the
// policy does not know yet, with the lines to paste. It writes nothing and opens no ledger.

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"
	"golang.org/x/term"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/collectors/live"
	"github.com/firebreak/firebreak/collectors/record"
)

func doctorCommand(env environment) *cli.Command {
	return &cli.Command{Name: "doctor", Usage: "say of each source what is reachable, permitted and known to the policy, with the lines to paste",
		Flags: []cli.Flag{configFlag, &cli.StringFlag{Name: "source", Usage: "only the source `NAME`"}, verboseFlag},
		Action: func(c *cli.Context) error {
			d, err := newDoctor(env, c.String("config"), c.Bool("verbose"))
			if err != nil {
				return err
			}
			return d.visit(c.Context, c.String("source"))
		}}
}

// doctorPatience is how long the doctor waits for a rate limit: somebody sits there.
const doctorPatience = 30 * time.Second

// doctor looks at the sources of one wiki repository.
type doctor struct {
	config   *config
	warnings []strict.Complaint
	wiring   wiring
	out      *sheet
	wait     func(doing string) (done func()) // shown while a source is asked

	policy *analysis.Policy // an empty one where there is none yet
	file   string           // the policy's, as shown
	faults []strict.Complaint
	none   string // why there is no policy, "" if there is one
}

// newDoctor reads the two files. firebreak.yaml must be sound; a policy that is still being written is
// compared with as far as it can be read, since what it lacks may be what the doctor has to tell.
func newDoctor(env environment, file string, verbose bool) (*doctor, error) {
	text, err := configText(file)
	if err != nil {
		return nil, err
	}
	cfg, complaints := parseConfig(file, text)
	if strict.Failed(complaints) {
		return nil, exit{unusable, errors.New(list(complaints) + "no source was asked; the file above wants mending first")}
	}
	d := &doctor{config: cfg, warnings: complaints, policy: new(analysis.Policy), out: newSheet(env.out), wait: waiting(env)}
	d.wiring = wiring{now: record.At(env.clock()), log: logger(env, verbose), patience: doctorPatience}
	d.file = cfg.shown("policy.yaml")
	policy, err := cfg.policyText()
	if err != nil {
		if d.none = reason(err); errors.Is(err, fs.ErrNotExist) {
			d.none = "there is none yet"
		}
		return d, nil
	}
	if p, faults := analysis.ReadPolicy(d.file, policy); p != nil {
		d.policy, d.faults = p, faults
	} else {
		d.faults = faults
	}
	return d, nil
}

// state is how a source is, from well to unreadable.
type state int

const (
	well state = iota
	lessThanAsked
	unreadable
)

// stateOf is what the checks of a survey come down to.
func stateOf(s live.Survey) state {
	is := well
	for _, c := range s.Checks {
		switch {
		case c.Wrong == "":
		case c.Grave:
			return unreadable
		default:
			is = lessThanAsked
		}
	}
	return is
}

// visit surveys the sources one after the other and says what it finds.
func (d *doctor) visit(ctx context.Context, only string) error {
	sources, err := d.chosen(only)
	if err != nil {
		return err
	}
	for _, w := range d.warnings {
		d.out.line("%s", w)
	}
	if len(d.warnings) > 0 {
		d.out.blank()
	}
	var prescriptions []prescription
	states := map[state][]string{}
	for _, s := range sources {
		d.out.title(s.Name, s.described())
		p := prescription{source: s}
		done := d.wait("asking " + s.Name)
		p.look = d.look(ctx, s)
		done()
		if ctx.Err() != nil {
			return exit{unpublished, errors.New("interrupted; nothing was changed")}
		}
		is := stateOf(p.look.Survey)
		states[is] = append(states[is], s.Name)
		d.out.checks(p.look.Checks)
		d.out.notes(p.look.notes)
		d.out.has(p.look.Survey)
		p.compare(d.policy)
		d.out.unknown(p.unknown)
		d.out.blank()
		prescriptions = append(prescriptions, p)
	}
	d.paste(prescriptions)
	return d.outcome(states)
}

// chosen are the sources to look at.
func (d *doctor) chosen(only string) ([]source, error) {
	if only == "" {
		return d.config.Sources, nil
	}
	var names []string
	for _, s := range d.config.Sources {
		if s.Name == only {
			return []source{s}, nil
		}
		names = append(names, s.Name)
	}
	return nil, usage("%s has no source %q%s; it has %s", d.config.File, only, strict.DidYouMean(only, names...), strings.Join(names, ", "))
}

// look surveys one source. What keeps it from being asked is its first check.
func (d *doctor) look(ctx context.Context, s source) look {
	if s.Live == nil {
		return lookAtFiles(ctx, d.config.ofFiles(s, d.wiring.now), s)
	}
	src, warning, err := d.config.ofService(s, d.wiring)
	if err != nil {
		return look{Survey: live.Survey{Checks: []live.Check{{What: "ask at all", Wrong: err.Error(), Grave: true}}}}
	}
	token := live.Check{What: "have a token", Found: s.Live.tokenPlace(), Wrong: warning}
	l := look{Survey: src.Survey(ctx)}
	l.Checks = slices.Insert(l.Checks, 0, token)
	return l
}

// outcome sums up, as the exit code does.
func (d *doctor) outcome(states map[state][]string) error {
	if names := states[well]; len(names) > 0 {
		d.out.line("✓ %s: well", strings.Join(names, ", "))
	}
	if names := states[lessThanAsked]; len(names) > 0 {
		d.out.line("! %s: less than was asked for, see above", strings.Join(names, ", "))
	}
	if names := states[unreadable]; len(names) > 0 {
		d.out.line("✗ %s: cannot be read, see above", strings.Join(names, ", "))
	}
	if d.none != "" {
		d.out.line("! %s: %s; every wiki has the team's policy, and the lines above are a beginning", d.file, d.none)
	}
	if strict.Failed(d.faults) {
		d.out.line("! %s: %s; `firebreak check` lists them", d.file, count(len(d.faults), "mistake"))
	}
	switch {
	case len(states[unreadable]) > 0:
		return exit{unpublished, fmt.Errorf("%s cannot be read", count(len(states[unreadable]), "source"))}
	case d.none != "":
		return exit{unusable, errors.New("there is no policy to judge by")}
	case strict.Failed(d.faults):
		return exit{unusable, errors.New("the policy cannot be used as it is")}
	case len(states[lessThanAsked]) > 0:
		return exit{withGaps, fmt.Errorf("%s less than was asked for", gives(len(states[lessThanAsked])))}
	}
	return nil
}

func gives(n int) string {
	if n == 1 {
		return "1 source gives"
	}
	return fmt.Sprintf("%d sources give", n)
}

// described is what a source is, in a few words.
func (s source) described() string {
	if s.Live == nil {
		return s.Kind + " files"
	}
	l := s.Live
	switch {
	case s.Kind == "jira" && l.Cloud:
		return "Jira Cloud, " + l.URL
	case s.Kind == "jira":
		return "Jira Data Center, " + l.URL
	case s.Kind == "pagerduty":
		return "PagerDuty, " + l.URL
	case s.Kind == "opsgenie" && l.Email != "":
		return "the operations of Jira Service Management, " + l.URL
	case s.Kind == "opsgenie":
		return "Opsgenie, " + l.URL
	case l.URL != "":
		return "GitHub Enterprise, " + l.URL
	}
	return "GitHub"
}

// tokenPlace is where the token was found.
func (s *service) tokenPlace() string {
	switch {
	case s.TokenEnv != "":
		return "in the variable " + s.TokenEnv
	case s.TokenFile != "":
		return "in the file " + s.TokenFile
	}
	return "none: asking as anybody may"
}

// waiting shows on a terminal that something is going on.
func waiting(env environment) func(string) func() {
	f, ok := env.err.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return func(string) func() { return func() {} }
	}
	return func(doing string) func() {
		fmt.Fprintf(f, "\r\x1b[K  %s …", doing)
		return func() { fmt.Fprint(f, "\r\x1b[K") }
	}
}
