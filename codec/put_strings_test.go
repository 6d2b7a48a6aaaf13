package codec

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
)

// readStrings reads what PutStrings writes.
func readStrings(t *testing.T, b []byte) map[string]string {
	t.Helper()
	text, i, s := string(b), 0, &State{}
	m := map[string]string{}
	for n, end := 0, 0; ; {
		if n, i, end = ReadBlock(text, i, 0, end, 2); n == 0 {
			break
		}
		for ; n > 0; n-- {
			var key, item string
			key, i = ReadString(text, i, s)
			item, i = ReadString(text, i, s)
			if _, twice := m[key]; twice {
				t.Errorf("%q twice", key)
			}
			m[key] = item
		}
	}
	if i != len(text) {
		t.Errorf("read up to %d of %d bytes", i, len(text))
	}
	return m
}

func written(t *testing.T, m map[string]string) []byte {
	t.Helper()
	w := NewWriter(nil)
	i := w.PutStrings(0, m)
	for w.Short(i) {
		i = w.PutStrings(0, m)
	}
	b, err := w.Done(nil, i, nil)
	if err != nil {
		t.Error(err)
	}
	return b
}

// A map is written whole whatever happened to it before: entries added, replaced and deleted, all of them cleared, made
// with room, on the stack or not.
func TestPutStrings(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	small, ranged := 0, 0
	for k := range 20_000 {
		var m map[string]string
		switch k % 3 {
		case 0:
			m = map[string]string{}
		case 1:
			m = make(map[string]string, r.IntN(20))
		}
		for range r.IntN(5) {
			if m == nil {
				break
			}
			for range r.IntN(10) {
				m[fmt.Sprint(r.IntN(15))] = strings.Repeat("x", r.IntN(40))
			}
			for range r.IntN(8) {
				delete(m, fmt.Sprint(r.IntN(15)))
			}
			if r.IntN(10) == 0 {
				clear(m)
			}
			if got := readStrings(t, written(t, m)); !maps.Equal(got, m) {
				t.Fatalf("%v is read as %v", m, got)
			}
		}
		if len(m) == 0 {
			if b := written(t, m); len(b) != 1 || b[0] != 0 {
				t.Fatalf("no entries are %x", b)
			}
			continue
		}
		if _, full := smallMapOf(m); full != 0 {
			small++
		} else {
			ranged++
		}
	}
	if ranged < 1000 {
		t.Errorf("%d small maps, %d others", small, ranged)
	}
	onStack := map[string]string{"a": "b", "c": strings.Repeat("d", 100)}
	if got := readStrings(t, written(t, onStack)); len(got) != 2 || got["a"] != "b" || len(got["c"]) != 100 {
		t.Error(got)
	}
}

// A release of Go that was not looked at yet has to be, or maps take longer: see put_strings_small.go.
func TestSmallMaps(t *testing.T) {
	if runtime.GOARCH != "amd64" && runtime.GOARCH != "arm64" {
		t.Skip("small maps are ranged over on " + runtime.GOARCH)
	}
	m := map[string]string{}
	for n := range 8 {
		m[fmt.Sprint("key ", n)] = fmt.Sprint("item ", n)
		entries, full := smallMapOf(m)
		if full == 0 {
			t.Skipf("small maps are ranged over with %s: read internal/runtime/maps of this release, then extend the build tags of put_strings_small.go and put_strings_range.go", runtime.Version())
		}
		found := map[string]string{}
		for k, slot := range entries.slots {
			if full>>(8*k+7)&1 == 1 {
				found[slot.key] = slot.item
			}
		}
		if !maps.Equal(found, m) {
			t.Fatalf("%v is found as %v", m, found)
		}
	}
}
