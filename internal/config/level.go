package config

import (
	"slices"
	"strings"
)

// Level is a compatibility level, by Schema Registry's name. The empty Level says nothing.
type Level string

// The levels of Schema Registry.
const (
	None               Level = "NONE"
	Backward           Level = "BACKWARD"
	BackwardTransitive Level = "BACKWARD_TRANSITIVE"
	Forward            Level = "FORWARD"
	ForwardTransitive  Level = "FORWARD_TRANSITIVE"
	Full               Level = "FULL"
	FullTransitive     Level = "FULL_TRANSITIVE"
)

// levels in the order in which messages list them.
var levels = []string{
	string(None), string(Backward), string(BackwardTransitive), string(Forward), string(ForwardTransitive),
	string(Full), string(FullTransitive),
}

// Matches reports whether the rule is about the contract with this full name, in this file below schemas.path.
func (r LevelRule) Matches(fullName, file string) bool {
	if strings.Contains(r.Match, "/") {
		return Glob(r.Match, file)
	}
	return Glob(r.Match, fullName)
}

// Level returns the level of a contract as the section `compat` has it, and whether the file says so or it is the
// default. Topics may say otherwise: see [Config.Subjects].
func (c *Config) Level(fullName, file string) (level Level, set bool) {
	i := slices.IndexFunc(c.Compat.Levels, func(r LevelRule) bool { return r.Matches(fullName, file) })
	if i >= 0 {
		return c.Compat.Levels[i].Level, true
	}
	return c.Compat.Level, c.Compat.LevelSet
}

// Glob reports whether text is pattern, in which every * stands for any text.
func Glob(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == text
	}
	text, ok := strings.CutPrefix(text, parts[0])
	if !ok {
		return false
	}
	last := len(parts) - 1
	for _, part := range parts[1:last] {
		// The earliest place leaves the most text to the parts that follow.
		_, rest, found := strings.Cut(text, part)
		if !found {
			return false
		}
		text = rest
	}
	return strings.HasSuffix(text, parts[last])
}
