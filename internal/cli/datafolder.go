package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// dataFolder is where servers keep what they have unless they are told otherwise, in a folder each.
const dataFolder = ".avow"

// keepFromGit makes git ignore the folder .avow that data is to be kept below, so that nobody commits a broker. Data that
// is kept elsewhere is the caller's, and so is a .gitignore that is there already.
func keepFromGit(data string) error {
	for dir := filepath.Clean(data); dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if filepath.Base(dir) != dataFolder {
			continue
		}
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
		f, err := os.OpenFile(filepath.Join(dir, ".gitignore"), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if errors.Is(err, fs.ErrExist) {
			return nil
		}
		if err != nil {
			return err
		}
		_, err = f.WriteString("*\n")
		return errors.Join(err, f.Close())
	}
	return nil
}
