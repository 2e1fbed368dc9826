package probe_test

import (
	"crypto/tls"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/diag/probe"
	"github.com/awsdiag/awsdiag/diag/probe/probefake"
)

var (
	now    = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	window = diag.Last(time.Hour, now)
)

const page = "https://api.example.com/health"

// sound is a network on which all is well, with one address of each family.
func sound() *probefake.Client {
	port := func() probefake.Port {
		return probefake.Port{
			Handshake: &probe.Handshake{
				Version: tls.VersionTLS13,
				Cipher:  "TLS_AES_128_GCM_SHA256",
				Chain: []probe.Certificate{
					{
						Subject:   "CN=api.example.com",
						Issuer:    "CN=Amazon RSA 2048 M02",
						Names:     []string{"api.example.com"},
						NotBefore: now.AddDate(0, -6, 0),
						NotAfter:  now.AddDate(0, 7, 0),
					}},
			},
			Pages: map[string]probe.Response{"/health": {Status: 200, Body: `{"status": "healthy"}`}},
		}
	}
	return &probefake.Client{
		Hosts:  map[string][]string{"api.example.com": {"10.0.0.7", "2001:db8::7"}},
		CNAMEs: map[string]string{"api.example.com": "api-1.eu-west-1.elb.amazonaws.com"},
		Ports:  map[string]probefake.Port{"10.0.0.7:443": port(), "[2001:db8::7]:443": port()},
	}
}

// change is a world with one thing changed.
type change func(*probefake.Client)

func connect(addresses []string, f probe.Failure) change {
	return func(c *probefake.Client) {
		for _, a := range addresses {
			port := c.Ports[a]
			port.Connect = f
			c.Ports[a] = port
		}
	}
}

func handshake(edit func(*probe.Handshake)) change {
	return func(c *probefake.Client) { edit(c.Ports["10.0.0.7:443"].Handshake) }
}

func certificate(edit func(*probe.Certificate)) change {
	return handshake(func(h *probe.Handshake) { edit(&h.Chain[0]) })
}

func answer(r probe.Response) change {
	return func(c *probefake.Client) { c.Ports["10.0.0.7:443"].Pages["/health"] = r }
}

func world(c change) diagtest.World[*probe.Endpoint] {
	return func() (*probe.Endpoint, []diagfake.Fake) {
		fake := sound()
		if c != nil {
			c(fake)
		}
		return probe.NewEndpoint(page, window, probe.Through(fake)), []diagfake.Fake{fake}
	}
}

func failing(reason probe.Reason, text string) probe.Response {
	return probe.Response{Failure: probe.Failure{Reason: reason, Text: text}}
}

var both = []string{"10.0.0.7:443", "[2001:db8::7]:443"}

