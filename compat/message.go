package compat

import (
	"errors"
	"fmt"
	"unicode/utf16"
)

// maxDescribed is how much of an old schema a message holds, in UTF-16 units as Java counts.
const maxDescribed = 10 * 1024

// messages returns what the registry says of the directions that found something. Where a level asks for both, it
// describes the old schema after the second one alone.
func messages(level Level, found []Direction, old Version) []string {
	var lines []string
	for _, d := range found {
		lines = append(lines, d.messages()...)
		if d.NewReads || !level.NewReadsOld() {
			lines = append(lines, describe(old)...)
		}
	}
	return lines
}

func (d Direction) messages() []string {
	switch {
	case errors.Is(d.Err, ErrForeign):
		return []string{d.Err.Error()}
	case d.Err != nil:
		return []string{"Unexpected exception during compatibility check: " + d.Err.Error()}
	}
	reader, writer := "new", "old"
	if !d.NewReads {
		reader, writer = writer, reader
	}
	lines := make([]string, len(d.Incompatibilities))
	for i, inc := range d.Incompatibilities {
		lines[i] = fmt.Sprintf("{errorType:'%s', description:'%s', additionalInfo:'%s'}",
			inc.Type, describeIncompatibility(inc, reader, writer), inc.Message)
	}
	return lines
}

func describeIncompatibility(inc Incompatibility, reader, writer string) string {
	switch inc.Type {
	case FixedSizeMismatch:
		return fmt.Sprintf("The size of FIXED type field at path '%s' in the %s schema does not match with the %s schema",
			inc.Location, reader, writer)
	case TypeMismatch:
		return fmt.Sprintf("The type (path '%s') of a field in the %s schema does not match with the %s schema",
			inc.Location, reader, writer)
	case NameMismatch:
		return fmt.Sprintf("The name of the schema has changed (path '%s')", inc.Location)
	case MissingEnumSymbols:
		return fmt.Sprintf("The %s schema is missing enum symbols '%s' at path '%s' in the %s schema",
			reader, inc.Message, inc.Location, writer)
	case MissingUnionBranch:
		return fmt.Sprintf("The %s schema is missing a type inside a union field at path '%s' in the %s schema",
			reader, inc.Location, writer)
	}
	return fmt.Sprintf("The field '%s' at path '%s' in the %s schema has no default value and is missing in the %s schema",
		inc.Message, inc.Location, reader, writer)
}

// describe returns the lines that name the old schema.
func describe(old Version) []string {
	var lines []string
	if old.Number > 0 {
		lines = append(lines, fmt.Sprintf("{oldSchemaVersion: %d}", old.Number))
	}
	text := old.text()
	if cut, short := cutUTF16(text, maxDescribed); short {
		return append(lines, fmt.Sprintf("{oldSchema: <truncated> '%s...'}", cut))
	}
	return append(lines, fmt.Sprintf("{oldSchema: '%s'}", text))
}

// cutUTF16 returns the first n UTF-16 units of s and whether anything was left out. Of a character that would be cut
// in two, Java prints the half that it cannot encode as a question mark.
func cutUTF16(s string, n int) (cut string, short bool) {
	if len(s) <= n {
		return s, false
	}
	units := 0
	for i, r := range s {
		switch width := utf16.RuneLen(r); {
		case units+width <= n:
			units += width
		case units < n:
			return s[:i] + "?", true
		default:
			return s[:i], true
		}
	}
	return s, false
}

// ClosingLine returns the line with which the registry ends a list of messages that is not empty.
func ClosingLine(level Level, validateFields bool) string {
	return fmt.Sprintf("{validateFields: '%t', compatibility: '%s'}", validateFields, level)
}
