package sessiontest

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestLanes(t *testing.T) {
	const count = 10_000
	for _, tt := range []struct {
		name      string
		faults    Faults
		low, high int // how many are delivered
		ordered   bool
	}{
		{"clean", Faults{}, count, count, true},
		{"lossy", Faults{Drop: .02}, 9700, 9900, true},
		{"doubling", Faults{Duplicate: .02}, 10_100, 10_300, true},
		{"reordering", Faults{Reorder: .02}, count, count, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var got []int
				l := newLane(tt.faults, 1, func(b []byte) { got = append(got, int(b[0])<<8|int(b[1])) })
				for n := range count {
					l.send([]byte{byte(n >> 8), byte(n)})
				}
				time.Sleep(2 * heldBack)
				synctest.Wait()
				assert.GreaterOrEqual(t, len(got), tt.low)
				assert.LessOrEqual(t, len(got), tt.high)
				ordered := true
				for i := range len(got) - 1 {
					ordered = ordered && got[i] <= got[i+1]
				}
				assert.Equal(t, tt.ordered, ordered)
			})
		})
	}
}
