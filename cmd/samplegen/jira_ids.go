package main

// The ids and names that the Jira of the story has given to its statuses, types, priorities and versions.

type status struct{ id, category, color, name string }

// Jira's own names for the categories of a status.
func statusOf(name string) status {
	switch name {
	case stNew:
		return status{"10010", "new", "blue-gray", "To Do"}
	case stInfo:
		return status{"10013", "new", "blue-gray", "To Do"}
	case stReady:
		return status{"10011", "new", "blue-gray", "To Do"}
	case stReopened:
		return status{"4", "new", "blue-gray", "To Do"}
	case stParked:
		return status{"10019", "new", "blue-gray", "To Do"}
	case stDoing:
		return status{"3", "indeterminate", "yellow", "In Progress"}
	case stReview:
		return status{"10014", "indeterminate", "yellow", "In Progress"}
	case stVendor:
		return status{"10015", "indeterminate", "yellow", "In Progress"}
	}
	return status{"10012", "done", "green", "Done"}
}

func categoryID(key string) int {
	switch key {
	case "new":
		return 2
	case "indeterminate":
		return 4
	}
	return 3
}

func priorityID(name string) string {
	for i, p := range []string{"Blocker", "Critical", "Major", "Minor", "Trivial"} {
		if p == name {
			return itoa(i + 1)
		}
	}
	return "3"
}

func typeID(name string) string {
	for i, p := range []string{"Incident", "Bug", "Support Request", "Story", "Task", "Improvement", "Question"} {
		if p == name {
			return itoa(10001 + i)
		}
	}
	return "10009"
}

func resolutionID(name string) string {
	for i, p := range []string{"Done", "Won't Do", "Duplicate", "Cannot Reproduce"} {
		if p == name {
			return itoa(10000 + i)
		}
	}
	return ""
}

func componentID(name string) string {
	for i, s := range services {
		if s.component == name {
			return itoa(10100 + i)
		}
	}
	return "10199"
}

func versionID(name string) string {
	for i, r := range releases {
		if r.name == name {
			return itoa(10300 + i)
		}
	}
	return "10399"
}
