package compat

import (
	"errors"
	"strconv"
	"strings"

	"github.com/avow-events/avow/avsc"
)

// maxList caps the list of incompatibilities. Types that are used twice in types that are used twice list their
// problems 2^n times; Java runs out of memory there.
const maxList = 1 << 16

// CheckReaderWriter lists why reader cannot read everything that writer may write: the list of Avro Java 1.12's
// SchemaCompatibility, empty where the schemas are compatible, cut after 65,536 entries. It fails where Java throws,
// with Java's message: where a reader's field matches two of the writer's. Such a pair counts as incompatible.
func CheckReaderWriter(reader, writer *avsc.Schema) ([]Incompatibility, error) {
	if reader == nil || writer == nil || reader.Root == nil || writer.Root == nil {
		return nil, errors.New("compat: no schema to compare")
	}
	if plainlyFits(reader, writer) {
		return nil, nil
	}
	c := checker{memo: make(map[pair]*verdict)}
	v, err := c.check(cursor{}, site{reader.Root, reader.Root.Pos}, site{writer.Root, writer.Root.Pos})
	if err != nil {
		return nil, err
	}
	return v.list(nil), nil
}

// site is a type where it is used: for a type that is referred to by name, the reference.
type site struct {
	*avsc.Type
	pos avsc.Pos
}

func elemOf(t *avsc.Type) site          { return site{t.Elem, t.ElemPos} }
func typeOf(f *avsc.Field) site         { return site{f.Type, f.TypePos} }
func branchOf(t *avsc.Type, i int) site { return site{t.Branches[i], t.BranchPos[i]} }

// javaType returns the name of Java's constant for the type.
func javaType(t *avsc.Type) string { return strings.ToUpper(t.Kind.String()) }

// pair is two types that are compared, by identity: named types are one node however often they are used, all others
// are a node for each use, in this model as in Java's.
type pair struct{ reader, writer *avsc.Type }

// verdict is what is known of a pair: its own incompatibilities and those of the pairs it consists of, in order. A nil
// verdict, and one without parts, is a compatible one.
type verdict struct{ parts []part }

// part is one incompatibility or all those of another pair.
type part struct {
	found *Incompatibility
	pair  *verdict
}

func (v *verdict) compatible() bool { return v == nil || len(v.parts) == 0 }

func (v *verdict) add(found *Incompatibility) { v.parts = append(v.parts, part{found: found}) }

func (v *verdict) merge(other *verdict) {
	if !other.compatible() {
		v.parts = append(v.parts, part{pair: other})
	}
}

func (v *verdict) list(to []Incompatibility) []Incompatibility {
	if v == nil {
		return to
	}
	for _, p := range v.parts {
		if len(to) >= maxList {
			return to
		}
		if p.found != nil {
			to = append(to, *p.found)
		} else {
			to = p.pair.list(to)
		}
	}
	return to
}

// checker compares one reader with one writer. It remembers every pair, so that recursion ends and a pair that is met
// again gives its first answer, location included.
type checker struct{ memo map[pair]*verdict }

func (c *checker) check(at cursor, r, w site) (*verdict, error) {
	if r.Kind == w.Kind && r.Kind.IsPrimitive() {
		return nil, nil
	}
	key := pair{r.Type, w.Type}
	if v, known := c.memo[key]; known {
		return v, nil // nil while in progress: compatible until found otherwise
	}
	c.memo[key] = nil
	v := new(verdict)
	if err := c.compare(v, at, r, w); err != nil {
		return nil, err
	}
	c.memo[key] = v
	return v, nil
}

func (c *checker) compare(v *verdict, at cursor, r, w site) error {
	if r.Kind != w.Kind {
		return c.compareKinds(v, at, r, w)
	}
	switch r.Kind {
	case avsc.Array:
		return c.descend(v, at.down("items", "[]"), elemOf(r.Type), elemOf(w.Type))
	case avsc.Map:
		return c.descend(v, at.down("values", "{}"), elemOf(r.Type), elemOf(w.Type))
	case avsc.Fixed:
		compareNames(v, at, r, w)
		compareSizes(v, at, r, w)
	case avsc.Enum:
		compareNames(v, at, r, w)
		compareSymbols(v, at, r, w)
	case avsc.Record:
		compareNames(v, at, r, w)
		return c.compareFields(v, at.down("fields", ""), r, w)
	case avsc.Union:
		for i := range w.Branches {
			branch := branchOf(w.Type, i)
			readable, err := c.check(at.anew(), r, branch)
			if err != nil {
				return err
			}
			if !readable.compatible() {
				v.add(missingBranch(at.down(strconv.Itoa(i), ""), r, w, branch))
			}
		}
	}
	return nil
}

func (c *checker) descend(v *verdict, at cursor, r, w site) error {
	inner, err := c.check(at, r, w)
	v.merge(inner)
	return err
}

// compareKinds compares types of different kinds: every branch of a writer's union must be readable, one branch of a
// reader's union must do, and the promotions of the specification hold.
func (c *checker) compareKinds(v *verdict, at cursor, r, w site) error {
	switch {
	case w.Kind == avsc.Union:
		for i := range w.Branches {
			if err := c.descend(v, at.down(strconv.Itoa(i), ""), r, branchOf(w.Type, i)); err != nil {
				return err
			}
		}
	case r.Kind == avsc.Union:
		for i, b := range r.Branches {
			if !b.Kind.IsNamed() && b.Kind != w.Kind && !promotes(w.Kind, b.Kind) {
				continue // and nobody will ask what does not fit there, as the pair is met this once
			}
			readable, err := c.check(at.anew(), branchOf(r.Type, i), w)
			if err != nil {
				return err
			}
			if readable.compatible() {
				return nil
			}
		}
		v.add(missingBranch(at, r, w, w))
	case !promotes(w.Kind, r.Kind):
		v.add(&Incompatibility{
			Type: TypeMismatch, Location: at.location(), Place: at.place(),
			Message: "reader type: " + javaType(r.Type) + " not compatible with writer type: " + javaType(w.Type),
			Reader:  r.Type, Writer: w.Type, ReaderPos: r.pos, WriterPos: w.pos,
		})
	}
	return nil
}

// promotes reports whether a reader of one kind reads a writer of another (Avro specification, "Schema Resolution").
func promotes(writer, reader avsc.Kind) bool {
	switch reader {
	case avsc.Long:
		return writer == avsc.Int
	case avsc.Float:
		return writer == avsc.Int || writer == avsc.Long
	case avsc.Double:
		return writer == avsc.Int || writer == avsc.Long || writer == avsc.Float
	case avsc.Bytes:
		return writer == avsc.String
	case avsc.String:
		return writer == avsc.Bytes
	}
	return false
}

func missingBranch(at cursor, r, w, branch site) *Incompatibility {
	return &Incompatibility{
		Type: MissingUnionBranch, Location: at.location(), Place: at.place(),
		Message: "reader union lacking writer type: " + javaType(branch.Type),
		Reader:  r.Type, Writer: w.Type, ReaderPos: r.pos, WriterPos: branch.pos,
	}
}
