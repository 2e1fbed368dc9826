package saved

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

// maxFile bounds a file, unpacked, so that a damaged or hostile archive does not eat the memory. A world of a large
// account is a few megabytes.
const maxFile = 256 << 20

// Read reads the documents of every file of a folder tree whose name ends in .json or .json.gz, in the order of their
// paths. An error is of one line and names the file. A tree without such a file is an error too.
func Read(world fs.FS) ([]Document, error) {
	var documents []Document
	files := 0
	err := fs.WalkDir(world, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("reading a saved world: %w", err)
		}
		if entry.IsDir() || !strings.HasSuffix(strings.TrimSuffix(path, ".gz"), ".json") {
			return nil
		}
		files++
		found, err := readFile(world, path)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		documents = append(documents, found...)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if files == 0 {
		return nil, errors.New("reading a saved world: no file *.json or *.json.gz in the folder")
	}
	return documents, nil
}

func readFile(world fs.FS, path string) ([]Document, error) {
	data, err := content(world, path)
	if err != nil {
		return nil, err
	}
	documents, err := Parse(data)
	for i := range documents {
		documents[i].File = path
	}
	return documents, err
}

func content(world fs.FS, path string) (_ []byte, err error) {
	file, err := world.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	var r io.Reader = file
	if strings.HasSuffix(path, ".gz") {
		if r, err = gzip.NewReader(file); err != nil {
			return nil, err
		}
	}
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if len(data) > maxFile {
		return nil, fmt.Errorf("larger than %d bytes", maxFile)
	}
	return data, err
}
