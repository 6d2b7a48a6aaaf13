package cli

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/avow-events/avow/internal/topics"
	"github.com/avow-events/avow/registry"
)

// stepView is a step in words.
type stepView struct {
	// sign is + for what is new, ~ for what changes, - for what goes and ✗ for what would be refused.
	sign, name, what string
	// done is what to say once it is done, empty where that needs what came of it.
	done string
	// details are lines; those of a difference begin with + or -.
	details []string
}

// views returns every change in words, in the order in which they are made.
func (f *planFile) views() []stepView {
	var out []stepView
	for _, s := range f.Plan.Changes() {
		out = append(out, viewOf(s))
	}
	if f.Topics != nil {
		for _, s := range f.Topics.Changes() {
			out = append(out, viewOfTopic(s))
		}
	}
	return out
}

func viewOf(s registry.Step) stepView {
	v := stepView{sign: "~", name: s.Subject}
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
		if s.Before != nil && s.Before.Type == "" {
			v.details = difference(s.Before.Schema, s.Schema)
		}
	case registry.ChangeReferences:
		v.what = "register " + from + " with other references" + after(s) + verdict
	case registry.Delete:
		v.sign, v.what = "-", "delete it"+lastVersion(s)
	}
	if s.Import != nil {
		v.what += fmt.Sprintf(", as version %d with id %d", s.Import.Version, s.Import.ID)
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

func viewOfTopic(s topics.Step) stepView {
	v := stepView{sign: "~", name: "topic " + s.Topic}
	var with []string
	if s.Partitions > 0 {
		with = append(with, count(s.Partitions, "partition"))
	}
	if s.Replication > 0 {
		with = append(with, count(s.Replication, "replica"))
	}
	for _, name := range slices.Sorted(maps.Keys(s.Configs)) {
		with = append(with, name+" "+s.Configs[name])
	}
	list := strings.Join(with, ", ")
	switch s.Action {
	case topics.Create:
		v.sign, v.what, v.done = "+", "create it", "created"
		if list != "" {
			v.what, v.done = "create it with "+list, "created with "+list
		}
	case topics.AddPartitions:
		v.what, v.done = "give it "+list+": keys go to other partitions from then on", "has "+list+" now"
	case topics.SetConfigs:
		v.what, v.done = "set "+list, "has "+list+" now"
	case topics.Delete:
		v.sign, v.what, v.done = "-", "delete it and all its records", "deleted"
	}
	if s.Blocked != "" {
		v.sign = "✗"
		if v.what == "" {
			v.what = s.Blocked
		} else {
			v.details = []string{s.Blocked}
		}
	}
	return v
}

func after(s registry.Step) string {
	if s.Before == nil {
		return ""
	}
	if s.Before.Type != "" {
		return fmt.Sprintf(" after %d, which is a %s schema", s.Before.Version, s.Before.Type)
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
