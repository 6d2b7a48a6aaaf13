package registry_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http/httptest"

	"github.com/avow-events/avow/registry"
	"github.com/avow-events/avow/registry/embedded"
)

func Example() {
	ctx := context.Background()
	server, err := embedded.New() // any Schema Registry will do
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()
	listening := httptest.NewServer(server)
	defer listening.Close()

	client, err := registry.New(listening.URL)
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	registered, err := client.Register(ctx, "prices-value", `{"type":"record","name":"Price","fields":[]}`)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("registered", registered.Subject, "version", registered.Version)

	byID, err := client.ByID(ctx, registered.ID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(byID.Text)

	_, err = client.Latest(ctx, "orders-value")
	fmt.Println("not found:", errors.Is(err, registry.ErrNotFound))
	// Output:
	// registered prices-value version 1
	// {"type":"record","name":"Price","fields":[]}
	// not found: true
}
