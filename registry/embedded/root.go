package embedded

import (
	"errors"
	"net/http"
)

// getRoot answers GET /, which clients use to see whether anybody is there.
func (r *Registry) getRoot(x *exchange) error {
	x.out = append(x.out, "{}"...)
	return nil
}

// postRoot answers POST /, which takes an object of strings and does nothing.
func (r *Registry) postRoot(x *exchange) error {
	if _, err := bindAny(x, func(t *tokens) (map[string]*string, error) {
		return stringMap(t, "String>", (*tokens).optionalString)
	}); err != nil && !errors.Is(err, errNoValue) {
		return err
	}
	return r.getRoot(x)
}

func (r *Registry) getClusterID(x *exchange) error {
	x.out = append(x.out, `{"scope":{"path":[],"clusters":{"kafka-cluster":"avow","schema-registry-cluster":"schema-registry"}}}`...)
	return nil
}

// getServerVersion names the version whose answers these are.
func (r *Registry) getServerVersion(x *exchange) error {
	x.out = appendString(appendKey(append(x.out, '{'), "version"), r.profile.version())
	x.out = append(appendString(appendKey(x.out, "commitId"), "avow"), '}')
	return nil
}

func (r *Registry) getDeployment(x *exchange) error {
	x.out = append(x.out, `{"attributes":[]}`...)
	return nil
}

// getAssociations answers what asks which subjects belong to a topic. Nothing was ever associated, so that clients fall
// back to the name of the topic.
func (r *Registry) getAssociations(x *exchange) error {
	if _, err := x.lifecycle("STRONG", "WEAK"); err != nil {
		return err
	}
	part, err := x.window()
	if err != nil {
		return err
	}
	if _, err = page(part, []int(nil), maxSchemas); err != nil {
		return err
	}
	x.out = append(x.out, "[]"...)
	return nil
}

// changeAssociations answers what would change them.
func (r *Registry) changeAssociations(*exchange) error {
	return refuse(http.StatusNotImplemented, http.StatusNotImplemented, "This registry keeps no associations")
}