// broken has, for each check, a world with its trouble and what is then found.
var broken = []struct {
	code    diag.Code
	change  change
	summary string
}{
	{"probe.name-not-found", func(c *probefake.Client) { c.Hosts = nil },
		"api.example.com has no address: lookup api.example.com: no such host"},
	{"probe.name-lookup-failed", func(c *probefake.Client) {
		c.Lookup = probe.Failure{Reason: probe.ReasonLookup, Text: "server misbehaving"}
	}, "api.example.com could not be looked up: server misbehaving"},
	{"probe.connection-refused", func(c *probefake.Client) { c.Ports = nil },
		"api.example.com:443 refuses connections: nobody listens there, or on 127.0.0.1 only (2 of 2 addresses: 10.0.0.7, 2001:db8::7)"},
	{
		"probe.connection-timeout",
		connect(both[:1], probe.Failure{Reason: probe.ReasonTimeout, Text: "no answer within 5s"}),
		"api.example.com:443 does not answer: packets are filtered on the way, or no host has the address (1 of 2 " +
			"addresses: 10.0.0.7)",
	},
	{"probe.no-route", connect(both, probe.Failure{Reason: probe.ReasonNoRoute, Text: "no route to host"}),
		"api.example.com:443 is out of reach: there is no route to it (2 of 2 addresses: 10.0.0.7, 2001:db8::7)"},
	{"probe.connection-failed", connect(both, probe.Failure{Reason: probe.ReasonOther, Text: "permission denied"}),
		"api.example.com:443 cannot be connected to (2 of 2 addresses: 10.0.0.7, 2001:db8::7)"},
	{"probe.not-tls", func(c *probefake.Client) {
		c.Ports["10.0.0.7:443"] = probefake.Port{}
	}, "api.example.com:443 does not speak TLS: it answers with something else"},
	{"probe.tls-failed", handshake(func(h *probe.Handshake) {
		*h = probe.Handshake{Failure: probe.Failure{Reason: probe.ReasonTLS, Text: "tls: handshake failure"}}
	}), "TLS handshake with api.example.com:443 fails: tls: handshake failure"},
	{"probe.tls-outdated", handshake(func(h *probe.Handshake) { h.Version = tls.VersionTLS11 }),
		"api.example.com:443 speaks TLS 1.1 at best: most clients want TLS 1.2"},
	{"probe.certificate-expired", certificate(func(c *probe.Certificate) { c.NotAfter = now.AddDate(0, 0, -3) }),
		"certificate of api.example.com:443 expired 3 days ago, on 2026-02-26"},
	{
		"probe.certificate-not-yet-valid",
		certificate(func(c *probe.Certificate) { c.NotBefore = now.Add(7 * time.Hour) }),
		"certificate of api.example.com:443 is valid only in 7 h, from 2026-03-01",
	},
	{"probe.certificate-expires-soon", certificate(func(c *probe.Certificate) { c.NotAfter = now.AddDate(0, 0, 9) }),
		"certificate of api.example.com:443 expires in 9 days, on 2026-03-10"},
	{"probe.certificate-wrong-name", handshake(func(h *probe.Handshake) {
		h.Chain[0].Names, h.NameFault = []string{
			"www.example.com",
		}, "certificate is valid for www.example.com, not api.example.com"
	}), "certificate of api.example.com:443 stands for other names: www.example.com"},
	{
		"probe.certificate-untrusted",
		handshake(func(h *probe.Handshake) { h.TrustFault = "certificate signed by unknown authority" }),
		"certificate of api.example.com:443 is not trusted (issuer CN=Amazon RSA 2048 M02, 1 in the chain): certificate " +
			"signed by unknown authority",
	},
	{"probe.tls-expected", answer(failing(probe.ReasonTLSExpected, "the port answers a TLS handshake")),
		page + " was asked in plain HTTP and speaks TLS: the port answers a TLS handshake"},
	{
		"probe.connection-closed",
		answer(failing(probe.ReasonClosed, "EOF")),
		page + " closes the connection instead of answering: EOF",
	},
	{"probe.no-answer", answer(failing(probe.ReasonTimeout, "no answer within 5s")),
		page + " accepts the connection and does not answer: no answer within 5s"},
	{
		"probe.not-http",
		answer(failing(probe.ReasonNotHTTP, "malformed HTTP response")),
		page + " does not answer in HTTP: malformed HTTP response",
	},
	{
		"probe.redirect-loop",
		answer(failing(probe.ReasonRedirects, "in a circle")),
		page + " redirects without an end: in a circle",
	},
	{
		"probe.request-failed",
		answer(probe.Response{URL: "http://b/", Hops: []probe.Hop{{URL: page, Status: 301, Location: "http://b/"}},
			Failure: probe.Failure{
				Reason: probe.ReasonNoName,
				Text:   "no such host",
			}}),
		page + " fails on the way after 1 redirect, at http://b/: no such host",
	},
	{"probe.http-not-found", func(c *probefake.Client) { delete(c.Ports["10.0.0.7:443"].Pages, "/health") },
		page + " answers 404 Not Found: not implemented, or the wrong path"},
	{"probe.http-unauthorized", answer(probe.Response{Status: 401}),
		page + " answers 401 Unauthorized: the page wants credentials, which a health check does not send"},
	{
		"probe.http-forbidden",
		answer(probe.Response{Status: 403, Headers: []probe.Header{{Name: "Server", Value: "awselb/2.0"}}}),
		page +
			" answers 403 Forbidden, from the load balancer itself: a web ACL, a rule about hosts or addresses, or the " +
			"application forbids it",
	},
	{
		"probe.http-method-not-allowed",
		answer(probe.Response{Status: 405}),
		page + " answers 405 Method Not Allowed: the page does not take this method",
	},
	{
		"probe.http-throttled",
		answer(probe.Response{Status: 429}),
		page + " answers 429 Too Many Requests: the rate of requests is limited",
	},
	{"probe.http-client-error", answer(probe.Response{Status: 400}),
		page + " answers 400 Bad Request: the server does not accept the request, often for its Host header"},
	{
		"probe.http-internal-error",
		answer(probe.Response{Status: 500, Headers: []probe.Header{{Name: "Server", Value: "uvicorn"}}}),
		page + " answers 500 Internal Server Error, from a server that calls itself uvicorn: the application fails over it",
	},
	{"probe.http-bad-gateway", answer(probe.Response{Status: 502}),
		page + " answers 502 Bad Gateway: no proper answer came from behind the load balancer or proxy"},
	{
		"probe.http-unavailable",
		answer(
			probe.Response{Status: 503, Headers: []probe.Header{{Name: "X-Cache", Value: "Error from cloudfront"}}},
		),
		page +
			" answers 503 Service Unavailable, by way of CloudFront: there is no target in service, or the application is not ready",
	},
	{"probe.http-gateway-timeout", answer(probe.Response{Status: 504}),
		page + " answers 504 Gateway Timeout: what is behind the load balancer or proxy did not answer in time"},
	{
		"probe.http-server-error",
		answer(probe.Response{Status: 599}),
		page + " answers 599: the server or something before it fails",
	},
	{"probe.slow", answer(probe.Response{Status: 200, Timings: probe.Timings{FirstByte: 3210 * time.Millisecond}}),
		page + " takes 3.2 s to the first byte, more than 2 s"},
}

