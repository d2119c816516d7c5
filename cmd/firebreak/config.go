package main

// firebreak.yaml: what the operator says. It names sources, the ledger, the output and the theme; it
// holds the names of environment variables at most, never a secret.

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/analysis/postmortem"
	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/themes"
)

// configSchema is for completion in editors; schema_test.go holds it to configOf.
//
//go:embed firebreak.schema.json
var configSchema []byte

// config is firebreak.yaml, read. Paths in it are relative to the file's own folder.
type config struct {
	File   string // as given on the command line
	Dir    string // its folder
	Title  string
	URL    string
	Ledger string
	Out    string
	Theme  string // a folder; "" is the built-in one

	Content string // the team's folder: policy.yaml, playbook/, postmortems/, triage/, pulse/, handover/
	Sources []source

	content fs.FS
	exports fs.FS // where export files are; nil: the operating system's
}

// readConfig reads firebreak.yaml, and opens the team's folder.
func readConfig(file string) (*config, []strict.Complaint, error) {
	text, err := configText(file)
	if err != nil {
		return nil, nil, err
	}
	c, complaints := parseConfig(file, text)
	return c, complaints, c.open()
}

func configText(file string) ([]byte, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, usage("%s does not exist; name the file with --config, or see a whole wiki first with `firebreak demo`", file)
	}
	if err != nil {
		return nil, usage("%v", err)
	}
	return text, nil
}

// open opens the team's folder, as a root and not as a plain folder: authors write the texts in it, and
// a link of theirs to /etc or to a process's environment must not be published.
func (c *config) open() error {
	root, err := os.OpenRoot(c.path(c.Content))
	if err != nil {
		return usage("content: %w; `content:` in %s names the team's folder", err, c.File)
	}
	c.content = root.FS()
	return nil
}

// parseConfig reads the text of firebreak.yaml.
func parseConfig(file string, text []byte) (*config, []strict.Complaint) {
	doc := strict.Read(file, text)
	c := configOf(file, doc)
	c.Dir = filepath.Dir(file)
	return c, doc.Complaints()
}

// configOf is the grammar of firebreak.yaml: the keys it asks for are those there are.
func configOf(file string, doc *strict.Doc) *config {
	top := doc.Map()
	c := &config{File: file, Ledger: ".firebreak/ledger.db", Out: "public", Content: "content"}
	wiki := top.Get("wiki").Map()
	c.Title, c.URL = wiki.Get("title").Text(), address(wiki.Get("url"))
	set(&c.Ledger, top.Get("ledger").Text())
	set(&c.Out, top.Get("out").Text())
	set(&c.Content, top.Get("content").Text())
	if c.Theme = top.Get("theme").Text(); c.Theme == "firehouse" {
		c.Theme = ""
	}
	sources := top.Need("sources").Map()
	for name, n := range sources.Each() {
		s := readSource(name, n.Map())
		if i := slices.IndexFunc(c.Sources, s.doubles); i >= 0 {
			sources.Key(name).Warn("%s and %s read the same site, so an issue of both counts twice; give both the same tracker:, such as  tracker: %s", c.Sources[i].Name, name, c.Sources[i].Tracker)
		}
		c.Sources = append(c.Sources, s)
	}
	if doc.Readable() && len(c.Sources) == 0 {
		top.Get("sources").Complain("there are no sources; a source reads like  tickets: {kind: jira, files: [exports/*.jsonl.gz]}  or  code: {kind: github, repos: [acme/orders]}")
	}
	return c
}

func kindNames() []string {
	var ks []string
	for k := range kinds {
		ks = append(ks, k)
	}
	slices.Sort(ks)
	return ks
}

// texts are the entries of a map of names to texts.
func texts(n strict.Node) map[string]string {
	if !n.Given() {
		return nil
	}
	m := map[string]string{}
	for k, v := range n.Map().Each() {
		m[k] = v.Text()
	}
	return m
}

// oneOrMore is a text, or a list of them.
func oneOrMore(n strict.Node) []string {
	if n.Given() && !n.IsList() {
		if s := n.Text(); s != "" {
			return []string{s}
		}
		return nil
	}
	return n.Texts()
}

func address(n strict.Node) string {
	u := n.Text()
	if u != "" && !strings.HasPrefix(u, "https://") && !strings.HasPrefix(u, "http://") {
		n.Complain("%q is not the address of a web site; it begins with https://", u)
		return ""
	}
	return u
}

