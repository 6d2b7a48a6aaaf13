package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/avow-events/avow/registry"
)

// text shows a plan to a person: a line for each change behind +, ~ or -, below it what changes and why it would be
// refused, and at the end how many there are of each.
func (f *planFile) text(p *printer, quiet bool) {
	width := 0
	for _, s := range f.Plan.Changes() {
		width = max(width, len(s.Subject))
	}
	if f.changes() > 0 && !quiet {
		p.linef("%s", p.bold("Plan for "+f.where()))
		p.linef("")
	}
	for _, s := range f.Plan.Changes() {
		v := viewOf(s)
		p.linef("%s %-*s  %s", p.sign(v.sign), width, s.Subject, v.what)
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
	if f.changes() > 0 {
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

// stepView is a step in words.
type stepView struct {
	// sign is + for what is new, ~ for what changes, - for what goes and ✗ for what the registry would refuse.
	sign, what string
	// details are lines; those of a difference begin with + or -.
	details []string
}

func viewOf(s registry.Step) stepView {
	v := stepView{sign: "~"}
	from := fmt.Sprintf("%s (%s)", s.Name, s.File)
	verdict := ""
	if s.Level != nil {
		verdict = ", compatible at " + s.Level.String()
		if len(s.Incompatible) > 0 {
			verdict = ", INCOMPATIBLE at " + s.Level.String()
		}
	}
	switch s.Action {
	case registry.SetLevel:
		v.what = "set the level to " + s.Level.String() + ", it has none of its own"
		if s.Was != nil {
			v.what = "set the level to " + s.Level.String() + ", it is " + s.Was.String()
		}
	case registry.Create:
		v.sign, v.what = "+", "register "+from+" as its first version"
	case registry.NewVersion:
		v.what = "register " + from + " as a new version" + after(s) + verdict
		if s.Before != nil {
			v.details = difference(s.Before.Schema, s.Schema)
		}
	case registry.ChangeReferences:
		v.what = "register " + from + " with other references" + after(s) + verdict
	case registry.Delete:
		v.sign, v.what = "-", "delete it"+lastVersion(s)
	}
	if s.Action == registry.NewVersion || s.Action == registry.ChangeReferences {
		v.details = append(v.details, referenceChanges(s)...)
	}
	if s.Blocked != "" || len(s.Incompatible) > 0 {
		v.sign = "✗"
	}
	if s.Blocked != "" {
		v.details = append(v.details, s.Blocked)
	}
	v.details = append(v.details, explanation(s)...)
	return v
}

func after(s registry.Step) string {
	if s.Before == nil {
		return ""
	}
	return fmt.Sprintf(" after %d", s.Before.Version)
}

func lastVersion(s registry.Step) string {
	if s.Before == nil || s.Before.Version == 0 {
		return ""
	}
	return fmt.Sprintf(", whose latest version is %d", s.Before.Version)
}

// referenceChanges says which references are others than those of the version before.
func referenceChanges(s registry.Step) []string {
	if s.Before == nil {
		return nil
	}
	var out []string
	for _, r := range s.References {
		now := fmt.Sprintf("%d", r.Version)
		if r.Version == 0 {
			now = "its new one"
		}
		i := slices.IndexFunc(s.Before.References, func(b registry.Reference) bool { return b.Subject == r.Subject })
		switch {
		case i < 0:
			out = append(out, fmt.Sprintf("+ reference to %s version %s", r.Subject, now))
		case s.Before.References[i].Version != r.Version:
			out = append(out, fmt.Sprintf("reference to %s: version %d → %s", r.Subject, s.Before.References[i].Version, now))
		}
	}
	for _, b := range s.Before.References {
		if !slices.ContainsFunc(s.References, func(r registry.PlannedReference) bool { return r.Subject == b.Subject }) {
			out = append(out, fmt.Sprintf("- reference to %s version %d", b.Subject, b.Version))
		}
	}
	return out
}

// explanation says why a step would be refused, in our words where we have some and else in the registry's, and what
// else there is to know.
func explanation(s registry.Step) []string {
	var out []string
	for _, r := range s.Reasons {
		out = append(out, fmt.Sprintf("%s: %s: %s (%s)", r.Place, r.Severity, r.Message, r.Rule))
		if r.Fix != "" {
			out = append(out, "    fix: "+r.Fix)
		}
	}
	explained := slices.ContainsFunc(s.Reasons, func(r registry.Reason) bool { return r.Severity == "error" })
	if !explained {
		out = append(out, s.Incompatible...)
	}
	return out
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
	var parts []string
	add := func(n int, what string) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, what))
		}
	}
	n := map[registry.Action]int{}
	for _, s := range f.Plan.Steps {
		n[s.Action]++
	}
	add(n[registry.Create], "to create")
	add(n[registry.NewVersion], "with a new version")
	add(n[registry.ChangeReferences], "with other references")
	add(n[registry.SetLevel], "with another level")
	add(n[registry.Delete], "to delete")
	if len(parts) == 0 {
		return fmt.Sprintf("No changes. %s as the repository says in %s.", subjectsAre(n[registry.Keep]), f.where())
	}
	line := "Plan: " + strings.Join(parts, ", ") + fmt.Sprintf(", %d unchanged.", n[registry.Keep])
	if refused := f.refused(); refused > 0 {
		line += fmt.Sprintf(" The registry would refuse %d.", refused)
	}
	return line
}

func subjectsAre(n int) string {
	if n == 1 {
		return "1 subject is"
	}
	return fmt.Sprintf("%d subjects are", n)
}
