package codec_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/avow-events/avow/codec"
)

func ExampleDecimal() {
	price := codec.NewDecimal(1999, 2)
	total := price.Mul(codec.NewDecimal(3, 0)).Add(codec.MustParseDecimal("0.5"))
	text, _ := json.Marshal(total)
	fmt.Println(price, total, string(text), total.Cmp(price))
	// Output: 19.99 60.47 "60.47" 1
}

func TestParseDecimal(t *testing.T) {
	for text, want := range map[string]string{
		"0": "0", "-0": "0", "1": "1", "+1": "1", "-12.50": "-12.50", "0.1": "0.1", "0.001": "0.001", "-0.001": "-0.001",
		"1e3": "1000", "1.5E1": "15", "1.25e1": "12.5", "12e-3": "0.012", "-1e-2": "-0.01", "000.10": "0.10",
		"9223372036854775807": "9223372036854775807", "-9223372036854775808": "-9223372036854775808",
		"9223372036854775808": "9223372036854775808", "123456789012345678901234567890.123": "123456789012345678901234567890.123",
	} {
		d, err := codec.ParseDecimal(text)
		if err != nil || d.String() != want {
			t.Errorf("%q is %s, %v; want %s", text, d, err, want)
		}
	}
	for _, text := range []string{"", ".", "-", "+", "1.", ".5", "1e", "1e1.5", "e5", "--1", "1-", "1_000", "0x1", "NaN", "Inf", " 1", "1e10001", "1e-10001", "1e99999999999999999999", "١"} {
		if d, err := codec.ParseDecimal(text); !errors.Is(err, codec.ErrLogical) {
			t.Errorf("%q is %s, %v", text, d, err)
		}
	}
}

func FuzzParseDecimal(f *testing.F) {
	for _, seed := range []string{"-12.50", "1e3", "1e-10000", "1e10000", "0.000", "99999999999999999999.9", "+.1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := codec.ParseDecimal(text)
		if err != nil {
			return
		}
		want, ok := new(big.Rat).SetString(text)
		if !ok || d.Rat().Cmp(want) != 0 {
			t.Fatalf("%q is %s, want %s", text, d, want)
		}
		again, err := codec.ParseDecimal(d.String())
		if err != nil || again.String() != d.String() || again.Cmp(d) != 0 {
			t.Fatalf("%q: %s parses as %s, %v", text, d, again, err)
		}
	})
}

// random returns a decimal and the same number as a fraction.
func random(r *rand.Rand) (codec.Decimal, *big.Rat) {
	unscaled := big.NewInt(int64(r.Uint64()) >> r.IntN(64))
	if r.IntN(3) == 0 {
		unscaled.Mul(unscaled, big.NewInt(int64(r.Uint64())))
	}
	scale := r.IntN(25)
	rat := new(big.Rat).SetFrac(unscaled, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil))
	return codec.NewBigDecimal(unscaled, scale), rat
}

func TestDecimalArithmetic(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		a, x := random(r)
		b, y := random(r)
		for _, c := range []struct {
			name string
			got  codec.Decimal
			want *big.Rat
		}{
			{"itself", a, x},
			{"negated", a.Neg(), new(big.Rat).Neg(x)},
			{"added", a.Add(b), new(big.Rat).Add(x, y)},
			{"subtracted", a.Sub(b), new(big.Rat).Sub(x, y)},
			{"multiplied", a.Mul(b), new(big.Rat).Mul(x, y)},
		} {
			if c.got.Rat().Cmp(c.want) != 0 {
				t.Fatalf("%s and %s, %s: %s, want %s", a, b, c.name, c.got, c.want)
			}
			if back, err := codec.DecimalFromRat(c.want, c.got.Scale()); err != nil || back != c.got && back.Unscaled().IsInt64() {
				t.Fatalf("%s from a fraction is %s, %v", c.got, back, err)
			}
		}
		if a.Cmp(b) != x.Cmp(y) || a.Sign() != x.Sign() || a.Equal(b) != (x.Cmp(y) == 0) {
			t.Fatalf("%s against %s: %d", a, b, a.Cmp(b))
		}
		to := r.IntN(30)
		rescaled, err := a.Rescale(to)
		if exact := new(big.Rat).Mul(x, new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(to)), nil))).IsInt(); exact != (err == nil) {
			t.Fatalf("%s to scale %d: %v", a, to, err)
		} else if exact && (rescaled.Scale() != to || rescaled.Cmp(a) != 0) {
			t.Fatalf("%s to scale %d is %s", a, to, rescaled)
		}
	}
}

