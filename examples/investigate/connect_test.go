package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// server knows who the caller is, has no load balancer, and refuses everything else.
type server struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string
}

const identity = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::123456789012:user/reader</Arn><UserId>AIDAEXAMPLE</UserId><Account>123456789012</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>`

const noLoadBalancer = `<ErrorResponse><Error><Type>Sender</Type><Code>LoadBalancerNotFound</Code>
<Message>Load balancers '[web]' not found</Message></Error></ErrorResponse>`

func serve(t *testing.T) *server {
	s := &server{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		action := firstOf(r.Form.Get("Action"), r.Header.Get("X-Amz-Target"))
		s.mu.Lock()
		s.asked = append(s.asked, action)
		s.mu.Unlock()
		w.Header().Set("Content-Type", "text/xml")
		switch action {
		case "GetCallerIdentity":
			fmt.Fprint(w, identity)
		case "DescribeLoadBalancers":
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, noLoadBalancer)
		default:
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprint(w, `<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>`)
		}
	}))
	t.Cleanup(s.Close)
	return s
}

func TestEndpoint(t *testing.T) {
	away(t)
	s := serve(t)
	audit, record := filepath.Join(t.TempDir(), "audit"), filepath.Join(t.TempDir(), "world")
	out, errs, status := investigate(t, "-endpoint", s.URL, "-target", "web", "-symptom", "http-503", "-reason", "INC-1",
		"-target-type", "AWS::ElasticLoadBalancingV2::LoadBalancer", "-audit", audit, "-record", record, "-region",
		"eu-west-2")
	assert.Equal(t, exitBadInput, status)
	assert.Empty(t, out)
	assert.Contains(t, errs, `"web"`)
	assert.Contains(t, errs, "123456789012")
	assert.Equal(t, 1, strings.Count(errs, "\n"), errs)

	lines, err := os.ReadFile(audit)
	require.NoError(t, err)
	var last map[string]any
	for line := range strings.Lines(string(lines)) {
		require.NoError(t, json.Unmarshal([]byte(line), &last))
		assert.Equal(t, "INC-1", last["reason"])
	}
	assert.Equal(t, "123456789012", last["account"], "the account is known from the second call on")
	assert.FileExists(t, filepath.Join(record, "sts.json"))
}

func TestRefusedCredentials(t *testing.T) {
	away(t)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprint(w,
			`<ErrorResponse><Error><Code>InvalidClientTokenId</Code><Message>The security token is invalid.</Message></Error></ErrorResponse>`)
	}))
	t.Cleanup(s.Close)
	_, errs, status := investigate(t, "-endpoint", s.URL, "-target", "web")
	assert.Equal(t, exitBadInput, status)
	assert.Contains(t, errs, "credentials are refused in us-east-1")
	assert.Contains(t, errs, "-profile")
	assert.Equal(t, 1, strings.Count(errs, "\n"), errs)
}

func TestNobodyAnswers(t *testing.T) {
	away(t)
	t.Setenv("AWS_MAX_ATTEMPTS", "1")
	_, errs, status := investigate(t, "-endpoint", "http://127.0.0.1:9", "-target", "web", "-region", "eu-west-9")
	assert.Equal(t, exitBadInput, status)
	assert.Contains(t, errs, `no answer from http://127.0.0.1:9 in -region "eu-west-9"`)
	assert.Equal(t, 1, strings.Count(errs, "\n"), errs)
}

func TestVerboseTellsEachCall(t *testing.T) {
	away(t)
	_, errs, _ := investigate(t, "-endpoint", serve(t).URL, "-target", "web", "-target-type",
		"AWS::ElasticLoadBalancingV2::LoadBalancer", "-v")
	assert.Contains(t, errs, "operation=GetCallerIdentity")
	assert.Contains(t, errs, "operation=DescribeLoadBalancers")
}

func TestRecordIntoAFullFolder(t *testing.T) {
	away(t)
	s := serve(t)
	_, errs, status := investigate(t, "-endpoint", s.URL, "-target", "web", "-record", ".")
	assert.Equal(t, exitBadInput, status)
	assert.Equal(t, 1, strings.Count(errs, "\n"), errs)
	assert.Empty(t, s.asked, "nothing is asked whose answer could not be kept")
}

func TestCloudWatchProtocols(t *testing.T) {
	for _, test := range []struct {
		protocol, contentType, answer string
		speaks                        func(*http.Request) string
	}{
		{"cbor", "application/cbor",
			"\xa1\x71MetricDataResults\x81\xa2\x62Id\x62m1\x66Values\x81\xfb\x40\x08\x00\x00\x00\x00\x00\x00",
			func(r *http.Request) string { return r.URL.Path }},
		{"json", "application/x-amz-json-1.0", `{"MetricDataResults": [{"Id": "m1", "Values": [3.0]}]}`,
			func(r *http.Request) string { return r.Header.Get("X-Amz-Target") }},
		{"query", "text/xml",
			`<GetMetricDataResponse xmlns="http://monitoring.amazonaws.com/doc/2010-08-01/"><GetMetricDataResult><MetricDataResults>` +
				`<member><Id>m1</Id><Values><member>3.0</member></Values></member></MetricDataResults></GetMetricDataResult></GetMetricDataResponse>`,
			func(r *http.Request) string { return r.FormValue("Action") }},
	} {
		t.Run(test.protocol, func(t *testing.T) {
			var asked string
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked = test.speaks(r)
				w.Header().Set("Content-Type", test.contentType)
				if test.protocol == protocolCBOR {
					w.Header().Set("Smithy-Protocol", "rpc-v2-cbor")
				}
				fmt.Fprint(w, test.answer)
			}))
			defer s.Close()
			client := cloudwatch.New(cloudwatch.Options{Region: "eu-west-2", BaseEndpoint: aws.String(s.URL),
				Credentials: credentials.NewStaticCredentialsProvider("a", "b", "")}, protocols[test.protocol])
			out, err := client.GetMetricData(t.Context(), &cloudwatch.GetMetricDataInput{StartTime: &noon, EndTime: &noon,
				MetricDataQueries: []types.MetricDataQuery{{Id: aws.String("m1")}}})
			require.NoError(t, err)
			assert.True(t, strings.HasSuffix(asked, "GetMetricData"), asked)
			require.Len(t, out.MetricDataResults, 1)
			assert.Equal(t, []float64{3}, out.MetricDataResults[0].Values)
		})
	}
}
