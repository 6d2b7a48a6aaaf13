package embedded_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
)

// text is a schema with what the real server makes of it.
type text struct {
	ID             string          `json:"id"`
	Schema         json.RawMessage `json:"schema"`
	String         string          `json:"string"` // how it is stored
	GUID           string          `json:"guid"`
	Stored         string          `json:"stored"`
	Normalized     string          `json:"normalized"`
	NormalizedGUID string          `json:"normalized_guid"`
}

// TestTexts registers schemas, each under a subject of its own, and looks at how they are stored and identified.
func TestTexts(t *testing.T) {
	r := newRegistry(t)
	registered := 0
	// Not all of them would pass as new.
	must(t, r, http.MethodPut, "/config", `{"validateNewSchemas":false}`)
	register := func(s text, query, wantText, wantGUID string) {
		t.Helper()
		registered++
		body, err := json.Marshal(map[string]string{"schema": string(s.Schema)})
		if err != nil {
			t.Fatal(err)
		}
		var got struct{ GUID, Schema string }
		answer := do(r, http.MethodPost, fmt.Sprintf("/subjects/s%d/versions%s", registered, query), string(body))
		if err := json.Unmarshal(answer.Body.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		if wantText == "" && answer.Code == http.StatusUnprocessableEntity {
			return // the real server cannot read its own normalized text
		}
		if got.Schema != wantText || wantGUID != "" && got.GUID != wantGUID {
			t.Errorf("%s:\n got %s %s\nwant %s %s", s.ID, got.GUID, got.Schema, wantGUID, wantText)
		}
	}
	for _, s := range readLines[text](t, "../../avsc/testdata/canonical.jsonl.gz") {
		register(s, "", s.String, s.GUID)
	}
	for _, s := range readLines[text](t, "../../avsc/testdata/normalized.jsonl.gz") {
		register(s, "", s.Stored, "")
		register(s, "?normalize=true", s.Normalized, s.NormalizedGUID)
	}
	if registered < 800 {
		t.Errorf("registered %d", registered)
	}
}
