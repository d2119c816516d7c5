package fakegithub

// As much of GitHub's GraphQL schema as there is something to answer from. From the public schema's
// documentation; it could not be compared with the service's own description.

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// schemaText has a line for each type: its name, and its fields with their arguments and types. A field
// without a type is a scalar; one of type *T is a connection of T, which can be paged. A line with an = is a
// union or an interface.
const schemaText = `
Query: viewer:User rateLimit:RateLimit repository(owner,name,followRenames):Repository repositoryOwner(login):RepositoryOwner organization(login):Organization user(login):User node(id):Node nodes(ids):Node search(query,type):*SearchResultItem
RateLimit: limit cost remaining used resetAt nodeCount
User: id databaseId login name url repositories():*Repository projectV2(number):ProjectV2 projectsV2():*ProjectV2
Bot: id databaseId login url
Organization: id databaseId login name url repositories():*Repository projectV2(number):ProjectV2 projectsV2():*ProjectV2 issueTypes():*IssueType
Repository: id databaseId name nameWithOwner url isPrivate isArchived hasIssuesEnabled updatedAt owner:RepositoryOwner issues(orderBy,filterBy,states,labels):*Issue issue(number):Issue labels():*Label milestones():*Milestone projectV2(number):ProjectV2 projectsV2():*ProjectV2 issueTypes():*IssueType
Issue: id databaseId fullDatabaseId number title body bodyText state stateReason(enableDuplicate) url createdAt updatedAt closedAt closed author:Actor assignees():*User labels():*Label milestone:Milestone issueType:IssueType parent:Issue subIssues():*Issue subIssuesSummary:SubIssuesSummary comments():*IssueComment timelineItems(since,itemTypes):*IssueTimelineItems repository:Repository projectItems(includeArchived):*ProjectV2Item
PullRequest: id databaseId fullDatabaseId number title url state createdAt updatedAt repository:Repository author:Actor
DraftIssue: id title createdAt updatedAt
SubIssuesSummary: total completed percentCompleted
Label: id name color description
Milestone: id title number state dueOn
IssueType: id name description color isEnabled
IssueComment: id databaseId fullDatabaseId body createdAt updatedAt author:Actor url
LabeledEvent: id createdAt actor:Actor label:Label
UnlabeledEvent: id createdAt actor:Actor label:Label
AssignedEvent: id createdAt actor:Actor assignee:Assignee
UnassignedEvent: id createdAt actor:Actor assignee:Assignee
ClosedEvent: id createdAt actor:Actor stateReason(enableDuplicate) url
ReopenedEvent: id createdAt actor:Actor stateReason
MilestonedEvent: id createdAt actor:Actor milestoneTitle
DemilestonedEvent: id createdAt actor:Actor milestoneTitle
RenamedTitleEvent: id createdAt actor:Actor previousTitle currentTitle
IssueTypeAddedEvent: id createdAt actor:Actor issueType:IssueType
IssueTypeChangedEvent: id createdAt actor:Actor issueType:IssueType prevIssueType:IssueType
IssueTypeRemovedEvent: id createdAt actor:Actor issueType:IssueType
CrossReferencedEvent: id createdAt actor:Actor source:ReferencedSubject url
SubscribedEvent: id createdAt actor:Actor
MentionedEvent: id databaseId createdAt actor:Actor
ReferencedEvent: id createdAt actor:Actor
SubIssueAddedEvent: id createdAt actor:Actor subIssue:Issue
ParentIssueAddedEvent: id createdAt actor:Actor parent:Issue
AddedToProjectV2Event: id createdAt actor:Actor project:ProjectV2 wasAutomated
ProjectV2ItemStatusChangedEvent: id createdAt actor:Actor project:ProjectV2 previousStatus status wasAutomated
TransferredEvent: id createdAt actor:Actor fromRepository:Repository
SubIssueRemovedEvent: id createdAt actor:Actor subIssue:Issue
ParentIssueRemovedEvent: id createdAt actor:Actor parent:Issue
BlockedByAddedEvent: id createdAt actor:Actor blockingIssue:Issue
BlockedByRemovedEvent: id createdAt actor:Actor blockingIssue:Issue
BlockingAddedEvent: id createdAt actor:Actor blockedIssue:Issue
BlockingRemovedEvent: id createdAt actor:Actor blockedIssue:Issue
RemovedFromProjectV2Event: id createdAt actor:Actor project:ProjectV2
UnsubscribedEvent: id createdAt actor:Actor
LockedEvent: id createdAt actor:Actor
UnlockedEvent: id createdAt actor:Actor
CommentDeletedEvent: id createdAt actor:Actor
ProjectV2: id databaseId fullDatabaseId number title url closed updatedAt items(orderBy,query):*ProjectV2Item fields(orderBy):*ProjectV2FieldConfiguration field(name):ProjectV2FieldConfiguration
ProjectV2Item: id databaseId fullDatabaseId type isArchived createdAt updatedAt project:ProjectV2 content:ProjectV2ItemContent fieldValueByName(name):ProjectV2ItemFieldValue fieldValues(orderBy):*ProjectV2ItemFieldValue
ProjectV2Field: id databaseId name dataType
ProjectV2SingleSelectField: id databaseId name dataType options:ProjectV2SingleSelectFieldOption
ProjectV2IterationField: id databaseId name dataType
ProjectV2SingleSelectFieldOption: id name color description
ProjectV2ItemFieldNumberValue: id databaseId number createdAt updatedAt field:ProjectV2FieldConfiguration item:ProjectV2Item creator:Actor
ProjectV2ItemFieldSingleSelectValue: id databaseId name optionId color createdAt updatedAt field:ProjectV2FieldConfiguration item:ProjectV2Item creator:Actor
ProjectV2ItemFieldTextValue: id databaseId text createdAt updatedAt field:ProjectV2FieldConfiguration item:ProjectV2Item creator:Actor
ProjectV2ItemFieldDateValue: id databaseId date createdAt updatedAt field:ProjectV2FieldConfiguration item:ProjectV2Item creator:Actor
ProjectV2ItemFieldRepositoryValue: repository:Repository field:ProjectV2FieldConfiguration
ProjectV2ItemFieldLabelValue: labels():*Label field:ProjectV2FieldConfiguration
ProjectV2ItemFieldUserValue: users():*User field:ProjectV2FieldConfiguration
ProjectV2ItemFieldMilestoneValue: milestone:Milestone field:ProjectV2FieldConfiguration
ProjectV2ItemFieldIterationValue: id databaseId title startDate duration createdAt updatedAt field:ProjectV2FieldConfiguration item:ProjectV2Item creator:Actor
PageInfo: hasNextPage endCursor hasPreviousPage startCursor
Actor(login,url) = User Bot Organization
RepositoryOwner(id,login,url,repositories) = User Organization
Assignee() = User Bot Organization
Node(id) = User Bot Organization Repository Issue PullRequest Label Milestone IssueType IssueComment ProjectV2 ProjectV2Item
SearchResultItem() = Issue PullRequest
ReferencedSubject() = Issue PullRequest
ProjectV2ItemContent() = Issue PullRequest DraftIssue
ProjectV2FieldCommon(id,databaseId,name,dataType) = ProjectV2Field ProjectV2SingleSelectField ProjectV2IterationField
ProjectV2FieldConfiguration() = ProjectV2Field ProjectV2SingleSelectField ProjectV2IterationField
ProjectV2ItemFieldValueCommon(id,databaseId,createdAt,updatedAt,field,item,creator) = ProjectV2ItemFieldNumberValue ProjectV2ItemFieldSingleSelectValue ProjectV2ItemFieldTextValue ProjectV2ItemFieldDateValue ProjectV2ItemFieldIterationValue
ProjectV2ItemFieldValue() = ProjectV2ItemFieldRepositoryValue ProjectV2ItemFieldLabelValue ProjectV2ItemFieldUserValue ProjectV2ItemFieldMilestoneValue ProjectV2ItemFieldNumberValue ProjectV2ItemFieldSingleSelectValue ProjectV2ItemFieldTextValue ProjectV2ItemFieldDateValue ProjectV2ItemFieldIterationValue
IssueTimelineItems() = IssueComment LabeledEvent UnlabeledEvent AssignedEvent UnassignedEvent ClosedEvent ReopenedEvent MilestonedEvent DemilestonedEvent RenamedTitleEvent IssueTypeAddedEvent IssueTypeChangedEvent IssueTypeRemovedEvent CrossReferencedEvent SubscribedEvent MentionedEvent ReferencedEvent SubIssueAddedEvent ParentIssueAddedEvent AddedToProjectV2Event ProjectV2ItemStatusChangedEvent TransferredEvent SubIssueRemovedEvent ParentIssueRemovedEvent BlockedByAddedEvent BlockedByRemovedEvent BlockingAddedEvent BlockingRemovedEvent RemovedFromProjectV2Event UnsubscribedEvent LockedEvent UnlockedEvent CommentDeletedEvent
`

