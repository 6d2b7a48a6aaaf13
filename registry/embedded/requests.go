package embedded

// registerRequest is the body of what registers, looks up or checks a schema.
type registerRequest struct {
	// Version and ID are nil where the request names none.
	Version, ID *int
	Type        *string
	Refs        []reference
	Metadata    *metadata
	Rules       *ruleSet
	// Text is nil where the request has none.
	Text *string

	TagsToAdd, TagsToRemove []schemaTags
	// PropagateTags takes over the tags of the version before.
	PropagateTags bool
}

func bindRegister(t *tokens) (*registerRequest, error) {
	r := &registerRequest{}
	err := t.object("RegisterSchemaRequest", func(name string) (err error) {
		switch name {
		case "version":
			r.Version, err = t.optionalInt()
		case "id":
			r.ID, err = t.optionalInt()
		case "schemaType":
			r.Type, err = t.optionalString()
		case "references":
			r.Refs, err = list(t, "SchemaReference", bindReference)
		case "metadata":
			r.Metadata, err = bindMetadata(t)
		case "ruleSet":
			r.Rules, err = bindRuleSet(t)
		case "schema":
			r.Text, err = t.optionalString()
		case "schemaTagsToAdd":
			r.TagsToAdd, err = list(t, "SchemaTags", bindSchemaTags)
		case "schemaTagsToRemove":
			r.TagsToRemove, err = list(t, "SchemaTags", bindSchemaTags)
		case "propagateSchemaTags":
			var propagate *bool
			propagate, err = t.optionalBool("Boolean")
			r.PropagateTags = isTrue(propagate)
		default:
			err = t.skip()
		}
		return err
	})
	return r, err
}

// schema returns what the request asks for under a subject.
func (r *registerRequest) schema(subject string) *schema {
	s := &schema{Subject: subject, ID: -1, Type: avroType, Refs: r.Refs, Metadata: r.Metadata, Rules: r.Rules, Text: plainText(deref(r.Text))}
	if r.Version != nil {
		s.Version = *r.Version
	}
	if r.ID != nil {
		s.ID = *r.ID
	}
	if r.Type != nil {
		s.Type = *r.Type
	}
	return s
}

func bindSchemaTags(t *tokens) (schemaTags, error) {
	s := schemaTags{nobody: true}
	if t.kind == nullToken {
		return s, nil
	}
	err := t.object("SchemaTags", func(name string) (err error) {
		switch name {
		case "schemaEntity":
			if s.nobody = t.kind == nullToken; !s.nobody {
				s.Path, s.Type, err = bindSchemaEntity(t)
			}
		case "tags":
			s.Tags, err = t.stringList("ArrayList")
		default:
			err = t.skip()
		}
		return err
	})
	return s, err
}

func bindSchemaEntity(t *tokens) (path, kind string, err error) {
	var given *string
	err = t.object("SchemaEntity", func(name string) (err error) {
		switch name {
		case "entityPath":
			given, err = t.optionalString()
		case "entityType":
			kind, err = t.enum("EntityType", []string{"sr_record", "sr_field"})
		default:
			err = t.skip()
		}
		return err
	})
	if err == nil && given == nil {
		err = bindErrorf("Cannot construct instance of `SchemaEntity`, problem: " +
			`Cannot invoke "String.startsWith(String)" because "this.entityPath" is null`)
	}
	return deref(given), kind, err
}

// tagRequest is the body of POST /subjects/{subject}/versions/{version}/tags.
type tagRequest struct {
	NewVersion              int // 0 where the request names none
	TagsToAdd, TagsToRemove []schemaTags
	Metadata                *metadata
	Rules, RulesToMerge     *ruleSet
	RulesToRemove           []string
}

func bindTags(t *tokens) (*tagRequest, error) {
	r := &tagRequest{}
	err := t.object("TagSchemaRequest", func(name string) (err error) {
		switch name {
		case "newVersion":
			var version *int
			if version, err = t.optionalInt(); version != nil {
				r.NewVersion = *version
			}
		case "tagsToAdd":
			r.TagsToAdd, err = list(t, "SchemaTags", bindSchemaTags)
		case "tagsToRemove":
			r.TagsToRemove, err = list(t, "SchemaTags", bindSchemaTags)
		case "metadata":
			r.Metadata, err = bindMetadata(t)
		case "ruleSet":
			r.Rules, err = bindRuleSet(t)
		case "rulesToMerge":
			r.RulesToMerge, err = bindRuleSet(t)
		case "rulesToRemove":
			r.RulesToRemove, err = t.stringList("ArrayList")
		default:
			err = t.skip()
		}
		return err
	})
	return r, err
}
