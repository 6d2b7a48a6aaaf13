package records

import (
	"fmt"
	"strconv"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Position is a place in every partition of a topic. The zero Position is the beginning.
type Position struct {
	kind   positionKind
	offset int64
	time   time.Time
}

type positionKind uint8

const (
	beginning positionKind = iota
	end
	atOffset
	atTime
)

// Beginning is the oldest record.
func Beginning() Position { return Position{} }

// End is behind the newest record.
func End() Position { return Position{kind: end} }

// AtOffset is the record with this offset, or the nearest one there is.
func AtOffset(offset int64) Position { return Position{kind: atOffset, offset: offset} }

// Since is the first record that is not older than t.
func Since(t time.Time) Position { return Position{kind: atTime, time: t} }

// ParsePosition reads a position as people write it: beginning, end, an offset, a moment (2026-11-23T10:00:00Z, or a
// date alone, in local time), or how long ago (15m).
func ParsePosition(text string, now time.Time) (Position, error) {
	switch text {
	case "beginning":
		return Beginning(), nil
	case "end":
		return End(), nil
	}
	if offset, err := strconv.ParseInt(text, 10, 64); err == nil && offset >= 0 {
		return AtOffset(offset), nil
	}
	if ago, err := time.ParseDuration(text); err == nil && ago >= 0 {
		return Since(now.Add(-ago)), nil
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02T15:04", time.DateOnly} {
		if t, err := time.ParseInLocation(layout, text, now.Location()); err == nil {
			return Since(t), nil
		}
	}
	return Position{}, fmt.Errorf("%q is no position: want beginning, end, an offset such as 42, a moment such as %s, or how long ago such as 15m",
		text, now.UTC().Format(time.RFC3339))
}

// offsetOf returns the position in the words of the client.
func (p Position) offsetOf() kgo.Offset {
	switch p.kind {
	case end:
		return kgo.NewOffset().AtEnd()
	case atOffset:
		return kgo.NewOffset().At(p.offset)
	case atTime:
		return kgo.NewOffset().AfterMilli(p.time.UnixMilli())
	}
	return kgo.NewOffset().AtStart()
}

// Equal reports whether two positions are the same.
func (p Position) Equal(o Position) bool {
	return p.kind == o.kind && p.offset == o.offset && p.time.Equal(o.time)
}
