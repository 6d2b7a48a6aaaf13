package codegen

import (
	"fmt"
	"maps"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/internal/goname"
)

// exprWriter turns an encoded default into a Go expression. Going by the encoding and not by the JSON, it has no
// opinion of its own about what a default means.
type exprWriter struct {
	*file
	text  string
	i     int
	state codec.State
}

// expr is a Go expression and whether it is its type's zero value.
type expr struct {
	code string
	zero bool
	// composite says that the code is a composite literal, whose address can be taken, untyped that it is a constant
	// that needs its type named where nothing else names it.
	composite, untyped bool
}

// without returns the code of an item of a composite literal, which need not repeat the type that all of them have.
func (e expr) without(goType string) string {
	if e.composite {
		return strings.TrimPrefix(e.code, goType)
	}
	return e.code
}

// expr reads one value. inline says that it becomes a part of u's struct.
func (w *exprWriter) expr(t *avsc.Type, u *unit, inline bool) expr {
	if goname.IsLogical(t) {
		return w.logical(t)
	}
	switch t.Kind {
	case avsc.Null:
		return expr{code: "codec.Null{}", zero: true, composite: true}
	case avsc.Boolean:
		v, i := codec.ReadBool(w.text, w.i)
		w.i = i
		return expr{code: strconv.FormatBool(v), zero: !v}
	case avsc.Int:
		v, i := codec.ReadInt(w.text, w.i)
		w.i = i
		return expr{code: strconv.Itoa(int(v)), zero: v == 0, untyped: true}
	case avsc.Long:
		v, i := codec.ReadLong(w.text, w.i)
		w.i = i
		return expr{code: strconv.FormatInt(v, 10), zero: v == 0, untyped: true}
	case avsc.Float:
		v, i := codec.ReadFloat(w.text, w.i)
		w.i = i
		return w.float(float64(v), 32)
	case avsc.Double:
		v, i := codec.ReadDouble(w.text, w.i)
		w.i = i
		return w.float(v, 64)
	case avsc.String:
		v, i := codec.ReadString(w.text, w.i, &w.state)
		w.i = i
		return expr{code: quote(v), zero: v == ""}
	case avsc.Bytes:
		v, i := codec.ReadBytes(w.text, w.i, &w.state)
		w.i = i
		return expr{code: "[]byte(" + quote(string(v)) + ")"}
	case avsc.Fixed:
		raw := make([]byte, t.Size)
		w.i = codec.ReadFixed(w.text, w.i, raw)
		return expr{code: w.named(w.g.unitOf(t)) + byteList(raw), zero: allZero(raw), composite: true}
	case avsc.Enum:
		v, i := codec.ReadEnum[int32](w.text, w.i, len(t.Symbols))
		if w.i = i; i < 0 {
			return expr{}
		}
		enum := w.g.unitOf(t)
		return expr{code: w.qualified(enum, enum.symbols[v]), zero: v == 0}
	case avsc.Record:
		return w.record(t, u, inline)
	case avsc.Array, avsc.Map:
		return w.list(t, u)
	}
	return w.union(t, u, inline)
}

func (w *exprWriter) record(t *avsc.Type, u *unit, inline bool) expr {
	record := w.g.unitOf(t)
	var fields []string
	for i, fd := range t.Fields {
		imports := maps.Clone(w.imports)
		if v := w.expr(fd.Type, record, true); v.zero {
			w.imports = imports
		} else {
			fields = append(fields, record.fields[i]+": "+v.code)
		}
	}
	v := expr{code: w.named(record) + "{" + strings.Join(fields, ", ") + "}", zero: len(fields) == 0, composite: true}
	if inline && record.inline == u.inline {
		return expr{code: "&" + v.code}
	}
	return v
}

func (w *exprWriter) list(t *avsc.Type, u *unit) expr {
	goType := w.valueOf(t, place{owner: u}).Go
	itemType := strings.TrimPrefix(strings.TrimPrefix(goType, "[]"), "map[string]")
	var items []string
	for w.i >= 0 {
		n, i := codec.ReadLong(w.text, w.i)
		w.i = i
		if n <= 0 { // a default is encoded without sized blocks
			break
		}
		for ; n > 0 && w.i >= 0; n-- {
			key := ""
			if t.Kind == avsc.Map {
				k, i := codec.ReadString(w.text, w.i, &w.state)
				w.i = i
				key = quote(k) + ": "
			}
			items = append(items, key+w.expr(t.Elem, u, false).without(itemType))
		}
	}
	return expr{code: goType + "{" + strings.Join(items, ", ") + "}", composite: true}
}

