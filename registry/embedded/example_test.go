package embedded_test

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/avow-events/avow/registry/embedded"
)

// A test of a service needs no more than a registry behind httptest.
func Example() {
	registry, err := embedded.New()
	if err != nil {
		log.Fatal(err)
	}
	defer registry.Close()
	server := httptest.NewServer(registry)
	defer server.Close()

	answer, err := http.Post(server.URL+"/subjects/names-value/versions", "application/json",
		strings.NewReader(`{"schema":"{\"type\":\"string\"}"}`))
	if err != nil {
		log.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(text))
	// Output:
	// {"id":1,"version":1,"guid":"095d71cf-1255-6b9d-5e33-0ad575b3df5d","schemaType":"AVRO","schema":"\"string\""}
}
