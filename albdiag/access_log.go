package albdiag

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

// AccessLogEntry is one line of an access log: one request, or one connection of a WebSocket ("Access logs for your
// Application Load Balancer", access log entries). A field that the load balancer wrote as "-" is empty or zero.
type AccessLogEntry struct {
	// Type is http, https, h2, grpcs, ws or wss.
	Type string
	// Time is when the answer was sent, Created when the request came.
	Time, Created time.Time
	// LoadBalancer is the "app/name/id" of the load balancer.
	LoadBalancer string
	// Client and Target are address and port. Target is empty if the request went to no target, or to a Lambda function.
	Client, Target string
	// RequestTime, TargetTime and ResponseTime are how long the load balancer took to send the request on, the target to
	// begin its answer, and the load balancer to pass it on. They are negative where that did not happen.
	RequestTime, TargetTime, ResponseTime time.Duration
	// Status is what the client got, TargetStatus what the target answered; zero if it did not.
	Status, TargetStatus                                     int
	ReceivedBytes, SentBytes                                 int64
	Request, UserAgent                                       string
	Cipher, Protocol                                         string
	TargetGroupARN, TraceID, Domain, CertificateARN          string
	RulePriority                                             string
	Actions                                                  []string
	RedirectURL, ErrorReason                                 string
	Targets, TargetStatuses                                  []string
	Classification, ClassificationReason, ConnectionID       string
	TransformedHost, TransformedURI, RequestTransformOutcome string
	// NodeIP is the address of the load balancer's node, the newest field.
	NodeIP netip.Addr
	// Extra are the fields at the end that this package does not know.
	Extra []string
}

// leastFields are the fields up to the user agent, which every version of the format has.
const leastFields = 14

// ParseAccessLogLine reads one line. A line that is no entry is an error of [diag.KindInvalid].
func ParseAccessLogLine(line string) (AccessLogEntry, error) {
	f, err := split(line)
	if err != nil {
		return AccessLogEntry{}, err
	}
	if len(f) < leastFields {
		return AccessLogEntry{}, diag.Errorf(diag.KindInvalid,
			"access log line of %d fields: an entry has at least %d", len(f), leastFields)
	}
	r := reader{fields: f, of: "access log"}
	e := AccessLogEntry{
		Type: r.text(), Time: r.time(), LoadBalancer: r.text(), Client: r.text(), Target: r.text(),
		RequestTime: r.duration(), TargetTime: r.duration(), ResponseTime: r.duration(),
		Status: r.number(), TargetStatus: r.number(), ReceivedBytes: int64(r.number()), SentBytes: int64(r.number()),
		Request: r.text(), UserAgent: r.text(), Cipher: r.text(), Protocol: r.text(),
		TargetGroupARN: r.text(), TraceID: r.text(), Domain: r.text(), CertificateARN: r.text(),
		RulePriority: r.text(), Created: r.time(), Actions: r.list(","), RedirectURL: r.text(), ErrorReason: r.text(),
		Targets: r.list(" "), TargetStatuses: r.list(" "), Classification: r.text(), ClassificationReason: r.text(),
		ConnectionID: r.text(), TransformedHost: r.text(), TransformedURI: r.text(), RequestTransformOutcome: r.text(),
	}
	e.NodeIP, e.Extra = r.address(), r.fields
	return e, r.err
}

// split cuts a line at spaces, except those in double quotes. A backslash takes the meaning from a quote.
func split(line string) ([]string, error) {
	var fields []string
	for rest := strings.TrimSpace(line); rest != ""; rest = strings.TrimLeft(rest, " ") {
		if rest[0] != '"' {
			field, after, _ := strings.Cut(rest, " ")
			fields, rest = append(fields, field), after
			continue
		}
		end := closing(rest)
		if end < 0 {
			return nil, diag.Errorf(diag.KindInvalid, "access log line: field %d has no closing quote", len(fields)+1)
		}
		if end+1 < len(rest) && rest[end+1] != ' ' { // a list of quoted words, as of ALPN
			field, after, _ := strings.Cut(rest, " ")
			fields, rest = append(fields, strings.ReplaceAll(field, `"`, "")), after
			continue
		}
		fields, rest = append(fields, strings.ReplaceAll(rest[1:end], `\"`, `"`)), rest[end+1:]
	}
	return fields, nil
}

// closing returns the place of the quote that closes the one at the beginning, or -1.
func closing(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return -1
}

// reader takes one field after the other and keeps the first error.
type reader struct {
	of     string
	fields []string
	taken  int
	err    error
}

// text returns the next field, empty at the end of the line and for "-".
func (r *reader) text() string {
	if len(r.fields) == 0 {
		return ""
	}
	field := r.fields[0]
	r.fields, r.taken = r.fields[1:], r.taken+1
	if field == "-" {
		return ""
	}
	return field
}

func (r *reader) list(separator string) []string {
	text := r.text()
	if text == "" {
		return nil
	}
	return strings.Split(text, separator)
}

func (r *reader) number() int {
	text := r.text()
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	r.expect(err == nil, "a number", text)
	return n
}

func (r *reader) duration() time.Duration {
	text := r.text()
	if text == "" {
		return -1
	}
	seconds, err := strconv.ParseFloat(text, 64)
	ok := err == nil && seconds >= -1 && seconds < 1e9
	r.expect(ok, "a number of seconds", text)
	if !ok || seconds < 0 {
		return -1
	}
	return time.Duration(seconds * float64(time.Second)).Round(time.Millisecond)
}

func (r *reader) time() time.Time {
	text := r.text()
	if text == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil { // Network Load Balancers write UTC without saying so
		t, err = time.Parse("2006-01-02T15:04:05", text)
	}
	r.expect(err == nil, "a time", text)
	return t
}

// address takes the next field if it is an IP address, and else leaves it to who knows what it is.
func (r *reader) address() netip.Addr {
	if len(r.fields) == 0 {
		return netip.Addr{}
	}
	a, err := netip.ParseAddr(r.fields[0])
	if err == nil {
		r.text()
	}
	return a
}

func (r *reader) expect(ok bool, what, got string) {
	if !ok && r.err == nil {
		r.err = diag.Errorf(diag.KindInvalid, "%s line: field %d must be %s, not %q", r.of, r.taken, what, got)
	}
}

// Maker is who made the status that a client got.
type Maker string

// The makers.
const (
	ByTarget       Maker = "target"
	ByLoadBalancer Maker = "load balancer"
	// ByClient means that the client closed the connection before the answer came: 460.
	ByClient Maker = "client"
)

// Maker tells who made the status: the target if it answered, the client if it broke off, else the load balancer.
func (e AccessLogEntry) Maker() Maker {
	const brokeOff = 460
	switch {
	case e.Status == brokeOff:
		return ByClient
	case e.TargetStatus != 0:
		return ByTarget
	}
	return ByLoadBalancer
}

// String tells the request in one line: who answered what to which request, after how long.
func (e AccessLogEntry) String() string {
	text := fmt.Sprintf("%s %d by the %s to %s", e.Time.UTC().Format(time.RFC3339), e.Status, e.Maker(), e.Request)
	if e.Target != "" {
		text += " at " + e.Target
	}
	if e.TargetTime >= 0 {
		text += fmt.Sprintf(" after %s", e.TargetTime)
	}
	if e.ErrorReason != "" {
		text += " (" + e.ErrorReason + ")"
	}
	return text
}
