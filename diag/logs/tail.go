package logs

import (
	"context"
	"fmt"
	"iter"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/awsdiag/awsdiag/diag"
)

// tailGroups is the most log groups of a session ("StartLiveTail", logGroupIdentifiers).
const tailGroups = 10

// TailSession says what a live tail follows.
type TailSession struct {
	// GroupARNs are the log groups, by ARN without the ":*" at its end; at most ten.
	GroupARNs []string
	// Streams or StreamPrefixes, not both, narrow a session of one group.
	Streams, StreamPrefixes []string
	// Pattern is a filter pattern; empty lets everything through.
	Pattern string
}

// streamer is a fake, whose outputs cannot carry the stream that the SDK's do.
type streamer interface {
	Stream(*cloudwatchlogs.StartLiveTailOutput) *cloudwatchlogs.StartLiveTailEventStream
}

// Tail follows log groups as lines arrive. The sequence ends when the caller stops it, or with an error when the
// context
// ends or the session does: AWS ends one after three hours, and samples beyond 500 lines a second, which is told by an
// error of [diag.KindIncomplete] in the sequence, after which it goes on. Nothing runs on after the sequence has ended.
func Tail(ctx context.Context, api TailAPI, session TailSession) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		if n := len(session.GroupARNs); n == 0 || n > tailGroups {
			yield(Line{}, diag.Errorf(diag.KindInvalid, "tailing %d log groups: between 1 and %d can be followed at once", n,
				tailGroups))
			return
		}
		stream, err := open(ctx, api, session)
		if err != nil {
			yield(Line{}, fmt.Errorf("starting a live tail: %w", err))
			return
		}
		defer stream.Close()
		follow(ctx, stream, yield)
	}
}

func open(ctx context.Context, api TailAPI, session TailSession) (*cloudwatchlogs.StartLiveTailEventStream, error) {
	in := &cloudwatchlogs.StartLiveTailInput{
		LogGroupIdentifiers: session.GroupARNs, LogStreamNames: session.Streams,
		LogStreamNamePrefixes: session.StreamPrefixes,
	}
	if session.Pattern != "" {
		in.LogEventFilterPattern = aws.String(session.Pattern)
	}
	out, err := api.StartLiveTail(ctx, in)
	if err != nil {
		return nil, err
	}
	if fake, ok := api.(streamer); ok {
		return fake.Stream(out), nil
	}
	return out.GetStream(), nil
}

func follow(ctx context.Context, stream *cloudwatchlogs.StartLiveTailEventStream, yield func(Line, error) bool) {
	for {
		select {
		case <-ctx.Done():
			yield(Line{}, diag.Cause(ctx))
			return
		case event, more := <-stream.Events():
			if !more {
				if err := stream.Err(); err != nil {
					yield(Line{}, fmt.Errorf("following log groups: %w", err))
				}
				return
			}
			if update, ok := event.(*types.StartLiveTailResponseStreamMemberSessionUpdate); ok && !pass(update.Value, yield) {
				return
			}
		}
	}
}

// pass hands the lines of an update on and reports whether the caller wants more.
func pass(update types.LiveTailSessionUpdate, yield func(Line, error) bool) bool {
	for _, e := range update.SessionResults {
		if !yield(Line{At: millis(e.Timestamp), Stream: aws.ToString(e.LogStreamName), Text: aws.ToString(e.Message)}, nil) {
			return false
		}
	}
	if m := update.SessionMetadata; m != nil && m.Sampled {
		return yield(Line{}, diag.Errorf(diag.KindIncomplete, "following log groups: more than 500 lines a second, only a "+
			"sample is sent"))
	}
	return true
}
