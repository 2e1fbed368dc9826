package diagtest

import (
	"bytes"
	"context"
	"runtime/pprof"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
)

// patience is how long goroutines have to end after their run.
const patience = time.Second

// leavesNothing marks all goroutines of a run with a profiler label, which they hand on, and looks for it afterwards.
func (c conformance[S]) leavesNothing(t *testing.T) {
	c.both(t, func(t *testing.T, world World[S]) {
		subject, _ := world()
		pprof.Do(t.Context(), pprof.Labels("diagtest", t.Name()), func(ctx context.Context) {
			diag.Run(ctx, diag.On(subject, c.check))
		})
		deadline := time.Now().Add(patience)
		for marked(t.Name()) && time.Now().Before(deadline) {
			time.Sleep(time.Millisecond)
		}
		assert.False(t, marked(t.Name()), "a goroutine outlives the run")
	})
}

func marked(label string) bool {
	var profile bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&profile, 1); err != nil {
		return false
	}
	return strings.Contains(profile.String(), label)
}
