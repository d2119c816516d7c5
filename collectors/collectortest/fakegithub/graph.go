package fakegithub

func (h *Hub) graph(r *request) *answer { return unknown("GraphQL yet") }