func (w *exprWriter) union(t *avsc.Type, u *unit, inline bool) expr {
	k, i := codec.ReadBranch(w.text, w.i, len(t.Branches))
	if w.i = i; i < 0 {
		return expr{}
	}
	branch := t.Branches[k]
	form, other := goname.FormOf(t)
	if form == goname.Single {
		return w.expr(branch, u, inline)
	}
	if branch.Kind == avsc.Null {
		if form == goname.Nullable && w.g.opt.OptionalValues && !w.inlined(t.Branches[other], place{owner: u, inline: inline}) {
			return expr{code: w.valueOf(t, place{owner: u, inline: inline}).Go + "{}", zero: true, composite: true}
		}
		return expr{code: "nil", zero: true}
	}
	optional := form == goname.Nullable && w.g.opt.OptionalValues && !w.inlined(branch, place{owner: u, inline: inline})
	v := w.expr(branch, u, optional && inline)
	switch {
	case form == goname.Sealed:
		return expr{code: "&" + w.qualified(u, u.unions[t].wrappers[k]) + "{Value: " + v.code + "}"}
	case form == goname.Nilable:
		return expr{code: v.code}
	}
	if v.untyped {
		v.code = goname.Leaf(branch) + "(" + v.code + ")"
	}
	switch {
	case optional:
		return expr{code: "codec.Some(" + v.code + ")"}
	case v.composite:
		return expr{code: "&" + v.code}
	}
	return expr{code: "new(" + v.code + ")"}
}

func (w *exprWriter) float(v float64, bits int) expr {
	conversion := func(code string) string {
		w.useType("math.Inf")
		if bits == 32 {
			return "float32(" + code + ")"
		}
		return code
	}
	switch {
	case math.IsInf(v, 1):
		return expr{code: conversion("math.Inf(1)")}
	case math.IsInf(v, -1):
		return expr{code: conversion("math.Inf(-1)")}
	case math.IsNaN(v):
		return expr{code: conversion("math.NaN()")}
	case v == 0 && math.Signbit(v):
		return expr{code: conversion("math.Copysign(0, -1)")}
	}
	return expr{code: strconv.FormatFloat(v, 'g', -1, bits), zero: v == 0, untyped: true}
}

func (w *exprWriter) logical(t *avsc.Type) expr {
	w.useType(goname.Leaf(t))
	switch kind := t.Logical.Kind; kind {
	case avsc.Decimal:
		var v codec.Decimal
		if t.Kind == avsc.Fixed {
			v, w.i = codec.ReadDecimalFixed(w.text, w.i, t.Size, t.Logical.Precision, t.Logical.Scale)
		} else {
			v, w.i = codec.ReadDecimal(w.text, w.i, t.Logical.Precision, t.Logical.Scale)
		}
		if unscaled := v.Unscaled(); unscaled.IsInt64() {
			return expr{code: fmt.Sprintf("codec.NewDecimal(%s, %d)", unscaled, v.Scale())}
		}
		return expr{code: "codec.MustParseDecimal(" + quote(v.String()) + ")"}
	case avsc.UUID:
		read := codec.ReadUUID
		if t.Kind == avsc.Fixed {
			read = codec.ReadUUIDFixed
		}
		var v uuid.UUID
		w.i = read(w.text, w.i, &v)
		return expr{code: "uuid.MustParse(" + quote(v.String()) + ")", zero: allZero(v[:])}
	case avsc.Duration:
		v, i := codec.ReadDuration(w.text, w.i)
		w.i = i
		return expr{
			code: fmt.Sprintf("codec.Duration{Months: %d, Days: %d, Millis: %d}", v.Months, v.Days, v.Millis),
			zero: v == codec.Duration{}, composite: true,
		}
	case avsc.TimeMillis:
		v, i := codec.ReadTimeMillis(w.text, w.i)
		w.i = i
		return expr{code: fmt.Sprintf("%d * time.Millisecond", v/time.Millisecond), zero: v == 0}
	case avsc.TimeMicros:
		v, i := codec.ReadTimeMicros(w.text, w.i)
		w.i = i
		return expr{code: fmt.Sprintf("%d * time.Microsecond", v/time.Microsecond), zero: v == 0}
	case avsc.Date:
		v, i := codec.ReadDate(w.text, w.i)
		w.i = i
		return expr{code: fmt.Sprintf("time.Date(%d, time.%s, %d, 0, 0, 0, 0, time.UTC)", v.Year(), v.Month(), v.Day())}
	default:
		v, i := codec.ReadLong(w.text, w.i)
		w.i = i
		return expr{code: fmt.Sprintf(instants[kind], v) + ".UTC()"}
	}
}

// instants are the functions that make a time of a number.
var instants = map[avsc.LogicalKind]string{
	avsc.TimestampMillis: "time.UnixMilli(%d)", avsc.LocalTimestampMillis: "time.UnixMilli(%d)",
	avsc.TimestampMicros: "time.UnixMicro(%d)", avsc.LocalTimestampMicros: "time.UnixMicro(%d)",
	avsc.TimestampNanos: "time.Unix(0, %d)", avsc.LocalTimestampNanos: "time.Unix(0, %d)",
}

func byteList(raw []byte) string {
	if allZero(raw) {
		return "{}"
	}
	parts := make([]string, len(raw))
	for i, c := range raw {
		parts[i] = fmt.Sprintf("%#02x", c)
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

func allZero(raw []byte) bool {
	for _, c := range raw {
		if c != 0 {
			return false
		}
	}
	return true
}
