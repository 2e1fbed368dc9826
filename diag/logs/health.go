package logs

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

// wellKnown are the paths that health checks ask for by custom (Kubernetes, Spring Boot Actuator, Rails, ASP.NET).
var wellKnown = regexp.MustCompile(`^/(?:[\w-]+/){0,2}_?(?:health|healthz|healthcheck|health[_-]check|` +
	`healthy|heartbeat|livez?|liveness|readyz?|readiness|alive|ping|up|status|lbheartbeat)(?:/(?:live|` +
	`ready|liveness|readiness))?/?$`)

// HealthRequests returns the requests of health checkers: those with the user agent of a load balancer, those for the
// path of [WithHealthPath], and, if there are neither, those for paths that health checks use by custom.
func (g *Group) HealthRequests(ctx context.Context) ([]Request, error) {
	requests, err := g.Requests(ctx)
	known := slices.DeleteFunc(slices.Clone(requests), func(r Request) bool {
		return !r.Checker &&
			(g.healthPath == "" || r.Path != g.healthPath)
	})
	if len(known) > 0 || g.healthPath != "" {
		return known, err
	}
	return slices.DeleteFunc(slices.Clone(requests), func(r Request) bool {
		return (r.Method != "GET" && r.Method != "HEAD") || !wellKnown.MatchString(r.Path)
	}), err
}

// enoughChecks is how many health-check requests of one stream must fail, and all of them, before it is told: one may
// come before the program is ready.
const enoughChecks = 2

// HealthCheckNotFound reports tasks that answer the health check with 404 or another client error.
var HealthCheckNotFound = healthCheck("logs.health-check-not-found", "Health check path refused",
	"The program answers the health checker with a client error, most often 404: the path of the health check is not "+
		"one that it serves.",
	400, 499, "See which path the program serves for health checks, and set the target group or the program to it.")

// HealthCheckError reports tasks that answer the health check with a server error.
var HealthCheckError = healthCheck("logs.health-check-error", "Health check answered with an error",
	"The program answers the health checker with a server error: it is up and says that it is not well.",
	500, 599, "Look for errors that the same tasks log.")

func healthCheck(code diag.Code, title, doc string, low, high int, advice string) *diag.Check[*Group] {
	return &diag.Check[*Group]{
		Info: diag.Info{
			Code: code, Title: title, Doc: doc, Severity: diag.SeverityWarning, Confidence: diag.Likely,
			Actions: []string{filterAction}, Limits: limits,
			Breaks: []diag.Mechanism{diag.HealthCheck}, Needs: []diag.Mechanism{diag.HealthCheck, diag.Application,
				diag.DBServe, diag.DBAccept},
			Source: "Health checks for your target groups, User Guide for Application Load Balancers",
		},
		Run: func(ctx context.Context, g *Group) ([]diag.Finding, error) {
			requests, err := g.HealthRequests(ctx)
			failing := failingStreams(requests, low, high)
			if len(failing) == 0 {
				return nil, missingIsSilent(err)
			}
			return []diag.Finding{g.healthFinding(failing, advice)}, err
		},
	}
}

// failingStreams returns the failed requests of the streams in which every health check failed with such a status.
func failingStreams(requests []Request, low, high int) []Request {
	failed, other := map[string]int{}, map[string]bool{}
	for _, r := range requests {
		if r.Status >= low && r.Status <= high {
			failed[r.Stream]++
		} else {
			other[r.Stream] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(requests), func(r Request) bool {
		return other[r.Stream] ||
			failed[r.Stream] < enoughChecks
	})
}

func (g *Group) healthFinding(failed []Request, advice string) diag.Finding {
	first, last := failed[0], failed[len(failed)-1]
	t := Tally{}
	for _, r := range failed {
		t.Hits = append(t.Hits, Hit{Entry: Entry{At: r.At, Stream: r.Stream, Text: r.Text, Lines: 1}})
	}
	confidence := diag.Likely
	if first.Checker || g.healthPath != "" {
		confidence = diag.Certain
	}
	return diag.Finding{
		Confidence: confidence,
		Summary: fmt.Sprintf(
			"health checks of %s are answered with %d: %d times by %s of the log %s, from %s to %s", first.Path, first.Status,
			len(failed), words.Count(len(t.Streams()), "stream"), g.name, clock(first.At), clock(last.At)),
		Evidence: g.evidence(t), Related: t.tasks(g.Resource()), Since: first.At,
		NextSteps: []diag.Step{{Text: advice}},
	}
}

const (
	// regularChecks is how many health-check requests make a habit.
	regularChecks = 3
	// missedChecks is how many of their intervals must pass in silence before they are taken to have stopped.
	missedChecks = 5
	// shortestPause bounds that from below: the longest interval of a health check is five minutes
	// ("HealthCheckIntervalSeconds").
	shortestPause = 5 * time.Minute
)

// NoHealthCheckRequests reports that health-check requests were logged and are no more, while the program goes on: the
// load balancer does not reach it, or does not ask.
var NoHealthCheckRequests = &diag.Check[*Group]{
	Info: diag.Info{
		Code: "logs.no-health-check-requests", Title: "No more health-check requests",
		Doc: "Health-check requests were logged at regular times and then no more, while other lines still come. " +
			"The load balancer no longer reaches the program, or no longer asks.",
		Severity: diag.SeverityInfo, Confidence: diag.Possible, Actions: []string{filterAction}, Limits: limits,
		Needs:  []diag.Mechanism{diag.NetworkPath, diag.TargetReachable},
		Source: "Health checks for your target groups, User Guide for Application Load Balancers",
	},
	Run: func(ctx context.Context, g *Group) ([]diag.Finding, error) {
		requests, err := g.HealthRequests(ctx)
		reading, _ := g.Reading(ctx)
		if len(requests) < regularChecks || reading == nil {
			return nil, missingIsSilent(err)
		}
		last, line := requests[len(requests)-1], reading.Lines[len(reading.Lines)-1]
		pause := max(shortestPause, missedChecks*longestGap(requests))
		if line.At.Sub(last.At) < pause {
			return nil, err
		}
		return []diag.Finding{{
			Summary: fmt.Sprintf(
				"no health-check request in the log %s since %s, %d before; other lines came until "+
					"%s", g.name, clock(last.At), len(requests), clock(line.At)),
			Evidence: []diag.Evidence{
				{Source: filterAction, Field: "last health-check request, in stream " + last.Stream, Value: last.Text, At: last.At},
				{Source: filterAction, Field: "last event, in stream " + line.Stream, Value: line.Text, At: line.At},
			},
			Since: last.At,
		}}, err
	},
}

func longestGap(requests []Request) time.Duration {
	var longest time.Duration
	for i := 1; i < len(requests); i++ {
		longest = max(longest, requests[i].At.Sub(requests[i-1].At))
	}
	return longest
}
