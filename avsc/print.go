package avsc

import (
	"strconv"
	"unicode/utf8"
)

// A printer writes a type as Avro Java's Schema.toString does: without spaces, in its own order of attributes, each
// named type at its first use, by name from then on.
type printer struct {
	out    []byte
	known  map[string]bool   // full names that stand for themselves by now
	target func(*Type) *Type // what a type stands for, nil where all stand for themselves
	first  bool              // only the first named type is written out
}

// typeText returns the text of t with every type in it written out.
func typeText(t *Type) string {
	p := printer{known: make(map[string]bool)}
	p.typ(t, "")
	return string(p.out)
}

// String returns the text of the type alone, with every type in it written out: Avro Java's Schema.toString.
func (t *Type) String() string { return typeText(t) }

// definitionText returns the text of a named type with all others in it by name, those of target(t) where t is one.
func definitionText(t *Type, target func(*Type) *Type) string {
	p := printer{known: make(map[string]bool), first: true, target: target}
	p.typ(t, "")
	return string(p.out)
}

func (p *printer) typ(t *Type, space string) {
	if p.target != nil {
		t = p.target(t)
	}
	switch t.Kind {
	case Record, Enum, Fixed:
		p.named(t, space)
	case Union:
		p.out = append(p.out, '[')
		for i, b := range t.Branches {
			p.comma(i)
			p.typ(b, space)
		}
		p.out = append(p.out, ']')
	case Array, Map:
		if t.Kind == Array {
			p.raw(`{"type":"array","items":`)
		} else {
			p.raw(`{"type":"map","values":`)
		}
		p.typ(t.Elem, space)
		p.props(t.Props)
		p.out = append(p.out, '}')
	default:
		if len(t.Props) == 0 {
			p.text(t.Kind.String())
			return
		}
		p.raw(`{"type":`)
		p.text(t.Kind.String())
		p.props(t.Props)
		p.out = append(p.out, '}')
	}
}

func (p *printer) named(t *Type, space string) {
	full := t.Name.Full()
	if p.known[full] || p.first && len(p.known) > 0 {
		p.text(t.Name.within(space))
		return
	}
	p.known[full] = true
	p.raw(`{"type":`)
	if t.IsError {
		p.text("error")
	} else {
		p.text(t.Kind.String())
	}
	p.raw(`,"name":`)
	p.text(t.Name.Short)
	if t.Name.Namespace != space {
		p.raw(`,"namespace":`)
		p.text(t.Name.Namespace)
	}
	if t.HasDoc {
		p.raw(`,"doc":`)
		p.text(t.Doc)
	}
	switch t.Kind {
	case Record:
		p.raw(`,"fields":[`)
		for i, f := range t.Fields {
			p.comma(i)
			p.field(f, t.Name.Namespace)
		}
		p.out = append(p.out, ']')
	case Enum:
		p.raw(`,"symbols":[`)
		for i, s := range t.Symbols {
			p.comma(i)
			p.text(s.Name)
		}
		p.out = append(p.out, ']')
		if t.Default != nil {
			p.raw(`,"default":`)
			p.text(t.Default.Name)
		}
	case Fixed:
		p.raw(`,"size":`)
		p.out = strconv.AppendInt(p.out, int64(t.Size), 10)
	}
	p.props(t.Props)
	if len(t.Aliases) > 0 {
		p.raw(`,"aliases":[`)
		for i, a := range t.Aliases {
			p.comma(i)
			p.text(a.Name.within(t.Name.Namespace))
		}
		p.out = append(p.out, ']')
	}
	p.out = append(p.out, '}')
}

func (p *printer) field(f *Field, space string) {
	p.raw(`{"name":`)
	p.text(f.Name)
	p.raw(`,"type":`)
	p.typ(f.Type, space)
	if f.HasDoc {
		p.raw(`,"doc":`)
		p.text(f.Doc)
	}
	if f.Default != nil {
		p.raw(`,"default":`)
		p.out = appendValue(p.out, f.Default)
	}
	if f.Order != Ascending {
		p.raw(`,"order":`)
		p.text(f.Order.String())
	}
	if len(f.Aliases) > 0 {
		p.raw(`,"aliases":[`)
		for i, a := range f.Aliases {
			p.comma(i)
			p.text(a.Name)
		}
		p.out = append(p.out, ']')
	}
	p.props(f.Props)
	p.out = append(p.out, '}')
}

func (p *printer) props(props []Prop) {
	for i := range props {
		p.out = append(p.out, ',')
		p.text(props[i].Name)
		p.out = append(p.out, ':')
		p.out = appendValue(p.out, props[i].Value)
	}
}

func (p *printer) raw(s string)  { p.out = append(p.out, s...) }
func (p *printer) text(s string) { p.out = appendString(p.out, s) }

func (p *printer) comma(i int) {
	if i > 0 {
		p.out = append(p.out, ',')
	}
}

// within returns the name as it is written inside a namespace: short in its own, unless it is also the name of a kind
// of type.
func (n Name) within(space string) string {
	if n.Namespace != "" && n.Namespace == space && !isKind(n.Short) {
		return n.Short
	}
	return n.Full()
}

func isKind(name string) bool {
	for _, k := range kindNames {
		if k == name && name != "" {
			return true
		}
	}
	return false
}

// appendValue appends a JSON value as Java prints it.
func appendValue(out []byte, v *Value) []byte {
	switch v.Kind {
	case NullValue:
		return append(out, "null"...)
	case BoolValue:
		return strconv.AppendBool(out, v.Bool)
	case NumberValue:
		return appendNumber(out, v.Text)
	case StringValue:
		return appendString(out, v.Text)
	case ArrayValue:
		out = append(out, '[')
		for i, item := range v.Items {
			if i > 0 {
				out = append(out, ',')
			}
			out = appendValue(out, item)
		}
		return append(out, ']')
	}
	out = append(out, '{')
	for i := range v.Members {
		if i > 0 {
			out = append(out, ',')
		}
		out = appendString(out, v.Members[i].Name)
		out = append(out, ':')
		out = appendValue(out, v.Members[i].Value)
	}
	return append(out, '}')
}

const hexDigits = "0123456789ABCDEF"

// appendString appends a JSON string that escapes what JSON demands and nothing else.
func appendString(out []byte, s string) []byte {
	out = append(out, '"')
	start := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= utf8.RuneSelf || c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		out = append(out, s[start:i]...)
		start = i + 1
		switch c {
		case '"', '\\':
			out = append(out, '\\', c)
		case '\b':
			out = append(out, '\\', 'b')
		case '\t':
			out = append(out, '\\', 't')
		case '\n':
			out = append(out, '\\', 'n')
		case '\f':
			out = append(out, '\\', 'f')
		case '\r':
			out = append(out, '\\', 'r')
		default:
			out = append(out, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	out = append(out, s[start:]...)
	return append(out, '"')
}
