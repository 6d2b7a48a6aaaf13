package compat

import (
	"fmt"
	"slices"
	"strings"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/finding"
	"github.com/avow-events/avow/internal/suggest"
)

// LogicalTypeIgnored is the id of the rule about logical types that have no effect.
const LogicalTypeIgnored = "LOGICAL_TYPE_IGNORED"

const logicalAttribute = "logicalType"

func ignoredRules() []rule {
	return []rule{{
		Rule: finding.Rule{
			ID: LogicalTypeIgnored, Severity: finding.Warning,
			Purpose: "A logical type has an effect where it stands.",
			Why: "Avro ignores a logical type that it does not know or that is not valid where it stands, without a word: a field that " +
				"was meant to be a time or an amount is a bare number in all languages. To mend it later changes what generated " +
				"code looks like.",
			Repair: "Spell it as the specification does, on a type that it may annotate. Logical types of your own are left in peace, " +
				"unless they look like one of Avro's.",
			Bad: finding.Case{
				New: `{"type":"record","name":"Order","fields":[{"name":"at","type":{"type":"long","logicalType":"timestamp-milis"}}]}`,
			},
			Good: finding.Case{
				New: `{"type":"record","name":"Order","fields":[{"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}}]}`,
			},
		},
		flaw: logicalTypeIgnored,
	}}
}

// logicalTypeIgnored says why a logical type has no effect. Of a named type that is used in several places it speaks where
// it is defined, which a walk meets first.
func logicalTypeIgnored(s *spot) []finding.Finding {
	var found []finding.Finding
	if s.field != nil {
		found = misplacedLogical(s)
	}
	if s.Kind.IsNamed() && s.pos != s.Pos {
		return found // a reference by name
	}
	given := findProp(s.Props, logicalAttribute)
	switch {
	case given == nil:
		if p := misspelt(s.Props); p != nil {
			found = append(found, s.at(p.NamePos, fmt.Sprintf("%s: Avro knows no attribute %q, did you mean %q?", s.what(), p.Name, logicalAttribute),
				fmt.Sprintf("write %q", logicalAttribute))...)
		}
	case s.Logical == nil:
		if why, fix := s.whyIgnored(given.Value); why != "" {
			found = append(found, s.at(given.NamePos, fmt.Sprintf("%s: logical type %s is ignored: %s", s.what(), shorten(given.Value.String()), why), fix)...)
		}
	}
	return found
}

// misplacedLogical finds a logical type beside the type of a field instead of in it.
func misplacedLogical(s *spot) []finding.Finding {
	p := findProp(s.field.Props, logicalAttribute)
	if p == nil {
		p = misspelt(s.field.Props)
	}
	if p == nil || s.Logical != nil || p.Value.Kind != avsc.StringValue || !slices.Contains(logicalNames(), p.Value.Text) {
		return nil
	}
	return s.at(p.NamePos,
		fmt.Sprintf("field %q of %s: logical type %s is ignored: it stands beside the type and not in it", s.field.Name, s.record.Name, p.Value),
		fmt.Sprintf(`write "type": {"type": …, %q: %s}`, logicalAttribute, p.Value))
}

// whyIgnored returns nothing for a logical type that may be somebody's own.
func (s *spot) whyIgnored(given *avsc.Value) (why, fix string) {
	if given.Kind != avsc.StringValue {
		return "it is no string", "write its name as a string"
	}
	known := logicalNames()
	if !slices.Contains(known, given.Text) {
		if near := nearLogical(given.Text, known); near != "" {
			return fmt.Sprintf("there is none of that name, did you mean %q?", near), fmt.Sprintf("write %q, or choose a name of your own that is less alike", near)
		}
		return "", ""
	}
	if given.Text == avsc.Decimal.String() {
		return s.whyNoDecimal()
	}
	if want, fits := annotated(given.Text, s.Type); !fits {
		return fmt.Sprintf("it stands on %s, and may stand on %s", describeKind(s.Type), want), fmt.Sprintf("make the type %s, or leave the logical type out", want)
	}
	return "", "" // beside an attribute of Java's, which Avro Java lets win
}

