package guest

import (
	"regexp"
	"strconv"
	"strings"
)

// Socket is a line of ss or netstat.
type Socket struct {
	// Protocol is "tcp" or "udp", "" where the tool was asked for one only.
	Protocol string
	// State is as ss has it: "LISTEN", "ESTAB", "TIME-WAIT", "UNCONN"; "" where ss was asked for one and leaves it out.
	State string
	// Local and Peer are "address:port" as printed.
	Local, Peer string
	// Process is who holds it, as printed; "" where the tool was not allowed to see.
	Process string
}

// Address returns the local address without brackets, zone and port; Port the port, 0 if it is not a number.
func (s Socket) Address() string {
	i := strings.LastIndexByte(s.Local, ':')
	if i < 0 {
		return s.Local
	}
	address, _, _ := strings.Cut(strings.Trim(s.Local[:i], "[]"), "%")
	return address
}

// Port returns the local port, 0 where it is a name or a star.
func (s Socket) Port() int {
	n, _ := strconv.Atoi(s.Local[strings.LastIndexByte(s.Local, ':')+1:])
	return n
}

var programName = regexp.MustCompile(`(?:users:\(\("|^\d+/)([^":\s]+)`)

// Program returns the name of the process that holds it, without its arguments; "" if the tool did not say.
func (s Socket) Program() string {
	if m := programName.FindStringSubmatch(s.Process); m != nil {
		return m[1]
	}
	return ""
}

// Listens reports a socket that takes connections, or datagrams from anybody.
func (s Socket) Listens() bool { return s.State == "LISTEN" || s.State == "UNCONN" }

// OnlyLoopback reports that nobody but the node itself gets to it.
func (s Socket) OnlyLoopback() bool {
	a := s.Address()
	return strings.HasPrefix(a, "127.") || a == "::1" || a == "localhost" || strings.HasPrefix(a, "::ffff:127.")
}

// states are the words of netstat, and of Windows, for those of ss.
var states = map[string]string{
	"LISTEN": "LISTEN", "LISTENING": "LISTEN", "ESTAB": "ESTAB", "ESTABLISHED": "ESTAB", "TIME-WAIT": "TIME-WAIT",
	"TIME_WAIT": "TIME-WAIT", "CLOSE-WAIT": "CLOSE-WAIT", "CLOSE_WAIT": "CLOSE-WAIT", "SYN-SENT": "SYN-SENT",
	"SYN_SENT": "SYN-SENT", "SYN-RECV": "SYN-RECV", "SYN_RECV": "SYN-RECV", "FIN-WAIT-1": "FIN-WAIT-1",
	"FIN_WAIT1": "FIN-WAIT-1", "FIN-WAIT-2": "FIN-WAIT-2", "FIN_WAIT2": "FIN-WAIT-2", "LAST-ACK": "LAST-ACK",
	"LAST_ACK": "LAST-ACK", "CLOSING": "CLOSING", "CLOSED": "CLOSED", "UNCONN": "UNCONN",
}

var (
	protocol = regexp.MustCompile(`(?i)^(tcp|udp)(4|6|46)?$`)
	endpoint = regexp.MustCompile(`^\S*[:.](\d+|\*|[a-z][\w-]*)$`)
)

// ParseSockets reads the output of ss, netstat or lsof -i, of Linux, busybox or Windows.
func ParseSockets(text string) []Socket {
	var all []Socket
	for _, line := range lines(text) {
		fields := strings.Fields(line)
		if s, ok := ss(fields); ok {
			all = append(all, s)
		} else if s, ok := netstat(fields); ok {
			all = append(all, s)
		} else if s, ok := lsof(line); ok {
			all = append(all, s)
		}
	}
	return all
}

// ss reads a row: perhaps a protocol, state, two queues, local, peer, perhaps a process.
func ss(fields []string) (Socket, bool) {
	var s Socket
	if len(fields) > 0 && protocol.MatchString(fields[0]) {
		s.Protocol, fields = strings.ToLower(fields[0][:3]), fields[1:]
	}
	if len(fields) > 0 { // a script puts a name before the state: "listener=LISTEN"
		if _, state, ok := strings.Cut(fields[0], "="); ok && states[state] != "" {
			fields = append([]string{state}, fields[1:]...)
		}
	}
	if stateless(fields) { // asked for sockets of one state, ss does not print which
		fields = append([]string{""}, fields...)
		if strings.HasSuffix(fields[4], ":*") && s.Protocol != "udp" {
			fields[0] = "LISTEN"
		}
	}
	if len(fields) < 5 || fields[0] != "" && states[fields[0]] == "" || !isNumber(fields[1]) || !isNumber(fields[2]) {
		return s, false
	}
	s.State, s.Local, s.Peer, s.Process = states[fields[0]], fields[3], fields[4], strings.Join(fields[5:], " ")
	return s, endpoint.MatchString(s.Local)
}

// stateless reports a row of ss that begins with its queues; one of netstat goes on with a state.
func stateless(fields []string) bool {
	return len(fields) >= 4 && isNumber(fields[0]) && isNumber(fields[1]) && endpoint.MatchString(fields[2]) &&
		endpoint.MatchString(fields[3]) && (len(fields) == 4 || strings.HasPrefix(fields[4], "users:"))
}

// netstat reads a row: protocol, on Linux two queues, local, peer, state but for UDP, perhaps a process.
func netstat(fields []string) (Socket, bool) {
	if len(fields) < 3 || !protocol.MatchString(fields[0]) {
		return Socket{}, false
	}
	s := Socket{Protocol: strings.ToLower(fields[0][:3])}
	fields = fields[1:]
	if isNumber(fields[0]) && isNumber(fields[1]) {
		fields = fields[2:]
	}
	if len(fields) < 2 || !endpoint.MatchString(fields[0]) {
		return s, false
	}
	s.Local, s.Peer, fields = fields[0], fields[1], fields[2:]
	if len(fields) > 0 && states[fields[0]] != "" {
		s.State, fields = states[fields[0]], fields[1:]
	} else if s.Protocol == "udp" {
		s.State = "UNCONN"
	}
	if s.Process = strings.Join(fields, " "); s.Process == "-" {
		s.Process = ""
	}
	return s, s.State != ""
}

func isNumber(text string) bool { _, err := strconv.Atoi(text); return err == nil }
