package triage

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/awsdiag/awsdiag/diag"
)

// reader takes what it recognises out of a text, so that nothing is read twice: the account id in an ARN is no time,
// and the number in a host name no status.
type reader struct {
	rest  []byte
	found []mention
}

// mention is a resource and where it stands.
type mention struct {
	at int
	diag.Resource
}

func newReader(text string) *reader { return &reader{rest: []byte(text[:min(len(text), maxNotice)])} }

// take calls f with each match of a pattern, and blanks the matches that f accepts.
func (r *reader) take(p *regexp.Regexp, f func(at int, groups []string) bool) {
	for _, m := range p.FindAllSubmatchIndex(r.rest, -1) {
		groups := make([]string, len(m)/2)
		for i := range groups {
			if m[2*i] >= 0 {
				groups[i] = string(r.rest[m[2*i]:m[2*i+1]])
			}
		}
		if f(m[0], groups) {
			for i := m[0]; i < m[1]; i++ {
				if r.rest[i] != '\n' {
					r.rest[i] = ' '
				}
			}
		}
	}
}

func (r *reader) see(at int, res diag.Resource) { r.found = append(r.found, mention{at, res}) }

var (
	// \x{FFFD} stands for bytes that are no UTF-8.
	arnText = regexp.MustCompile(`\barn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:\d{0,12}:[^\s"'<>,;|(){}\[\]\\\x{FFFD}]+`)
	// Host names of load balancers: name-number.region.elb.amazonaws.com, and of network load balancers
	// name-hex.elb.region.amazonaws.com ("DNS name", Elastic Load Balancing user guides).
	albHost = regexp.MustCompile(`(?i)\b(?:dualstack\.)?((?:internal-)?[a-z0-9-]+)-\d{4,}\.([a-z]{2}[a-z-]*-\d)\.elb\.amazonaws\.com`)
	nlbHost = regexp.MustCompile(`(?i)\b([a-z0-9-]+)-[0-9a-f]{16}\.elb\.([a-z]{2}[a-z-]*-\d)\.amazonaws\.com`)
	// Endpoints of databases: name.hash.region.rds.amazonaws.com; that of a cluster begins its hash with cluster-
	// ("Finding the connection information", Amazon RDS and Aurora user guides).
	dbHost = regexp.MustCompile(`(?i)\b([a-z][a-z0-9-]*)\.(cluster-ro-|cluster-custom-|cluster-|proxy-)?[a-z0-9]{8,}\.([a-z]{2}[a-z-]*-\d)\.rds\.amazonaws\.com`)
	// Dimensions of CloudWatch metrics and resource parts without the head of the ARN.
	lbTail = regexp.MustCompile(`\b(?:loadbalancer/)?(?:app|net|gwy)/([A-Za-z0-9-]{1,32})/[0-9a-f]{16}\b`)
	tgTail = regexp.MustCompile(`\btargetgroup/([A-Za-z0-9-]{1,32})/[0-9a-f]{16}\b`)
	ec2ID  = regexp.MustCompile(`\b(i|sg|subnet|eni|vpc|nat|rtb|acl|igw|vpce|vol)-(?:[0-9a-f]{17}|[0-9a-f]{8})\b`)
)

var ec2Types = map[string]string{
	"i": typeInstance, "sg": "AWS::EC2::SecurityGroup", "subnet": typeSubnet, "eni": "AWS::EC2::NetworkInterface",
	"vpc": "AWS::EC2::VPC", "nat": "AWS::EC2::NatGateway", "rtb": "AWS::EC2::RouteTable", "acl": "AWS::EC2::NetworkAcl",
	"igw": "AWS::EC2::InternetGateway", "vpce": "AWS::EC2::VPCEndpoint", "vol": "AWS::EC2::Volume",
}

// resources returns the resources that the text names, each once, in order.
func (r *reader) resources() []diag.Resource {
	r.take(arnText, func(at int, g []string) bool {
		res, ok := resourceIn(strings.TrimRight(g[0], ".:`*_"))
		if ok {
			r.see(at, res)
		}
		return ok
	})
	r.hosts()
	r.take(lbTail,
		func(at int, g []string) bool { r.see(at, diag.Resource{Type: typeLoadBalancer, ID: g[1]}); return true })
	r.take(tgTail,
		func(at int, g []string) bool { r.see(at, diag.Resource{Type: typeTargetGroup, ID: g[1]}); return true })
	r.named()
	r.take(ec2ID, func(at int, g []string) bool { r.see(at, diag.Resource{Type: ec2Types[g[1]], ID: g[0]}); return true })
	return once(r.found)
}