func TestConform(t *testing.T) {
	worlds := map[diag.Code]change{}
	for _, b := range broken {
		worlds[b.code] = b.change
	}
	for _, check := range probe.EndpointChecks() {
		require.Contains(t, worlds, check.Code, "every check has a broken world")
		diagtest.Conform(
			t,
			check,
			diagtest.Worlds[*probe.Endpoint]{Healthy: world(nil), Broken: world(worlds[check.Code])},
		)
	}
}

// TestOneTrouble runs all checks on each broken world: only the one that it is made for speaks.
func TestOneTrouble(t *testing.T) {
	for _, b := range broken {
		t.Run(string(b.code), func(t *testing.T) {
			endpoint, fakes := world(b.change)()
			report := diagtest.Run(t, endpoint, probe.EndpointChecks()...)
			diagtest.Want(t, report, b.code)
			f := diagtest.Only(t, report, b.code)
			assert.Equal(t, b.summary, f.Summary)
			assert.Equal(t, "Network::Endpoint "+page, f.Resource.String())
			calls := map[string]int{}
			for _, c := range fakes[0].Calls() {
				calls[c.Action]++
			}
			for action, n := range calls {
				assert.LessOrEqual(t, n, max(1, map[string]int{"probe:Connect": 2}[action]), action)
			}
		})
	}
}

func TestCatalogue(t *testing.T) {
	var infos []diag.Info
	for _, c := range probe.EndpointChecks() {
		infos = append(infos, c.Info)
		assert.NotEmpty(t, c.Source, c.Code)
		for _, a := range c.Actions {
			assert.Equal(t, diag.ClassLocal, diag.ClassOf(a))
		}
	}
	require.NoError(t, diag.Validate(infos...))
	assert.Len(t, broken, len(infos))
	endpoint, _ := world(nil)()
	policy, err := diag.On(endpoint, probe.EndpointChecks()...).Policy()
	require.NoError(t, err)
	assert.NotContains(t, string(policy), "probe:")
}
