package site

// Hand-over notes: what the superhero of a week leaves to the next one, in the team's own words. They
// are Markdown in handover/, a file a week named after it (handover/2026-W44.md), rendered as every
// text of the team is. A note stands on the entry of its week, and on This week while that week or the
// one after it is running.

import (
	"fmt"
	"html/template"
	"path"
	"strings"
	"time"
)

const handoverFolder = "handover/"

// belowTitle is by how much a note's own headings stand lower: its title is a third one on the entry.
const belowTitle = 2

// readNotes reads the notes among the files of the content folder, sorted by name, and says which files
// there are named wrongly.
func (b *builder) readNotes(names []string) []*text {
	b.texts.notes = map[string]*text{}
	var all []*text
	for _, name := range names {
		slug, ok := strings.CutPrefix(name, handoverFolder)
		if !ok || !strings.EqualFold(path.Ext(slug), ".md") {
			continue
		}
		week := strings.TrimSuffix(slug, path.Ext(slug))
		if !isWeek(week) || path.Ext(slug) != ".md" {
			b.complain(name, 0, "%s", misnamed(slug, week))
			continue
		}
		t := b.readPlay(name, week)
		t.place, t.lower = weekPlace(week), belowTitle
		b.texts.notes[week], b.places[t.place] = t, true
		b.texts.noteWeeks = append(b.texts.noteWeeks, week)
		b.texts.byFile[name] = t
		all = append(all, t)
	}
	return all
}

// notesNow are the notes of the week that is running and of the one before it, once more for the entry
// This week, where both may stand.
func (b *builder) notesNow() []*text {
	b.texts.now = map[string]*text{}
	var all []*text
	for _, w := range b.weeks[max(0, len(b.weeks)-2):] {
		if t := b.texts.notes[w.Label]; t != nil {
			again := &text{file: t.file, place: weekNowPlace, source: t.source, line: t.line, under: strings.ToLower(w.Label) + "-", lower: belowTitle}
			b.texts.now[w.Label] = again
			all = append(all, again)
		}
	}
	return all
}

// misnamed says what the file of a note should be called.
func misnamed(slug, week string) string {
	if fixed := strings.ToUpper(week); isWeek(fixed) {
		return fmt.Sprintf("it is not shown: call it %s.md", fixed)
	}
	return fmt.Sprintf("it is not shown: %q is no ISO week; a hand-over note is named after its week, as in %s2026-W44.md", short(week, 60), handoverFolder)
}

// isWeek says whether w names a week there is, as in 2026-W44 (ISO 8601; some years have 53).
func isWeek(w string) bool {
	if len(w) != 8 || w[4:6] != "-W" {
		return false
	}
	var year, week int
	if _, err := fmt.Sscanf(w, "%4d-W%2d", &year, &week); err != nil || week < 1 {
		return false
	}
	// The fourth of January is always in the first week.
	y, k := time.Date(year, 1, 4+7*(week-1), 0, 0, 0, 0, time.UTC).ISOWeek()
	return fmt.Sprintf("%04d-W%02d", y, k) == w
}

// noteView is a hand-over note as a layout shows it.
type noteView struct {
	ID, Kicker string
	Title      string // the author's; may be empty
	Complaints []complaintView
	Body       template.HTML
}

// noteOf is a note as a layout shows it; nil where nobody wrote one.
func (b *builder) noteOf(t *text, week, kicker string) *noteView {
	if t == nil {
		return nil
	}
	return &noteView{ID: "note_" + week, Kicker: kicker, Title: t.title, Complaints: b.complaintsAbout(t.file), Body: template.HTML(t.html)}
}
