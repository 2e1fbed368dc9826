package triage_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	ec2 "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	ecs "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/triage"
)

// TestPlainNames: whatever goes by a name is found by it, and where several resources share one, the symptom decides.
func TestPlainNames(t *testing.T) {
	const twin = "twin"
	name := func(w *world, i int, name string) {
		w.EC2.Instances[i].Tags = []ec2.Tag{{Key: aws.String("Name"), Value: aws.String(name)}}
	}
	for _, tt := range []struct {
		name, target string
		kind         triage.SymptomKind
		change       func(*world)
		typ, says    string // the type of the resource found, or words of the error
	}{
		{"database", "bookingprod-db-bdde974a88e3", triage.DBSlow, nil, "AWS::RDS::DBInstance", ""},
		{"instance by its tag", "web host", triage.InstanceUnreachable, func(w *world) { name(w, 0, "web host") },
			"AWS::EC2::Instance", ""},
		{"instance of which an ended one had the name too", "web", triage.Unknown, func(w *world) {
			name(w, 0, "web")
			name(w, 1, "web")
			w.EC2.Instances[1].State = &ec2.InstanceState{Name: ec2.InstanceStateNameTerminated}
		}, "AWS::EC2::Instance", ""},
		{"two instances", "web", triage.SSMUnreachable, func(w *world) { name(w, 0, "web"); name(w, 1, "web") }, "",
			"is ambiguous"},
		{"no wildcard", "we*", triage.SSMUnreachable, func(w *world) { name(w, 0, "web") }, "", "no load balancer"},
		{"Auto Scaling group", "hosts", triage.Unknown, func(w *world) {
			w.AutoScaling.Groups = append(w.AutoScaling.Groups,
				types.AutoScalingGroup{AutoScalingGroupName: aws.String("hosts")})
		}, "AWS::AutoScaling::AutoScalingGroup", ""},
		{"a database and an instance, the database is slow", twin, triage.DBSlow, func(w *world) {
			name(w, 0, twin)
			w.RDS.DBInstances[0].DBInstanceIdentifier = aws.String(twin)
		}, "AWS::RDS::DBInstance", ""},
		{"a database and an instance, the instance does not answer", twin, triage.InstanceUnreachable, func(w *world) {
			name(w, 0, twin)
			w.RDS.DBInstances[0].DBInstanceIdentifier = aws.String(twin)
		}, "AWS::EC2::Instance", ""},
		{"a database and an instance, and nobody says what", twin, triage.Unknown, func(w *world) {
			name(w, 0, twin)
			w.RDS.DBInstances[0].DBInstanceIdentifier = aws.String(twin)
		}, "", "AWS::RDS::DBInstance twin"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			if tt.change != nil {
				tt.change(w)
			}
			report, err := triage.Investigate(t.Context(), []triage.Scope{w.Scope()},
				triage.Symptom{Kind: tt.kind, Target: tt.target}, triage.Options{Now: w.now})
			if tt.says != "" {
				require.ErrorContains(t, err, tt.says)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, tt.typ, report.Focus.Type)
		})
	}
}

// TestAddresses: an address or a host name leads to what has it.
func TestAddresses(t *testing.T) {
	const address = "100.64.7.9" // carriers' range, which a VPC may use too
	at := func(w *world, n ec2.NetworkInterface) string {
		n.NetworkInterfaceId, n.PrivateIpAddress = aws.String("eni-0a1b2c3d4e5f60718"), aws.String(address)
		w.EC2.NetworkInterfaces = append(w.EC2.NetworkInterfaces, n)
		return address
	}
	for _, tt := range []struct {
		name      string
		target    func(*world) string
		typ, says string
	}{
		{"endpoint of a database", func(w *world) string { return *w.RDS.DBInstances[0].Endpoint.Address },
			"AWS::RDS::DBInstance", ""},
		{"endpoint and port", func(w *world) string { return *w.RDS.DBInstances[0].Endpoint.Address + ":5432" },
			"AWS::RDS::DBInstance", ""},
		{"name of a load balancer", func(w *world) string { return *w.ELB.LoadBalancers[0].DNSName },
			"AWS::ElasticLoadBalancingV2::LoadBalancer", ""},
		{"instance", func(w *world) string {
			return at(w,
				ec2.NetworkInterface{Attachment: &ec2.NetworkInterfaceAttachment{InstanceId: w.EC2.Instances[0].InstanceId}})
		}, "AWS::EC2::Instance", ""},
		{"node of a load balancer", func(w *world) string {
			_, tail, _ := strings.Cut(*w.ELB.LoadBalancers[0].LoadBalancerArn, ":loadbalancer/")
			return at(w, ec2.NetworkInterface{Description: aws.String("ELB " + tail)})
		}, "AWS::ElasticLoadBalancingV2::LoadBalancer", ""},
		{"task", func(w *world) string {
			task := &w.ECS.Tasks[slices.IndexFunc(w.ECS.Tasks, func(t ecs.Task) bool {
				return aws.ToString(t.LastStatus) == "RUNNING" && strings.HasPrefix(aws.ToString(t.Group), "service:")
			})]
			task.Attachments = []ecs.Attachment{{Type: aws.String("ElasticNetworkInterface"), Details: []ecs.KeyValuePair{
				{Name: aws.String("networkInterfaceId"), Value: aws.String("eni-0a1b2c3d4e5f60718")}}}}
			return at(w, ec2.NetworkInterface{Description: aws.String("arn:aws:ecs:eu-south-1:" + booking + ":attachment/0f1e")})
		}, "AWS::ECS::Service", ""},
		{"NAT gateway", func(w *world) string {
			return at(w, ec2.NetworkInterface{Description: aws.String("Interface for NAT Gateway nat-0a1b")})
		}, "", "Interface for NAT Gateway nat-0a1b"},
		{"nobody's", func(*world) string { return "10.255.255.1" }, "", "has that name or address"},
		{"a host of somebody else, which may not be looked up", func(*world) string { return "shop.example.com" }, "",
			"has that name or address"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			symptom := triage.Symptom{Kind: triage.Unknown, Target: tt.target(w)}
			report, err := triage.Investigate(t.Context(), []triage.Scope{w.Scope()}, symptom, triage.Options{Now: w.now})
			if tt.says != "" {
				require.ErrorContains(t, err, tt.says)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, tt.typ, report.Focus.Type)
		})
	}
}

// TestHostWithoutScheme: a bare host name is asked for as a browser would.
func TestHostWithoutScheme(t *testing.T) {
	w, scope, network := alias(t, 503)
	network.Ports[nodeAddress+":443"] = network.Ports[nodeAddress+":80"]
	report, err := askURL(t, w, scope, "booking.example.com")
	require.NoError(t, err)
	assert.Equal(t, "https://booking.example.com/", report.Focus.ID)
}
