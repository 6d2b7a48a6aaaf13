package registry_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/avow-events/avow/avsc"
)

// randomTree is a tree of contracts that can be written in many ways and changed by many small steps. Names, namespaces,
// documentation, aliases, defaults, attributes, references and nested definitions are all drawn at random.
type randomTree struct {
	*rand.Rand
	types []*randomType // each after those that it refers to; those of one file follow each other
	names int
}

// randomType is a named type, or one without a name if kind is array, map or union.
type randomType struct {
	kind, space, name string
	doc, attribute    string
	aliases           []string
	fields            []*randomField
	symbols           []string
	size              int
	of                []*randomType // items, values or branches

	inside *randomType // the type in whose file it is written, at its first use there
}

type randomField struct {
	name, doc, attribute string
	plain                string      // the text of its type where that is no named type
	of                   *randomType // in a union with null where null is its default
	optional             bool
	value                string // default, empty for none
	descending           bool
}

var spaces = []string{"shop", "shop.orders", "acme.v2", ""}

func newRandomTree(seed uint64) *randomTree {
	t := &randomTree{Rand: rand.New(rand.NewPCG(seed, 7))}
	for range 3 + t.IntN(6) {
		t.add()
	}
	return t
}

func (t *randomTree) chance(percent int) bool { return t.IntN(100) < percent }

func (t *randomTree) fresh(prefix string) string {
	t.names++
	return fmt.Sprintf("%s%d", prefix, t.names)
}

// add adds a file.
func (t *randomTree) add() {
	named := t.named(nil)
	if len(named) > 0 && t.chance(15) {
		list := &randomType{kind: []string{"array", "map", "union"}[t.IntN(3)], name: t.fresh("List")}
		list.of = []*randomType{named[t.IntN(len(named))]}
		if other := named[t.IntN(len(named))]; list.kind == "union" && other != list.of[0] {
			list.of = append(list.of, other)
		}
		t.types = append(t.types, list)
		return
	}
	t.define(nil)
}

// define adds a type, written in a file of its own or inside another one, and what is written inside it.
func (t *randomTree) define(inside *randomType) *randomType {
	typ := &randomType{kind: "record", name: t.fresh("T"), space: spaces[t.IntN(len(spaces))], inside: inside}
	if inside != nil && inside.space != "" && typ.space == "" {
		typ.space = inside.space // Avro has no way to leave a namespace that the text form keeps
	}
	if t.chance(30) {
		typ.doc = t.prose()
	}
	if t.chance(20) {
		typ.attribute = t.prose()
	}
	if t.chance(20) {
		typ.aliases = []string{t.fresh("Former")}
	}
	switch n := t.IntN(10); {
	case n == 0:
		typ.kind, typ.size = "fixed", 1+t.IntN(16)
	case n < 3:
		typ.kind, typ.symbols = "enum", []string{"A", "B", "C"}
	default:
		for range 1 + t.IntN(4) {
			typ.fields = append(typ.fields, t.field(typ))
		}
	}
	t.types = append(t.types, typ)
	return typ
}

// named returns the types that a type may refer to: those before it, and those of its own file.
func (t *randomTree) named(user *randomType) []*randomType {
	var out []*randomType
	for _, typ := range t.types {
		if typ == user {
			break
		}
		if typ.of == nil {
			out = append(out, typ)
		}
	}
	return out
}

