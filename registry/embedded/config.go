package embedded

import (
	"strings"

	"github.com/avow-events/avow/compat"
)

// config is what was configured for a subject, a context or the whole registry. It is never changed once it is in use.
type config struct {
	// Alias is another subject that requests for this one mean; nil or empty is none.
	Alias        *string
	AliasForDeks *string
	// Normalize, ValidateFields, ValidateNewSchemas and ValidateRules are nil where nothing was said.
	Normalize          *bool
	ValidateFields     *bool
	ValidateNewSchemas *bool
	ValidateRules      *bool
	// Level is the compatibility level's name, empty where nothing was said.
	Level string
	// Policy is STRICT, LENIENT or empty.
	Policy string
	// Group is the metadata property whose values must be equal for two versions to be compared.
	Group *string
	// Default and Override are merged with what a schema brings.
	DefaultMetadata, OverrideMetadata *metadata
	DefaultRules, OverrideRules       *ruleSet
}

// configUpdate is a change of a config. A member that the request did not have stays as it was; one that was null is
// taken away.
type configUpdate struct {
	config
	has map[string]bool
}

var configPolicies = map[string]string{"STRICT": "STRICT", "LENIENT": "LENIENT"}

func bindConfigUpdate(t *tokens) (*configUpdate, error) {
	u := &configUpdate{has: map[string]bool{}}
	err := t.object("ConfigUpdateRequest", func(name string) (err error) {
		u.has[name] = true
		switch name {
		case "alias":
			u.Alias, err = t.optionalString()
		case "aliasForDeks":
			u.AliasForDeks, err = t.optionalString()
		case "normalize":
			u.Normalize, err = t.optionalBool("Boolean")
		case "validateFields":
			u.ValidateFields, err = t.optionalBool("Boolean")
		case "validateNewSchemas":
			u.ValidateNewSchemas, err = t.optionalBool("Boolean")
		case "validateRules":
			u.ValidateRules, err = t.optionalBool("Boolean")
		case "compatibility":
			var level *string
			if level, err = t.optionalString(); level != nil {
				// An empty level is refused, null is none.
				u.Level = strings.ToUpper(*level)
				u.has["level"] = true
			} else {
				u.Level = ""
				delete(u.has, "level")
			}
		case "compatibilityPolicy":
			var policy *string
			policy, err = t.optionalString()
			u.Policy = configPolicies[strings.ToUpper(deref(policy))]
		case "compatibilityGroup":
			u.Group, err = t.optionalString()
		case "defaultMetadata":
			u.DefaultMetadata, err = bindMetadata(t)
		case "overrideMetadata":
			u.OverrideMetadata, err = bindMetadata(t)
		case "defaultRuleSet":
			u.DefaultRules, err = bindRuleSet(t)
		case "overrideRuleSet":
			u.OverrideRules, err = bindRuleSet(t)
		default:
			err = t.skip()
		}
		return err
	})
	return u, err
}

// validate says what is wrong with the update.
func (u *configUpdate) validate() error {
	if u.has["level"] && !isLevel(u.Level) {
		return errInvalidLevel()
	}
	if err := u.DefaultRules.validate(); err != nil {
		return err
	}
	return u.OverrideRules.validate()
}

func isLevel(name string) bool {
	for _, level := range compat.Levels() {
		if level.String() == name {
			return true
		}
	}
	return false
}

// apply returns the config that old, which may be nil, becomes.
func (u *configUpdate) apply(old *config) *config {
	c := config{}
	if old != nil {
		c = *old
	}
	set := func(name string, set func()) {
		if u.has[name] {
			set()
		}
	}
	set("alias", func() { c.Alias = u.Alias })
	set("aliasForDeks", func() { c.AliasForDeks = u.AliasForDeks })
	set("normalize", func() { c.Normalize = u.Normalize })
	set("validateFields", func() { c.ValidateFields = u.ValidateFields })
	set("validateNewSchemas", func() { c.ValidateNewSchemas = u.ValidateNewSchemas })
	set("validateRules", func() { c.ValidateRules = u.ValidateRules })
	set("compatibility", func() { c.Level = u.Level })
	set("compatibilityPolicy", func() { c.Policy = u.Policy })
	set("compatibilityGroup", func() { c.Group = u.Group })
	set("defaultMetadata", func() { c.DefaultMetadata = u.DefaultMetadata })
	set("overrideMetadata", func() { c.OverrideMetadata = u.OverrideMetadata })
	set("defaultRuleSet", func() { c.DefaultRules = u.DefaultRules })
	set("overrideRuleSet", func() { c.OverrideRules = u.OverrideRules })
	return &c
}

// withoutEmpty returns the config as it is stored: what is empty is as good as not said.
func (c *config) withoutEmpty() *config {
	out := *c
	for _, s := range []**string{&out.Alias, &out.AliasForDeks, &out.Group} {
		if deref(*s) == "" {
			*s = nil
		}
	}
	out.DefaultRules, out.OverrideRules = c.DefaultRules.withoutEmpty(), c.OverrideRules.withoutEmpty()
	return &out
}

// level returns the compatibility level in force.
func (c *config) level() compat.Level {
	if c.Level == "" {
		return compat.Backward
	}
	level, err := compat.ParseLevel(c.Level)
	if err != nil {
		return compat.Backward
	}
	return level
}

