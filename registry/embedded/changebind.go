package embedded

import (
	"fmt"
	"strconv"
)

// bindChange reads a change as appendJSON wrote it. The first member says which kind it is.
func bindChange(t *tokens) (change, error) {
	var kind, subject string
	var version, id int
	var value string
	var cfg *config
	var flag bool
	v := &schema{Type: avroType}
	err := t.object("change", func(name string) (err error) {
		switch name {
		case "put", "drop", "delete", "config", "mode", "context", "raise":
			kind = name
			subject, err = t.presentString()
		case "version":
			version, err = t.presentInt()
		case "id":
			id, err = t.presentInt()
		case "guid":
			var ok bool
			if v.GUID, ok = parseGUID(string(t.text)); !ok {
				err = fmt.Errorf("%q is no GUID", t.text)
			}
		case "time":
			v.Time, err = strconv.ParseInt(string(t.text), 10, 64)
		case "deleted", "listed":
			flag = t.kind == trueToken
		case "references":
			v.Refs, err = list(t, "SchemaReference", bindReference)
		case "metadata":
			v.Metadata, err = bindMetadata(t)
		case "ruleSet":
			v.Rules, err = bindRuleSet(t)
		case "schema":
			var plain string
			plain, err = t.presentString()
			v.Text = plainText(plain).pack()
		case "value":
			if kind == "config" {
				var u *configUpdate
				if u, err = bindConfigUpdate(t); err == nil {
					cfg = u.apply(nil)
				}
				break
			}
			value, err = t.presentString()
		default:
			err = fmt.Errorf("a change has no %q", name)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	switch kind {
	case "put":
		v.Subject, v.Version, v.ID, v.Deleted = subject, version, id, flag
		for i := range v.Refs {
			v.Refs[i].fillIn()
		}
		return putVersion{v}, nil
	case "drop":
		return dropVersion{subject, version}, nil
	case "delete":
		return deleteVersions{subject, version}, nil
	case "config":
		return putConfig{subject, cfg}, nil
	case "mode":
		return putMode{subject, mode(value)}, nil
	case "context":
		return listContext{subject, flag}, nil
	case "raise":
		return raiseID{subject, id}, nil
	}
	return nil, fmt.Errorf("a change that does nothing")
}
