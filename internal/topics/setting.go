package topics

import (
	"slices"
	"strconv"
	"strings"
)

// sameSetting compares two values of a setting as brokers do, who tell 0.5 where 0.50 was written, and true for TRUE: by
// what Kafka's ConfigDef makes of them. Lists, such as that of cleanup.policy, have no order.
func sameSetting(a, b string) bool { return slices.Equal(items(a), items(b)) }

// items returns the normal forms of the items of a list, most often one.
func items(list string) []string {
	out := strings.Split(list, ",")
	for i, item := range out {
		out[i] = normal(strings.TrimSpace(item))
	}
	slices.Sort(out)
	return out
}

// normal returns a number without what does not count, and a truth value in lower case.
func normal(item string) string {
	if n, err := strconv.ParseInt(item, 10, 64); err == nil { // which a float might not hold
		return strconv.FormatInt(n, 10)
	}
	if f, err := strconv.ParseFloat(item, 64); err == nil && !strings.ContainsAny(item, "xXpP_") {
		return strconv.FormatFloat(f, 'g', -1, 64)
	}
	if lower := strings.ToLower(item); lower == "true" || lower == "false" {
		return lower
	}
	return item
}
