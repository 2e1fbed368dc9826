package triage_test

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/changes"
	"github.com/awsdiag/awsdiag/diag/changes/changesfake"
	"github.com/awsdiag/awsdiag/triage"
)

// edit is an incident that somebody's change caused, among many changes that have nothing to do with it.
type edit struct {
	name               string
	kind               triage.SymptomKind
	target, targetType string
	since              time.Duration
	spoil              func(*world)
	// code, on, by and ago are the change that must lead: its family, a part of its resource, who made it and how long before
	// now. Without a code no change may lead, and the first root must say one of words; without words the account is sound.
	code    diag.Code
	on, by  string
	ago     time.Duration
	words   []string
	mustNot []string
	// open tells why the diagnosis does not find the cause yet.
	open string
}

// bystanders are who made the changes that have nothing to do with any trouble.
var bystanders = []string{"p.novak", "billing-deploy", "data-platform", "k.osei", "nightly-iac"}

// by adds a call of somebody.
func (w *world) by(ago time.Duration, write changesfake.Write) {
	write.At, write.Account, write.Region = w.ago(ago), w.ID, w.Region
	w.CloudTrail.Events = append(w.CloudTrail.Events, write.Event())
}

// global adds a call to a global service, which CloudTrail files in us-east-1.
func (w *world) global(ago time.Duration, write changesfake.Write) {
	write.At, write.Account, write.Region = w.ago(ago), w.ID, "us-east-1"
	w.GlobalTrail.Events = append(w.GlobalTrail.Events, write.Event())
}

// decoys are changes of other people's resources around some time: of the same kinds that break things.
func (w *world) decoys(around time.Duration) {
	for i, d := range []changesfake.Write{
		{Action: "ec2:RevokeSecurityGroupIngress", Params: `{"groupId":"sg-0feedbeef12345678"}`, Resources: []string{"AWS::EC2::SecurityGroup sg-0feedbeef12345678"}},
		{Action: "ec2:DeleteRoute", Params: `{"routeTableId":"rtb-0feedbeef12345678","destinationCidrBlock":"0.0.0.0/0"}`},
		{Action: "rds:ModifyDBInstance", Params: `{"dBInstanceIdentifier":"ledger-staging","dBInstanceClass":"db.t4g.small"}`},
		{Action: "ecs:UpdateService", Params: `{"cluster":"analytics","service":"ingest","desiredCount":0}`},
		{Action: "ecs:RegisterTaskDefinition", Response: `{"taskDefinition":{"taskDefinitionArn":"arn:aws:ecs:eu-south-1:628905137462:task-definition/ingest:7"}}`},
		{Action: "logs:PutRetentionPolicy", Params: `{"logGroupName":"/ecs/ingest","retentionInDays":7}`},
		{Action: "secretsmanager:PutSecretValue", Params: `{"secretId":"analytics/token"}`},
		{Action: "ssm:PutParameter", Params: `{"name":"/analytics/batch-size","overwrite":true}`},
		{Action: "elasticloadbalancing:ModifyTargetGroup", Params: `{"targetGroupArn":"arn:aws:elasticloadbalancing:eu-south-1:628905137462:targetgroup/Ingest/0a1b2c3d4e5f6071","healthCheckPath":"/ok"}`},
		{Action: "autoscaling:SetDesiredCapacity", Params: `{"autoScalingGroupName":"analytics-workers","desiredCapacity":9}`},
		{Action: "lambda:UpdateFunctionConfiguration20150331v2", Params: `{"functionName":"thumbnailer","timeout":20}`},
		{Action: "ecr:BatchDeleteImage", Params: `{"repositoryName":"ingest","imageIds":[{"imageTag":"old"}]}`},
		{Action: "s3:PutBucketPolicy", Params: `{"bucketName":"analytics-lake"}`},
		{Action: "ec2:StopInstances", Params: `{"instancesSet":{"items":[{"instanceId":"i-0feedbeef12345678"}]}}`},
	} {
		d.Who = bystanders[i%len(bystanders)]
		w.by(around+time.Duration(i-7)*50*time.Second, d)
	}
	w.global(around+time.Minute, changesfake.Write{Action: "iam:DetachRolePolicy", Who: bystanders[0], Params: `{"roleName":"analytics-ingest","policyArn":"arn:aws:iam::aws:policy/AmazonS3FullAccess"}`})
	w.global(around+2*time.Minute, changesfake.Write{Action: "route53:ChangeResourceRecordSets", Who: bystanders[3],
		Params: `{"hostedZoneId":"Z0FEEDBEEF","changeBatch":{"changes":[{"action":"UPSERT","resourceRecordSet":{"name":"dash.analytics.example.","type":"A"}}]}}`})
}

