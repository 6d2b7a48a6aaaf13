package clients_test

import (
	"os/exec"
	"testing"

	"github.com/avow-events/avow/interop/internal/tool"
)

// TestPython goes through the Avro serializers of confluent-kafka-python, in both of Confluent's framings.
func TestPython(t *testing.T) {
	python := tool.Python(t, "python/requirements.txt")
	b := bridge{
		command: func(t *testing.T) *exec.Cmd { return exec.CommandContext(t.Context(), python, "python/bridge.py") },
		form:    plain,
	}
	t.Run("calls", func(t *testing.T) { callAll(t, b, nil) })
	for _, framing := range []string{"prefix", "header"} {
		t.Run(framing, func(t *testing.T) {
			exchangeAll(t, b, framing)
			exchangeTexts(t, b, framing)
			t.Run("keys", func(t *testing.T) { exchangeKeys(t, b, framing) })
		})
	}
}
