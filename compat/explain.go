package compat

import (
	"errors"
	"fmt"
	"slices"

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
	fix := "keep the file until nobody uses the contract"
	if c.Old.Root.Kind.IsNamed() {
		fix += fmt.Sprintf("; if it was renamed, add %q to the aliases of the new one", c.Name)
	}
	return finding.Finding{
		Rule: ContractRemoved, Severity: finding.Error, OldPos: c.Old.Root.Pos, Subject: c.Name,
		Message: fmt.Sprintf("contract %s was removed, but producers and consumers may still use it", c.Name),
		Fix:     fix,
	}
}
