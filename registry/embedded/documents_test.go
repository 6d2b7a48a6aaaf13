package embedded_test

import (
	"fmt"
	"testing"
)

// A chain of references costs no more for each schema than what it is long: it would never end if every schema began
// again with all that is before it.
func TestLongChainOfReferences(t *testing.T) {
	const length = 180
	r := newRegistry(t)
	must(t, r, "POST", "/subjects/R0/versions", schemaBody(`{"type":"record","name":"R0","fields":[]}`))
	for k := 1; k < length; k++ {
		text := fmt.Sprintf(`{\"type\":\"record\",\"name\":\"R%d\",\"fields\":[{\"name\":\"before\",\"type\":\"R%d\"}]}`, k, k-1)
		body := fmt.Sprintf(`{"schema":"%s","references":[{"name":"R%d","subject":"R%d","version":1}]}`, text, k-1, k-1)
		must(t, r, "POST", fmt.Sprintf("/subjects/R%d/versions", k), body)
		must(t, r, "POST", fmt.Sprintf("/compatibility/subjects/R%d/versions?verbose=true", k), body)
	}
}
