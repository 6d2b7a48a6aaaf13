package codec_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/avow-events/avow/codec"
)

func TestDuration(t *testing.T) {
	d := codec.Duration{Months: 1, Days: 2, Millis: 3004}
	b := codec.AppendDuration(nil, d)
	if string(b) != "\x01\x00\x00\x00\x02\x00\x00\x00\xbc\x0b\x00\x00" {
		t.Errorf("%x", b)
	}
	if got, i := codec.ReadDuration(string(b), 0); got != d || i != 12 {
		t.Error(got, i)
	}
	if _, i := codec.ReadDuration(string(b[:11]), 0); i != codec.FailTruncated {
		t.Error(i)
	}
	if d.String() != "P1M2DT3.004S" {
		t.Error(d)
	}
}

func ExampleOptional() {
	var none codec.Optional[string]
	some := codec.Some("here")
	_, ok := none.Get()
	text, _ := json.Marshal([]codec.Optional[string]{none, some})
	fmt.Println(none.Or("nowhere"), some.Or("nowhere"), ok, string(text))
	// Output: nowhere here false [null,"here"]
}

func TestOptionalJSON(t *testing.T) {
	type event struct {
		Note codec.Optional[string]     `json:"note"`
		Null codec.Null                 `json:"null"`
		Deep codec.Optional[codec.Null] `json:"deep"`
	}
	e := event{Note: codec.Some("old")}
	if err := json.Unmarshal([]byte(` {"note": null} `), &e); err != nil || e.Note.Set || e.Note.Value != "" {
		t.Error(e, err)
	}
	if err := json.Unmarshal([]byte(`{"note":"x"}`), &e); err != nil || e.Note != codec.Some("x") {
		t.Error(e, err)
	}
	if err := json.Unmarshal([]byte(`{"note":1}`), &e); err == nil || e.Note.Set {
		t.Error(e, err)
	}
	if text, err := json.Marshal(event{}); err != nil || string(text) != `{"note":null,"null":null,"deep":null}` {
		t.Errorf("%s, %v", text, err)
	}
}

func TestAt(t *testing.T) {
	err := codec.At(codec.ErrUTF8, "name")
	err = codec.At(err, "items", 3)
	err = codec.At(err, "by_day", codec.Key("mon \"day\""))
	err = codec.At(err)
	if want := `avro: by_day["mon \"day\""].items[3].name: string is not UTF-8`; err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	var e *codec.Error
	if !errors.As(err, &e) || e.Offset != -1 || !errors.Is(err, codec.ErrUTF8) {
		t.Errorf("%#v", err)
	}
	if got := codec.At(codec.At(codec.ErrUnset, 0, 1), "grid").Error(); got != "avro: grid[0][1]: required value is not set" {
		t.Error(got)
	}
}

// A path as long as a message makes it is not repeated whole in every line of a log.
func TestLongPath(t *testing.T) {
	err := codec.At(codec.ErrUnset, codec.Key(strings.Repeat("ä", 10_000)), "name")
	want := `avro: ["` + strings.Repeat("ä", 49) + "…" + strings.Repeat("ä", 46) + `"].name: required value is not set`
	if err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	var e *codec.Error
	if !errors.As(err, &e) || len(e.Path) != 20_009 {
		t.Errorf("a path of %d bytes", len(e.Path))
	}
}
