package avsc

import (
	"fmt"
	"slices"
)

// resolve puts the types in place that forward references stand for.
//
// Avro Java copies the whole schema here (SchemaResolver.ResolvingVisitor) and holds unions and defaults to their
// rules a second time, at a moment at which the fields of a recursive record may not be copied yet. Its order decides
// which defaults it refuses, so the walk is the same.
//
// The types of referenced documents are copied once more along with new ones, and can fail where they did not before.
func (p *parser) resolve(root *Type) {
	if len(p.forward) == 0 && len(p.before) == 0 {
		return
	}
	var types []*Type
	if len(p.defined) > 0 {
		types = slices.Concat(p.before, p.defined)
	}
	r := resolver{
		parser: p, known: make(map[*Type]bool), foreign: make(map[*Type]bool),
		copied: make(map[*Type]bool), complete: make(map[*Type]bool),
	}
	for _, t := range types {
		r.known[t] = true
	}
	for _, t := range p.before {
		r.foreign[t] = true
	}
	p.aim()
	for _, t := range types {
		if !r.complete[t] {
			r.visit(t)
		}
	}
	r.visit(root)
	for _, f := range p.forward {
		r.visitForward(f) // those of a definition that was dropped as it repeats another
	}
	p.reportUnknown(root)
	p.reportEarly()
	for _, s := range p.slots {
		*s = p.target(*s)
	}
}

// aim finds out what forward references stand for.
func (p *parser) aim() {
	for _, f := range p.forward {
		if f.target = p.find(f.name); f.target == nil && (len(p.beside) > 0 || p.printed) {
			f.target = p.find(p.nodes[f.node].text) // a document beside, or what encloses it, may have it without a namespace
		}
	}
}

type resolver struct {
	*parser
	known    map[*Type]bool // named types that are copied
	foreign  map[*Type]bool // those that another document defines
	copied   map[*Type]bool // has a copy, perhaps without fields
	complete map[*Type]bool // records whose copy has its fields
}

type step struct {
	t     *Type
	after bool
}

// visit goes through what hangs below start, depth first. A record that an earlier visit has copied is gone through
// once more.
func (r *resolver) visit(start *Type) {
	visited := make(map[*Type]bool)
	stack := []step{{t: start}}
	for len(stack) > 0 {
		s := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if s.after {
			r.finish(s.t)
			continue
		}
		if visited[s.t] {
			continue
		}
		visited[s.t] = true
		if f := r.isFwd[s.t]; f != nil {
			r.visitForward(f)
			continue
		}
		switch s.t.Kind {
		case Record:
			if !r.known[s.t] {
				continue
			}
			r.copied[s.t] = true
			stack = append(stack, step{s.t, true})
			for i := len(s.t.Fields) - 1; i >= 0; i-- {
				stack = append(stack, step{t: s.t.Fields[i].Type})
			}
		case Union:
			stack = append(stack, step{s.t, true})
			for _, b := range s.t.Branches {
				stack = append(stack, step{t: b})
			}
		case Array, Map:
			stack = append(stack, step{t: s.t.Elem})
		}
	}
}

func (r *resolver) visitForward(f *forwardRef) {
	if f.target == nil {
		if f.rank == 0 {
			f.rank, r.stopped = r.nextRank(), true
		}
		return
	}
	if f.target.Kind == Record && r.known[f.target] && !r.copied[f.target] {
		r.visit(f.target)
	}
}

// finish holds the parts of a union or record to their rules again, now that they are known.
func (r *resolver) finish(t *Type) {
	if t.Kind == Union {
		r.checkBranches(t, func(b *Type) bool { return r.isFwd[b] != nil })
		return
	}
	if r.complete[t] {
		return
	}
	if !r.registered {
		for _, f := range t.Fields {
			if f.Default != nil && !r.badDefault[f] {
				r.checkCopied(t, f)
			}
		}
	}
	r.complete[t] = true
}

func (r *resolver) checkCopied(record *Type, f *Field) {
	c := defaultChecker{target: r.target, open: func(t *Type) bool {
		return r.known[t] && !r.complete[t]
	}}
	switch ok, open := c.check(f.Type, f.Default); {
	case !ok && open == nil && !r.foreign[record]:
		r.failDefault(f, r.target)
	case open != nil && !r.foreign[record]:
		r.failAt(f.Default.Pos, "Schema fields not set yet",
			"default of field %q holds a record of type %s inside the recursive definition of that type, which Avro Java and Schema Registry refuse",
			f.Name, open.Name)
	case open != nil:
		r.fail(0, "Schema fields not set yet",
			"Avro Java and Schema Registry cannot read this together with what it refers to: the default of field %q at %s holds a record of type %s inside the recursive definition of that type",
			f.Name, f.Default.Pos, open.Name)
	}
}

// reportUnknown reports each name that nothing defines once, at its first place.
func (p *parser) reportUnknown(root *Type) {
	count, rank := make(map[string]int), make(map[string]int)
	for _, f := range p.forward {
		if f.target == nil {
			count[f.name]++
			if r := rank[f.name]; r == 0 || f.rank < r {
				rank[f.name] = f.rank
			}
			f.target = &Type{Pos: f.stand.Pos, NamePos: f.stand.Pos}
		}
	}
	for _, f := range p.forward {
		n := count[f.name]
		if n == 0 {
			continue
		}
		count[f.name] = 0
		written := p.nodes[f.node].text
		msg := fmt.Sprintf("unknown type %q", written)
		if f.name != written {
			msg += fmt.Sprintf(" (%s)", f.name)
		}
		if n > 1 {
			msg += fmt.Sprintf(", used %d times", n)
		}
		java := "Undefined schema: " + f.name
		if f.stand == root {
			java = "Unknown schema: " + f.stand.Name.Full()
		}
		if p.enough() {
			return
		}
		p.fail(f.node, "", "%s%s", msg, p.suggest(written))
		last := p.errs[len(p.errs)-1]
		last.rank, last.JavaMessage = rank[f.name], java
	}
}
