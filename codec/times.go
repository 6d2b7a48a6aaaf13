package codec

import (
	"fmt"
	"time"
)

const (
	secondsPerDay = 24 * 60 * 60
	day           = 24 * time.Hour
)

// AppendDate appends the calendar day that t shows in its own zone as a date. The error is ErrLogical beyond 32 bits
// of days, some five million years.
func AppendDate(b []byte, t time.Time) ([]byte, error) {
	days := floorDiv(wallSeconds(t), secondsPerDay)
	if days != int64(int32(days)) {
		return b, outOfRange(t, "date")
	}
	return AppendLong(b, days), nil
}

// AppendTimestampMillis appends t in milliseconds since 1970, floored. The error is ErrLogical beyond 64 bits.
func AppendTimestampMillis(b []byte, t time.Time) ([]byte, error) {
	return appendMillis(b, t, t.Unix())
}

// AppendTimestampMicros appends t in microseconds since 1970, floored. The error is ErrLogical beyond 64 bits.
func AppendTimestampMicros(b []byte, t time.Time) ([]byte, error) {
	return appendMicros(b, t, t.Unix())
}

// AppendTimestampNanos appends t in nanoseconds since 1970. The error is ErrLogical before 1677 and after 2262.
func AppendTimestampNanos(b []byte, t time.Time) ([]byte, error) {
	return appendNanos(b, t, t.Unix())
}

// AppendLocalTimestampMillis appends what clock and calendar show at t in its own zone, otherwise as
// AppendTimestampMillis.
func AppendLocalTimestampMillis(b []byte, t time.Time) ([]byte, error) {
	return appendMillis(b, t, wallSeconds(t))
}

// AppendLocalTimestampMicros is AppendLocalTimestampMillis in microseconds.
func AppendLocalTimestampMicros(b []byte, t time.Time) ([]byte, error) {
	return appendMicros(b, t, wallSeconds(t))
}

// AppendLocalTimestampNanos is AppendLocalTimestampMillis in nanoseconds.
func AppendLocalTimestampNanos(b []byte, t time.Time) ([]byte, error) {
	return appendNanos(b, t, wallSeconds(t))
}

// The functions below append a time of which seconds is the whole part. Those that are far from what 64 bits hold, which
// is a power of two of seconds, are not looked at any closer.

func appendMillis(b []byte, t time.Time, seconds int64) ([]byte, error) {
	if uint64(seconds+1<<52) < 1<<53 {
		return AppendLong(b, seconds*1e3+int64(t.Nanosecond())/1e6), nil
	}
	return appendFar(b, t, seconds, 1e3, "milliseconds")
}

func appendMicros(b []byte, t time.Time, seconds int64) ([]byte, error) {
	if uint64(seconds+1<<42) < 1<<43 {
		return AppendLong(b, seconds*1e6+int64(t.Nanosecond())/1e3), nil
	}
	return appendFar(b, t, seconds, 1e6, "microseconds")
}

func appendNanos(b []byte, t time.Time, seconds int64) ([]byte, error) {
	if uint64(seconds+1<<32) < 1<<33 {
		return AppendLong(b, seconds*1e9+int64(t.Nanosecond())), nil
	}
	return appendFar(b, t, seconds, 1e9, "nanoseconds")
}

func appendFar(b []byte, t time.Time, seconds, units int64, what string) ([]byte, error) {
	v, ok := exactInstant(seconds, int64(t.Nanosecond())/(1e9/units), units)
	if !ok {
		return b, outOfRange(t, what+" since 1970")
	}
	return AppendLong(b, v), nil
}

// exactInstant returns seconds*units + part where 64 bits hold it; 0 <= part < units.
func exactInstant(seconds, part, units int64) (int64, bool) {
	if seconds < 0 && part > 0 { // one second later and part-units, so that the product cannot overflow alone
		seconds, part = seconds+1, part-units
	}
	v := seconds * units
	if v/units != seconds {
		return 0, false
	}
	sum := v + part
	return sum, (sum >= v) == (part >= 0)
}

