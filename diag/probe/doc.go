// Package probe asks an endpoint from where the program runs: does its name resolve, does its port open, does it speak
// TLS with a sound certificate, and what does it answer to a request.
//
//	endpoint := probe.NewEndpoint("https://api.example.com/health", diag.Last(time.Hour, time.Now()))
//	report := diag.Run(ctx, diag.On(endpoint, probe.EndpointChecks()...))
//	// https://api.example.com/health answers 503 Service Unavailable, from the load balancer itself: …
//
// An [Endpoint] is a subject like every other. Its facts are layers, each fetched once: [Endpoint.Resolve],
// [Endpoint.Connect] for every address of the name, [Endpoint.Handshake], [Endpoint.Request] with the redirects and the
// time of each layer. A layer is tried only where the one below it holds, so that the first thing that fails is the one
// that is found:
//
//	no address            probe.name-not-found      the record is missing, or the private zone is not seen from here
//	refused               probe.connection-refused  nobody listens, or on 127.0.0.1 only
//	timeout               probe.connection-timeout  filtered: security group, network ACL, no way back
//	certificate           probe.certificate-…       expired, not yet valid, wrong name, not trusted
//	wrong protocol        probe.not-tls, probe.tls-expected, probe.not-http
//	closed, silent        probe.connection-closed, probe.no-answer
//	redirects             probe.redirect-loop
//	404, 410              probe.http-not-found      not implemented, or the wrong path
//	401, 403              probe.http-unauthorized, probe.http-forbidden
//	500                   probe.http-internal-error the endpoint has a bug
//	502, 503, 504         probe.http-bad-gateway, probe.http-unavailable, probe.http-gateway-timeout
//	late first byte       probe.slow
//
// "host:port" probes a bare TCP port, such as that of a database, and "tls://host:port" adds the handshake. [Behind]
// names what answers there, so that causes found on a load balancer explain what is found at its endpoint. [Redirects]
// with zero sees a page as the health check of a target group sees it.
//
// # What it never does
//
// It sends GET or HEAD and nothing else: no body, no credentials, no cookies, also not those in an address. It reads at
// most 64 KiB of an answer. It does not connect to link-local and metadata addresses (169.254.0.0/16, fe80::/10,
// fd00:ec2::/32), whether they are asked for, come out of a lookup, hide in an IPv6 address, or are where a redirect
// leads; nor does it follow a redirect from elsewhere to the own host. The address that is really dialled decides, at
// the moment it is dialled, so that a name cannot change in between. What was not probed for that is an error of
// [diag.KindInvalid], not a finding. [Local].LinkLocal allows these addresses.
//
// # Not an AWS action
//
// The checks declare probe:Resolve, probe:Connect, probe:Handshake and probe:Request. These are of [diag.ClassLocal]: a
// plan names them, so that a reader sees that packets will leave this host, and [diag.Plan.Policy] leaves them out,
// because IAM knows no such actions. They count in the budget of calls.
//
// # Limits
//
// A probe tells what is seen from here. The load balancer that checks a target sits in another subnet with another
// security group. HTTP/2 and HTTP/3 are not tried, and proxies of the environment are passed by. Queries of an address
// are sent but kept out of reports.
//
// The probes themselves are a [Network]; tests put a probefake.Client in its place.
package probe
