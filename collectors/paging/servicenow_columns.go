package paging

// The columns of ServiceNow's incidents, and what they are kept as.

import (
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

// The columns of which a row has one, under the names they go by.
var (
	serviceNowNumber   = []string{"number"}
	serviceNowOpened   = []string{"opened_at", "opened"}
	serviceNowCreated  = []string{"sys_created_at", "sys_created_on", "created"}
	serviceNowUpdated  = []string{"sys_updated_at", "sys_updated_on", "updated"}
	serviceNowBy       = []string{"sys_updated_by", "updated by"}
	serviceNowResolved = []string{"resolved_at", "resolved"}
	serviceNowClosed   = []string{"closed_at", "closed"}
)

// serviceNowField is a column that is kept as it is written.
type serviceNowField struct {
	columns []string // its names
	part    record.Parts
	field   string // that a change of it names; "" where the vocabulary has no word for one
	list    bool
}

// serviceNowFields are the columns that are kept as they are written, and what they are kept as.
var serviceNowFields = [...]serviceNowField{
	statusColumn:     {columns: []string{"incident_state", "state"}, field: record.FieldStatus},
	resolutionColumn: {columns: []string{"closed_code", "close_code", "resolution code", "close code"}, part: record.HasResolution, field: record.FieldResolution},
	priorityColumn:   {columns: []string{"priority"}, part: record.HasPriority, field: record.FieldPriority},
	typeColumn:       {columns: []string{"sys_class_name", "task type"}, field: record.FieldType},
	titleColumn:      {columns: []string{"short_description", "short description"}, field: record.FieldTitle},
	assigneeColumn:   {columns: []string{"assigned_to", "assigned to"}, part: record.HasPeople, field: record.FieldAssignee, list: true},
	componentColumn:  {columns: []string{"cmdb_ci", "configuration item"}, part: record.HasComponents, field: record.FieldComponent, list: true},
	callerColumn:     {columns: []string{"caller_id", "caller"}, part: record.HasPeople},
	textColumn:       {columns: []string{"description"}, part: record.HasText},
	problemColumn:    {columns: []string{"problem_id", "problem"}, part: record.HasLinks},
	changeColumn:     {columns: []string{"rfc", "change request"}, part: record.HasLinks},
	causeColumn:      {columns: []string{"caused_by", "caused by change"}, part: record.HasLinks},
	parentColumn:     {columns: []string{"parent_incident", "parent incident", "parent"}, part: record.HasLinks},
	firstCustom + 0:  custom("made_sla", "made sla"),
	firstCustom + 1:  custom("reopen_count", "reopen count"),
	firstCustom + 2:  custom("reassignment_count", "reassignment count"),
	firstCustom + 3:  custom("category"),
	firstCustom + 4:  custom("subcategory"),
	firstCustom + 5:  custom("contact_type", "contact type", "channel"),
	firstCustom + 6:  custom("impact"),
	firstCustom + 7:  custom("urgency"),
	firstCustom + 8:  custom("assignment_group", "assignment group"),
	firstCustom + 9:  custom("location"),
	firstCustom + 10: custom("knowledge"),
	firstCustom + 11: custom("u_symptom"),
}

// The places in serviceNowFields.
const (
	statusColumn = iota
	resolutionColumn
	priorityColumn
	typeColumn
	titleColumn
	assigneeColumn
	componentColumn
	callerColumn
	textColumn
	problemColumn
	changeColumn
	causeColumn
	parentColumn
	firstCustom
)

// custom is a column that is kept as a custom field of its first name.
func custom(columns ...string) serviceNowField {
	return serviceNowField{columns: columns, part: record.HasFields, field: record.FieldCustom + columns[0]}
}

// serviceNowCategory is the category of one of the states that ServiceNow comes with, those of before
// Helsinki among them, by its name or its number; "" of a state that a company made itself.
// https://www.servicenow.com/docs, "Incident Management state model".
func serviceNowCategory(state string) string {
	s := lower(state)
	switch {
	case s == "new" || s == "1":
		return record.Todo
	case s == "resolved", s == "closed", s == "canceled", s == "cancelled", s == "6", s == "7", s == "8":
		return record.Done
	case s == "active", s == "in progress", s == "work in progress", s == "on hold", strings.HasPrefix(s, "awaiting "), s == "2", s == "3", s == "4", s == "5":
		return record.Doing
	}
	return ""
}
