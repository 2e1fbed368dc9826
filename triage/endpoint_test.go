package triage_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/probe"
	"github.com/awsdiag/awsdiag/diag/probe/probefake"
	"github.com/awsdiag/awsdiag/triage"
)

const nodeAddress = "198.51.100.77"

// alias is a world whose load balancer has a name of its own, seen from a network that may be probed.
func alias(t *testing.T, status int) (*world, triage.Scope, *probefake.Client) {
	w := newWorld(t)
	_, tail, _ := strings.Cut(*w.ELB.LoadBalancers[0].LoadBalancerArn, ":loadbalancer/")
	w.EC2.NetworkInterfaces = append(w.EC2.NetworkInterfaces, ec2types.NetworkInterface{
		NetworkInterfaceId: aws.String("eni-0node"), VpcId: w.ELB.LoadBalancers[0].VpcId,
		Description: aws.String("ELB " + tail),
		Association: &ec2types.NetworkInterfaceAssociation{PublicIp: aws.String(nodeAddress)}})
	network := &probefake.Client{Hosts: map[string][]string{"booking.example.com": {nodeAddress}},
		Ports: map[string]probefake.Port{nodeAddress +
			":80": {Pages: map[string]probe.Response{"/quotes": {Status: status}}}}}
	scope := w.Scope()
	scope.Clients.Probe = network
	return w, scope, network
}

func askURL(t *testing.T, w *world, scope triage.Scope, target string) (*diag.Report, error) {
	return triage.Investigate(t.Context(), []triage.Scope{scope}, triage.Symptom{Kind: triage.HTTP503, Target: target,
		Since: w.ago(30 * time.Minute)}, triage.Options{Now: w.now})
}

// TestEndpointBehindAnAlias starts from a URL whose name tells nothing: the address leads to the load balancer, and the
// walk goes on to what is broken behind it.
func TestEndpointBehindAnAlias(t *testing.T) {
	w, scope, _ := alias(t, 503)
	w.down("quotes", 40*time.Minute)
	w.service("quotes").DesiredCount = 2
	w.errors("503", 40*time.Minute, 50)
	for _, ago := range []time.Duration{42 * time.Minute, 30 * time.Minute, 20 * time.Minute} {
		w.event("quotes", ago, "was unable to place a task. Reason: RESOURCE:MEMORY.")
	}
	report, err := askURL(t, w, scope, "http://booking.example.com/quotes")
	require.NoError(t, err)
	var codes []string
	for _, f := range report.Findings {
		codes = append(codes, string(f.Code))
	}
	assert.Contains(t, codes, "probe.http-unavailable")
	require.NotEmpty(t, report.Roots())
	assert.NotEqual(t, "Network::Endpoint", report.Roots()[0].Resource.Type, told(report.Roots()))
	assert.Contains(t, strings.ToLower(told(report.Roots()[:1])), "quotes")
}

func TestSoundEndpoint(t *testing.T) {
	w, scope, _ := alias(t, 200)
	report, err := askURL(t, w, scope, "http://booking.example.com/quotes")
	require.NoError(t, err)
	assert.Less(t, report.Worst(), diag.SeverityWarning, "%s", report)
	assert.NoError(t, report.Err())
}

// TestEndpointNotProbed goes by the name alone where the scope may not probe.
func TestEndpointNotProbed(t *testing.T) {
	w, scope, network := alias(t, 200)
	scope.Clients.Probe = nil
	report, err := askURL(t, w, scope, "http://dualstack."+*w.ELB.LoadBalancers[0].DNSName+"/quotes")
	require.NoError(t, err)
	assert.NoError(t, report.Err())
	assert.Equal(t, "Network::Endpoint", report.Focus.Type)
	assert.True(t, slices.ContainsFunc(report.Links, func(l diag.Link) bool {
		return l.Role == "answered by" && l.To.Type == targetLoadBalancer
	}))

	report, err = askURL(t, w, scope, "http://booking.example.com/quotes")
	require.NoError(t, err)
	assert.ErrorContains(t, report.Err(), "no Probe")
	assert.Empty(t, network.Calls())
}

func TestBadEndpoint(t *testing.T) {
	w, scope, _ := alias(t, 200)
	_, err := askURL(t, w, scope, "ftp://booking.example.com/")
	assert.Equal(t, diag.KindInvalid, diag.KindOf(err))
	assert.ErrorContains(t, err, `"ftp"`)
}
