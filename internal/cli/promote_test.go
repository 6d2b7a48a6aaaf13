package cli_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/avow-events/avow/registry"
	"github.com/avow-events/avow/registry/embedded"
)

// A registry that goes away once everything is there leaves a subject in mode IMPORT. The next promotion has nothing to
// bring, and ends the mode.
func TestPromotionEndsTheModeThatAnotherLeft(t *testing.T) {
	var down atomic.Bool
	serve := func(dies bool) (string, *registry.Client) {
		r, err := embedded.New()
		if err != nil {
			t.Fatal(err)
		}
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
			if dies && down.Load() {
				panic(http.ErrAbortHandler)
			}
			r.ServeHTTP(w, req)
			if dies && req.Method == http.MethodPost && req.URL.Path == "/subjects/shop.Money/versions" {
				down.Store(true)
			}
		}))
		t.Cleanup(s.Close)
		c, err := registry.New(s.URL)
		if err != nil {
			t.Fatal(err)
		}
		return s.URL, c
	}
	fromURL, from := serve(false)
	toURL, to := serve(true)
	if _, err := from.Register(t.Context(), "shop.Money", `"long"`); err != nil {
		t.Fatal(err)
	}
	repository(t, map[string]string{
		"avow.yaml": fmt.Sprintf("version: v1\nenvironments: {old: {registry: %q}, new: {registry: %q}}\n", fromURL, toURL),
	})
	code, _, stderr := run(t, "promote", "--from", "old", "--to", "new", "--same-ids", "--timeout", "200ms")
	want := "subject shop.Money stays in mode IMPORT until the next promotion with the same ids, or DELETE /mode/shop.Money: "
	if code != 1 || !strings.Contains(stderr, want) {
		t.Errorf("exit code %d, stderr lacks %q:\n%s", code, want, stderr)
	}

	down.Store(false)
	if mode, err := to.Mode(t.Context(), "shop.Money"); err != nil || mode != registry.Import {
		t.Fatalf("the mode is %s, %v", mode, err)
	}
	code, stdout, stderr := run(t, "promote", "--from", "old", "--to", "new", "--same-ids")
	if code != 0 || !strings.HasPrefix(stdout, "No changes.") || stderr != "✓ an earlier promotion had left these in mode IMPORT, and they no longer are: shop.Money\n" {
		t.Errorf("exit code %d\n%s%s", code, stdout, stderr)
	}
	if mode, err := to.Mode(t.Context(), "shop.Money"); err != nil || mode != registry.ReadWrite {
		t.Errorf("the mode is %s, %v", mode, err)
	}

	if _, err := from.Register(t.Context(), "shop.Price", `"int"`); err != nil {
		t.Fatal(err)
	}
	if _, err := to.Register(t.Context(), "other", `"string"`); err != nil {
		t.Fatal(err)
	}
	code, stdout, _ = run(t, "promote", "--from", "old", "--to", "new", "--same-ids")
	if code != 100 || !strings.Contains(stdout, "id 2 belongs to another schema in new") {
		t.Errorf("exit code %d\n%s", code, stdout)
	}
}
