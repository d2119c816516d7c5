package jira

// What the columns of a CSV export are, in the languages that its headers come in.

import (
	"slices"
	"strings"
)

// column is what a column of a CSV holds.
type column string

const (
	colKey        column = "key"
	colID         column = "id"
	colType       column = "type"
	colTitle      column = "title"
	colText       column = "text"
	colProject    column = "project"
	colStatus     column = "status"
	colCategory   column = "category"
	colPriority   column = "priority"
	colResolution column = "resolution"
	colAssignee   column = "assignee"
	colAssigneeID column = "assignee_id"
	colReporter   column = "reporter"
	colReporterID column = "reporter_id"
	colCreated    column = "created"
	colUpdated    column = "updated"
	colClosed     column = "closed"
	colDue        column = "due"
	colLabel      column = "label"
	colComponent  column = "component"
	colFixVersion column = "fix_version"
	colPoints     column = "points"
	colParent     column = "parent"
	colComment    column = "comment"
	colWorklog    column = "worklog"
	colInward     column = "inward_link"
	colOutward    column = "outward_link"

	colField column = "field." // and the name asked for
)

// headers are the headers of Jira's own columns, in lower case, by language: English (Cloud, Server and
// the "work items" of 2025), Spanish, German, French and Portuguese as they were met in exports.
// Another language is a matter of `columns:` in firebreak.yaml.
var headers = map[column]string{
	colKey:        "issue key|key|work item key|clave de incidencia|clave|vorgangsschlüssel|schlüssel|clé de ticket|clé|chave da item|chave do item|chave",
	colID:         "issue id|work item id|id de la incidencia|vorgangs-id|id de ticket|id da item|id do item",
	colType:       "issue type|type|work type|work item type|tipo de incidencia|vorgangstyp|type de ticket|tipo de item|tipo do item",
	colTitle:      "summary|resumen|zusammenfassung|résumé|resumo",
	colText:       "description|descripción|beschreibung|descrição",
	colProject:    "project key|clave del proyecto|projektschlüssel|clé de projet|clé du projet|chave do projeto",
	colStatus:     "status|estado|état|statut",
	colCategory:   "status category|categoría de estado|statuskategorie|catégorie d'état|catégorie d’état|catégorie de statut|categoria do status",
	colPriority:   "priority|prioridad|priorität|priorité|prioridade",
	colResolution: "resolution|resolución|lösung|résolution|resolução",
	colAssignee:   "assignee|persona asignada|zugewiesene person|bearbeiter|personne assignée|responsável",
	colAssigneeID: "assignee id|id de la persona asignada|id der zugewiesenen person|id de la personne assignée|id do responsável",
	colReporter:   "reporter|informador|autor|rapporteur|relator",
	colReporterID: "reporter id|id del informador|id des autors|id de rapporteur|id du rapporteur|id do relator",
	colCreated:    "created|creada|erstellt|création|criado",
	colUpdated:    "updated|actualizada|aktualisiert|mise à jour|atualizado(a)|atualizado",
	colClosed:     "resolved|resuelta|erledigt|résolue|résolu|resolvido|resolvido(a)",
	colDue:        "due date|due|fecha de vencimiento|fälligkeitsdatum|date d'échéance|date d’échéance|data limite",
	colLabel:      "labels|label|etiquetas|stichwörter|étiquettes|categorias",
	colComponent:  "components|component/s|component|componentes|komponenten|komponente/n|composants|composant/s",
	colFixVersion: "fix versions|fix version/s|fix version|versiones corregidas|lösungsversionen|lösungsversion/en|versions corrigées|versões corrigidas",
	colParent:     "parent key|parent|clave principal|übergeordnet|parent id|chave pai|pai",
	colComment:    "comment|comments|comentario|kommentar|commentaire|comentário",
	colWorklog:    "log work|registrar trabajo|arbeit protokollieren",
}

