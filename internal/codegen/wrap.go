package codegen

import "strings"

const (
	// schemaWidth is how wide lines of a schema are in generated code, where there is a place to break them.
	schemaWidth = 110
	// schemaLines is how many lines a schema gets at most. Go's formatter takes time by the square of their number, which
	// is minutes where hundreds of types nest in each other.
	schemaLines = 500
)

// fieldStart begins the JSON text of a field, and of a named type inside of a canonical form.
const fieldStart = `{"name":`

// wrap cuts the JSON text of a schema into lines. Each field of a record begins one, so that a diff shows the fields that
// changed, and a line that gets too wide ends at a comma. Strings are never cut. A text that would have too many lines is
// cut by width alone, into wider ones.
func wrap(text string) []string {
	lines := cut(text, schemaWidth, true)
	if len(lines) > schemaLines {
		lines = cut(text, 2*len(text)/schemaLines, false) // two lines that follow each other are wider than that
	}
	return lines
}

func cut(text string, width int, byField bool) (lines []string) {
	start, end := 0, 0 // of the line
	for end < len(text) {
		part := endOfPart(text[end:])
		if end > start && (end+part-start > width || byField && strings.HasPrefix(text[end:], fieldStart)) {
			lines = append(lines, text[start:end])
			start = end
		}
		end += part
	}
	return append(lines, text[start:end])
}

// endOfPart returns the index of the first place where a JSON text may be broken, its length where there is none.
func endOfPart(text string) int {
	quoted := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case !quoted && (c == ',' || c == '[' && strings.HasPrefix(text[i+1:], fieldStart)):
			return i + 1
		}
	}
	return len(text)
}
