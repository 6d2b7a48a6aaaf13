package codegen

import (
	"strconv"
	"strings"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/goname"
)

// leafCode is how a type without parts is written, read and sized. $x stands for the value, $op for the value as an
// operand, $addr for its address, $precision, $scale and $size for what the schema says.
type leafCode struct {
	writing string // empty where there is nothing to write
	reading string // returns the value
	filling string // writes it to an address
	sizing  string // empty where size is known
	size    int
}

var primitives = map[avsc.Kind]leafCode{
	avsc.Null:    {},
	avsc.Boolean: {writing: "w.PutBool(i, $x)", reading: "codec.ReadBool(text, i)", size: 1},
	avsc.Int:     {writing: "w.PutInt(i, $x)", reading: "codec.ReadInt(text, i)", sizing: "codec.SizeLong(int64($x))"},
	avsc.Long:    {writing: "w.PutLong(i, $x)", reading: "codec.ReadLong(text, i)", sizing: "codec.SizeLong($x)"},
	avsc.Float:   {writing: "w.PutFloat(i, $x)", reading: "codec.ReadFloat(text, i)", size: 4},
	avsc.Double:  {writing: "w.PutDouble(i, $x)", reading: "codec.ReadDouble(text, i)", size: 8},
	avsc.Bytes:   {writing: "w.PutBytes(i, $x)", reading: "codec.ReadBytes(text, i, s)", sizing: "codec.SizeBytes($x)"},
	avsc.String:  {writing: "w.PutString(i, $x)", reading: "codec.ReadString(text, i, s)", sizing: "codec.SizeBytes($x)"},
}

// logicals holds the code of logical types by what they annotate.
var logicals = map[avsc.LogicalKind]map[avsc.Kind]leafCode{
	avsc.Decimal: {
		avsc.Bytes: {
			writing: "w.PutDecimal(i, $addr, $precision, $scale)",
			reading: "codec.ReadDecimal(text, i, $precision, $scale)",
			sizing:  "codec.SizeDecimal($x, $scale)",
		},
		avsc.Fixed: {
			writing: "w.PutDecimalFixed(i, $addr, $size, $precision, $scale)",
			reading: "codec.ReadDecimalFixed(text, i, $size, $precision, $scale)",
		},
	},
	avsc.UUID: {
		avsc.String: {writing: "w.PutUUID(i, $addr)", filling: "codec.ReadUUID(text, i, $addr)", size: 37},
		avsc.Fixed:  {writing: "w.PutFixed(i, $op[:])", filling: "codec.ReadUUIDFixed(text, i, $addr)"},
	},
	avsc.Duration:             {avsc.Fixed: {writing: "w.PutDuration(i, $x)", reading: "codec.ReadDuration(text, i)"}},
	avsc.Date:                 {avsc.Int: timeCode("Date", "Date")},
	avsc.TimeMillis:           {avsc.Int: timeCode("TimeMillis", "TimeMillis")},
	avsc.TimeMicros:           {avsc.Long: timeCode("TimeMicros", "TimeMicros")},
	avsc.TimestampMillis:      {avsc.Long: timeCode("TimestampMillis", "TimestampMillis")},
	avsc.TimestampMicros:      {avsc.Long: timeCode("TimestampMicros", "TimestampMicros")},
	avsc.TimestampNanos:       {avsc.Long: timeCode("TimestampNanos", "TimestampNanos")},
	avsc.LocalTimestampMillis: {avsc.Long: timeCode("LocalTimestampMillis", "TimestampMillis")},
	avsc.LocalTimestampMicros: {avsc.Long: timeCode("LocalTimestampMicros", "TimestampMicros")},
	avsc.LocalTimestampNanos:  {avsc.Long: timeCode("LocalTimestampNanos", "TimestampNanos")},
}

func timeCode(name, reader string) leafCode {
	return leafCode{
		writing: "w.Put" + name + "(i, $x)",
		reading: "codec.Read" + reader + "(text, i)",
		sizing:  "codec.Size" + name + "($x)",
	}
}

// leaf fills in a type without parts.
func (f *file) leaf(v *value, t *avsc.Type) {
	v.Shape, v.Go = "leaf", goname.Leaf(t)
	f.useType(v.Go)
	code := primitives[t.Kind]
	precision, scale := 0, 0
	if goname.IsLogical(t) {
		code = logicals[t.Logical.Kind][t.Kind]
		precision, scale = t.Logical.Precision, t.Logical.Scale
	}
	if t.Kind == avsc.Fixed {
		code.size = t.Size
	}
	address, ok := strings.CutPrefix(v.X, "*")
	if !ok {
		address = "&" + v.X
	}
	fill := strings.NewReplacer("$x", v.X, "$op", v.P, "$addr", address,
		"$size", strconv.Itoa(t.Size), "$precision", strconv.Itoa(precision), "$scale", strconv.Itoa(scale))
	v.Write = fill.Replace(code.writing)
	switch {
	case code.reading != "":
		v.Read = v.X + ", i = " + fill.Replace(code.reading)
	case code.filling != "":
		v.Read = "i = " + fill.Replace(code.filling)
	}
	v.Size, v.Const = fill.Replace(code.sizing), code.size
}
