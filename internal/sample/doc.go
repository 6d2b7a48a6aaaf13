// Package sample makes values of a schema at random, in Avro's binary encoding, and schemas themselves.
//
// It is for tests and for showing what an event of a contract looks like. It is not a load generator: values are
// valid, for their logical types as well, but nothing else about them is likely.
//
// Start at [New]. The same seed always gives the same values.
package sample
