package triage

import (
	"context"
	"errors"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/probe"
	"github.com/awsdiag/awsdiag/ec2diag"
)

// endpointResource reads the address of an endpoint: an HTTP address, tls://host:port or host:port.
func endpointResource(address string) (diag.Resource, error) {
	e := probe.NewEndpoint(address, diag.Window{})
	if err := e.Valid(); err != nil {
		return diag.Resource{}, diag.Errorf(diag.KindInvalid, "target: %w", err)
	}
	return e.Resource(), nil
}

// endpointPlan asks an endpoint, if the scope may, and goes on with the load balancer or database that answers there.
func endpointPlan(s *Scene, r, _ diag.Resource) diag.Plan {
	network := s.Scope.Clients.Probe
	endpoint := subject(s, typeEndpoint, r.ID, func() *probe.Endpoint {
		if network == nil {
			return probe.NewEndpoint(r.ID, s.Window) // and asks nothing: only its name counts
		}
		return probe.NewEndpoint(r.ID, s.Window, probe.Through(network))
	})
	plan := diag.Observe(endpoint, s.answeredBy())
	if network == nil {
		return plan
	}
	return diag.Join(plan, diag.On(endpoint, probe.EndpointChecks()...), diag.Observe(endpoint, probe.EndpointSurvey))
}

// answeredBy finds what of AWS answers at an endpoint: by the host name, by the name that it stands for, and by the
// addresses that it resolves to.
func (s *Scene) answeredBy() *diag.Survey[*probe.Endpoint] {
	return &diag.Survey[*probe.Endpoint]{
		Name: "triage.answered-by",
		Actions: []string{"ec2:DescribeNetworkInterfaces", "elasticloadbalancing:DescribeLoadBalancers", "probe:Resolve",
			"rds:DescribeDBClusters", "rds:DescribeDBInstances"},
		Links: func(ctx context.Context, e *probe.Endpoint) ([]diag.Link, error) {
			hosts, addresses, err := s.namesOf(ctx, e)
			errs := []error{err}
			for _, host := range hosts {
				found, err := s.answering(ctx, host)
				if errs = append(errs, err); len(found) > 0 {
					return linksTo(e.Resource(), found, "answered by"), nil
				}
			}
			found, err := s.balancersAt(ctx, addresses)
			if len(found) == 0 && errors.Join(append(errs, err)...) == nil {
				err = diag.Errorf(diag.KindIncomplete, "%s: no load balancer or database of the scopes answers there%s",
					e.Resource().ID, s.unprobed())
			}
			return linksTo(e.Resource(), found, "answered by"), errors.Join(append(errs, err)...)
		},
	}
}

// unprobed says what was left undone where the scope may not probe.
func (s *Scene) unprobed() string {
	if s.Scope.Clients.Probe != nil {
		return ""
	}
	return ", as far as its name tells: it was not looked up, since the scope has no Probe"
}

// namesOf returns the host of an endpoint, what it is another name of, and its addresses, as far as it may be looked
// up.
func (s *Scene) namesOf(ctx context.Context, e *probe.Endpoint) ([]string, []netip.Addr, error) {
	hosts := []string{hostOf(e.Resource().ID)}
	if s.Scope.Clients.Probe == nil {
		return hosts, nil, nil
	}
	resolution, err := e.Resolve(ctx)
	if resolution == nil {
		return hosts, nil, err
	}
	if name := strings.TrimSuffix(resolution.CNAME, "."); name != "" && name != hosts[0] {
		hosts = append(hosts, name)
	}
	return hosts, resolution.Addresses, err
}

// hostOf returns the host of an endpoint's id.
func hostOf(id string) string {
	if !strings.Contains(id, "://") {
		id = "tcp://" + id
	}
	u, err := url.Parse(id)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}

// answering finds the load balancer or database of a host name that AWS gave, in any scope.
func (s *Scene) answering(ctx context.Context, host string) ([]diag.Resource, error) {
	switch {
	case strings.Contains(host, ".elb."):
		return s.anywhere(func(scene *Scene) ([]diag.Resource, error) { return scene.balancersNamed(ctx, host) })
	case strings.Contains(host, ".rds."):
		db, named, err := s.databaseAt(ctx, host)
		if db == nil {
			return nil, err
		}
		return []diag.Resource{named}, nil
	}
	return nil, nil
}

// balancersNamed finds the load balancer with a DNS name. "dualstack." in front of one is the same load balancer
// ("Routing traffic to an ELB load balancer", Route 53 developer guide).
func (s *Scene) balancersNamed(ctx context.Context, host string) ([]diag.Resource, error) {
	all, err := s.balancers.LoadBalancers(ctx)
	for _, lb := range all {
		described, describeErr := lb.Describe(ctx)
		if describeErr == nil && strings.EqualFold(aws.ToString(described.DNSName), strings.TrimPrefix(host, "dualstack.")) {
			return []diag.Resource{lb.Resource()}, nil
		}
	}
	return nil, err
}

// balancersAt finds the load balancers whose nodes have an address: a name of one's own hides which it is.
func (s *Scene) balancersAt(ctx context.Context, addresses []netip.Addr) ([]diag.Resource, error) {
	if len(addresses) == 0 {
		return nil, nil
	}
	return s.anywhere(func(scene *Scene) ([]diag.Resource, error) {
		holders, err := scene.network.Holders(ctx, addresses...)
		var found []diag.Resource
		for _, h := range holders {
			if lb := balancerOf(h); !lb.IsZero() && !slices.Contains(found, lb) {
				found = append(found, lb)
			}
		}
		return found, err
	})
}

// balancerOf returns the load balancer whose node holds an address, zero if it is none.
func balancerOf(h ec2diag.Holder) diag.Resource {
	if tail := h.LoadBalancer(); tail != "" {
		return diag.Resource{Type: typeLoadBalancer, ID: strings.Split(tail, "/")[1]}
	}
	return diag.Resource{}
}

// anywhere looks for resources in this scene and then in the others, and names them in the place where they are.
func (s *Scene) anywhere(look func(*Scene) ([]diag.Resource, error)) ([]diag.Resource, error) {
	var errs []error
	for _, scene := range append([]*Scene{s}, s.others...) {
		found, err := look(scene)
		errs = append(errs, err)
		if len(found) > 0 {
			for i := range found {
				found[i] = found[i].In(scene.Scope.Account, scene.Scope.Region)
			}
			return slices.Clip(found), nil
		}
	}
	return nil, errors.Join(errs...)
}
