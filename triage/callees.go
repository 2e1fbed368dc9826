package triage

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/logs"
	"github.com/awsdiag/awsdiag/ecsdiag"
)

// A service that calls another one depends on it, and no AWS call tells who calls whom. Its log tells, once the calls
// fail.

// maxCallees bounds the services that one name may stand for: a name that fits more of them names none.
const maxCallees = 2

// unanswered are the causes of log entries about calls to another program that fail.
var unanswered = []string{"upstream-refused", "upstream-timeout", "upstream-unreachable", "upstream-denied",
	"dns-failure",
	"http-server-error", "connection-reset", "unhandled-exception"}

var (
	// calledURL finds the host of a URL.
	calledURL = regexp.MustCompile(`(?i)\b(?:https?|wss?|grpcs?|tcp)://([a-z0-9][a-z0-9.-]*)`)
	// calledName finds hosts in the words of resolvers, proxies and clients.
	calledName = regexp.MustCompile(`(?i)(?:\blookup|\bENOTFOUND|\bEAI_AGAIN|UnknownHostException:|` +
		`\b(?:host|upstream|server|backend|authority)[=:]|host not found in upstream|translate host name|resolve host:?)` +
		`\s*["'\\]*([a-z0-9][a-z0-9.-]*[a-z][a-z0-9.-]*)`)
	// privateSuffix are the ends of names that only a network of one's own knows.
	privateSuffix = regexp.MustCompile(`(?i)\.(?:local|internal|intern|int|lan|private|priv|svc|corp|consul|sd|mesh|home\.arpa)$`)
)

// callees leads from a service whose log tells of calls that fail to the ECS services and load balancers that it calls.
// It costs nothing where the log tells of none.
func (s *Scene) callees(from diag.Resource) *diag.Survey[*logs.Group] {
	return &diag.Survey[*logs.Group]{
		Name: "triage.callees",
		Actions: []string{"ecs:DescribeServices", "ecs:DescribeTaskDefinition", "ecs:ListClusters", "ecs:ListServices",
			"elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeTargetGroups", "logs:FilterLogEvents"},
		Links: func(ctx context.Context, group *logs.Group) ([]diag.Link, error) {
			breakdown, _ := group.Breakdown(ctx) // an incomplete one is told by the group's own checks
			hosts, err := s.calledHosts(ctx, s.Service(from), breakdown)
			if len(hosts) == 0 {
				return nil, err
			}
			var links []diag.Link
			errs := []error{err}
			for _, host := range hosts {
				found, err := s.calledAt(ctx, from, host)
				links, errs = append(links, linksTo(from, found, "calls")...), append(errs, err)
			}
			return links, errors.Join(errs...)
		},
	}
}

// calledHosts are the hosts that a log names where calls fail, sorted. Where it names none, such as where it has an
// address only, they are those of the environment of the service that calls.
func (s *Scene) calledHosts(ctx context.Context, service *ecsdiag.Service, b *logs.Breakdown) ([]string, error) {
	var hosts []string
	if b == nil {
		return nil, nil
	}
	nameless := false
	for _, t := range b.Tallies {
		if t.Cause == nil || !slices.Contains(unanswered, t.Cause.Stem) {
			continue
		}
		named := len(hosts)
		for _, hit := range t.Hits[:min(len(t.Hits), maxDenials)] {
			hosts = append(hosts, hostsIn(hit.Text)...)
		}
		nameless = nameless || named == len(hosts) && strings.HasPrefix(t.Cause.Stem, "upstream-")
	}
	if nameless {
		definition, err := service.TaskDefinition(ctx)
		if err != nil {
			return nil, err
		}
		for _, c := range definition.ContainerDefinitions {
			for _, e := range c.Environment {
				hosts = append(hosts, hostsIn(aws.ToString(e.Value))...)
			}
		}
	}
	slices.Sort(hosts)
	return slices.Compact(hosts), nil
}

// hostsIn finds the hosts in a text that a service or a load balancer of one's own may answer to.
func hostsIn(text string) []string {
	var hosts []string
	for _, re := range []*regexp.Regexp{calledURL, calledName} {
		for _, m := range re.FindAllStringSubmatch(text, 16) {
			host := strings.ToLower(strings.Trim(m[1], ".-"))
			if ownName(host) && !slices.Contains(hosts, host) {
				hosts = append(hosts, host)
			}
		}
	}
	return hosts
}

