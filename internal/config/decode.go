package config

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/suggest"
)

// decoder turns YAML nodes into values and collects every problem on the way. A value that is not what its key wants
// leaves the target as it was; a null counts as not written.
type decoder struct {
	file    string
	errs    avsc.ErrorList
	anchors map[string]ast.Node
}

// entry is a key that an object may have and what reads its value.
type entry struct {
	key  string
	read func(ast.Node)
}

// object reads the keys of a mapping, each at most once; the YAML parser has refused repeated ones.
func (d *decoder) object(n ast.Node, entries ...entry) {
	known := make([]string, len(entries))
	for i, e := range entries {
		known[i] = e.key
	}
	d.pairs(n, func(key Text, value ast.Node) {
		i := slices.Index(known, key.Value)
		if i < 0 {
			d.errorf(key.Pos, "unknown key %q%s", key.Value, orKnown(key.Value, known))
			return
		}
		if d.resolve(value).Type() != ast.NullType {
			entries[i].read(value)
		}
	})
}

// orKnown suggests one of the known words, or lists them all where none is near.
func orKnown(word string, known []string) string {
	if s := suggest.DidYouMean(word, known); s != "" {
		return s
	}
	return ", known are " + strings.Join(known, ", ")
}

// pairs calls read for every key and value of a mapping whose keys are the writer's own. A merge (<<: *anchor) brings
// in the pairs of another mapping that this one does not have itself.
func (d *decoder) pairs(n ast.Node, read func(key Text, value ast.Node)) {
	seen := map[string]bool{}
	walked := map[ast.MapNode]bool{} // a mapping may merge itself
	var walk func(n ast.Node, merged bool)
	walk = func(n ast.Node, merged bool) {
		m, ok := d.resolve(n).(ast.MapNode)
		if !ok {
			d.wrong(n, "keys and values")
			return
		}
		if walked[m] {
			return
		}
		walked[m] = true
		var merges []ast.Node
		for it := m.MapRange(); it.Next(); {
			key, value := it.Key(), it.Value()
			if key.IsMergeKey() {
				merges = append(merges, value)
				continue
			}
			t := Text{key.GetToken().Value, d.pos(key)}
			if merged && seen[t.Value] {
				continue
			}
			seen[t.Value] = true
			read(t, value)
		}
		for _, other := range merges {
			if d.isList(other) {
				d.list(other, func(n ast.Node) { walk(n, true) })
				continue
			}
			walk(other, true)
		}
	}
	walk(n, false)
}

// list calls read for every item of a sequence.
func (d *decoder) list(n ast.Node, read func(ast.Node)) {
	s, ok := d.resolve(n).(*ast.SequenceNode)
	if !ok {
		d.wrong(n, "a list")
		return
	}
	for _, item := range s.Values {
		read(item)
	}
}

// text reads a string.
func (d *decoder) text(into *string) func(ast.Node) {
	return func(n ast.Node) {
		switch v := d.resolve(n).(type) {
		case *ast.StringNode:
			*into = v.Value
		case *ast.LiteralNode:
			*into = strings.TrimSuffix(v.Value.Value, "\n")
		default:
			d.wrong(n, "a text")
		}
	}
}

// place reads a string together with its place.
func (d *decoder) place(into *Text) func(ast.Node) {
	return func(n ast.Node) {
		into.Pos = d.pos(n)
		d.text(&into.Value)(n)
	}
}

// oneOf reads a string that must be one of the words.
func (d *decoder) oneOf(into *string, words ...string) func(ast.Node) {
	return func(n ast.Node) {
		var word string
		d.text(&word)(n)
		switch {
		case slices.Contains(words, word):
			*into = word
		case word != "":
			if len(words) == 1 {
				d.errorf(d.pos(n), "want %s here, found %q", words[0], word)
				return
			}
			d.errorf(d.pos(n), "%q is not one of %s%s", word, strings.Join(words, ", "), suggest.DidYouMean(word, words))
		}
	}
}

