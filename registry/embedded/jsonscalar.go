package embedded

import (
	"slices"
	"strconv"
	"strings"
)

// optionalString reads a string; nil stands for null.
func (t *tokens) optionalString() (*string, error) {
	switch t.kind {
	case nullToken:
		return nil, nil
	case objectStart, arrayStart:
		return nil, t.cannot("String")
	}
	s := string(t.text)
	return &s, nil
}

// presentString reads a string where the real server would stumble over null.
func (t *tokens) presentString() (string, error) {
	s, err := t.optionalString()
	if err != nil {
		return "", err
	}
	if s == nil {
		t.null = true
		return "", nil
	}
	return *s, nil
}

// optionalInt reads an int; nil stands for null.
func (t *tokens) optionalInt() (*int, error) {
	switch t.kind {
	case nullToken:
		return nil, nil
	case intToken, floatToken:
		n, ok := t.int32Value()
		if !ok {
			return nil, t.outOfInt()
		}
		return &n, nil
	case stringToken:
		text := trim(t.text)
		if text == "" || text == "null" {
			return nil, nil
		}
		n, err := strconv.ParseInt(text, 10, 32)
		if _, long := strconv.ParseInt(text, 10, 64); err != nil && long == nil {
			return nil, bindErrorf("Cannot deserialize value of type `Integer` from String \"%s\": Overflow: numeric value (%s) "+
				"out of range of `java.lang.Integer` (-2147483648 -2147483647)", text, text)
		}
		if err != nil {
			return nil, bindErrorf("Cannot deserialize value of type `Integer` from String \"%s\": not a valid "+
				"`java.lang.Integer` value", text)
		}
		i := int(n)
		return &i, nil
	}
	return nil, t.cannot("Integer")
}

func (t *tokens) outOfInt() error {
	return bindErrorf("Numeric value (%s) out of range of int (-2147483648 - 2147483647)", t.text)
}

// presentInt reads an int where null makes no sense.
func (t *tokens) presentInt() (int, error) {
	n, err := t.optionalInt()
	if err != nil || n == nil {
		t.null = true
		return 0, err
	}
	return *n, nil
}

// optionalBool reads a boolean; nil stands for null.
func (t *tokens) optionalBool(javaType string) (*bool, error) {
	var b bool
	switch t.kind {
	case nullToken:
		return nil, nil
	case trueToken:
		b = true
	case falseToken:
	case intToken:
		b = t.javaInteger() != "0"
	case stringToken:
		switch text := trim(t.text); text {
		case "", "null":
			return nil, nil
		case "true", "True", "TRUE":
			b = true
		case "false", "False", "FALSE":
		default:
			recognized := `"true" or "false"`
			if javaType == "boolean" {
				recognized = `"true"/"True"/"TRUE" or "false"/"False"/"FALSE"`
			}
			return nil, bindErrorf("Cannot deserialize value of type `%s` from String \"%s\": only %s recognized",
				javaType, text, recognized)
		}
	default:
		return nil, t.cannot(javaType)
	}
	return &b, nil
}

// enum reads one of the names; empty stands for null.
func (t *tokens) enum(class string, names []string) (string, error) {
	switch t.kind {
	case nullToken:
		return "", nil
	case intToken:
		n, err := strconv.Atoi(string(t.text))
		if err == nil && int(int32(n)) != n {
			return "", t.outOfInt()
		}
		if err != nil || n < 0 || n >= len(names) {
			return "", bindErrorf("Cannot deserialize value of type `%s` from number %s: index value outside legal index "+
				"range [0..%d]", class, t.text, len(names)-1)
		}
		return names[n], nil
	case stringToken:
		text := trim(t.text)
		if slices.Contains(names, text) {
			return text, nil
		}
		if n, err := strconv.Atoi(text); err == nil && n >= 0 && n < len(names) && strconv.Itoa(n) == text {
			return names[n], nil
		}
		if text == "" {
			what := `empty String ("")`
			if len(t.text) > 0 {
				what = "blank String (all whitespace)"
			}
			return "", cannotCoerce(what, "`"+class+"` value")
		}
		return "", bindErrorf("Cannot deserialize value of type `%s` from String \"%s\": not one of the values accepted for "+
			"Enum class: [%s]", class, text, strings.Join(enumOrder(names), ", "))
	}
	return "", t.cannot(class)
}

// enumOrder sorts names as Jackson's table of an enum's constants lists them.
func enumOrder(names []string) []string {
	size := 8
	switch {
	case len(names) > 12:
		for size = 32; size < len(names)+len(names)/4; {
			size *= 2
		}
	case len(names) > 5:
		size = 16
	}
	// The table is filled from a hash map, and that from behind.
	names = slices.Clone(names)
	slices.Reverse(names)
	slices.SortStableFunc(names, func(a, b string) int { return bucketJava(hashJava(a), 16) - bucketJava(hashJava(b), 16) })
	slots := make([]string, size+size/2, size+size/2+len(names))
	for _, name := range names {
		slot := int(hashJava(name)) & (size - 1)
		if second := size + slot/2; slots[slot] == "" {
			slots[slot] = name
		} else if slots[second] == "" {
			slots[second] = name
		} else {
			slots = append(slots, name)
		}
	}
	return slices.DeleteFunc(slots, func(s string) bool { return s == "" })
}
