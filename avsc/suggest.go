package avsc

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/avow-events/avow/internal/suggest"
)

// complexForms shows how the types are written that take more than a name, for those who wrote the name alone.
var complexForms = map[string]string{
	"record": `{"type": "record", "name": …, "fields": […]}`,
	"error":  `{"type": "error", "name": …, "fields": […]}`,
	"enum":   `{"type": "enum", "name": …, "symbols": […]}`,
	"fixed":  `{"type": "fixed", "name": …, "size": …}`,
	"array":  `{"type": "array", "items": …}`,
	"map":    `{"type": "map", "values": …}`,
	"union":  `an array of its branches, such as ["null", "string"]`,
}

// logicalForms shows how each logical type is written.
var logicalForms = map[string]string{
	"decimal":                `{"type": "bytes", "logicalType": "decimal", "precision": …, "scale": …}`,
	"uuid":                   `{"type": "string", "logicalType": "uuid"}`,
	"date":                   `{"type": "int", "logicalType": "date"}`,
	"time-millis":            `{"type": "int", "logicalType": "time-millis"}`,
	"time-micros":            `{"type": "long", "logicalType": "time-micros"}`,
	"timestamp-millis":       `{"type": "long", "logicalType": "timestamp-millis"}`,
	"timestamp-micros":       `{"type": "long", "logicalType": "timestamp-micros"}`,
	"timestamp-nanos":        `{"type": "long", "logicalType": "timestamp-nanos"}`,
	"local-timestamp-millis": `{"type": "long", "logicalType": "local-timestamp-millis"}`,
	"local-timestamp-micros": `{"type": "long", "logicalType": "local-timestamp-micros"}`,
	"local-timestamp-nanos":  `{"type": "long", "logicalType": "local-timestamp-nanos"}`,
	"duration":               `{"type": "fixed", "name": …, "size": 12, "logicalType": "duration"}`,
}

// foreignNames are other languages' words for Avro's types.
var foreignNames = map[string]string{
	"bool": "boolean", "integer": "int", "int32": "int", "int16": "int", "short": "int", "int64": "long", "bigint": "long",
	"float32": "float", "float64": "double", "number": "double", "real": "double", "binary": "bytes", "byte": "bytes",
	"str": "string", "text": "string", "varchar": "string", "char": "string", "none": "null", "nil": "null", "void": "null",
	"list": "array", "object": "record", "struct": "record",
	"timestamp": "timestamp-millis", "datetime": "timestamp-millis", "time": "time-millis", "numeric": "decimal",
}

// suggest returns what to write in place of an unknown name, led by a colon; "" if it has no idea.
func (p *parser) suggest(written string) string {
	names := p.names()
	if s := sameShortName(written, names); s != "" {
		return didYouMean(s)
	}
	if s := closest(written, names); s != "" {
		return didYouMean(s)
	}
	lower := strings.ToLower(written)
	for _, name := range []string{lower, foreignNames[lower]} {
		if primitive(name) != 0 {
			return didYouMean(name)
		}
		if form := logicalForms[name]; form != "" {
			return fmt.Sprintf(": the logical type %s is written %s", name, form)
		}
		if form := complexForms[name]; form != "" {
			return fmt.Sprintf(": %s is written %s", article(name), form)
		}
	}
	return didYouMean(closest(written, primitives))
}

var primitives = []string{"null", "boolean", "int", "long", "float", "double", "bytes", "string"}

// names returns the full names of all named types here and in the other documents, sorted.
func (p *parser) names() []string {
	if p.allNames == nil {
		p.allNames = p.collectNames()
	}
	return p.allNames
}

func (p *parser) collectNames() []string {
	names := slices.Collect(maps.Keys(outlineOf(p.doc).defines))
	if p.others != nil {
		names = append(names, p.others()...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// sameShortName returns a name that differs from the one written in its namespace alone.
func sameShortName(written string, names []string) string {
	short := qualify(written, "").Short
	for _, name := range names {
		if name != written && qualify(name, "").Short == short {
			return name
		}
	}
	return ""
}

func didYouMean(name string) string {
	if name == "" {
		return ""
	}
	return fmt.Sprintf(": did you mean %q?", name)
}

// closest returns the name that is nearest to the one written, "" if none is near.
func closest(written string, names []string) string {
	const most = 5000 // beyond that looking takes too long
	if len(names) > most {
		return ""
	}
	best, least := "", max(1, len(written)/4)+1
	for _, name := range names {
		candidates := []string{name}
		if short := qualify(name, "").Short; short != name && !strings.Contains(written, ".") {
			candidates = append(candidates, short)
		}
		for _, c := range candidates {
			if d := suggest.Distance(written, c, least); d < least {
				best, least = name, d
			}
		}
	}
	return best
}

// explainName says what is wrong with a name and offers one that would do.
func explainName(name, what string) string {
	if name == "" {
		return "empty " + what
	}
	fixed := []byte(nil)
	for i := range len(name) {
		c := name[i]
		digit := c >= '0' && c <= '9'
		if digit && i == 0 {
			fixed = append(fixed, '_')
		}
		if digit || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' {
			fixed = append(fixed, c)
		} else if n := len(fixed); n == 0 || fixed[n-1] != '_' {
			fixed = append(fixed, '_')
		}
	}
	msg := fmt.Sprintf("bad %s %q: a name consists of ASCII letters, digits and underscores and does not begin with a digit", what, name)
	if s := string(fixed); strings.Trim(s, "_") != "" {
		msg += fmt.Sprintf(", such as %q", s)
	}
	return msg
}
