package avsc

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// trailing notes what stands behind the value. Avro Java complains of it last, unless it is part of a number or word.
func (d *doc) trailing(end int) *Error {
	rest := strings.TrimLeft(d.text[end:], " \t\r\n")
	if rest == "" {
		return nil
	}
	if kind := d.nodes[0].kind; kind == NullValue || kind == BoolValue || kind == NumberValue {
		if jacksonMessage(d.text) != "" {
			return d.syntaxError(end, fmt.Errorf("malformed JSON: unexpected %s", quoteStart(rest)))
		}
	}
	e := &Error{
		Pos:         d.pos(int32(len(d.text) - len(rest))),
		Err:         fmt.Errorf("unexpected %s after the end of the schema", quoteStart(rest)),
		JavaMessage: "dangling content after end of schema: " + strings.TrimFunc(rest, func(r rune) bool { return r <= ' ' }),
		rank:        danglingRank,
	}
	if strings.HasPrefix(rest, "//") || strings.HasPrefix(rest, "/*") {
		e.Err = errors.New("a comment after the end of the schema, where Avro Java and Schema Registry refuse it; move it up")
	}
	d.dangling = e
	return nil
}

// danglingRank is the rank of what Avro Java finds when all else is well.
const danglingRank = 1<<31 - 1

func quoteStart(s string) string {
	if i := strings.IndexAny(s, "\r\n"); i >= 0 {
		s = s[:i]
	}
	if len(s) > 20 {
		cut := 20
		for !utf8.RuneStart(s[cut]) {
			cut--
		}
		s = s[:cut] + "…"
	}
	return fmt.Sprintf("%q", s)
}

// jsonError says what the JSON reader found wrong inside some open objects and arrays, in words for those who wrote it.
func (d *doc) jsonError(dec *jsontext.Decoder, err error, open []int32) *Error {
	var syntax *jsontext.SyntacticError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		what := "the text ends too early"
		if len(open) > 0 {
			off := d.nodes[open[len(open)-1]].off
			pos := d.pos(off)
			what = fmt.Sprintf("the text ends, but the %c at %d:%d is not closed", d.text[off], pos.Line, pos.Col)
		}
		return d.syntaxError(len(strings.TrimRight(d.text, " \t\r\n")), fmt.Errorf("malformed JSON: %s", what))
	case errors.Is(err, io.EOF) && len(d.nodes) == 0:
		return &Error{Pos: d.pos(0), Err: errors.New("no schema here: the text is empty"), JavaMessage: "Cannot parse <null> schema"}
	case !errors.As(err, &syntax):
		return d.syntaxError(int(dec.InputOffset()), fmt.Errorf("malformed JSON: %w", err))
	}
	off := int(syntax.ByteOffset)
	return d.syntaxError(off, fmt.Errorf("malformed JSON: %w", explainSyntax(d.text[off:], syntax.Err)))
}

// explainSyntax finds better words for some common mistakes.
func explainSyntax(rest string, err error) error {
	word := rest[:len(rest)-len(strings.TrimLeftFunc(rest, isWordRune))]
	switch after := strings.TrimLeft(strings.TrimPrefix(rest, ","), " \t\r\n"); {
	case strings.HasPrefix(rest, ",") && (strings.HasPrefix(after, "}") || strings.HasPrefix(after, "]")):
		return fmt.Errorf("a comma before %s", after[:1])
	case strings.HasPrefix(rest, "'"):
		return errors.New("single quotes: JSON takes double quotes alone")
	case word != "" && isWordRune(rune(word[0])) && !isASCIIDigit(rune(word[0])):
		return fmt.Errorf("%s without double quotes around it", clip(word))
	}
	return err
}

func isWordRune(r rune) bool {
	return isASCIILetter(r) || isASCIIDigit(r) || r == '_' || r == '.' || r == '-'
}

func (d *doc) syntaxError(off int, err error) *Error {
	return &Error{Pos: d.pos(int32(off)), Err: err, JavaMessage: jacksonMessage(d.text)}
}

// invalidUTF8 returns the offset of the first byte that is not UTF-8, -1 if there is none.
func invalidUTF8(s string) int {
	if utf8.ValidString(s) {
		return -1
	}
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}
