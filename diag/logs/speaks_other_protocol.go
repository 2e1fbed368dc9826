package logs

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

// What servers write when a client speaks the other protocol: the first bytes of a TLS handshake (22, 3, 1: "The
// Transport Layer Security (TLS) Protocol Version 1.3", RFC 8446, 5.1) where they expect a request line, or a request
// line where they expect a handshake.
var (
	tlsToPlain = regexp.MustCompile(`(?i)\\?x16\\?x03\\?x0[0-4]|\\u0016\\u0003\\u000?[0-4]|0x16 ?0x03 ?0x0[0-4]|` +
		`\\16\\3\\[0-4]|illegal character (?:CNTL=)?0x16|ssl connection to a non-ssl|unsupported ssl request|` +
		`over https, but it only supports http|https request (?:sent )?(?:to|on) (?:an? )?http (?:port|server)`)
	plainToTLS = regexp.MustCompile(`(?i)client sent an http request to an https server|` +
		`plain http request was sent to (?:an? )?(?:https|ssl)|not an ssl/tls record|` +
		`unsupported or unrecognized ssl message|\bssl: http_request\b|ssl routines:[^ ]*:http request|` +
		`plaintext connection\?|http request (?:sent )?(?:to|on) (?:an? )?https port|wrong version number.*\baccept`)
)

// Speaks is what a line says of the protocol that a client spoke to a server.
type Speaks string

// What a server was spoken to in; empty if a line says nothing of the kind.
const (
	TLSToPlain Speaks = "TLS, and speaks plain HTTP"
	PlainToTLS Speaks = "plain HTTP, and speaks TLS"
)

// ParseSpeaks reads a line in which a server complains of the protocol that is spoken to it.
func ParseSpeaks(text string) Speaks {
	switch {
	case tlsToPlain.MatchString(text):
		return TLSToPlain
	case plainToTLS.MatchString(text):
		return PlainToTLS
	}
	return ""
}

// fewMisspoken is how many such lines are more than what scanners send.
const fewMisspoken = 3

// SpeaksOtherProtocol finds programs that load balancers do not reach, since one speaks TLS and the other plain HTTP.
var SpeaksOtherProtocol = &diag.Check[*Listening]{
	Info: diag.Info{
		Code: "logs.speaks-other-protocol", Title: "Program and load balancer speak different protocols",
		Doc: "A load balancer gets no answer from the program that it can read, and the program says that it is spoken to " +
			"in TLS and speaks plain HTTP, or the other way round. The protocol of the target group or of its health " +
			"check, and that of the program, do not fit.",
		Severity: diag.SeverityWarning, Confidence: diag.Likely, Actions: []string{filterAction},
		Breaks: []diag.Mechanism{diag.Application, diag.TargetReachable, diag.HealthCheck},
		Limits: limits + " It asks only where targets fail their health checks for want of an answer; many programs drop " +
			"such connections and write nothing.",
		Source: "Elastic Load Balancing User Guide, troubleshoot your Application Load Balancers",
	},
	Run: func(ctx context.Context, l *Listening) ([]diag.Finding, error) {
		ports, err := l.wanted(ctx)
		if len(ports) == 0 {
			return nil, err
		}
		reading, readErr := l.group.Reading(ctx)
		if err == nil {
			err = missingIsSilent(readErr)
		}
		said := map[Speaks]*Tally{TLSToPlain: {}, PlainToTLS: {}}
		if reading != nil {
			for _, line := range reading.Lines {
				if t := said[ParseSpeaks(line.Text)]; t != nil && strings.HasPrefix(line.Stream, l.streams) {
					t.Hits = append(t.Hits, Hit{Entry: Entry{At: line.At, Stream: line.Stream, Text: line.Text, Lines: 1}})
				}
			}
		}
		var findings []diag.Finding
		for _, speaks := range []Speaks{TLSToPlain, PlainToTLS} {
			if t := said[speaks]; len(t.Hits) >= fewMisspoken {
				findings = append(findings, l.misspoken(speaks, *t, ports))
			}
		}
		return findings, err
	},
}

func (l *Listening) misspoken(speaks Speaks, t Tally, ports []int) diag.Finding {
	first, last := t.Hits[0], t.Hits[len(t.Hits)-1]
	other := "HTTP"
	if speaks == PlainToTLS {
		other = "HTTPS"
	}
	slices.Sort(ports)
	return diag.Finding{
		Resource: l.group.Resource(),
		Since:    first.At, SinceAtLeast: first.At.Sub(l.group.window.Start) < time.Minute,
		Summary: fmt.Sprintf("the program is spoken to in %s: %s of the log %s say so, the last at %s, and load balancers "+
			"get no answer on port %s", speaks, words.Count(len(t.Hits), "line"), l.group.name, clock(last.At),
			strings.Trim(fmt.Sprint(ports), "[]")),
		Evidence: l.group.evidence(t), Related: t.tasks(l.group.Resource()),
		NextSteps: []diag.Step{{Text: fmt.Sprintf("Let the target group and its health check speak %s to the program. The "+
			"protocol of a target group cannot be changed: make another one, and let the service and the rules use it.",
			other), Changes: true}},
	}
}
