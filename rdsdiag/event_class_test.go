package rdsdiag_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/rdsdiag"
)

// TestClassifyDocumentedEvents holds the messages of the user guides in the wordings of several years.
func TestClassifyDocumentedEvents(t *testing.T) {
	text, err := os.ReadFile("testdata/documented_events.tsv")
	require.NoError(t, err)
	for line := range strings.Lines(string(text)) {
		class, message, ok := strings.Cut(strings.TrimSpace(line), "\t")
		require.True(t, ok, line)
		assert.Equal(t, rdsdiag.EventClass(class), rdsdiag.ClassifyEvent(message), message)
	}
}

func TestClassifyEvent(t *testing.T) {
	for _, c := range []struct {
		name, message string
		categories    []string
		want          rdsdiag.EventClass
	}{
		{"wrapped lines", "The DB instance has consumed more\n    than 90% of its allocated\tstorage.", nil,
			rdsdiag.EventStorageLow},
		{"upper case", "DB INSTANCE RESTARTED", nil, rdsdiag.EventRestarted},
		{"category decides where the text does not", "See the console", []string{"low storage"}, rdsdiag.EventStorageLow},
		{"text before category", "DB instance restarted", []string{"creation"}, rdsdiag.EventRestarted},
		{"nothing said", "", []string{"creation"}, rdsdiag.EventOther},
		{"nothing known", "Something else", []string{"notification"}, rdsdiag.EventOther},
	} {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, c.want, rdsdiag.ClassifyEvent(c.message, c.categories...))
		})
	}
}
