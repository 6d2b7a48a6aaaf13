package embedded

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// Whatever came and went, holders are known by their subjects and stand in the order of the hash map.
func TestHolders(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for _, subjects := range []int{5, 20, 300} {
		var h holders
		versions := map[string]int{}
		var order []string // as they came
		for range 20 * subjects {
			subject, version := fmt.Sprint("subject-", r.IntN(subjects)), 1+r.IntN(2)
			if r.IntN(3) > 0 {
				if versions[subject] == 0 {
					order = append(order, subject)
				}
				h.set(subject, version)
				versions[subject] = version
			} else {
				h.drop(subject, version)
				if versions[subject] == version {
					delete(versions, subject)
					order = slices.DeleteFunc(order, func(s string) bool { return s == subject })
				}
			}
			wanted := slices.Clone(order)
			slices.SortStableFunc(wanted, func(a, b string) int {
				return cmp.Compare(bucketJava(hashJava(a), h.table), bucketJava(hashJava(b), h.table))
			})
			got := h.all()
			if len(got) != len(wanted) || len(got) > 0 && h.first() != got[0] {
				t.Fatalf("%d holders %v, want %v", subjects, got, wanted)
			}
			for i, o := range got {
				if o.subject != wanted[i] || o.version != versions[o.subject] {
					t.Fatalf("holder %d is %v, want version %d of %s", i, o, versions[wanted[i]], wanted[i])
				}
			}
			if found, ok := h.version(subject); ok != (versions[subject] > 0) || found != versions[subject] {
				t.Fatalf("%s has version %d, want %d", subject, found, versions[subject])
			}
		}
	}
}
