package changes_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/changes"
	"github.com/awsdiag/awsdiag/diag/changes/changesfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/internal/saved"
)

// worlds are the trails of saved incidents, by pack, each with the window that it was recorded for.
func worlds(t *testing.T) map[string]world {
	t.Helper()
	documents, err := saved.Read(os.DirFS("testdata"))
	require.NoError(t, err)
	all := map[string]world{}
	for _, d := range documents {
		var in cloudtrail.LookupEventsInput
		var out cloudtrail.LookupEventsOutput
		require.NoError(t, saved.Decode(d.Input, &in))
		require.NoError(t, saved.Decode(d.Output, &out))
		w := world{&changesfake.Client{}, diag.Window{Start: *in.StartTime, End: *in.EndTime}}
		require.True(t, w.fake.Merge(&in, &out))
		all[strings.TrimSuffix(d.File, ".json.gz")] = w
	}
	return all
}

type world struct {
	fake   *changesfake.Client
	window diag.Window
}

func (w world) trail(options ...changes.Option) *changes.Trail {
	return changes.NewTrail(w.fake, w.window, append([]changes.Option{changes.WithPacer(nil)}, options...)...)
}

// TestPacksFold reads every saved world: most of what CloudTrail recorded is no change.
func TestPacksFold(t *testing.T) {
	all := worlds(t)
	require.Len(t, all, 14)
	recorded, remain := 0, 0
	for pack, w := range all {
		t.Run(pack, func(t *testing.T) {
			sweep, err := w.trail().Sweep(t.Context())
			require.NoError(t, err)
			recorded, remain = recorded+len(w.fake.Events), remain+len(sweep.Changes)
			t.Logf("%d recorded, %d write events read, %d remain", len(w.fake.Events), sweep.Read, len(sweep.Changes))
			assert.LessOrEqual(t, len(sweep.Changes), 6)
			folded := 0
			for _, f := range sweep.Folded {
				folded += f.Count
			}
			assert.Equal(t, sweep.Read, len(sweep.Changes)+len(sweep.Refused)+folded, "every event is accounted for")
			for _, c := range sweep.Changes {
				t.Log(c.At.Format(time.TimeOnly), c.Code, c.Summary)
				assert.NotEqual(t, diag.Code("changes.other"), c.Code, c.EventName)
				assert.NotEmpty(t, c.Resources, c.Summary)
				assert.NotContains(t, c.Summary, "amazonaws.com", "a service at its routine work")
			}
			assert.Len(t, w.fake.Calls(), 1)
		})
	}
	t.Logf("of %d recorded events %d remain", recorded, remain)
}

// TestPacksCauses finds the change that caused each incident whose cause is one: on its resource, with actor and time.
func TestPacksCauses(t *testing.T) {
	all := worlds(t)
	for _, tt := range []struct {
		pack     string
		resource diag.Resource
		code     diag.Code
		actor    string
		at       string
		says     string
		undo     string
	}{
		{"task-ingress-rule-revoked", diag.ResourceOf("AWS::EC2::SecurityGroup", "sg-0a7e19e3f5065562a", ""),
			"changes.security-group-rule-removed",
			"omar.h@booking.example (role AWSReservedSSO_PlatformEngineer_e8aa5dab513150e9)",
			"2026-01-22T15:51:15Z",
			"removed an ingress rule (tcp 5000 from sg-0c460ce4fe23fe629) from security group sg-0a7e19e3f5065562a",
			`aws ec2 authorize-security-group-ingress --group-id sg-0a7e19e3f5065562a --ip-permissions ` +
				`'[{"IpProtocol":"tcp","FromPort":5000,"ToPort":5000,"UserIdGroupPairs":[{"GroupId":"sg-0c460ce4fe23fe629"}]}]'`},
		{"nat-gateway-deleted-image-pull-timeout", diag.ResourceOf("AWS::EC2::NatGateway", "nat-09e28978d987cadd8", ""),
			"changes.nat-gateway-deleted", "w.tan@fleet.example (role AWSReservedSSO_PlatformEngineer_5826ce08e7b716ef)",
			"2026-05-06T21:06:40Z", "deleted NAT gateway nat-09e28978d987cadd8", ""},
		{"ssm-endpoints-removed", diag.ResourceOf("AWS::EC2::VPCEndpoint", "vpce-0c1d43d32017e31cb", ""),
			"changes.vpc-endpoint-deleted", "tf (role gitlab-terraform)", "2026-01-14T05:54:38Z",
			"deleted VPC endpoints vpce-042848519b4d6eb32 and vpce-0c1d43d32017e31cb", ""},
		{"api-container-out-of-memory", diag.ResourceOf("AWS::ECS::Service", "shop-prod/api", ""),
			"changes.service-updated", "GitHubActions (role github-actions-deploy)", "2026-02-11T13:52:45Z",
			"updated ECS service shop-prod/api (task definition shop-prod-api:86)",
			"aws ecs update-service --cluster shop-prod --service api --task-definition shop-prod-api:85"},
		{"database-connections-exhausted", diag.ResourceOf("AWS::ECS::TaskDefinition", "courses-prod-learn:107", ""),
			"changes.task-definition-registered", "GitHubActions", "2026-05-28T10:12:15Z",
			"registered task definition courses-prod-learn:107", ""},
		{"health-check-path-404", diag.ResourceOf("AWS::ECR::Repository", "media/site", ""),
			"changes.image-pushed", "gitlab-runner", "2026-04-08T11:08:41Z", "pushed an image (c1ac693)", ""},
		{"secret-denied-to-execution-role", diag.ResourceOf("AWS::SecretsManager::Secret", "carriers/prod/dhl-token", ""),
			"changes.secret-created", "carla.r@parcels.example", "2026-06-17T12:20:40Z",
			"created secret carriers/prod/dhl-token", ""},
		{"gateway-timeout-burst-balance-empty", diag.ResourceOf("AWS::EC2::Instance", "i-04016451e903350a4", ""),
			"changes.command-run", "sam.d@tickets.example", "2026-02-26T17:15:52Z", "ran a command (AWS-RunShellScript)", ""},
	} {
		t.Run(tt.pack, func(t *testing.T) {
			w := all[tt.pack]
			report := diag.Run(t.Context(), diag.On(changes.NewTouched(w.trail(), tt.resource, w.window),
				changes.TouchedChecks()...))
			require.NoError(t, report.Err())
			f := diagtest.Only(t, report, tt.code)
			assert.Len(t, report.Findings, 1)
			assert.Equal(t, diag.SeverityInfo, f.Severity)
			assert.Equal(t, tt.resource.ID, f.Resource.ID)
			assert.Equal(t, tt.at, f.Since.Format(time.RFC3339))
			assert.Contains(t, f.Summary, tt.says)
			assert.Contains(t, f.Summary, tt.at)
			ask := slices.IndexFunc(f.NextSteps, func(s diag.Step) bool { return strings.HasPrefix(s.Text, "Ask "+tt.actor) })
			assert.GreaterOrEqual(t, ask, 0, "%v", f.NextSteps)
			undo := ""
			if ask > 0 {
				undo = f.NextSteps[0].Command
			}
			assert.Equal(t, tt.undo, undo)
			assert.Empty(t, report.Roots(), "an info is no cause by itself")
			assert.Len(t, w.fake.Calls(), 1, "one sweep for all checks")
		})
	}
}
