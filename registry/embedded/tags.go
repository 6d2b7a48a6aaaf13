package embedded

import (
	"fmt"
	"slices"
	"strings"

	"github.com/avow-events/avow/avsc"
)

// tagsProperty is the property of records and fields that holds their tags.
const tagsProperty = "confluent:tags"

// postTags answers POST /subjects/{subject}/versions/{version}/tags: register the version again with other tags.
func (r *Registry) postTags(x *exchange) error {
	request, err := bindBody(x, "modifyTags", bindTags)
	if err != nil {
		return err
	}
	if !validSubject(x.param("subject"), false) {
		return errInvalidSubject(x.param("subject"))
	}
	subject := normalSubject(x.param("subject"))
	return r.write(x, func(w *writer) error {
		base, err := r.version(subject, x.param("version"), false)
		if isSubjectNotFound(err) {
			// Here the real server names the subject as the path does.
			err = errSubjectNotFound(x.param("subject"))
		}
		if err != nil {
			return err
		}
		rules, err := r.newRules(subject, request)
		if err != nil {
			return err
		}
		s := &schema{
			Subject: subject, Version: request.NewVersion, ID: -1, Type: base.Type, Metadata: base.Metadata, Rules: rules,
		}
		if request.Metadata != nil {
			s.Metadata = request.Metadata
		}
		// Which version it will be is filled in later; that it says so is decided here.
		s.Metadata = s.Metadata.withVersion(max(1, request.NewVersion))
		text, p, err := r.tagged(base, request.TagsToAdd, request.TagsToRemove)
		if err != nil {
			return err
		}
		s.Text, s.Refs = plainText(text), p.refs
		added, err := r.add(w, s, false, false)
		if err != nil {
			return err
		}
		v := view{schema: added}
		x.out = v.appendRegistered(x.out, r.profile)
		return nil
	})
}

// newRules returns the rules that a request to tag a version asks for.
func (r *Registry) newRules(subject string, request *tagRequest) (*ruleSet, error) {
	if request.RulesToMerge == nil && request.RulesToRemove == nil {
		return request.Rules, request.Rules.validate()
	}
	if request.Rules != nil {
		return nil, errInvalidRuleSet("ruleSet should be omitted if specifying rulesToMerge or rulesToRemove")
	}
	if err := request.RulesToMerge.validate(); err != nil {
		return nil, err
	}
	before := -1
	if request.NewVersion > 0 {
		before = request.NewVersion - 1
	}
	var rules *ruleSet
	if old := r.store.get(subject, before, false); old != nil {
		rules = old.Rules
	}
	rules = rules.merge(request.RulesToMerge)
	if rules != nil && request.RulesToRemove != nil {
		rules = rules.without(request.RulesToRemove)
	}
	return rules, nil
}

// propagateTags gives a schema the tags that the version before it has.
func (r *Registry) propagateTags(s, previous *schema) error {
	old, err := r.parse(previous, false)
	if err != nil {
		return err
	}
	tags := taggedEntities(old.Root)
	if len(tags) == 0 {
		return nil
	}
	text, _, err := r.tagged(s, tags, nil)
	if err == nil {
		s.Text = plainText(text)
	}
	return err
}

// tagged returns the text of a schema with some tags more and some less.
func (r *Registry) tagged(s *schema, add, remove []schemaTags) (string, *parsed, error) {
	p, err := r.parse(s, false)
	if err != nil {
		return "", nil, err
	}
	for _, t := range slices.Concat(add, remove) {
		if t.nobody {
			return "", nil, errNullValue
		}
	}
	text := p.String()
	for _, entity := range entities(add, remove) {
		if text, err = retag(text, entity, tagsOf(add, entity), tagsOf(remove, entity)); err != nil {
			return "", nil, err
		}
	}
	changed := *s
	changed.Text, changed.Refs = plainText(text), p.refs
	if p, err = r.parse(&changed, false); err != nil {
		return "", nil, err
	}
	return p.String(), p, nil
}

// entities returns what the lists name, each once.
func entities(lists ...[]schemaTags) (all []schemaTags) {
	for _, list := range lists {
		for _, t := range list {
			if !slices.ContainsFunc(all, t.sameEntity) {
				all = append(all, t)
			}
		}
	}
	return all
}

func (t schemaTags) sameEntity(other schemaTags) bool {
	return strings.TrimPrefix(t.Path, ".") == strings.TrimPrefix(other.Path, ".") && t.Type == other.Type
}

func tagsOf(list []schemaTags, entity schemaTags) (tags []string) {
	for _, t := range list {
		if t.sameEntity(entity) {
			tags = append(tags, t.Tags...)
		}
	}
	return tags
}

