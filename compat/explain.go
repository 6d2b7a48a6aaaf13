package compat

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/finding"
)

// explain turns what the directions found into findings, each incompatibility once: Java repeats those of a type for each
// of its uses.
func (c *Change) explain(found []Direction, old Earlier) []finding.Finding {
	type key struct {
		kind           string
		reader, writer *avsc.Type
		field          *avsc.Field
		branch         avsc.Pos
		newReads       bool
	}
	var out []finding.Finding
	seen := make(map[key]bool)
	for _, d := range found {
		var ambiguous *AmbiguousFieldError
		if errors.As(d.Err, &ambiguous) {
			out = append(out, c.explainAmbiguous(ambiguous, d.NewReads))
			continue
		}
		for _, inc := range d.Incompatibilities {
			k := key{inc.Type, inc.Reader, inc.Writer, inc.Field, avsc.Pos{}, d.NewReads}
			if inc.Type == MissingUnionBranch {
				k.branch = inc.WriterPos
			}
			if seen[k] {
				continue
			}
			seen[k] = true
			f := side{inc, d.NewReads, c.Level}.finding()
			if d.NewReads {
				f.Example = d.example(c.New, old.Schema, inc)
			} else {
				f.Example = d.example(old.Schema, c.New, inc)
			}
			if old.Label != "" {
				f.Message += fmt.Sprintf(" (compared with %s)", old.Label)
			}
			out = append(out, c.about(f))
		}
	}
	return out
}

// about completes a finding with the contract and the way from it to the place.
func (c *Change) about(f finding.Finding) finding.Finding {
	f.Subject = c.Name
	if c.New != nil {
		f.Via = way(c.New, f.Pos.File)
	}
	return f
}

// way returns the names of the documents that lead from one to the file, the shortest way; nil where there is none.
func way(from *avsc.Schema, file string) []string {
	if from.File == file {
		return nil
	}
	type step struct {
		schema *avsc.Schema
		names  []string
	}
	seen := map[*avsc.Schema]bool{from: true}
	for queue := []step{{schema: from}}; len(queue) > 0; queue = queue[1:] {
		for _, ref := range queue[0].schema.References() {
			if seen[ref] {
				continue
			}
			seen[ref] = true
			names := append(slices.Clone(queue[0].names), contractName(ref))
			if ref.File == file {
				return names
			}
			queue = append(queue, step{ref, names})
		}
	}
	return nil
}

// side is an incompatibility as seen from the new schema, which is its reader or its writer.
type side struct {
	Incompatibility
	newReads bool
	level    Level
}

func (s side) finding() finding.Finding {
	f := finding.Finding{Rule: s.Type, Severity: finding.Error, Path: s.Location, Pos: s.ReaderPos, OldPos: s.WriterPos}
	if !s.newReads {
		f.Pos, f.OldPos = s.WriterPos, s.ReaderPos
	}
	switch s.Type {
	case ReaderFieldMissingDefaultValue:
		f.Message, f.Fix = s.missingDefault()
		f.Edits = s.addDefault()
	case TypeMismatch:
		f.Message, f.Fix = s.typeMismatch()
		f.Edits = s.addDefault()
	case NameMismatch:
		f.Message, f.Fix = s.nameMismatch()
		if s.newReads {
			f.Edits = addAlias(s.Reader, s.Writer.Name)
		}
	case FixedSizeMismatch:
		f.Message, f.Fix = s.sizeMismatch()
	case MissingEnumSymbols:
		f.Message, f.Fix = s.missingSymbols()
		if s.newReads {
			f.Edits = addSymbols(s.Reader, missingSymbols(s.Reader, s.Writer))
		}
	case MissingUnionBranch:
		cause, more, ok := s.cause()
		if !ok {
			f.Message, f.Fix = s.missingBranch()
			break
		}
		f.Pos, f.OldPos, f.Fix, f.Edits = cause.Pos, cause.OldPos, cause.Fix, cause.Edits
		f.Message = fmt.Sprintf("%s: branch %s of the union does not fit any more: %s", s.what(), describeType(s.branch()), cause.Message)
		if more > 0 {
			f.Message += fmt.Sprintf(" (and %d more)", more)
		}
	}
	return f
}

