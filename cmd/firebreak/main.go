// Firebreak makes the hidden work of keeping software alive visible, every night.
//
// This package is the one program: a file per subcommand, the wiring, and the only wall clock of the
// house. The story of a night is told in night.go: check, collect, analyse, build, publish.
//
// Exit codes: 0 published; 1 nothing published; 2 usage or configuration; 3 published, but with gaps,
// with faults in the team's texts or with a failed gate of --fail-on.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	"time"
	_ "time/tzdata" // containers often have no zones

	"github.com/urfave/cli/v2"

	"github.com/firebreak/firebreak/analysis/strict"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends it at once
	code := run(ctx, os.Args, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// The exit codes of DESIGN.
const (
	published   = 0
	unpublished = 1
	unusable    = 2
	withGaps    = 3
)

// exit is an error with the code that the program ends with.
type exit struct {
	code int
	err  error
}

func (e exit) Error() string { return e.err.Error() }
func (e exit) Unwrap() error { return e.err }

// usage is an error of how the program was called or configured.
func usage(format string, args ...any) error { return exit{unusable, fmt.Errorf(format, args...)} }

// run is the program with its arguments and outputs as values, so that tests can call it.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var stray error // what `help` and `new` were asked for and there is not
	app := &cli.App{
		Name:  "firebreak",
		Usage: "make the hidden work of keeping software alive visible, and make it better",
		Description: "Every night firebreak brings home what the trackers and the pager already know, judges it by the\n" +
			"team's own written policy, and publishes a static wiki that people read in the morning.\n\n" +
			"To look around: firebreak demo --serve",
		Writer: stdout, ErrWriter: stderr,
		Commands:                  commands(stdout, stderr),
		HideVersion:               true,
		DisableSliceFlagSeparator: true,
		ExitErrHandler:            func(*cli.Context, error) {}, // run says it once, below
		OnUsageError:              onUsage,
		CommandNotFound:           func(c *cli.Context, name string) { stray = noCommand(c, name) },
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return noCommand(c, c.Args().First())
			}
			return cli.ShowAppHelp(c)
		},
	}
	if len(args) == 2 && (args[1] == "--version" || args[1] == "-version") { // as most programs are asked
		args = []string{args[0], "version"}
	}
	err := cmp.Or(app.RunContext(ctx, behindTheKey(args)), stray)
	if err == nil {
		return published
	}
	code := unpublished
	var e exit
	if errors.As(err, &e) {
		code = e.code
	}
	if msg := err.Error(); msg != "" {
		fmt.Fprintln(stderr, "firebreak: "+strings.TrimSpace(msg))
	}
	return code
}

// noCommand says which command there is not, and what may have been meant.
func noCommand(c *cli.Context, name string) error {
	called, known := "", c.App.Commands
	if c.Command != nil && c.Command.Name == "new" {
		called, known = "new ", c.Command.Subcommands
	}
	var names []string
	for _, k := range known {
		names = append(names, k.Name)
	}
	return usage("there is no command %q%s; `firebreak %shelp` lists them", called+name, strict.DidYouMean(name, names...), called)
}

func onUsage(c *cli.Context, err error, _ bool) error {
	name := "firebreak"
	if c.Command != nil && c.Command.Name != "" && c.Command.Name != name {
		name += " " + c.Command.Name
	}
	if flag, ok := strings.CutPrefix(err.Error(), "flag needs an argument: -"); ok { // as package flag says it
		return usage("--%s lacks its value; `%s --help` shows what it takes", strings.TrimPrefix(flag, "-"), name)
	}
	return usage("%v; `%s --help` shows what it takes", err, name)
}

// commands is the table of subcommands, in the order of the help.
func commands(stdout, stderr io.Writer) []*cli.Command {
	env := environment{out: stdout, err: stderr, clock: time.Now}
	cs := []*cli.Command{
		demoCommand(env), nightlyCommand(env), collectCommand(env), buildCommand(env), checkCommand(env),
		doctorCommand(env), explainCommand(env), newCommand(env), triageCommand(env), reportCommand(env), schemaCommand(env), versionCommand(env),
	}
	for _, c := range cs {
		noStrayArguments(c)
	}
	return cs
}

// noStrayArguments refuses arguments where none are taken: cli v2 stops reading flags at the first
// argument, so "build x --out y" would silently ignore --out.
func noStrayArguments(c *cli.Command) {
	c.OnUsageError = onUsage
	for _, sub := range c.Subcommands {
		noStrayArguments(sub)
	}
	if c.Action == nil || c.ArgsUsage != "" {
		return
	}
	action := c.Action
	c.Action = func(ctx *cli.Context) error {
		if ctx.Args().Present() {
			return usage("%s takes no arguments, and %q is one; flags begin with --", c.Name, ctx.Args().First())
		}
		return action(ctx)
	}
	c.HideHelpCommand = true
}

// environment is what the program is given from outside.
type environment struct {
	out, err io.Writer
	clock    func() time.Time
}

func versionCommand(env environment) *cli.Command {
	return &cli.Command{Name: "version", Usage: "say which version this is", Action: func(*cli.Context) error {
		_, err := fmt.Fprintln(env.out, "firebreak "+version())
		return err
	}}
}

// version is the module's version, and the commit where the build knows it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(unknown)"
	}
	v, commit := info.Main.Version, ""
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			commit = " " + s.Value[:12]
		}
	}
	if v == "" || v == "(devel)" {
		v = "(devel)"
	}
	return v + commit
}