// kindOf is a type of the schema.
type kindOf struct {
	fields map[string]member
	of     []string // the types of a union or an interface
}

// member is a field of a type.
type member struct {
	kind  string // of what it holds, "" for a scalar
	args  []string
	pages bool // it is a connection
}

// schema reads the schema.
func schema() map[string]*kindOf {
	types := map[string]*kindOf{}
	for line := range strings.Lines(strings.TrimSpace(schemaText)) {
		line = strings.TrimSpace(line)
		if head, of, union := strings.Cut(line, " = "); union {
			name, shared, _ := strings.Cut(strings.TrimSuffix(head, ")"), "(")
			t := &kindOf{fields: map[string]member{}, of: strings.Fields(of)}
			for _, f := range strings.Split(shared, ",") {
				if f != "" {
					t.fields[f] = types[t.of[0]].fields[f]
				}
			}
			types[name] = t
			continue
		}
		name, list, _ := strings.Cut(line, ": ")
		t := &kindOf{fields: map[string]member{}}
		for _, f := range strings.Fields(list) {
			f, kind, _ := strings.Cut(f, ":")
			var m member
			m.kind, m.pages = strings.CutPrefix(kind, "*")
			f, args, _ := strings.Cut(strings.TrimSuffix(f, ")"), "(")
			if args != "" {
				m.args = strings.Split(args, ",")
			}
			if m.pages {
				m.args = append(m.args, "first", "after", "last", "before")
			}
			t.fields[f] = m
		}
		types[name] = t
	}
	return types
}

