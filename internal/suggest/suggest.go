// Package suggest finds the word that somebody meant: a flag, a command, a key of avow.yaml, the name of a type. It
// only compares words; what to do about one that is not known is up to the caller.
package suggest

import (
	"fmt"
	"strings"
)

// Closest returns the candidate that is nearest to word, upper and lower case aside: the fewest letters typed wrong,
// left out, added or swapped, or what a word of three or more letters begins. It returns "" where none is near enough
// to be what was meant. Of equally near ones the first counts.
func Closest(word string, candidates []string) string {
	best, bestDistance := "", 1+len(word)/4
	for _, c := range candidates {
		d := Distance(word, c, bestDistance)
		if len(word) >= 3 && strings.HasPrefix(strings.ToLower(c), strings.ToLower(word)) {
			d = min(d, 1)
		}
		if d < bestDistance || d == bestDistance && best == "" {
			best, bestDistance = c, d
		}
	}
	return best
}

// DidYouMean returns what an error message about an unknown word adds: `, did you mean "generate"?`, or nothing.
func DidYouMean(word string, candidates []string) string {
	if c := Closest(word, candidates); c != "" {
		return fmt.Sprintf(", did you mean %q?", c)
	}
	return ""
}

// Distance counts the letters to change, insert, delete or swap with their neighbour to turn a into b, upper and lower
// case aside. Beyond limit it returns some number above limit.
func Distance(a, b string, limit int) int {
	if abs(len(a)-len(b)) > limit {
		return limit + 1
	}
	a, b = strings.ToLower(a), strings.ToLower(b)
	// Three rows of the usual table: the current one and, for a swap, the two before it.
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}