// Bytes are those of Java's BigInteger.toByteArray: as short as two's complement allows.
func TestDecimalBytes(t *testing.T) {
	for unscaled, want := range map[string]string{
		"0": "\x00", "1": "\x01", "-1": "\xff", "127": "\x7f", "128": "\x00\x80", "-128": "\x80", "-129": "\xff\x7f",
		"32767": "\x7f\xff", "32768": "\x00\x80\x00",
		"9223372036854775807":   "\x7f\xff\xff\xff\xff\xff\xff\xff",
		"9223372036854775808":   "\x00\x80\x00\x00\x00\x00\x00\x00\x00",
		"-9223372036854775808":  "\x80\x00\x00\x00\x00\x00\x00\x00",
		"-9223372036854775809":  "\xff\x7f\xff\xff\xff\xff\xff\xff\xff",
		"-18446744073709551616": "\xff\x00\x00\x00\x00\x00\x00\x00\x00",
	} {
		d := codec.MustParseDecimal(unscaled)
		for room := range 12 {
			b, err := codec.AppendDecimal(make([]byte, 0, room), d, 30, 0)
			if err != nil || string(b) != string(codec.AppendBytes(nil, []byte(want))) {
				t.Errorf("%s is %x, %v", unscaled, b, err)
			}
			if size := codec.SizeDecimal(d, 0); size != len(b) {
				t.Errorf("%s has size %d", unscaled, size)
			}
			for _, after := range []string{"", "\xff\xff\xff\xff\xff\xff\xff\xff"} {
				got, i := codec.ReadDecimal(string(b)+after, 0, 30, 0)
				if i != len(b) || got.String() != unscaled {
					t.Errorf("%x reads as %s, %d", b, got, i)
				}
			}
		}
		for _, size := range []int{len(want), len(want) + 1, 20} {
			b, err := codec.AppendDecimalFixed(nil, d, size, 30, 0)
			if err != nil || len(b) != size {
				t.Fatalf("%s in %d bytes is %x, %v", unscaled, size, b, err)
			}
			if got, i := codec.ReadDecimalFixed(string(b), 0, size, 30, 0); i != size || got.String() != unscaled {
				t.Errorf("%x reads as %s, %d", b, got, i)
			}
		}
		if _, err := codec.AppendDecimalFixed(nil, d, len(want)-1, 30, 0); !errors.Is(err, codec.ErrLogical) {
			t.Errorf("%s fits %d bytes: %v", unscaled, len(want)-1, err)
		}
	}
}

func TestDecimalPrecision(t *testing.T) {
	for _, c := range []struct {
		text             string
		precision, scale int
		fits             bool
	}{
		{"99.99", 4, 2, true}, {"100.00", 4, 2, false}, {"-99.99", 4, 2, true}, {"-100", 4, 2, false},
		{"1", 4, 2, true}, {"1.001", 4, 2, false}, {"1.10", 4, 1, true},
		{"999999999999999999", 18, 0, true}, {"1000000000000000000", 18, 0, false},
		{"9223372036854775807", 19, 0, true}, {"9999999999999999999", 19, 0, true}, {"10000000000000000000", 19, 0, false},
		{strings.Repeat("9", 100), 100, 0, true}, {"1" + strings.Repeat("0", 100), 100, 0, false}, {"-1" + strings.Repeat("0", 100), 100, 0, false},
		{strings.Repeat("9", 50), 100, 50, true}, {strings.Repeat("9", 51), 100, 50, false},
	} {
		d := codec.MustParseDecimal(c.text)
		_, err := codec.AppendDecimal(nil, d, c.precision, c.scale)
		if fits := err == nil; fits != c.fits || !fits && !errors.Is(err, codec.ErrLogical) {
			t.Errorf("%s in decimal(%d,%d): %v", c.text, c.precision, c.scale, err)
		}
		if err == nil {
			continue
		}
		if d, rescaleErr := d.Rescale(c.scale); rescaleErr == nil { // as if written by somebody who does not look
			b, _ := codec.AppendDecimal(nil, d, c.precision+5, c.scale)
			if _, i := codec.ReadDecimal(string(b), 0, c.precision, c.scale); i != codec.FailLogical {
				t.Errorf("%s is read as decimal(%d,%d): %d", c.text, c.precision, c.scale, i)
			}
		}
	}
	if _, i := codec.ReadDecimal("\x00", 0, 9, 2); i != codec.FailLogical {
		t.Error("no bytes are no number:", i)
	}
	long := "\x80\x80\x80\x01" + strings.Repeat("\x01", 1<<20)
	if _, i := codec.ReadDecimal(long, 0, 9, 2); i != codec.FailLogical {
		t.Error("a megabyte of digits:", i)
	}
	if got, i := codec.ReadDecimal("\x06\x00\x00\x07", 0, 9, 2); i != 4 || got.String() != "0.07" {
		t.Error("needless bytes in front:", got, i)
	}
}

func TestDecimalJSON(t *testing.T) {
	type order struct {
		Total codec.Decimal  `json:"total"`
		Tax   *codec.Decimal `json:"tax"`
	}
	text, err := json.Marshal(order{Total: codec.NewDecimal(-1, 2)})
	if err != nil || string(text) != `{"total":"-0.01","tax":null}` {
		t.Errorf("%s, %v", text, err)
	}
	for text, want := range map[string]string{`{"total":"12.50"}`: "12.50", `{"total":12.50}`: "12.50", `{"total":1e2}`: "100", `{"total":null}`: "0"} {
		var o order
		if err := json.Unmarshal([]byte(text), &o); err != nil || o.Total.String() != want {
			t.Errorf("%s is %s, %v", text, o.Total, err)
		}
	}
	for _, text := range []string{`{"total":"x"}`, `{"total":true}`, `{"total":[]}`} {
		if err := json.Unmarshal([]byte(text), new(order)); err == nil {
			t.Errorf("%s is accepted", text)
		}
	}
}

func TestDecimalLimits(t *testing.T) {
	for _, scale := range []int{-1, codec.MaxDecimalScale + 1} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("scale %d is accepted", scale)
				}
			}()
			codec.NewDecimal(1, scale)
		}()
	}
	if d := codec.NewDecimal(math.MinInt64, 0); d.Neg().String() != "9223372036854775808" {
		t.Error(d.Neg())
	}
	if d := codec.NewDecimal(math.MinInt64, 0); d.Sub(codec.NewDecimal(1, 0)).String() != "-9223372036854775809" {
		t.Error("the smallest less one")
	}
}
