package cli

import (
	"fmt"
	"maps"
	"strings"

	"github.com/avow-events/avow/internal/topics"
	"github.com/avow-events/avow/registry"
)

// text shows a plan to a person: a line for each change behind +, ~ or -, below it what changes and why it would be
// refused, and at the end how many there are of each.
func (f *planFile) text(p *printer, quiet bool) {
	views := f.views()
	width := 0
	for _, v := range views {
		width = max(width, len(v.name))
	}
	if len(views) > 0 && !quiet {
		p.linef("%s", p.bold("Plan for "+f.where()))
		p.linef("")
	}
	for _, v := range views {
		p.linef("%s %-*s  %s", p.sign(v.sign), width, v.name, v.what)
		for _, d := range v.details {
			if strings.HasPrefix(d, "+") || strings.HasPrefix(d, "-") {
				d = p.sign(d[:1]) + d[1:]
			}
			p.linef("    %s", d)
		}
	}
	if quiet {
		return
	}
	if len(views) > 0 {
		p.linef("")
	}
	for _, n := range f.notes() {
		p.linef("%s", n)
	}
	p.linef("%s", f.summary())
}

// sign paints a +, ~, - or ✗.
func (p *printer) sign(sign string) string {
	switch sign {
	case "+":
		return p.good(sign)
	case "-", "✗":
		return p.bad(sign)
	}
	return p.bold(sign)
}

// notes are what no step mends, a line each.
func (f *planFile) notes() []string {
	var out, undescribed []string
	for _, n := range f.Plan.Notes {
		if n.Kind == registry.Undescribed {
			undescribed = append(undescribed, n.Subject)
			continue
		}
		out = append(out, fmt.Sprintf("%s: %s", n.Subject, n.Text))
	}
	if len(undescribed) > 0 {
		out = append(out, fmt.Sprintf("Not in the repository, and left alone without --prune: %s", someOf(undescribed, 10)))
	}
	return out
}

// someOf lists words, no more than a few of them.
func someOf(words []string, n int) string {
	if len(words) <= n {
		return strings.Join(words, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(words[:n], ", "), len(words)-n)
}

// summary is the last line.
func (f *planFile) summary() string {
	n := map[registry.Action]int{}
	same, changes := map[string]bool{}, map[string]bool{} // a promotion may have a step for every version of a subject
	for _, s := range f.Plan.Steps {
		n[s.Action]++
		switch s.Action {
		case registry.Keep:
			same[s.Subject] = true
		case registry.SetLevel: // which leaves the schema as it is
		default:
			changes[s.Subject] = true
		}
	}
	maps.DeleteFunc(same, func(subject string, _ bool) bool { return changes[subject] })
	var parts []string
	add := func(n int, what string) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, what))
		}
	}
	addTopics := func(n int, what string) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%s to %s", count(n, "topic"), what))
		}
	}
	add(n[registry.Create], "to create")
	add(n[registry.NewVersion], "with a new version")
	add(n[registry.ChangeReferences], "with other references")
	add(n[registry.SetLevel], "with another level")
	add(n[registry.Delete], "to delete")
	kept := count(len(same), "subject")
	var unchanged []string // of which there are some
	if len(same) > 0 {
		unchanged = append(unchanged, kept)
	}
	if f.Topics != nil {
		var created, changed, deleted, as int
		for _, s := range f.Topics.Steps {
			switch {
			case s.Action == topics.Create:
				created++
			case s.Action == topics.Delete:
				deleted++
			case s.Action == topics.Keep && s.Blocked == "":
				as++
			default:
				changed++
			}
		}
		addTopics(created, "create")
		addTopics(changed, "change")
		addTopics(deleted, "delete")
		kept += " and " + count(as, "topic")
		if as > 0 {
			unchanged = append(unchanged, count(as, "topic"))
		}
	}
	if len(parts) == 0 {
		are := "are"
		if kept == "1 subject" {
			are = "is"
		}
		return fmt.Sprintf("No changes. %s %s as %s says in %s.", kept, are, f.what(), f.where())
	}
	if len(unchanged) > 0 {
		parts = append(parts, strings.Join(unchanged, " and ")+" unchanged")
	}
	line := "Plan: " + strings.Join(parts, ", ") + "."
	if refused := f.refused(); refused > 0 {
		line += fmt.Sprintf(" %d would be refused.", refused)
	}
	return line
}
