package guest

import (
	"regexp"
	"slices"
	"strings"
)

// Outcome is what came of an attempt to connect.
type Outcome string

// The outcomes.
const (
	// Reachable: the connection was made, or the other side said something.
	Reachable Outcome = "reachable"
	// Refused: the host answers, nothing listens on the port, or something rejects.
	Refused Outcome = "refused"
	// TimedOut: no answer: dropped on the way, or no way back.
	TimedOut Outcome = "timeout"
	// NoRoute: the host or a router says that there is no way.
	NoRoute Outcome = "no-route"
	// NoName: the name was not resolved.
	NoName Outcome = "dns-failure"
	// Reset: the connection was made and torn down.
	Reset Outcome = "reset"
	// TLSFailed: connected, but TLS did not come about.
	TLSFailed Outcome = "tls-failed"
	// ConnectFailed: not connected, and the tool does not say why.
	ConnectFailed Outcome = "connect-failed"
)

// outcomeRule recognises an outcome in a line.
type outcomeRule struct {
	outcome Outcome
	pattern *regexp.Regexp
}

// outcomeRules hold failures before success: "failed: Connection refused" stands in lines that also say "connect to".
var outcomeRules = []outcomeRule{
	{
		NoName,
		regexp.MustCompile(
			`(?i)bad address|name or service not known|temporary failure (in name resolution|resolving)|could ?n[o']t resolve (host|proxy)|nodename nor servname|no address associated|unknown host|unable to resolve host|name does not resolve|host lookup failed|getaddrinfo|no such host|could not resolve|name resolution .*failed|could not find host`,
		),
	},
	{Refused, regexp.MustCompile(`(?i)connection refused|actively refused|ECONNREFUSED`)},
	{
		NoRoute,
		regexp.MustCompile(
			`(?i)no route to host|network (is )?unreachable|host (is )?(unreachable|down)|destination (host|net(work)?|port) .*unreachable|EHOSTUNREACH`,
		),
	},
	{
		TimedOut,
		regexp.MustCompile(
			`(?i)timed? ?out|timeout (was )?(reached|exceeded|expired)|timeout after|: timeout\b|\(28\)|operation now in progress|ETIMEDOUT|connection timeout`,
		),
	},
	{
		Reset,
		regexp.MustCompile(
			`(?i)connection reset|reset by peer|empty reply from server|broken pipe|connection closed by (foreign|remote) host|unexpected eof`,
		),
	},
	{
		TLSFailed,
		regexp.MustCompile(`(?i)(ssl|tls).*(error|alert|fail|problem)|certificate (verify|problem)|handshake failure`),
	},
	{
		Reachable,
		regexp.MustCompile(
			`(?i)\bsucceeded!?|(?:^|\*\s+)connected to |\bopen\s*$|\bport \d+ (\S+ )?open\b|escape character is|TcpTestSucceeded\s*:\s*True|(established|established!)\b.*connect|connection (to .*)?established|^[<*]?\s*HTTP/[\d.]+ \d{3}`,
		),
	},
	{
		ConnectFailed,
		regexp.MustCompile(
			`(?i)(failed|unable|could ?n[o']t|cannot) to connect|couldn't connect|connect(ion)? .*failed|TcpTestSucceeded\s*:\s*False|\bclosed\s*$`,
		),
	},
}

// banner is what servers say first: SMTP, FTP, POP, IMAP, SSH, MySQL.
var banner = regexp.MustCompile(`^(220[ -]|\+OK\b|\* OK\b|SSH-\d|[0-9.]+-MariaDB|RFB \d)`)

// Attempt is one line that tells what came of a connection.
type Attempt struct {
	Outcome Outcome
	// Host is who was tried, "" where the line does not say.
	Host string
	Line string
}

var hostInLine = regexp.MustCompile(
	`(?i)(?:connect(?:ion|ed)? to(?: address)?|connectx to|failed to connect to|nc:(?: connectx? to)?|could not resolve host:|bad address) \[?'?([A-Za-z0-9][\w.:-]*[\w])`,
)

func hostOf(line string) string {
	if m := hostInLine.FindStringSubmatch(line); m != nil {
		return strings.TrimSuffix(m[1], ":")
	}
	return ""
}

// pingAside is what Test-NetConnection tells of its ping, which says nothing of the port.
var pingAside = regexp.MustCompile(`\bPing to \S+ failed\b`)

// ParseConnectivity reads the output of nc (OpenBSD's, traditional, busybox's, nmap's), telnet, curl, or of Windows
// Test-NetConnection. It returns the attempts that the output tells of; none if it tells of none.
func ParseConnectivity(text string) []Attempt {
	var all []Attempt
	for _, line := range lines(text) {
		line = strings.TrimSpace(strings.TrimPrefix(line, "Ncat: "))
		if pingAside.MatchString(line) {
			continue
		}
		if o, ok := outcomeOf(line); ok {
			all = append(all, Attempt{o, hostOf(line), line})
		} else if banner.MatchString(line) {
			all = append(all, Attempt{Reachable, "", line})
		}
	}
	return settle(all)
}

