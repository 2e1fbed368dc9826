package albdiag

import "github.com/awsdiag/awsdiag/diag"

const flowSource = "CloudWatch metrics for your Network Load Balancer"

// FlowErrors are the checks of what a Network Load Balancer counts of connections that go wrong, one for each counter.
// There is no HTTP to see: only whether connections are made, and who resets them.
func FlowErrors() []*diag.Check[*LoadBalancer] {
	var checks []*diag.Check[*LoadBalancer]
	for _, row := range flowTroubles() {
		row.on, row.info.Source = isNetwork, flowSource
		checks = append(checks, row.check())
	}
	return checks
}

// resetBounds: connections that are reset are part of every day, so that only many more than before are a trouble.
var resetBounds = bounds{some: 0.05, many: 0.3, rise: true}

func flowTroubles() []httpTrouble {
	return []httpTrouble{
		{
			info: diag.Info{
				Code: "alb.target-resets", Title: "Targets reset connections",
				Doc: "Targets send many more resets than before: nothing listens on the port, the program dies or is at its limit, or " +
					"it closes idle connections that clients still use.",
				Breaks: []diag.Mechanism{diag.Request},
				Needs:  []diag.Mechanism{diag.TaskRun, diag.TaskStart, diag.HostRun, diag.Application, diag.TargetReachable},
			},
			series: counterOf("TCP_Target_Reset_Count"), bounds: resetBounds, mild: true,
			says: "targets reset connections:", causes: causesReset(),
		},
		{
			info: diag.Info{
				Code: "alb.load-balancer-resets", Title: "Load balancer resets connections",
				Doc: "The load balancer sends many more resets than before: targets became unhealthy with connections open, or " +
					"connections went idle for longer than the idle timeout and are used again.",
				Breaks: []diag.Mechanism{diag.Request},
				Needs:  []diag.Mechanism{diag.HealthCheck, diag.TargetReachable, diag.TaskRun, diag.HostRun, diag.Routing},
			},
			series: counterOf("TCP_ELB_Reset_Count"), bounds: resetBounds, mild: true,
			says: "load balancer reset connections:",
		},
		{
			info: diag.Info{
				Code: "alb.port-allocation-errors", Title: "No port left for connections to targets",
				Doc: "Without client IP preservation the load balancer makes connections of its own, of which each target can hold " +
					"about 55,000 at a time for each address and port. Beyond, new connections fail.",
				Breaks: []diag.Mechanism{diag.Request},
			},
			series: counterOf("PortAllocationErrorCount"), bounds: errorBounds,
			says: "no port was left for connections to targets:", causes: causesPorts(),
		},
		{
			info: diag.Info{
				Code: "alb.flows-rejected", Title: "Connections rejected by the Network Load Balancer",
				Doc:    "The load balancer rejects new connections: it is at its limit or has nowhere to send them.",
				Breaks: []diag.Mechanism{diag.Request}, Needs: []diag.Mechanism{diag.Routing},
			},
			series: counterOf("RejectedFlowCount"), bounds: errorBounds,
			says: "load balancer rejected connections:",
		},
		{
			info: diag.Info{
				Code: "alb.flows-blocked", Title: "Connections stopped by the load balancer's security group",
				Doc: "Inbound rules of the load balancer's security groups stop more connections than come through, and many more " +
					"than before. Scanners are stopped all the time; this many are clients.",
				Breaks: []diag.Mechanism{diag.Request}, Needs: []diag.Mechanism{diag.NetworkPath},
			},
			series: counterOf("SecurityGroupBlockedFlowCount_Inbound_TCP"), bounds: bounds{some: 0.5, many: 0.5, rise: true},
			mild: true,
			says: "security groups of the load balancer stopped connections:",
		},
	}
}

func causesReset() []cause {
	failing := func(p *picture, o outbreak) opinion { return p.lostTargets(o, hosts.lost) }
	return []cause{
		{text: "targets fail or went away at the same time", judge: failing},
		{text: "the program refuses connections", judge: unless(failing)},
		{text: "the program closes idle connections that clients still use", judge: unless(failing), decides: diag.Step{
			Text: "See the targets' log and listen queue; if nothing fails there, make the program's keep-alive longer than " +
				"that of clients."}},
	}
}

func causesPorts() []cause {
	return []cause{{
		text:  "too many connections for so few targets",
		judge: func(*picture, outbreak) opinion { return opinion{verdict: possible} },
		decides: diag.Step{Text: "Add targets, or let clients keep and share connections. Client IP preservation, where it can be " +
			"turned on, lifts the limit."},
	}}
}