func (t *randomTree) field(owner *randomType) *randomField {
	f := &randomField{name: t.fresh("f"), descending: t.chance(10)}
	if t.chance(30) {
		f.doc = t.prose()
	}
	if t.chance(15) {
		f.attribute = t.prose()
	}
	known := t.named(owner)
	switch {
	case t.chance(15) && owner.inside == nil:
		f.of = t.define(owner)
	case t.chance(40) && len(known) > 0:
		f.of = known[t.IntN(len(known))]
		if owner.space != "" && f.of.space == "" {
			f.of = nil // cannot be named there
		}
	}
	if f.of != nil {
		f.optional = t.chance(40)
	} else {
		plain := [][2]string{
			{`"string"`, `"é\n\u0022x"`}, {`"long"`, `7`}, {`"double"`, `2.50`}, {`"boolean"`, `true`}, {`"bytes"`, `"\u00ff"`},
			{`{"type":"string"}`, `""`}, {`{"type":"array","items":"int"}`, `[1, 2]`}, {`{"type":"map","values":["null","string"]}`, `{}`},
			{`["null","string"]`, `null`}, {`["int","null"]`, `3`}, {`{"type":"long","logicalType":"timestamp-millis"}`, `0`},
			{`{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}`, ``},
		}
		choice := plain[t.IntN(len(plain))]
		f.plain = choice[0]
		if t.chance(50) {
			f.value = choice[1]
		}
	}
	return f
}

func (t *randomTree) prose() string {
	return []string{"An order.", "Größe, Menge & <b>Preis</b>", "", `says "hello"`, "two\nlines", "/* no comment */"}[t.IntN(6)]
}

// change makes a few small steps, of which some break contracts.
func (t *randomTree) change() {
	for range 1 + t.IntN(3) {
		typ := t.types[t.IntN(len(t.types))]
		switch n := t.IntN(12); {
		case n == 0:
			t.add()
		case n < 3:
			typ.doc = t.prose()
		case n == 3 && typ.of == nil:
			typ.aliases = append(typ.aliases, t.fresh("Former"))
		case n == 4:
			typ.attribute = t.prose()
		case typ.kind == "enum":
			typ.symbols = append(typ.symbols, t.fresh("S"))
		case typ.kind == "record" && n == 5 && len(typ.fields) > 1:
			if last := typ.fields[len(typ.fields)-1]; last.of == nil {
				typ.fields = typ.fields[:len(typ.fields)-1]
			}
		case typ.kind == "record" && n < 9:
			if last := typ.fields[len(typ.fields)-1]; last.of == nil {
				last.plain, last.value = []string{`"string"`, `"double"`, `{"type":"array","items":"string"}`}[t.IntN(3)], ""
			}
		case typ.kind == "record":
			f := &randomField{name: t.fresh("added"), plain: `"int"`, value: "1"}
			if known := t.named(typ); n == 10 && len(known) > 0 {
				if of := known[t.IntN(len(known))]; of.space != "" || typ.space == "" {
					f.plain, f.value, f.of, f.optional = "", "", of, true
				}
			}
			typ.fields = append(typ.fields, f)
		}
	}
}

