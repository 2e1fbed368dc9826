package logsfake

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/awsdiag/awsdiag/diag/diagfake"
)

// tailGroups is the most log groups of a Live Tail session ("StartLiveTail", logGroupIdentifiers).
const tailGroups = 10

// StartLiveTail opens a session that sends what Live holds. The SDK's output keeps its stream in a field that only the
// SDK can set, so a session is read through [Client.Stream].
func (c *Client) StartLiveTail(ctx context.Context, in *cloudwatchlogs.StartLiveTailInput,
	_ ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.StartLiveTailOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "logs:StartLiveTail", in,
		func(in *cloudwatchlogs.StartLiveTailInput) (*cloudwatchlogs.StartLiveTailOutput, error) {
			switch {
			case len(in.LogGroupIdentifiers) == 0 || len(in.LogGroupIdentifiers) > tailGroups:
				return nil, invalid("Between 1 and %d log groups must be given.", tailGroups)
			case len(in.LogStreamNames) > 0 && len(in.LogStreamNamePrefixes) > 0:
				return nil, invalid("logStreamNames and logStreamNamePrefixes are mutually exclusive.")
			case len(in.LogGroupIdentifiers) > 1 && len(in.LogStreamNames)+len(in.LogStreamNamePrefixes) > 0:
				return nil, invalid("Log streams can be given with one log group only.")
			}
			return &cloudwatchlogs.StartLiveTailOutput{}, nil
		})
}

// Stream returns the event stream of a session.
func (c *Client) Stream(*cloudwatchlogs.StartLiveTailOutput) *cloudwatchlogs.StartLiveTailEventStream {
	reader := &liveReader{events: make(chan types.StartLiveTailResponseStream, len(c.Live))}
	for _, e := range c.Live {
		reader.events <- e
	}
	if c.LiveError != nil {
		reader.err = c.LiveError
		close(reader.events)
	}
	return cloudwatchlogs.NewStartLiveTailEventStream(func(s *cloudwatchlogs.StartLiveTailEventStream) { s.Reader = reader })
}

// liveReader is the reading end of a session.
type liveReader struct {
	events chan types.StartLiveTailResponseStream
	err    error
}

// Events returns the channel that the session sends on.
func (r *liveReader) Events() <-chan types.StartLiveTailResponseStream { return r.events }

// Close ends the session.
func (r *liveReader) Close() error { return nil }

// Err returns what ended the session.
func (r *liveReader) Err() error { return r.err }