// wallSeconds returns the seconds from 1970-01-01T00:00:00 to what t shows, both read in t's zone.
func wallSeconds(t time.Time) int64 {
	_, offset := t.Zone()
	return t.Unix() + int64(offset)
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func outOfRange(v any, what string) error { return fmt.Errorf("%w: %v as %s", ErrLogical, v, what) }

// AppendTimeMillis appends the time of day d in milliseconds since midnight, floored. The error is ErrLogical outside
// of a day.
func AppendTimeMillis(b []byte, d time.Duration) ([]byte, error) {
	if d < 0 || d >= day {
		return b, outOfRange(d, "time-millis")
	}
	return AppendLong(b, int64(d/time.Millisecond)), nil
}

// AppendTimeMicros is AppendTimeMillis in microseconds.
func AppendTimeMicros(b []byte, d time.Duration) ([]byte, error) {
	if d < 0 || d >= day {
		return b, outOfRange(d, "time-micros")
	}
	return AppendLong(b, int64(d/time.Microsecond)), nil
}

// ReadDate reads a date: midnight in UTC.
func ReadDate(text string, i int) (time.Time, int) {
	days, i := ReadInt(text, i)
	return time.Unix(int64(days)*secondsPerDay, 0).UTC(), i
}

// ReadTimestampMillis reads a timestamp-millis or local-timestamp-millis, in UTC.
func ReadTimestampMillis(text string, i int) (time.Time, int) {
	v, i := ReadLong(text, i)
	return time.UnixMilli(v).UTC(), i
}

// ReadTimestampMicros reads a timestamp-micros or local-timestamp-micros, in UTC.
func ReadTimestampMicros(text string, i int) (time.Time, int) {
	v, i := ReadLong(text, i)
	return time.UnixMicro(v).UTC(), i
}

// ReadTimestampNanos reads a timestamp-nanos or local-timestamp-nanos, in UTC.
func ReadTimestampNanos(text string, i int) (time.Time, int) {
	v, i := ReadLong(text, i)
	return time.Unix(0, v).UTC(), i
}

// ReadTimeMillis reads a time-millis: the time since midnight, less than a day.
func ReadTimeMillis(text string, i int) (time.Duration, int) {
	v, i := ReadInt(text, i)
	if uint32(v) >= secondsPerDay*1e3 {
		return 0, FailLogical
	}
	return time.Duration(v) * time.Millisecond, i
}

// ReadTimeMicros reads a time-micros: the time since midnight, less than a day.
func ReadTimeMicros(text string, i int) (time.Duration, int) {
	v, i := ReadLong(text, i)
	if uint64(v) >= secondsPerDay*1e6 {
		return 0, FailLogical
	}
	return time.Duration(v) * time.Microsecond, i
}

// SizeDate returns how many bytes AppendDate appends.
func SizeDate(t time.Time) int { return SizeLong(floorDiv(wallSeconds(t), secondsPerDay)) }

// SizeTimestampMillis returns how many bytes AppendTimestampMillis appends.
func SizeTimestampMillis(t time.Time) int { return sizeMillis(t, t.Unix()) }

// SizeTimestampMicros returns how many bytes AppendTimestampMicros appends.
func SizeTimestampMicros(t time.Time) int { return sizeMicros(t, t.Unix()) }

// SizeTimestampNanos returns how many bytes AppendTimestampNanos appends.
func SizeTimestampNanos(t time.Time) int { return sizeNanos(t, t.Unix()) }

// SizeLocalTimestampMillis returns how many bytes AppendLocalTimestampMillis appends.
func SizeLocalTimestampMillis(t time.Time) int { return sizeMillis(t, wallSeconds(t)) }

// SizeLocalTimestampMicros returns how many bytes AppendLocalTimestampMicros appends.
func SizeLocalTimestampMicros(t time.Time) int { return sizeMicros(t, wallSeconds(t)) }

// SizeLocalTimestampNanos returns how many bytes AppendLocalTimestampNanos appends.
func SizeLocalTimestampNanos(t time.Time) int { return sizeNanos(t, wallSeconds(t)) }

// The sums below may wrap on their way, but are right where the time is in range.

func sizeMillis(t time.Time, seconds int64) int {
	return SizeLong(seconds*1e3 + int64(t.Nanosecond())/1e6)
}

func sizeMicros(t time.Time, seconds int64) int {
	return SizeLong(seconds*1e6 + int64(t.Nanosecond())/1e3)
}

func sizeNanos(t time.Time, seconds int64) int {
	return SizeLong(seconds*1e9 + int64(t.Nanosecond()))
}

// SizeTimeMillis returns how many bytes AppendTimeMillis appends.
func SizeTimeMillis(d time.Duration) int { return SizeLong(int64(d / time.Millisecond)) }

// SizeTimeMicros returns how many bytes AppendTimeMicros appends.
func SizeTimeMicros(d time.Duration) int { return SizeLong(int64(d / time.Microsecond)) }
