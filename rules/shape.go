package rules

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"cel.dev/cel-go/common/types"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec"
)

// shape is a type of a schema as rules see it: its type in CEL, the rules on it, and what of its values is read.
type shape struct {
	*avsc.Type
	// cel is the type of its values in expressions.
	cel *types.Type
	// nullable says that a value may be null instead. Types that could be null would need a type of their own in CEL;
	// here they have the type of their value, and comparisons with null are ours.
	nullable bool
	// elem of an array or a map, branches of a union.
	elem     *shape
	branches []*shape

	// fields of a record by their place, and by name.
	fields []*field
	byName map[string]*field
	// rules of a record about itself.
	rules []*rule
	// active says that rules stand on the type or on what it is made of, whole that some rule looks at all of a record.
	active, whole bool
	// slots is the number of fields that are read.
	slots int
}

// field is a field of a record.
type field struct {
	*avsc.Field
	*shape
	rules []*rule
	// used says that some rule looks at the field. slot is its place in a record's values, -1 where it is not read.
	used bool
	slot int
}

// shapes makes the shapes of a schema, each type's once.
type shapes struct {
	byType map[*avsc.Type]*shape
	// records by the name of their type in CEL.
	records map[string]*shape
	// all records in the order in which they were found.
	order []*shape
	// duration is the shape of every fixed that is Avro's duration, whose months and days CEL's durations have not.
	duration *shape
}

func newShapes() *shapes {
	all := &shapes{byType: map[*avsc.Type]*shape{}, records: map[string]*shape{}, duration: newDuration()}
	all.records[durationType.TypeName()] = all.duration
	return all
}

var durationType = types.NewObjectType("avro.duration")

// newDuration returns the shape of Avro's duration: a record of three numbers.
func newDuration() *shape {
	s := &shape{Type: durationOf, cel: durationType, byName: map[string]*field{}, slots: 3}
	for slot, f := range durationOf.Fields {
		s.byName[f.Name] = &field{Field: f, shape: &shape{Type: f.Type, cel: types.IntType}, slot: slot}
		s.fields = append(s.fields, s.byName[f.Name])
	}
	return s
}

var durationOf = &avsc.Type{
	Kind: avsc.Fixed, Size: 12, Logical: &avsc.Logical{Kind: avsc.Duration},
	Fields: []*avsc.Field{
		{Name: "months", Type: &avsc.Type{Kind: avsc.Long}},
		{Name: "days", Type: &avsc.Type{Kind: avsc.Long}},
		{Name: "millis", Type: &avsc.Type{Kind: avsc.Long}},
	},
}

func (all *shapes) of(t *avsc.Type) *shape {
	if logicalOf(t) == avsc.Duration {
		return all.duration
	}
	if s := all.byType[t]; s != nil {
		return s
	}
	s := &shape{Type: t}
	all.byType[t] = s // before its parts: they may lead back to it
	switch t.Kind {
	case avsc.Record:
		s.cel = types.NewObjectType(typeName(t))
		all.record(s)
	case avsc.Array:
		s.elem = all.of(t.Elem)
		s.cel = types.NewListType(s.elem.cel)
	case avsc.Map:
		s.elem = all.of(t.Elem)
		s.cel = types.NewMapType(types.StringType, s.elem.cel)
	case avsc.Union:
		all.union(s)
	default:
		s.cel = leafType(t)
		s.nullable = t.Kind == avsc.Null
	}
	return s
}

// typeName returns the name of a record in CEL: its full name, unless CEL or this package has a type of that name.
func typeName(t *avsc.Type) string {
	name := t.Name.Full()
	first, _ := utf8.DecodeRuneInString(name)
	if strings.HasPrefix(name, "google.protobuf.") || !strings.Contains(name, ".") && !unicode.IsUpper(first) {
		return "avro." + name
	}
	return name
}

func (all *shapes) record(s *shape) {
	all.records[s.cel.TypeName()] = s
	all.order = append(all.order, s)
	s.byName = make(map[string]*field, len(s.Type.Fields))
	for _, f := range s.Type.Fields {
		fd := &field{Field: f, slot: -1, shape: all.of(f.Type)}
		s.fields = append(s.fields, fd)
		s.byName[f.Name] = fd
	}
}

// union finds the type that all branches have in common; values of several types are checked when they are there.
func (all *shapes) union(s *shape) {
	for _, b := range s.Type.Branches {
		branch := all.of(b)
		s.branches = append(s.branches, branch)
		s.nullable = s.nullable || branch.nullable
		switch {
		case b.Kind == avsc.Null:
		case s.cel == nil:
			s.cel = branch.cel
		case !s.cel.IsExactType(branch.cel):
			s.cel = types.DynType
		}
	}
	if s.cel == nil {
		s.cel = types.NullType
	}
}

func leafType(t *avsc.Type) *types.Type {
	switch logicalOf(t) {
	case avsc.Decimal:
		return decimalType
	case avsc.UUID:
		return types.StringType
	case avsc.TimeMillis, avsc.TimeMicros:
		return types.DurationType
	case 0:
	default:
		return types.TimestampType
	}
	switch t.Kind {
	case avsc.Boolean:
		return types.BoolType
	case avsc.Int, avsc.Long:
		return types.IntType
	case avsc.Float, avsc.Double:
		return types.DoubleType
	case avsc.String, avsc.Enum:
		return types.StringType
	case avsc.Bytes, avsc.Fixed:
		return types.BytesType
	}
	return types.NullType
}

// logicalOf returns the logical type by which values of t are read, 0 for none: generated types take a decimal of a scale
// beyond codec.Decimal for what it annotates, and so do rules.
func logicalOf(t *avsc.Type) avsc.LogicalKind {
	if t.Logical == nil || t.Logical.Kind == avsc.Decimal && t.Logical.Scale > codec.MaxDecimalScale {
		return 0
	}
	return t.Logical.Kind
}
