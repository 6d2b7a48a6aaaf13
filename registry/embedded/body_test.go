package embedded_test

import (
	"encoding/json"
	"net/http"
	"testing"
)

// boundBody is a line of testdata/jackson.jsonl.gz: what Jackson 2.21, which the real server reads bodies with, says of a
// body when it binds it to one of the server's classes.
type boundBody struct {
	To     string `json:"to"`
	Body   string `json:"body"`
	Base64 []byte `json:"base64"`
	// Says is OK for what can be bound, NULL for nothing.
	Says string `json:"says"`
}

// TestBodies sends each body where it is bound to that class.
func TestBodies(t *testing.T) {
	r := newRegistry(t)
	must(t, r, http.MethodPost, "/subjects/s/versions", schemaBody(`"int"`))
	read := 0
	for _, b := range readLines[boundBody](t, "testdata/jackson.jsonl.gz") {
		read++
		text := b.Body + string(b.Base64)
		target := map[string][2]string{
			"register": {http.MethodPost, "/subjects/s"}, "config": {http.MethodPut, "/config/c"}, "mode": {http.MethodPut, "/mode/c"},
			"tags": {http.MethodPost, "/subjects/s/versions/1/tags"}, "map": {http.MethodPost, "/"},
		}[b.To]
		w := do(r, target[0], target[1], text)
		var got struct {
			Code    int `json:"error_code"`
			Message string
		}
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
			t.Fatalf("%s %q: %s %v", b.To, text, w.Body, err)
		}
		switch b.Says {
		case "OK":
			if w.Code == http.StatusBadRequest {
				t.Errorf("%s %q: refused: %s", b.To, text, got.Message)
			}
		case "NULL":
			if b.To != "map" && got.Code != 422 {
				t.Errorf("%s %q: %d %s", b.To, text, w.Code, w.Body)
			}
		default:
			if got.Code != http.StatusBadRequest || got.Message != b.Says {
				t.Errorf("%s %q:\n got %d %s\nwant %s", b.To, text, got.Code, got.Message, b.Says)
			}
		}
	}
	if read < 1000 {
		t.Errorf("read %d bodies", read)
	}
}
