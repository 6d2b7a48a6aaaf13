// Package wire reads and writes registry framing: the few bytes by which a Kafka record says which registered schema it
// was written with.
//
// There are two framings. The prefix ([AppendPrefix], [ParsePrefix]) stands before the payload: a zero byte and the
// schema id. The header framing ([AppendHeader], [ParseHeader]) leaves the payload untouched and puts the schema's id
// or GUID into the record header [ValueHeader] or [KeyHeader]. A reader that knows both looks for the header first. A
// record without a value, a tombstone, has no framing at all.
//
// The bytes are those of Confluent's serializers (SchemaId in schema-registry's client). The payload is none of this
// package's business.
package wire
