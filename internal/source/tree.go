package source

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/avow-events/avow/avsc"
)

// Tree is the .avsc files of one place at one time. It does not change once read.
type Tree struct {
	// Label says what the tree is, such as main@1a2b3c4 or the name of a folder.
	Label string
	// root is the folder that paths start from, as people know it: slash-separated, "." for the current one.
	root string
	// files by path below root, slash-separated.
	files map[string]file
}

// file is the content of a file; id is its git object name where that is known.
type file struct {
	content []byte
	id      string
}

// New returns the tree of a folder that does not exist yet.
func New(name string) *Tree {
	return &Tree{Label: name, root: filepath.ToSlash(filepath.Clean(name)), files: map[string]file{}}
}

// Paths returns the paths of all files below the tree's root, sorted.
func (t *Tree) Paths() []string {
	paths := make([]string, 0, len(t.files))
	for p := range t.files {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	return paths
}

// Content returns what the file at a path holds, nil where there is none. Callers do not change it.
func (t *Tree) Content(path string) []byte { return t.files[path].content }

// With returns the tree with other contents of some files.
func (t *Tree) With(contents map[string][]byte) *Tree {
	if len(contents) == 0 {
		return t
	}
	other := &Tree{Label: t.Label, root: t.root, files: maps.Clone(t.files)}
	for p, content := range contents {
		other.files[p] = file{content: content}
	}
	return other
}

// Show returns the path of a file as people know it: with the folder that the tree was read from before it.
func (t *Tree) Show(file string) string {
	if file == "" {
		return ""
	}
	return path.Join(t.root, file)
}

// Load reads every schema of the tree as a new one. The Set holds the documents that are sound, with paths below the
// tree's root; the list every problem of the others, with paths as [Tree.Show] has them.
func (t *Tree) Load() (*avsc.Set, avsc.ErrorList) { return t.load(avsc.Load) }

// LoadRegistered is [Tree.Load] for a tree that was accepted before: its schemas are parsed leniently.
func (t *Tree) LoadRegistered() (*avsc.Set, avsc.ErrorList) { return t.load(avsc.LoadRegistered) }

func (t *Tree) load(load func(fs.FS, ...string) (*avsc.Set, error)) (*avsc.Set, avsc.ErrorList) {
	set, err := load(fileSystem(t.files))
	if err == nil {
		return set, nil
	}
	// Messages name other places too, so they are made anew with the paths that people know, which no file system may
	// begin with a slash.
	shown := make(fileSystem, len(t.files))
	for p, f := range t.files {
		shown[strings.TrimPrefix(t.Show(p), "/")] = f
	}
	if _, named := load(shown); named != nil {
		err = named
	}
	list := avsc.AsErrorList(err)
	for _, e := range list {
		if strings.HasPrefix(t.root, "/") && e.Pos.File != "" {
			e.Pos.File = "/" + e.Pos.File
		}
	}
	return set, list
}

// isSchema reports whether a path is that of a schema file.
func isSchema(name string) bool { return path.Ext(name) == ".avsc" }

// Below reports whether a path is dir or lies in it; everything lies in ".".
func Below(p, dir string) bool {
	return dir == "." || dir == "" || p == dir || strings.HasPrefix(p, dir+"/")
}

// skipped reports whether schemas in folders of this name are nobody's contracts.
func skipped(folder string) bool {
	return strings.HasPrefix(folder, ".") || folder == "node_modules" || folder == "vendor"
}

// hidden reports whether a path leads through a folder that is skipped.
func hidden(name string) bool {
	folder, _ := path.Split(name)
	return slices.ContainsFunc(strings.Split(strings.TrimSuffix(folder, "/"), "/"), skipped)
}

// objectName returns the name that git gives to content, in a repository whose names are as long as like.
func objectName(content []byte, like string) string {
	var h hash.Hash
	if len(like) == hex.EncodedLen(sha256.Size) {
		h = sha256.New()
	} else {
		h = sha1.New()
	}
	h.Write([]byte("blob "))
	h.Write(strconv.AppendInt(nil, int64(len(content)), 10))
	h.Write([]byte{0})
	h.Write(content)
	return hex.EncodeToString(h.Sum(nil))
}
