package codec

import (
	"encoding/binary"
	"fmt"
)

// Duration is Avro's duration: three amounts that do not convert into each other, because months and days differ in
// length.
type Duration struct {
	Months, Days, Millis uint32
}

// String returns the duration in ISO 8601, such as P1M2DT3.004S.
func (d Duration) String() string {
	return fmt.Sprintf("P%dM%dDT%d.%03dS", d.Months, d.Days, d.Millis/1000, d.Millis%1000)
}

// AppendDuration appends a duration: 12 bytes.
func AppendDuration(b []byte, d Duration) []byte {
	b = binary.LittleEndian.AppendUint32(b, d.Months)
	b = binary.LittleEndian.AppendUint32(b, d.Days)
	return binary.LittleEndian.AppendUint32(b, d.Millis)
}

// PutDuration writes a duration: 12 bytes.
func (w *Writer) PutDuration(i int, d Duration) int {
	return w.appended(i, AppendDuration(w.room(i), d), nil)
}

// ReadDuration reads a duration.
func ReadDuration(text string, i int) (Duration, int) {
	var raw [12]byte
	if i = ReadFixed(text, i, raw[:]); i < 0 {
		return Duration{}, i
	}
	return Duration{
		Months: binary.LittleEndian.Uint32(raw[:]),
		Days:   binary.LittleEndian.Uint32(raw[4:]),
		Millis: binary.LittleEndian.Uint32(raw[8:]),
	}, i
}
