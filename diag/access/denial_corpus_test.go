package access

import (
	"bufio"
	"encoding/json"
	"hash/fnv"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// labelled is one published message and what is known of it.
type labelled struct {
	ID, Text, Label string
}

func (l labelled) held() bool {
	h := fnv.New32a()
	_, _ = h.Write([]byte(l.ID))
	return h.Sum32()%2 == 1
}

func readLabelled(t testing.TB, file string) []labelled {
	f, err := os.Open(file)
	require.NoError(t, err)
	defer func() { assert.NoError(t, f.Close()) }()
	var all []labelled
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var l labelled
		require.NoError(t, json.Unmarshal(lines.Bytes(), &l))
		all = append(all, l)
	}
	require.NoError(t, lines.Err())
	return all
}

// TestDenialCorpus reads published messages. The bound is per field, over all of them and over the half that rules were
// not made from.
func TestDenialCorpus(t *testing.T) {
	right, total := map[string]int{}, map[bool]int{}
	wrong := map[string]int{}
	for _, l := range readLabelled(t, "testdata/iam_denied.jsonl") {
		var want struct{ Action, Resource, Principal, Deny string }
		require.NoError(t, json.Unmarshal([]byte(l.Label), &want))
		got, ok := ParseDenial(l.Text)
		total[l.held()]++
		if !ok {
			t.Logf("%s: no denial seen", l.ID)
		}
		for field, pair := range map[string][2]string{
			"action": {want.Action, got.Action}, "resource": {want.Resource, got.Resource},
			"principal": {want.Principal, got.Principal}, "kind": {want.Deny, string(got.Kind)},
		} {
			if pair[0] == pair[1] {
				right[field]++
				continue
			}
			wrong[field]++
			t.Logf("%s (held: %t): %s is %q, want %q", l.ID, l.held(), field, pair[1], pair[0])
		}
	}
	n := total[true] + total[false]
	for _, field := range []string{"action", "resource", "principal", "kind"} {
		t.Logf("%s: %d of %d", field, right[field], n)
		assert.GreaterOrEqual(t, float64(right[field])/float64(n), 0.97, field)
	}
}
