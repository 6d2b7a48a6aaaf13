package embedded

import (
	"net/http"
	"slices"
	"strings"
)

// route is a path and what may be done to it.
type route struct {
	segments []string // a variable stands in braces
	actions  map[string]action
}

// action answers one method. One that reads the store holds it for reading; one that may change it takes the lock
// itself, see [Registry.write].
type action struct {
	run   func(*Registry, *exchange) error
	reads bool
}

func reading(run func(*Registry, *exchange) error) action { return action{run, true} }
func writing(run func(*Registry, *exchange) error) action { return action{run, false} }

var routes = func() (all []route) {
	add := func(path string, actions map[string]action) {
		r := route{actions: actions}
		if path = strings.Trim(path, "/"); path != "" {
			r.segments = strings.Split(path, "/")
		}
		all = append(all, r)
	}
	get := func(path string, run func(*Registry, *exchange) error) {
		add(path, map[string]action{http.MethodGet: reading(run)})
	}
	add("/", map[string]action{
		http.MethodGet:  reading((*Registry).getRoot),
		http.MethodPost: reading((*Registry).postRoot),
	})

	get("/subjects", (*Registry).getSubjects)
	add("/subjects/{subject}", map[string]action{
		http.MethodPost:   reading((*Registry).postSubject),
		http.MethodDelete: writing((*Registry).deleteSubject),
	})
	get("/subjects/{subject}/metadata", (*Registry).getLatestWith)
	add("/subjects/{subject}/versions", map[string]action{
		http.MethodGet:  reading((*Registry).getVersions),
		http.MethodPost: writing((*Registry).postVersion),
	})
	add("/subjects/{subject}/versions/{version}", map[string]action{
		http.MethodGet:    reading((*Registry).getVersion),
		http.MethodDelete: writing((*Registry).deleteVersion),
	})
	get("/subjects/{subject}/versions/{version}/schema", (*Registry).getVersionText)
	get("/subjects/{subject}/versions/{version}/referencedby", (*Registry).getReferrers)
	add("/subjects/{subject}/versions/{version}/tags", map[string]action{http.MethodPost: writing((*Registry).postTags)})

	get("/schemas", (*Registry).getSchemas)
	get("/schemas/types", (*Registry).getTypes)
	get("/schemas/ids/{id}", (*Registry).getByID)
	get("/schemas/ids/{id}/schema", (*Registry).getTextByID)
	get("/schemas/ids/{id}/subjects", (*Registry).getSubjectsByID)
	get("/schemas/ids/{id}/versions", (*Registry).getVersionsByID)
	get("/schemas/guids/{guid}", (*Registry).getByGUID)
	get("/schemas/guids/{guid}/ids", (*Registry).getIDsByGUID)

	check := map[string]action{http.MethodPost: reading((*Registry).postCompatibility)}
	add("/compatibility/subjects/{subject}/versions", check)
	add("/compatibility/subjects/{subject}/versions/{version}", check)

	config := map[string]action{
		http.MethodGet:    reading((*Registry).getConfig),
		http.MethodPut:    writing((*Registry).putConfig),
		http.MethodDelete: writing((*Registry).deleteConfig),
	}
	add("/config", config)
	add("/config/{subject}", config)
	mode := map[string]action{
		http.MethodGet:    reading((*Registry).getMode),
		http.MethodPut:    writing((*Registry).putMode),
		http.MethodDelete: writing((*Registry).deleteMode),
	}
	add("/mode", mode)
	add("/mode/{subject}", mode)

	get("/contexts", (*Registry).getContexts)
	add("/contexts/{context}", map[string]action{http.MethodDelete: writing((*Registry).deleteContext)})

	get("/v1/metadata/id", (*Registry).getClusterID)
	get("/v1/metadata/version", (*Registry).getServerVersion)
	get("/v1/metadata/deployment", (*Registry).getDeployment)

	get("/associations/subjects/{subject}", (*Registry).getAssociations)
	get("/associations/resources/{namespace}/{name}", (*Registry).getAssociations)
	no := reading((*Registry).changeAssociations)
	add("/associations/resources/{id}", map[string]action{
		http.MethodGet: reading((*Registry).getAssociations), http.MethodPut: no, http.MethodDelete: no,
	})
	for _, path := range []string{"/associations", "/associations:batchGet", "/associations:batchMutate"} {
		add(path, map[string]action{http.MethodPost: no})
	}
	return all
}()

// match returns the route of a path, with its variables in params; nil where there is none.
func match(segments []string, params []parameter) (*route, []parameter) {
next:
	for i := range routes {
		r := &routes[i]
		if len(r.segments) != len(segments) {
			continue
		}
		params = params[:0]
		for j, want := range r.segments {
			// What follows a semicolon says something about the segment and is not part of its name.
			got, _, _ := strings.Cut(segments[j], ";")
			if want[0] == '{' {
				params = append(params, parameter{want[1 : len(want)-1], unescape(got)})
			} else if got != want {
				continue next
			}
		}
		return r, params
	}
	return nil, nil
}

// allow returns the methods of a route in the real server's order.
func (r *route) allow() (methods []string) {
	for _, m := range []string{http.MethodHead, http.MethodDelete, http.MethodPost, http.MethodGet, http.MethodOptions, http.MethodPut} {
		_, has := r.actions[m]
		_, gets := r.actions[http.MethodGet]
		if has || m == http.MethodOptions || m == http.MethodHead && gets {
			methods = append(methods, m)
		}
	}
	return slices.Clip(methods)
}
