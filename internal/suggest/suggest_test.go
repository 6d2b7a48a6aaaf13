package suggest_test

import (
	"testing"

	"github.com/avow-events/avow/internal/suggest"
)

func TestClosest(t *testing.T) {
	words := []string{"generate", "compat", "consume", "produce", "dev", "BACKWARD", "BACKWARD_TRANSITIVE"}
	for _, tt := range []struct{ word, want string }{
		{"genrate", "generate"},
		{"generaet", "generate"},
		{"gen", "generate"},
		{"con", "consume"},
		{"ge", ""},
		{"compta", "compat"},
		{"dve", "dev"},
		{"backwards", "BACKWARD"},
		{"BACKWARD_TRANSITVE", "BACKWARD_TRANSITIVE"},
		{"publish", ""},
		{"", ""},
	} {
		if got := suggest.Closest(tt.word, words); got != tt.want {
			t.Errorf("Closest(%q) = %q, want %q", tt.word, got, tt.want)
		}
	}
}

func TestDidYouMean(t *testing.T) {
	if got, want := suggest.DidYouMean("shcemas", []string{"out", "schemas"}), `, did you mean "schemas"?`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := suggest.DidYouMean("nothing-like-it", []string{"out", "schemas"}); got != "" {
		t.Errorf("got %q, want nothing", got)
	}
}
