package logs

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/awsdiag/awsdiag/diag"
)

// Line is one log event.
type Line struct {
	At     time.Time
	Stream string
	// ID is the event's id; empty where AWS gave none.
	ID   string
	Text string
}

// Reading is what was read of a group.
type Reading struct {
	// Lines are sorted by time.
	Lines []Line
	// Seen is the span in which every line was read. Before it, only lines that the filter pattern lets through were.
	Seen diag.Window
	// Complete tells that no limit cut the reading short. If not, nothing is known of the time before Known.
	Complete bool
	Known    time.Time
	// Calls is the number of FilterLogEvents calls made.
	Calls int
}

// Reading reads the window: plainly and newest first for half of the calls that it may make, which gives the whole of
// a quiet group in one call, then the rest through [FilterPattern], newest first. What it could not read within its
// limits is told by an error of [diag.KindIncomplete] beside the part that it read.
func (g *Group) Reading(ctx context.Context) (*Reading, error) {
	return g.reading.Get(ctx, func(ctx context.Context) (*Reading, error) {
		r := &Reading{Seen: g.window, Complete: true, Known: g.window.Start}
		selections := g.selections()
		for i, s := range selections {
			reader := reader{g: g, selection: s, calls: max(2, (g.maxCalls-r.Calls)/(len(selections)-i)),
				events: g.maxEvents - len(r.Lines)}
			err := reader.read(ctx)
			r.add(&reader)
			if err != nil {
				r.sort()
				return r, fmt.Errorf("reading log group %s: %w", g.name, err)
			}
		}
		r.sort()
		if !r.Complete {
			return r, diag.Errorf(diag.KindIncomplete, "reading log group %s: %d events read in %d calls, nothing known "+
				"before %s",
				g.name, len(r.Lines), r.Calls, r.Known.Format(time.RFC3339))
		}
		return r, nil
	})
}

func (r *Reading) add(from *reader) {
	r.Lines = append(r.Lines, from.lines...)
	r.Calls += from.made
	if from.seen.After(r.Seen.Start) {
		r.Seen.Start = from.seen
	}
	if from.known.After(r.Known) {
		r.Known = from.known
		r.Complete = false
	}
}

func (r *Reading) sort() {
	slices.SortStableFunc(r.Lines, func(a, b Line) int { return a.At.Compare(b.At) })
}

// selection is the part of a group that one FilterLogEvents can name: a prefix or up to a hundred streams, not both.
type selection struct {
	prefix string
	names  []string
}

func (g *Group) selections() []selection {
	var all []selection
	for _, p := range g.prefixes {
		all = append(all, selection{prefix: p})
	}
	for names := range slices.Chunk(g.streams, namesLimit) {
		all = append(all, selection{names: names})
	}
	if len(all) == 0 {
		all = append(all, selection{})
	}
	return all
}

// reader reads one selection.
type reader struct {
	g         *Group
	selection selection
	calls     int // that it may make
	events    int // that it may keep
	made      int
	lines     []Line
	seen      time.Time // from here on every line was read
	known     time.Time // from here on every line that matters was read
}

func (r *reader) read(ctx context.Context) error {
	w := r.g.window
	r.seen, r.known = w.End, w.End
	plain, done, err := r.pages(ctx, w, "", r.calls/2)
	r.lines = plain
	if len(plain) > 0 {
		r.seen = plain[0].At
	}
	if done {
		r.seen = w.Start
	}
	r.known = r.seen
	if err != nil || done {
		return err
	}
	rest, done, err := r.pages(ctx, diag.Window{Start: w.Start, End: r.seen.Add(time.Millisecond)}, FilterPattern, r.calls)
	if len(rest) > 0 {
		r.known = rest[0].At
	}
	if done {
		r.known = w.Start
	}
	r.lines = append(r.without(rest), r.lines...)
	return err
}

// without returns the lines that were not read before: both readings hold the millisecond at which they meet.
func (r *reader) without(rest []Line) []Line {
	seen := map[Line]bool{}
	for _, l := range r.lines {
		if l.At.After(r.seen) {
			break
		}
		seen[l] = true
	}
	return slices.DeleteFunc(rest, func(l Line) bool { return seen[l] })
}

// pages reads a window newest first, until it ends or the calls made reach limit. It returns the lines oldest first,
// and whether the window was read to its start.
func (r *reader) pages(ctx context.Context, w diag.Window, pattern string, limit int) (lines []Line, done bool,
	err error) {
	in := &cloudwatchlogs.FilterLogEventsInput{
		LogGroupName: aws.String(r.g.name), StartTime: aws.Int64(w.Start.UnixMilli()),
		EndTime: aws.Int64(w.End.UnixMilli() - 1), StartFromHead: aws.Bool(false), LogStreamNames: r.selection.names,
	}
	if r.selection.prefix != "" {
		in.LogStreamNamePrefix = aws.String(r.selection.prefix)
	}
	if pattern != "" {
		in.FilterPattern = aws.String(pattern)
	}
	for r.made < limit && len(lines)+len(r.lines) < r.events {
		out, err := r.call(ctx, in)
		if err != nil {
			return oldestFirst(lines), false, err
		}
		for _, e := range out.Events {
			lines = append(lines, lineOf(e))
		}
		if aws.ToString(out.NextToken) == "" {
			return oldestFirst(lines), true, nil
		}
		in.NextToken = out.NextToken
	}
	return oldestFirst(lines), false, nil
}

func (r *reader) call(ctx context.Context,
	in *cloudwatchlogs.FilterLogEventsInput) (*cloudwatchlogs.FilterLogEventsOutput, error) {
	if err := r.g.pacer.Wait(ctx); err != nil {
		return nil, err
	}
	r.made++
	return r.g.api.FilterLogEvents(ctx, in)
}

func lineOf(e types.FilteredLogEvent) Line {
	return Line{At: millis(e.Timestamp), Stream: aws.ToString(e.LogStreamName), ID: aws.ToString(e.EventId),
		Text: aws.ToString(e.Message)}
}

// oldestFirst turns lines round that came newest first. A server that does not know startFromHead sends them oldest
// first, and they stay.
func oldestFirst(lines []Line) []Line {
	if len(lines) > 1 && lines[0].At.After(lines[len(lines)-1].At) {
		slices.Reverse(lines)
	}
	return lines
}
