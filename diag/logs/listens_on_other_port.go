package logs

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

// portOnly reads the port of a line that names no host, as "Tomcat started on port 8080 (http)" or {"port":3000}.
var portOnly = regexp.MustCompile(`(?i)(?:\bport(?:\(s\)|s)?["']?\s*[:=]?\s*["']?|\blistening (?:on|at) )(\d{2,5})\b`)

// besides are the words of ports that a program opens beside the one that it serves on.
var besides = regexp.MustCompile(`(?i)metric|admin|manage|debug|pprof|prometheus|inspect|probe|telemetry|jmx|rmi|` +
	`health|` +
	`actuator|statsd|worker|agent|sidecar|internal`)

// parsePort reads a line in which a server tells a port and no host.
func parsePort(line Line) (Bind, bool) {
	m := portOnly.FindStringSubmatch(line.Text)
	if m == nil {
		return Bind{}, false
	}
	port, err := strconv.Atoi(m[1])
	return Bind{Line: line, Port: port}, err == nil && port > 0 && port <= 65535
}

// ListensOnOtherPort finds programs that load balancers cannot reach, since they listen on another port.
var ListensOnOtherPort = &diag.Check[*Listening]{
	Info: diag.Info{
		Code: "logs.listens-on-other-port", Title: "Program listens on another port than the load balancer tries",
		Doc: "A load balancer does not reach the program on its port, and the program says that it listens on another port " +
			"and on none other. Likely where other tasks of the service said that they listen on the load balancer's port, " +
			"and " +
			"possible else: a proxy in the same container may stand before it. Ports for metrics, administration and " +
			"debugging do not count. A program that has run for half an hour since must have been reached.",
		Severity: diag.SeverityWarning, Confidence: diag.Possible, Actions: []string{filterAction},
		Breaks: []diag.Mechanism{diag.Application, diag.TargetReachable, diag.HealthCheck},
		Limits: limits + " It asks only where targets fail their health checks for want of an answer.",
		Source: "Elastic Load Balancing User Guide, troubleshoot your Application Load Balancers",
	},
	Run: func(ctx context.Context, l *Listening) ([]diag.Finding, error) {
		ports, binds, err := l.heard(ctx)
		found, served := elsewhere(binds, ports)
		if len(found) == 0 || slices.ContainsFunc(found, func(b Bind) bool { return l.outlived(ctx, b) }) {
			return nil, err
		}
		return []diag.Finding{l.elsewhereFinding(found, ports, served)}, err
	},
}

// elsewhere returns the binds of those streams that listen on other ports than the wanted ones only, and whether
// another
// stream listened on a wanted one. The newest stream decides, and one that leaves a port untold says nothing.
func elsewhere(binds []Bind, ports []int) (found []Bind, served bool) {
	open := map[string]bool{}
	var newest string
	binds = slices.DeleteFunc(slices.Clone(binds), func(b Bind) bool { return besides.MatchString(b.Line.Text) })
	for _, b := range binds {
		if b.Port == 0 || slices.Contains(ports, b.Port) {
			open[b.Line.Stream] = true
			served = served || b.Port != 0
		}
		newest = b.Line.Stream
	}
	if open[newest] {
		return nil, served
	}
	return slices.DeleteFunc(binds, func(b Bind) bool { return open[b.Line.Stream] || b.Loopback() }), served
}

func (l *Listening) elsewhereFinding(found []Bind, ports []int, served bool) diag.Finding {
	first, last := found[0], found[len(found)-1]
	t := Tally{}
	var wanted []string
	for _, b := range found {
		t.Hits = append(t.Hits, Hit{Entry: Entry{At: b.Line.At, Stream: b.Line.Stream, Text: b.Line.Text, Lines: 1}})
	}
	for _, p := range ports {
		wanted = append(wanted, strconv.Itoa(p))
	}
	f := diag.Finding{
		Resource: l.group.Resource(),
		Since:    first.Line.At, SinceAtLeast: first.Line.At.Sub(l.group.window.Start) < time.Minute,
		Summary: fmt.Sprintf("the program listens on port %d, and the load balancer tries port %s in vain: %s of the log %s "+
			"say so, the last at %s", last.Port, strings.Join(wanted, " and "), words.Count(len(t.Streams()), "stream"),
			l.group.name, clock(last.Line.At)),
		Evidence: l.group.evidence(t), Related: t.tasks(l.group.Resource()),
		NextSteps: []diag.Step{
			{Text: "Compare the port that the program listens on, by its flag or variable (often PORT), with the " +
				"container port of the task definition and the port of the target group."},
			{Text: "Let the program listen on the port of the target group, or change the container port and the load " +
				"balancer's port of the service with it.", Changes: true}},
	}
	if served {
		f.Confidence = diag.Likely
	}
	return f
}
