package cli

import (
	"bufio"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
)

// importPath returns the import path of a folder, which need not exist yet: the path of the module whose go.mod is
// nearest above it, and the way from there.
func importPath(dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for root := abs; ; root = filepath.Dir(root) {
		f, err := os.Open(filepath.Join(root, "go.mod"))
		if err == nil {
			defer f.Close()
			rel, err := filepath.Rel(root, abs)
			if err != nil {
				return "", err
			}
			module, ok := modulePath(bufio.NewScanner(f))
			if !ok {
				return "", fmt.Errorf("%s names no module", shortPath(f.Name()))
			}
			return path.Join(module, filepath.ToSlash(rel)), nil
		}
		if !os.IsNotExist(err) {
			return "", err
		}
		if root == filepath.Dir(root) {
			return "", fmt.Errorf("there is no go.mod above %s, name its import path with --package-prefix", shortPath(dir))
		}
	}
}

// modulePath returns the path that the module directive of a go.mod gives, in any of its spellings: bare, quoted, in
// parentheses.
func modulePath(lines *bufio.Scanner) (string, bool) {
	inBlock := false
	for lines.Scan() {
		line, _, _ := strings.Cut(lines.Text(), "//")
		words := strings.Fields(line)
		switch {
		case len(words) == 0:
			continue
		case words[0] == "module" && len(words) == 2 && words[1] == "(":
			inBlock = true
			continue
		case words[0] == "module" && len(words) == 2:
			words = words[1:]
		case !inBlock:
			continue
		}
		if unquoted, err := strconv.Unquote(words[0]); err == nil {
			return unquoted, true
		}
		return words[0], true
	}
	return "", false
}