// load writes the tree, in another way each time, and reads it.
func (t *randomTree) load(tb testing.TB) *avsc.Set {
	tb.Helper()
	files := fstest.MapFS{}
	for _, typ := range t.types {
		if typ.inside == nil {
			w := treeWriter{Rand: t.Rand, written: map[*randomType]bool{}}
			w.typ(typ, "", typ)
			text := w.String()
			text = text[:strings.LastIndexAny(text, "]}")+1] // no comment may follow
			files[fmt.Sprintf("%c/%s.avsc", 'a'+rune(t.IntN(3)), typ.name)] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	set, err := avsc.Load(files)
	if err != nil {
		for name, f := range files {
			tb.Logf("%s\n%s", name, f.Data)
		}
		tb.Fatal(err)
	}
	return set
}

// treeWriter writes one file: keys in any order, spaces and comments between any two tokens, names in each of the ways
// that Avro has.
type treeWriter struct {
	*rand.Rand
	strings.Builder
	written map[*randomType]bool
}

func (w *treeWriter) gap() {
	if w.IntN(3) > 0 {
		return
	}
	w.WriteString([]string{" ", "\n  ", "\t", " /* why */ ", " // because\n", "\r\n"}[w.IntN(6)])
}

func (w *treeWriter) token(text string) {
	w.gap()
	w.WriteString(text)
	w.gap()
}

// object writes members in any order.
func (w *treeWriter) object(members map[string]func()) {
	keys := make([]string, 0, len(members))
	for key := range members {
		keys = append(keys, key)
	}
	slices.Sort(keys) // what is drawn is the seed's alone
	w.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
	w.token("{")
	for i, key := range keys {
		if i > 0 {
			w.token(",")
		}
		w.token(fmt.Sprintf("%q", key))
		w.token(":")
		members[key]()
	}
	w.token("}")
}

func (w *treeWriter) text(s string) func() {
	return func() { w.token(quote(s)) }
}

func quote(s string) string {
	return `"` + strings.NewReplacer(`"`, `\"`, "\n", `\n`, "<", `\u003c`).Replace(s) + `"`
}

func (w *treeWriter) raw(s string) func() { return func() { w.token(s) } }

// typ writes a type inside a namespace: in full if it is written in this file and this is its first use.
func (w *treeWriter) typ(t *randomType, space string, file *randomType) {
	if t != file && t.inside != file || w.written[t] {
		w.name(t, space)
		return
	}
	w.written[t] = true
	switch t.kind {
	case "array":
		w.object(map[string]func(){"type": w.text("array"), "items": func() { w.typ(t.of[0], "", file) }})
		return
	case "map":
		w.object(map[string]func(){"type": w.text("map"), "values": func() { w.typ(t.of[0], "", file) }})
		return
	case "union":
		w.token("[")
		for i, of := range t.of {
			if i > 0 {
				w.token(",")
			}
			w.typ(of, "", file)
		}
		w.token("]")
		return
	}
	members := map[string]func(){"type": w.text(t.kind)}
	switch {
	case t.space == "" && space == "", t.space == space && w.IntN(2) == 0:
		members["name"] = w.text(t.name)
	case t.space != "" && w.IntN(2) == 0:
		members["name"] = w.text(t.space + "." + t.name)
	default:
		members["name"], members["namespace"] = w.text(t.name), w.text(t.space)
	}
	if t.doc != "" {
		members["doc"] = w.text(t.doc)
	}
	if t.attribute != "" {
		members["x-note"] = w.text(t.attribute)
	}
	if len(t.aliases) > 0 {
		members["aliases"] = func() { w.list(t.aliases) }
	}
	switch t.kind {
	case "enum":
		members["symbols"] = func() { w.list(t.symbols) }
		members["default"] = w.text("A")
	case "fixed":
		members["size"] = w.raw(fmt.Sprint(t.size))
	case "record":
		members["fields"] = func() {
			w.token("[")
			for i, f := range t.fields {
				if i > 0 {
					w.token(",")
				}
				w.field(f, t.space, file)
			}
			w.token("]")
		}
	}
	w.object(members)
}

func (w *treeWriter) list(words []string) {
	w.token("[")
	for i, word := range words {
		if i > 0 {
			w.token(",")
		}
		w.token(quote(word))
	}
	w.token("]")
}

func (w *treeWriter) name(t *randomType, space string) {
	name := t.name
	if t.space != space || t.space != "" && w.IntN(2) == 0 {
		name = strings.TrimPrefix(t.space+"."+t.name, ".")
	}
	w.token(quote(name))
}

func (w *treeWriter) field(f *randomField, space string, file *randomType) {
	members := map[string]func(){"name": w.text(f.name)}
	switch {
	case f.of == nil:
		members["type"] = w.raw(f.plain)
	case f.optional:
		members["type"] = func() {
			w.token("[")
			w.token(`"null"`)
			w.token(",")
			w.typ(f.of, space, file)
			w.token("]")
		}
		members["default"] = w.raw("null")
	default:
		members["type"] = func() { w.typ(f.of, space, file) }
	}
	if f.value != "" {
		members["default"] = w.raw(f.value)
	}
	if f.doc != "" {
		members["doc"] = w.text(f.doc)
	}
	if f.attribute != "" {
		members["x-note"] = w.text(f.attribute)
	}
	if f.descending {
		members["order"] = w.text("descending")
	}
	w.object(members)
}
