// Package interop holds avow against programs that others wrote, each run as a process of its own:
//
//   - clients: Python's, JavaScript's, Go's, Java's and kcat, unmodified, against avow dev and avow registry serve, in both
//     directions;
//   - judge: Apache Avro Java, which says what bytes, JSON, resolution, canonical forms and fingerprints have to be;
//   - kafka: package stream against Apache Kafka itself;
//   - registries: package registry, plan and apply, and package stream against Apicurio and Confluent's registry.
//
// It is a module of its own, so that nothing of this enters the module that users depend on. Run it with make interop.
// What the tests need besides a tool of the system (python3, node and npm, java and mvn, kcat) they install once, by pip,
// npm and Maven, into the user's cache folder, or where $AVOW_INTEROP_CACHE says. A test whose tool is missing, or whose
// parts cannot be installed, is skipped, and make interop says why; with $AVOW_INTEROP_STRICT set it fails.
package interop
