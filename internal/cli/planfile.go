package cli

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/avow-events/avow/internal/topics"
	"github.com/avow-events/avow/registry"
)

// planFormat is the number of the form in which plans are written. Another one is another form.
const planFormat = 1

// planFile is a plan as `avow plan` shows and writes it and `avow apply FILE` reads it.
type planFile struct {
	Format int `json:"format"`
	// Environment of avow.yaml that the plan is for, empty for a registry that a flag or a variable named.
	Environment string `json:"environment,omitempty"`
	// Registry is its URL, without credentials.
	Registry string         `json:"registry"`
	Plan     *registry.Plan `json:"plan"`
	// Topics is nil where topics are left alone.
	Topics *topics.Plan `json:"topics,omitempty"`

	// source is what the registry is compared with, empty for the repository.
	source string
}

// what names what the registry is compared with.
func (f *planFile) what() string { return cmp.Or(f.source, "the repository") }

// readPlan reads what save wrote.
func readPlan(name string) (*planFile, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", shortPath(name), withoutPath(err))
	}
	f := &planFile{}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	switch err := d.Decode(f); {
	case err != nil:
		return nil, fmt.Errorf("%s is no plan of avow plan --out: %w", shortPath(name), err)
	case d.More():
		return nil, fmt.Errorf("%s is no plan of avow plan --out: something follows its end", shortPath(name))
	case f.Format != planFormat || f.Plan == nil:
		return nil, fmt.Errorf("%s has the form %d of a plan, and this avow knows %d: make it anew with avow plan --out",
			shortPath(name), f.Format, planFormat)
	}
	if err := f.Plan.Validate(); err != nil {
		return nil, fmt.Errorf("%s was changed by hand: %w", shortPath(name), err)
	}
	return f, nil
}

func (f *planFile) write(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(f)
}

func (f *planFile) save(name string) error {
	var b bytes.Buffer
	if err := f.write(&b); err != nil {
		return err
	}
	return replaceFile(name, b.Bytes())
}

// changes returns how many steps change something, or should.
func (f *planFile) changes() int {
	n := len(f.Plan.Changes())
	if f.Topics != nil {
		n += len(f.Topics.Changes())
	}
	return n
}

// refused returns how many steps would be refused.
func (f *planFile) refused() int {
	n := len(f.Plan.Refused())
	if f.Topics != nil {
		n += len(f.Topics.Refused())
	}
	return n
}

// where says what the plan is for.
func (f *planFile) where() string {
	if f.Environment == "" {
		return f.Registry
	}
	return fmt.Sprintf("%s (%s)", f.Environment, f.Registry)
}
