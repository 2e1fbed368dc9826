package albdiag_test

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/albdiag"
	"github.com/awsdiag/awsdiag/diag"
)

const (
	connectionLine = `2026-02-11T14:05:31.514108Z 203.0.113.1 36280 443 TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256 4.036 ` +
		`"CN=client.example.com,O=Example\, Inc" NotBefore=2025-09-21T22:43:21Z;NotAfter=2026-06-17T22:43:21Z FEF257372D5C14D4 Failed:ClientCertUntrusted TID_3180a73c`
	shortConnection = `2026-02-11T14:05:31Z 203.0.113.1 36280 80 - - - - - - - TID_3180a73c x25519`
	tlsLine         = `tls 2.0 2026-02-11T14:05:40 net/shop/c6e77e28c25b2234 g3d4b5e8bb8464cd 72.21.218.154:51341 172.100.100.185:443 5 2 98 246 - ` +
		`arn:aws:acm:us-east-2:671290407336:certificate/2a108f19 - ECDHE-RSA-AES128-SHA tlsv12 - shop.example.com h2 h2 "h2","http/1.1" 2026-02-11T14:05:35`
	healthLine = `http 2026-02-11T14:05:40.875678Z 1.501 172.31.20.97:80 shop-api FAIL 502 TargetError 10.0.0.7 later`
)

func TestParseConnectionLogLine(t *testing.T) {
	e, err := albdiag.ParseConnectionLogLine(connectionLine)
	require.NoError(t, err)
	assert.Equal(t, albdiag.ConnectionLogEntry{
		Time: time.Date(2026, 2, 11, 14, 5, 31, 514108000, time.UTC), ClientIP: "203.0.113.1", ClientPort: 36280,
		ListenerPort: 443,
		Protocol:     "TLSv1.2", Cipher: "ECDHE-RSA-AES128-GCM-SHA256", HandshakeTime: 4036 * time.Millisecond,
		Subject:  `CN=client.example.com,O=Example\, Inc`,
		Validity: "NotBefore=2025-09-21T22:43:21Z;NotAfter=2026-06-17T22:43:21Z",
		Serial:   "FEF257372D5C14D4", VerifyStatus: "Failed", VerifyReason: "ClientCertUntrusted", TraceID: "TID_3180a73c",
		Extra: []string{},
	}, e)
	assert.True(t, e.Failed())
	assert.Equal(t, "2026-02-11T14:05:31Z 203.0.113.1:36280 to port 443: client certificate refused: ClientCertUntrusted",
		e.String())

	e, err = albdiag.ParseConnectionLogLine(shortConnection)
	require.NoError(t, err)
	assert.True(t, e.Failed())
	assert.Equal(t, []string{"x25519"}, e.Extra)

	e, err = albdiag.ParseConnectionLogLine(strings.Replace(connectionLine, "Failed:ClientCertUntrusted", "Success", 1))
	require.NoError(t, err)
	assert.False(t, e.Failed())
	assert.Equal(t, "2026-02-11T14:05:31Z 203.0.113.1:36280 to port 443: TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256 in 4.036s",
		e.String())
}

func TestParseTLSLogLine(t *testing.T) {
	e, err := albdiag.ParseTLSLogLine(tlsLine)
	require.NoError(t, err)
	assert.Equal(t, albdiag.TLSLogEntry{
		Type: "tls", Version: "2.0", Time: time.Date(2026, 2, 11, 14, 5, 40, 0, time.UTC),
		Created:      time.Date(2026, 2, 11, 14, 5, 35, 0, time.UTC),
		LoadBalancer: "net/shop/c6e77e28c25b2234", Listener: "g3d4b5e8bb8464cd", Client: "72.21.218.154:51341",
		Target:         "172.100.100.185:443",
		ConnectionTime: 5 * time.Millisecond, HandshakeTime: 2 * time.Millisecond, ReceivedBytes: 98, SentBytes: 246,
		CertificateARN: "arn:aws:acm:us-east-2:671290407336:certificate/2a108f19", Cipher: "ECDHE-RSA-AES128-SHA",
		Protocol: "tlsv12",
		Domain:   "shop.example.com", ALPNFrontend: "h2", ALPNBackend: "h2", ALPNClientPreferences: `h2,http/1.1`,
		Extra: []string{},
	}, e)
}

func TestParseHealthLogLine(t *testing.T) {
	e, err := albdiag.ParseHealthLogLine(healthLine)
	require.NoError(t, err)
	assert.Equal(t, albdiag.HealthLogEntry{Type: "http", Time: time.Date(2026, 2, 11, 14, 5, 40, 875678000, time.UTC),
		Latency: 1501 * time.Millisecond,
		Target:  "172.31.20.97:80", TargetGroup: "shop-api", StatusCode: "502", Reason: "TargetError",
		NodeIP: netip.MustParseAddr("10.0.0.7"), Extra: []string{"later"}}, e)
	assert.Equal(t, "2026-02-11T14:05:40Z 172.31.20.97:80 of shop-api failed: 502: TargetError", e.String())
	e, err = albdiag.ParseHealthLogLine("https 2026-02-11T14:05:40Z 0.012 172.31.20.97:80 shop-api PASS 200 -")
	require.NoError(t, err)
	assert.Equal(t, "2026-02-11T14:05:40Z 172.31.20.97:80 of shop-api passed after 12ms", e.String())
}

func TestNoLogLines(t *testing.T) {
	for text, parse := range map[string]func(string) error{
		"a b c": func(s string) error { _, err := albdiag.ParseConnectionLogLine(s); return err },
		"tls 2": func(s string) error { _, err := albdiag.ParseTLSLogLine(s); return err },
		"http 2026-02-11T14:05:40Z 0.0 a:1 g MAYBE 200 -": func(s string) error {
			_,
				err := albdiag.ParseHealthLogLine(s)
			return err
		},
		`x "y`: func(s string) error { _, err := albdiag.ParseHealthLogLine(s); return err },
	} {
		assert.Equal(t, diag.KindInvalid, diag.KindOf(parse(text)), text)
	}
}

func FuzzParseLogLines(f *testing.F) {
	for _, s := range []string{connectionLine, shortConnection, tlsLine, healthLine, line} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := albdiag.ParseConnectionLogLine(text)
		_, tlsErr := albdiag.ParseTLSLogLine(text)
		h, healthErr := albdiag.ParseHealthLogLine(text)
		for _, err := range []error{err, tlsErr, healthErr} {
			if err != nil && diag.KindOf(err) != diag.KindInvalid {
				t.Errorf("%v", err)
			}
		}
		if c.String() == "" || h.String() == "" {
			t.Error("nothing to tell")
		}
	})
}
