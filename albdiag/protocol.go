package albdiag

import (
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/awsdiag/awsdiag/diag"
)

// The ports on which programs usually speak plain HTTP, and TLS: 80, 443, 8080 and 8443 are registered for it ("Service
// Name and Transport Protocol Port Number Registry", IANA), the others are what frameworks and their examples take unless
// told otherwise, a list for which there is no source. So a port is a hint and no more: it makes no finding, it only words
// one that health checks or failed handshakes made, and a port that is not listed says nothing.
var (
	plainPorts = []int{80, 3000, 4000, 5000, 8000, 8080, 8081, 8888, 9000}
	tlsPorts   = []int{443, 8443}
)

// mismatch says that a protocol is not what programs usually speak on a port; empty if nothing is odd.
func mismatch(protocol types.ProtocolEnum, port int) string {
	switch {
	case protocol == types.ProtocolEnumHttps && slices.Contains(plainPorts, port):
		return fmt.Sprintf("HTTPS goes to port %d, where programs usually speak plain HTTP", port)
	case protocol == types.ProtocolEnumHttp && slices.Contains(tlsPorts, port):
		return fmt.Sprintf("plain HTTP goes to port %d, where programs usually speak HTTPS", port)
	}
	return ""
}

// mismatchStep asks a target in both protocols, where the one of the target group is in doubt.
func mismatchStep(tg *types.TargetGroup, t Target) diag.Step {
	url := fmt.Sprintf("%s:%d%s", hostOf(t), t.HealthPort, aws.ToString(tg.HealthCheckPath))
	return diag.Step{Text: "Ask a target in plain HTTP and in HTTPS: the protocol of the target group and of its health check " +
		"must be the one that answers. A target group's own protocol cannot be changed: make another one, or let the program " +
		"speak it.", Doc: troubleshootURL,
		Command: fmt.Sprintf("curl -s -o /dev/null -w '%%{http_code}\\n' 'http://%s'; curl -sk -o /dev/null -w "+
			"'%%{http_code}\\n' 'https://%s'",
			url, url)}
}

// causesTargetTLS name the groups that TLS fails with, and tell by their ports which of the causes is the likelier.
func causesTargetTLS() []cause {
	odd := func(p *picture, o outbreak) opinion {
		var out opinion
		for _, g := range p.tlsGroups(o) {
			if says := mismatch(g.protocol, g.port); says != "" {
				out.verdict, out.groups = supported, append(out.groups, g)
				out.facts = append(out.facts, evidence(callTargetGroups, "targetGroups["+g.name+"]",
					fmt.Sprintf("protocol %s, port %d", g.protocol, g.port)))
			}
		}
		return out
	}
	rest := func(p *picture, o outbreak) opinion {
		if odd(p, o).verdict == supported {
			return opinion{}
		}
		return opinion{verdict: possible, groups: p.tlsGroups(o)}
	}
	return []cause{
		{text: "the target group speaks HTTPS to a port where programs usually speak plain HTTP", judge: odd,
			decides: diag.Step{
				Text: "Ask a target in plain HTTP and in HTTPS: the protocol of the target group must be the one that answers."}},
		{text: "targets speak plain HTTP, to which HTTPS is spoken", judge: rest},
		{text: "no TLS version or cipher is common to both", judge: rest, decides: diag.Step{
			Text: "Ask a target over TLS and read what it offers. The load balancer does not check the target's certificate: an " +
				"expired or unknown one is no cause.", Command: "openssl s_client -connect <target>:<port> </dev/null"}},
	}
}

// tlsGroups are the groups whose targets are spoken to over TLS, those with failed handshakes if any are counted.
func (p *picture) tlsGroups(o outbreak) []groupPicture {
	if counted := p.groupsWith("TargetTLSNegotiationErrorCount", o); len(counted) > 0 {
		return counted
	}
	return slices.DeleteFunc(slices.Clone(p.groups),
		func(g groupPicture) bool { return g.protocol != types.ProtocolEnumHttps })
}
