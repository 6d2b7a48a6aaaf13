package codec

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// The texts that plain JSON has for times and durations. Every value of their types has one: RFC 3339 has four digits
// for the year, and what lies beyond has a sign and more digits, as in ISO 8601 (+292278994-08-17T07:12:55.807Z).

// appendJSONDate appends a date: 2006-01-02.
func appendJSONDate(b []byte, days int64) []byte {
	return appendYear(b, time.Unix(days*secondsPerDay, 0).UTC(), "-01-02")
}

// appendJSONTime appends a timestamp, with as many digits of its fraction as count.
func appendJSONTime(b []byte, v, units int64, local bool) []byte {
	seconds := floorDiv(v, units)
	t := time.Unix(seconds, (v-seconds*units)*(1e9/units)).UTC()
	b = appendYear(b, t, "-01-02T15:04:05.999999999")
	if !local {
		b = append(b, 'Z')
	}
	return b
}

func appendYear(b []byte, t time.Time, layout string) []byte {
	if y := t.Year(); y >= 0 && y <= 9999 {
		b = fmt.Appendf(b, "%04d", y)
	} else {
		b = fmt.Appendf(b, "%+05d", y)
	}
	return t.AppendFormat(b, layout)
}

// appendJSONClock appends a time of day: 15:04:05.999. One beyond a day has a sign or more hours.
func appendJSONClock(b []byte, v, units int64) []byte {
	u := magnitude(v)
	if v < 0 {
		b = append(b, '-')
	}
	seconds := u / uint64(units)
	b = fmt.Appendf(b, "%02d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
	if part := u % uint64(units); part != 0 {
		digits := strconv.FormatUint(uint64(units)+part, 10)[1:]
		b = append(append(b, '.'), strings.TrimRight(digits, "0")...)
	}
	return b
}

// parseJSONDate reads what appendJSONDate writes.
func parseJSONDate(text string) (int64, error) {
	t, cycles, err := parseYear(text, time.DateOnly)
	return t.Unix()/secondsPerDay + cycles*daysPerCycle, err
}

// parseJSONTime reads what appendJSONTime writes and returns seconds and nanoseconds since 1970. One that is not local
// has a zone, of any offset.
func parseJSONTime(text string, local bool) (seconds, nanos int64, err error) {
	layout := time.RFC3339
	if local {
		layout = localLayout
	}
	t, cycles, err := parseYear(text, layout)
	return t.Unix() + cycles*daysPerCycle*secondsPerDay, int64(t.Nanosecond()), err
}

const localLayout = "2006-01-02T15:04:05"

// The calendar repeats itself every 400 years.
const daysPerCycle = 400*365 + 97

// parseYear reads a time whose year can have a sign and any number of digits. Of such a year it returns a time in the
// years that the time package reads, and how many times 400 years it lies later.
func parseYear(text, layout string) (t time.Time, cycles int64, err error) {
	full := text
	if len(text) > 1 && (text[0] == '+' || text[0] == '-') {
		end := 1 + strings.IndexByte(text[1:], '-')
		year, err := strconv.ParseInt(text[:max(end, 1)], 10, 64)
		if err != nil || end < 5 || end > 12 {
			return t, 0, badTime(full, layout)
		}
		cycles = floorDiv(year, 400)
		text = fmt.Sprintf("%04d%s", year-cycles*400, text[end:])
	}
	if t, err = time.Parse(layout, text); err != nil {
		return t, 0, badTime(full, layout)
	}
	return t, cycles, nil
}

func badTime(text, layout string) error {
	switch layout {
	case time.DateOnly:
		return badText(text, "a date", "2026-01-31")
	case localLayout:
		return badText(text, "a time without a zone", "2026-01-31T12:00:00")
	}
	return badText(text, "RFC 3339", "2026-01-31T12:00:00Z")
}

func badText(text, want, like string) error {
	return fmt.Errorf("%w: %q, want %s, such as %s", ErrLogical, abridge(text), want, like)
}

// parseJSONClock reads a time of day and returns it in nanoseconds.
func parseJSONClock(text string) (int64, error) {
	t, err := time.Parse("15:04:05", text)
	if err != nil {
		return 0, badText(text, "a time of day", "12:00:00.5")
	}
	return int64(t.Hour())*3600e9 + int64(t.Minute())*60e9 + int64(t.Second())*1e9 + int64(t.Nanosecond()), nil
}

// durationUnit is a designator of ISO 8601 and what one of it comes to.
type durationUnit struct {
	name  byte
	to    *uint64
	times uint64
}

// parseDuration reads an ISO 8601 duration whose parts come to whole months, days and milliseconds: a year is twelve
// months, a week seven days, an hour or a minute so many milliseconds.
func parseDuration(text string) (Duration, error) {
	var months, days, millis uint64
	rest, ok := strings.CutPrefix(text, "P")
	date, clock, hasClock := strings.Cut(rest, "T")
	ok = ok && rest != "" && hasClock == (clock != "") &&
		addAmounts(date, []durationUnit{{'Y', &months, 12}, {'M', &months, 1}, {'W', &days, 7}, {'D', &days, 1}}) &&
		addAmounts(clock, []durationUnit{{'H', &millis, 3600e3}, {'M', &millis, 60e3}, {'S', &millis, 1e3}})
	if !ok {
		return Duration{}, badText(text, "an ISO 8601 duration", "P1M2DT3.004S")
	}
	const most = 1<<32 - 1
	if months > most || days > most || millis > most {
		return Duration{}, fmt.Errorf("%w: %q is beyond 32 bits of months, days or milliseconds", ErrLogical, abridge(text))
	}
	return Duration{Months: uint32(months), Days: uint32(days), Millis: uint32(millis)}, nil
}

// addAmounts reads amounts with their units, which come in order and at most once each.
func addAmounts(text string, units []durationUnit) bool {
	for text != "" {
		at := strings.IndexAny(text, "YMWDHS")
		if at < 1 {
			return false
		}
		for len(units) > 0 && units[0].name != text[at] {
			units = units[1:]
		}
		if len(units) == 0 {
			return false
		}
		whole, fraction, hasPoint := strings.Cut(text[:at], ".")
		if hasPoint && (text[at] != 'S' || fraction == "" || len(fraction) > 3) {
			return false
		}
		n, err := strconv.ParseUint(whole, 10, 32)
		part, err2 := strconv.ParseUint((fraction + "000")[:3], 10, 32)
		if err != nil || err2 != nil {
			return false
		}
		*units[0].to += n*units[0].times + part
		units, text = units[1:], text[at+1:]
	}
	return true
}
