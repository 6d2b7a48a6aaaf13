package embedded

import (
	"slices"
	"strings"
)

// getContexts answers GET /contexts.
func (r *Registry) getContexts(x *exchange) error {
	part, err := x.window()
	if err != nil {
		return err
	}
	prefix := x.query("contextPrefix")
	names := append([]string{defaultContext}, r.store.listedContexts()...)
	names = slices.DeleteFunc(names, func(name string) bool { return !strings.HasPrefix(name, prefix) })
	names, err = page(part, names, noLimit)
	if err != nil {
		return err
	}
	x.out = appendStrings(x.out, names)
	return nil
}

// deleteContext answers DELETE /contexts/{context}: take an empty context off the list. What was configured for it stays.
func (r *Registry) deleteContext(x *exchange) error {
	context := normalSubject(x.param("context"))
	return r.write(x, func(w *writer) error {
		if r.store.hasSubjects(context, true) {
			return errContextNotEmpty(context)
		}
		w.put(listContext{qualify(context).context, false})
		x.status = 204
		return nil
	})
}
