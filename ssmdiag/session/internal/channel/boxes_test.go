package channel

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/ssmdiag/session/internal/wire"
)

var start = time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)

func frame(sequence int64, size int) wire.Frame {
	return wire.Frame{Type: wire.OutputStream, Sequence: sequence, ID: wire.NewID(), Kind: wire.Output,
		Payload: make([]byte, size)}
}

func sequences(t *testing.T, batch [][]byte) (numbers []int64) {
	t.Helper()
	for _, b := range batch {
		f, err := wire.Decode(b)
		require.NoError(t, err)
		if f.Type == wire.Acknowledge {
			n, err := wire.AckedSequence(f.Payload)
			require.NoError(t, err)
			numbers = append(numbers, -n-1) // an acknowledgement of n
			continue
		}
		numbers = append(numbers, f.Sequence)
	}
	return numbers
}

func filled(n int) *outbox {
	o := &outbox{}
	for range n {
		o.add(wire.Frame{Type: wire.InputStream, Kind: wire.Output, Payload: []byte("x")})
	}
	return o
}

func TestOutboxSendsEachFrameOnceUntilItIsOverdue(t *testing.T) {
	o := filled(3)
	assert.Equal(t, []int64{0, 1}, sequences(t, o.take(nil, 2, start)))
	assert.Equal(t, []int64{2}, sequences(t, o.take(nil, 2, start)))
	require.NoError(t, o.overdue(start.Add(firstTimeout-1)))
	assert.Empty(t, o.take(nil, 9, start))
	require.True(t, o.acked(1, start.Add(firstTimeout)))
	require.NoError(t, o.overdue(start.Add(time.Second)))
	assert.Equal(t, []int64{0, 2}, sequences(t, o.take(nil, 9, start.Add(time.Second))),
		"the acknowledged one is not sent again")
}

func TestOutboxPutsAcknowledgementsFirst(t *testing.T) {
	o := filled(1)
	o.ack(frame(7, 1), start)
	assert.Equal(t, []int64{-8, 0}, sequences(t, o.take(nil, 9, start)))
}

func TestOutboxWindow(t *testing.T) {
	o := filled(sendWindow)
	assert.True(t, o.full())
	o.take(nil, sendWindow, start)
	o.acked(5, start)
	assert.True(t, o.full(), "the oldest is still open")
	for _, n := range []int64{0, 1, 2, 3, 4} {
		o.acked(n, start)
	}
	assert.False(t, o.full())
	assert.Equal(t, int64(6), o.base)
}

func TestOutboxAcknowledgementsThatMeanNothing(t *testing.T) {
	o := filled(2)
	assert.False(t, o.acked(0, start), "it was not sent")
	o.take(nil, 9, start)
	assert.True(t, o.acked(0, start))
	for name, n := range map[string]int64{"twice": 0, "never made": 2, "negative": -1} {
		assert.False(t, o.acked(n, start), name)
	}
}

func TestOutboxSendsAllOpenFramesOnANewLink(t *testing.T) {
	o := filled(4)
	o.take(nil, 3, start)
	o.acked(1, start)
	o.ack(frame(0, 1), start)
	o.relink()
	assert.Equal(t, []int64{0, 2, 3}, sequences(t, o.take(nil, 9, start)))
}

func TestOutboxProbesWhileThePeerIsAway(t *testing.T) {
	o := filled(3)
	o.take(nil, 2, start)
	o.paused = true
	assert.Empty(t, o.take(nil, 9, start), "nothing new")
	require.NoError(t, o.overdue(start.Add(time.Second)))
	assert.Equal(t, []int64{0}, sequences(t, o.take(nil, 9, start.Add(time.Second))), "one asks whether the peer is back")
	o.paused = false
	assert.Equal(t, []int64{2}, sequences(t, o.take(nil, 9, start.Add(time.Second))))
}

func TestOutboxGivesUp(t *testing.T) {
	o := filled(1)
	now := start
	for range maxTries {
		require.NoError(t, o.overdue(now))
		require.Len(t, o.take(nil, 9, now), 1)
		now = now.Add(2 * time.Second)
	}
	assert.ErrorIs(t, o.overdue(now), ErrUnanswered)
}

func TestOutboxLimitsWhatIsSentAgain(t *testing.T) {
	o := filled(1000)
	o.take(nil, 1000, start)
	require.NoError(t, o.overdue(start.Add(time.Minute)))
	assert.Len(t, o.take(nil, 1000, start.Add(time.Minute)), resendBatch)
}

func TestRoundTripTimes(t *testing.T) {
	var r rtt
	assert.Equal(t, firstTimeout, r.timeout())
	for range 100 {
		r.sample(40 * time.Millisecond)
	}
	assert.InDelta(t, 50*time.Millisecond, r.timeout(), float64(5*time.Millisecond))
	for range 100 {
		r.sample(10 * time.Second)
	}
	assert.Equal(t, maxTimeout, r.timeout())
}

func TestInboxOrders(t *testing.T) {
	for _, tt := range []struct {
		name    string
		arrive  []int64
		deliver []int64
	}{
		{"in order", []int64{0, 1, 2}, []int64{0, 1, 2}},
		{"reordered", []int64{2, 0, 1}, []int64{0, 1, 2}},
		{"doubled", []int64{0, 0, 1, 1, 0}, []int64{0, 1}},
		{"one missing", []int64{0, 2, 3}, []int64{0}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var i inbox
			for _, n := range tt.arrive {
				assert.True(t, i.put(frame(n, 1)), "every frame is acknowledged, doubles too")
			}
			var got []int64
			for f, _, ok := i.take(); ok; f, _, ok = i.take() {
				got = append(got, f.Sequence)
			}
			assert.Equal(t, tt.deliver, got)
			assert.Equal(t, tt.name == "one missing", i.gap())
		})
	}
}

func TestInboxIsBounded(t *testing.T) {
	var i inbox
	for n := range int64(2 * holdFrames) {
		i.put(frame(n+1, 1))
	}
	assert.Len(t, i.held, holdFrames)
	assert.False(t, i.put(frame(2*holdFrames, 1)), "what does not fit is not acknowledged")
	assert.True(t, i.put(frame(0, 1)), "the one that all wait for always fits")
	assert.False(t, new(inbox).put(frame(farAhead, 1)), "a number out of reach")
}

func TestInboxAcknowledgesLateWhenTheConsumerIsSlow(t *testing.T) {
	var i inbox
	const size = 1 << 20
	var early []string
	for n := range int64(8) {
		early = append(early, fmt.Sprint(i.put(frame(n, size))))
	}
	assert.Equal(t, []string{"true", "true", "true", "true", "true", "false", "false", "false"}, early)
	assert.True(t, i.put(frame(5, size)), "the peer asks again")
	var owed []int64
	for f, late, ok := i.take(); ok; f, late, ok = i.take() {
		if late {
			owed = append(owed, f.Sequence)
		}
	}
	assert.Equal(t, []int64{6, 7}, owed)
	assert.Zero(t, i.bytes)
}
