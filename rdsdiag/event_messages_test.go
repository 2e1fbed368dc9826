package rdsdiag_test

import (
	"crypto/sha256"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/rdsdiag"
)

// TestEventMessages holds published and made-up messages, one file a source, whose head tells where they come from and
// what the first run gave: all were labelled before it. The rules were mended by the half whose text hashes even; the
// other half measures them.
func TestEventMessages(t *testing.T) {
	files, err := filepath.Glob("testdata/events/*.tsv")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	right, total := [2]int{}, [2]int{}
	for _, path := range files {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".tsv"), func(t *testing.T) {
			known, all := classify(t, path)
			t.Logf("%d of %d", known[0]+known[1], all[0]+all[1])
			for half := range all {
				right[half] += known[half]
				total[half] += all[half]
				assert.GreaterOrEqual(t, float64(known[half]), 0.97*float64(all[half]), "half %d", half)
			}
		})
	}
	t.Logf("mended by: %d of %d, measured on: %d of %d", right[0], total[0], right[1], total[1])
}

// classify counts the messages of a file, and those whose class is the one written before them, by half.
func classify(t *testing.T, path string) (right, total [2]int) {
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		class, message, ok := strings.Cut(strings.TrimSpace(line), "\t")
		require.True(t, ok, line)
		half := int(sha256.Sum256([]byte(message))[0] & 1)
		total[half]++
		if got := rdsdiag.ClassifyEvent(message); got == rdsdiag.EventClass(class) {
			right[half]++
		} else if os.Getenv("RDS_HALF") != "0" || half == 0 {
			t.Logf("half %d: %q: want %s, got %s", half, message, class, got)
		}
	}
	return right, total
}

// TestNamesDoNotMatter gives databases and snapshots the names that people give them.
func TestNamesDoNotMatter(t *testing.T) {
	for form, want := range map[string]rdsdiag.EventClass{
		"Manual snapshot NAME was created.":                  rdsdiag.EventBackupCompleted,
		"Restored from snapshot NAME.":                       rdsdiag.EventRestored,
		"Completed failover to DB instance: NAME":            rdsdiag.EventFailoverCompleted,
		"Started cross AZ failover to DB instance: NAME":     rdsdiag.EventFailoverStarted,
		"Renamed instance from NAME to NAME-2.":              rdsdiag.EventRenamed,
		"RDS created DB proxy NAME.":                         rdsdiag.EventCreated,
		"Updated to use DBParameterGroup NAME":               rdsdiag.EventParameterGroupChange,
		"DB snapshot NAME was deleted.":                      rdsdiag.EventDeleted,
		"Switchover from NAME to NAME-green-a1b2c3 started.": rdsdiag.EventFailoverStarted,
	} {
		for _, name := range []string{"before-upgrade-failed", "failover-test-1", "stopped-replica-2", "db-restart", "shop"} {
			assert.Equal(t, want, rdsdiag.ClassifyEvent(strings.ReplaceAll(form, "NAME", name)), "%s: %s", form, name)
		}
	}
}
