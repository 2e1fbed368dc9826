package wiretest

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/schemas"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/smithy-go/transport/http/protocol/awsjson"
	"github.com/aws/smithy-go/transport/http/protocol/awsquery"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/guard"
	"github.com/awsdiag/awsdiag/triage"
)

// peer returns the configuration of the server to test against.
func peer(t *testing.T) (aws.Config, func(*triage.ScopeOptions)) {
	endpoint := os.Getenv("AWSDIAG_PEER")
	if endpoint == "" {
		t.Skip("set AWSDIAG_PEER to the URL of an AWS-compatible server on loopback, such as http://127.0.0.1:5000")
	}
	speak := map[string]func(*cloudwatch.Options){
		"": func(*cloudwatch.Options) {}, "cbor": func(*cloudwatch.Options) {},
		"json":  func(o *cloudwatch.Options) { o.Protocol = awsjson.New10(schemas.GraniteServiceVersion20100801) },
		"query": func(o *cloudwatch.Options) { o.Protocol = awsquery.New(schemas.GraniteServiceVersion20100801) },
	}[os.Getenv("AWSDIAG_PEER_CLOUDWATCH")]
	require.NotNil(t, speak, "AWSDIAG_PEER_CLOUDWATCH: want cbor, json or query")
	return aws.Config{
		Region: "us-east-1", BaseEndpoint: &endpoint, DisableRequestCompression: true,
		Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "example", ""),
	}, func(o *triage.ScopeOptions) { o.CloudWatch = append(o.CloudWatch, speak) }
}

// investigate asks why the seeded load balancer answers 503, with guarded clients.
func investigate(t *testing.T, target string) *diag.Report {
	cfg, options := peer(t)
	g, err := guard.New(guard.Options{Reason: "wire test"})
	require.NoError(t, err)
	scope, err := triage.NewScope(t.Context(), g.Config(cfg, "123456789012"), options)
	require.NoError(t, err)
	report, err := triage.Investigate(t.Context(), []triage.Scope{scope},
		triage.Symptom{Kind: triage.HTTP503, Target: target},
		triage.Options{Budget: diag.Budget{Time: time.Minute}})
	require.NoError(t, err)
	for _, i := range report.Inconclusive {
		assert.NotEqual(t, diag.KindPanic, i.Kind, "%s: %s", i.Code, i.Err)
		t.Logf("could not see: %s on %s: %s", i.Code, i.Resource, i.Err)
	}
	for _, f := range report.Findings {
		t.Logf("%s %s: %s", f.Severity, f.Code, f.Summary)
	}
	return report
}

// TestInvestigate diagnoses a load balancer, its instances, its ECS service and its log group over the wire: first
// sound, then with the rule gone that lets the load balancer in.
func TestInvestigate(t *testing.T) {
	cfg, _ := peer(t)
	w, err := seed(t.Context(), cfg, fmt.Sprintf("wire-%d", time.Now().UnixNano()%1_000_000_000))
	require.NoError(t, err)

	report := investigate(t, w.loadBalancer)
	_, err = json.Marshal(report)
	require.NoError(t, err)
	seen := map[string]bool{}
	for _, s := range report.Coverage.Subjects {
		seen[s.Type] = true
	}
	for _, typ := range []string{
		"AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::ElasticLoadBalancingV2::TargetGroup", "AWS::ECS::Service",
		"AWS::ECS::TaskDefinition", "AWS::ECS::Cluster", "AWS::Logs::LogGroup", "AWS::EC2::NetworkInsightsPath",
	} {
		assert.True(t, seen[typ], "the walk did not come to any %s", typ)
	}
	assert.NotContains(t, codes(report), diag.Code("ec2.security-group-blocks-ingress"))
	assert.Contains(t, codes(report), diag.Code("logs.database-connection-refused"))

	revoke(t, ec2.NewFromConfig(cfg), w)
	report = investigate(t, w.loadBalancer)
	require.Contains(t, codes(report), diag.Code("ec2.security-group-blocks-ingress"))
	for _, f := range report.Findings {
		if f.Code == "ec2.security-group-blocks-ingress" {
			assert.Equal(t, w.targetsGroup, f.Resource.ID)
		}
	}
}

func codes(r *diag.Report) []diag.Code {
	codes := []diag.Code{}
	for _, f := range r.Findings {
		codes = append(codes, f.Code)
	}
	return codes
}

func revoke(t *testing.T, client *ec2.Client, w world) {
	_, err := client.RevokeSecurityGroupIngress(t.Context(), &ec2.RevokeSecurityGroupIngressInput{
		GroupId: &w.targetsGroup, IpPermissions: []types.IpPermission{{
			IpProtocol: aws.String("tcp"), FromPort: aws.Int32(port), ToPort: aws.Int32(port),
			UserIdGroupPairs: []types.UserIdGroupPair{{GroupId: &w.balancerGroup}},
		}},
	})
	require.NoError(t, err)
}
