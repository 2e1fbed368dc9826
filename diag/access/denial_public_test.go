package access

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestDenialsInPublic reads sentences gathered from public documents, issues and source trees in eight batches,
// each labelled before it was first read. First looks, all four fields right: 28 of 29 in batch 7 and 22 of 24 in
// batch 8. The floors are those of the parser over every batch.
func TestDenialsInPublic(t *testing.T) {
	right, n := map[string]int{}, 0
	for _, l := range readLabelled(t, "testdata/denials_public.jsonl") {
		var want struct{ Action, Resource, Principal, Deny string }
		require.NoError(t, json.Unmarshal([]byte(l.Label), &want))
		got, _ := ParseDenial(l.Text)
		n++
		for field, pair := range map[string][2]string{
			"action": {want.Action, got.Action}, "resource": {want.Resource, got.Resource},
			"principal": {want.Principal, got.Principal}, "kind": {want.Deny, string(got.Kind)},
		} {
			if pair[0] == pair[1] {
				right[field]++
				continue
			}
			t.Logf("%s: %s is %q, want %q", l.ID, field, pair[1], pair[0])
		}
	}
	assert.GreaterOrEqual(t, n, 300)
	for _, field := range []string{"action", "resource", "principal", "kind"} {
		t.Logf("%s: %d of %d", field, right[field], n)
		assert.GreaterOrEqual(t, float64(right[field])/float64(n), 0.99, field)
	}
}
