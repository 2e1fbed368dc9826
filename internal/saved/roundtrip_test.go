package saved_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/internal/saved"
)

// worlds returns the saved worlds in testdata, each a folder.
func worlds(t *testing.T) map[string]fs.FS {
	t.Helper()
	root := "testdata"
	if w := os.Getenv("AWSDIAG_WORLDS"); w != "" {
		root = w
	}
	folders, err := os.ReadDir(root)
	require.NoError(t, err)
	all := map[string]fs.FS{}
	for _, f := range folders {
		all[f.Name()] = os.DirFS(path.Join(root, f.Name()))
	}
	require.NotEmpty(t, all)
	return all
}

func TestEveryDocumentSurvivesTheRoundTrip(t *testing.T) {
	seen := map[string]bool{}
	for name, world := range worlds(t) {
		documents, err := saved.Read(world)
		require.NoError(t, err, name)
		for _, d := range documents {
			op, ok := operations[d.Action()]
			require.True(t, ok, "%s: add %s to operations", name, d.Action())
			seen[d.Action()] = true
			survives(t, name+" "+d.Action(), d.Input, op.input())
			if d.Error == nil {
				survives(t, name+" "+d.Action(), d.Output, op.output())
			}
		}
	}
	assert.Len(t, seen, len(operations), "operations without a document")
}

func survives(t *testing.T, name string, raw json.RawMessage, value any) {
	t.Helper()
	if !assert.NoError(t, saved.Decode(raw, value, saved.Strict()), name) {
		return
	}
	back, err := saved.Encode(value)
	require.NoError(t, err, name)
	var want, have any
	require.NoError(t, json.Unmarshal(raw, &want))
	require.NoError(t, json.Unmarshal(back, &have))
	assert.Equal(t, normal(want), normal(have), name)
}

// normal drops what the SDK cannot tell from absence: null, and the zeros of what it holds by value. It writes times in
// one way.
func normal(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, member := range v {
			if member = normal(member); member == nil || member == false || member == 0.0 {
				delete(v, key)
			} else {
				v[key] = member
			}
		}
	case []any:
		for i := range v {
			v[i] = normal(v[i])
		}
	case string:
		if at, err := time.Parse(time.RFC3339Nano, v); err == nil && strings.HasSuffix(v, "Z") {
			return at.UTC().Format(time.RFC3339Nano)
		}
	}
	return v
}
