package diag

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestPacer(t *testing.T) {
	for _, tt := range []struct {
		name  string
		pacer *Pacer
		want  time.Duration // of six calls
	}{
		{"nil paces nothing", nil, 0},
		{"zero paces nothing", &Pacer{}, 0},
		{"the first goes at once", &Pacer{Every: time.Second}, 5 * time.Second},
		{"four go at once", &Pacer{Every: time.Second, Burst: 4}, 2 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				begun := time.Now()
				for range 6 {
					assert.NoError(t, tt.pacer.Wait(t.Context()))
				}
				assert.Equal(t, tt.want, time.Since(begun))
			})
		})
	}
}

func TestPacerDoesNotSaveUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pacer := &Pacer{Every: time.Second}
		time.Sleep(time.Hour)
		begun := time.Now()
		for range 3 {
			assert.NoError(t, pacer.Wait(t.Context()))
		}
		assert.Equal(t, 2*time.Second, time.Since(begun))
	})
}

func TestPacerEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pacer := &Pacer{Every: time.Hour}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		assert.NoError(t, pacer.Wait(ctx))
		begun := time.Now()
		err := pacer.Wait(ctx)
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, KindCanceled, KindOf(err))
		assert.Equal(t, time.Second, time.Since(begun))
	})
}
