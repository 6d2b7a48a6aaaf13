package registries_test

import (
	"testing"

	"github.com/avow-events/avow/compat"
)

func TestEmbedded(t *testing.T)  { suite(t, startEmbedded(t)) }
func TestApicurio(t *testing.T)  { suite(t, startApicurio(t, compat.Backward)) }
func TestConfluent(t *testing.T) { suite(t, runningConfluent(t)) }

// suite is what avow wants of any registry. Each part begins with an empty one.
func suite(t *testing.T, s server) {
	for _, part := range []struct {
		name string
		run  func(*testing.T, server)
	}{
		{"versions and ids", testVersions},
		{"verdicts", testVerdicts},
		{"references", testReferences},
		{"levels", testLevels},
		{"deletes", testDeletes},
		{"modes", testModes},
		{"contexts", testContexts},
		{"plan and apply", testPlanAndApply},
		{"normalized", testNormalized},
		{"the shop", testShop},
		{"pull", testPull},
		{"promote", testPromote},
		{"events", testEvents},
		{"events by header", testHeaderFraming},
		{"events of two versions", testEvolution},
	} {
		t.Run(part.name, func(t *testing.T) {
			defer s.empty(t, compat.Backward)
			part.run(t, s)
		})
	}
}
