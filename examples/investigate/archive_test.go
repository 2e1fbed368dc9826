package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestArchived(t *testing.T) {
	write := func(text string) string {
		name := filepath.Join(t.TempDir(), "events.json")
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
		return name
	}
	tasks, err := archived(write(`{"detail-type":"ECS Task State Change","detail":{"taskArn":"arn:aws:ecs:eu-west-1:111122223333:task/prod/a","desiredStatus":"STOPPED","stoppedReason":"Essential container in task exited"}}`))
	require.NoError(t, err)
	assert.Len(t, tasks, 1)
	tasks, err = archived("")
	require.NoError(t, err)
	assert.Empty(t, tasks)
	for text, want := range map[string]string{`{"detail-type":"EC2 Spot"}`: "holds no", "no json": "record 1"} {
		_, err = archived(write(text))
		assert.ErrorContains(t, err, want)
	}
	_, err = archived(filepath.Join(t.TempDir(), "none"))
	assert.ErrorIs(t, err, os.ErrNotExist)
}
