// Package clients runs clients that others wrote, unmodified, against avow dev and avow registry serve. It holds tests alone:
//
//   - calls: what a client's own registry calls return, step by step (calls_test.go);
//   - exchanges: events of generated types and of schemas alone, from their producer to our consumer and from ours to theirs,
//     by prefix and header, with references, logical types and keys that have a contract (exchange_test.go, text_test.go,
//     keys_test.go).
//
// What these clients cannot do, found here and met as said:
//
//   - kafkajs reads records compressed with gzip, but with Snappy, our producer's default, only if the application adds
//     another package. Producers for such readers choose gzip by stream.KafkaOptions.
//   - @confluentinc/schemaregistry parses references in the order in which the registry lists them, and a reference before
//     those that it refers to itself. avow apply lists what is referred to first; but a type that the schema does not name
//     itself, only through a reference, remains unknown to this client ("undefined type name"). Where it has to read such a
//     schema, register it with a reference to that type as well, before the others. The other clients follow references.
//   - @kafkajs/confluent-schema-registry sets the level BACKWARD on a subject that it registers first. It calls for no
//     verdicts, levels, lists or deletes.
//   - Apache Flink registers what it writes, references written out, which the registry finds to be the version that is there.
//   - Confluent's serializers for Java are not in Maven's central repository: TestJava wants a settings.xml that finds them.
//     Flink's jar, which is there, holds their client of version 7.5.3.
//   - avsc loses the lowest bits of longs from 2^52 on.
package clients
