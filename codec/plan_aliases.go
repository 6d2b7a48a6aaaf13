package codec

import (
	"fmt"
	"unicode"

	"github.com/avow-events/avow/avsc"
)

// applyAliases returns the writer's type under the names that the reader's aliases give it, as Schema.applyAliases of
// Avro Java does: the aliases of all types below the reader's root count, wherever the name stands in the writer's;
// those of a field count in the record of its record's full name, or of one of that record's aliases. Whatever Java
// checks when it builds the renamed schema is checked here: that is why a plan can fail on a writer's default.
func applyAliases(writer, reader *avsc.Type) (*avsc.Type, error) {
	if avsc.Equal(writer, reader) {
		return writer, nil
	}
	a := renaming{
		types:  map[avsc.Name]avsc.Name{},
		fields: map[avsc.Name]map[string]string{},
		done:   map[*avsc.Type]*avsc.Type{},
		open:   map[*avsc.Type]bool{},
	}
	a.collect(reader, map[*avsc.Type]bool{})
	if len(a.types) == 0 && len(a.fields) == 0 {
		return writer, nil
	}
	return a.apply(writer)
}

type renaming struct {
	types  map[avsc.Name]avsc.Name         // alias to name
	fields map[avsc.Name]map[string]string // record to alias to name of a field
	done   map[*avsc.Type]*avsc.Type       // writer's record to what it becomes
	open   map[*avsc.Type]bool             // what it becomes, while its fields are not known
}

// collect notes the aliases of t and of all below it.
func (a *renaming) collect(t *avsc.Type, seen map[*avsc.Type]bool) {
	for _, alias := range t.Aliases {
		a.types[alias.Name] = t.Name
	}
	if t.Kind != avsc.Record {
		for _, c := range parts(t) {
			a.collect(c, seen)
		}
		return
	}
	if seen[t] {
		return
	}
	seen[t] = true
	for _, f := range t.Fields {
		for _, alias := range f.Aliases {
			if a.fields[t.Name] == nil {
				a.fields[t.Name] = map[string]string{}
			}
			a.fields[t.Name][alias.Name] = f.Name
		}
		a.collect(f.Type, seen)
	}
	if names := a.fields[t.Name]; names != nil {
		for _, alias := range t.Aliases {
			a.fields[alias.Name] = names
		}
	}
}

func (a *renaming) apply(t *avsc.Type) (*avsc.Type, error) {
	name, renamed := a.types[t.Name]
	renamed = renamed && t.Kind.IsNamed()
	switch t.Kind {
	case avsc.Record:
		if r := a.done[t]; r != nil {
			return r, nil
		}
		if !renamed {
			name = t.Name
		}
		return a.applyRecord(t, name)
	case avsc.Enum, avsc.Fixed:
		if !renamed {
			return t, nil
		}
		r := *t
		r.Name, r.Aliases = name, nil
		return &r, checkRenamed(&r)
	case avsc.Array, avsc.Map:
		elem, err := a.apply(t.Elem)
		if err != nil || elem == t.Elem {
			return t, err
		}
		r := *t
		r.Elem = elem
		return &r, nil
	case avsc.Union:
		return a.applyUnion(t)
	}
	return t, nil
}

func (a *renaming) applyRecord(t *avsc.Type, name avsc.Name) (*avsc.Type, error) {
	if !isName(name.Short) {
		return nil, fmt.Errorf("%q of the writer is no name", name.Short)
	}
	r := *t
	r.Name, r.Aliases, r.Fields = name, nil, make([]*avsc.Field, len(t.Fields))
	a.done[t], a.open[&r] = &r, true
	taken := map[string]bool{}
	for i, f := range t.Fields {
		ft, err := a.apply(f.Type)
		if err != nil {
			return nil, err
		}
		g := *f
		g.Type, g.Aliases = ft, nil
		if n, ok := a.fields[name][f.Name]; ok {
			g.Name = n
		}
		switch {
		case !isName(g.Name):
			return nil, fmt.Errorf("%q of the writer's %s is no name", g.Name, name)
		case taken[g.Name]:
			return nil, fmt.Errorf("under the reader's aliases the writer's %s has two fields %q", name, g.Name)
		}
		if g.Default != nil {
			if err := a.checkDefault(&r, &g); err != nil {
				return nil, err
			}
		}
		taken[g.Name] = true
		r.Fields[i] = &g
	}
	delete(a.open, &r)
	return &r, nil
}

func (a *renaming) checkDefault(r *avsc.Type, f *avsc.Field) error {
	ok, open := avsc.FitsDefault(f.Type, f.Default, func(t *avsc.Type) bool { return a.open[t] })
	switch {
	case open != nil:
		return fmt.Errorf("the default of the writer's %s.%s holds a value of %s, whose definition encloses it: Avro Java cannot apply the reader's aliases to it", r.Name, f.Name, open.Name)
	case !ok:
		return fmt.Errorf("under the reader's aliases the default of the writer's %s.%s does not fit its type", r.Name, f.Name)
	}
	return nil
}

func (a *renaming) applyUnion(t *avsc.Type) (*avsc.Type, error) {
	r := *t
	r.Branches = make([]*avsc.Type, len(t.Branches))
	taken := map[string]bool{}
	for i, b := range t.Branches {
		branch, err := a.apply(b)
		if err != nil {
			return nil, err
		}
		if taken[branch.FullName()] {
			return nil, fmt.Errorf("under the reader's aliases a union of the writer holds %s twice", branch.FullName())
		}
		taken[branch.FullName()] = true
		r.Branches[i] = branch
	}
	return &r, nil
}

// checkRenamed holds a renamed enum or fixed to what Avro Java demands of one that is made anew.
func checkRenamed(t *avsc.Type) error {
	if !isName(t.Name.Short) {
		return fmt.Errorf("%q of the writer is no name", t.Name.Short)
	}
	for _, s := range t.Symbols {
		if !isName(s.Name) {
			return fmt.Errorf("symbol %q of the writer's %s is no name", s.Name, t.Name)
		}
	}
	if t.Default != nil && symbolIndex(t, t.Default.Name) < 0 {
		return fmt.Errorf("default %q of the writer's %s is none of its symbols", t.Default.Name, t.Name)
	}
	return nil
}

// symbolIndex returns the position of a symbol in an enum, -1 if it has none of that name.
func symbolIndex(t *avsc.Type, symbol string) int {
	for i := range t.Symbols {
		if t.Symbols[i].Name == symbol {
			return i
		}
	}
	return -1
}

// isName reports whether s is a name to Avro Java's default validator, which takes letters of any script as long as
// they are one UTF-16 unit.
func isName(s string) bool {
	for i, c := range s {
		letter := c == '_' || c <= 0xffff && unicode.IsLetter(c)
		if !letter && (i == 0 || c > 0xffff || !unicode.IsDigit(c)) {
			return false
		}
	}
	return s != ""
}
