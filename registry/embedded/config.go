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