// Who suffers from an incompatibility.
const (
	oldDataUnreadable = "what was written with the old schema cannot be read"
	oldReadersFail    = "consumers with the old schema cannot read what is written with this one"
)

func (s side) suffering() string {
	if s.newReads {
		return oldDataUnreadable
	}
	return oldReadersFail
}

func (s side) missingDefault() (message, fix string) {
	name := fmt.Sprintf("field %q", s.Field.Name)
	if s.newReads {
		message = fmt.Sprintf("%s is new and has no default, so %s", name, oldDataUnreadable)
		fix = fmt.Sprintf("add %s to the field", defaultSuggestion(s.Field.Type))
		if former := renamedFrom(s.Field, s.Reader, s.Writer); former != "" {
			fix += fmt.Sprintf(`, or "aliases": [%q] if it was called so before`, former)
		}
		return message, fix
	}
	message = fmt.Sprintf("%s is gone, and the old schema has no default for it, so %s", name, oldReadersFail)
	fix = fmt.Sprintf("keep the field; it can go once no consumer uses a schema in which %s has no default", name)
	if latter := renamedFrom(s.Field, s.Reader, s.Writer); latter != "" {
		fix = fmt.Sprintf("keep the name: an alias of %q helps readers with the new schema alone; %s", latter, fix)
	}
	return message, fix
}

// defaultSuggestion returns the default that a field of the type could have.
func defaultSuggestion(t *avsc.Type) string {
	if text, ok := zeroDefault(t); ok {
		return `"default": ` + text
	}
	return `a "default"`
}

// zeroDefault returns the plainest JSON default for a type; not ok where there is none, as for records that need fields.
func zeroDefault(t *avsc.Type) (text string, ok bool) {
	switch t.Kind {
	case avsc.Null:
		return "null", true
	case avsc.Boolean:
		return "false", true
	case avsc.Int, avsc.Long, avsc.Float, avsc.Double:
		return "0", true
	case avsc.String, avsc.Bytes:
		if t.Logical != nil {
			return "", false
		}
		return `""`, true
	case avsc.Array:
		return "[]", true
	case avsc.Map:
		return "{}", true
	case avsc.Enum:
		if t.Default != nil {
			return fmt.Sprintf("%q", t.Default.Name), true
		}
		if len(t.Symbols) > 0 {
			return fmt.Sprintf("%q", t.Symbols[0].Name), true
		}
	case avsc.Union:
		if slices.ContainsFunc(t.Branches, func(b *avsc.Type) bool { return b.Kind == avsc.Null }) {
			return "null", true
		}
		if len(t.Branches) > 0 {
			return zeroDefault(t.Branches[0])
		}
	case avsc.Record:
		if !slices.ContainsFunc(t.Fields, func(f *avsc.Field) bool { return f.Default == nil }) {
			return "{}", true
		}
	}
	return "", false
}

// renamedFrom returns the field of the other record that this one may have been: the only one without a counterpart whose
// type is of the same kind; empty where there is none or a choice.
func renamedFrom(field *avsc.Field, record, other *avsc.Type) string {
	if other.Kind != avsc.Record {
		return ""
	}
	known := make(map[string]bool)
	for _, f := range record.Fields {
		known[f.Name] = true
		for _, a := range f.Aliases {
			known[a.Name] = true
		}
	}
	found := ""
	for _, f := range other.Fields {
		if known[f.Name] || f.Type.Kind != field.Type.Kind || describeType(f.Type) != describeType(field.Type) {
			continue
		}
		if found != "" {
			return ""
		}
		found = f.Name
	}
	return found
}

func (s side) typeMismatch() (message, fix string) {
	if s.Field != nil { // an enum that is compared with the record that lacks its field
		message = fmt.Sprintf("field %q is %s and has no default; the default of its enum does not stand in for it, so %s",
			s.Field.Name, map[bool]string{true: "new", false: "gone"}[s.newReads], s.suffering())
		if s.newReads {
			return message, fmt.Sprintf("add %s to the field itself", defaultSuggestion(s.Field.Type))
		}
		return message, "keep the field; it can go once every consumer's schema has a default for it"
	}
	old, next := s.Writer, s.Reader
	if !s.newReads {
		old, next = next, old
	}
	message = fmt.Sprintf("%s changed from %s to %s, so %s", s.what(), describeType(old), describeType(next), s.suffering())
	switch {
	case s.newReads && s.level.OldReadsNew():
		fix = fmt.Sprintf("keep %s, and add a new field with a default for the new type", describeType(old))
	case s.newReads:
		fix = fmt.Sprintf("keep %s, or make it a union of both: [%s, %s]", describeType(old), describeType(old), describeType(next))
	default:
		fix = fmt.Sprintf("keep %s, and add a new field for the new type", describeType(old))
	}
	return message, fix
}

