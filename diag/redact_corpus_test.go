package diag

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestRedactCorpus runs over published messages of AWS and of applications. None of them holds a credential.
func TestRedactCorpus(t *testing.T) {
	r := NewRedactor(nil)
	for _, text := range messages(t) {
		assert.Equal(t, text, r.Redact(text))
	}
}

func messages(tb testing.TB) []string {
	tb.Helper()
	file, err := os.Open("testdata/messages.jsonl")
	require.NoError(tb, err)
	defer file.Close()
	var all []string
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		var text string
		require.NoError(tb, json.Unmarshal(lines.Bytes(), &text))
		all = append(all, text)
	}
	require.NoError(tb, lines.Err())
	require.NotEmpty(tb, all)
	return all
}

func BenchmarkRedactClean(b *testing.B) {
	r, texts := NewRedactor(nil), messages(b)
	size := 0
	for _, text := range texts {
		size += len(text)
	}
	b.SetBytes(int64(size))
	b.ReportMetric(float64(len(texts)), "texts/op")
	for b.Loop() {
		for _, text := range texts {
			r.Redact(text)
		}
	}
}

func BenchmarkRedactSecrets(b *testing.B) {
	r := NewRedactor([]byte("key"))
	size := 0
	for _, tt := range redactions {
		size += len(tt.text)
	}
	b.SetBytes(int64(size))
	for b.Loop() {
		for _, tt := range redactions {
			r.Redact(tt.text)
		}
	}
}
