package site

// The team's texts: which files of the content folder become entries, which are copied, and how they
// link to one another.

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/firebreak/firebreak/analysis/postmortem"
	"github.com/firebreak/firebreak/analysis/strict"
)

// library is the team's texts, rendered.
type library struct {
	plays       []*text          // the playbook, by file
	notes       map[string]*text // hand-over notes, by week
	noteWeeks   []string         // of the notes, sorted
	now         map[string]*text // the notes that This week shows, by week
	postmortems map[*postmortem.Postmortem]*text
	byFile      map[string]*text
	used        map[string]bool // files that texts show or link to: they are copied
	lock        sync.Mutex
}

// textLimit is how much of one file is read: the same for a play as for a postmortem.
const textLimit = postmortem.SizeLimit

// readTexts reads and renders every text of the team, side by side. What is wrong in them is a
// complaint; only a folder that cannot be read at all is an error.
func (b *builder) readTexts() error {
	b.texts = &library{postmortems: map[*postmortem.Postmortem]*text{}, byFile: map[string]*text{}, used: map[string]bool{}}
	files := map[string]bool{}
	if b.Content != nil {
		err := fs.WalkDir(b.Content, ".", func(name string, d fs.DirEntry, err error) error {
			switch {
			case err != nil && name == ".":
				return err
			case err != nil:
				b.complain(name, 0, "it cannot be read: %v", err)
			case d.Type().IsRegular():
				files[name] = true
			}
			return nil
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("the content folder: %w", err)
		}
	}
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	var all []*text
	for _, name := range names {
		if slug, ok := strings.CutPrefix(name, "playbook/"); ok && strings.HasSuffix(name, ".md") {
			t := b.readPlay(name, strings.TrimSuffix(slug, ".md"))
			b.texts.plays = append(b.texts.plays, t)
			b.texts.byFile[name] = t
			all = append(all, t)
		}
	}
	all = append(all, b.readNotes(names)...)
	shown := b.notesNow()
	for _, p := range b.report.Postmortems {
		t := &text{file: "postmortems/" + path.Base(p.File), place: postmortemPlace(p.ID), source: p.Text[p.Body:], line: bytes.Count(p.Text[:p.Body], []byte("\n"))}
		b.texts.postmortems[p] = t
		b.texts.byFile[t.file] = t
		all = append(all, t)
	}
	b.renderTexts(append(shown, all...), files)
	for _, t := range all {
		for _, w := range t.wants {
			if to := b.texts.byFile[w.file]; to != nil && !to.has(w.id) && len(t.complaints) <= mostComplaints {
				t.complaints = append(t.complaints, strict.Complaint{File: b.ContentName + t.file, Line: w.line, What: fmt.Sprintf("%s has no heading called #%s", w.file, w.id)})
			}
		}
		b.tree.Complaints = append(b.tree.Complaints, t.complaints...)
	}
	for name := range b.texts.used {
		b.tree.add("files/"+segments(name), func(w io.Writer) error {
			f, err := b.Content.Open(name)
			if err != nil {
				return err
			}
			defer f.Close()
			_, err = io.Copy(w, f)
			return err
		})
	}
	return nil
}

// readPlay reads one play of the playbook.
func (b *builder) readPlay(name, slug string) *text {
	t := &text{file: name, place: "playbook/" + segments(slug) + "/index.html", title: strings.ReplaceAll(path.Base(slug), "-", " ")}
	f, err := b.Content.Open(name)
	if err == nil {
		t.source, err = io.ReadAll(io.LimitReader(f, textLimit+1))
		f.Close()
	}
	if err != nil {
		t.complaints = append(t.complaints, strict.Complaint{File: b.ContentName + name, What: fmt.Sprintf("it cannot be read: %v", err)})
		return t
	}
	if len(t.source) > textLimit {
		t.source = t.source[:bytes.LastIndexByte(t.source[:textLimit], '\n')+1]
		t.complaints = append(t.complaints, strict.Complaint{File: b.ContentName + name, What: fmt.Sprintf("it has more than %d KB; only the first %d KB are shown", textLimit>>10, textLimit>>10)})
	}
	if !utf8.Valid(t.source) {
		t.source = bytes.ToValidUTF8(t.source, []byte("\uFFFD"))
		t.complaints = append(t.complaints, strict.Complaint{File: b.ContentName + name, What: "it is not UTF-8; save it as UTF-8. What cannot be read is shown as \uFFFD"})
	}
	return t
}

// renderTexts renders with two hands; each text is one hand's, so their order does not matter.
func (b *builder) renderTexts(all []*text, files map[string]bool) {
	s := &scribe{
		md: newMarkdown(), loose: b.Loose, prefix: b.ContentName,
		find: func(key string) (string, bool) {
			if it := b.report.Find(key); it != nil {
				return b.itemPlace(it), true
			}
			return "", false
		},
		file: func(name string) (string, bool) {
			if t := b.texts.byFile[name]; t != nil {
				return t.place, true
			}
			switch name {
			case "policy.yaml":
				return policiesPlace, true
			case "playbook":
				return playbookPlace, true
			case "postmortems":
				return postmortemsPlace, true
			case "handover":
				return weekNowPlace, true
			}
			if !files[name] || !harmless(name) {
				return "", false
			}
			b.texts.lock.Lock()
			b.texts.used[name] = true
			b.texts.lock.Unlock()
			return "files/" + segments(name), true
		},
		wiki: func(place string) bool { return b.places[place] },
	}
	full := map[*text]bool{} // the search looks into all of a postmortem or a note, and at the summaries of plays
	for _, t := range b.texts.postmortems {
		full[t] = true
	}
	for _, t := range b.texts.notes {
		full[t] = true
	}
	var wait sync.WaitGroup
	for hand := range 2 {
		wait.Go(func() {
			for i := hand; i < len(all); i += 2 {
				s.write(all[i], full[all[i]])
			}
		})
	}
	wait.Wait()
}

// harmless says whether a file may be copied into the wiki: what a browser shows without running it.
func harmless(name string) bool {
	if picture(name) {
		return true
	}
	switch strings.ToLower(path.Ext(name)) {
	case ".pdf", ".txt", ".log", ".csv", ".json", ".yaml", ".yml", ".md", ".zip", ".gz", ".har":
		return true
	}
	return false
}

// segments makes a path of a file's name, folder by folder.
func segments(name string) string {
	parts := strings.Split(name, "/")
	for i, p := range parts {
		parts[i] = segment(p)
	}
	return strings.Join(parts, "/")
}

func (b *builder) complain(file string, line int, format string, args ...any) {
	b.tree.Complaints = append(b.tree.Complaints, strict.Complaint{File: b.ContentName + file, Line: line, What: fmt.Sprintf(format, args...)})
}

// complaintView is one complaint as a layout shows it.
type complaintView struct{ Place, What string }

// complaintsAbout are the complaints about one file, whoever made them.
func (b *builder) complaintsAbout(file string) []complaintView {
	all := slices.Clone(b.about[file])
	if t := b.texts.byFile[file]; t != nil {
		all = append(all, t.complaints...)
	}
	return complaintViews(strict.Sort(all))
}

func complaintViews(cs []strict.Complaint) []complaintView {
	var vs []complaintView
	for _, c := range cs {
		v := complaintView{Place: c.File, What: c.What}
		if c.Line > 0 {
			v.Place += fmt.Sprintf(":%d", c.Line)
		}
		vs = append(vs, v)
	}
	return vs
}
