package cli

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/avow-events/avow/internal/kafka"
	"github.com/avow-events/avow/internal/properties"
	"github.com/avow-events/avow/registry"
)

// propertyFlags are the flags by which a command takes the properties of Java's clients.
type propertyFlags struct {
	file  string
	pairs []string // KEY=VALUE
}

func (f *propertyFlags) addPropertyFlags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.file, "properties", "", "client properties of Java's, in `FILE`, say how to reach registry and brokers")
	cmd.Flags().StringArrayVarP(&f.pairs, "property", "X", nil, "one client property, as `KEY=VALUE`, may be repeated")
}

// properties returns what the file and the single properties say, the single ones first. A single one is for nobody but us,
// so it must be one that we know; a file is shared with Java's clients, and only what is nearly one of ours is refused.
func (f *propertyFlags) properties() (*properties.Properties, error) {
	p := &properties.Properties{}
	if f.file != "" {
		content, err := os.ReadFile(f.file)
		if err != nil {
			return nil, fmt.Errorf("--properties %s: %w", shortPath(f.file), withoutPath(err))
		}
		if p, err = properties.Parse(shortPath(f.file), content); err != nil {
			return nil, err
		}
	}
	known := slices.Concat(registry.PropertyKeys(), kafka.PropertyKeys())
	if err := p.Misspelt(known); err != nil {
		return nil, err
	}
	single, err := f.single()
	if err != nil {
		return nil, err
	}
	var own properties.Properties
	for _, key := range slices.Sorted(maps.Keys(single)) {
		own.Set(key, single[key], "--property")
		p.Set(key, single[key], "--property")
	}
	return p, own.Unknown(known)
}

// single returns the properties that flags give one by one.
func (f *propertyFlags) single() (map[string]string, error) {
	out := map[string]string{}
	for _, pair := range f.pairs {
		key, value, ok := strings.Cut(pair, "=")
		if key = strings.TrimSpace(key); !ok || key == "" { // the pair may be a secret
			return nil, fmt.Errorf("--property: want KEY=VALUE, such as -X schema.registry.url=http://registry:8081")
		}
		out[key] = value
	}
	return out, nil
}
