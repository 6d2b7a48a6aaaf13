package config_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/config"
)

func TestApprovals(t *testing.T) {
	got, err := config.ParseApprovals("a.yaml", []byte(`version: v1
approvals:
  - rule: CONTRACT_REMOVED
    contract: shop.users.UserRegistered
    reason: nobody reads it any more
    owner: team-users
    expires: 2026-12-31
`))
	if err != nil {
		t.Fatal(err)
	}
	want := []config.Approval{{
		Pos: avsc.Pos{File: "a.yaml", Line: 3, Col: 5}, Rule: "CONTRACT_REMOVED", Contract: "shop.users.UserRegistered",
		Reason: "nobody reads it any more", Owner: "team-users", Expires: time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC),
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("approvals (-want +got):\n%s", diff)
	}
	for day, expired := range map[string]bool{"2026-12-31T23:59:59Z": false, "2027-01-01T00:00:00Z": true} {
		at, _ := time.Parse(time.RFC3339, day)
		if got[0].Expired(at) != expired {
			t.Errorf("at %s expired is %t", day, !expired)
		}
	}
	if got, err := config.LoadApprovals("there-is-none.yaml"); got != nil || err != nil {
		t.Errorf("without a file: %v, %v", got, err)
	}
}

func TestApprovalsAreReadStrictly(t *testing.T) {
	const whole = "version: v1\napprovals:\n  - {rule: R, contract: C, reason: r, owner: o, expires: 2026-12-31}\n"
	for name, c := range map[string]struct{ text, want string }{
		"unknown key":    {strings.Replace(whole, "owner", "onwer", 1), `a.yaml:3:39: unknown key "onwer", did you mean "owner"?`},
		"missing reason": {strings.Replace(whole, "reason: r, ", "", 1), `"reason" is missing`},
		"no day":         {strings.Replace(whole, "2026-12-31", "31.12.2026", 1), `"31.12.2026" is no day, write it as 2026-12-31`},
		"no version":     {strings.Replace(whole, "version: v1\n", "", 1), "add `version: v1`"},
		"empty":          {"", "the file is empty"},
		"no YAML":        {"a: [", "a.yaml:1:"},
	} {
		if _, err := config.ParseApprovals("a.yaml", []byte(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}
