package embedded_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/avow-events/avow/registry/embedded"
)

// wideSchema returns a schema of about 4 kB in the registry's own form.
func wideSchema(name string, fields int) string {
	var b strings.Builder
	fmt.Fprintf(&b, `{"type":"record","name":%q,"namespace":"org.example.bench","doc":"What was measured.","fields":[`, name)
	for i := range fields {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"name":"field%d","type":["null",{"type":"array","items":"string"}],"doc":"Field number %d of many.","default":null}`, i, i)
	}
	b.WriteString("]}")
	return b.String()
}

func benchmarkRequest(b *testing.B, method, path, body string) {
	r := newRegistry(b)
	for i := 1; i <= 3; i++ {
		must(b, r, http.MethodPost, "/subjects/bench-value/versions", schemaBody(wideSchema("Bench", 39+i)))
	}
	server := httptest.NewServer(r)
	b.Cleanup(server.Close)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			request, err := http.NewRequest(method, server.URL+path, strings.NewReader(body))
			if err != nil {
				b.Fatal(err)
			}
			answer, err := server.Client().Do(request)
			if err != nil {
				b.Fatal(err)
			}
			if answer.StatusCode != http.StatusOK {
				b.Fatal(answer.Status)
			}
			if _, err := io.Copy(io.Discard, answer.Body); err != nil {
				b.Fatal(err)
			}
			answer.Body.Close()
		}
	})
}

func BenchmarkByID(b *testing.B) { benchmarkRequest(b, http.MethodGet, "/schemas/ids/1", "") }

func BenchmarkLookup(b *testing.B) {
	benchmarkRequest(b, http.MethodPost, "/subjects/bench-value", schemaBody(wideSchema("Bench", 40)))
}

func BenchmarkCompatibility(b *testing.B) {
	benchmarkRequest(b, http.MethodPost, "/compatibility/subjects/bench-value/versions?verbose=true",
		schemaBody(wideSchema("Bench", 45)))
}

func BenchmarkRegister(b *testing.B) {
	benchmarkRegister(b)
}

// BenchmarkRegisterOnDisk waits for the disk on each request, several of which share one wait.
func BenchmarkRegisterOnDisk(b *testing.B) {
	benchmarkRegister(b, embedded.Data(b.TempDir()))
}

// benchmarkRegister gives 2,000 subjects one new version after another.
func benchmarkRegister(b *testing.B, opts ...embedded.Option) {
	r := newRegistry(b, opts...)
	bodies := make([]string, 20)
	for i := range bodies {
		bodies[i] = schemaBody(wideSchema("Bench", 30+i))
	}
	b.ReportAllocs()
	for i := range b.N {
		subject := fmt.Sprintf("/subjects/bench-%d/versions", i%2000+i/2000/len(bodies)*2000)
		must(b, r, http.MethodPost, subject, bodies[i/2000%len(bodies)])
	}
}

// BenchmarkStart opens a data directory with 50,000 schemas and reports what they take in memory.
func BenchmarkStart(b *testing.B) {
	const schemas = 50_000
	dir := b.TempDir()
	r := newRegistry(b, embedded.Data(dir))
	const workers = 64
	errs := make(chan error, workers)
	for w := range workers {
		go func() {
			for i := w; i < schemas; i += workers {
				text := wideSchema("Event"+strconv.Itoa(i), 20)
				if a := do(r, http.MethodPost, fmt.Sprintf("/subjects/event-%d-value/versions", i), schemaBody(text)); a.Code != http.StatusOK {
					errs <- fmt.Errorf("%d: %s", i, a.Body)
					return
				}
			}
			errs <- nil
		}()
	}
	for range workers {
		if err := <-errs; err != nil {
			b.Fatal(err)
		}
	}
	if err := r.Close(); err != nil {
		b.Fatal(err)
	}
	r = nil
	for b.Loop() {
		before := heap()
		began := time.Now()
		opened := newRegistry(b, embedded.Data(dir))
		b.ReportMetric(float64(time.Since(began).Milliseconds()), "ms/start")
		b.ReportMetric(float64(heap()-before)/1e6, "MB/50k")
		if got := must(b, opened, http.MethodGet, "/subjects?subjectPrefix=event-49999", ""); got != `["event-49999-value"]` {
			b.Fatal(got)
		}
		if err := opened.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
