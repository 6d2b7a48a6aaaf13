package codegen

import "strings"

// schemaWidth is how wide lines of a schema are in generated code, where there is a place to break them.
const schemaWidth = 110

// fieldStart begins the JSON text of a field, and of a named type inside of a canonical form.
const fieldStart = `{"name":`

// wrap cuts the JSON text of a schema into lines. Each field of a record begins one, so that a diff shows the fields that
// changed, and a line that gets too wide ends at a comma. Strings are never cut.
func wrap(text string) (lines []string) {
	var line string
	for text != "" {
		part := text[:endOfPart(text)]
		text = text[len(part):]
		if line != "" && (strings.HasPrefix(part, fieldStart) || len(line)+len(part) > schemaWidth) {
			lines = append(lines, line)
			line = ""
		}
		line += part
	}
	return append(lines, line)
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
