package judge_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
)

// maker makes up schemas, and next versions of them.
type maker struct {
	*rand.Rand
	named int
	open  []string // records that enclose what is made, by full name
}

type object = map[string]any

// schemas returns the text of a schema and of one to read it with: its next version as a rule, which may not be compatible.
func schemas(seed uint64) (writer, reader string) {
	m := &maker{Rand: rand.New(rand.NewPCG(seed, 1))}
	s := m.schema(0)
	writer = text(s)
	var same any
	if err := json.Unmarshal([]byte(writer), &same); err != nil {
		panic(err) // we wrote it
	}
	return writer, text(m.change(same))
}

func text(schema any) string {
	b, err := json.Marshal(schema)
	if err != nil {
		panic(err) // maps, lists and strings
	}
	return string(b)
}

func (m *maker) schema(depth int) any {
	n := 6
	if depth > 3 {
		n = 2
	}
	switch m.IntN(n) {
	case 0:
		return m.primitive()
	case 1:
		return m.logical()
	case 2:
		return object{"type": "array", "items": m.schema(depth + 1)}
	case 3:
		return object{"type": "map", "values": m.schema(depth + 1)}
	case 4:
		return m.union(depth)
	default:
		return m.record(depth)
	}
}

func (m *maker) primitive() any {
	name := []string{"boolean", "int", "long", "float", "double", "bytes", "string"}[m.IntN(7)]
	if m.IntN(4) == 0 {
		return object{"type": name, "note": m.IntN(10)}
	}
	return name
}

func (m *maker) logical() any {
	switch m.IntN(9) {
	case 0:
		return object{"type": "bytes", "logicalType": "decimal", "precision": 10 + m.IntN(20), "scale": m.IntN(10)}
	case 1:
		return object{"type": "string", "logicalType": "uuid"}
	case 2:
		return object{"type": "int", "logicalType": []string{"date", "time-millis"}[m.IntN(2)]}
	case 3:
		kinds := []string{"time-micros", "timestamp-millis", "timestamp-micros", "timestamp-nanos", "local-timestamp-millis", "local-timestamp-micros"}
		return object{"type": "long", "logicalType": kinds[m.IntN(len(kinds))]}
	case 4:
		return object{"type": "fixed", "name": m.name(), "size": 12, "logicalType": "duration"}
	case 5:
		return object{"type": "fixed", "name": m.name(), "size": m.IntN(20)}
	case 6:
		return object{"type": "fixed", "name": m.name(), "size": 8, "logicalType": "decimal", "precision": 18, "scale": 3}
	default:
		e := object{"type": "enum", "name": m.name(), "symbols": []any{"A", "B", "C", "D"}[:1+m.IntN(4)]}
		if m.IntN(2) == 0 {
			e["default"] = "A"
		}
		return e
	}
}

// name returns one that was not used before, in one of a few namespaces.
func (m *maker) name() string {
	m.named++
	return fmt.Sprintf([]string{"r.N%d", "a.N%d", "a.b.N%d"}[m.IntN(3)], m.named)
}

// union joins schemas of different kinds, often with null.
func (m *maker) union(depth int) any {
	var branches []any
	taken := map[string]bool{}
	if m.IntN(3) > 0 {
		branches, taken = append(branches, "null"), map[string]bool{"null": true}
	}
	for range 1 + m.IntN(3) {
		s := m.schema(depth + 1)
		kind := kindOf(s)
		if kind == "union" || taken[kind] {
			continue
		}
		if kind != "record" && kind != "enum" && kind != "fixed" {
			taken[kind] = true
		}
		branches = append(branches, s)
	}
	if len(branches) == 0 {
		return []any{"null", "string"}
	}
	m.Shuffle(len(branches), func(i, j int) { branches[i], branches[j] = branches[j], branches[i] })
	return branches
}

func kindOf(s any) string {
	switch s := s.(type) {
	case []any:
		return "union"
	case object:
		return s["type"].(string)
	default:
		return s.(string)
	}
}

