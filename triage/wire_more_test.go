package triage_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/health"
	"github.com/aws/aws-sdk-go-v2/service/pi"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/albdiag"
	"github.com/awsdiag/awsdiag/diag"
	awshealth "github.com/awsdiag/awsdiag/diag/health"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/internal/wire"
	"github.com/awsdiag/awsdiag/rdsdiag"
)

// answers makes exchanges of one service in one protocol; those with a "__type" are errors.
func answers(service, protocol string, status int, of map[string]string) *wire.Replay {
	var exchanges []wire.Exchange
	for operation, answer := range of {
		exchanges = append(exchanges, wire.Exchange{Service: service, Operation: operation, Protocol: protocol,
			Status: status, ResponseText: answer})
	}
	return wire.Of(exchanges...)
}

const json11 = "x-amz-json-1.1"

// TestPerformanceInsightsOverTheWire reads a hand-made answer in the protocol of Performance Insights, after the
// examples of "GetResourceMetrics" (Performance Insights API Reference), and one that is refused.
func TestPerformanceInsightsOverTheWire(t *testing.T) {
	databases := answers("rds", "query", 200, map[string]string{"DescribeDBInstances": `<DescribeDBInstancesResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/">
	 <DescribeDBInstancesResult><DBInstances><DBInstance><DBInstanceIdentifier>shop</DBInstanceIdentifier><Engine>postgres</Engine>
	 <DBInstanceStatus>available</DBInstanceStatus><DBInstanceClass>db.r6g.large</DBInstanceClass><DbiResourceId>db-ABCDEFGHIJKLMNOPQRSTUVWXYZ</DbiResourceId>
	 <PerformanceInsightsEnabled>true</PerformanceInsightsEnabled></DBInstance></DBInstances></DescribeDBInstancesResult></DescribeDBInstancesResponse>`})
	window := diag.Last(time.Hour, time.Unix(1795314300, 0).UTC())
	read := func(replay *wire.Replay) (*rdsdiag.Sessions, error) {
		source := metrics.NewSource(cloudWatchOf(spoken(t, "rpc-v2-cbor", nil), "rpc-v2-cbor"), window)
		db := rdsdiag.NewDirectory(rds.NewFromConfig(databases.Config()), source, window).DBInstance("shop")
		return rdsdiag.NewLoad(db, pi.NewFromConfig(replay.Config()), true).Sessions(t.Context())
	}
	sessions, err := read(answers("pi", json11, 200, map[string]string{"GetResourceMetrics": `{"Identifier":"db-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
	 "AlignedStartTime":1795312200,"AlignedEndTime":1795312800,"MetricList":[
	 {"Key":{"Metric":"db.load.avg"},"DataPoints":[{"Timestamp":1795312200,"Value":6.5},{"Timestamp":1795312500,"Value":7.25}]},
	 {"Key":{"Metric":"db.load.avg","Dimensions":{"db.wait_event.name":"Lock:transactionid","db.wait_event.type":"Lock"}},
	  "DataPoints":[{"Timestamp":1795312200,"Value":5.5},{"Timestamp":1795312500}]}]}`}))
	require.NoError(t, err)
	require.NotNil(t, sessions)
	assert.Equal(t, 13.75, sessions.Total.Sum())
	require.Len(t, sessions.Waits, 1)
	assert.Equal(t, "Lock:transactionid", sessions.Waits[0].Name)
	assert.Len(t, sessions.Waits[0].Sessions.Points, 1, "a point without a value is missing")

	for code, kind := range map[string]diag.Kind{"NotAuthorizedException": diag.KindDenied,
		"InvalidArgumentException": diag.KindInvalid} {
		_, err := read(answers("pi", json11, 400, map[string]string{"GetResourceMetrics": `{"__type":"` + code +
			`","message":"no"}`}))
		assert.Equal(t, kind, diag.KindOf(err), "%s: %v", code, err)
	}
}

// TestCertificatesOverTheWire reads hand-made answers in the protocol of ACM, after "DescribeCertificate" (AWS
// Certificate Manager API Reference).
func TestCertificatesOverTheWire(t *testing.T) {
	const arn = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
	window := diag.Last(time.Hour, time.Unix(1795314300, 0).UTC())
	of := func(status int, answer string) *albdiag.Certificate {
		replay := answers("acm", json11, status, map[string]string{"DescribeCertificate": answer})
		return albdiag.NewCertificate(acm.NewFromConfig(replay.Config()), arn, window, "shop.example.com")
	}
	expired := of(200, `{"Certificate":{"CertificateArn":"`+arn+`","DomainName":"shop.example.com","SubjectAlternativeNames":["shop.example.com"],
	 "Status":"EXPIRED","Type":"IMPORTED","NotBefore":1763778300,"NotAfter":1795310700.0}}`)
	described, err := expired.Describe(t.Context())
	require.NoError(t, err)
	assert.Equal(t, time.Unix(1795310700, 0).UTC(), described.NotAfter.UTC())
	report := diag.Run(t.Context(), diag.On(expired, albdiag.CertificateChecks()...))
	require.NoError(t, report.Err())
	require.NotEmpty(t, report.Findings)
	assert.Equal(t, diag.Code("alb.certificate-expired"), report.Findings[0].Code)
	for code, kind := range map[string]diag.Kind{"AccessDeniedException": diag.KindDenied,
		"ResourceNotFoundException": diag.KindNotFound} {
		_, err := of(400, `{"__type":"`+code+`","message":"no"}`).Describe(t.Context())
		assert.Equal(t, kind, diag.KindOf(err), "%s: %v", code, err)
	}
}

