package rdsdiag_test

import (
	"bufio"
	"crypto/sha256"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/rdsdiag"
)

// labelOf maps classes to the labels of the corpus where they differ in more than spelling.
var labelOf = map[rdsdiag.EventClass]string{rdsdiag.EventInstanceClassRefused: "instance_class_change"}

func label(c rdsdiag.EventClass) string {
	if l, ok := labelOf[c]; ok {
		return l
	}
	return strings.ReplaceAll(string(c), "-", "_")
}

// TestCorpus recognises published events. The rules were made with the half whose id hashes even; the other half
// measures them.
func TestCorpus(t *testing.T) {
	file, err := os.Open("testdata/rds_event.jsonl")
	require.NoError(t, err)
	defer file.Close()
	right, total := [2]int{}, [2]int{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var event struct{ ID, Text, Label, Category string }
		require.NoError(t, json.Unmarshal(lines.Bytes(), &event))
		half := int(sha256.Sum256([]byte(event.ID))[0] & 1)
		total[half]++
		got := label(rdsdiag.ClassifyEvent(event.Text, event.Category))
		if got == event.Label {
			right[half]++
		} else if os.Getenv("RDS_HALF") != "0" || half == 0 {
			t.Logf("half %d: %q: want %s, got %s", half, event.Text, event.Label, got)
		}
	}
	for half, name := range []string{"developed on", "measured on"} {
		t.Logf("%s: %d of %d", name, right[half], total[half])
		assert.GreaterOrEqual(t, float64(right[half]), 0.97*float64(total[half]), name)
	}
}
