package probe_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/probe"
	"github.com/awsdiag/awsdiag/diag/probe/probefake"
)

func TestAddresses(t *testing.T) {
	for _, tt := range []struct{ name, address, id, err string }{
		{"page", "https://user:pw@API.example.com/health?key=1#x", "https://api.example.com/health", ""},
		{"port", "db.example.com:5432", "db.example.com:5432", ""},
		{"address and port", "[2001:db8::1]:443", "[2001:db8::1]:443", ""},
		{"tcp", "tcp://db:5432", "db:5432", ""},
		{"tls", "tls://db:5432", "tls://db:5432", ""},
		{"no port", "db.example.com", "", "no valid port"},
		{"port zero", "db.example.com:0", "", "no valid port"},
		{"port too large", "http://db:70000", "", "no valid port"},
		{"no host", "http:///health", "", "names no host"},
		{"other scheme", "file:///etc/passwd", "", `scheme "file"`},
		{"nonsense", "http://a b?token=secret", "", "reading the address of an endpoint"},
		{"empty", "", "", "names no host"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			fake := &probefake.Client{}
			endpoint := probe.NewEndpoint(tt.address, window, probe.Through(fake))
			_, err := endpoint.Resolve(t.Context())
			if tt.err == "" {
				assert.NoError(t, err)
				assert.Equal(t, tt.id, endpoint.Resource().ID)
				return
			}
			assert.ErrorContains(t, err, tt.err)
			assert.NotContains(t, err.Error(), "secret")
			assert.Equal(t, diag.KindInvalid, diag.KindOf(err))
			report := diag.Run(t.Context(), diag.On(endpoint, probe.EndpointChecks()...))
			assert.Len(t, report.Inconclusive, len(probe.EndpointChecks()))
			assert.Empty(t, fake.Calls())
		})
	}
}

func TestTooManyAddresses(t *testing.T) {
	fake := sound()
	for i := range 20 {
		fake.Hosts["api.example.com"] = append(fake.Hosts["api.example.com"], fmt.Sprintf("10.0.1.%d", i))
	}
	connections, err := probe.NewEndpoint(page, window, probe.Through(fake)).Connect(t.Context())
	assert.Len(t, connections, 16)
	assert.Equal(t, diag.KindIncomplete, diag.KindOf(err))
}

// TestNoIPv6Here: a host that has no IPv6 uses the other addresses, as every client does.
func TestNoIPv6Here(t *testing.T) {
	fake := sound()
	connect(both[1:], probe.Failure{Reason: probe.ReasonNoRoute, Text: "network is unreachable"})(fake)
	report := diag.Run(
		t.Context(),
		diag.On(probe.NewEndpoint(page, window, probe.Through(fake)), probe.EndpointChecks()...),
	)
	assert.NoError(t, report.Err())
	assert.Empty(t, report.Findings)
}

func TestSurvey(t *testing.T) {
	balancer := diag.Resource{Type: "AWS::ElasticLoadBalancingV2::LoadBalancer", ID: "api"}
	endpoint := probe.NewEndpoint(page, window, probe.Through(sound()), probe.Behind(balancer))
	report := diag.Runner{Window: window}.Run(t.Context(), diag.Observe(endpoint, probe.EndpointSurvey))
	require.NoError(t, report.Err())
	assert.Equal(t, []diag.Link{{From: endpoint.Resource(), To: balancer, Role: "answered by"}}, report.Links)
	settings := map[string]string{}
	for _, s := range report.Settings {
		settings[s.Name] = s.Value
	}
	assert.Equal(
		t,
		map[string]string{"dns.cname": "api-1.eu-west-1.elb.amazonaws.com", "dns.addresses[0]": "10.0.0.7",
			"dns.addresses[1]": "2001:db8::7", "tls.version": "TLS 1.3", "tls.cipher": "TLS_AES_128_GCM_SHA256",
			"tls.certificate.issuer": "CN=Amazon RSA 2048 M02", "tls.certificate.notAfter": "2026-10-01T12:00:00Z",
			"http.status": "200", "http.redirects": "0"},
		settings,
	)
}

// TestExplained: what is broken at the load balancer is the cause, and what its endpoint shows the effect.
func TestExplained(t *testing.T) {
	fake := sound()
	answer(probe.Response{Status: 503})(fake)
	balancer := target{diag.Resource{Type: "AWS::ElasticLoadBalancingV2::LoadBalancer", ID: "api"}}
	endpoint := probe.NewEndpoint(page, window, probe.Through(fake), probe.Behind(balancer.r))
	report := diag.Run(t.Context(), diag.On(endpoint, probe.EndpointChecks()...), diag.On(balancer, noTargets),
		diag.Observe(endpoint, probe.EndpointSurvey))
	roots := report.Roots()
	require.Len(t, roots, 1)
	assert.Equal(t, diag.Code("toy.no-targets"), roots[0].Code)
}

type target struct{ r diag.Resource }

func (b target) Resource() diag.Resource { return b.r }
