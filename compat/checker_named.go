package compat

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/avow-events/avow/avsc"
)

// compareNames holds the names of named types against each other: the short names, or one of the reader's aliases and
// the writer's full name.
func compareNames(v *verdict, at cursor, r, w site) {
	if namesMatch(r.Type, w.Type) {
		return
	}
	v.add(&Incompatibility{
		Type: NameMismatch, Location: at.down("name", "").location(), Place: at.place(), Message: "expected: " + w.Name.Full(),
		Reader: r.Type, Writer: w.Type, ReaderPos: r.NamePos, WriterPos: w.NamePos,
	})
}

// namesMatch follows Java's NamedSchema.getAliases, which writes an alias in the null namespace as ".Name" where the type
// itself has a namespace: that is nobody's full name.
func namesMatch(r, w *avsc.Type) bool {
	return r.Name.Short == w.Name.Short || slices.ContainsFunc(r.Aliases, func(a avsc.Alias) bool {
		return a.Name == w.Name && (a.Name.Namespace != "" || r.Name.Namespace == "")
	})
}

func compareSizes(v *verdict, at cursor, r, w site) {
	if r.Size == w.Size {
		return
	}
	v.add(&Incompatibility{
		Type: FixedSizeMismatch, Location: at.down("size", "").location(), Place: at.place(),
		Message: fmt.Sprintf("expected: %d, found: %d", w.Size, r.Size),
		Reader:  r.Type, Writer: w.Type, ReaderPos: r.NamePos, WriterPos: w.NamePos,
	})
}

func compareSymbols(v *verdict, at cursor, r, w site) {
	missing := missingSymbols(r.Type, w.Type)
	if len(missing) == 0 || (r.Default != nil && hasSymbol(r.Type, r.Default.Name)) {
		return
	}
	names := make([]string, len(missing))
	for i, s := range missing {
		names[i] = s.Name
	}
	slices.Sort(names)
	v.add(&Incompatibility{
		Type: MissingEnumSymbols, Location: at.down("symbols", "").location(), Place: at.place(),
		Message: "[" + strings.Join(names, ", ") + "]",
		Reader:  r.Type, Writer: w.Type, ReaderPos: r.NamePos, WriterPos: missing[0].Pos,
	})
}

// missingSymbols returns the writer's symbols that the reader does not have, in the writer's order.
func missingSymbols(r, w *avsc.Type) []avsc.Symbol {
	known := make(map[string]bool, len(r.Symbols))
	for _, s := range r.Symbols {
		known[s.Name] = true
	}
	var missing []avsc.Symbol
	for _, s := range w.Symbols {
		if !known[s.Name] {
			missing = append(missing, s)
		}
	}
	return missing
}

func hasSymbol(t *avsc.Type, name string) bool {
	return slices.ContainsFunc(t.Symbols, func(s avsc.Symbol) bool { return s.Name == name })
}

func (c *checker) compareFields(v *verdict, at cursor, r, w site) error {
	byName := fieldsByName(w.Type)
	for i, field := range r.Fields {
		at := at.down(strconv.Itoa(i), field.Name)
		source, err := writerField(byName, field, i, w.Type)
		switch {
		case err != nil:
			return err
		case source != nil:
			err = c.descend(v, at.down("type", ""), typeOf(field), typeOf(source))
		case field.Default != nil:
		case field.Type.Kind == avsc.Enum && field.Type.Default != nil:
			err = c.compareEnumWithRecord(v, at.down("type", ""), field, w)
		default:
			v.add(&Incompatibility{
				Type: ReaderFieldMissingDefaultValue, Location: at.location(), Place: at.place(), Message: field.Name,
				Reader: r.Type, Writer: w.Type, Field: field, ReaderPos: field.NamePos, WriterPos: w.NamePos,
			})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func fieldsByName(t *avsc.Type) map[string]*avsc.Field {
	byName := make(map[string]*avsc.Field, len(t.Fields))
	for _, f := range t.Fields {
		byName[f.Name] = f
	}
	return byName
}

// compareEnumWithRecord is what Java does for a missing field whose enum has a default of its own: it compares the enum
// with the writer's record, which gives a type mismatch.
func (c *checker) compareEnumWithRecord(v *verdict, at cursor, field *avsc.Field, w site) error {
	inner, err := c.check(at, typeOf(field), w)
	if err != nil {
		return err
	}
	for _, p := range inner.parts {
		p.found.Field = field
	}
	v.merge(inner)
	return nil
}

// writerField returns the writer's field that the reader's field number i takes its value from, by name or alias; nil
// where there is none. Two of them are an error.
func writerField(byName map[string]*avsc.Field, field *avsc.Field, i int, writer *avsc.Type) (*avsc.Field, error) {
	found := byName[field.Name]
	for n, alias := range field.Aliases {
		source := byName[alias.Name]
		if source == nil || slices.ContainsFunc(field.Aliases[:n], func(a avsc.FieldAlias) bool { return a.Name == alias.Name }) {
			continue
		}
		if found != nil {
			return nil, &AmbiguousFieldError{Field: field, Number: i, Writer: writer}
		}
		found = source
	}
	return found, nil
}

// AmbiguousFieldError says that a reader's field matches two fields of the writer, by its name and its aliases.
type AmbiguousFieldError struct {
	// Field is the reader's, Number its place in the record from 0.
	Field  *avsc.Field
	Number int
	// Writer is the record that holds both counterparts.
	Writer *avsc.Type
}

// Error returns the message of the exception that Avro Java throws.
func (e *AmbiguousFieldError) Error() string {
	return fmt.Sprintf("Reader record field %s type:%s pos:%d matches multiple fields in writer record schema %s",
		e.Field.Name, javaType(e.Field.Type), e.Number, e.Writer)
}
