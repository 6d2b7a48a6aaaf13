package source_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-events/avow/internal/source"
)

// Each text that a contract had is a version, also where a type that it refers to changed, the file moved or a branch
// was merged; a commit that changes nothing of it is none.
func TestVersionsFollowAContract(t *testing.T) {
	dir := newRepo(t)
	commit(t, dir, map[string]string{
		"s/Money.avsc": record("Money", field("v1", `"int"`)),
		"s/Order.avsc": record("Order", field("total", `"Money"`)),
		"s/Other.avsc": record("Other"),
	})
	commit(t, dir, map[string]string{"s/Other.avsc": record("Other", field("o", `"int"`))})
	commit(t, dir, map[string]string{"s/Money.avsc": record("Money", field("v2", `"int"`))})
	run(t, dir, "checkout", "-q", "-b", "side")
	commit(t, dir, map[string]string{"s/Order.avsc": record("Order", field("total", `"Money"`), field("side1", `"int"`))})
	commit(t, dir, map[string]string{"s/Order.avsc": record("Order", field("total", `"Money"`), field("side2", `"int"`))})
	run(t, dir, "checkout", "-q", "main")
	commit(t, dir, map[string]string{"readme": "x"})
	run(t, dir, "merge", "-q", "--no-ff", "--no-edit", "side")
	commit(t, dir, map[string]string{"s/Order.avsc": "", "s/orders/Order.avsc": "\n" + record("Order", field("total", `"Money"`), field("side2", `"int"`))})
	commit(t, dir, map[string]string{"s/Money.avsc": "{ broken"})
	commit(t, dir, map[string]string{"s/Money.avsc": record("Money", field("v3", `"int"`))})

	repo := open(t)
	for _, like := range []bool{false, true} {
		var now *source.Tree
		if like {
			var err error
			if now, err = source.Dir("s"); err != nil {
				t.Fatal(err)
			}
		}
		histories, err := repo.Versions(context.Background(), resolve(t, repo, "HEAD"), "s", []string{"Order", "Other", "Nobody"}, now)
		if err != nil {
			t.Fatal(err)
		}
		got := make(map[string][]string)
		for name, history := range histories {
			for _, v := range history.Versions {
				got[name] = append(got[name], v.Schema.SelfContained())
			}
		}
		order := func(money, fields string) string {
			return `{"type":"record","name":"Order","fields":[{"name":"total","type":{"type":"record","name":"Money","fields":[{"name":"` +
				money + `","type":"int"}]}}` + fields + `]}`
		}
		side := `,{"name":"side2","type":"int"}`
		want := map[string][]string{
			"Order": {order("v3", side), order("v2", side), order("v2", ""), order("v1", "")},
			"Other": {`{"type":"record","name":"Other","fields":[{"name":"o","type":"int"}]}`, `{"type":"record","name":"Other","fields":[]}`},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("versions (-want +got):\n%s", diff)
		}
		if got := histories["Order"].Versions[0].Label; got[:5] != "HEAD@" {
			t.Errorf("the newest is called %s", got)
		}
		gaps := histories["Order"].Gaps
		if len(gaps) != 1 || gaps[0].Problem.Pos.File != "s/Money.avsc" || !strings.HasPrefix(gaps[0].Label, "the version before ") {
			t.Errorf("gaps of Order: %+v", gaps)
		}
		if gaps := histories["Other"].Gaps; gaps != nil {
			t.Errorf("gaps of Other: %+v", gaps)
		}
	}
}