// noNames stand where names do and are none of a service: schemes of URLs, and one's own machine.
var noNames = []string{"localhost", "http", "https", "ws", "wss", "grpc", "grpcs", "tcp"}

// ownName reports a host name that is no public one: a name without dots or of a private zone, or that of a load
// balancer.
func ownName(host string) bool {
	if slices.Contains(noNames, host) || !strings.ContainsFunc(host, unicode.IsLetter) {
		return false
	}
	return !strings.Contains(host, ".") || strings.Contains(host, ".elb.") || privateSuffix.MatchString(host)
}

// calledAt finds what answers at a host: a load balancer, or the services that Service Connect or service discovery
// gives the name to.
func (s *Scene) calledAt(ctx context.Context, from diag.Resource, host string) ([]diag.Resource, error) {
	if strings.Contains(host, ".elb.") {
		return s.calledBehind(ctx, from, host)
	}
	services, err := s.services.Services(ctx)
	var exact, alike []diag.Resource
	for _, service := range services {
		described, describeErr := service.Describe(ctx)
		r := service.Resource()
		switch {
		case describeErr != nil || r.ID == from.ID:
		case connectedAs(described, host):
			exact = append(exact, r)
		case calledLike(described, host):
			alike = append(alike, r)
		}
	}
	if len(exact) > 0 {
		return exact, nil
	}
	if len(alike) > maxCallees {
		return nil, err
	}
	return alike, err
}

// calledBehind finds a load balancer by its name, and the services behind it: which of them a call was for stands in
// its rules and in the call's path, and those that are well say nothing.
func (s *Scene) calledBehind(ctx context.Context, from diag.Resource, host string) ([]diag.Resource, error) {
	found, err := s.answering(ctx, host)
	errs := []error{err}
	var behind []diag.Resource
	for _, r := range found {
		scene := s.sceneOf(r)
		groups, err := scene.LoadBalancer(r).TargetGroups(ctx)
		errs = append(errs, err)
		for _, tg := range groups {
			arn, arnErr := tg.ARN(ctx)
			services, err := scene.services.ServicesOf(ctx, arn)
			errs = append(errs, arnErr, err)
			for _, service := range services {
				if service.Resource().ID != from.ID {
					behind = append(behind, service.Resource().In(r.Account, r.Region))
				}
			}
		}
	}
	return append(found, behind...), errors.Join(errs...)
}

// connectedAs reports a service that Service Connect gives a name to ("ServiceConnectService", Amazon ECS API
// Reference): that of a client alias, or the discovery name in its namespace.
func connectedAs(service *types.Service, host string) bool {
	for _, d := range service.Deployments {
		if d.ServiceConnectConfiguration == nil || aws.ToString(d.Status) != "PRIMARY" {
			continue
		}
		for _, c := range d.ServiceConnectConfiguration.Services {
			if name := strings.ToLower(aws.ToString(c.DiscoveryName)); name != "" &&
				(host == name || strings.HasPrefix(host, name+".")) {
				return true
			}
			for _, alias := range c.ClientAliases {
				if alias.DnsName != nil && strings.EqualFold(*alias.DnsName, host) {
					return true
				}
			}
		}
	}
	return false
}

// calledLike reports a service whose own name or container has the words of the first label of a host, in their order.
// The name that service discovery gives it stands in Cloud Map alone, which is not asked.
func calledLike(service *types.Service, host string) bool {
	label, _, _ := strings.Cut(host, ".")
	for _, b := range service.LoadBalancers {
		if strings.EqualFold(aws.ToString(b.ContainerName), label) {
			return true
		}
	}
	want, have := namedWords(label), namedWords(aws.ToString(service.ServiceName))
	for i := 0; len(want) > 0 && i+len(want) <= len(have); i++ {
		if slices.Equal(want, have[i:i+len(want)]) {
			return true
		}
	}
	return false
}

// namedWords splits a name in kebab, snake or camel case into lower-case words.
func namedWords(name string) []string {
	var b strings.Builder
	previous := '-'
	for _, r := range name {
		if unicode.IsUpper(r) && !unicode.IsUpper(previous) {
			b.WriteByte(' ')
		}
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			r = ' '
		}
		b.WriteRune(unicode.ToLower(r))
		previous = r
	}
	return strings.Fields(b.String())
}
