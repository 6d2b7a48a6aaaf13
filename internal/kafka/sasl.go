package kafka

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/sasl"
	"github.com/twmb/franz-go/pkg/sasl/oauth"
	"github.com/twmb/franz-go/pkg/sasl/plain"
	"github.com/twmb/franz-go/pkg/sasl/scram"

	"github.com/avow-events/avow/internal/suggest"
)

// The mechanisms by which a client tells who it is, as Kafka writes them.
const (
	Plain       = "PLAIN"
	ScramSHA256 = "SCRAM-SHA-256"
	ScramSHA512 = "SCRAM-SHA-512"
	OAuthBearer = "OAUTHBEARER"
)

// Mechanisms returns them all.
func Mechanisms() []string { return []string{Plain, ScramSHA256, ScramSHA512, OAuthBearer} }

// Password returns a mechanism that identifies by user name and password: PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512.
func Password(mechanism, user, password string) (sasl.Mechanism, error) {
	switch {
	case user == "":
		return nil, fmt.Errorf("%s needs a user name", mechanism)
	case password == "":
		return nil, fmt.Errorf("%s needs the password of %s", mechanism, user)
	}
	switch mechanism {
	case Plain:
		return plain.Auth{User: user, Pass: password}.AsMechanism(), nil
	case ScramSHA256:
		return scram.Auth{User: user, Pass: password}.AsSha256Mechanism(), nil
	case ScramSHA512:
		return scram.Auth{User: user, Pass: password}.AsSha512Mechanism(), nil
	}
	return nil, unknownMechanism(mechanism)
}

// Token returns the mechanism OAUTHBEARER. token is called for each connection that is made, by several goroutines at
// once.
func Token(token func(context.Context) (string, error)) sasl.Mechanism {
	return oauth.Oauth(func(ctx context.Context) (oauth.Auth, error) {
		text, err := token(ctx)
		if err == nil && text == "" {
			err = errors.New("it is empty")
		}
		if err != nil {
			return oauth.Auth{}, fmt.Errorf("get a token for OAUTHBEARER: %w", err)
		}
		return oauth.Auth{Token: text}, nil
	})
}

func unknownMechanism(name string) error {
	known := Mechanisms()
	if i := slices.Index(known, strings.ToUpper(name)); i >= 0 {
		return fmt.Errorf("SASL mechanism %q: write %s", name, known[i])
	}
	return fmt.Errorf("SASL mechanism %q is not one of %s%s", name, strings.Join(known, ", "), suggest.DidYouMean(name, known))
}
