package guest

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strconv"

	"github.com/awsdiag/awsdiag/diag"
)

// Connection is an attempt to connect from a guest to a port of a host.
type Connection struct {
	guest   *Guest
	command Command
	to      string
}

var _ diag.Subject = (*Connection)(nil)

// NewConnection makes a connection from a guest to a host, by name or address, and a port.
func NewConnection(from *Guest, host string, port int) (*Connection, error) {
	build := Connect
	if from.platform == Windows {
		build = ConnectWindows
	}
	c, err := build(host, port)
	if err != nil {
		return nil, err
	}
	return &Connection{from, c, net.JoinHostPort(host, strconv.Itoa(port))}, nil
}

// Resource names the machine that connects.
func (c *Connection) Resource() diag.Resource { return c.guest.Resource() }

// Attempts returns what came of it.
func (c *Connection) Attempts(ctx context.Context) ([]Attempt, error) {
	return fact(ctx, c.guest, c.command, some(ParseConnectivity))
}

// connectRule is what the checks of connections differ in.
type connectRule struct {
	outcomes   []Outcome
	code       diag.Code
	title, doc string
	breaks     []diag.Mechanism
	needs      []diag.Mechanism
	say        string
}

// The checks of connections.
var (
	// ConnectRefused reports hosts that answer, with nothing on the port.
	ConnectRefused = connectRule{[]Outcome{Refused}, "guest.connect-refused", "Connection refused",
		"The host answers, and refuses: nothing listens on the port, or a firewall rejects.", nil,
		[]diag.Mechanism{diag.Application, diag.TaskRun, diag.DBServe, diag.DBAccept}, "refuses the connection"}.check()
	// ConnectTimedOut reports hosts that do not answer.
	ConnectTimedOut = connectRule{[]Outcome{TimedOut}, "guest.connect-timeout", "Connection timed out",
		"No answer comes: packets are dropped on the way, by a security group, an ACL or a route, or the host is down.",
		[]diag.Mechanism{diag.NetworkPath}, []diag.Mechanism{diag.HostRun}, "does not answer"}.check()
	// ConnectNoRoute reports hosts to which there is no way.
	ConnectNoRoute = connectRule{[]Outcome{NoRoute}, "guest.connect-no-route", "No route to the host",
		"The node or a router on the way says that it has no route to the host, or a firewall says so.",
		[]diag.Mechanism{diag.NetworkPath}, nil, "cannot be reached: no route"}.check()
	// ConnectNoName reports names that do not resolve.
	ConnectNoName = connectRule{[]Outcome{NoName}, "guest.connect-no-name", "Name not resolved",
		"The node does not resolve the name of the host.", []diag.Mechanism{diag.NameResolution}, nil,
		"is not resolved"}.check()
	// ConnectReset reports connections that were torn down.
	ConnectReset = connectRule{[]Outcome{Reset, TLSFailed}, "guest.connect-reset", "Connection torn down",
		"The connection was made and then torn down, by the host or by something between.", nil,
		[]diag.Mechanism{diag.Application}, "tears the connection down"}.check()
	// ConnectOtherwise reports connections that failed, the tool does not say why.
	ConnectOtherwise = connectRule{[]Outcome{ConnectFailed}, "guest.connect-failed", "Connection failed",
		"The connection was not made, and the tool on the node does not say why.", nil,
		[]diag.Mechanism{diag.NetworkPath, diag.NameResolution, diag.Application}, "cannot be connected to"}.check()
)

func (r connectRule) check() *diag.Check[*Connection] {
	return &diag.Check[*Connection]{
		Info: diag.Info{Code: r.code, Title: r.title, Doc: r.doc, Severity: diag.SeverityError, Actions: actions,
			Breaks: r.breaks, Needs: r.needs, Source: "nc(1), curl(1)"},
		Run: func(ctx context.Context, c *Connection) ([]diag.Finding, error) {
			attempts, err := c.Attempts(ctx)
			if slices.ContainsFunc(attempts, func(a Attempt) bool { return a.Outcome == Reachable }) {
				return nil, err // another address of the host, perhaps; it works
			}
			for _, a := range attempts {
				if slices.Contains(r.outcomes, a.Outcome) {
					return []diag.Finding{{
						Summary:  fmt.Sprintf("from %s, %s %s", c.guest.id, c.to, r.say),
						Evidence: []diag.Evidence{c.guest.evidence(c.command, a.Line)},
					}}, err
				}
			}
			return nil, err
		},
	}
}

// Listener is a TCP port of a guest that something ought to listen on.
type Listener struct {
	guest *Guest
	port  int
}

var _ diag.Subject = (*Listener)(nil)

// NewListener makes the listener of a port.
func NewListener(on *Guest, port int) (*Listener, error) {
	if err := checkPort(port); err != nil {
		return nil, err
	}
	return &Listener{on, port}, nil
}

// Resource names the machine.
func (l *Listener) Resource() diag.Resource { return l.guest.Resource() }

// Sockets returns the sockets that listen on the port.
func (l *Listener) Sockets(ctx context.Context) ([]Socket, error) {
	all, err := l.guest.Sockets(ctx)
	return slices.DeleteFunc(slices.Clone(all), func(s Socket) bool {
		return s.State != "LISTEN" || s.Port() != l.port
	}), err
}

// PortNotListening reports ports on which nothing listens.
var PortNotListening = &diag.Check[*Listener]{
	Info: diag.Info{
		Code:     "guest.port-not-listening",
		Title:    "Nothing listens on the port",
		Severity: diag.SeverityError,
		Doc:      "No program on the node listens on the port: connections are refused.",
		Actions:  actions,
		Breaks:   []diag.Mechanism{diag.Application},
		Source:   "ss(8)",
	},
	Run: func(ctx context.Context, l *Listener) ([]diag.Finding, error) {
		sockets, err := l.Sockets(ctx)
		if err != nil || len(sockets) > 0 {
			return nil, err
		}
		return []diag.Finding{{
			Summary: fmt.Sprintf("nothing listens on port %d of %s", l.port, l.guest.id),
			Evidence: []diag.Evidence{
				l.guest.evidence(Sockets, fmt.Sprintf("no line with LISTEN and port %d", l.port)),
			},
		}}, nil
	},
}

// PortOnlyOnLoopback reports ports that nobody but the node itself gets to.
var PortOnlyOnLoopback = &diag.Check[*Listener]{
	Info: diag.Info{
		Code:     "guest.port-only-on-loopback",
		Title:    "Port listens on loopback only",
		Severity: diag.SeverityError,
		Doc:      "The program on the port listens on 127.0.0.1 or ::1 only: others, such as a load balancer, are refused.",
		Actions:  actions,
		Breaks:   []diag.Mechanism{diag.Application},
		Source:   "ss(8)",
	},
	Run: func(ctx context.Context, l *Listener) ([]diag.Finding, error) {
		sockets, err := l.Sockets(ctx)
		if len(sockets) == 0 || slices.ContainsFunc(sockets, func(s Socket) bool { return !s.OnlyLoopback() }) {
			return nil, err
		}
		return []diag.Finding{{
			Summary: fmt.Sprintf("port %d of %s listens on %s only", l.port, l.guest.id, sockets[0].Address()),
			Evidence: []diag.Evidence{
				l.guest.evidence(Sockets, sockets[0].State+" "+sockets[0].Local+" "+sockets[0].Process),
			},
		}}, err
	},
}
