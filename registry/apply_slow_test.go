package registry_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/avow-events/avow/registry"
)

// A registry that does its work and answers too late leaves nobody in doubt for long: the error says that the step may
// have happened, and the next plan finds it done.
func TestApplyWithASlowRegistry(t *testing.T) {
	s := embed(t)
	n := 0
	slow := connect(t, s.URL, registry.Timeout(30*time.Millisecond), registry.Retries(0, 1), registry.Transport(roundTripper(func(r *http.Request) (*http.Response, error) {
		resp, err := http.DefaultTransport.RoundTrip(r.Clone(t.Context()))
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/versions") {
			if n++; n > 1 {
				<-r.Context().Done()
				return nil, r.Context().Err()
			}
		}
		return resp, err
	})))
	fast := connect(t, s.URL)
	p := plan(t, fast, load(t, nil))
	err := p.Apply(t.Context(), slow, nil)
	var stopped *registry.ApplyError
	if !errors.As(err, &stopped) || !errors.Is(err, registry.ErrUnavailable) || !strings.Contains(err.Error(), "nothing within 30ms") ||
		!strings.Contains(err.Error(), "steps done: 1, not begun: 6, whether this one happened is not known; run it again") {
		t.Fatalf("got %v", err)
	}
	if left := len(plan(t, fast, load(t, nil)).Changes()); left != len(p.Changes())-2 {
		t.Errorf("%d changes left of %d: the step that timed out was done", left, len(p.Changes()))
	}
	apply(t, fast, plan(t, fast, load(t, nil)))
	for _, subject := range []string{"shop.Country", "shop.Address", "shop.Money", "orders-value", "archive-value", "payments-value"} {
		if got, err := fast.Versions(t.Context(), subject); err != nil || len(got) != 1 {
			t.Errorf("%s has versions %v, %v", subject, got, err)
		}
	}
}
