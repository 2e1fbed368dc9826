package logs

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

const (
	// slowRequest is from when on people notice that a request takes long.
	slowRequest = time.Second
	// enoughSlow is how many slow requests are worth a word, and slowShare which part of all makes them trouble.
	enoughSlow = 5
	slowShare  = 0.05
	// slowPaths is how many paths a finding names.
	slowPaths = 3
)

// longLived are the paths of requests that stay open by design: web sockets, event streams, long polling.
var longLived = regexp.MustCompile(`(?i)/(?:socket\.io|sockjs|ws|wss|websocket|cable|hubs?|signalr|stream|sse|` +
	`events?|poll|longpoll|subscribe|watch)(?:/|$)`)

// SlowRequests reports requests that the program's own access log tells to have taken long. It belongs to questions
// about slowness: in [RequestChecks], not in [GroupChecks].
var SlowRequests = &diag.Check[*Group]{
	Info: diag.Info{
		Code: "logs.slow-requests", Title: "Requests take long by the program's own log",
		Doc: "The access log of the program tells that requests took longer than people bear, and which. Requests that " +
			"stay open by design and health checks are left out.",
		Severity: diag.SeverityWarning, Confidence: diag.Likely, Actions: []string{filterAction},
		Breaks: []diag.Mechanism{diag.Request},
		Needs: []diag.Mechanism{diag.DBServe, diag.DBAccept, diag.Application, diag.NetworkPath, diag.NameResolution,
			diag.HostRun, diag.TaskCount},
		Limits: limits + " Only lines that tell how long a request took count.",
		Source: "Apache HTTP Server documentation, mod_log_config; nginx documentation, $request_time",
	},
	Run: func(ctx context.Context, g *Group) ([]diag.Finding, error) {
		requests, err := g.Requests(ctx)
		timed := slices.DeleteFunc(slices.Clone(requests), func(r Request) bool {
			return r.Took <= 0 || r.Checker || r.Status == 101 || longLived.MatchString(r.Path) || wellKnown.MatchString(r.Path)
		})
		slow := Slow(timed, slowRequest)
		if len(slow) < enoughSlow {
			return nil, missingIsSilent(err)
		}
		return []diag.Finding{g.slowFinding(timed, slow)}, err
	},
}

func (g *Group) slowFinding(timed, slow []Request) diag.Finding {
	times := make([]time.Time, len(slow))
	for i, r := range slow {
		times[i] = r.At
	}
	slices.SortFunc(times, time.Time.Compare)
	onset := FindOnset(times, g.window)
	f := diag.Finding{
		Severity: diag.SeverityInfo, Since: onset.Since, SinceAtLeast: onset.AtLeast,
		Summary: fmt.Sprintf("%d of %s in the log %s took %s or longer, up to %s; most of them %s", len(slow),
			words.Count(len(timed), "request"), g.name, words.Span(slowRequest), words.Span(slow[0].Took),
			strings.Join(slowest(slow), ", ")),
		Evidence: []diag.Evidence{
			{Source: filterAction, Field: "slowest request, in stream " + slow[0].Stream, Value: slow[0].Text, At: slow[0].At},
			{Source: filterAction, Field: "middle one of the slow requests, in stream " + slow[len(slow)/2].Stream,
				Value: slow[len(slow)/2].Text, At: slow[len(slow)/2].At},
		},
		NextSteps: []diag.Step{{
			Text: "See what these requests wait for: a database, another service, a lock. If all paths are slow at once, look " +
				"at processor and memory first.",
		}},
	}
	if float64(len(slow)) >= slowShare*float64(len(timed)) {
		f.Severity = diag.SeverityWarning
	}
	return f
}

// slowest names the paths of the most slow requests, with how many they are: "GET /report (12)".
func slowest(slow []Request) []string {
	count := map[string]int{}
	var names []string
	for _, r := range slow {
		name := r.Method + " " + Template(r.Path)
		if count[name]++; count[name] == 1 {
			names = append(names, name)
		}
	}
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(count[b], count[a]) })
	names = names[:min(len(names), slowPaths)]
	for i, name := range names {
		names[i] = fmt.Sprintf("%s (%d)", name, count[name])
	}
	return names
}