// links are how headers of links to other issues begin; the link's type follows in brackets.
var linkHeaders = []struct {
	prefix string
	column column
}{
	{"inward issue link (", colInward},
	{"outward issue link (", colOutward},
	{"inward work item link (", colInward},
	{"outward work item link (", colOutward},
	{"lien de ticket entrant (", colInward},
	{"lien de ticket sortant (", colOutward},
}

// nobody and nothing are how exports spell an empty assignee and an empty resolution.
var (
	nobody  = "unassigned|sin asignar|nicht zugewiesen|non assigné|non attribué|não atribuído"
	nothing = "unresolved|sin resolver|nicht erledigt|unerledigt|non résolue|non résolu|não resolvido"
)

// categories are the names of Jira's own status categories.
var categories = map[string]string{
	"todo":  "to do|new|por hacer|tareas por hacer|zu erledigen|à faire|a fazer|itens pendentes|tarefas pendentes|待办",
	"doing": "in progress|en curso|in arbeit|in bearbeitung|en cours|em andamento|正在进行",
	"done":  "done|complete|listo|finalizada|fertig|erledigt|terminé|terminé(e)|concluído|itens concluídos|完成",
}

// Columns are the names that a value of [Files].Columns may have, beside "field." and a field's name.
func Columns() []string {
	names := []string{string(colPoints), string(colInward), string(colOutward)}
	for c := range headers {
		names = append(names, string(c))
	}
	slices.Sort(names)
	return names
}

// among says whether a word is one of a list "a|b|c", whatever its case.
func among(list, word string) bool {
	word = strings.ToLower(word)
	for w := range strings.SplitSeq(list, "|") {
		if w == word {
			return true
		}
	}
	return false
}

// header is one column of a file.
type header struct {
	column column
	name   string   // of a link's type
	wants  []string // names of custom fields asked for that it holds
}

// columns finds out what the columns of a header hold.
func (r *reader) columns(cells []string) []header {
	known := map[string]column{}
	for c, list := range headers {
		for w := range strings.SplitSeq(list, "|") {
			known[w] = c
		}
	}
	mapped := map[string]string{}
	for h, c := range r.src.Columns {
		mapped[plainHeader(h)] = c
	}
	all := make([]header, len(cells))
	for i, cell := range cells {
		name := plainHeader(cell)
		h := &all[i]
		if to, ok := mapped[name]; ok {
			if alias, ok := strings.CutPrefix(to, string(colField)); ok {
				h.column = colField
				h.wants = []string{alias}
				r.meet(alias)
			} else {
				h.column = column(to)
			}
			continue
		}
		inner := name // of "Custom field (Severity)", in whatever language
		if j := strings.Index(name, " ("); j > 0 && strings.HasSuffix(name, ")") {
			inner = name[j+2 : len(name)-1]
		}
		for _, a := range r.asked {
			if a.want.points {
				if p := plainHeader(a.spec); p == name || p == inner {
					h.column = colPoints
					a.met = true
				}
				continue
			}
			for _, p := range []string{plainHeader(a.spec), plainHeader(a.want.alias)} {
				if known[name] == "" && (p == name || p == inner) && !slices.Contains(h.wants, a.want.alias) {
					h.column = colField
					h.wants = append(h.wants, a.want.alias)
					a.met = true
				}
			}
		}
		if h.column != "" {
			continue
		}
		h.column = known[name]
		for _, l := range linkHeaders {
			if strings.HasPrefix(name, l.prefix) {
				h.column = l.column
				cell = strings.TrimSpace(cell)
				h.name = strings.TrimSuffix(cell[strings.Index(cell, "(")+1:], ")")
			}
		}
	}
	return all
}

func (r *reader) meet(alias string) {
	for _, a := range r.asked {
		if !a.want.points && a.want.alias == alias {
			a.met = true
		}
	}
}

// plainHeader is a header as headers are compared.
func plainHeader(s string) string {
	return strings.ToLower(strings.Join(strings.Fields(strings.TrimPrefix(s, "\ufeff")), " "))
}
