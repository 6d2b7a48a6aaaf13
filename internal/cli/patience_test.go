package cli

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func TestPatience(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0") // as a Kafka broker is to HTTP
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	answers := httptest.NewServer(http.NotFoundHandler())
	defer answers.Close()

	ask := func(url string) []string {
		told := make(chan string, 10)
		ctx, stop := withPatience(t.Context(), 20*time.Millisecond, func(address string) { told <- address })
		defer stop()
		for range 2 {
			ctx, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
			if err != nil {
				t.Fatal(err)
			}
			if resp, err := http.DefaultClient.Do(req); err == nil {
				resp.Body.Close()
			}
			time.Sleep(50 * time.Millisecond)
			cancel()
		}
		close(told)
		var out []string
		for address := range told {
			out = append(out, address)
		}
		return out
	}
	if told := ask("http://" + silent.Addr().String()); len(told) != 1 || told[0] != silent.Addr().String() {
		t.Errorf("of a silent address %q was told, want it once", told)
	}
	if told := ask(answers.URL); len(told) != 0 {
		t.Errorf("of a server that answers %q was told", told)
	}
}