func outcomeOf(line string) (Outcome, bool) {
	for _, r := range outcomeRules {
		if r.pattern.MatchString(line) {
			return r.outcome, true
		}
	}
	return "", false
}

var curlVerdict = regexp.MustCompile(`^curl: \((\d+)\)`)

// settle takes out what a tool tried on the way: curl goes from address to address, and its last line is the verdict.
// A vague outcome gives way to one that says why.
func settle(all []Attempt) []Attempt {
	for i, a := range all {
		if curlVerdict.MatchString(a.Line) && i == len(all)-1 && a.Outcome != ConnectFailed {
			return all[i:]
		}
	}
	if slices.ContainsFunc(all, func(a Attempt) bool { return a.Outcome != ConnectFailed }) {
		all = slices.DeleteFunc(all, func(a Attempt) bool { return a.Outcome == ConnectFailed })
	}
	return all
}

// Outcomes returns the distinct outcomes of attempts, in the order in which they first came.
func Outcomes(attempts []Attempt) []Outcome {
	var all []Outcome
	for _, a := range attempts {
		if !slices.Contains(all, a.Outcome) {
			all = append(all, a.Outcome)
		}
	}
	return all
}

// lossText is the summary of ping in Linux, busybox, macOS, Windows and some locales.
var lossText = regexp.MustCompile(
	`(?i)(\d+(?:[.,]\d+)?)\s?%\s*(?:packet |de )?(?:loss|perte|perdidos|verlust|verlor|packets? lost|perda)`,
)

// ParsePing returns how many percent of the packets were lost.
func ParsePing(text string) (percent float64, ok bool) {
	for _, line := range lines(text) {
		if m := lossText.FindStringSubmatch(line); m != nil {
			return decimal(m[1])
		}
	}
	return 0, false
}

// Lookup is what came of resolving a name.
type Lookup struct {
	// Status is "resolved", "nxdomain", "servfail", "refused", "timeout", "no-data", or "failed".
	Status string
	// Addresses are those of the answer.
	Addresses []string
}

var (
	lookupRules = []struct {
		status  string
		pattern *regexp.Regexp
	}{
		{"nxdomain", regexp.MustCompile(`(?i)\bNXDOMAIN\b|non-existent domain|not found: 3`)},
		{"servfail", regexp.MustCompile(`(?i)\bSERVFAIL\b|server failed|not found: 2`)},
		{
			"refused",
			regexp.MustCompile(
				`(?i)can't find .*: REFUSED|query refused|status: REFUSED|#53: connection refused|not found: 5|connection refused`,
			),
		},
		{
			"timeout",
			regexp.MustCompile(`(?i)no servers could be reached|connection timed out|DNS request timed out|timed out`),
		},
		{"no-data", regexp.MustCompile(`(?i)no answer|ANSWER: 0\b`)},
		{"failed", outcomeRules[0].pattern},
	}
	answerRow   = regexp.MustCompile(`^\S+\s+\d+\s+IN\s+(?:A|AAAA|CNAME)\s+(\S+)`)
	addressRow  = regexp.MustCompile(`(?i)^(?:Address(?:es)?(?: \d+)?:\s*|)([0-9a-f.:]*[.:][0-9a-f.:]+)(?:\s|$)`)
	hasAddress  = regexp.MustCompile(`has (?:IPv6 )?address (\S+)`)
	serverLines = regexp.MustCompile(`(?i)^(server|serveur):`)
)

// ParseLookup reads the output of dig, nslookup, host or getent.
func ParseLookup(text string) (Lookup, bool) {
	var l Lookup
	afterServer := false
	for _, line := range lines(text) {
		trimmed := strings.TrimSpace(line)
		switch {
		case serverLines.MatchString(trimmed):
			afterServer = true // its address is in the next line
		case afterServer && strings.HasPrefix(trimmed, "Address"):
			afterServer = false
		default:
			l.read(trimmed)
		}
	}
	if len(l.Addresses) > 0 {
		l.Status = "resolved"
	}
	return l, l.Status != ""
}

func (l *Lookup) read(line string) {
	for _, p := range []*regexp.Regexp{answerRow, hasAddress, addressRow} {
		if m := p.FindStringSubmatch(line); m != nil {
			l.Addresses = append(l.Addresses, m[1])
			return
		}
	}
	for _, r := range lookupRules {
		if l.Status == "" && r.pattern.MatchString(line) {
			l.Status = r.status
			return
		}
	}
}
