package registry_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http/httptest"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec/hamba"
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

// A client is what package hamba asks for as its registry, for structs that carry hamba's avro tags.
func ExampleClient_SchemaID() {
	ctx := context.Background()
	server, err := embedded.New()
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

	const text = `{"type":"record","name":"Price","fields":[{"name":"cents","type":"long"}]}`
	if _, err := client.Register(ctx, "prices-value", text); err != nil {
		log.Fatal(err)
	}
	schema, err := avsc.Parse("price.avsc", []byte(text))
	if err != nil {
		log.Fatal(err)
	}
	type price struct {
		Cents int64 `avro:"cents"`
	}
	prices, err := hamba.NewSerde[price](client, schema)
	if err != nil {
		log.Fatal(err)
	}
	record, err := prices.Encode(ctx, "prices-value", &price{Cents: 250})
	if err != nil {
		log.Fatal(err)
	}
	var read price
	if err := prices.Decode(ctx, record, &read); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("% x is %+v\n", record, read)
	// Output:
	// 00 00 00 00 01 f4 03 is {Cents:250}
}

// A service that takes where its registry is from its environment, and its own default where that says nothing.
func ExampleFromEnv() {
	client, err := registry.New("http://localhost:8081", registry.FromEnv())
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	fmt.Println(client.URL())
}
