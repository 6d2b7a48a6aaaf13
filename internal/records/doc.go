// Package records reads and writes the records of a topic one by one, without a Go type for them: as JSON, by whatever
// registered schema each of them names. It is for people who look at a topic, at a terminal or on a page.
//
// It is not for services: a service wants package stream, which knows types, guarantees and failures.
//
// [Read] goes through a stretch of a topic that [Range] describes, [Decoder] turns a record into JSON or says why it
// cannot, [Writer] sends records and tells where they went.
package records
