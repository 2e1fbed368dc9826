package probe_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"log"
	"math/big"
	"net"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/diag/probe"
)

// authority signs certificates for tests.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	return key
}

func newAuthority(t *testing.T) authority {
	t.Helper()
	a := authority{key: newKey(t), certificate: &x509.Certificate{SerialNumber: big.NewInt(1), IsCA: true,
		BasicConstraintsValid: true, Subject: pkix.Name{CommonName: "test authority"},
		NotBefore: now.AddDate(-5, 0, 0), NotAfter: now.AddDate(5, 0, 0), KeyUsage: x509.KeyUsageCertSign}}
	der, err := x509.CreateCertificate(rand.Reader, a.certificate, a.certificate, a.key.Public(), a.key)
	require.NoError(t, err)
	a.certificate, err = x509.ParseCertificate(der)
	require.NoError(t, err)
	return a
}

func (a authority) roots() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.certificate)
	return pool
}

// serve starts a TLS server of at most a version with a certificate for the name, and returns its port.
func (a authority) serve(t *testing.T, name string, from, to time.Time, version uint16) string {
	t.Helper()
	key := newKey(t)
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2),
		Subject:      pkix.Name{CommonName: name},
		DNSNames:     []string{name},
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 9)},
		NotBefore:    from,
		NotAfter:     to,
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, a.certificate, key.Public(), a.key)
	require.NoError(t, err)
	server := httptest.NewUnstartedServer(status(200))
	server.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}},
		MinVersion: tls.VersionTLS10, MaxVersion: version}
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	return port(t, strings.TrimPrefix(server.URL, "https://"))
}

func TestCertificates(t *testing.T) {
	trusted, stranger := newAuthority(t), newAuthority(t)
	long, ahead := now.AddDate(0, -6, 0), now.AddDate(0, 6, 0)
	for _, tt := range []struct {
		name    string
		host    string
		by      authority
		from    time.Time
		to      time.Time
		version uint16
		want    []diag.Code
	}{
		{"sound", "api.test", trusted, long, ahead, tls.VersionTLS13, nil},
		{"expired", "api.test", trusted, long, now.AddDate(0, 0, -3), tls.VersionTLS13,
			[]diag.Code{"probe.certificate-expired"}},
		{"not yet valid", "api.test", trusted, now.Add(time.Hour), ahead, tls.VersionTLS13,
			[]diag.Code{"probe.certificate-not-yet-valid"}},
		{"ends soon", "api.test", trusted, long, now.AddDate(0, 0, 3), tls.VersionTLS13,
			[]diag.Code{"probe.certificate-expires-soon"}},
		{"lives for days only", "api.test", trusted, now.AddDate(0, 0, -3), now.AddDate(0, 0, 3), tls.VersionTLS13, nil},
		{"wrong name", "www.test", trusted, long, ahead, tls.VersionTLS13, []diag.Code{"probe.certificate-wrong-name"}},
		{"untrusted", "api.test", stranger, long, ahead, tls.VersionTLS13, []diag.Code{"probe.certificate-untrusted"}},
		{"all at once", "www.test", stranger, long, now.AddDate(0, 0, -3), tls.VersionTLS13,
			[]diag.Code{"probe.certificate-expired", "probe.certificate-wrong-name", "probe.certificate-untrusted"}},
		{"outdated", "api.test", trusted, long, ahead, tls.VersionTLS11,
			[]diag.Code{"probe.tls-outdated"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			at := tt.by.serve(t, tt.host, tt.from, tt.to, tt.version)
			local := probe.Local{Roots: trusted.roots(), Resolver: names{"api.test": {"127.0.0.1"}}}
			report := ask(t, "https://api.test:"+at+"/health", local)
			require.NoError(t, report.Err())
			diagtest.Want(t, report, tt.want...)
			for _, f := range report.Findings {
				if f.Code == "probe.certificate-expired" {
					assert.True(t, tt.to.Equal(f.Since), "it began when the certificate ended")
				}
			}
		})
	}
}

// TestCertificateOfAnAddress weighs less: hardly any certificate stands for an address, and health checks do not look.
func TestCertificateOfAnAddress(t *testing.T) {
	at := newAuthority(t).serve(t, "api.test", now.AddDate(0, -6, 0), now.AddDate(0, 6, 0), tls.VersionTLS13)
	report := ask(t, "https://127.0.0.1:"+at, probe.Local{Roots: x509.NewCertPool()})
	require.NoError(t, report.Err())
	diagtest.Want(t, report, "probe.certificate-wrong-name", "probe.certificate-untrusted")
	for _, f := range report.Findings {
		assert.Equal(t, diag.SeverityInfo, f.Severity, f.Code)
	}
}

func TestHandshakeDescribes(t *testing.T) {
	a := newAuthority(t)
	at := a.serve(t, "api.test", now.AddDate(0, -6, 0), now.AddDate(0, 6, 0), tls.VersionTLS13)
	endpoint := probe.NewEndpoint("tls://api.test:"+at, window,
		probe.Through(probe.Local{Roots: a.roots(), Resolver: names{"api.test": {"127.0.0.1"}}}))
	h, err := endpoint.Handshake(t.Context())
	require.NoError(t, err)
	require.True(t, h.OK())
	assert.EqualValues(t, tls.VersionTLS13, h.Version)
	assert.Equal(
		t,
		[]probe.Certificate{
			{Subject: "CN=api.test", Issuer: "CN=test authority", Names: []string{"api.test", "127.0.0.9"},
				NotBefore: now.AddDate(0, -6, 0), NotAfter: now.AddDate(0, 6, 0)},
		},
		h.Chain,
	)
	response, err := endpoint.Request(t.Context())
	assert.NoError(t, err)
	assert.Nil(t, response, "tls:// asks for no page")
}
