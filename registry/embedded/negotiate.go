package embedded

import (
	"net/http"
	"slices"
	"strings"
)

// mediaTypes are what the registry answers in, the preferred one first.
var mediaTypes = []string{"application/vnd.schemaregistry.v1+json", "application/vnd.schemaregistry+json", "application/json"}

// consumed are the types of body that it takes.
var consumed = append([]string{"application/octet-stream"}, mediaTypes...)

// errMalformedHeader refuses a Content-Type or an Accept that is none. Its page is of type application/json.
var errMalformedHeader = errBadRequest("Bad Request")

// errNoPage is the same for whom the real server shows no page.
var errNoPage = &apiError{status: http.StatusBadRequest, bare: true, empty: true}

// malformed returns the refusal of a malformed header.
func malformed(req *http.Request) error {
	if showsPage(req) {
		return errMalformedHeader
	}
	return errNoPage
}

// showsPage reports whether the real server's web server, when it refuses a request itself, tells a client more than the
// status: one that reads, and that accepts something.
func showsPage(req *http.Request) bool {
	switch req.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost:
	default:
		return false
	}
	headers := req.Header["Accept"]
	return len(headers) == 0 || slices.ContainsFunc(strings.Split(strings.Join(headers, ","), ","), func(part string) bool {
		_, quality, has := strings.Cut(part, "q=")
		return strings.TrimSpace(part) != "" && (!has || quality != "0" && strings.Trim(quality, "-.0123456789 ") == "")
	})
}

// sentType reads the type of the body, which must be one whether there is a body or not. It is nil where none is named.
func sentType(req *http.Request) (*mediaRange, error) {
	sent, ok := req.Header["Content-Type"]
	if !ok {
		return nil, nil
	}
	m, ok := parseMediaType(sent[0])
	if !ok {
		return nil, malformed(req)
	}
	return &m, nil
}

// accepted reads what the sender of a request accepts; nothing for anything.
func accepted(req *http.Request) (ranges []mediaRange, err error) {
	header := strings.Join(req.Header["Accept"], ",")
	if strings.TrimSpace(header) == "" {
		return nil, nil
	}
	// A comma may follow the last one and not precede the first one.
	header = strings.TrimSuffix(strings.TrimSpace(header), ",")
	for _, part := range strings.Split(header, ",") {
		m, ok := parseMediaRange(part)
		if !ok {
			return nil, malformed(req)
		}
		ranges = append(ranges, m)
	}
	return ranges, nil
}

// negotiate checks the type of the body and returns the type of the answer. A body must say which type it is.
func negotiate(method string, sent *mediaRange, ranges []mediaRange) (string, error) {
	answer := mediaTypes[0]
	if len(ranges) > 0 {
		answer = accept(ranges)
	}
	hasBody := method == http.MethodPost || method == http.MethodPut
	if sent != nil && (hasBody && sent.isWild() ||
		!slices.ContainsFunc(consumed, func(media string) bool { return sent.covers(media) >= 0 })) {
		if answer == "" {
			answer = mediaTypes[0]
		}
		return answer, errHTTP(http.StatusUnsupportedMediaType)
	}
	if answer == "" {
		return mediaTypes[0], errUnrouted(http.StatusNotAcceptable)
	}
	return answer, nil
}

// accept returns the type that somebody likes best who accepts these: what has the higher quality, then what is named
// exactly before what a wildcard covers, then our own preference. It is empty where none will do.
func accept(ranges []mediaRange) (best string) {
	bestExact, bestQuality := -1, -1
	for _, m := range ranges {
		for _, ours := range mediaTypes {
			exact := m.covers(ours)
			if exact >= 0 && (m.quality > bestQuality || m.quality == bestQuality && exact > bestExact) {
				best, bestExact, bestQuality = ours+m.parameters, exact, m.quality
			}
		}
	}
	return best
}

// optionsType returns the type in which OPTIONS is answered. Where somebody likes another type better than plain text,
// the real server answers with that type and without a text.
func optionsType(ranges []mediaRange) (media string, text bool) {
	const plain = "text/plain"
	if len(ranges) == 0 {
		return plain, true
	}
	top := slices.MaxFunc(ranges, func(a, b mediaRange) int { return a.quality - b.quality })
	for _, m := range ranges {
		if m.covers(plain) >= 0 && m.quality == top.quality {
			return plain, true
		}
	}
	return top.String(), false
}
