package embedded

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// The functions here read request bodies as Jackson binds them to the real server's classes: numbers and booleans
// become strings, "1" becomes 1, unknown members are skipped, of repeated ones the last counts. What does not fit is
// refused in Jackson's words, in which a type goes by its Java name.

// bindError is a value of the wrong type.
type bindError struct{ message string }

func (e *bindError) Error() string { return e.message }

func bindErrorf(format string, args ...any) error { return &bindError{fmt.Sprintf(format, args...)} }

// shape describes the current token, as in "from Array value (token `JsonToken.START_ARRAY`)".
func (t *tokens) shape() string {
	what := map[tokenKind]string{
		objectStart: "Object value", objectEnd: "Object value", fieldName: "Object value", arrayStart: "Array value",
		arrayEnd: "Array value", stringToken: "String value", intToken: "Integer value",
		floatToken: "Floating-point value", trueToken: "Boolean value", falseToken: "Boolean value", nullToken: "Null value",
	}[t.kind]
	return fmt.Sprintf("%s (token `JsonToken.%s`)", what, t.kind)
}

func (t *tokens) cannot(javaType string) error {
	return bindErrorf("Cannot deserialize value of type `%s` from %s", javaType, t.shape())
}

// cannotConstruct refuses a scalar where an object of a class is wanted.
func (t *tokens) cannotConstruct(class string) error {
	var how string
	switch t.kind {
	case stringToken:
		text := trim(t.text)
		if text == "" {
			target := "`" + class + "` value"
			if slices.Contains([]string{"LinkedHashMap", "HashSet", "ArrayList"}, class) {
				target = "element of `" + class + "`"
			}
			return cannotCoerce(`empty String ("")`, target)
		}
		how = fmt.Sprintf("no String-argument constructor/factory method to deserialize from String value ('%s')", text)
	case intToken:
		kind := "int/Int"
		if n, err := strconv.ParseInt(string(t.text), 10, 64); err != nil {
			kind = "BigInteger"
		} else if n != int64(int32(n)) {
			kind = "long/Long"
		}
		how = fmt.Sprintf("no %s-argument constructor/factory method to deserialize from Number value (%s)", kind, t.javaInteger())
	case floatToken:
		how = fmt.Sprintf("no double/Double-argument constructor/factory method to deserialize from Number value (%s)", t.javaDouble())
	case trueToken, falseToken:
		how = fmt.Sprintf("no boolean/Boolean-argument constructor/factory method to deserialize from boolean value (%s)", t.text)
	default:
		return t.cannot(class)
	}
	return bindErrorf("Cannot construct instance of `%s` (although at least one Creator exists): %s", class, how)
}

func cannotCoerce(what, target string) error {
	return bindErrorf("Cannot coerce %s to %s (but could if coercion was enabled using `CoercionConfig`)", what, target)
}

// trim is Java's String.trim.
func trim(text []byte) string {
	return strings.TrimFunc(string(text), func(r rune) bool { return r <= ' ' })
}

// object reads the object that begins with the current token. The member function is called with t at the first token
// of each member's value and reads that value whole.
func (t *tokens) object(class string, member func(name string) error) error {
	if t.kind != objectStart {
		return t.cannotConstruct(class)
	}
	return t.members(member)
}

func (t *tokens) members(member func(name string) error) error {
	for {
		if err := t.next(); err != nil {
			return err
		}
		if t.kind == objectEnd {
			return nil
		}
		name := string(t.text)
		if err := t.next(); err != nil {
			return err
		}
		if err := member(name); err != nil {
			if syntax, ok := err.(*syntaxError); ok {
				syntax.nested, syntax.skipping = !syntax.skipping, false
			}
			return err
		}
	}
}

// shorten takes out of a message what the real server does not show of Jackson's mapping exceptions: where an object
// began, and the package of the first class that is named.
func shorten(message string) string {
	message, _, _ = strings.Cut(message, "(for Object starting at")
	message = strings.TrimSpace(message)
	if parts := strings.SplitN(message, "`", 3); len(parts) == 3 {
		name := parts[1]
		if dot := strings.LastIndexByte(name, '.'); dot < len(name)-1 {
			name = name[dot+1:]
		}
		return parts[0] + "`" + name + "`" + parts[2]
	}
	return message
}

// list reads an array of whatever one reads. Null is no list and no error.
func list[T any](t *tokens, element string, one func(*tokens) (T, error)) ([]T, error) {
	switch t.kind {
	case nullToken:
		return nil, nil
	case arrayStart:
	default:
		return nil, t.cannot(element + ">")
	}
	out := []T{}
	for {
		if err := t.next(); err != nil {
			return nil, err
		}
		if t.kind == arrayEnd {
			return out, nil
		}
		v, err := one(t)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
}

// stringList reads an array of strings, in which Java's class is named where a lone string stands instead.
func (t *tokens) stringList(class string) ([]string, error) {
	if t.kind == stringToken {
		return nil, t.cannotConstruct(class)
	}
	return list(t, "String", (*tokens).presentString)
}

// stringSet reads an array of strings as a set, sorted.
func (t *tokens) stringSet() ([]string, error) {
	set, err := t.stringList("HashSet")
	slices.SortFunc(set, compareJava)
	return slices.Compact(set), err
}

// stringMap reads an object whose values are whatever one reads. Null is no map and no error.
func stringMap[T any](t *tokens, javaType string, one func(*tokens) (T, error)) (map[string]T, error) {
	switch t.kind {
	case nullToken:
		return nil, nil
	case objectStart:
	case stringToken:
		return nil, t.cannotConstruct("LinkedHashMap")
	default:
		return nil, t.cannot(javaType)
	}
	out := map[string]T{}
	err := t.members(func(name string) error {
		v, err := one(t)
		out[name] = v
		return err
	})
	return out, err
}
