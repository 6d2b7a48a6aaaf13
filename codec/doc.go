// Package codec is what generated code calls to write and read Avro's binary encoding, and what stands behind events
// that have no generated type.
//
// Generated types bring their own static functions and use from here only primitives, limits, errors and value types
// ([Decimal], [Duration], [Optional]). [Resolver] reads what another version of a schema wrote, by a [Plan] that is
// compiled once per pair of schemas. [Validate], [ToJSON] and [FromJSON] work on any schema without a type.
//
// No message can make this package panic, hang or allocate beyond a small multiple of the message's own size: see
// [MaxDepth] and [MaxZeroSizeItems]. All functions may be used by several goroutines at once.
package codec
