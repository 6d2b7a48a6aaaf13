package embedded

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/google/uuid"
)

// ServeHTTP answers a request.
func (r *Registry) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	x := exchanges.Get().(*exchange)
	defer x.free()
	x.request = req
	header := w.Header()
	header["X-Request-Id"] = []string{requestID(req)}
	if !r.authorized(req) {
		header.Set("WWW-Authenticate", `Basic realm="schema registry"`)
		x.reply(w, mediaTypes[0], errHTTP(http.StatusUnauthorized))
		return
	}
	path := req.URL.RawPath
	if path == "" {
		path = req.URL.EscapedPath()
	}
	if len(path)+len(req.URL.RawQuery) > maxURI {
		replyPage(w, req, http.StatusRequestURITooLong, "URI Too Long", "/badMessage")
		return
	}
	var problem string
	if x.target, problem = newTarget(path, req.URL.RawQuery); problem != "" {
		replyPage(w, req, http.StatusBadRequest, problem, "http://"+req.Host+path)
		return
	}
	media, err := r.serve(x, header)
	if r.journal != nil {
		// No answer shows what a crash could take back.
		if unsafe := r.journal.wait(x.position); unsafe != nil {
			err = errStore(unsafe)
		}
	}
	if err != nil {
		x.reply(w, media, asAPIError(err))
		return
	}
	x.reply(w, media, nil)
}

var exchanges = sync.Pool{New: func() any { return &exchange{params: make([]parameter, 0, 4)} }}

// keepable is how large a buffer may be that is kept for another request.
const keepable = 64 << 10

// free gives an exchange back with its buffers.
func (x *exchange) free() {
	keep := func(buf []byte) []byte {
		if cap(buf) > keepable {
			return nil
		}
		return buf[:0]
	}
	*x = exchange{
		out: keep(x.out), body: keep(x.body), params: x.params[:0],
		tokens: tokens{scratch: keep(x.tokens.scratch), open: x.tokens.open[:0]},
	}
	exchanges.Put(x)
}

func requestID(req *http.Request) string {
	if given := req.Header["X-Request-Id"]; len(given) == 1 && strings.TrimSpace(given[0]) != "" {
		return given[0]
	}
	return uuid.NewString()
}

func (r *Registry) authorized(req *http.Request) bool {
	if r.user == "" && r.password == "" {
		return true
	}
	user, password, _ := req.BasicAuth()
	same := func(a, b string) int {
		x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
		return subtle.ConstantTimeCompare(x[:], y[:])
	}
	return same(user, r.user)&same(password, r.password) == 1
}

// serve runs the action that a request asks for and returns the media type to answer in.
func (r *Registry) serve(x *exchange, header http.Header) (media string, err error) {
	media = mediaTypes[0]
	sent, err := sentType(x.request)
	if err != nil {
		return media, err
	}
	if err := x.enterContext(); err != nil {
		return media, err
	}
	r.mu.RLock()
	x.resolveAliases(r.store)
	r.mu.RUnlock()
	var matched *route
	if matched, x.params = match(x.segments, x.params); matched == nil {
		return media, errUnrouted(http.StatusNotFound)
	}
	method := x.request.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	act, ok := matched.actions[method]
	if !ok && method != http.MethodOptions {
		return media, errUnrouted(http.StatusMethodNotAllowed)
	}
	ranges, err := accepted(x.request)
	if err != nil {
		return media, err
	}
	if !ok {
		methods := matched.allow()
		header["Allow"] = []string{strings.Join(methods, ",")}
		media, text := optionsType(ranges)
		if text {
			x.out = append(x.out, strings.Join(methods, ", ")...)
		}
		return media, nil
	}
	if media, err = negotiate(method, sent, ranges); err != nil {
		return media, err
	}
	if method == http.MethodPost || method == http.MethodPut {
		if err = x.readBody(); err != nil {
			return media, err
		}
	}
	if act.reads {
		r.mu.RLock()
		defer r.mu.RUnlock()
		x.sees(r)
	}
	return media, act.run(r, x)
}

// maxBody is how much of a request is read. A schema may have 1 MB, and references and metadata beside it.
const maxBody = 32 << 20

// readBody reads the body of a request into a buffer that is used again.
func (x *exchange) readBody() error {
	if x.request.Body == nil {
		return nil
	}
	for {
		if len(x.body) == cap(x.body) {
			x.body = slices.Grow(x.body, bytes.MinRead)
		}
		n, err := x.request.Body.Read(x.body[len(x.body):cap(x.body)])
		x.body = x.body[:len(x.body)+n]
		switch {
		case len(x.body) > maxBody:
			return errHTTP(http.StatusRequestEntityTooLarge)
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return errBadRequest("cannot read the request: " + err.Error())
		}
	}
}

// reply writes the answer, or the error in its place.
func (x *exchange) reply(w http.ResponseWriter, media string, err *apiError) {
	status := x.status
	if status == 0 {
		status = http.StatusOK
	}
	header := w.Header()
	if err != nil {
		status = err.status
		x.out = appendInt(appendKey(append(x.out[:0], '{'), "error_code"), err.code)
		x.out = append(appendString(appendKey(x.out, "message"), err.message), '}')
		if err.empty {
			x.out = x.out[:0]
		}
		if media = err.mediaType(media); media == "" {
			header["Content-Type"] = nil
		}
	}
	if media != "" && status != http.StatusNoContent {
		header["Content-Type"] = []string{media}
	}
	if status != http.StatusNoContent {
		header["Content-Length"] = []string{strconv.Itoa(len(x.out))}
	}
	w.WriteHeader(status)
	if x.request.Method != http.MethodHead && status != http.StatusNoContent {
		// Who does not want to hear the answer need not.
		_, _ = w.Write(x.out)
	}
}

func (e *apiError) mediaType(media string) string {
	if e.bare {
		return ""
	}
	if e == errMalformedHeader {
		return "application/json"
	}
	return media
}

// replyPage answers as the real server's web server does with what never reaches the registry.
func replyPage(w http.ResponseWriter, req *http.Request, status int, problem, uri string) {
	if !showsPage(req) {
		w.Header()["Content-Type"] = nil
		w.WriteHeader(status)
		return
	}
	w.Header().Set("Content-Type", "text/html;charset=iso-8859-1")
	w.WriteHeader(status)
	fmt.Fprintf(w, `<html>
<head>
<meta http-equiv="Content-Type" content="text/html;charset=ISO-8859-1"/>
<title>Error %[1]d %[2]s</title>
</head>
<body>
<h2>HTTP ERROR %[1]d %[2]s</h2>
<table>
<tr><th>URI:</th><td>%[3]s</td></tr>
<tr><th>STATUS:</th><td>%[1]d</td></tr>
<tr><th>MESSAGE:</th><td>%[2]s</td></tr>
</table>

</body>
</html>
`, status, problem, html.EscapeString(uri))
}
