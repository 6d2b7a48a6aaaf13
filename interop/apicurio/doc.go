// Package apicurio runs our client, plans and serializers against Apicurio Registry's ccompat API, a registry that is not
// ours. It holds tests alone; docs/registry-differences.md lists how it differs.
package apicurio
