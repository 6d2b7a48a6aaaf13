package embedded

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// mediaTypes are what the registry answers in, the preferred one first.
var mediaTypes = []string{"application/vnd.schemaregistry.v1+json", "application/vnd.schemaregistry+json", "application/json"}

// consumed are the types of body that it takes.
var consumed = append([]string{"application/octet-stream"}, mediaTypes...)

// errNoMediaType refuses a Content-Type that is none.
var errNoMediaType = errBadRequest("Bad Request")

// negotiate checks the type of the body, whether there is one or not, and returns the type of the answer.
func negotiate(header http.Header) (string, error) {
	accepted := accept(header["Accept"])
	if sent, ok := header["Content-Type"]; ok {
		kind, _, _ := strings.Cut(sent[0], ";")
		kind = strings.ToLower(strings.TrimSpace(kind))
		if main, sub, slash := strings.Cut(kind, "/"); !slash || main == "" || sub == "" {
			return mediaTypes[0], errNoMediaType
		}
		if !slices.Contains(consumed, kind) {
			if accepted == "" {
				accepted = mediaTypes[0]
			}
			return accepted, errHTTP(http.StatusUnsupportedMediaType)
		}
	}
	if accepted == "" {
		return mediaTypes[0], errUnrouted(http.StatusNotAcceptable)
	}
	return accepted, nil
}

// accept returns the type that somebody likes best who sends these Accept headers: what is named exactly before what a
// wildcard covers, then the higher quality, then our own preference. It is empty where none will do.
func accept(headers []string) (best string) {
	bestExact, bestQuality := -1, 0.0
	empty := true
	for _, header := range headers {
		for _, part := range strings.Split(header, ",") {
			kind, parameters, _ := strings.Cut(part, ";")
			kind = strings.ToLower(strings.TrimSpace(kind))
			if kind == "" {
				continue
			}
			empty = false
			quality := qualityOf(parameters)
			if quality == 0 {
				continue
			}
			for _, ours := range mediaTypes {
				exact := covers(kind, ours)
				if exact > bestExact || exact == bestExact && exact >= 0 && quality > bestQuality {
					best, bestExact, bestQuality = ours, exact, quality
				}
			}
		}
	}
	if empty {
		return mediaTypes[0]
	}
	return best
}

// covers says how exactly a media range names a type: 2 by its name, 1 as application/*, 0 as anything, -1 not at all.
func covers(kind, ours string) int {
	switch kind {
	case ours:
		return 2
	case "application/*":
		return 1
	case "*/*":
		return 0
	}
	return -1
}

func qualityOf(parameters string) float64 {
	for _, p := range strings.Split(parameters, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(p), "=")
		if strings.EqualFold(name, "q") {
			if q, err := strconv.ParseFloat(value, 64); err == nil {
				return q
			}
		}
	}
	return 1
}
