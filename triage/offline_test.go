package triage_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag/changes/changesfake"
	"github.com/awsdiag/awsdiag/triage"
)

// TestSavedWorldsHaveNoQuota: a trail of 200 events is read at two pages of 50 a second from AWS, and at once from memory.
func TestSavedWorldsHaveNoQuota(t *testing.T) {
	for _, test := range []struct {
		name    string
		offline bool
		least   time.Duration
		most    time.Duration
	}{
		{"of a saved world", true, 0, 0},
		{"of an account", false, 3 * 500 * time.Millisecond, time.Minute},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				for i := range 200 {
					w.by(time.Duration(i)*30*time.Second, changesfake.Write{Action: "s3:PutBucketTagging", Who: "tagger"})
				}
				scope := w.Scope()
				require.True(t, scope.Offline)
				scope.Offline = test.offline
				begin := time.Now()
				_, err := triage.Investigate(t.Context(), []triage.Scope{scope}, triage.Symptom{Kind: triage.Unknown,
					Target: *w.ELB.LoadBalancers[0].LoadBalancerName}, triage.Options{Now: w.now})
				require.NoError(t, err)
				assert.GreaterOrEqual(t, time.Since(begin), test.least)
				assert.LessOrEqual(t, time.Since(begin), test.most)
			})
		})
	}
}
