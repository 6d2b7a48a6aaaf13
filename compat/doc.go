// Package compat answers, without asking anybody, what Schema Registry would answer: may this schema be registered
// after those?
//
// [CheckReaderWriter] compares two schemas as Apache Avro Java 1.12 does (SchemaCompatibility): the same
// incompatibilities, in the same order, at the same locations, in the same words. [Check] applies a [Level] to a
// schema and the versions before it as Confluent Schema Registry 8.1 does, down to its messages. Both are ports of
// semantics, quirks included; what Java does not look at never enters their verdict.
//
// A [Change] is a contract before and after: its [Change.Findings] say for people what the verdict is, where, why, by
// which value it shows and what would mend it, and add what Java does not see. [Match] pairs the contracts of two trees;
// [Rules] lists what is looked for, each rule in a rule_*.go file with its good and its bad case.
//
// The package does no I/O and keeps no state: every function may be called by several goroutines at once.
package compat
