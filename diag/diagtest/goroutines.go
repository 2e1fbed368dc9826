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

// looks is how often a goroutine may be found at its end after its run. Looks are counted, and not time: on a busy
// machine both the looks and the end come late.
const looks = 1000

// leavesNothing marks all goroutines of a run with a profiler label, which they hand on, and looks for it afterwards.
func (c conformance[S]) leavesNothing(t *testing.T) {
	c.both(t, func(t *testing.T, world World[S]) {
		subject, _ := world()
		pprof.Do(t.Context(), pprof.Labels("diagtest", t.Name()), func(ctx context.Context) {
			diag.Run(ctx, diag.On(subject, c.check))
		})
		left := marked(t.Name())
		for n := 0; left && n < looks; n++ {
			time.Sleep(time.Millisecond)
			left = marked(t.Name())
		}
		assert.False(t, left, "a goroutine outlives the run")
	})
}

func marked(label string) bool {
	var profile bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&profile, 1); err != nil {
		return false
	}
	return strings.Contains(profile.String(), label)
}
