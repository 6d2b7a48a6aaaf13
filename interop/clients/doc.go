// Package clients runs clients that others wrote, unmodified, against avow dev and avow registry serve. It holds tests alone.
//
// What these clients cannot do, found here and met as said:
//
//   - kafkajs reads records compressed with gzip, but with Snappy, our producer's default, only if the application adds
//     another package. Producers for such readers choose gzip by stream.KafkaOptions.
//   - @confluentinc/schemaregistry parses references in the order in which the registry lists them, and a reference before
//     those that it refers to itself. avow apply lists what is referred to first; but a type that the schema does not name
//     itself, only through a reference, remains unknown to this client.
//   - @kafkajs/confluent-schema-registry sets the level BACKWARD on a subject that it registers first.
//   - avsc loses the lowest bits of longs from 2^52 on.
package clients
