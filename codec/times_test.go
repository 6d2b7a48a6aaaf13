package codec_test

import (
	"errors"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/avow-events/avow/codec"
)

var berlin = time.FixedZone("Berlin", 2*60*60)

type instant struct {
	name  string
	units int64 // in a second
	put   func(*codec.Writer, int, time.Time) int
	local func(*codec.Writer, int, time.Time) int
	size  func(time.Time) int
	read  func(string, int) (time.Time, int)
}

var instants = []instant{
	{"millis", 1e3, (*codec.Writer).PutTimestampMillis, (*codec.Writer).PutLocalTimestampMillis, codec.SizeTimestampMillis, codec.ReadTimestampMillis},
	{"micros", 1e6, (*codec.Writer).PutTimestampMicros, (*codec.Writer).PutLocalTimestampMicros, codec.SizeTimestampMicros, codec.ReadTimestampMicros},
	{"nanos", 1e9, (*codec.Writer).PutTimestampNanos, (*codec.Writer).PutLocalTimestampNanos, codec.SizeTimestampNanos, codec.ReadTimestampNanos},
}

// units returns the time in units since 1970, floored, from arithmetic without limits.
func units(t time.Time, perSecond int64) *big.Int {
	n := new(big.Int).Mul(big.NewInt(t.Unix()), big.NewInt(perSecond))
	return n.Add(n, big.NewInt(int64(t.Nanosecond())/(1e9/perSecond)))
}

func TestTimestamps(t *testing.T) {
	times := []time.Time{
		{}, time.Unix(0, 0), time.Unix(0, -1), time.Unix(-1, 1), time.Unix(1_700_000_000, 123_456_789),
		time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC), time.Date(1, 1, 1, 0, 0, 0, 1, time.UTC),
	}
	for _, of := range instants { // where each unit ends, to either side
		for _, end := range []int64{math.MaxInt64, math.MinInt64} {
			for d := int64(-2); d <= 2; d++ {
				for _, ns := range []int64{0, 1, 999_999_999, 193e6, 807e6, 775_807e3, 224_192e3, 854_775_807, 145_224_192} {
					times = append(times, time.Unix(end/of.units+d, ns))
				}
			}
		}
	}
	r := rand.New(rand.NewPCG(1, 1))
	for range 2000 {
		times = append(times, time.Unix(int64(r.Uint64())>>r.IntN(64), r.Int64N(1e9)))
	}
	for _, of := range instants {
		for _, at := range times {
			want := units(at, of.units)
			b, err := put(nil, func(w *codec.Writer, i int) int { return of.put(w, i, at.In(berlin)) })
			if fits := want.IsInt64(); fits != (err == nil) {
				t.Fatalf("%s as %s: %v, want %s", at.UTC(), of.name, err, want)
			} else if !fits {
				if !errors.Is(err, codec.ErrLogical) {
					t.Errorf("%s as %s: %v", at, of.name, err)
				}
				continue
			}
			if string(b) != string(codec.AppendLong(nil, want.Int64())) {
				t.Fatalf("%s as %s is %x, want %s", at.UTC(), of.name, b, want)
			}
			if size := of.size(at); size != len(b) {
				t.Errorf("%s as %s has size %d, want %d", at, of.name, size, len(b))
			}
			got, i := of.read(string(b), 0)
			if units(got, of.units).Cmp(want) != 0 || i != len(b) || got.Location() != time.UTC {
				t.Errorf("%s as %s reads as %s, %d", at, of.name, got, i)
			}
		}
	}
}

// Of a local timestamp counts what the clock shows.
func TestLocalTimestamps(t *testing.T) {
	noon := time.Date(2026, 3, 1, 12, 30, 0, 5e6, berlin)
	for _, of := range instants {
		b, err := put(nil, func(w *codec.Writer, i int) int { return of.local(w, i, noon) })
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := of.read(string(b), 0); got.Format(time.DateTime) != "2026-03-01 12:30:00" {
			t.Errorf("%s: %s", of.name, got)
		}
	}
	if n := codec.SizeLocalTimestampMillis(noon) + codec.SizeLocalTimestampMicros(noon) + codec.SizeLocalTimestampNanos(noon); n != 6+8+9 {
		t.Error(n)
	}
}

