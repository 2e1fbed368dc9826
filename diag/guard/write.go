package guard

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/saved"
)

// vacant reports a folder that may not be written to because something is there.
func vacant(dir string) error {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("recording to %s: %w", dir, err)
	case len(entries) > 0:
		return fmt.Errorf("recording to %s: the folder is not empty; want a new one", dir)
	}
	return nil
}

// write makes the folder, whole or not at all: it is filled beside its place and then moved there. Who may read the
// record is up to the owner: files are his alone.
func (w *world) write(dir string) (err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err != nil {
		return w.err
	}
	if err := vacant(dir); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return err
	}
	draft, err := os.MkdirTemp(filepath.Dir(dir), "."+filepath.Base(dir)+"-")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(draft))
		}
	}()
	if err := w.fill(draft); err != nil {
		return err
	}
	if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.Rename(draft, dir)
}

// fill writes one file for each service. Of several accounts or regions each gets a folder, and each is a world.
func (w *world) fill(dir string) error {
	scopes := w.scopes()
	for _, s := range scopes {
		folder := dir
		if len(scopes) > 1 {
			folder = filepath.Join(dir, cmp.Or(s.Account, "unknown"), cmp.Or(s.Region, "unknown"))
		}
		if err := w.fillScope(folder, s); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) fillScope(folder string, s diag.Scope) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	byService, err := w.documents(s)
	if err != nil {
		return err
	}
	for service, documents := range byService {
		text, err := list(documents)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, service+".json"), text, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// list writes one document a line, so that two records can be compared line by line.
func list(documents []saved.Document) ([]byte, error) {
	b := bytes.NewBufferString("[\n")
	for i, d := range documents {
		line, err := compact(d)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			b.WriteString(",\n")
		}
		b.Write(line)
	}
	b.WriteString("\n]\n")
	return b.Bytes(), nil
}