func isTrue(b *bool) bool { return b != nil && *b }

// addsToSchemas reports whether schemas get metadata or rules from the config.
func (c *config) addsToSchemas() bool {
	return c.DefaultMetadata != nil || c.OverrideMetadata != nil || c.DefaultRules != nil || c.OverrideRules != nil
}

// append writes the config. The level goes by another name in what was put than in what is got, where it is never left
// out.
func (c *config) append(b []byte, levelName string) []byte {
	b = append(b, '{')
	echo := levelName == "compatibility"
	optional := appendOptional
	if echo {
		optional = func(b []byte, name string, value *string) []byte {
			if value == nil {
				return b
			}
			return appendString(appendKey(b, name), *value)
		}
	}
	b = optional(b, "alias", c.Alias)
	b = optional(b, "aliasForDeks", c.AliasForDeks)
	for _, flag := range []struct {
		name  string
		value *bool
	}{
		{"normalize", c.Normalize}, {"validateFields", c.ValidateFields},
		{"validateNewSchemas", c.ValidateNewSchemas}, {"validateRules", c.ValidateRules},
	} {
		if flag.value != nil {
			b = appendBool(appendKey(b, flag.name), *flag.value)
		}
	}
	level := c.Level
	if level == "" && !echo {
		level = compat.Backward.String()
	}
	b = appendOptional(b, levelName, &level)
	b = appendOptional(b, "compatibilityPolicy", &c.Policy)
	b = optional(b, "compatibilityGroup", c.Group)
	for _, m := range []struct {
		name  string
		value *metadata
	}{{"defaultMetadata", c.DefaultMetadata}, {"overrideMetadata", c.OverrideMetadata}} {
		if m.value != nil {
			b = m.value.append(appendKey(b, m.name))
		}
	}
	for _, rs := range []struct {
		name  string
		value *ruleSet
	}{{"defaultRuleSet", c.DefaultRules}, {"overrideRuleSet", c.OverrideRules}} {
		if rs.value != nil {
			b = rs.value.append(appendKey(b, rs.name))
		}
	}
	return append(b, '}')
}

// inScope returns the name under which a setting is found that applies to a subject: the subject itself, else its
// context, else the global context; has says where one is. Nothing is found where ok is false.
func inScope(subject string, has func(string) bool) (found string, ok bool) {
	q := qualify(subject)
	for _, name := range []string{subject, q.prefix(), qualified{context: globalContext}.prefix()} {
		if has(name) {
			return name, true
		}
	}
	return "", false
}

// configInScope returns the config that applies to a subject. It is never nil.
func (s *store) configInScope(subject string) *config {
	name, ok := inScope(subject, func(name string) bool { return s.configs[name] != nil })
	if !ok {
		return noConfig
	}
	return s.configs[name]
}

var noConfig = &config{}

// config returns what was configured for exactly this subject, nil for nothing. The whole registry and the global
// context always have a config.
func (s *store) config(subject string) *config {
	c := s.configs[subject]
	if q := qualify(subject); c == nil && (subject == "" || q.context == globalContext) {
		return &config{}
	}
	return c
}

// settingsSubject returns the name under which the settings of a subject in a path are kept.
func settingsSubject(subject string) string { return normalSubject(subject) }

func (r *Registry) getConfig(x *exchange) error {
	subject := settingsSubject(x.param("subject"))
	c := r.store.config(subject)
	if x.boolean("defaultToGlobal") {
		c = r.store.configInScope(subject)
	}
	if c == nil {
		return errNoSubjectLevel(subject)
	}
	x.out = c.append(x.out, "compatibilityLevel")
	return nil
}

func (r *Registry) putConfig(x *exchange) error {
	operation := "updateTopLevelConfig"
	if x.hasParam("subject") {
		operation = "updateSubjectLevelConfig"
	}
	update, err := bindBody(x, operation, bindConfigUpdate)
	if err != nil {
		return err
	}
	if err := update.validate(); err != nil {
		return err
	}
	if !validSubject(x.param("subject"), true) {
		return errInvalidSubject(x.param("subject"))
	}
	subject := settingsSubject(x.param("subject"))
	return r.write(x, func(w *writer) error {
		if r.store.readOnly(subject) {
			return errWrongMode(orNullSubject(subject), "in read-only mode")
		}
		c := update.apply(r.store.configs[subject])
		w.put(putConfig{subject, c.withoutEmpty()})
		x.out = c.append(x.out, "compatibility")
		return nil
	})
}

func (r *Registry) deleteConfig(x *exchange) error {
	subject := settingsSubject(x.param("subject"))
	return r.write(x, func(w *writer) error {
		old := r.store.config(subject)
		if old == nil {
			return errSubjectNotFound(subject)
		}
		if r.store.readOnly(subject) {
			return errWrongMode(orNullSubject(subject), "in read-only mode")
		}
		w.put(putConfig{subject, nil})
		x.out = old.append(x.out, "compatibilityLevel")
		return nil
	})
}

// orNullSubject is how the real server's messages name the whole registry.
func orNullSubject(subject string) string {
	if subject == "" {
		return "null"
	}
	return subject
}
