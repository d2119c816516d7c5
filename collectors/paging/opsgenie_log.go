package paging

// Opsgenie's and JSM's alert logs: GET v2/alerts/{id}/logs, {"data": [{log, type, owner, createdAt,
// offset}]}, and JSM's v1/alerts/{id}/logs with "values".
//
// Such an answer does not say of which alert it is. So the log is read where it stands in the alert itself,
// in a member "logs", which is how this program asks for it and how a script would save it; a file that is
// a bare log is a gap.
//
// What happened is told by a sentence ("Alert acknowledged via web"), which Opsgenie does not document as a
// format: it goes by the words below, in English, and what has none of them is passed over. Unconfirmed but
// for the members and the sentence quoted.

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

// opsgenieWords are what sentences say of what happened; the first that fits counts.
var opsgenieWords = []struct{ word, kind string }{
	{"unacknowledg", record.EventUnacknowledged},
	{"un-acknowledg", record.EventUnacknowledged},
	{"acknowledg", record.EventAcknowledged},
	{"escalat", record.EventEscalated},
	{"snooz", record.EventSnoozed},
	{"re-open", record.EventReopened},
	{"reopen", record.EventReopened},
	{"alert closed", record.EventResolved},
	{"closed via", record.EventResolved},
	{"closed by", record.EventResolved},
	{"priority", record.EventChanged},
	{"ownership", record.EventReassigned},
	{"assigned", record.EventReassigned},
	{"note", record.EventNoted},
	{"notified", record.EventNotified},
	{"notification", record.EventNotified},
	{"sent", record.EventNotified},
	{"alert created", record.EventTriggered},
	{"created via", record.EventTriggered},
}

// opsgenieLog is the log in an alert.
func opsgenieLog(o object) (events []record.Event) {
	for i, entry := range o.list("logs") {
		at := entry.time("createdAt")
		said := strings.ToLower(entry.text("log"))
		if at == 0 {
			continue
		}
		for _, w := range opsgenieWords {
			if !strings.Contains(said, w.word) {
				continue
			}
			e := record.Event{ID: cmp.Or(entry.text("offset"), fmt.Sprintf("%d/%d", at, i)), At: at, Kind: w.kind}
			if who := entry.text("owner"); !strings.EqualFold(entry.text("type"), "system") && !opsgenieSystem(who, "", "") {
				e.By = opsgeniePerson(who)
			}
			if w.kind == record.EventNotified {
				e.To, e.By = e.By, record.Person{} // the line is of the one who was notified
			}
			events = append(events, e)
			break
		}
	}
	return events
}

// opsgenieLogs is a file of logs without their alerts.
type opsgenieLogs struct {
	*file
	told bool
}

func (l *opsgenieLogs) object(o object, _ string) {
	if !l.told {
		l.told = true
		l.Gap("the alerts that the log is of", "a log of Opsgenie does not say of which alert it is; save it in the alert's own object, as its member \"logs\"")
	}
	o.Left("log without its alert")
}

func (l *opsgenieLogs) rest(object) {}
func (l *opsgenieLogs) end()        {}
