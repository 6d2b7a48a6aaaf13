package wire_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/avow-events/avow/internal/wire"
)

// The record {"a":"hi"} as four independent clients wrote it, by prefix and by header.
const (
	prefixed = "0000000001046869"
	header   = "0189791762a47d4b5c9d9f0a3d5f3a6b21"
)

func TestPrefixIsWhatOtherClientsWrite(t *testing.T) {
	got := append(wire.AppendPrefix(nil, 1), 0x04, 'h', 'i')
	if hex.EncodeToString(got) != prefixed {
		t.Errorf("got %x, want %s", got, prefixed)
	}
	id, payload, err := wire.ParsePrefix(got)
	if err != nil || id != 1 || string(payload) != "\x04hi" {
		t.Errorf("ParsePrefix = %d, %q, %v", id, payload, err)
	}
}

func TestHeader(t *testing.T) {
	content, _ := hex.DecodeString(header)
	ref, err := wire.ParseHeader(content)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := ref.String(), "schema guid 89791762-a47d-4b5c-9d9f-0a3d5f3a6b21"; got != want || !ref.IsGUID() {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := wire.AppendHeader([]byte("x"), ref); !bytes.Equal(got, append([]byte("x"), content...)) {
		t.Errorf("AppendHeader = %x", got)
	}

	ref, err = wire.ParseHeader([]byte{0, 0, 0, 1, 2})
	if err != nil || ref != (wire.Ref{ID: 258}) || ref.IsGUID() {
		t.Errorf("header with an id: %v, %v", ref, err)
	}
	if got := wire.AppendHeader(nil, ref); !bytes.Equal(got, []byte{0, 0, 0, 1, 2}) {
		t.Errorf("AppendHeader = %x", got)
	}
}

func TestErrorsSayWhatWasThere(t *testing.T) {
	for _, tc := range []struct{ name, record, want string }{
		{"empty", "", "record is empty"},
		{"short", "\x00\x00\x00", "3 bytes (000000), shorter than the prefix of 5 bytes"},
		{"json", `{"id":1}`, "first byte is 0x7b, not 0x00: looks like JSON"},
		{"json, indented", "\n [1,2]", "first byte is 0x0a, not 0x00: looks like JSON"},
		{"text", "order-1", "first byte is 0x6f, not 0x00: looks like plain text"},
		{"cut inside a rune", strings.Repeat("é", 40), "looks like plain text"},
		{"container", "Obj\x01\x04\x14avro.codec", "looks like an Avro object container file"},
		{"single object", "\xc3\x01\x00\x01", "looks like Avro's single-object encoding"},
		{"guid before the payload", "\x01" + strings.Repeat("g", 16), "belongs into the header __value_schema_id"},
		{"gzip", "\x1f\x8b\x08\x00", "looks like gzip"},
		{"binary", "\xff\x00\x01", "first byte is 0xff, not 0x00"},
		{"zero id", "\x00\x00\x00\x00\x00payload", "schema id 0, ids count from 1"},
		{"negative id", "\x00\xff\xff\xff\xff", "schema id -1, ids count from 1"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, _, err := wire.ParsePrefix([]byte(tc.record))
			if !errors.Is(err, wire.ErrFraming) || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want it to say %q", err, tc.want)
			}
		})
	}
	for _, tc := range []struct{ name, content, want string }{
		{"empty", "", "holds 0 bytes"},
		{"guid cut short", "\x01abc", "holds 4 bytes (01616263)"},
		{"too long", "\x00" + strings.Repeat("x", 40), "holds 41 bytes (007878"},
		{"no guid", "\x01" + strings.Repeat("\x00", 16), "a GUID of zeros"},
		{"no id", "\x00\x00\x00\x00\x00", "schema id 0"},
	} {
		t.Run("header "+tc.name, func(t *testing.T) {
			_, err := wire.ParseHeader([]byte(tc.content))
			if !errors.Is(err, wire.ErrFraming) || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want it to say %q", err, tc.want)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"", "\x00", "\x00\x00\x00\x00\x01", "\x00\x7f\xff\xff\xff\x02", "\x00\x80\x00\x00\x00", `{"a":1}`, "Obj\x01",
		"\x01" + strings.Repeat("\x00", 16), "\x01" + strings.Repeat("\xff", 16), "\xff\xfe", "\xc3\x01", " ",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		id, payload, err := wire.ParsePrefix(b)
		if err == nil {
			if again := append(wire.AppendPrefix(nil, id), payload...); !bytes.Equal(again, b) {
				t.Errorf("prefix %x became %x", b, again)
			}
		} else if !errors.Is(err, wire.ErrFraming) {
			t.Errorf("error without ErrFraming: %v", err)
		}

		ref, err := wire.ParseHeader(b)
		if err == nil {
			if again := wire.AppendHeader(nil, ref); !bytes.Equal(again, b) {
				t.Errorf("header %x became %x", b, again)
			}
			if ref.IsGUID() == (ref.GUID == uuid.Nil) || ref.String() == "" {
				t.Errorf("inconsistent %v", ref)
			}
		} else if !errors.Is(err, wire.ErrFraming) {
			t.Errorf("error without ErrFraming: %v", err)
		}
	})
}
