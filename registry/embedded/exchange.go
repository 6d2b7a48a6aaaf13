package embedded

import (
	"errors"
	"math"
	"net/http"
	"slices"
	"strconv"
)

// exchange is a request and what it is answered.
type exchange struct {
	target
	request *http.Request
	body    []byte
	tokens  tokens // of the body
	// params are the values of the route's variables.
	params []parameter

	// status is 0 for 200, and out what is answered.
	status int
	out    []byte
	// position is the last change that the answer may rest on.
	position int64
}

// sees notes that the answer rests on everything that was changed until now. The caller holds r.mu.
func (x *exchange) sees(r *Registry) {
	if r.journal != nil {
		x.position = r.journal.position()
	}
}

// param returns the value of a variable in the path, empty where the path has none of that name.
func (x *exchange) param(name string) string {
	for _, p := range x.params {
		if p.name == name {
			return p.value
		}
	}
	return ""
}

func (x *exchange) hasParam(name string) bool {
	return slices.ContainsFunc(x.params, func(p parameter) bool { return p.name == name })
}

// intParam returns a variable that must be an int; a path with another value leads nowhere.
func (x *exchange) intParam(name string) (int, error) {
	n, err := strconv.ParseInt(x.param(name), 10, 32)
	if err != nil {
		return 0, errHTTP(http.StatusNotFound)
	}
	return int(n), nil
}

// query returns the first value of a name, empty where there is none.
func (x *exchange) query(name string) string {
	value, _ := x.first(name)
	return value
}

func (x *exchange) hasQuery(name string) bool {
	_, ok := x.first(name)
	return ok
}

// queries returns all values of a name.
func (x *exchange) queries(name string) (values []string, ok bool) {
	for _, p := range x.target.query {
		if p.name == name {
			values = append(values, p.value)
		}
	}
	return values, len(values) > 0
}

// boolean reports whether a parameter is "true" in any letter case.
func (x *exchange) boolean(name string) bool {
	value := x.query(name)
	return len(value) == 4 && value[0]|0x20 == 't' && value[1]|0x20 == 'r' && value[2]|0x20 == 'u' && value[3]|0x20 == 'e'
}

// integer returns a parameter that must be an int.
func (x *exchange) integer(name string, otherwise int) (int, error) {
	value := x.query(name)
	if isBlank(value) {
		return otherwise, nil
	}
	n, err := strconv.ParseInt(value, 10, 32)
	if err != nil {
		return 0, errHTTP(http.StatusNotFound)
	}
	return int(n), nil
}

func isBlank(s string) bool {
	for i := range len(s) {
		if s[i] > ' ' {
			return false
		}
	}
	return true
}

const noLimit = math.MaxInt32

// window is the part of a list that ?offset= and ?limit= ask for.
type window struct{ offset, limit int }

// window reads what part of a list is asked for. That must be numbers whatever the list turns out to be.
func (x *exchange) window() (w window, err error) {
	if w.offset, err = x.integer("offset", 0); err != nil {
		return w, err
	}
	w.limit, err = x.integer("limit", -1)
	return w, err
}

// page returns the part of a list that a window shows. A limit that is none, or beyond the most, means the most.
func page[T any](w window, items []T, most int) ([]T, error) {
	if w.offset < 0 {
		return nil, errNegativeOffset
	}
	if w.limit <= 0 || w.limit > most {
		w.limit = most
	}
	items = items[min(w.offset, len(items)):]
	return items[:min(w.limit, len(items))], nil
}

// lifecycles returns the values of ?lifecycle=.
func (x *exchange) lifecycles() ([]string, error) { return x.lifecycle("STRONG", "WEAK", "NONE") }

func (x *exchange) lifecycle(known ...string) ([]string, error) {
	values, _ := x.queries("lifecycle")
	values = slices.DeleteFunc(values, func(v string) bool { return v == "" })
	for _, v := range values {
		if !slices.Contains(known, v) {
			return nil, errHTTP(http.StatusNotFound)
		}
	}
	return values, nil
}

// bindBody reads the body of a request, which must have one. Operation is what the real server's messages call it.
func bindBody[T any](x *exchange, operation string, bind func(*tokens) (*T, error)) (*T, error) {
	value, err := bindAny(x, bind)
	if errors.Is(err, errNoValue) || err == nil && value == nil {
		return nil, errNullBody(operation)
	}
	return value, err
}

var errNoValue = errors.New("no value")

// bindAny reads the body of a request. The error is errNoValue where it is empty or null.
func bindAny[T any](x *exchange, bind func(*tokens) (T, error)) (value T, err error) {
	t := &x.tokens
	t.reset(x.body)
	if err := t.next(); err != nil {
		return value, err
	}
	switch t.kind {
	case endOfText:
		return value, errNoValue
	case nullToken:
		err = errNoValue
	default:
		if value, err = bind(t); err != nil {
			return value, err
		}
	}
	t.kind = endOfText // so that errors name no token before this one
	if more := t.next(); more != nil && !isInString(more) {
		return value, more
	}
	if t.kind != endOfText {
		return value, bindErrorf("Trailing token (of type %s) found after value (bound as `%s`): not allowed as per "+
			"`DeserializationFeature.FAIL_ON_TRAILING_TOKENS`", t.kind, className(value))
	}
	if t.null {
		return value, errNullValue
	}
	return value, err
}

func isInString(err error) bool {
	var syntax *syntaxError
	return errors.As(err, &syntax) && syntax.inString
}

// className is what Jackson calls the class that a body is bound to.
func className(value any) string {
	switch value.(type) {
	case *registerRequest:
		return "RegisterSchemaRequest"
	case *modeUpdate:
		return "ModeUpdateRequest"
	case *configUpdate:
		return "ConfigUpdateRequest"
	case *tagRequest:
		return "TagSchemaRequest"
	}
	return "Map"
}
