package lock

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/avow-events/avow/avsc"
)

// The lines around the facts. A lock is found in a binary by them.
const (
	header = "# avow.lock 1: what is registered where. Written by avow apply; commit it, and merge it by keeping both sides' lines.\n"
	footer = "# end of avow.lock\n"
)

// Bytes returns the file: a line for each text and each place, sorted. Texts without a place are left out.
func (l *Lock) Bytes() []byte {
	var lines []string
	used := map[string]bool{}
	for p := range l.places {
		used[p.Schema] = true
		fields := []string{word(p.Contract), p.Schema, "@" + word(p.Environment), word(p.Subject), strconv.Itoa(p.Version), strconv.Itoa(p.ID)}
		if p.GUID != "" {
			fields = append(fields, p.GUID)
		}
		lines = append(lines, strings.Join(fields, " "))
	}
	for fingerprint, s := range l.schemas {
		if used[fingerprint] {
			lines = append(lines, word(s.contract)+" "+fingerprint+" = "+s.text)
		}
	}
	for t := range l.topics {
		lines = append(lines, "topic "+word(t.Name)+" @"+word(t.Environment))
	}
	slices.Sort(lines)
	var b bytes.Buffer
	b.WriteString(header)
	for _, line := range lines {
		b.WriteString(line + "\n")
	}
	b.WriteString(footer)
	return b.Bytes()
}

// word writes a name such that it has no space, and unword reads it again.
func word(name string) string {
	var b strings.Builder
	for _, c := range []byte(name) {
		if c <= ' ' || c == '%' || c == 0x7f {
			fmt.Fprintf(&b, "%%%02x", c)
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

func unword(text string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '%' {
			b.WriteByte(text[i])
			continue
		}
		if i+2 >= len(text) {
			return "", fmt.Errorf("%q ends in the middle of a %%", text)
		}
		c, err := strconv.ParseUint(text[i+1:i+3], 16, 8)
		if err != nil {
			return "", fmt.Errorf("%q has a %% that stands for nothing", text)
		}
		b.WriteByte(byte(c))
		i += 2
	}
	return b.String(), nil
}

// Parse reads a file, whose lines may come in any order and more than once. The error is an [avsc.ErrorList] with every
// line that is not understood.
func Parse(name string, text []byte) (*Lock, error) {
	l := &Lock{}
	l.prepare()
	var errs avsc.ErrorList
	number := 0
	for line := range bytes.Lines(text) {
		number++
		line := strings.TrimRight(string(line), "\r\n")
		if strings.HasPrefix(line, "# avow.lock ") && !strings.HasPrefix(line, "# avow.lock 1:") {
			errs = append(errs, &avsc.Error{Pos: avsc.Pos{File: name, Line: number, Col: 1}, Err: errNewer})
		}
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := l.read(line); err != nil {
			errs = append(errs, &avsc.Error{Pos: avsc.Pos{File: name, Line: number, Col: 1}, Err: err})
		}
	}
	for p := range l.places {
		if _, ok := l.schemas[p.Schema]; !ok {
			errs = append(errs, &avsc.Error{Pos: avsc.Pos{File: name}, Err: fmt.Errorf("the text of schema %s of %s is missing, run avow apply", p.Schema, p.Contract)})
		}
	}
	if err := errs.Err(); err != nil {
		return nil, err
	}
	return l, nil
}

// errNoLine is for a line that is none of ours.
var errNoLine = errors.New("this is no line of avow.lock: it is written by avow apply alone")

// errNewer is for a format that we would write back without what we do not know of it.
var errNewer = errors.New("a newer avow wrote this, in a format that this one does not know: update avow")

func (l *Lock) read(line string) error {
	for _, mark := range []string{"<<<<<<<", "=======", ">>>>>>>", "|||||||"} {
		if strings.HasPrefix(line, mark) {
			return errors.New("git could not merge: keep the lines of both sides, and write `avow.lock merge=union` into .gitattributes")
		}
	}
	fields := strings.SplitN(line, " ", 4)
	switch {
	case len(fields) == 3 && fields[0] == "topic":
		return l.readTopic(fields[1], fields[2])
	case len(fields) < 4:
		return errNoLine
	}
	contract, err := unword(fields[0])
	if err != nil {
		return err
	}
	if fields[2] != "=" {
		return l.readPlace(contract, fields[1], fields[2], fields[3])
	}
	if got := Fingerprint(fields[3]); got != fields[1] {
		return fmt.Errorf("the text of %s was changed: its fingerprint is %s and not %s", contract, got, fields[1])
	}
	l.schemas[fields[1]] = schema{contract, fields[3]}
	return nil
}

func (l *Lock) readTopic(name, environment string) (err error) {
	var t Topic
	if t.Name, err = unword(name); err != nil {
		return err
	}
	if t.Environment, err = environmentOf(environment); err != nil {
		return err
	}
	l.topics[t] = true
	return nil
}

func (l *Lock) readPlace(contract, fingerprint, environment, text string) (err error) {
	p := Place{Contract: contract, Schema: fingerprint}
	rest := strings.Split(text, " ")
	if len(rest) < 3 || len(rest) > 4 {
		return errNoLine
	}
	if p.Environment, err = environmentOf(environment); err != nil {
		return err
	}
	if p.Subject, err = unword(rest[0]); err != nil {
		return err
	}
	if p.Version, err = strconv.Atoi(rest[1]); err != nil || p.Version < 1 {
		return fmt.Errorf("%q is no version", rest[1])
	}
	if p.ID, err = strconv.Atoi(rest[2]); err != nil || p.ID < 0 {
		return fmt.Errorf("%q is no schema id", rest[2])
	}
	if len(rest) == 4 {
		p.GUID = rest[3]
	}
	l.places[p] = true
	return nil
}

func environmentOf(text string) (string, error) {
	name, ok := strings.CutPrefix(text, "@")
	if !ok {
		return "", errNoLine
	}
	return unword(name)
}