func set(to *string, v string) {
	if v != "" {
		*to = v
	}
}

// path is a path of the file as seen from where the program runs.
func (c *config) path(p string) string {
	if filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(c.Dir, filepath.FromSlash(p))
}

// theme is the theme that the wiki is drawn with; the built-in one where what is named is none, which is fatal.
func (c *config) theme() (theme fs.FS, fatal []strict.Complaint) {
	if c.Theme == "" {
		return themes.Firehouse(), nil
	}
	p := c.path(c.Theme)
	if !fileExists(filepath.Join(p, "layouts")) {
		return themes.Firehouse(), []strict.Complaint{{File: c.File, What: fmt.Sprintf("the theme %s has no folder layouts; themes/README.md says what a theme is", p)}}
	}
	return os.DirFS(p), nil
}

// read reads the team's folder: the policy, whose faults are fatal, and the authors' texts, whose
// faults are not.
func (c *config) read() (policy *analysis.Policy, posts []*postmortem.Postmortem, fatal, texts []strict.Complaint, err error) {
	file := c.shown("policy.yaml")
	text, err := c.policyText()
	if err != nil {
		fatal = []strict.Complaint{{File: file, What: fmt.Sprintf("%s; every wiki has the team's policy: `content:` in %s names the folder it is in, and `firebreak doctor` writes the beginning of one", reason(err), c.File)}}
	} else {
		policy, fatal = analysis.ReadPolicy(file, text)
	}
	var team postmortem.Team // what is not known of it is not asked of a postmortem
	if policy != nil {
		fatal = strict.Sort(append(fatal, c.undated(policy)...))
		team = teamOf(policy)
	}
	files, texts, err := c.folder("postmortems", func(name string) bool { return strings.EqualFold(path.Ext(name), ".md") })
	if err != nil {
		return nil, nil, nil, nil, err
	}
	for _, f := range files {
		post, complaints := postmortem.Read(f.name, f.text, team)
		posts, texts = append(posts, post), append(texts, complaints...)
	}
	texts = append(texts, postmortem.Distinct(posts)...)
	return policy, posts, fatal, strict.Sort(texts), nil
}

// teamOf is what postmortems are read with.
func teamOf(policy *analysis.Policy) postmortem.Team {
	team := postmortem.Team{Zone: policy.Zone}
	for _, s := range policy.Severities {
		team.Levels = max(team.Levels, s.Level)
	}
	for _, m := range policy.Team.Members {
		team.Names = append(team.Names, m.Name)
	}
	return team
}

// authored is a text of the team's folder, named as complaints name it.
type authored struct {
	name string
	text []byte
}

// folder reads the texts in a folder of the team's whose names are wanted, by name. A folder that is not
// there has none; a README and what an editor hides are for people only.
func (c *config) folder(dir string, wants func(name string) bool) (files []authored, complaints []strict.Complaint, err error) {
	entries, err := fs.ReadDir(c.content, dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, err
	}
	for _, e := range entries {
		if strings.EqualFold(e.Name(), "README.md") || strings.HasPrefix(e.Name(), ".") || !wants(e.Name()) {
			continue
		}
		p := path.Join(dir, e.Name())
		if info, err := fs.Stat(c.content, p); err == nil && !info.Mode().IsRegular() {
			complaints = append(complaints, strict.Complaint{File: c.shown(p), What: "it is no file, and is left out"})
			continue
		}
		text, err := fs.ReadFile(c.content, p)
		if err != nil {
			complaints = append(complaints, strict.Complaint{File: c.shown(p), What: "it cannot be read and is left out: " + reason(err)})
			continue
		}
		files = append(files, authored{c.shown(p), text})
	}
	return files, complaints, nil
}

// policyText is the text of the team's policy.
func (c *config) policyText() ([]byte, error) {
	if c.content == nil {
		if err := c.open(); err != nil {
			return nil, err
		}
	}
	return fs.ReadFile(c.content, "policy.yaml")
}

// shown is how a file of the team's folder is named in complaints.
func (c *config) shown(p string) string {
	return path.Join(filepath.ToSlash(filepath.Join(c.Dir, c.Content)), p)
}

// reason is an error without the operation and the path that the message has anyway.
func reason(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}