func (s side) nameMismatch() (message, fix string) {
	if s.newReads {
		return fmt.Sprintf("%s %s is called %s now, so %s", s.Writer.Kind, s.Writer.Name, s.Reader.Name, oldDataUnreadable),
			fmt.Sprintf(`add "aliases": [%q] to it`, s.Writer.Name.Full())
	}
	return fmt.Sprintf("%s %s is called %s now, so %s", s.Reader.Kind, s.Reader.Name, s.Writer.Name, oldReadersFail),
		fmt.Sprintf("keep the name %s: an alias helps readers with the new schema alone", s.Reader.Name.Short)
}

func (s side) sizeMismatch() (message, fix string) {
	old, next := s.Writer.Size, s.Reader.Size
	if !s.newReads {
		old, next = next, old
	}
	return fmt.Sprintf("fixed %s is %d bytes long now, not %d, so %s", s.Reader.Name, next, old, s.suffering()),
		fmt.Sprintf(`keep "size": %d, and give the new size to a new type in a new field`, old)
}

func (s side) missingSymbols() (message, fix string) {
	var names []string
	for _, symbol := range missingSymbols(s.Reader, s.Writer) {
		names = append(names, symbol.Name)
	}
	which := list(names)
	if s.newReads {
		return fmt.Sprintf("enum %s has lost %s and has no default, so %s", s.Reader.Name, which, oldDataUnreadable),
			fmt.Sprintf(`put %s back, or add a "default" symbol to the enum`, which)
	}
	return fmt.Sprintf("enum %s has gained %s, which the old one has no default for, so %s", s.Writer.Name, which, oldReadersFail),
		fmt.Sprintf(`first give the enum a "default" symbol and let every consumer have it; then add %s`, which)
}

func (s side) missingBranch() (message, fix string) {
	branch := s.branch()
	if s.newReads {
		if s.Writer.Kind != avsc.Union {
			return fmt.Sprintf("%s changed from %s to a union without it, so %s", s.what(), describeType(branch), oldDataUnreadable),
				fmt.Sprintf("add %s to the union", describeType(branch))
		}
		return fmt.Sprintf("%s: the union has lost its branch %s, so %s", s.what(), describeType(branch), oldDataUnreadable),
			fmt.Sprintf("put %s back into the union", describeType(branch))
	}
	if s.Writer.Kind != avsc.Union {
		return fmt.Sprintf("%s changed from a union to %s, which is none of its branches, so %s", s.what(), describeType(branch), oldReadersFail),
			"keep the union, and add a new field for the new type"
	}
	return fmt.Sprintf("%s: the union has gained the branch %s, so %s", s.what(), describeType(branch), oldReadersFail),
		"let every consumer have the wider union first (level BACKWARD), or use a new field for the new type"
}

// branch returns the writer's type that the reader's union lacks.
func (inc Incompatibility) branch() *avsc.Type {
	if inc.Writer.Kind != avsc.Union {
		return inc.Writer
	}
	for i, pos := range inc.Writer.BranchPos {
		if pos == inc.WriterPos {
			return inc.Writer.Branches[i]
		}
	}
	return inc.Writer
}

// inner returns the branch of the reader's union that should have been the counterpart of the one it lacks, a type of that
// name or a container of that kind, and what keeps it from being that; nil where there is none.
func (inc Incompatibility) inner() ([]Incompatibility, *avsc.Type) {
	branch := inc.branch()
	for _, candidate := range inc.Reader.Branches {
		if candidate.Kind != branch.Kind || candidate.Kind.IsPrimitive() || candidate.Kind.IsNamed() && !namesMatch(candidate, branch) {
			continue
		}
		found, err := CheckReaderWriter(&avsc.Schema{Root: candidate}, &avsc.Schema{Root: branch})
		if err == nil && len(found) > 0 {
			return found, candidate
		}
	}
	return nil, nil
}