// TestHealthOverTheWire reads hand-made answers in the protocol of AWS Health, after "DescribeEvents" (AWS Health API
// Reference), and knows an account that has no plan for it.
func TestHealthOverTheWire(t *testing.T) {
	const arn = "arn:aws:health:us-east-1::event/RDS/AWS_RDS_OPERATIONAL_ISSUE/AWS_RDS_OPERATIONAL_ISSUE_1"
	window := diag.Last(time.Hour, time.Unix(1795314300, 0).UTC())
	events := func(status int, of map[string]string) *awshealth.Events {
		return awshealth.NewEvents(health.NewFromConfig(answers("health", json11, status, of).Config()), "us-east-1", window)
	}
	issues, err := events(200, map[string]string{
		"DescribeEvents": `{"events":[{"arn":"` + arn + `","service":"RDS","eventTypeCode":"AWS_RDS_OPERATIONAL_ISSUE","eventTypeCategory":"issue",
		 "region":"us-east-1","eventScopeCode":"ACCOUNT_SPECIFIC","startTime":1795312200.5,"lastUpdatedTime":1795313000,"statusCode":"open"}]}`,
		"DescribeEventDetails": `{"successfulSet":[{"event":{"arn":"` + arn + `"},"eventDescription":{"latestDescription":"We are investigating."}}],
		 "failedSet":[]}`,
		"DescribeAffectedEntities": `{"entities":[{"eventArn":"` + arn + `","entityValue":"shop"}]}`,
	}).Issues(t.Context())
	require.NoError(t, err)
	require.Len(t, issues, 1)
	assert.Equal(t, "RDS", issues[0].Service)
	assert.True(t, issues[0].Open)
	assert.Equal(t, []string{"shop"}, issues[0].Entities)
	assert.Equal(t, "We are investigating.", issues[0].Text)

	without := events(400,
		map[string]string{"DescribeEvents": `{"__type":"SubscriptionRequiredException","message":"no"}`})
	subscribed, err := without.Subscribed(t.Context())
	assert.NoError(t, err)
	assert.False(t, subscribed)
	_, err = events(400,
		map[string]string{"DescribeEvents": `{"__type":"AccessDeniedException","message":"no"}`}).Issues(t.Context())
	assert.Equal(t, diag.KindDenied, diag.KindOf(err))
}

// TestRecordedVolumes reads the state of the volumes of an instance: one server tells it, and the other fails, which is
// no sound volume.
func TestRecordedVolumes(t *testing.T) {
	for server, tells := range map[string]bool{"moto": false, "ministack": true} {
		t.Run(server, func(t *testing.T) {
			scope := recordedScope(t, server)
			id := find(t, server, "DescribeInstances", `<instanceId>(i-[0-9a-f]+)</instanceId>`)
			instance := ec2diag.NewInstance(scope.Clients.EC2, id, diag.Last(time.Hour, recorded))
			described, err := instance.Describe(t.Context())
			require.NoError(t, err)
			statuses, err := instance.VolumeStatuses(t.Context())
			t.Logf("%d volumes, %d statuses, %v", len(described.BlockDeviceMappings), len(statuses), err)
			if len(described.BlockDeviceMappings) == 0 {
				return
			}
			assert.Equal(t, tells, err == nil)
			if tells {
				assert.Equal(t, "ok", string(statuses[0].VolumeStatus.Status))
				assert.NotEmpty(t, aws.ToString(statuses[0].VolumeId))
			}
		})
	}
}

// TestRecordedScalingGroup reads an Auto Scaling group and its activities.
func TestRecordedScalingGroup(t *testing.T) {
	for server, name := range map[string]string{"moto": "asg-14291", "ministack": "asg-14300"} {
		t.Run(server, func(t *testing.T) {
			scope := recordedScope(t, server)
			group := ec2diag.NewScalingGroup(scope.Clients.AutoScaling, name, diag.Last(time.Hour, recorded))
			described, err := group.Describe(t.Context())
			require.NoError(t, err)
			assert.Equal(t, name, *described.AutoScalingGroupName)
			_, err = group.Activities(t.Context())
			assert.NoError(t, err)
		})
	}
}
