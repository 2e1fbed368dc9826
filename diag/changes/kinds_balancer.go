package changes

import (
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// balancerKinds are the events of Elastic Load Balancing and of certificates.
func balancerKinds() []kind {
	const elb = "elasticloadbalancing:"
	group := ids(typeTargetGroup, "targetGroupArn")
	balancer := ids(typeLoadBalancer, "loadBalancerArn")
	const shift = "arc-zonal-shift:" // "StartZonalShift", "UpdateZonalShift", Zonal Shift API Reference
	return []kind{
		{elb + "ModifyListener", "listener-changed", "changed a listener{detail} of {target}", balancerOf, listens, nil},
		{elb + "CreateListener", "listener-changed", "created a listener{detail} on {target}", balancerOf, listens, nil},
		{elb + "DeleteListener", "listener-deleted", "deleted a listener{detail} of {target}", balancerOf, listens, nil},
		{elb + "ModifyRule", "listener-changed", "changed a listener rule{detail} of {target}", balancerOf, forwards, nil},
		{elb + "CreateRule", "listener-changed", "created a listener rule{detail} on {target}", balancerOf, forwards,
			deleteRule},
		{elb + "DeleteRule", "listener-deleted", "deleted a listener rule{detail} of {target}", balancerOf, forwards, nil},
		{elb + "SetRulePriorities", "listener-changed", "reordered the listener rules of {target}", balancerOf, nil, nil},
		{elb + "AddListenerCertificates", "listener-changed", "added a certificate to {target}", balancerOf, nil, nil},
		{elb + "RemoveListenerCertificates", "listener-deleted", "removed a certificate{detail} from {target}", balancerOf,
			param("certificates.certificateArn"), nil},
		{elb + "ModifyTargetGroup", "target-group-changed", "changed {target}{detail}", group, settings, nil},
		{elb + "ModifyTargetGroupAttributes", "target-group-attributes-changed", "changed {target}{detail}", group,
			attributes, nil},
		{elb + "CreateTargetGroup", "target-group-changed", "created {target}",
			ids(typeTargetGroup, "=targetGroups.targetGroupArn"), nil, nil},
		{elb + "DeleteTargetGroup", "target-group-deleted", "deleted {target}", group, nil, nil},
		{elb + "DeregisterTargets", "targets-deregistered", "took targets{detail} out of {target}", group, targets, register},
		{elb + "RegisterTargets", "targets-registered", "put targets{detail} into {target}", group, targets, deregister},
		{elb + "ModifyLoadBalancerAttributes", "load-balancer-changed", "changed {target}{detail}", balancer, attributes,
			nil},
		{elb + "SetSecurityGroups", "load-balancer-changed", "gave {target} other security groups{detail}", balancer,
			listOf("securityGroups"), nil},
		{elb + "SetSubnets", "load-balancer-changed", "gave {target} other subnets{detail}", balancer,
			listOf("subnets", "subnetMappings.subnetId"), nil},
		{elb + "SetIpAddressType", "load-balancer-changed", "set the address type of {target}{detail}", balancer,
			param("ipAddressType"), nil},
		{shift + "StartZonalShift", "load-balancer-changed", "shifted the traffic of {target} away from a zone{detail}", shifted,
			param("awayFrom"), nil},
		{shift + "UpdateZonalShift", "load-balancer-changed", "changed a zonal shift of {target}{detail}", shifted,
			param("expiresIn"), nil},
		{elb + "DeleteLoadBalancer", "load-balancer-deleted", "deleted {target}", balancer, nil, nil},
		{"acm:DeleteCertificate", "certificate-deleted", "deleted {target}", ids(typeCertificate, "certificateArn"), nil,
			nil},
		{"iam:DeleteServerCertificate", "certificate-deleted", "deleted the server certificate{detail}", (*call).listed,
			param("serverCertificateName"), nil},
	}
}

// shifted names the load balancer of a zonal shift, which may be of another kind of resource: then the event lists it. The
// answer names the resource where only the id of the shift was given.
func shifted(c *call) []diag.Resource {
	for _, path := range []string{"resourceIdentifier", "=resourceIdentifier"} {
		if found := ids(typeLoadBalancer, path)(c); len(found) > 0 && strings.Contains(found[0].ARN, ":loadbalancer/") {
			return found
		}
	}
	return c.listed()
}

// balancerOf names the load balancer of a listener or rule, whose ARNs hold its name: "…:listener/app/web/lb-id/id".
func balancerOf(c *call) []diag.Resource {
	if found := ids(typeLoadBalancer, "loadBalancerArn")(c); len(found) > 0 {
		return found
	}
	for _, path := range []string{"listenerArn", "ruleArn", "rulePriorities.ruleArn"} {
		ref := c.params.first(path)
		head, tail, ok := strings.Cut(ref, ":listener")
		parts := strings.Split(tail, "/") // "", or "-rule", then app, name, id, …
		if ok && len(parts) >= 4 {
			return []diag.Resource{c.resource(typeLoadBalancer, head+":loadbalancer/"+strings.Join(parts[1:4], "/"))}
		}
	}
	return nil
}

// listens tells of a listener what the call set.
func listens(c *call) string {
	var parts []string
	if s := strings.TrimSpace(c.params.first("protocol") + " " + c.params.first("port")); s != "" {
		parts = append(parts, s)
	}
	if s := actions(c.params.get("defaultActions")); s != "" {
		parts = append(parts, s)
	}
	if cert := c.params.first("certificates.certificateArn"); cert != "" {
		parts = append(parts, "certificate "+lastPart(cert))
	}
	if policy := c.params.first("sslPolicy"); policy != "" {
		parts = append(parts, "TLS policy "+policy)
	}
	return some(parts)
}

// forwards tells where a rule sends requests.
func forwards(c *call) string {
	var parts []string
	if p := c.params.first("priority"); p != "" {
		parts = append(parts, "priority "+p)
	}
	if s := actions(c.params.get("actions")); s != "" {
		parts = append(parts, s)
	}
	if len(c.params.get("conditions").list()) > 0 {
		parts = append(parts, "conditions")
	}
	return some(parts)
}

// actions tells what a listener or rule does with a request.
func actions(list node) string {
	var parts []string
	for _, a := range list.list() {
		groups := append(a.all("targetGroupArn"), a.all("forwardConfig.targetGroups.targetGroupArn")...)
		var names []string
		for _, g := range groups {
			if name := idOf(typeTargetGroup, afterLast(g, ":")); name != "" && !contains(names, name) {
				names = append(names, name)
			}
		}
		if to := a.get("redirectConfig"); to.get("port").str() != "" {
			names = append(names, strings.TrimLeft(to.get("protocol").str()+":"+to.get("port").str(), ":"))
		}
		if code := a.get("fixedResponseConfig").get("statusCode").str(); code != "" {
			names = append(names, code)
		}
		parts = append(parts, oneLine(a.get("type").str()+" "+strings.Join(names, ", ")))
	}
	return strings.Join(parts, ", ")
}

// targets lists targets as "10.0.1.7:8080".
func targets(c *call) string {
	var parts []string
	for _, t := range c.params.get("targets").list() {
		s := t.get("id").str()
		if port := t.get("port").str(); port != "" {
			s += ":" + port
		}
		parts = append(parts, s)
	}
	return some(parts)
}

// attributes lists what a call set in lists of key and value.
func attributes(c *call) string {
	var parts []string
	for _, a := range c.params.get("attributes").list() {
		parts = append(parts, oneLine(a.get("key").str()+" "+shown(a.get("key").str(), a.get("value").str())))
	}
	return some(parts)
}