// count reads a whole number from 1.
func (d *decoder) count(into *int) func(ast.Node) {
	return func(n ast.Node) {
		i, ok := d.resolve(n).(*ast.IntegerNode)
		if !ok {
			d.wrong(n, "a number")
			return
		}
		v, ok := i.Value.(uint64)
		if !ok || v == 0 || v > 1<<20 {
			d.errorf(d.pos(n), "%s is not a number from 1 to %d", i.Token.Value, 1<<20)
			return
		}
		*into = int(v)
	}
}

// flag reads true or false.
func (d *decoder) flag(into *bool) func(ast.Node) {
	return func(n ast.Node) {
		b, ok := d.resolve(n).(*ast.BoolNode)
		if !ok {
			d.wrong(n, "true or false")
			return
		}
		*into = b.Value
	}
}

// scalar reads a text, or the text of a number or of true or false.
func (d *decoder) scalar(into *string) func(ast.Node) {
	return func(n ast.Node) {
		switch v := d.resolve(n).(type) {
		case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
			*into = v.GetToken().Value
		default:
			d.text(into)(n)
		}
	}
}

// texts reads a list of strings.
func (d *decoder) texts(into *[]string) func(ast.Node) {
	return func(n ast.Node) {
		d.list(n, func(n ast.Node) {
			var text string
			d.text(&text)(n)
			*into = append(*into, text)
		})
	}
}

// required reports a key that an object lacks, or that holds nothing.
func (d *decoder) required(n ast.Node, key, value string) {
	if value == "" && d.isObject(n) {
		d.errorf(d.pos(n), "%q is missing", key)
	}
}

func (d *decoder) isObject(n ast.Node) bool { _, ok := d.resolve(n).(ast.MapNode); return ok }

func (d *decoder) isList(n ast.Node) bool { _, ok := d.resolve(n).(*ast.SequenceNode); return ok }

// resolve returns the node behind anchors, aliases and tags; the node itself where an alias has no anchor before it,
// which is then no value that any key wants.
func (d *decoder) resolve(n ast.Node) ast.Node {
	switch v := n.(type) {
	case *ast.AnchorNode:
		// Known only once it is resolved, so that no anchor can stand for itself.
		target := d.resolve(v.Value)
		d.anchors[v.Name.GetToken().Value] = target
		return target
	case *ast.TagNode:
		return d.resolve(v.Value)
	case *ast.AliasNode:
		if target, ok := d.anchors[v.Value.GetToken().Value]; ok {
			return target
		}
	}
	return n
}

// wrong reports a value of another kind than its key wants.
func (d *decoder) wrong(n ast.Node, wanted string) {
	d.errorf(d.pos(n), "want %s here, found %s", wanted, describe(d.resolve(n)))
}

func describe(n ast.Node) string {
	switch v := n.(type) {
	case ast.MapNode:
		return "keys and values"
	case *ast.SequenceNode:
		return "a list"
	case *ast.AliasNode:
		return "*" + v.Value.GetToken().Value + ", which no & before it defines"
	case *ast.NullNode:
		return "nothing"
	}
	return n.GetToken().Value
}

// pos returns where a value begins: for a mapping its first key, which is not the token that the parser gives.
func (d *decoder) pos(n ast.Node) avsc.Pos {
	token := n.GetToken()
	if m, ok := n.(ast.MapNode); ok {
		if it := m.MapRange(); it.Next() && it.Key().GetToken().Position.Offset < token.Position.Offset {
			token = it.Key().GetToken()
		}
	}
	return avsc.Pos{File: d.file, Line: token.Position.Line, Col: token.Position.Column}
}

func (d *decoder) errorf(pos avsc.Pos, format string, args ...any) {
	d.errs = append(d.errs, &avsc.Error{Pos: pos, Err: fmt.Errorf(format, args...)})
}