// cause returns why the counterpart of a branch cannot read it, through as many unions as it takes, and how many more
// reasons there are; not ok where the union has no counterpart.
func (s side) cause() (cause finding.Finding, more int, ok bool) {
	for s.Type == MissingUnionBranch {
		inner, candidate := s.inner()
		if candidate == nil {
			break
		}
		s.Incompatibility, more, ok = inner[0], len(inner)-1, true
	}
	if !ok {
		return finding.Finding{}, 0, false
	}
	return s.finding(), more, true
}

// what names the thing at a place: a field, the items of one, the schema itself.
func (s side) what() string { return describePlace(s.Place) }

func describePlace(place string) string {
	last := place[strings.LastIndexByte(place, '.')+1:]
	name := strings.TrimRight(last, "[]{}")
	thing := "the schema"
	if name != "" {
		thing = fmt.Sprintf("field %q", name)
	}
	for suffix := last[len(name):]; suffix != ""; suffix = suffix[2:] {
		if part := map[byte]string{'[': "items", '{': "values"}[suffix[0]]; thing == "the schema" {
			thing = "the " + part
		} else {
			thing = part + " of " + thing
		}
	}
	return thing
}

// describeType names a type in one or a few words, as somebody would write it.
func describeType(t *avsc.Type) string {
	switch {
	case t.Kind.IsNamed():
		return fmt.Sprintf("%s %s", t.Kind, t.Name)
	case t.Kind == avsc.Array:
		return "array of " + describeType(t.Elem)
	case t.Kind == avsc.Map:
		return "map of " + describeType(t.Elem)
	case t.Kind == avsc.Union:
		branches := make([]string, len(t.Branches))
		for i, b := range t.Branches {
			branches[i] = describeType(b)
		}
		return "[" + strings.Join(branches, ", ") + "]"
	case t.Logical != nil:
		return fmt.Sprintf("%s (%s)", t.Kind, describeLogical(t.Logical))
	}
	return t.Kind.String()
}

func describeLogical(l *avsc.Logical) string {
	switch {
	case l == nil:
		return "none"
	case l.Kind == avsc.Decimal:
		return fmt.Sprintf("decimal(%d,%d)", l.Precision, l.Scale)
	}
	return l.Kind.String()
}

// list joins words as in "A, B and C".
func list(words []string) string {
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
	return strings.Join(words, "")
}

func (c *Change) explainAmbiguous(e *AmbiguousFieldError, newReads bool) finding.Finding {
	var sources []string
	for _, f := range e.Writer.Fields {
		if f.Name == e.Field.Name || slices.ContainsFunc(e.Field.Aliases, func(a avsc.FieldAlias) bool { return a.Name == f.Name }) {
			sources = append(sources, fmt.Sprintf("%q", f.Name))
		}
	}
	f := finding.Finding{
		Rule: AmbiguousAlias, Severity: finding.Error, Pos: e.Field.NamePos, OldPos: e.Writer.NamePos,
		Message: fmt.Sprintf("field %q stands for two fields of the old record, %s, so readers cannot tell which to take",
			e.Field.Name, list(sources)),
		Fix: "remove the alias of the field that is still there under its own name",
	}
	if !newReads {
		f.Pos, f.OldPos = e.Writer.NamePos, e.Field.NamePos
		f.Message = fmt.Sprintf("this record has %s, which the old schema's field %q both stand for by its aliases, so old readers cannot tell which to take",
			list(sources), e.Field.Name)
		f.Fix = "do not bring back the field under its former name; choose a new one"
	}
	return c.about(f)
}

// removed is what there is to say of a contract that is gone.
func (c *Change) removed() finding.Finding {
	return finding.Finding{
		Rule: ContractRemoved, Severity: finding.Error, OldPos: c.Old.Root.Pos, Subject: c.Name,
		Message: fmt.Sprintf("contract %s was removed, but producers and consumers may still use it", c.Name),
		Fix: fmt.Sprintf("keep the file until nobody uses the contract; if it was renamed, add %q to the aliases of the new one",
			c.Name),
	}
}