// whyNoDecimal says which of the conditions of a decimal is not met.
func (s *spot) whyNoDecimal() (why, fix string) {
	if s.Kind != avsc.Bytes && s.Kind != avsc.Fixed {
		return fmt.Sprintf("it stands on %s, and may stand on bytes or a fixed", describeKind(s.Type)), "make the type bytes"
	}
	precision, scale := findProp(s.Props, "precision"), findProp(s.Props, "scale")
	switch {
	case precision == nil:
		return "a decimal needs a precision, the number of its digits", `add "precision": …`
	case !wholeNumber(precision.Value) || precision.Value.Text == "0":
		return fmt.Sprintf("its precision is %s, and must be a whole number from 1 on", shorten(precision.Value.String())), "correct the precision"
	case scale != nil && !wholeNumber(scale.Value):
		return fmt.Sprintf("its scale is %s, and must be a whole number from 0 on", shorten(scale.Value.String())), "correct the scale"
	case scale != nil && longer(scale.Value.Text, precision.Value.Text):
		return fmt.Sprintf("its scale %s is greater than its precision %s", shorten(scale.Value.Text), shorten(precision.Value.Text)), "raise the precision, which counts all digits"
	case s.Kind == avsc.Fixed:
		return fmt.Sprintf("%d bytes cannot hold %s digits", s.Size, shorten(precision.Value.Text)), "make the fixed larger, or lower the precision"
	}
	return fmt.Sprintf("its precision %s is out of range", shorten(precision.Value.Text)), "correct the precision"
}

// wholeNumber reports whether a value is written as a whole number that is not negative.
func wholeNumber(v *avsc.Value) bool {
	return v.Kind == avsc.NumberValue && strings.Trim(v.Text, "0123456789") == ""
}

// longer compares whole numbers that may be larger than any integer type.
func longer(a, b string) bool { return len(a) > len(b) || len(a) == len(b) && a > b }

// annotated returns the types that a logical type other than decimal may stand on, and whether t is one of them.
func annotated(name string, t *avsc.Type) (want string, fits bool) {
	switch name {
	case avsc.UUID.String():
		return "a string or a fixed of 16 bytes", t.Kind == avsc.String || t.Kind == avsc.Fixed && t.Size == 16
	case avsc.Date.String(), avsc.TimeMillis.String():
		return "int", t.Kind == avsc.Int
	case avsc.Duration.String():
		return "a fixed of 12 bytes", t.Kind == avsc.Fixed && t.Size == 12
	}
	return "long", t.Kind == avsc.Long
}

func describeKind(t *avsc.Type) string {
	if t.Kind == avsc.Fixed {
		return fmt.Sprintf("a fixed of %d bytes", t.Size)
	}
	return t.Kind.String()
}

// logicalNames returns the names of the logical types that the specification defines.
func logicalNames() []string {
	var names []string
	for k := avsc.Decimal; k <= avsc.Duration; k++ {
		names = append(names, k.String())
	}
	return names
}

// nearLogical returns the logical type that a name is most like: the same but for a letter or two and the signs between
// words, or the beginning of it, as timestamp is. It is stricter than what suggests flags, because any name is legal.
func nearLogical(name string, known []string) string {
	plain := strings.NewReplacer("_", "", "-", "", " ", "")
	limit := 1
	if len(name) > 8 {
		limit = 2
	}
	best := ""
	for _, k := range known {
		if d := suggest.Distance(plain.Replace(name), plain.Replace(k), limit); d <= limit {
			best, limit = k, d-1
		}
	}
	for _, k := range known {
		if best == "" && strings.HasPrefix(k, strings.ToLower(name)+"-") {
			best = k
		}
	}
	return best
}

// misspelt returns an attribute that was probably meant to be logicalType.
func misspelt(props []avsc.Prop) *avsc.Prop {
	for i, p := range props {
		plain := strings.NewReplacer("_", "", "-", "").Replace(p.Name)
		if p.Name != logicalAttribute && suggest.Distance(plain, logicalAttribute, 2) <= 2 {
			return &props[i]
		}
	}
	return nil
}

func findProp(props []avsc.Prop, name string) *avsc.Prop {
	for i, p := range props {
		if p.Name == name {
			return &props[i]
		}
	}
	return nil
}

// what names the thing at the spot, with its record, so that it is the same thing in another version.
func (s *spot) what() string {
	if s.record != nil {
		return fmt.Sprintf("field %q of %s", s.field.Name, s.record.Name)
	}
	if s.Kind.IsNamed() {
		return fmt.Sprintf("%s %s", s.Kind, s.Name)
	}
	return describePlace(s.place)
}
