package main

// Why an item is where it is. One issue is read from the ledger, with what it is linked to and the pages
// that may be about it, and judged as the whole night judges it; nothing else is read.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/analysis/postmortem"
	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/collectors/record"
)

func explainCommand(env environment) *cli.Command {
	return &cli.Command{Name: "explain", Usage: "why an item is where it is: what the rules saw, its stages, and how its promises add up", ArgsUsage: "KEY",
		Description: "It reads the ledger and asks no tracker, and says of one item what the last night said of it, or with\n" +
			"--as-of what an earlier one would have said. A key that two trackers have is written TRACKER/KEY.",
		Flags: []cli.Flag{configFlag, asOfFlag, &cli.StringFlag{Name: "format", Value: "table", Usage: "`FORMAT`: table, or json (with \"schema\": 1)"}},
		Action: func(c *cli.Context) error {
			write, ok := explainFormats[c.String("format")]
			if !ok {
				return usage("--format %q is none of table, json%s", c.String("format"), strict.DidYouMean(c.String("format"), "table", "json"))
			}
			if c.NArg() != 1 {
				return usage("explain takes one key, such as `firebreak explain SUP-12`, and %d were given; flags stand before the key, or all of them behind it", c.NArg())
			}
			n, err := newNight(env, c)
			if err != nil {
				return err
			}
			x, err := n.explain(c.Context, c.Args().First())
			if err = errors.Join(err, n.closeLedger()); err != nil {
				return err
			}
			return write(env.out, x)
		}}
}

// explained is an explanation with the night that it is of.
type explained struct {
	*analysis.Night
	analysis.Explanation
}

var explainFormats = map[string]func(io.Writer, *explained) error{"table": tableOf, "json": jsonOf}

// behindTheKey moves the key of `explain KEY --flag` to the end: cli v2 stops reading flags at the first
// argument. Where the last flag lacks its value the key is left out, or it would be taken for that.
func behindTheKey(args []string) []string {
	if len(args) > 3 && args[1] == "explain" && !strings.HasPrefix(args[2], "-") {
		if last := args[len(args)-1]; strings.HasPrefix(last, "-") && !strings.Contains(last, "=") {
			return slices.Concat(args[:2], args[3:])
		}
		return slices.Concat(args[:2], args[3:], args[2:3])
	}
	return args
}

// explain opens what an explanation is told from.
func (n *night) explain(ctx context.Context, key string) (*explained, error) {
	text, err := n.config.policyText()
	file := n.config.shown("policy.yaml")
	if err != nil {
		return nil, usage("%s: %v; every wiki has the team's policy, `content:` in %s names the folder it is in", file, reason(err), n.config.File)
	}
	policy, fatal := analysis.ReadPolicy(file, text)
	if strict.Failed(fatal) {
		return nil, exit{unusable, errors.New(list(fatal) + "there is nothing to judge by before the file above is mended")}
	}
	if n.at, err = instant("as-of", n.asOf, policy.Zone); err != nil {
		return nil, err
	}
	if err := n.openToRead(ctx); err != nil {
		return nil, err
	}
	n.policy = policy
	return n.explainItem(ctx, key)
}

// explainItem judges the one item of that key.
func (n *night) explainItem(ctx context.Context, key string) (*explained, error) {
	in := analysis.Input{Policy: n.policy, AsOf: n.at}
	var err error
	if in.Sources, err = n.sources(ctx); err != nil {
		return nil, err
	}
	is, err := n.named(ctx, key)
	if err != nil {
		return nil, err
	}
	issues, err := n.linked(ctx, is)
	if err != nil {
		return nil, err
	}
	if in.Postmortems, err = n.config.postmortemsOf(n.policy, issues); err != nil {
		return nil, err
	}
	names, said := analysis.Mentions(issues, in.Postmortems)
	pages, err := n.ledger.PagesAbout(ctx, names, said)
	if err != nil {
		return nil, err
	}
	if in.Statuses, err = n.statuses(ctx); err != nil {
		return nil, err
	}
	in.Issues, in.Pages = slices.Values(issues), slices.Values(pages)
	in.Again = func(ref record.Ref) (record.Issue, bool) { return is, ref == is.Ref }
	var failed error
	in.Planned = func(tracker string, at record.Instant) []record.Planned {
		told, err := n.ledger.Planned(ctx, tracker, at)
		failed = errors.Join(failed, err)
		return told
	}
	judged := analysis.Judge(in)
	if failed != nil {
		return nil, failed
	}
	i := slices.IndexFunc(judged.Items, func(it *analysis.Item) bool { return it.Ref == is.Ref })
	if i < 0 {
		return nil, n.absent(judged, &is)
	}
	return &explained{judged, judged.Explain(judged.Items[i])}, nil
}

// absent is why an issue of the ledger is no item of the night.
func (n *night) absent(judged *analysis.Night, is *record.Issue) error {
	c := is.Facts()
	switch {
	case judged.AsOf == 0:
		return exit{unpublished, errors.New("no source has been read to its end yet, so there is nothing to speak for; the next `firebreak nightly` goes on")}
	case c.Created == 0:
		return exit{unusable, fmt.Errorf("%s does not say when it was created, so it is in no figure and cannot be explained", plain(c.Key))}
	case c.Created >= judged.AsOf:
		return exit{unusable, fmt.Errorf("%s was created on %s, and as-of is %s: there was no such item yet", plain(c.Key), judged.Exactly(c.Created), judged.Exactly(judged.AsOf))}
	}
	return exit{unusable, fmt.Errorf("%s is gone: its tracker did not have it any more on %s, so it is in no figure", plain(c.Key), judged.Exactly(is.Gone))}
}

