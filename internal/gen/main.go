// Command gen writes the files that follow from the code: docs/catalogue.md, and the list of operations that package
// guard allows. Run it with "go generate ./..." in the root of the module.
package main

import (
	"bytes"
	"fmt"
	"go/format"
	"os"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run() error {
	var guard bytes.Buffer
	writeOperations(&guard)
	source, err := format.Source(guard.Bytes())
	if err != nil {
		return fmt.Errorf("formatting the list of operations: %w", err)
	}
	if err := os.WriteFile("../diag/guard/operations.go", source, 0o644); err != nil {
		return err
	}
	var catalogue bytes.Buffer
	writeCatalogue(&catalogue)
	return os.WriteFile("../docs/catalogue.md", catalogue.Bytes(), 0o644)
}