func (m *maker) record(depth int) any {
	name := m.name()
	m.open = append(m.open, name)
	defer func() { m.open = m.open[:len(m.open)-1] }()
	fields := []any{}
	for i := range m.IntN(5) {
		fields = append(fields, object{"name": fmt.Sprintf("f%d", i), "type": m.schema(depth + 1), "doc": "field \"" + name + "\""})
	}
	if m.IntN(3) == 0 { // refers to a record that it is in
		up := m.open[m.IntN(len(m.open))]
		again := []any{[]any{"null", up}, object{"type": "array", "items": up}, object{"type": "map", "values": up}}[m.IntN(3)]
		fields = append(fields, object{"name": "again", "type": again})
	}
	return object{"type": "record", "name": name, "fields": fields, "doc": "made up"}
}

// change makes a next version of a schema, in which here and there something is other.
func (m *maker) change(s any) any {
	switch s := s.(type) {
	case string:
		wider := map[string][]string{"int": {"long", "float", "double"}, "long": {"float", "double"}, "float": {"double"}, "string": {"bytes"}, "bytes": {"string"}}
		switch to := wider[s]; {
		case len(to) > 0 && m.IntN(4) == 0:
			return to[m.IntN(len(to))]
		case s != "null" && len(to) > 0 && m.IntN(10) == 0:
			return []any{"null", s}
		}
		return s
	case []any:
		var branches []any
		for _, branch := range s {
			if _, plain := branch.(string); plain {
				branches = append(branches, branch) // one changed could be there twice
			} else {
				branches = append(branches, m.change(branch))
			}
		}
		if m.IntN(5) == 0 {
			m.Shuffle(len(branches), func(i, j int) { branches[i], branches[j] = branches[j], branches[i] })
		}
		if len(branches) > 1 && m.IntN(10) == 0 {
			// What is defined in a branch may be referred to elsewhere, so that only what defines nothing goes.
			if _, plain := branches[0].(string); plain {
				branches = branches[1:]
			}
		}
		return branches
	}
	o := s.(object)
	switch o["type"] {
	case "array":
		o["items"] = m.change(o["items"])
	case "map":
		o["values"] = m.change(o["values"])
	case "enum":
		if symbols := o["symbols"].([]any); m.IntN(3) == 0 {
			if m.IntN(2) == 0 && len(symbols) > 1 {
				o["symbols"] = symbols[:len(symbols)-1]
			} else {
				o["symbols"] = append(slices.Clone(symbols), "Z")
			}
		}
	case "record":
		m.changeFields(o)
	}
	return o
}

func (m *maker) changeFields(record object) {
	var fields []any
	for i, f := range record["fields"].([]any) {
		f := f.(object)
		f["type"] = m.change(f["type"])
		switch m.IntN(8) {
		case 0:
			f["name"], f["aliases"] = fmt.Sprint(f["name"], "_now"), []any{f["name"]}
		case 1:
			if _, plain := f["type"].(string); plain {
				continue // dropped; what defines a name stays, as others may refer to it
			}
		case 2:
			added := []object{
				{"type": "long", "default": 7}, {"type": []any{"null", "string"}, "default": nil}, {"type": []any{"string", "null"}, "default": "ü\u00ff"},
				{"type": object{"type": "map", "values": "int"}, "default": object{"k": 1}}, {"type": "bytes", "default": "\u00ff\u0000"},
				{"type": "double", "default": 1.5e300}, {"type": object{"type": "array", "items": "float"}, "default": []any{1, 2.5}}, {"type": "int"},
			}[m.IntN(8)]
			added["name"] = fmt.Sprintf("added%d", i)
			fields = append(fields, added)
		}
		fields = append(fields, f)
	}
	if m.IntN(4) == 0 && !m.defines(fields) {
		m.Shuffle(len(fields), func(i, j int) { fields[i], fields[j] = fields[j], fields[i] })
	}
	if fields == nil {
		fields = []any{}
	}
	record["fields"] = fields
}

// defines reports whether fields define types, which then must not change places with those that use them.
func (m *maker) defines(fields []any) bool {
	for _, f := range fields {
		if _, plain := f.(object)["type"].(string); !plain {
			return true
		}
	}
	return false
}
