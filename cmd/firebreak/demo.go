package main

// The demo: a whole night over the sample that is compiled in. No network, no configuration, no
// account; the very steps of production.

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/content"
)

func demoCommand(env environment) *cli.Command {
	return &cli.Command{Name: "demo", Usage: "build the sample wiki from exports inside the program: no network, no account",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Value: "wiki", Usage: "publish to `DIR`"}, asOfFlag, quietFlag, verboseFlag,
			&cli.BoolFlag{Name: "serve", Usage: "serve it on loopback afterwards"},
			&cli.StringFlag{Name: "addr", Value: "127.0.0.1:8080", Usage: "the loopback `ADDRESS` to serve on"},
		},
		Action: func(c *cli.Context) error {
			out, err := absolute(c.String("out"))
			if err != nil {
				return err
			}
			if c.Bool("serve") {
				if err := loopback(c.String("addr")); err != nil {
					return err
				}
			}
			if err := demo(c.Context, env, out, c.String("as-of"), newSteps(env, c.Bool("quiet")), c.Bool("verbose")); err != nil {
				return err
			}
			if !c.Bool("quiet") {
				fmt.Fprintf(env.out, "open %s\n", filepath.Join(out, "index.html"))
			}
			if c.Bool("serve") {
				return serve(c.Context, out, c.String("addr"), env.out)
			}
			return nil
		}}
}

func demo(ctx context.Context, env environment, out, asOf string, s *steps, verbose bool) error {
	tmp, err := os.MkdirTemp("", "firebreak-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	text, err := fs.ReadFile(content.Files, "firebreak.yaml")
	if err != nil {
		return err
	}
	cfg, complaints := parseConfig("firebreak.yaml", text)
	if strict.Failed(complaints) {
		return errors.New(list(complaints) + "the sample inside this program is broken, which is a fault of firebreak")
	}
	cfg.content, cfg.exports = content.Files, content.Files
	cfg.Content = "content"
	cfg.Out, cfg.Ledger = out, filepath.Join(tmp, "ledger.db")
	n := &night{env: env, config: cfg, asOf: asOf, told: true, steps: s, log: logger(env, verbose)}
	return n.run(ctx)
}

func absolute(p string) (string, error) {
	a, err := filepath.Abs(p)
	if err != nil {
		return "", usage("%s: %v", p, err)
	}
	return a, nil
}
