// Package avsc reads Avro schema files into a model in which every name keeps its position.
//
// It is where everything else starts: the compatibility checker, the generator, the codec's resolution
// plans and the embedded registry all work on the [Type] graph of a [Schema], and report what they find
// with the [Pos] that this package recorded.
//
// [Parse] reads one file, [Load] a tree whose files refer to each other by full name, in any order. Both
// report every problem they find as an [ErrorList], sorted, each with file:line:col.
//
// The rules are those of Apache Avro Java 1.12 as Confluent Schema Registry 8.1 uses it, because its
// verdict on a schema is the one that counts. There are two of them: a new schema is parsed strictly, one
// that a registry already holds is parsed leniently ([Registered]). What Java says of a text that it refuses
// is to be had too ([JavaMessage]). One thing is refused that Java takes leniently: an enum symbol that is
// no string.
//
// A schema is immutable once parsed: everything here may be used by several goroutines at once.
package avsc
