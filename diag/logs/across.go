package logs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/awsdiag/awsdiag/diag"
)

// Mention is a line of some group that names a request.
type Mention struct {
	Line
	Group diag.Resource
}

// searchCalls is how many FilterLogEvents a search makes in one group: a request leaves few lines, but AWS may answer
// with empty pages while it searches.
const searchCalls = 10

// Search returns the lines of the window that hold a term, which is looked for as a quoted term of a filter pattern:
// case-sensitively. Lines come oldest first. What the limit of calls left out is told by an error of
// [diag.KindIncomplete] beside the part that was found.
func (g *Group) Search(ctx context.Context, term string) ([]Line, error) {
	if strings.ContainsAny(term, "\"\n") || strings.TrimSpace(term) == "" || len(term) > patternLimit-2 {
		return nil, diag.Errorf(diag.KindInvalid, "searching log group %s: a term must hold between 1 and %d characters, "+
			"no quotes or line breaks", g.name, patternLimit-2)
	}
	var found []Line
	for _, s := range g.selections() {
		r := reader{g: g, selection: s, events: g.maxEvents}
		lines, done, err := r.pages(ctx, g.window, `"`+term+`"`, searchCalls)
		found = append(found, lines...)
		if err != nil {
			return found, fmt.Errorf("searching log group %s: %w", g.name, err)
		}
		if !done {
			return found, diag.Errorf(diag.KindIncomplete, "searching log group %s: not done after %d calls", g.name,
				searchCalls)
		}
	}
	slices.SortStableFunc(found, func(a, b Line) int { return a.At.Compare(b.At) })
	return found, nil
}

// TraceRequest follows a request, by an id that programs log, through several groups: all lines that name it, in the
// order of time. Groups are searched side by side; where one fails, the rest is returned beside the error.
func TraceRequest(ctx context.Context, id string, groups ...*Group) ([]Mention, error) {
	found := make([][]Line, len(groups))
	errs := make([]error, len(groups))
	var wait sync.WaitGroup
	for i, g := range groups {
		wait.Go(func() { found[i], errs[i] = g.Search(ctx, id) })
	}
	wait.Wait()
	var mentions []Mention
	for i, g := range groups {
		for _, l := range found[i] {
			mentions = append(mentions, Mention{Line: l, Group: g.Resource()})
		}
	}
	slices.SortStableFunc(mentions, func(a, b Mention) int { return a.At.Compare(b.At) })
	return mentions, errors.Join(errs...)
}

// requestID finds the ids that common loggers and AWS write.
var requestID = regexp.MustCompile(`(?:"?(?:req(?:uest)?_?-?[iI]d|RequestId|trace_?[iI]d|correlation_?-?[iI]d|` +
	`x-request-id)"?\s*[=:]\s*"?|Root=)([\w-]{6,64})|\b([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\b`)

// RequestID returns the request or trace id that a line names, "" if it names none.
func RequestID(text string) string {
	m := requestID.FindStringSubmatch(text)
	if m == nil {
		return ""
	}
	return cmp.Or(m[1], m[2])
}
