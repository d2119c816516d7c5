package analysis

// What an item brings with it: the way it came in, its services, its customer, and what the definition
// of ready finds missing.

import (
	"slices"
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

// channel is the id of the way in that the item came through; "" if it cannot be told.
func (c *classifier) channel(f *Facts) string {
	c.key = c.channels.asks.key(c.key[:0], f)
	return recall(c, c.channels, func() string {
		c.prepare(f, c.channels.named)
		for i := range c.policy.Channels {
			if c.machine.holds(c.policy.Channels[i].When) {
				return c.policy.Channels[i].ID
			}
		}
		return ""
	})
}

// services are the policy's services that the item's components, labels or pages name, in the
// policy's order.
func (c *classifier) services(f *Facts) []*Service {
	c.key = c.served.asks.key(c.key[:0], f)
	return recall(c, c.served, func() []*Service { return c.serves(f) })
}

func (c *classifier) serves(f *Facts) []*Service {
	var found []int
	for _, names := range [...][]string{f.Components, f.Labels, f.Pagers} {
		for _, name := range names {
			for _, i := range c.serviceIndex[fold(name)] {
				if !slices.Contains(found, i) {
					found = append(found, i)
				}
			}
		}
	}
	if len(found) == 0 {
		return nil
	}
	slices.Sort(found)
	all := make([]*Service, len(found))
	for k, i := range found {
		all[k] = &c.policy.Services[i]
	}
	return all
}

// customer is who the item is for; "" if it does not say.
func (c *classifier) customer(f *Facts) string { return c.customers.of(f) }

// discarded says whether a resolution is one that the policy throws away.
func (c *classifier) discarded(resolution string) bool {
	return resolution != "" && c.discards[fold(resolution)]
}

// readyMissing are the facts that the definition of ready asks of the class and that the item lacks. Those of the
// next item are written where they stand.
func (c *classifier) readyMissing(class *Class, f *Facts) []string {
	missing := c.lacks[:0]
	for i := range c.policy.Ready {
		r := &c.policy.Ready[i]
		if !r.asks(class) {
			continue
		}
		for _, name := range r.Needs {
			if !c.has(f, name) && !slices.Contains(missing, name) {
				missing = append(missing, name)
			}
		}
	}
	c.lacks = missing
	if len(missing) == 0 {
		return nil
	}
	return missing
}

func (c *classifier) has(f *Facts, name string) bool {
	if field, ok := strings.CutPrefix(name, record.FieldCustom); ok {
		return strings.TrimSpace(strings.Join(f.Field[field], "")) != ""
	}
	switch name {
	case "service":
		return len(c.services(f)) > 0
	case "customer":
		return c.customer(f) != ""
	}
	for i := range vocabulary {
		if w := &vocabulary[i]; w.Name == name && w.has != nil {
			return w.has(f)
		}
	}
	return false
}

// customerSource is where the policy says a customer's name is found: "field.x", "reporter", or a
// label or component with a prefix ("label customer/", "component").
type customerSource struct {
	asks   asked
	prefix string
	of     func(*Facts) string
}

// readCustomerSource reads the policy's words; unknown ones, and none, name nobody.
func readCustomerSource(s string) customerSource {
	kind, prefix, _ := strings.Cut(s, " ")
	prefix = strings.TrimSpace(prefix)
	prefixed := func(of func(*Facts) []string) func(*Facts) string {
		return func(f *Facts) string {
			for _, x := range of(f) {
				if rest, ok := strings.CutPrefix(x, prefix); ok {
					return strings.TrimSpace(rest)
				}
			}
			return ""
		}
	}
	if name, ok := strings.CutPrefix(s, "field."); ok && name != "" {
		return customerSource{asks: asked{fields: []string{name}}, of: func(f *Facts) string { return strings.Join(f.Field[name], ", ") }}
	}
	switch {
	case s == "reporter":
		return customerSource{asks: asked{facts: factReporter}, of: func(f *Facts) string { return f.Reporter }}
	case kind == "label" && prefix != "":
		return customerSource{asks: asked{facts: factLabels}, of: prefixed(func(f *Facts) []string { return f.Labels })}
	case kind == "component":
		return customerSource{asks: asked{facts: factComponents}, of: prefixed(func(f *Facts) []string { return f.Components })}
	}
	return customerSource{of: func(*Facts) string { return "" }}
}
