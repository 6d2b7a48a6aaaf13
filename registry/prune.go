package registry

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/avow-events/avow/internal/parallel"
)

// others deals with the subjects that no entry is for: notes for them, or steps that delete them.
func (p *planner) others(ctx context.Context) error {
	aliased := map[string]bool{} // what a subject of ours is an alias of
	for _, o := range p.subjects {
		aliased[p.client.localName(o.latest.Subject)] = true
	}
	var others []string
	for _, name := range p.listed {
		if _, described := p.subjects[name]; !described && !aliased[name] && !p.ignore(name) {
			others = append(others, name)
		}
	}
	if !p.prune {
		for _, name := range others {
			p.plan.Notes = append(p.plan.Notes, Note{Undescribed, name, "nothing asks for it"})
		}
		return nil
	}
	return p.delete(ctx, others)
}

// delete adds a step for each subject that holds Avro, in an order in which each comes after those that refer to it. A
// registry deletes nothing that something else refers to, so what stays keeps alive what it needs.
func (p *planner) delete(ctx context.Context, subjects []string) error {
	seen, err := p.client.observe(ctx, subjects)
	if err != nil {
		return err
	}
	subjects = slices.DeleteFunc(subjects, func(name string) bool {
		latest := seen[name].latest
		foreign := latest.Version > 0 && latest.Type != typeAvro
		if foreign {
			p.plan.Notes = append(p.plan.Notes, Note{Foreign, name, "it is a " + latest.Type + " schema, and left alone"})
		}
		return foreign
	})
	users, err := p.client.users(ctx, subjects)
	if err != nil {
		return err
	}
	for len(subjects) > 0 {
		free := slices.DeleteFunc(slices.Clone(subjects), func(s string) bool { return len(users[s]) > 0 })
		if len(free) == 0 {
			break
		}
		for _, name := range free {
			p.plan.Seen[name] = seen[name].State
			p.plan.Steps = append(p.plan.Steps, Step{
				Action: Delete, Subject: name, Before: before(seen[name].latest),
			})
			for _, of := range users {
				delete(of, name)
			}
		}
		subjects = slices.DeleteFunc(subjects, func(s string) bool { return slices.Contains(free, s) })
	}
	for _, name := range subjects {
		var by []string
		for user, version := range users[name] {
			by = append(by, fmt.Sprintf("version %d of %s", version, user))
		}
		slices.Sort(by)
		p.plan.Notes = append(p.plan.Notes, Note{Referenced, name, "it cannot be deleted: " + strings.Join(by, ", ") + " refers to it"})
	}
	return nil
}

// users returns, for each subject, the other subjects that refer to it, each with one of the versions that do.
func (c *Client) users(ctx context.Context, subjects []string) (map[string]map[string]int, error) {
	found := make([]map[string]int, len(subjects))
	err := parallel.Each(ctx, len(subjects), atOnce, func(i int) error {
		found[i] = map[string]int{}
		return c.addUsers(ctx, subjects[i], found[i])
	})
	if err != nil {
		return nil, err
	}
	out := make(map[string]map[string]int, len(subjects))
	for i, name := range subjects {
		out[name] = found[i]
	}
	return out, nil
}

func (c *Client) addUsers(ctx context.Context, subject string, users map[string]int) error {
	versions, err := c.Versions(ctx, subject)
	if errors.Is(err, ErrNotFound) { // deleted a moment ago
		return nil
	}
	if err != nil {
		return err
	}
	for _, version := range versions {
		ids, err := c.referencedBy(ctx, subject, version)
		if err != nil {
			return err
		}
		for _, id := range ids {
			at, err := c.Usages(ctx, id)
			if err != nil {
				return err
			}
			for _, u := range at {
				if name := c.localName(u.Subject); name != subject {
					users[name] = u.Version
				}
			}
		}
	}
	return nil
}

// referencedBy returns the ids of the schemas that refer to a version.
func (c *Client) referencedBy(ctx context.Context, subject string, version int) ([]int, error) {
	var ids []int
	path := "/subjects/" + url.PathEscape(subject) + "/versions/" + strconv.Itoa(version) + "/referencedby"
	return ids, c.send(ctx, http.MethodGet, path, nil, nil, &ids)
}
