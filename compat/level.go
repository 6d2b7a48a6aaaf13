package compat

import (
	"fmt"
	"slices"
	"strings"

	"github.com/avow-events/avow/internal/suggest"
)

// Level is a registry's compatibility level: who must be able to read whose data. The zero Level is [Backward], the
// registry's own default.
type Level uint8

// The levels of Confluent Schema Registry.
const (
	// Backward: the new schema reads data written with the latest version. Consumers deploy first.
	Backward Level = iota
	// BackwardTransitive: the new schema reads data written with any version.
	BackwardTransitive
	// Forward: the latest version reads data written with the new schema. Producers deploy first.
	Forward
	// ForwardTransitive: every version reads data written with the new schema.
	ForwardTransitive
	// Full is Backward and Forward.
	Full
	// FullTransitive is BackwardTransitive and ForwardTransitive.
	FullTransitive
	// None accepts everything.
	None
)

// Levels in the order in which a list of choices shows them.
var levels = [...]Level{None, Backward, BackwardTransitive, Forward, ForwardTransitive, Full, FullTransitive}

var levelNames = [...]string{
	None: "NONE", Backward: "BACKWARD", BackwardTransitive: "BACKWARD_TRANSITIVE", Forward: "FORWARD",
	ForwardTransitive: "FORWARD_TRANSITIVE", Full: "FULL", FullTransitive: "FULL_TRANSITIVE",
}

// Levels returns every level, from the one that accepts everything to the strictest.
func Levels() []Level { return slices.Clone(levels[:]) }

// ParseLevel returns the level of that name in any letter case, with - for _ if you like. The error lists the names.
func ParseLevel(name string) (Level, error) {
	want := strings.ReplaceAll(strings.ToUpper(strings.TrimSpace(name)), "-", "_")
	known := make([]string, len(levels))
	for i, l := range levels {
		if l.String() == want {
			return l, nil
		}
		known[i] = l.String()
	}
	return None, fmt.Errorf("unknown compatibility level %q%s: want one of %s", name, suggest.DidYouMean(want, known),
		strings.Join(known, ", "))
}

// String returns the registry's name for the level, such as BACKWARD_TRANSITIVE.
func (l Level) String() string {
	if int(l) < len(levelNames) {
		return levelNames[l]
	}
	return fmt.Sprintf("Level(%d)", uint8(l))
}

// MarshalText returns the registry's name for the level.
func (l Level) MarshalText() ([]byte, error) {
	if !l.valid() {
		return nil, fmt.Errorf("compat: no such level: %d", uint8(l))
	}
	return []byte(l.String()), nil
}

// UnmarshalText sets l as [ParseLevel] reads the text.
func (l *Level) UnmarshalText(text []byte) error {
	parsed, err := ParseLevel(string(text))
	if err == nil {
		*l = parsed
	}
	return err
}

func (l Level) valid() bool { return int(l) < len(levelNames) }

// NewReadsOld reports whether the level asks that the new schema reads what older ones wrote.
func (l Level) NewReadsOld() bool {
	return l == Backward || l == BackwardTransitive || l == Full || l == FullTransitive
}

// OldReadsNew reports whether the level asks that older schemas read what the new one writes.
func (l Level) OldReadsNew() bool {
	return l == Forward || l == ForwardTransitive || l == Full || l == FullTransitive
}

// Transitive reports whether the level looks at every version and not at the latest alone.
func (l Level) Transitive() bool {
	return l == BackwardTransitive || l == ForwardTransitive || l == FullTransitive
}

// And returns the level that asks for all that both levels ask for.
func (l Level) And(m Level) Level {
	transitive := l.Transitive() || m.Transitive()
	for _, both := range levels {
		if both.NewReadsOld() == (l.NewReadsOld() || m.NewReadsOld()) && both.OldReadsNew() == (l.OldReadsNew() || m.OldReadsNew()) &&
			both.Transitive() == transitive {
			return both
		}
	}
	return None
}
