// Package goname says what Avro's names and types are called in Go: what the generator writes, and what a rule that looks
// for source breaks compares.
//
// [Exported] turns one name into an identifier, [Scope] keeps the identifiers of one scope apart, [Packages] places
// namespaces in packages. It knows nothing of files or of code; that is internal/codegen.
//
// Everything is deterministic: the same names in the same order give the same identifiers.
package goname
