package probe_test

import (
	"cmp"
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/diag/probe"
)

// names is a resolver that knows a few names. A name without addresses does not exist.
type names map[string][]string

func (n names) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	if n[host] == nil {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	var addresses []netip.Addr
	for _, a := range n[host] {
		addresses = append(addresses, netip.MustParseAddr(a))
	}
	return addresses, nil
}

func (n names) LookupCNAME(_ context.Context, host string) (string, error) {
	return "lb." + host + ".", nil
}

// listen serves each connection with serve until the test ends.
func listen(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			if serve == nil {
				defer func() { _ = conn.Close() }() // at the end of the test
				continue
			}
			serve(conn)
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() { _ = listener.Close(); <-done })
	return listener.Addr().String()
}

// closed is a port that nobody listens on, nor can while the test runs: the near end of a connection has it.
func closed(t *testing.T) string {
	t.Helper()
	conn, err := net.Dial("tcp", listen(t, nil))
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	return conn.LocalAddr().String()
}

func web(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

// reply reads something and answers with a text that is no HTTP.
func reply(text string) func(net.Conn) {
	return func(c net.Conn) {
		_, _ = c.Read(make([]byte, 4096))
		_, _ = c.Write([]byte(text))
	}
}

// ask runs all checks. No answer is slow or too late unless the test says from when on: the machine may be.
func ask(t *testing.T, address string, local probe.Local, options ...probe.Option) *diag.Report {
	t.Helper()
	local.Timeout = cmp.Or(local.Timeout, time.Hour)
	options = append([]probe.Option{probe.SlowAfter(time.Hour)}, options...)
	endpoint := probe.NewEndpoint(address, window, append(options, probe.Through(local))...)
	return diag.Run(t.Context(), diag.On(endpoint, probe.EndpointChecks()...))
}

func TestLocal(t *testing.T) {
	secure := httptest.NewUnstartedServer(status(200))
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	t.Cleanup(secure.Close)
	secureAt := strings.TrimPrefix(secure.URL, "https://")
	for _, tt := range []struct {
		name    string
		address string
		want    []diag.Code
	}{
		{"all well", web(t, status(200)), nil},
		{"open port", listen(t, nil), nil},
		{"refused", "http://" + closed(t), []diag.Code{"probe.connection-refused"}},
		{"no name", "http://nowhere.test", []diag.Code{"probe.name-not-found"}},
		{"hangs up", "http://" + listen(t, reply("")), []diag.Code{"probe.connection-closed"}},
		{"other protocol", "http://" + listen(t, reply("220 mail ESMTP\r\n")), []diag.Code{"probe.not-http"}},
		{"plain HTTP on a TLS port", "http://" + secureAt, []diag.Code{"probe.tls-expected"}},
		{"TLS on a plain port", strings.Replace(web(t, status(200)), "http:", "https:", 1), []diag.Code{"probe.not-tls"}},
		{"TLS alert", "http://" + listen(t, reply("\x15\x03\x01\x00\x02\x02\x28")), []diag.Code{"probe.tls-expected"}},
		{"alert in the handshake", "tls://" + listen(t, reply("\x15\x03\x01\x00\x02\x02\x28")),
			[]diag.Code{"probe.tls-failed"}},
		{"400 of its own", web(t, status(400)), []diag.Code{"probe.http-client-error"}},
		{"404", web(t, status(404)), []diag.Code{"probe.http-not-found"}},
		{"500", web(t, status(500)), []diag.Code{"probe.http-internal-error"}},
		{"503", web(t, status(503)), []diag.Code{"probe.http-unavailable"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			report := ask(t, tt.address, probe.Local{Resolver: names{}})
			require.NoError(t, report.Err())
			diagtest.Want(t, report, tt.want...)
		})
	}
}

// TestSilence gives more time until there was enough to connect, which a busy machine may take long for.
func TestSilence(t *testing.T) {
	for scheme, want := range map[string]diag.Code{"http://": "probe.no-answer", "https://": "probe.tls-failed"} {
		address := scheme + listen(t, nil)
		var report *diag.Report
		found := func(f diag.Finding) bool { return f.Code == want }
		for timeout := 50 * time.Millisecond; timeout < time.Minute; timeout *= 2 {
			report = ask(t, address, probe.Local{Timeout: timeout})
			if slices.ContainsFunc(report.Findings, found) {
				break
			}
		}
		require.NoError(t, report.Err())
		diagtest.Want(t, report, want)
	}
}

func TestEveryAddress(t *testing.T) {
	endpoint := probe.NewEndpoint("api.test:"+port(t, listen(t, nil)), window,
		probe.Through(probe.Local{Resolver: names{"api.test": {"127.0.0.1", "127.0.0.2", "::ffff:127.0.0.1"}}}))
	report := diag.Run(t.Context(), diag.On(endpoint, probe.EndpointChecks()...))
	require.NoError(t, report.Err())
	f := diagtest.Only(t, report, "probe.connection-refused")
	assert.Equal(t, diag.SeverityWarning, f.Severity, "one address works")
	assert.Contains(t, f.Summary, "(1 of 2 addresses: 127.0.0.2)")
	resolution, err := endpoint.Resolve(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "lb.api.test", resolution.CNAME)
}

func TestSlow(t *testing.T) {
	report := ask(t, web(t, status(200)), probe.Local{}, probe.SlowAfter(0))
	diagtest.Want(t, report, "probe.slow")
}

func TestCancellation(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	address := web(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	endpoint := probe.NewEndpoint(address, window)
	_, err := endpoint.Request(ctx)
	assert.Equal(t, diag.KindCanceled, diag.KindOf(err))
	assert.ErrorIs(t, err, context.Canceled)
}

func TestBudgetCounts(t *testing.T) {
	endpoint := probe.NewEndpoint(web(t, status(200)), window)
	report := diag.Runner{Budget: diag.Budget{Calls: 1}}.Run(t.Context(), diag.On(endpoint, probe.Slow))
	require.Len(t, report.Inconclusive, 1)
	assert.Equal(t, diag.KindBudget, report.Inconclusive[0].Kind)
}

func port(t *testing.T, address string) string {
	t.Helper()
	_, p, err := net.SplitHostPort(address)
	require.NoError(t, err)
	return p
}
