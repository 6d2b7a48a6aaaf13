package clients_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-events/avow/interop/internal/dev"
)

// The schemas that every client registers: a group refers to users, and a club to both.
const (
	userV1  = `{"type":"record","name":"User","namespace":"shop","fields":[{"name":"name","type":"string"}]}`
	userV2  = `{"type":"record","name":"User","namespace":"shop","fields":[{"name":"name","type":"string"},{"name":"age","type":"int","default":0}]}`
	userBad = `{"type":"record","name":"User","namespace":"shop","fields":[{"name":"name","type":"int"}]}`
	group   = `{"type":"record","name":"Group","namespace":"shop","fields":[{"name":"members","type":{"type":"array","items":"User"}}]}`
	club    = `{"type":"record","name":"Club","namespace":"shop","fields":[{"name":"group","type":"Group"},{"name":"owner","type":"User"}]}`
)

// callSchemas are the schemas by the names that bridges know them by.
var callSchemas = map[string]string{
	"userV1": userV1, "userV2": userV2, "userBad": userBad, "group": group, "club": club,
	"userWritten": strings.ReplaceAll(userV1, `"string"`, ` {"type": "string"} `) + "\n",
}

// answers are what a client made of a registry, by the step. Every client takes the same steps, as far as it knows them:
// registers users-value, groups and clubs, reads them back, and deletes all.
type answers struct {
	Registered []int    `json:"registered"` // ids of userV1, userWritten and userV2
	Compatible []bool   `json:"compatible"` // userV2 and userBad with userV1
	Refused    int      `json:"refused"`    // HTTP status for userBad
	Latest     []int    `json:"latest"`     // version and id
	Versions   []int    `json:"versions"`
	LookedUp   int      `json:"lookedUp"`   // id of userV1
	ByID       string   `json:"byID"`       // of userV2
	Referring  []int    `json:"referring"`  // ids of group and club
	References []string `json:"references"` // of club, as name@subject:version
	Level      string   `json:"level"`      // after it was set
	Subjects   []string `json:"subjects"`
	Deleted    []int    `json:"deleted"`   // version 1 of users-value, softly and for good
	Undeleted  int      `json:"undeleted"` // HTTP status for users-value, which is referred to
	Left       []string `json:"left"`      // subjects, after all were deleted for good
}

var wantAnswers = answers{
	Registered: []int{1, 1, 2},
	Compatible: []bool{true, false},
	Refused:    409,
	Latest:     []int{2, 2},
	Versions:   []int{1, 2},
	LookedUp:   1,
	ByID:       userV2,
	Referring:  []int{3, 4},
	References: []string{"shop.Group@groups:1", "shop.User@users-value:2"},
	Level:      "FULL",
	Subjects:   []string{"clubs", "groups", "users-value"},
	Deleted:    []int{1, 1},
	Undeleted:  422,
	Left:       []string{},
}

// callAll has a bridge take the steps; lacking takes away what its client has no call for.
func callAll(t *testing.T, b bridge, lacking func(*answers)) {
	t.Helper()
	lines := b.run(t, job{Do: "call", Registry: dev.Serve(t), Schemas: callSchemas}, nil)
	if len(lines) != 1 {
		t.Fatalf("got %d lines", len(lines))
	}
	var got answers
	if err := json.Unmarshal(lines[0].Value, &got); err != nil {
		t.Fatal(err)
	}
	want := wantAnswers
	if lacking != nil {
		lacking(&want)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want (-), got (+):\n%s", diff)
	}
}
