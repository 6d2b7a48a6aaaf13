// Package compat answers, without asking anybody, what Schema Registry would answer: may this schema be registered
// after those?
//
// [CheckReaderWriter] compares two schemas as Apache Avro Java 1.12 does (SchemaCompatibility): the same
// incompatibilities, in the same order, at the same locations, in the same words. [Check] applies a [Level] to a
// schema and the versions before it as Confluent Schema Registry 8.1 does, down to its messages. Both are ports of
// semantics, quirks included; what Java does not look at never enters their verdict.
//
// The package does no I/O and keeps no state: every function may be called by several goroutines at once.
package compat
