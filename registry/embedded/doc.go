// Package embedded is a Schema Registry that runs inside a Go process, for tests, laptops and small installations. It
// answers as Confluent Schema Registry 8.1.5 does, for Avro: the same paths, parameters, identities, ids, error codes
// and messages, down to what is odd about them. It knows contexts, modes, soft and hard deletion, references,
// normalization, metadata, rule sets, aliases, GUIDs and the import of ids, and it refuses what is incompatible.
//
// [New] returns an http.Handler; the listener, and with it TLS and who may connect, is the caller's:
//
//	r, err := embedded.New()
//	server := httptest.NewServer(r)
//
// Without options the data live in memory. With [Data] each change is safe on the disk before anybody is told of it.
//
// It is not a cluster, it knows neither JSON Schema nor Protobuf, and it never talks to anybody. Where it answers
// otherwise than the real one, docs/registry-differences.md says so. The client is package registry.
package embedded