// check is one query held against the schema.
type check struct {
	schema   map[string]*kindOf
	doc      *document
	declared map[string]bool // variables; true if used
	vars     map[string]any
	scopes   []string
	faults   []fault
	nodes    int // that may be answered
	lists    int // of connections that are read for it
	depth    int
}

func (c *check) fault(at spot, kind, code, format string, args ...any) {
	c.faults = append(c.faults, fault{message: fmt.Sprintf(format, args...), at: at, kind: kind, code: code})
}

// fields checks what is asked of a type. Times is how often it may be answered.
func (c *check) fields(on string, list []field, times int) {
	if c.depth++; c.depth > 40 { // a fragment within itself, say
		c.fault(list[0].at, "", "maxQueryDepth", "Query is nested too deeply")
		return
	}
	defer func() { c.depth-- }()
	t := c.schema[on]
	for _, f := range list {
		if len(c.faults) > 50 {
			return
		}
		switch {
		case f.spread != "":
			fr, known := c.doc.fragments[f.spread]
			if !known {
				c.fault(f.at, "", "useAndDefineFragment", "Fragment %s was used, but not defined", f.spread)
				continue
			}
			c.within(on, fr.on, f.at, fr.fields, times)
		case f.on != "":
			c.within(on, f.on, f.at, f.fields, times)
		case f.name == "__typename":
		default:
			m, known := t.fields[f.name]
			if !known {
				c.fault(f.at, "", "undefinedField", "Field '%s' doesn't exist on type '%s'", f.name, on)
				continue
			}
			c.field(on, f, m, times)
		}
	}
}

// within checks a fragment.
func (c *check) within(on, cond string, at spot, list []field, times int) {
	t := c.schema[cond]
	switch {
	case t == nil:
		c.fault(at, "", "undefinedType", "No such type %s, so it can't be a fragment condition", cond)
	case cond != on && !slices.Contains(c.schema[on].of, cond) && !slices.Contains(t.of, on) &&
		!slices.ContainsFunc(t.of, func(one string) bool { return slices.Contains(c.schema[on].of, one) }):
		c.fault(at, "", "cannotSpreadFragment", "Fragment on %s can't be spread inside %s", cond, on)
	default:
		c.fields(cond, list, times)
	}
}

// scoped are the types that a token without read:project may not ask anything of.
func scoped(on string) bool {
	return strings.HasPrefix(on, "ProjectV2") && on != "ProjectV2ItemStatusChangedEvent"
}

