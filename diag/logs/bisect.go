package logs

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"github.com/awsdiag/awsdiag/diag"
)

const (
	// bisectCalls is the most FilterLogEvents that finding a first occurrence makes.
	bisectCalls = 16
	// bisectPages is how many pages one question may take: AWS answers with empty pages while it searches a long span.
	bisectPages = 4
)

// FirstOccurrence finds the first line since a time that holds a term, for a trouble that reaches back beyond the
// window. AWS searches a long span in pages that may be empty; a span that it does not get through in four is halved,
// and its first half searched before its second. It makes at most sixteen calls. A term that is not there gives an
// error
// of [diag.KindNotFound], a search that did not get to an answer one of [diag.KindIncomplete].
func (g *Group) FirstOccurrence(ctx context.Context, term string, since time.Time) (Line, error) {
	s := search{g: g, pattern: `"` + term + `"`}
	for spans := []diag.Window{{Start: since, End: g.window.End}}; len(spans) > 0; {
		if s.calls+bisectPages > bisectCalls {
			return Line{}, diag.Errorf(diag.KindIncomplete, "looking for the first %q in log group %s: not found in %d "+
				"calls", term, g.name, s.calls)
		}
		span := spans[0]
		found, complete, err := s.first(ctx, span)
		switch {
		case err != nil || found != (Line{}):
			return found, err
		case complete || span.Duration() < 2*time.Millisecond:
			spans = spans[1:]
		default:
			middle := span.Start.Add(span.Duration() / 2).Truncate(time.Millisecond)
			spans = append([]diag.Window{{Start: span.Start, End: middle}, {Start: middle, End: span.End}}, spans[1:]...)
		}
	}
	return Line{}, diag.Errorf(diag.KindNotFound, "looking for the first %q in log group %s: none since %s", term,
		g.name, since.UTC().Format(time.RFC3339))
}

// search asks for the first line of a span, and counts its calls.
type search struct {
	g       *Group
	pattern string
	calls   int
}

// first returns the first line of a span, oldest first, and whether the span was searched up to it or to its end.
func (s *search) first(ctx context.Context, span diag.Window) (Line, bool, error) {
	in := &cloudwatchlogs.FilterLogEventsInput{
		LogGroupName: aws.String(s.g.name), FilterPattern: aws.String(s.pattern), Limit: aws.Int32(1),
		StartTime: aws.Int64(span.Start.UnixMilli()), EndTime: aws.Int64(span.End.UnixMilli() - 1),
		StartFromHead: aws.Bool(true),
	}
	if len(s.g.prefixes) == 1 {
		in.LogStreamNamePrefix = aws.String(s.g.prefixes[0])
	}
	for range bisectPages {
		if err := s.g.pacer.Wait(ctx); err != nil {
			return Line{}, false, err
		}
		s.calls++
		out, err := s.g.api.FilterLogEvents(ctx, in)
		if err != nil {
			return Line{}, false, fmt.Errorf("looking for the first %s in log group %s: %w", s.pattern, s.g.name, err)
		}
		if len(out.Events) > 0 {
			return lineOf(out.Events[0]), true, nil
		}
		if aws.ToString(out.NextToken) == "" {
			return Line{}, true, nil
		}
		in.NextToken = out.NextToken
	}
	return Line{}, false, nil
}
