package words_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/internal/words"
)

func TestCount(t *testing.T) {
	for _, tt := range []struct {
		n          int
		noun, want string
	}{
		{0, "task", "0 tasks"},
		{1, "task", "1 task"},
		{2, "task", "2 tasks"},
		{2, "policy", "2 policies"},
		{2, "gateway", "2 gateways"},
		{2, "key", "2 keys"},
		{2, "address", "2 addresses"},
		{2, "network path", "2 network paths"},
		{2, "DB proxy", "2 DB proxies"},
	} {
		assert.Equal(t, tt.want, words.Count(tt.n, tt.noun))
	}
}

func TestTimes(t *testing.T) {
	assert.Equal(t, "once", words.Times(1))
	assert.Equal(t, "0 times", words.Times(0))
	assert.Equal(t, "12 times", words.Times(12))
}

func TestSpan(t *testing.T) {
	for _, tt := range []struct {
		d    time.Duration
		want string
	}{
		{-time.Hour, "0 s"},
		{0, "0 s"},
		{340 * time.Millisecond, "340 ms"},
		{2199 * time.Millisecond, "2.1 s"},
		{3 * time.Second, "3 s"},
		{59*time.Second + 999*time.Millisecond, "59 s"},
		{time.Minute, "1 min"},
		{87 * time.Second, "1 min 27 s"},
		{time.Hour, "1 h"},
		{2*time.Hour + 5*time.Minute + 30*time.Second, "2 h 5 min"},
		{47*time.Hour + 59*time.Minute, "47 h 59 min"},
		{48 * time.Hour, "2 days"},
		{100 * time.Hour, "4 days"},
	} {
		assert.Equal(t, tt.want, words.Span(tt.d))
	}
}

func TestClock(t *testing.T) {
	at := time.Date(2026, 5, 14, 11, 5, 59, 0, time.FixedZone("", 2*60*60))
	assert.Equal(t, "09:05 UTC", words.Clock(at))
}
