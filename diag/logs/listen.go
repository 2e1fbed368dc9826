package logs

import (
	"context"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

// Bind is what a program said when it began to listen.
type Bind struct {
	Line Line
	// Host is an address, "localhost" or "*", and empty where the line tells a port only.
	Host string
	// Port is zero where the line tells none.
	Port int
}

// Loopback reports a host that only programs of the same network namespace reach: of the same task, as a rule.
func (b Bind) Loopback() bool {
	if b.Named() {
		return true
	}
	address, err := netip.ParseAddr(b.Host)
	return err == nil && address.IsLoopback()
}

// Named reports the name localhost. Many programs say it for the reader's sake and listen on all addresses.
func (b Bind) Named() bool { return strings.EqualFold(b.Host, "localhost") }

// says are the words with which servers tell that they listen. Those of clients, which tell where they connect to or
// fail to, rule a line out: both name hosts and ports.
var (
	saysListening = regexp.MustCompile(`(?i)\b(?:listen(?:s|ing|er)?|running (?:on|at)|serving|accepting connections|` +
		`bind(?:s|ing)?|bound|start(?:s|ed|ing)?|ready|(?:available|up|live|reachable) (?:on|at))\b`)
	saysClient = regexp.MustCompile(`(?i)\bconnect(?:s|ed|ing)?\b|\bconnection (?:to|from|with)\b|refus|fail|\berror\b|` +
		`unable|cannot|could ?n[o']t|timed? ?out|already in use|EADDR|ECONN|upstream|forward|tunnel|retry|waiting for|` +
		`"(?:GET|HEAD|POST|PUT|DELETE|PATCH|OPTIONS) `)
	hostAndPort = regexp.MustCompile(`(?i)(\[[0-9a-f:.]+\]|::1\b|\b\d{1,3}(?:\.\d{1,3}){3}\b|\blocalhost\b|\*|:::?|\s:)` +
		`(?:[:/,]?(\d{2,5})\b|["',;)]{0,3}\s*(?:on )?["']?port["']?\s*[:=(]?\s*["']?(\d{2,5})\b)?`)
)

// ParseBind reads a line in which a server tells where it listens, such as "Listening at: http://127.0.0.1:8000" or
// {"msg":"listening","host":"::1","port":8080}.
func ParseBind(line Line) (Bind, bool) {
	if !saysListening.MatchString(line.Text) || saysClient.MatchString(line.Text) {
		return Bind{}, false
	}
	for _, m := range hostAndPort.FindAllStringSubmatch(line.Text, -1) {
		b := Bind{Line: line, Host: strings.Trim(m[1], "[]")}
		b.Port, _ = strconv.Atoi(m[2] + m[3])
		if strings.Trim(b.Host, ":* \t") == "" {
			if b.Port == 0 {
				continue // a colon or star of another meaning
			}
			b.Host = "*"
		}
		if _, err := netip.ParseAddr(b.Host); err == nil || b.Named() || b.Host == "*" {
			return b, true
		}
	}
	return parsePort(line)
}

// Listening is a log in which to look where programs listen, and the ports on which others try to reach them in vain.
type Listening struct {
	group   *Group
	streams string
	wanted  func(context.Context) ([]int, error)
}

var _ diag.Subject = (*Listening)(nil)

// NewListening makes the question where the programs listen whose streams have a prefix, such as "web/app/". wanted
// returns the ports on which load balancers cannot reach them; where there are none, the log is not read.
func NewListening(group *Group, prefix string, wanted func(context.Context) ([]int, error)) *Listening {
	return &Listening{group: group, streams: prefix, wanted: wanted}
}

// typeStream is the CloudFormation type of a log stream.
const typeStream = "AWS::Logs::LogStream"

// Resource names the streams, as "group:prefix"; findings are about their group.
func (l *Listening) Resource() diag.Resource {
	return diag.Resource{Type: typeStream, ID: l.group.name + ":" + l.streams}
}

// Binds returns where programs said they listen, oldest first.
func (l *Listening) Binds(ctx context.Context) ([]Bind, error) {
	reading, err := l.group.Reading(ctx)
	if reading == nil {
		return nil, missingIsSilent(err)
	}
	var binds []Bind
	for _, line := range reading.Lines {
		if !strings.HasPrefix(line.Stream, l.streams) {
			continue
		}
		if b, ok := ParseBind(line); ok {
			binds = append(binds, b)
		}
	}
	return binds, missingIsSilent(err)
}

// heard returns the ports on which the program is not reached, and what it says that it listens on. Where there is no
// such port its log is not read.
func (l *Listening) heard(ctx context.Context) ([]int, []Bind, error) {
	ports, err := l.wanted(ctx)
	if len(ports) == 0 {
		return nil, nil, err
	}
	binds, readErr := l.Binds(ctx)
	if err == nil {
		err = readErr
	}
	return ports, binds, err
}

// ListeningChecks returns the checks on where programs listen.
func ListeningChecks() []*diag.Check[*Listening] {
	return []*diag.Check[*Listening]{ListensOnLoopback, ListensOnOtherPort, SpeaksOtherProtocol}
}

// ListensOnLoopback finds programs that load balancers cannot reach, since they listen on the loopback address.
var ListensOnLoopback = &diag.Check[*Listening]{
	Info: diag.Info{
		Code: "logs.listens-on-loopback", Title: "Program listens on the loopback address only",
		Doc: "A load balancer does not reach the program on its port, and the program says that it listens on the " +
			"loopback address (127.0.0.1, ::1, localhost) of that port: only programs of the same task can connect. " +
			"Where a program names localhost it may mean all addresses, so that this is a guess then. One that has run for " +
			"half an hour since must have been reached.",
		Severity: diag.SeverityWarning, Confidence: diag.Likely, Actions: []string{filterAction},
		Breaks: []diag.Mechanism{diag.Application, diag.TargetReachable, diag.HealthCheck},
		Limits: limits + " It asks only where targets fail their health checks for want of an answer.",
		Source: "RFC 1122, 3.2.1.3 (g): a loopback address must not appear outside a host",
	},
	Run: func(ctx context.Context, l *Listening) ([]diag.Finding, error) {
		ports, binds, err := l.heard(ctx)
		found := closed(binds, ports)
		if len(found) == 0 || slices.ContainsFunc(found, func(b Bind) bool { return l.outlived(ctx, b) }) {
			return nil, err
		}
		return []diag.Finding{l.finding(found)}, err
	},
}

// served is how long a program must go on after it began to listen to have been reached: Amazon ECS replaces a task
// that
// never passes its health checks soon after the grace period, which is some minutes as a rule.
const served = 30 * time.Minute

// outlived reports a program that has logged for so long since that somebody must reach it: then what it says of
// where it
// listens proves nothing of others that say the same. The reading is at hand, and its error was told.
func (l *Listening) outlived(ctx context.Context, b Bind) bool {
	reading, _ := l.group.Reading(ctx)
	return reading != nil && slices.ContainsFunc(reading.Lines, func(line Line) bool {
		return line.Stream == b.Line.Stream && line.At.Sub(b.Line.At) > served
	})
}

// closed returns the loopback binds on the ports of those streams that listen on nothing else there. The newest stream
// decides: what an older task did is mended.
func closed(binds []Bind, ports []int) []Bind {
	open := map[string]bool{}
	var newest Bind
	for _, b := range binds {
		on := b.Port == 0 || slices.Contains(ports, b.Port)
		if on && b.Host != "" && !b.Loopback() {
			open[b.Line.Stream] = true
		}
		if on {
			newest = b
		}
	}
	if open[newest.Line.Stream] {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(binds), func(b Bind) bool {
		return open[b.Line.Stream] || !b.Loopback() || !slices.Contains(ports, b.Port)
	})
}

func (l *Listening) finding(found []Bind) diag.Finding {
	first, last := found[0], found[len(found)-1]
	t := Tally{}
	for _, b := range found {
		t.Hits = append(t.Hits, Hit{Entry: Entry{At: b.Line.At, Stream: b.Line.Stream, Text: b.Line.Text, Lines: 1}})
	}
	f := diag.Finding{
		Resource: l.group.Resource(),
		Since:    first.Line.At, SinceAtLeast: first.Line.At.Sub(l.group.window.Start) < time.Minute,
		Summary: fmt.Sprintf("the program listens on %s, the loopback address, and is not reached from outside its task on "+
			"port %d: %s of the log %s say so, the last at %s", last.Host, last.Port, words.Count(len(t.Streams()), "stream"),
			l.group.name, clock(last.Line.At)),
		Evidence: l.group.evidence(t), Related: t.tasks(l.group.Resource()),
		NextSteps: []diag.Step{{Text: "Let the program listen on all addresses (0.0.0.0 or ::), by its flag or " +
			"variable for the host to bind to, such as --host 0.0.0.0.", Changes: true}},
	}
	if last.Named() {
		f.Confidence = diag.Possible
	}
	return f
}