// retag changes the tags of one record or field in the text of a schema.
func retag(text string, entity schemaTags, add, remove []string) (string, error) {
	root, err := parseTree(text)
	if err != nil {
		return "", err
	}
	node, err := entity.find(root)
	if err != nil {
		return "", errInvalidSchema("java.lang.IllegalArgumentException: %s", err)
	}
	var tags []string
	if old := node.get(tagsProperty); old != nil {
		for _, item := range old.items {
			tags = append(tags, item.text)
		}
	}
	tags = append(tags, add...)
	var kept []string
	for _, tag := range tags {
		if !slices.Contains(kept, tag) && !slices.Contains(remove, tag) {
			kept = append(kept, tag)
		}
	}
	if len(kept) == 0 {
		return node.without(text, tagsProperty), nil
	}
	return node.with(text, tagsProperty, string(appendStrings(nil, kept))), nil
}

// find returns the record or field in the tree of a schema, the first by breadth. As on the real server only the root's
// namespace counts.
func (t schemaTags) find(root *jsonNode) (*jsonNode, error) {
	names := strings.Split(t.Path, ".")
	if t.Path != "" {
		// As Java splits.
		for len(names) > 0 && names[len(names)-1] == "" {
			names = names[:len(names)-1]
		}
	}
	last, field := len(names)-1, ""
	if t.Type != "sr_record" {
		last--
	}
	if last < 0 {
		return nil, fmt.Errorf("0 > %d", last)
	}
	if t.Type != "sr_record" {
		field = names[last+1]
	}
	namespace, record := strings.Join(names[:last], "."), names[last]
	rootNamespace := root.get("namespace")
	here := namespace == "" || rootNamespace != nil && rootNamespace.text == namespace
	for queue := []*jsonNode{root}; len(queue) > 0; queue = queue[1:] {
		n := queue[0]
		kind := n.get("type")
		if kind == nil {
			queue = append(queue, n.parts()...)
			continue
		}
		switch {
		case kind.kind == stringToken && kind.text == "record":
			fields := n.get("fields")
			if !here || n.get("name").text != record {
				queue = append(queue, fields.parts()...)
				continue
			}
			if t.Type == "sr_record" {
				return n, nil
			}
			for _, f := range fields.items {
				if f.get("name").text == field {
					return f, nil
				}
			}
		case kind.kind == stringToken && kind.text == "array":
			queue = append(queue, n.get("items"))
		case kind.kind == stringToken && kind.text == "map":
			queue = append(queue, n.get("values"))
		default:
			queue = append(queue, kind)
		}
	}
	//lint:ignore ST1005 the registry's own words
	return nil, fmt.Errorf("No matching path '%s' found in the schema", t.Path)
}

// inlineTags returns what in a schema has one of the tags, "*" for any.
func (r *Registry) inlineTags(s *schema, tags []string) ([]schemaTags, error) {
	p, err := r.parse(s, false)
	if err != nil {
		return nil, err
	}
	all := taggedEntities(p.Root)
	if slices.Contains(tags, "*") {
		return all, nil
	}
	return slices.DeleteFunc(all, func(t schemaTags) bool {
		return !slices.ContainsFunc(t.Tags, func(tag string) bool { return slices.Contains(tags, tag) })
	}), nil
}

// taggedEntities returns the records and fields of a type that have tags.
func taggedEntities(root *avsc.Type) (all []schemaTags) {
	seen := map[string]bool{}
	add := func(path, kind string, props []avsc.Prop) {
		if tags := inlineTagsOf(props); len(tags) > 0 {
			all = append(all, schemaTags{Path: path, Type: kind, Tags: tags})
		}
	}
	var visit func(*avsc.Type)
	visit = func(t *avsc.Type) {
		switch t.Kind {
		case avsc.Union:
			for _, b := range t.Branches {
				visit(b)
			}
		case avsc.Array, avsc.Map:
			visit(t.Elem)
		case avsc.Record:
			name := t.Name.Full()
			if seen[name] {
				return
			}
			seen[name] = true
			add(name, "sr_record", t.Props)
			for _, f := range t.Fields {
				add(name+"."+f.Name, "sr_field", f.Props)
				visit(f.Type)
			}
		}
	}
	visit(root)
	return all
}

func inlineTagsOf(props []avsc.Prop) (tags []string) {
	for _, p := range props {
		if p.Name != tagsProperty || p.Value.Kind != avsc.ArrayValue {
			continue
		}
		for _, item := range p.Value.Items {
			if !slices.Contains(tags, item.Text) {
				tags = append(tags, item.Text)
			}
		}
	}
	return tags
}
