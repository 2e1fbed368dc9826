package ecstext

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestExitCode(t *testing.T) {
	for _, c := range []struct {
		name   string
		code   int
		class  ExitClass
		signal string
	}{
		{"success", 0, ExitOK, ""},
		{"error", 1, ExitApplication, ""},
		{"usage", 2, ExitApplication, ""},
		{"own code", 42, ExitApplication, ""},
		{"runtime", 125, ExitStart, ""},
		{"not executable", 126, ExitStart, ""},
		{"not found", 127, ExitStart, ""},
		{"bad", 128, ExitStart, ""},
		{"hang-up", 129, ExitStopAsked, "SIGHUP"},
		{"interrupt", 130, ExitStopAsked, "SIGINT"},
		{"abort", 134, ExitCrash, "SIGABRT"},
		{"kill", 137, ExitKilled, "SIGKILL"},
		{"segfault", 139, ExitCrash, "SIGSEGV"},
		{"pipe", 141, ExitSignal, "SIGPIPE"},
		{"term", 143, ExitStopAsked, "SIGTERM"},
		{"nameless signal", 128 + 34, ExitSignal, ""},
		{"beyond the signals", 200, ExitApplication, ""},
		{"none", 255, ExitApplication, ""},
		{"Windows", -1073741819, 0, ""},
		{"Windows, unsigned", 3221225781, 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := ExitCode(c.code)
			assert.Equal(t, c.class, got.Class)
			assert.Equal(t, c.signal, got.Signal)
			assert.NotEmpty(t, got.Text)
		})
	}
}

// TestExitCodesDiffer guards against a code that stands in two tables.
func TestExitCodesDiffer(t *testing.T) {
	seen := map[int]bool{}
	for _, e := range exitCodes {
		assert.False(t, seen[e.code], "%d", e.code)
		seen[e.code] = true
	}
	for _, s := range signals {
		assert.False(t, seen[signalBase+s.number], "%s", s.name)
		seen[signalBase+s.number] = true
	}
}
