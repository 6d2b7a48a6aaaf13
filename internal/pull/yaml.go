package pull

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/avow-events/avow/internal/config"
)

// YAML returns the sections of avow.yaml that describe the repository's topics, subjects and references, empty where
// nothing is to be said.
func (r *Repository) YAML() []byte {
	var b strings.Builder
	if len(r.Config.Topics) > 0 {
		b.WriteString("topics:\n")
		for _, t := range r.Config.Topics {
			writeTopic(&b, t)
		}
	}
	if len(r.Config.Places) > 0 {
		b.WriteString("subjects:\n")
		for _, p := range r.Config.Places {
			fmt.Fprintf(&b, "  - {name: %s, contract: %s%s}\n", text(p.Subject), text(p.Contract), withLevel(p.Level))
		}
	}
	if len(r.Config.References) > 0 {
		b.WriteString("references:\n")
		for _, ref := range r.Config.References {
			fmt.Fprintf(&b, "  - {from: %s, to: %s, subject: %s", text(ref.From), text(ref.To), text(ref.Subject))
			if ref.Version > 0 {
				fmt.Fprintf(&b, ", version: %d", ref.Version)
			}
			b.WriteString("}\n")
		}
	}
	return []byte(b.String())
}

func writeTopic(b *strings.Builder, t config.Topic) {
	fmt.Fprintf(b, "  - name: %s\n", text(t.Name))
	if len(t.Events) == 1 {
		fmt.Fprintf(b, "    events: [%s]\n", text(t.Events[0].Name))
	} else {
		b.WriteString("    events:\n")
		for _, e := range t.Events {
			fmt.Fprintf(b, "      - %s\n", text(e.Name))
		}
	}
	if t.Key != "" {
		fmt.Fprintf(b, "    key: %s\n", text(t.Key))
	}
	if t.Strategy != config.TopicName {
		fmt.Fprintf(b, "    subject: %s\n", text(string(t.Strategy)))
	}
	if t.Level != "" {
		fmt.Fprintf(b, "    level: %s\n", t.Level)
	}
}

func withLevel(l config.Level) string {
	if l == "" {
		return ""
	}
	return ", level: " + string(l)
}

// plain is a text that YAML takes for nothing else.
var plain = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_./-]*$`)

// text writes a text in YAML.
func text(s string) string {
	switch strings.ToLower(s) {
	case "true", "false", "yes", "no", "on", "off", "null", "y", "n":
	default:
		if plain.MatchString(s) {
			return s
		}
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range s {
		switch {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteRune(c)
		case c < ' ' || c == 0x7f:
			fmt.Fprintf(&b, `\x%02x`, c)
		default:
			b.WriteRune(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}
