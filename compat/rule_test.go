package compat_test

import (
	"regexp"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/compat"
	"github.com/avow-events/avow/internal/finding"
)

// tree loads files given as name and text.
func tree(t testing.TB, files map[string]string) *avsc.Set {
	t.Helper()
	fsys := make(fstest.MapFS)
	for name, text := range files {
		if text != "" {
			fsys[name] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	set, err := avsc.LoadRegistered(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// findings compares two trees at a level.
func findings(t testing.TB, level compat.Level, old, next map[string]string) []finding.Finding {
	t.Helper()
	var all []finding.Finding
	for _, c := range compat.Match(tree(t, old), tree(t, next)) {
		c.Level = level
		all = append(all, c.Findings()...)
	}
	return all
}

// Every rule finds its bad case and nothing in its good one, and says all that a finding must say.
func TestRulesKeepTheirCases(t *testing.T) {
	id := regexp.MustCompile(`^[A-Z]+(_[A-Z]+)+$`)
	seen := make(map[string]bool)
	for _, rule := range compat.Rules() {
		t.Run(rule.ID, func(t *testing.T) {
			if !id.MatchString(rule.ID) || seen[rule.ID] {
				t.Errorf("%q is no rule id, or not the only one", rule.ID)
			}
			seen[rule.ID] = true
			if rule.Purpose == "" || rule.Why == "" || rule.Repair == "" || rule.Bad == (finding.Case{}) || rule.Good == (finding.Case{}) {
				t.Errorf("incomplete: %+v", rule)
			}
			file := func(text string) map[string]string { return map[string]string{"a.avsc": text} }
			hits := 0
			for _, f := range findings(t, compat.Backward, file(rule.Bad.Old), file(rule.Bad.New)) {
				if f.Rule != rule.ID {
					continue
				}
				hits++
				if f.Severity != rule.Severity {
					t.Errorf("severity %s, the rule says %s", f.Severity, rule.Severity)
				}
				if f.Message == "" || f.Fix == "" || f.Subject == "" || rule.Bad.Old != "" && !f.OldPos.IsValid() || !f.Pos.IsValid() && rule.ID != compat.ContractRemoved {
					t.Errorf("incomplete: %+v", f)
				}
			}
			if hits != 1 {
				t.Errorf("%d findings in the bad case", hits)
			}
			for _, f := range findings(t, compat.Backward, file(rule.Good.Old), file(rule.Good.New)) {
				if f.Rule == rule.ID {
					t.Errorf("found in the good case: %s", f.Message)
				}
			}
		})
	}
}

// The findings of fixed rules are the verdict: of the same types as Java's list, on every vector.
func TestFindingsFollowTheVerdict(t *testing.T) {
	rules := make(map[string]finding.Rule)
	for _, r := range compat.Rules() {
		rules[r.ID] = r
	}
	for _, name := range pairFiles {
		for _, v := range readVectors[vectorPair](t, name) {
			for level, want := range map[compat.Level]answer{compat.Backward: v.Backward, compat.Forward: v.Forward} {
				c := compat.Change{Name: v.ID, Old: parse(t, string(v.Old)), New: parse(t, string(v.New)), Level: level}
				wanted, got := make(map[string]bool), make(map[string]bool)
				for _, i := range want.Incompatibilities {
					wanted[i.Type] = true
				}
				if want.Error != "" {
					wanted[compat.AmbiguousAlias] = true
				}
				for _, f := range c.Findings() {
					rule := rules[f.Rule]
					if rule.Fixed {
						got[f.Rule] = true
					}
					if f.Message == "" || f.Fix == "" || !f.Pos.IsValid() || rule.Bad.Old != "" && !f.OldPos.IsValid() {
						t.Errorf("%s: incomplete: %+v", v.ID, f)
					}
				}
				if diff := cmp.Diff(wanted, got); diff != "" {
					t.Errorf("%s at %s (-Java's list +findings):\n%s", v.ID, level, diff)
				}
			}
		}
	}
}
