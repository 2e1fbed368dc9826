package probe

import (
	"context"
	"fmt"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// ConnectionRefused finds a port on which nobody listens.
var ConnectionRefused = connectCheck(diag.Info{
	Code: "probe.connection-refused", Title: "Nobody listens on the port",
	Doc: "The host answers and refuses: packets arrive, but no program listens on this port and address. It is not " +
		"running, listens on another port, or on 127.0.0.1 only.",
	Breaks: []diag.Mechanism{diag.TargetReachable, diag.HealthCheck, diag.Request},
	Needs:  []diag.Mechanism{diag.TaskStart, diag.TaskRun, diag.TaskCount, diag.Application},
	Source: "RFC 9293, section 3.5.2",
}, ReasonRefused, "refuses connections: nobody listens there, or on 127.0.0.1 only", diag.Step{
	Text: "See on the host or in the task which ports are listened on; a program must listen on 0.0.0.0 to " +
		"be reached from outside.",
	Command: "ss -ltn",
})

// ConnectionTimeout finds a port from which nothing comes back.
var ConnectionTimeout = connectCheck(diag.Info{
	Code: "probe.connection-timeout", Title: "No answer from the port",
	Doc: "Packets to the port are dropped without a word: a security group or network ACL does not let them in or " +
		"out, the address has no way back, or no host has it.",
	Breaks: []diag.Mechanism{diag.TargetReachable, diag.HealthCheck, diag.Request},
	Needs:  []diag.Mechanism{diag.NetworkPath, diag.HostRun},
	Source: "Troubleshoot your Application Load Balancers, Elastic Load Balancing User Guide",
}, ReasonTimeout, "does not answer: packets are filtered on the way, or no host has the address", diag.Step{
	Text: "Compare the security groups and network ACLs of both ends, and the routes of both subnets.",
	Doc:  "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html",
})

// NoRoute finds an address to which there is no way.
var NoRoute = connectCheck(diag.Info{
	Code: "probe.no-route", Title: "No route to the address",
	Doc: "The own host or a router says that there is no way to the address: no route, no address of that family " +
		"here, or a host that is down in the same subnet.",
	Breaks: []diag.Mechanism{diag.NetworkPath, diag.Request},
	Needs:  []diag.Mechanism{diag.HostRun},
	Source: "RFC 792, RFC 4443",
}, ReasonNoRoute, "is out of reach: there is no route to it", diag.Step{
	Text: "Look at the routes of the host that probes.", Command: "ip route",
})

// ConnectionFailed finds a connection that fails in any other way.
var ConnectionFailed = connectCheck(diag.Info{
	Code: "probe.connection-failed", Title: "Connection fails",
	Doc:    "The connection could not be opened, in a way that tells neither a closed port nor a filter.",
	Breaks: []diag.Mechanism{diag.TargetReachable, diag.Request},
	Needs:  []diag.Mechanism{diag.NetworkPath, diag.TaskRun},
	Source: "RFC 9293",
}, "", "cannot be connected to", diag.Step{Text: "Try again from another host in the same subnet."})

func connectChecks() []*diag.Check[*Endpoint] {
	return []*diag.Check[*Endpoint]{ConnectionRefused, ConnectionTimeout, NoRoute, ConnectionFailed}
}

// connectCheck makes a check for one reason; the empty one stands for all that have no check of their own.
func connectCheck(info diag.Info, reason Reason, what string, step diag.Step) *diag.Check[*Endpoint] {
	info.Severity, info.Actions, info.Limits = diag.SeverityError, connectActions, limits
	return &diag.Check[*Endpoint]{Info: info, Run: func(ctx context.Context, e *Endpoint) ([]diag.Finding, error) {
		connections, err := e.Connect(ctx)
		working := accepting(connections)
		var names []string
		var evidence []diag.Evidence
		for _, c := range connections {
			if concerns(reason, c, working) {
				names = append(names, c.Address.Addr().String())
				evidence = append(evidence,
					diag.Evidence{Source: connectAction, Field: c.Address.String(), Value: c.String()})
			}
		}
		if len(names) == 0 {
			return nil, err
		}
		f := diag.Finding{Evidence: evidence, NextSteps: []diag.Step{step, e.connectStep()},
			Summary: fmt.Sprintf("%s %s (%d of %d addresses: %s)", e.target.address(), what, len(names), len(connections),
				strings.Join(names, ", "))}
		if working > 0 {
			f.Severity = diag.SeverityWarning
		}
		return []diag.Finding{f}, err
	}}
}

// concerns reports a connection that the check for a reason is about, where so many others work.
func concerns(reason Reason, c Connection, working int) bool {
	switch reason {
	case "":
		return !c.OK() && !c.is(ReasonRefused, ReasonTimeout, ReasonNoRoute)
	case ReasonNoRoute: // a host without IPv6 uses the other addresses
		return c.is(reason) && (working == 0 || c.Address.Addr().Is4())
	}
	return c.is(reason)
}

func accepting(connections []Connection) (n int) {
	for _, c := range connections {
		if c.OK() {
			n++
		}
	}
	return n
}

func (e *Endpoint) connectStep() diag.Step {
	return diag.Step{Text: "Connect by hand, and from inside the VPC, to see whether it depends on where one stands.",
		Command: fmt.Sprintf("nc -vz -w 5 %s %d", quoted(e.target.host), e.target.port)}
}
