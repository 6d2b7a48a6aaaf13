// Package devenv runs everything a developer needs to work with events, in one process: a Kafka broker, a Schema
// Registry and a status page. Behind it stand kfake, which speaks Kafka's protocol well enough for every client that
// was tried, and registry/embedded.
//
// It is for laptops and tests: it survives kill -9 without losing an acknowledged record, but it is one broker on one
// machine, an idempotent producer may store a record twice across a crash of the broker, and there is no
// authentication. Do not call it production.
//
// Start with [Start]. Topics are created by their first use.
package devenv
