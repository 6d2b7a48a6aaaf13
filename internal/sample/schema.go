package sample

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Schema returns the text of a schema: any of Avro's types at any place, every logical type, defaults, aliases and
// records that recur.
func Schema(seed uint64) string {
	m := schemaMaker{rand: rand.New(rand.NewPCG(seed, 1))}
	return m.typ(0)
}

type schemaMaker struct {
	rand *rand.Rand
	// named counts the named types so far; open holds the records that enclose what is being made, done those whose
	// definition has ended.
	named      int
	open, done []string
}

func (m *schemaMaker) pick(of ...string) string { return of[m.rand.IntN(len(of))] }

func (m *schemaMaker) name(prefix string) string {
	m.named++
	return fmt.Sprintf("%s.%s%d", m.pick("a.b", "shop", "c"), prefix, m.named)
}

func (m *schemaMaker) typ(depth int) string {
	n := m.rand.IntN(16)
	if depth == 0 && m.rand.IntN(4) > 0 {
		n = 15
	}
	if depth > 4 && n > 7 {
		n = m.rand.IntN(8)
	}
	switch n {
	case 8, 9:
		return fmt.Sprintf(`{"type":"array","items":%s}`, m.typ(depth+1))
	case 10:
		return fmt.Sprintf(`{"type":"map","values":%s}`, m.typ(depth+1))
	case 11, 12:
		return m.union(depth)
	case 13:
		return m.enum()
	case 14, 15:
		return m.record(depth)
	case 6, 7:
		return m.leaf()
	}
	return m.pick(`"boolean"`, `"int"`, `"long"`, `"float"`, `"double"`, `"bytes"`, `"string"`, `"string"`, `"null"`)
}

func (m *schemaMaker) leaf() string {
	switch m.rand.IntN(6) {
	case 0:
		return fmt.Sprintf(`{"type":"fixed","name":%q,"size":%d}`, m.name("Fixed"), m.rand.IntN(20))
	case 1:
		return m.pick(
			`{"type":"bytes","logicalType":"decimal","precision":12,"scale":2}`,
			`{"type":"bytes","logicalType":"decimal","precision":40,"scale":0}`,
			fmt.Sprintf(`{"type":"fixed","name":%q,"size":9,"logicalType":"decimal","precision":20,"scale":4}`, m.name("Amount")))
	case 2:
		return m.pick(`{"type":"string","logicalType":"uuid"}`,
			fmt.Sprintf(`{"type":"fixed","name":%q,"size":16,"logicalType":"uuid"}`, m.name("Id")))
	case 3:
		return m.pick(`{"type":"int","logicalType":"date"}`, `{"type":"int","logicalType":"time-millis"}`,
			`{"type":"long","logicalType":"time-micros"}`,
			fmt.Sprintf(`{"type":"fixed","name":%q,"size":12,"logicalType":"duration"}`, m.name("Span")))
	case 4:
		return fmt.Sprintf(`{"type":"long","logicalType":%q}`,
			m.pick("", "local-")+m.pick("timestamp-millis", "timestamp-micros", "timestamp-nanos"))
	}
	if len(m.done) > 0 {
		return fmt.Sprintf("%q", m.pick(m.done...))
	}
	return `"long"`
}

func (m *schemaMaker) enum() string {
	symbols := []string{`"RED"`, `"GREEN"`, `"BLUE"`, `"BLACK"`}[:1+m.rand.IntN(4)]
	return fmt.Sprintf(`{"type":"enum","name":%q,"symbols":[%s]}`, m.name("Kind"), strings.Join(symbols, ","))
}

// union returns a union in which no two branches are of one unnamed kind. A record that is open may be one.
func (m *schemaMaker) union(depth int) string {
	var branches []string
	taken := map[string]bool{}
	for range 1 + m.rand.IntN(4) {
		b := m.pick(`"null"`, `"boolean"`, `"int"`, `"long"`, `"float"`, `"double"`, `"bytes"`, `"string"`)
		switch n := m.rand.IntN(8); {
		case n == 0:
			b = m.enum()
		case n == 1 && depth < 4:
			b = m.record(depth + 1)
		case n == 2 && depth < 4:
			b = fmt.Sprintf(`{"type":"array","items":%s}`, m.typ(depth+1))
		case n == 3 && len(m.open) > 0:
			b = fmt.Sprintf("%q", m.pick(m.open...))
		}
		kind := b
		if strings.HasPrefix(b, `{"type":"array"`) {
			kind = "array"
		}
		if !taken[kind] {
			taken[kind] = true
			branches = append(branches, b)
		}
	}
	return "[" + strings.Join(branches, ",") + "]"
}

func (m *schemaMaker) record(depth int) string {
	name := m.name("Rec")
	m.open = append(m.open, name)
	var fields []string
	for k := range m.rand.IntN(6) {
		fields = append(fields, fmt.Sprintf(`{"name":"f%d","type":%s}`, k, m.typ(depth+1)))
	}
	if m.rand.IntN(3) == 0 {
		fields = append(fields, fmt.Sprintf(`{"name":"next","type":["null",%q],"default":null}`, m.pick(m.open...)))
	}
	if m.rand.IntN(4) == 0 {
		fields = append(fields, fmt.Sprintf(`{"name":"more","type":{"type":"array","items":%q},"default":[]}`, m.pick(m.open...)))
	}
	if m.rand.IntN(3) == 0 {
		fields = append(fields, m.pick(
			`{"name":"count","type":"int","default":7,"aliases":["number"]}`,
			`{"name":"label","type":"string","default":"none"}`,
			`{"name":"tags","type":{"type":"map","values":"string"},"default":{"a":"b"}}`))
	}
	m.open = m.open[:len(m.open)-1]
	m.done = append(m.done, name)
	return fmt.Sprintf(`{"type":"record","name":%q,"fields":[%s]}`, name, strings.Join(fields, ","))
}
