package codec

import (
	"fmt"
	"time"
)

const (
	secondsPerDay = 24 * 60 * 60
	day           = 24 * time.Hour
)

// PutDate writes the calendar day that t shows in its own zone as a date. The failure is ErrLogical beyond 32 bits of
// days, some five million years.
func (w *Writer) PutDate(i int, t time.Time) int {
	days := floorDiv(wallSeconds(t), secondsPerDay)
	if days != int64(int32(days)) {
		return w.fail(i, outOfRange(t, "date"))
	}
	return w.PutLong(i, days)
}

// PutTimestampMillis writes t in milliseconds since 1970, floored. The failure is ErrLogical beyond 64 bits.
func (w *Writer) PutTimestampMillis(i int, t time.Time) int {
	seconds := t.Unix()
	if near(seconds, 52) {
		return w.PutLong(i, seconds*1e3+int64(t.Nanosecond())/1e6)
	}
	return w.putFar(i, t, seconds, 1e3, "milliseconds")
}

// PutTimestampMicros writes t in microseconds since 1970, floored. The failure is ErrLogical beyond 64 bits.
func (w *Writer) PutTimestampMicros(i int, t time.Time) int {
	seconds := t.Unix()
	if near(seconds, 42) {
		return w.PutLong(i, seconds*1e6+int64(t.Nanosecond())/1e3)
	}
	return w.putFar(i, t, seconds, 1e6, "microseconds")
}

// PutTimestampNanos writes t in nanoseconds since 1970. The failure is ErrLogical before 1677 and after 2262.
func (w *Writer) PutTimestampNanos(i int, t time.Time) int {
	seconds := t.Unix()
	if near(seconds, 32) {
		return w.PutLong(i, seconds*1e9+int64(t.Nanosecond()))
	}
	return w.putFar(i, t, seconds, 1e9, "nanoseconds")
}

// PutLocalTimestampMillis writes what clock and calendar show at t in its own zone, otherwise as PutTimestampMillis.
func (w *Writer) PutLocalTimestampMillis(i int, t time.Time) int {
	seconds := wallSeconds(t)
	if near(seconds, 52) {
		return w.PutLong(i, seconds*1e3+int64(t.Nanosecond())/1e6)
	}
	return w.putFar(i, t, seconds, 1e3, "milliseconds")
}

// PutLocalTimestampMicros is PutLocalTimestampMillis in microseconds.
func (w *Writer) PutLocalTimestampMicros(i int, t time.Time) int {
	seconds := wallSeconds(t)
	if near(seconds, 42) {
		return w.PutLong(i, seconds*1e6+int64(t.Nanosecond())/1e3)
	}
	return w.putFar(i, t, seconds, 1e6, "microseconds")
}

// PutLocalTimestampNanos is PutLocalTimestampMillis in nanoseconds.
func (w *Writer) PutLocalTimestampNanos(i int, t time.Time) int {
	seconds := wallSeconds(t)
	if near(seconds, 32) {
		return w.PutLong(i, seconds*1e9+int64(t.Nanosecond()))
	}
	return w.putFar(i, t, seconds, 1e9, "nanoseconds")
}

// near reports whether seconds are so few, less than a power of two, that 64 bits hold them in smaller units for sure.
func near(seconds int64, power int) bool { return uint64(seconds+1<<power) < 1<<(power+1) }

// putFar writes a time of which seconds is the whole part, perhaps beyond what 64 bits hold in these units.
func (w *Writer) putFar(i int, t time.Time, seconds, units int64, what string) int {
	v, ok := exactInstant(seconds, int64(t.Nanosecond())/(1e9/units), units)
	if !ok {
		return w.fail(i, outOfRange(t, what+" since 1970"))
	}
	return w.PutLong(i, v)
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

// PutTimeMillis writes the time of day d in milliseconds since midnight, floored. The failure is ErrLogical outside of
// a day.
func (w *Writer) PutTimeMillis(i int, d time.Duration) int {
	if d < 0 || d >= day {
		return w.fail(i, outOfRange(d, "time-millis"))
	}
	return w.PutLong(i, int64(d/time.Millisecond))
}

// PutTimeMicros is PutTimeMillis in microseconds.
func (w *Writer) PutTimeMicros(i int, d time.Duration) int {
	if d < 0 || d >= day {
		return w.fail(i, outOfRange(d, "time-micros"))
	}
	return w.PutLong(i, int64(d/time.Microsecond))
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

// SizeDate returns how many bytes PutDate writes.
func SizeDate(t time.Time) int { return SizeLong(floorDiv(wallSeconds(t), secondsPerDay)) }

// SizeTimestampMillis returns how many bytes PutTimestampMillis writes.
func SizeTimestampMillis(t time.Time) int { return sizeMillis(t, t.Unix()) }

// SizeTimestampMicros returns how many bytes PutTimestampMicros writes.
func SizeTimestampMicros(t time.Time) int { return sizeMicros(t, t.Unix()) }

// SizeTimestampNanos returns how many bytes PutTimestampNanos writes.
func SizeTimestampNanos(t time.Time) int { return sizeNanos(t, t.Unix()) }

// SizeLocalTimestampMillis returns how many bytes PutLocalTimestampMillis writes.
func SizeLocalTimestampMillis(t time.Time) int { return sizeMillis(t, wallSeconds(t)) }

// SizeLocalTimestampMicros returns how many bytes PutLocalTimestampMicros writes.
func SizeLocalTimestampMicros(t time.Time) int { return sizeMicros(t, wallSeconds(t)) }

// SizeLocalTimestampNanos returns how many bytes PutLocalTimestampNanos writes.
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

// SizeTimeMillis returns how many bytes PutTimeMillis writes.
func SizeTimeMillis(d time.Duration) int { return SizeLong(int64(d / time.Millisecond)) }

// SizeTimeMicros returns how many bytes PutTimeMicros writes.
func SizeTimeMicros(d time.Duration) int { return SizeLong(int64(d / time.Microsecond)) }
