package avsc

import (
	"errors"
	"fmt"
	"sort"
	"strings"
)

// Pos is a place in a schema file. The zero Pos is no place.
type Pos struct {
	File string
	// Line and Col count from 1; Col counts bytes.
	Line, Col int
}

// IsValid reports whether p is a place in a file.
func (p Pos) IsValid() bool { return p.Line > 0 }

// String returns file:line:col, without what is not known.
func (p Pos) String() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.File == "":
		return fmt.Sprintf("%d:%d", p.Line, p.Col)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
}

// Error is one problem in a schema.
type Error struct {
	Pos Pos
	// Path is the place in the schema as a JSON pointer, such as /fields/2/type; empty where the text is not
	// JSON at all.
	Path string
	// Err says what is wrong and, where it is known, what to write instead.
	Err error
	// JavaMessage is what Avro Java says, in the problem of several at which it stops. The function [JavaMessage]
	// finds it.
	JavaMessage string

	rank int // in the order in which Avro Java comes to the problems
}

// Error returns file:line:col, a colon and what is wrong.
func (e *Error) Error() string {
	if p := e.Pos.String(); p != "" {
		return p + ": " + e.Err.Error()
	}
	return e.Err.Error()
}

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }

// ErrorList holds every problem of a file or a tree, sorted by file, line and column.
type ErrorList []*Error

// Error returns one problem a line.
func (l ErrorList) Error() string {
	lines := make([]string, len(l))
	for i, e := range l {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap lets errors.Is and errors.As look into every problem.
func (l ErrorList) Unwrap() []error {
	errs := make([]error, len(l))
	for i, e := range l {
		errs[i] = e
	}
	return errs
}

// Err returns the list as an error after sorting it and dropping repetitions, nil where it is empty.
func (l ErrorList) Err() error {
	if len(l) == 0 {
		return nil
	}
	sort.SliceStable(l, func(i, j int) bool {
		a, b := l[i], l[j]
		switch {
		case a.Pos.File != b.Pos.File:
			return a.Pos.File < b.Pos.File
		case a.Pos.Line != b.Pos.Line:
			return a.Pos.Line < b.Pos.Line
		case a.Pos.Col != b.Pos.Col:
			return a.Pos.Col < b.Pos.Col
		}
		return a.Err.Error() < b.Err.Error()
	})
	out := l[:1]
	for _, e := range l[1:] {
		if last := out[len(out)-1]; last.Pos != e.Pos || last.Err.Error() != e.Err.Error() {
			out = append(out, e)
		}
	}
	return out
}

// AsErrorList returns the problems that err consists of: its ErrorList if it wraps one, else one problem
// without a place; nil for nil.
func AsErrorList(err error) ErrorList {
	if err == nil {
		return nil
	}
	var l ErrorList
	if errors.As(err, &l) {
		return l
	}
	var e *Error
	if errors.As(err, &e) {
		return ErrorList{e}
	}
	return ErrorList{{Err: err}}
}
