package diag

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
)

// panicked makes an error of the panic that is being recovered.
func panicked(what string, p any) error {
	return Errorf(KindPanic, "%s: %v%s", what, p, panicPlace())
}

// panicPlace returns where the panic that is being recovered arose, as " at file.go:12".
func panicPlace() string {
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(4, pcs)]) // without Callers, itself, panicked and who deferred
	for {
		frame, more := frames.Next()
		if !strings.HasPrefix(frame.Function, "runtime.") && frame.File != "" {
			return fmt.Sprintf(" at %s:%d", filepath.Base(frame.File), frame.Line)
		}
		if !more {
			return ""
		}
	}
}