func edits() []edit {
	var all []edit
	for _, theme := range [][]edit{networkEdits(), releaseEdits(), accessEdits(), capacityEdits(), databaseEdits(), innocentEdits()} {
		all = append(all, theme...)
	}
	return all
}

func (e edit) run(t testing.TB) (*diag.Report, *world) {
	w := newWorld(t)
	e.spoil(w)
	v := variation{kind: e.kind, target: e.target, targetType: e.targetType, since: e.since}
	report, err := triage.Investigate(t.Context(), []triage.Scope{w.Scope()}, v.symptom(w), triage.Options{Now: w.now})
	require.NoError(t, err)
	return report, w
}

// wrong tells what is wrong with a diagnosis, empty if nothing is.
func (e edit) wrong(t testing.TB, report *diag.Report, w *world) string {
	for _, i := range report.Inconclusive {
		return "inconclusive: " + string(i.Code) + " on " + i.Resource.String() + ": " + i.Err
	}
	roots := report.Roots()
	for _, r := range roots {
		for _, who := range append(bystanders, e.mustNot...) {
			if r.Severity >= diag.SeverityWarning && strings.Contains(strings.ToLower(r.Summary), who) {
				return "blamed without reason: " + r.Summary
			}
		}
	}
	switch {
	case e.code == "" && e.words == nil:
		if report.Worst() >= diag.SeverityWarning {
			return "alarm in a sound account:\n" + told(roots)
		}
		return ""
	case len(roots) == 0:
		return "no root"
	case e.code == "" && roots[0].Change:
		return "a change leads: " + told(roots)
	case e.code == "" && !containsAny(lower(t, roots[0]), e.words):
		return "want first: " + strings.Join(e.words, ", ") + "\ngot: " + told(roots)
	case e.code == "":
		return ""
	}
	r := roots[0]
	switch {
	case r.Code != e.code || !strings.Contains(r.Resource.ID, e.on):
		return "want first: " + string(e.code) + " on " + e.on + "\ngot: " + told(roots)
	case !strings.Contains(r.Summary, e.by) || !strings.Contains(r.Summary, w.ago(e.ago).UTC().Format(time.RFC3339)) || !r.Since.Equal(w.ago(e.ago)):
		return "actor or time is not told: " + r.Summary
	case len(r.Explains) == 0 || len(r.NextSteps) == 0:
		return "it explains nothing, or says not what to do: " + r.Summary
	}
	return ""
}

// TestEdits diagnoses incidents that a change caused: the change leads, with who made it and when, and no other is blamed.
func TestEdits(t *testing.T) {
	all := edits()
	require.GreaterOrEqual(t, len(all), 25)
	families := map[diag.Code]bool{}
	for _, f := range changes.Families() {
		families[f.Code()] = true
	}
	var right atomic.Int32
	t.Run("incidents", func(t *testing.T) {
		for _, e := range all {
			t.Run(e.name, func(t *testing.T) {
				t.Parallel()
				require.True(t, e.code == "" || families[e.code], e.code)
				report, w := e.run(t)
				wrong := e.wrong(t, report, w)
				if wrong == "" {
					right.Add(1)
				}
				t.Logf("%s\n%s", told(report.Roots()), report)
				switch {
				case e.open == "":
					assert.Empty(t, wrong)
				case wrong == "":
					assert.Fail(t, "found by now", "it was open because %s", e.open)
				default:
					t.Logf("OPEN (%s): %s", e.open, wrong)
				}
			})
		}
	})
	t.Logf("%d of %d incidents: the change first", right.Load(), len(all))
}
