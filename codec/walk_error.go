package codec

import (
	"fmt"
	"strconv"
)

// fail notes that the instruction at pc of frame f cannot read what begins at the offset given, and returns code.
func (w *walker) fail(f *frame, pc, offset, code int) int {
	w.offset, w.path = offset, f.places[pc]
	return code
}

// failIn is fail for the k-th of a run of strings.
func (w *walker) failIn(f *frame, pc int, k int32, offset, code int) int {
	w.fail(f, pc, offset, code)
	if k > 0 {
		w.path = f.more[f.code[pc].to+k-1]
	}
	return code
}

// within puts the place of the instruction at pc of frame f, and then item, before the path of a failure inside it.
func (w *walker) within(f *frame, pc, code int, item string) int {
	w.path = joinPath(f.places[pc]+item, w.path)
	return code
}

// joinPath appends to a path the path of a value inside it.
func joinPath(outer, inner string) string {
	if outer == "" || inner == "" || inner[0] == '[' {
		return outer + inner
	}
	return outer + "." + inner
}

func indexPath(item int) string { return "[" + strconv.Itoa(item) + "]" }
func keyPath(key string) string { return "[" + strconv.Quote(key) + "]" }

// err returns the failure that the walk noted as an error.
func (w *walker) err(code int) error {
	return &Error{Path: w.path, Offset: w.offset, Err: withFound(w.text, w.offset, code)}
}

// withFound returns the reason of a failure, with what was found in the message where that helps.
func withFound(text string, offset, code int) error {
	why := failures[-1-code]
	switch code {
	case FailIntRange, FailBranch, FailSymbol, FailLength, FailCount:
		if v, i := ReadLong(text, offset); i > 0 {
			return fmt.Errorf("%w: %d", why, v)
		}
	case FailBoolean:
		return fmt.Errorf("%w: %d", why, text[offset])
	}
	return why
}
