package source

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strings"
)

// maxArchive is how much the schemas of an archive may hold together, unpacked.
const maxArchive = 256 << 20

var errArchiveSize = fmt.Errorf("its schemas are larger than %d MB together", maxArchive>>20)

// IsArchive reports whether a file name ends as an archive's does that [Archive] reads.
func IsArchive(name string) bool { return archiveReader(name) != nil }

func archiveReader(name string) func([]byte, *unpacker) error {
	switch lower := strings.ToLower(name); {
	case strings.HasSuffix(lower, ".zip"):
		return readZip
	case strings.HasSuffix(lower, ".tar.gz"), strings.HasSuffix(lower, ".tgz"):
		return readTarGz
	case strings.HasSuffix(lower, ".tar"):
		return readTar
	}
	return nil
}

// Archive reads the schemas in a .zip, .tar, .tar.gz or .tgz file. Their paths are those in the archive.
func Archive(name string) (*Tree, error) {
	read := archiveReader(name)
	if read == nil {
		return nil, fmt.Errorf("%s: not an archive that avow reads: want .zip, .tar, .tar.gz or .tgz", name)
	}
	packed, err := os.ReadFile(name)
	if err != nil {
		return nil, notReadable(name, err)
	}
	u := &unpacker{files: make(map[string]file)}
	if err := read(packed, u); err != nil {
		return nil, fmt.Errorf("%s: cannot be unpacked: %w", name, err)
	}
	return &Tree{Label: name, root: ".", files: u.files}, nil
}

// unpacker keeps the schemas of an archive, up to a limit for all of them together.
type unpacker struct {
	files map[string]file
	total int64
}

func (u *unpacker) add(name string, r io.Reader) error {
	content, err := io.ReadAll(io.LimitReader(r, maxArchive-u.total+1))
	if err != nil {
		return err
	}
	if u.total += int64(len(content)); u.total > maxArchive {
		return errArchiveSize
	}
	// Rooted before it is cleaned: a name cannot lead out of the archive.
	u.files[strings.TrimPrefix(path.Clean("/"+name), "/")] = file{content: content}
	return nil
}

func readZip(packed []byte, u *unpacker) error {
	z, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		return err
	}
	for _, entry := range z.File {
		if entry.FileInfo().IsDir() || !isSchema(entry.Name) {
			continue
		}
		r, err := entry.Open()
		if err != nil {
			return err
		}
		if err := errors.Join(u.add(entry.Name, r), r.Close()); err != nil {
			return err
		}
	}
	return nil
}

func readTarGz(packed []byte, u *unpacker) error {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return err
	}
	return errors.Join(unpackTar(z, u), z.Close())
}

func readTar(packed []byte, u *unpacker) error { return unpackTar(bytes.NewReader(packed), u) }

func unpackTar(r io.Reader, u *unpacker) error {
	entries := tar.NewReader(r)
	for {
		entry, err := entries.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if entry.Typeflag != tar.TypeReg || !isSchema(entry.Name) {
			continue
		}
		if err := u.add(entry.Name, entries); err != nil {
			return err
		}
	}
}
