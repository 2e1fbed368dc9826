package albdiag_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/albdiag"
	"github.com/awsdiag/awsdiag/diag"
)

const (
	line = `https 2026-02-11T14:05:31.186641Z app/shop/50dc6c495c0c9188 198.51.100.7:2817 10.20.32.116:3000 0.001 1.250 0.000 502 - 34 366 ` +
		`"GET https://shop.example.com:443/api/cart?x=a%20b HTTP/2.0" "curl/8.5 \"test\"" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.3 ` +
		`arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/shop-api/73e2d6bc24d8a067 "Root=1-58337364-23a8c76965a2ef7629b185e3" ` +
		`"shop.example.com" "arn:aws:acm:eu-west-1:111122223333:certificate/349a6817" 10 2026-02-11T14:05:29.936000Z "waf,forward" "-" "-" ` +
		`"10.20.32.116:3000 10.20.39.14:3000" "- 200" "Ambiguous" "BadMethod" TID_dc57cbdc "internal.example.com" "/v2/cart" "Success" future`
	lambdaLine = `http 2026-02-11T14:05:31Z app/shop/1 198.51.100.7:2817 - 0.000 0.001 0.000 502 - 34 366 "GET http://a:80/ HTTP/1.1" "-" - - ` +
		`arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/f/1 "Root=1" "-" "-" 0 2026-02-11T14:05:31Z "forward" "-" "LambdaUnhandled" "-" "-" "-" "-"`
)

func TestParseAccessLogLine(t *testing.T) {
	e, err := albdiag.ParseAccessLogLine(line)
	require.NoError(t, err)
	assert.Equal(t, albdiag.AccessLogEntry{
		Type: "https", Time: time.Date(2026, 2, 11, 14, 5, 31, 186641000, time.UTC),
		Created:      time.Date(2026, 2, 11, 14, 5, 29, 936000000, time.UTC),
		LoadBalancer: "app/shop/50dc6c495c0c9188", Client: "198.51.100.7:2817", Target: "10.20.32.116:3000",
		RequestTime: time.Millisecond, TargetTime: 1250 * time.Millisecond, ResponseTime: 0, Status: 502, ReceivedBytes: 34,
		SentBytes: 366,
		Request:   "GET https://shop.example.com:443/api/cart?x=a%20b HTTP/2.0", UserAgent: `curl/8.5 "test"`,
		Cipher: "ECDHE-RSA-AES128-GCM-SHA256", Protocol: "TLSv1.3",
		TargetGroupARN: "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/shop-api/73e2d6bc24d8a067",
		TraceID:        "Root=1-58337364-23a8c76965a2ef7629b185e3", Domain: "shop.example.com",
		CertificateARN: "arn:aws:acm:eu-west-1:111122223333:certificate/349a6817", RulePriority: "10",
		Actions: []string{"waf", "forward"},
		Targets: []string{"10.20.32.116:3000", "10.20.39.14:3000"}, TargetStatuses: []string{"-", "200"},
		Classification: "Ambiguous", ClassificationReason: "BadMethod", ConnectionID: "TID_dc57cbdc",
		TransformedHost: "internal.example.com", TransformedURI: "/v2/cart", RequestTransformOutcome: "Success",
		Extra: []string{"future"},
	}, e)
	assert.Equal(t,
		"2026-02-11T14:05:31Z 502 by the load balancer to GET https://shop.example.com:443/api/cart?x=a%20b HTTP/2.0 at "+
			"10.20.32.116:3000 after 1.25s", e.String())
}

func TestAccessLogWithTheNodesAddress(t *testing.T) {
	e, err := albdiag.ParseAccessLogLine(strings.Replace(line, " future", " 10.0.0.7 future", 1))
	require.NoError(t, err)
	assert.Equal(t, "10.0.0.7", e.NodeIP.String())
	assert.Equal(t, []string{"future"}, e.Extra)
}

func TestWhoMadeTheStatus(t *testing.T) {
	tests := []struct {
		name, from, to string
		want           albdiag.Maker
	}{
		{"no answer of the target", " 502 - ", " 502 - ", albdiag.ByLoadBalancer},
		{"the target's own error", " 502 - ", " 500 500 ", albdiag.ByTarget},
		{"the client gave up", " 502 - ", " 460 - ", albdiag.ByClient},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e, err := albdiag.ParseAccessLogLine(strings.Replace(line, tt.from, tt.to, 1))
			require.NoError(t, err)
			assert.Equal(t, tt.want, e.Maker())
		})
	}
}

func TestAccessLogOfALambdaFunction(t *testing.T) {
	e, err := albdiag.ParseAccessLogLine(lambdaLine)
	require.NoError(t, err)
	assert.Equal(t, "LambdaUnhandled", e.ErrorReason)
	assert.Empty(t, e.Target)
	assert.Contains(t, e.String(), "(LambdaUnhandled)")
}

func TestAccessLogOfRequestsThatWentNowhere(t *testing.T) {
	e, err := albdiag.ParseAccessLogLine(strings.Replace(line, " 0.001 1.250 0.000 ", " -1 -1 -1 ", 1))
	require.NoError(t, err)
	assert.Negative(t, e.RequestTime)
	assert.Negative(t, e.TargetTime)
	assert.NotContains(t, e.String(), "after")
}

func TestNoAccessLogLine(t *testing.T) {
	tests := map[string]string{
		"":                       "of 0 fields",
		"http 2026-02-11T14:05Z": "of 2 fields",
		`http "2026`:             "no closing quote",
		line[:60]:                "fields",
		"x" + strings.Repeat(" -", 8) + " abc" + strings.Repeat(" -", 8): `field 10 must be a number, not "abc"`,
		"x yesterday" + strings.Repeat(" -", 14):                         `field 2 must be a time, not "yesterday"`,
		"x - - - - NaN" + strings.Repeat(" -", 14):                       "field 6 must be a number of seconds",
	}
	for text, want := range tests {
		_, err := albdiag.ParseAccessLogLine(text)
		assert.Equal(t, diag.KindInvalid, diag.KindOf(err), text)
		assert.ErrorContains(t, err, want)
	}
}

func FuzzParseAccessLogLine(f *testing.F) {
	f.Add(line)
	f.Add(lambdaLine)
	f.Fuzz(func(t *testing.T, text string) {
		e, err := albdiag.ParseAccessLogLine(text)
		if err != nil && diag.KindOf(err) != diag.KindInvalid {
			t.Errorf("%v", err)
		}
		if err == nil && strings.TrimSpace(e.String()) == "" {
			t.Error("nothing to tell")
		}
	})
}
