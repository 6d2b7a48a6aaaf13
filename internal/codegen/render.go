package codegen

import (
	"bytes"
	"embed"
	"fmt"
	"go/format"
	"strconv"
	"sync"
	"text/template"
)

//go:embed templates/*.tmpl
var templateFiles embed.FS

// templates are parsed when they are first used: most commands that link this package generate nothing.
var templates = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("").Funcs(template.FuncMap{
		"branch":  branch,
		"literal": literal,
		"quote":   quote,
	}).ParseFS(templateFiles, "templates/*.tmpl"))
})

// render lays a view out and formats it.
func render(path, name string, view any) (File, error) {
	var b bytes.Buffer
	if err := templates().ExecuteTemplate(&b, name, view); err != nil {
		return File{}, fmt.Errorf("%s: %w", path, err)
	}
	content, err := format.Source(b.Bytes())
	if err != nil {
		return File{}, fmt.Errorf("%s: %w in\n%s", path, err, b.Bytes())
	}
	return File{Path: path, Content: content}, nil
}

// renderType lays out the view of a type, with the constants of its schema behind it.
func renderType(path, name string, view any) (File, error) {
	file, err := render(path, name, view)
	if err != nil {
		return File{}, err
	}
	b := bytes.NewBuffer(file.Content)
	if err := templates().ExecuteTemplate(b, "schema-data", view); err != nil {
		return File{}, fmt.Errorf("%s: %w", path, err)
	}
	return File{Path: path, Content: b.Bytes()}, nil
}

func quote(s string) string { return strconv.Quote(s) }

// literal returns s as a raw string where Go allows one, which reads better.
func literal(s string) string {
	if strconv.CanBackquote(s) {
		return "`" + s + "`"
	}
	return quote(s)
}

// branch returns the expression that writes a branch's index.
func branch(index int) string {
	if index < 64 {
		return fmt.Sprintf("w.PutBranch(i, %d)", index)
	}
	return fmt.Sprintf("w.PutInt(i, %d)", index)
}
