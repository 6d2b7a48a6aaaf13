// Package rules holds events to what their contract says beyond their types: a quantity is positive, an order has an
// item, its total is the sum of them. A contract says so in the attribute "avow.rules" of a record or of one of its
// fields, in the expression language CEL (https://cel.dev).
//
// [Check] is for whoever changes a contract: it reads every rule of a schema, checks it against the types there, and
// has the place in the file of whatever is wrong. [Validate] is for whoever has an event: generated types with rules
// call it in their method Validate. [New] compiles the rules of any schema for events that have no generated type.
//
// A rule judges one event and nothing else: there is no clock, no registry and no other event in it. No expression can
// run on and on: what one costs is counted, and there is a limit.
//
// Values reach CEL through their encoding. Whatever Go type a value has, it is encoded as for Kafka and read into CEL's
// values, as far as some rule looks at it. One walk then serves generated types in all their forms and events without
// a generated type, generated code grows by one line, and a rule sees what a consumer will see. Of the time that an order
// takes to be validated, encoding is a fiftieth and reading a tenth; CEL is the rest.
//
// Programs that import generated types without rules do not link this package, nor CEL.
package rules