func (r *reader) hosts() {
	r.take(albHost, func(at int, g []string) bool {
		name := g[1] // no load balancer may be called internal-…: AWS puts it in front of the names of internal ones
		if len(name) > len("internal-") && strings.EqualFold(name[:len("internal-")], "internal-") {
			name = name[len("internal-"):]
		}
		r.see(at, diag.Resource{Type: typeLoadBalancer, ID: name, Region: strings.ToLower(g[2])})
		return true
	})
	r.take(nlbHost, func(at int, g []string) bool {
		r.see(at, diag.Resource{Type: typeLoadBalancer, ID: g[1], Region: strings.ToLower(g[2])})
		return true
	})
	r.take(dbHost, func(at int, g []string) bool {
		typ := typeDBInstance
		switch kind := strings.ToLower(g[2]); {
		case strings.HasPrefix(kind, "cluster-custom"):
			return true // names an endpoint, not its cluster
		case strings.HasPrefix(kind, "cluster"):
			typ = typeDBCluster
		case kind != "":
			typ = "AWS::RDS::DBProxy"
		}
		r.see(at, diag.Resource{Type: typ, ID: strings.ToLower(g[1]), Region: strings.ToLower(g[3])})
		return true
	})
}

// moreARNs are kinds of ARNs beside those that an investigation starts from.
var moreARNs = []struct {
	service, typ string
	resource     *regexp.Regexp
	id           string
}{
	{"elasticloadbalancing", typeLoadBalancer, regexp.MustCompile(`^listener(?:-rule)?/(?:app|net|gwy)/([^/]+)/`), "$1"},
	{"ecs", typeService, regexp.MustCompile(`^service/([^/]+)$`), "$1"}, // before 2018, without the cluster
	{"ecs", typeService, regexp.MustCompile(`^(?:task-set|service-deployment|service-revision)/([^/]+)/([^/]+)/`),
		"$1/$2"},
	{"ecs", typeCluster, regexp.MustCompile(`^container-instance/([^/]+)/[^/]+$`), "$1"},
	{"rds", typeDBInstance, regexp.MustCompile(`^db:(.+)$`), "$1"},
	{"rds", typeDBCluster, regexp.MustCompile(`^cluster:(.+)$`), "$1"},
	{"lambda", typeFunction, regexp.MustCompile(`^function:([^:]+)`), "$1"},
	{"iam", "AWS::IAM::Role", regexp.MustCompile(`^role/(?:.*/)?([^/]+)$`), "$1"},
	{"secretsmanager", "AWS::SecretsManager::Secret", regexp.MustCompile(`^secret:(.+)$`), "$1"},
	{"ssm", "AWS::SSM::Parameter", regexp.MustCompile(`^parameter(/.+)$`), "$1"},
	{"ecr", "AWS::ECR::Repository", regexp.MustCompile(`^repository/(.+)$`), "$1"},
	{"cloudwatch", "AWS::CloudWatch::Alarm", regexp.MustCompile(`^alarm:(.+)$`), "$1"},
	{"ec2", "AWS::EC2::SecurityGroup", regexp.MustCompile(`^security-group/(sg-[0-9a-f]+)$`), "$1"},
	{"ec2", typeSubnet, regexp.MustCompile(`^subnet/(subnet-[0-9a-f]+)$`), "$1"},
	{"ec2", "AWS::EC2::VPC", regexp.MustCompile(`^vpc/(vpc-[0-9a-f]+)$`), "$1"},
}

// resourceIn returns the resource that an ARN leads to. The ARN is kept where it is the resource's own.
func resourceIn(text string) (diag.Resource, bool) {
	a, err := arn.Parse(text)
	if err != nil || a.Resource == "" {
		return diag.Resource{}, false
	}
	if r, err := resourceOfARN(text); err == nil && r.Type != "" {
		return r, true
	}
	for _, f := range moreARNs {
		if m := f.resource.FindStringSubmatchIndex(a.Resource); m != nil && a.Service == f.service {
			r := diag.Resource{Type: f.typ, ID: string(f.resource.ExpandString(nil, f.id, a.Resource, m)), Account: a.AccountID,
				Region: a.Region}
			if f.typ != typeLoadBalancer && f.typ != typeCluster && f.typ != typeService {
				r.ARN = text
			}
			return r, true
		}
	}
	return diag.ResourceOf("", a.Resource, text), true
}

// once sorts by place and keeps the first mention of each resource. A service with its cluster stands for the same
// service without.
func once(found []mention) []diag.Resource {
	slices.SortStableFunc(found, func(a, b mention) int { return cmp.Compare(a.at, b.at) })
	var out []diag.Resource
	for _, m := range found {
		i := slices.IndexFunc(out, func(o diag.Resource) bool { return sameMention(o, m.Resource) })
		if i < 0 {
			out = append(out, m.Resource)
			continue
		}
		if len(m.ID) > len(out[i].ID) {
			out[i].ID = m.ID
		}
		out[i] = out[i].In(m.Account, m.Region)
		out[i].ARN = cmp.Or(out[i].ARN, m.ARN)
	}
	return out
}

func sameMention(a, b diag.Resource) bool {
	if a.Type != b.Type || (a.Account != "" && b.Account != "" && a.Account != b.Account) ||
		(a.Region != "" && b.Region != "" && a.Region != b.Region) {
		return false
	}
	return a.ID == b.ID || (a.Type == typeService &&
		(strings.HasSuffix(a.ID, "/"+b.ID) || strings.HasSuffix(b.ID, "/"+a.ID)))
}
