package probe_test

import (
	"context"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/probe"
)

// forbidden are ways to write link-local and metadata addresses.
var forbidden = []string{
	"169.254.169.254", "169.254.170.2", "169.254.0.1", "fe80::1", "fe80::1%lo", "fd00:ec2::254", "fd00:ec2::23",
	"::ffff:169.254.169.254", "::169.254.169.254", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a9fe:a9fe", "2002:a9fe:a9fe::1",
}

// TestGuard sends nothing: each address is refused before a packet leaves.
func TestGuard(t *testing.T) {
	for _, address := range forbidden {
		t.Run(address, func(t *testing.T) {
			to := netip.AddrPortFrom(netip.MustParseAddr(address), 80)
			refused := func(err error) {
				t.Helper()
				assert.Equal(t, diag.KindInvalid, diag.KindOf(err), err)
				assert.ErrorContains(t, err, "link-local or metadata address")
			}
			_, err := probe.Local{}.Connect(t.Context(), &probe.ConnectInput{Address: to})
			refused(err)
			_, err = probe.Local{}.Handshake(t.Context(), &probe.HandshakeInput{Address: to})
			refused(err)
			_, err = probe.Local{}.Request(
				t.Context(),
				&probe.RequestInput{URL: "http://x.test/", Method: "GET", Address: to},
			)
			refused(err)
			local := probe.Local{Resolver: names{"x.test": {address}}}
			_, err = local.Request(t.Context(), &probe.RequestInput{URL: "http://x.test/", Method: "GET"})
			refused(err)
		})
	}
}

// TestGuardIsUnknown: what was not probed is no all-clear and no finding.
func TestGuardIsUnknown(t *testing.T) {
	for _, address := range []string{"http://metadata.test/latest/meta-data/", "http://169.254.169.254/",
		"metadata.test:80"} {
		report := ask(t, address, probe.Local{Resolver: names{"metadata.test": {"169.254.169.254"}}})
		assert.Empty(t, report.Findings)
		require.NotEmpty(t, report.Inconclusive)
		for _, i := range report.Inconclusive {
			assert.Equal(t, diag.KindInvalid, i.Kind, i.Err)
		}
	}
}

func TestGuardAfterRedirect(t *testing.T) {
	for _, to := range []string{"http://169.254.169.254/latest/meta-data/", "http://evil.test/",
		"//169.254.170.2/v2/credentials"} {
		page := web(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusFound) })
		local := probe.Local{Resolver: names{"evil.test": {"169.254.169.254"}}}
		response, err := probe.NewEndpoint(page, window, probe.Through(local)).Request(t.Context())
		assert.Equal(t, diag.KindInvalid, diag.KindOf(err), err)
		assert.ErrorContains(t, err, "metadata")
		require.NotNil(t, response)
		assert.Len(t, response.Hops, 1, "the way there is told")
	}
}

// rebinding answers with the own host first and with the metadata service from then on.
type rebinding struct{ asked atomic.Int64 }

func (r *rebinding) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) {
	if r.asked.Add(1) == 1 {
		return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
	}
	return []netip.Addr{netip.MustParseAddr("169.254.169.254")}, nil
}

func (r *rebinding) LookupCNAME(context.Context, string) (string, error) { return "", nil }

// TestRebinding: a redirect to the host itself stays with the address that it had, another port is looked up and
// judged.
func TestRebinding(t *testing.T) {
	var target atomic.Value
	page := web(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/end" {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		http.Redirect(w, r, target.Load().(string), http.StatusFound)
	})
	at := "http://api.test:" + port(t, strings.TrimPrefix(page, "http://"))
	request := func(to string) (*probe.Response, error) {
		target.Store(to)
		return probe.NewEndpoint(at, window, probe.Through(probe.Local{Resolver: &rebinding{}})).Request(t.Context())
	}
	response, err := request("/end")
	require.NoError(t, err)
	assert.Equal(t, http.StatusNoContent, response.Status)
	_, err = request("http://api.test:1/end")
	assert.ErrorContains(t, err, "169.254.169.254 is not dialled")
}