// named is the one issue of that key. A key that an issue has now comes before one that another had once.
func (n *night) named(ctx context.Context, key string) (record.Issue, error) {
	key = strings.TrimSpace(key)
	asked := key
	found, err := n.ledger.Called(ctx, key)
	if tracker, rest, ok := strings.Cut(key, "/"); ok && err == nil && len(found) == 0 {
		found, err = n.ledger.Called(ctx, rest)
		found = slices.DeleteFunc(found, func(is record.Issue) bool { return is.Tracker != tracker })
		key = rest
	}
	if err != nil {
		return record.Issue{}, err
	}
	has := func(is record.Issue) bool { return strings.EqualFold(is.Facts().Key, key) }
	if slices.ContainsFunc(found, has) {
		found = slices.DeleteFunc(found, func(is record.Issue) bool { return !has(is) })
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return record.Issue{}, n.unknownKey(ctx, asked)
	}
	var b strings.Builder
	for _, is := range found {
		c := is.Facts()
		fmt.Fprintf(&b, "\n  firebreak explain %s/%s   %s", plain(is.Tracker), plain(c.Key), plain(c.Title))
	}
	return record.Issue{}, usage("%d issues are called %s; which one is meant?%s", len(found), plain(key), b.String())
}

// unknownKey is the mistake of asking for an issue that there is not, with what may have been meant.
func (n *night) unknownKey(ctx context.Context, key string) error {
	keys, err := n.ledger.Keys(ctx)
	if err != nil {
		return err
	}
	if len(keys) == 0 {
		return exit{unpublished, fmt.Errorf("there are no issues in the ledger %s yet; see `sources:` in %s", n.config.Ledger, n.config.File)}
	}
	var near []string
	for _, k := range keys { // the number, or nearly all before it, is right: to compare all keys takes long
		if d := len(k) - len(key); d >= -2 && d <= 2 && (digitsOf(k) == digitsOf(key) || strings.EqualFold(k[:len(k)-1], key[:min(len(key), len(k)-1)])) {
			near = append(near, k)
		}
	}
	meant := strict.DidYouMean(key, near...)
	if number := strings.TrimPrefix(key, "#"); meant == "" && number != "" && digitsOf(number) == number {
		meant = didYouMeanOneOf(slices.DeleteFunc(keys, func(k string) bool { return digitsOf(k) != number }))
	}
	return usage("no issue in the ledger %s is called %q%s", n.config.Ledger, plain(key), meant)
}

// mostMeant is how many keys of one number are named.
const mostMeant = 5

// didYouMeanOneOf asks which of the keys was meant where only a number was given.
func didYouMeanOneOf(keys []string) string {
	keys = slices.Compact(slices.Sorted(slices.Values(keys)))
	if len(keys) == 0 {
		return ""
	}
	var quoted []string
	for _, k := range keys[:min(len(keys), mostMeant)] {
		quoted = append(quoted, fmt.Sprintf("%q", plain(k)))
	}
	if more := len(keys) - mostMeant; more > 0 {
		quoted = append(quoted, fmt.Sprintf("one of %d more", more))
	}
	return "; did you mean " + strings.Join(quoted, " or ") + "?"
}

// digitsOf are the digits that a key ends in.
func digitsOf(key string) string { return key[len(strings.TrimRight(key, "0123456789")):] }

// mostLinked is how many of the issues that an issue is linked to are looked up.
const mostLinked = 50

// linked is an issue with those that it is linked to.
func (n *night) linked(ctx context.Context, is record.Issue) ([]record.Issue, error) {
	issues := []record.Issue{is}
	for i, l := range is.Facts().Links {
		if i == mostLinked {
			break
		}
		if l.To == "" || strings.Contains(l.To, "://") {
			continue
		}
		found, err := n.ledger.Called(ctx, l.To)
		if err != nil {
			return nil, err
		}
		for _, o := range found {
			if !slices.ContainsFunc(issues, func(k record.Issue) bool { return k.Ref == o.Ref }) {
				issues = append(issues, o)
			}
		}
	}
	return issues, nil
}

// postmortemsOf are the postmortems that speak of any of the issues, as far as a look at their texts tells:
// the others need not be read.
func (c *config) postmortemsOf(policy *analysis.Policy, issues []record.Issue) ([]*postmortem.Postmortem, error) {
	names, _ := analysis.Mentions(issues, nil)
	files, _, err := c.folder("postmortems", func(name string) bool { return strings.EqualFold(path.Ext(name), ".md") })
	if err != nil {
		return nil, err
	}
	var posts []*postmortem.Postmortem
	for _, f := range files {
		text := strings.ToUpper(string(f.text))
		if slices.ContainsFunc(names, func(s string) bool { return s != "" && strings.Contains(text, strings.ToUpper(s)) }) {
			post, _ := postmortem.Read(f.name, f.text, teamOf(policy))
			posts = append(posts, post)
		}
	}
	return posts, nil
}
