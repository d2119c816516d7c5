package postmortem

// Words that blame. They are noticed in the author's own words, never in quotations and code, and each
// is said once a page, at its first place.

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
)

// creed is why the words of a postmortem matter: an analysis that ends at a person ends before
// anything that can be improved (Dekker, The Field Guide to Understanding 'Human Error').
const creed = "people don't cause failures, systems do"

// loadedWord is a word that ends an inquiry where it should begin, and what to ask instead.
type loadedWord struct{ word, ask string }

func loaded() []loadedWord {
	const (
		sense     = "what made the action look right at the time, and what let it through?"
		hindsight = "it describes a world that was not; say what happened, and why that made sense then"
		attention = "what would have had to be noticed, and what drew the attention elsewhere?"
	)
	return []loadedWord{
		{"human error", sense},
		{"user error", sense},
		{"operator error", sense},
		{"should have", hindsight},
		{"should've", hindsight},
		{"careless", attention},
		{"negligen", attention},
		{"sloppy", attention},
		{"incompeten", "what would one have had to know, and where could it have been learnt?"},
		{"failed to follow", "what made the procedure hard to follow, or not fit what was going on?"},
		{"didn't bother", "what else was going on, and what seemed more urgent?"},
	}
}

// causal are words that, beside a person's name, make the person the cause.
func causal() []string {
	return []string{"caused", "causing", "the cause", "mistake", "mistakenly", "accidentally", "forgot", "broke ", "fault", "blame", "wrongly", "failed to", "neglect", "overlooked"}
}

// lintWords looks for words that blame.
func (p *page) lintWords() {
	lower := bytes.ReplaceAll(bytes.ToLower(p.src), []byte("\n"), []byte(" "))
	phrases := slices.DeleteFunc(loaded(), func(l loadedWord) bool { return !bytes.Contains(lower, []byte(l.word)) })
	var names []string
	for _, full := range p.team.Names {
		name, _, _ := strings.Cut(full, " ") // the first name stands in the full one too
		if len(name) < 3 {
			name = full
		}
		if name != "" && bytes.Contains(p.src, []byte(name)) && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(phrases) == 0 && len(names) == 0 {
		return
	}
	for _, nodes := range p.blocks {
		for _, n := range nodes {
			p.prose(n, func(text string, at int) {
				phrases = slices.DeleteFunc(phrases, func(l loadedWord) bool {
					i := indexFold(text, l.word)
					if i >= 0 {
						p.hint(at+i, "%q: %s (%s)", oneLine(text[i:i+len(l.word)]), l.ask, creed)
					}
					return i >= 0
				})
				names = slices.DeleteFunc(names, func(name string) bool {
					i := blamed(text, name)
					if i >= 0 {
						p.hint(at+i, "%s is named beside a cause; tell what the system showed, allowed and asked for, and leave the name out (%s)", name, creed)
					}
					return i >= 0
				})
			})
		}
	}
}

// prose calls f with each piece of running text below n, and its place.
func (p *page) prose(n ast.Node, f func(text string, at int)) {
	switch n := n.(type) {
	case *ast.Blockquote, *ast.CodeBlock, *ast.FencedCodeBlock, *ast.HTMLBlock:
		return
	case *ast.Paragraph, *ast.TextBlock, *ast.Heading, *east.TableCell:
		// From the first line's start to the last one's end: indentation between them does no harm, and
		// places agree.
		if l := n.Lines(); l.Len() > 0 {
			first, last := l.At(0), l.At(l.Len()-1)
			f(string(p.src[first.Start:max(first.Start, last.Stop)]), first.Start)
		}
		return
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		p.prose(c, f)
	}
}

// indexFold is where a word in small ASCII letters stands in text, whatever the case and whatever blanks
// are between its parts; -1 if nowhere.
func indexFold(text, word string) int {
	for i := 0; i+len(word) <= len(text); i++ {
		if strings.EqualFold(text[i:i+1], word[:1]) && sameWord(text[i:i+len(word)], word) {
			return i
		}
	}
	return -1
}

func sameWord(text, word string) bool {
	for i := range len(word) {
		b := text[i]
		if b == '\n' {
			b = ' '
		}
		if b != word[i] && (!letter(b) || b|0x20 != word[i]) {
			return false
		}
	}
	return true
}

// blamed is where name stands in a sentence with a word that makes it the cause; -1 if nowhere.
func blamed(text, name string) int {
	if !strings.Contains(text, name) {
		return -1
	}
	for from := 0; from < len(text); {
		end := len(text)
		if i := strings.IndexAny(text[from:], ".!?"); i >= 0 {
			end = from + i + 1
		}
		if i := named(text[from:end], name); i >= 0 && makesCause(text[from:end], name) {
			return from + i
		}
		from = end
	}
	return -1
}

// named is where name stands as a word; -1 if nowhere.
func named(text, name string) int {
	for from := 0; ; {
		i := strings.Index(text[from:], name)
		if i < 0 {
			return -1
		}
		i += from
		from = i + len(name)
		if before, _ := utf8.DecodeLastRuneInString(text[:i]); !unicode.IsLetter(before) && !letterAt(text[from:]) {
			return i
		}
	}
}

func makesCause(sentence, name string) bool {
	sentence = strings.ToLower(strings.ReplaceAll(sentence, "\n", " "))
	name = strings.ToLower(name)
	for _, w := range causal() {
		if strings.Contains(sentence, w) {
			return true
		}
	}
	return strings.Contains(sentence, "because "+name) || strings.Contains(sentence, "because of "+name) || strings.Contains(sentence, "due to "+name)
}