func TestDate(t *testing.T) {
	for _, c := range []struct {
		at   time.Time
		days int64
	}{
		{time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC), 0},
		{time.Date(1969, 12, 31, 23, 59, 59, 999, time.UTC), -1},
		{time.Date(2026, 3, 1, 0, 30, 0, 0, berlin), 20513}, // the day before in UTC
		{time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), -719162},
		{time.Unix(math.MaxInt32*86400, 0).UTC(), math.MaxInt32},
		{time.Unix(math.MinInt32*86400, 0).UTC(), math.MinInt32},
	} {
		b, err := put(nil, func(w *codec.Writer, i int) int { return w.PutDate(i, c.at) })
		if err != nil || string(b) != string(codec.AppendLong(nil, c.days)) || codec.SizeDate(c.at) != len(b) {
			t.Errorf("%s is %x, %v, of size %d", c.at, b, err, codec.SizeDate(c.at))
		}
		y, m, d := c.at.Date()
		if got, i := codec.ReadDate(string(b), 0); !got.Equal(time.Date(y, m, d, 0, 0, 0, 0, time.UTC)) || i != len(b) {
			t.Errorf("%s reads as %s, %d", c.at, got, i)
		}
	}
	for _, seconds := range []int64{(math.MaxInt32 + 1) * 86400, (math.MinInt32 - 1) * 86400} {
		if _, err := put(nil, func(w *codec.Writer, i int) int { return w.PutDate(i, time.Unix(seconds, 0).UTC()) }); !errors.Is(err, codec.ErrLogical) {
			t.Error(err)
		}
	}
}

func TestTimeOfDay(t *testing.T) {
	for _, d := range []time.Duration{0, time.Nanosecond, 999 * time.Microsecond, 12 * time.Hour, 24*time.Hour - 1} {
		b, err := put(nil, func(w *codec.Writer, i int) int { return w.PutTimeMillis(i, d) })
		if err != nil || codec.SizeTimeMillis(d) != len(b) {
			t.Errorf("%s is %x, %v", d, b, err)
		}
		if got, i := codec.ReadTimeMillis(string(b), 0); got != d.Truncate(time.Millisecond) || i != len(b) {
			t.Errorf("%s reads as %s", d, got)
		}
		b, err = put(nil, func(w *codec.Writer, i int) int { return w.PutTimeMicros(i, d) })
		if err != nil || codec.SizeTimeMicros(d) != len(b) {
			t.Errorf("%s is %x, %v", d, b, err)
		}
		if got, i := codec.ReadTimeMicros(string(b), 0); got != d.Truncate(time.Microsecond) || i != len(b) {
			t.Errorf("%s reads as %s", d, got)
		}
	}
	for _, d := range []time.Duration{-1, 24 * time.Hour} {
		if _, err := put(nil, func(w *codec.Writer, i int) int { return w.PutTimeMillis(i, d) }); !errors.Is(err, codec.ErrLogical) {
			t.Error(err)
		}
		if _, err := put(nil, func(w *codec.Writer, i int) int { return w.PutTimeMicros(i, d) }); !errors.Is(err, codec.ErrLogical) {
			t.Error(err)
		}
	}
	for _, n := range []int64{-1, 86_400_000, math.MaxInt32} {
		if _, i := codec.ReadTimeMillis(string(codec.AppendLong(nil, n)), 0); i != codec.FailLogical {
			t.Error(n, i)
		}
		if _, i := codec.ReadTimeMicros(string(codec.AppendLong(nil, n*1000)), 0); i != codec.FailLogical {
			t.Error(n, i)
		}
	}
}
