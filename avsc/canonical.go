package avsc

import "strconv"

// appendCanonical appends the Parsing Canonical Form of t as Avro Java's SchemaNormalization writes it. It escapes
// nothing, and written holds the full names of the types that stand there by now.
func appendCanonical(out []byte, t *Type, written map[string]bool) []byte {
	switch t.Kind {
	case Union:
		out = append(out, '[')
		for i, b := range t.Branches {
			if i > 0 {
				out = append(out, ',')
			}
			out = appendCanonical(out, b, written)
		}
		return append(out, ']')
	case Array:
		out = append(out, `{"type":"array","items":`...)
		return append(appendCanonical(out, t.Elem, written), '}')
	case Map:
		out = append(out, `{"type":"map","values":`...)
		return append(appendCanonical(out, t.Elem, written), '}')
	case Record, Enum, Fixed:
	default:
		return appendRaw(out, t.Kind.String())
	}
	name := t.Name.Full()
	if written[name] {
		return appendRaw(out, name)
	}
	written[name] = true
	out = append(out, `{"name":`...)
	out = appendRaw(out, name)
	out = append(out, `,"type":`...)
	out = appendRaw(out, t.Kind.String())
	switch t.Kind {
	case Enum:
		out = append(out, `,"symbols":[`...)
		for i, s := range t.Symbols {
			if i > 0 {
				out = append(out, ',')
			}
			out = appendRaw(out, s.Name)
		}
		out = append(out, ']')
	case Fixed:
		out = append(out, `,"size":`...)
		out = strconv.AppendInt(out, int64(t.Size), 10)
	case Record:
		out = append(out, `,"fields":[`...)
		for i, f := range t.Fields {
			if i > 0 {
				out = append(out, ',')
			}
			out = append(out, `{"name":`...)
			out = appendRaw(out, f.Name)
			out = append(out, `,"type":`...)
			out = append(appendCanonical(out, f.Type, written), '}')
		}
		out = append(out, ']')
	}
	return append(out, '}')
}

func appendRaw(out []byte, s string) []byte {
	out = append(out, '"')
	out = append(out, s...)
	return append(out, '"')
}

// emptyRabin is the CRC-64-AVRO of nothing (Avro specification, "Schema Fingerprints").
const emptyRabin = 0xc15d213aa4d7a795

var rabinTable = func() (table [256]uint64) {
	for i := range table {
		fp := uint64(i)
		for range 8 {
			fp = fp>>1 ^ emptyRabin&-(fp&1)
		}
		table[i] = fp
	}
	return table
}()

// rabin returns the CRC-64-AVRO of data.
func rabin(data []byte) uint64 {
	fp := uint64(emptyRabin)
	for _, b := range data {
		fp = fp>>8 ^ rabinTable[byte(fp)^b]
	}
	return fp
}
