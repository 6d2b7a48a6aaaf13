// Package registries runs the registry client, plan and apply, and typed producers and consumers against three registries:
// the embedded one, Apicurio Registry through its Confluent-compatible API, and Confluent Schema Registry. It holds tests
// alone. docs/registry-differences.md lists how Apicurio differs; TestApicurioDiffers holds each line of it.
//
// Maven has Apicurio. Confluent's server is in no public registry of Maven's, so it is one that runs already:
//
//	docker compose -f deploy/compose.yaml up -d --wait
//	cd interop && AVOW_INTEROP_CONFLUENT=http://localhost:8081 go test -count=1 ./registries
//
// It has to be empty, and is empty afterwards.
package registries