func (c *check) field(on string, f field, m member, times int) {
	for _, name := range slices.Sorted(maps.Keys(f.args)) {
		if !slices.Contains(m.args, name) {
			c.fault(f.at, "", "argumentNotAccepted", "Field '%s' doesn't accept argument '%s'", f.name, name)
		}
		c.used(f.args[name], f.at)
	}
	if (scoped(on) || m.kind == "ProjectV2" && !strings.HasSuffix(on, "Event")) && c.scopes != nil &&
		!slices.Contains(c.scopes, "read:project") && !slices.Contains(c.scopes, "project") {
		c.fault(f.at, "INSUFFICIENT_SCOPES", "", "Your token has not been granted the required scopes to execute this query. The '%s' field requires one of the following scopes: ['read:project'], but your token has only been granted the: ['%s'] scopes. Please modify your token's scopes at: https://github.com/settings/tokens.",
			f.name, strings.Join(c.scopes, "', '"))
	}
	switch {
	case m.kind == "" && f.fields != nil:
		c.fault(f.at, "", "selectionMismatch", "Selections can't be made on scalars (field '%s' returns a scalar but has selections)", f.name)
	case m.kind != "" && f.fields == nil:
		c.fault(f.at, "", "selectionMismatch", "Field must have selections (field '%s' returns %s but has no selections. Did you mean '%s { ... }'?)", f.name, m.kind, f.name)
	case m.pages:
		c.connection(f, m, times)
	case m.kind != "":
		c.fields(m.kind, f.fields, times)
	}
}

// connection checks a list that has pages. What it costs: GitHub adds up how many lists would have to be
// read to answer, and divides by a hundred.
func (c *check) connection(f field, m member, times int) {
	size, given := c.value(f.args["first"]).(int64)
	if !given {
		size, given = c.value(f.args["last"]).(int64)
	}
	listed := slices.ContainsFunc(f.fields, func(g field) bool { return g.name == "nodes" || g.name == "edges" })
	switch {
	case !given && listed:
		c.fault(f.at, "MISSING_PAGINATION_BOUNDARIES", "", "You must provide a `first` or `last` value to properly paginate the `%s` connection.", f.name)
	case given && (size > 100 || size < 1):
		c.fault(f.at, "EXCESSIVE_PAGINATION", "", "Requesting %d records on the `%s` connection exceeds the `first` limit of 100 records.", size, f.name)
	}
	size = min(max(size, 1), 100)
	times = min(times, 1_000_000)
	c.lists += times
	if listed {
		c.nodes += times * int(size)
	}
	for _, g := range f.fields {
		switch g.name {
		case "totalCount", "issueCount", "__typename":
		case "pageInfo":
			c.fields("PageInfo", g.fields, times)
		case "nodes":
			if g.fields == nil {
				c.fault(g.at, "", "selectionMismatch", "Field must have selections (field 'nodes' returns %s but has no selections. Did you mean 'nodes { ... }'?)", m.kind)
			}
			c.fields(m.kind, g.fields, times*int(size))
		case "edges":
			for _, e := range g.fields {
				switch e.name {
				case "cursor":
				case "node":
					c.fields(m.kind, e.fields, times*int(size))
				default:
					c.fault(e.at, "", "undefinedField", "Field '%s' doesn't exist on type '%sEdge'", e.name, m.kind)
				}
			}
		default:
			c.fault(g.at, "", "undefinedField", "Field '%s' doesn't exist on type '%sConnection'", g.name, m.kind)
		}
	}
}

// used notes the variables in a value.
func (c *check) used(v any, at spot) {
	switch v := v.(type) {
	case varName:
		if _, known := c.declared[string(v)]; !known {
			c.fault(at, "", "variableNotDefined", "Variable $%s is used but not declared", v)
		}
		c.declared[string(v)] = true
	case []any:
		for _, e := range v {
			c.used(e, at)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			c.used(v[name], at)
		}
	}
}

// value is a value with its variables filled in.
func (c *check) value(v any) any {
	switch v := v.(type) {
	case varName:
		return c.vars[string(v)]
	case enum:
		return string(v)
	case []any:
		list := make([]any, len(v))
		for i, e := range v {
			list[i] = c.value(e)
		}
		return list
	case map[string]any:
		m := map[string]any{}
		for k, e := range v {
			m[k] = c.value(e)
		}
		return m
	}
	return v
}
