package changes_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/changes"
	"github.com/awsdiag/awsdiag/diag/changes/changesfake"
)

// TestFromWhat is that a summary tells from what to what something was changed where the answer or an earlier call
// does, and never where nothing does.
func TestFromWhat(t *testing.T) {
	const service = `{"cluster":"prod","service":"api",`
	write := func(action, params, response string) changesfake.Write {
		return changesfake.Write{Action: action, Who: "omar.h", Params: params, Response: response}
	}
	group := func(params string) changesfake.Write {
		return write("elasticloadbalancing:ModifyTargetGroup", `{"targetGroupArn":"`+arnTG+`",`+params+`}`, "")
	}
	limits := func(most string) changesfake.Write {
		return write("application-autoscaling:RegisterScalableTarget",
			`{"serviceNamespace":"ecs","resourceId":"service/prod/api","minCapacity":2,"maxCapacity":`+most+`}`, "")
	}
	idle := func(seconds string) changesfake.Write {
		return write("elasticloadbalancing:ModifyLoadBalancerAttributes",
			`{"loadBalancerArn":"arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/front/50dc6c495c0c9188",`+
				`"attributes":[{"key":"idle_timeout.timeout_seconds","value":"`+seconds+`"}]}`, "")
	}
	parameter := func(n string) changesfake.Write {
		return write("rds:ModifyDBParameterGroup",
			`{"dBParameterGroupName":"pg16","parameters":[{"parameterName":"max_connections","parameterValue":"`+n+
				`","applyMethod":"pending-reboot"}]}`, "")
	}
	definition := func(revision, memory, image string) changesfake.Write {
		return write("ecs:RegisterTaskDefinition", `{"family":"api","memory":"`+memory+
			`","containerDefinitions":[{"name":"app","image":"repo/api:`+image+`"}]}`,
			`{"taskDefinition":{"taskDefinitionArn":"arn:aws:ecs:eu-west-1:111122223333:task-definition/api:`+revision+`"}}`)
	}
	const route = `{"routeTableId":"rtb-1","destinationCidrBlock":"0.0.0.0/0"`
	for _, tt := range []struct {
		name   string
		calls  []changesfake.Write
		says   string
		before []changes.Detail
	}{
		{"class of a database",
			[]changesfake.Write{write("rds:ModifyDBInstance",
				`{"dBInstanceIdentifier":"shop","dBInstanceClass":"db.r6g.large","applyImmediately":true}`,
				`{"dBInstanceIdentifier":"shop","dBInstanceClass":"db.r6g.2xlarge","pendingModifiedValues":{"dBInstanceClass":"db.r6g.large"}}`)},
			"omar.h modified DB instance shop (db instance class from db.r6g.2xlarge to db.r6g.large)",
			[]changes.Detail{{Name: "db instance class", Value: "db.r6g.2xlarge"}}},
		{"class of a database that is not pending",
			[]changesfake.Write{write("rds:ModifyDBInstance", `{"dBInstanceIdentifier":"shop","dBInstanceClass":"db.r6g.large"}`,
				`{"dBInstanceIdentifier":"shop","dBInstanceClass":"db.r6g.large"}`)},
			"omar.h modified DB instance shop (db instance class db.r6g.large)", nil},
		{"throughput of a table",
			[]changesfake.Write{write("dynamodb:UpdateTable",
				`{"tableName":"carts","provisionedThroughput":{"readCapacityUnits":50,"writeCapacityUnits":5}}`,
				`{"tableDescription":{"tableStatus":"UPDATING","provisionedThroughput":{"readCapacityUnits":50,"writeCapacityUnits":400}}}`)},
			"omar.h changed DynamoDB table carts (provisioned throughput read capacity units 50, provisioned throughput write " +
				"capacity units from 400 to 5)",
			[]changes.Detail{{Name: "provisioned throughput write capacity units", Value: "400"}}},
		{"release of a service", []changesfake.Write{write("ecs:UpdateService", service+`"taskDefinition":"api:8"}`,
			`{"service":{"runningCount":3,"taskDefinition":"arn:aws:ecs:eu-west-1:111122223333:task-definition/api:8","deployments":[`+
				`{"status":"PRIMARY","taskDefinition":"arn:aws:ecs:eu-west-1:111122223333:task-definition/api:8"},`+
				`{"status":"ACTIVE","taskDefinition":"arn:aws:ecs:eu-west-1:111122223333:task-definition/api:7"}]}}`)},
			"omar.h updated ECS service prod/api (task definition from api:7 to api:8)",
			[]changes.Detail{{Name: "task definition", Value: "api:7"}}},
		{"count of tasks",
			[]changesfake.Write{write("ecs:UpdateService", service+`"desiredCount":2}`, `{"service":{"runningCount":6}}`)},
			"omar.h updated ECS service prod/api (desired count 2 while 6 ran)", nil},
		{"count of tasks, which services change too",
			[]changesfake.Write{write("ecs:UpdateService", service+`"desiredCount":6}`, ""),
				write("ecs:UpdateService", service+`"desiredCount":2}`, "")},
			"omar.h updated ECS service prod/api (desired count 2)", nil},
		{"path of a health check", []changesfake.Write{group(`"healthCheckPath":"/health"`),
			group(`"healthCheckPath":"/healthz"`)},
			"omar.h changed target group web (health check path from /health to /healthz)",
			[]changes.Detail{{Name: "health check path", Value: "/health"}}},
		{"path of a health check that stays", []changesfake.Write{group(`"healthCheckPath":"/health"`),
			group(`"healthCheckPath":"/health"`)},
			"omar.h changed target group web (health check path /health)", nil},
		{"limits of scaling", []changesfake.Write{limits("20"), limits("4")},
			"omar.h set the scaling limits of ECS service prod/api (min capacity 2, max capacity from 20 to 4)",
			[]changes.Detail{{Name: "max capacity", Value: "20"}}},
		{"idle timeout", []changesfake.Write{idle("60"), idle("5")},
			"omar.h changed load balancer front (idle_timeout.timeout_seconds from 60 to 5)",
			[]changes.Detail{{Name: "idle_timeout.timeout_seconds", Value: "60"}}},
		{"parameter of a database", []changesfake.Write{parameter("400"), parameter("100")},
			"omar.h changed parameters (max_connections from 400 to 100) of DB parameter group pg16",
			[]changes.Detail{{Name: "max_connections", Value: "400"}}},
		{"memory of a task definition", []changesfake.Write{definition("7", "2048", "a"), definition("8", "512", "b")},
			"omar.h registered task definition api:8 (image api:b, memory from 2048 to 512)",
			[]changes.Detail{{Name: "memory", Value: "2048"}}},
		{"route deleted", []changesfake.Write{write("ec2:CreateRoute", route+`,"natGatewayId":"nat-1"}`, ""),
			write("ec2:DeleteRoute", route+`}`, "")},
			"omar.h deleted a route (0.0.0.0/0 by nat-1) from route table rtb-1",
			[]changes.Detail{{Name: "0.0.0.0/0", Value: "nat-1"}}},
		{"route replaced", []changesfake.Write{write("ec2:ReplaceRoute", route+`,"natGatewayId":"nat-1"}`, ""),
			write("ec2:ReplaceRoute", route+`,"transitGatewayId":"tgw-1"}`, "")},
			"omar.h replaced a route (0.0.0.0/0 by tgw-1, before by nat-1) of route table rtb-1",
			[]changes.Detail{{Name: "0.0.0.0/0", Value: "nat-1"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var events []types.Event
			for i, call := range tt.calls {
				call.At = window.End.Add(time.Duration(i-len(tt.calls)) * time.Minute)
				events = append(events, call.Event())
			}
			made, err := changes.NewTrail(&changesfake.Client{Events: events}, window,
				changes.WithPacer(nil)).Changes(t.Context(), window)
			require.NoError(t, err)
			require.Len(t, made, len(tt.calls))
			last := made[len(made)-1]
			assert.Equal(t, tt.says, last.Summary)
			assert.Equal(t, tt.before, last.Before)
			for _, d := range tt.before {
				assert.Contains(t, last.Finding().Evidence,
					diag.Evidence{Source: "cloudtrail:LookupEvents", Field: "before: " + d.Name, Value: d.Value, At: last.At})
			}
		})
	}
}

// TestNature is how changes take effect.
func TestNature(t *testing.T) {
	const service = `{"cluster":"prod","service":"api",`
	running := func(before, now string) string {
		return `{"service":{"runningCount":3,"taskDefinition":"` + now +
			`","deployments":[{"status":"PRIMARY","taskDefinition":"` + now + `"},{"status":"ACTIVE","taskDefinition":"` +
			before + `"}]}}`
	}
	for _, tt := range []struct {
		action, params, response string
		want                     diag.Nature
	}{
		{"secretsmanager:PutSecretValue", `{"secretId":"db"}`, "", diag.AtStart},
		{"rds:ModifyDBParameterGroup",
			`{"dBParameterGroupName":"pg","parameters":[{"parameterName":"a","parameterValue":"1","applyMethod":"pending-reboot"}]}`, "", diag.AtStart},
		{"rds:ModifyDBParameterGroup",
			`{"dBParameterGroupName":"pg","parameters":[{"parameterName":"a","parameterValue":"1","applyMethod":"immediate"}]}`,
			"", 0},
		{"rds:ResetDBParameterGroup", `{"dBParameterGroupName":"pg","resetAllParameters":true}`, "", diag.AtStart},
		{"ec2:RebootInstances", `{"instancesSet":{"items":[{"instanceId":"i-1"}]}}`, "", diag.Restarts},
		{"ecs:UpdateService", service + `"forceNewDeployment":true}`, "", diag.Restarts},
		{"ecs:UpdateService", service + `"forceNewDeployment":true,"taskDefinition":"api:7"}`, running("api:7", "api:7"),
			diag.Restarts},
		{"ecs:UpdateService", service + `"forceNewDeployment":true,"taskDefinition":"api:8"}`, running("api:7", "api:8"), 0},
		{"ecs:UpdateService", service + `"taskDefinition":"api:7"}`, running("api:8", "api:7"), diag.Remedy},
		{"ecs:UpdateService", service + `"forceNewDeployment":true,"taskDefinition":"api:8"}`, "", 0},
		{"ecs:UpdateService", service + `"desiredCount":6}`, running("api:7", "api:7"), diag.Restarts},
		{"ecs:UpdateService", service + `"desiredCount":1}`, running("api:7", "api:7"), diag.Remedy},
		{"ecs:UpdateService", service + `"desiredCount":6}`, "", diag.Remedy},
		{"ssm:SendCommand", `{"documentName":"AWS-RunShellScript","instanceIds":["i-1"]}`, "", diag.Remedy},
		{"ec2:DeleteRoute", `{"routeTableId":"rtb-1","destinationCidrBlock":"0.0.0.0/0"}`, "", 0},
	} {
		call := changesfake.Write{At: window.End.Add(-time.Minute), Action: tt.action, Who: "omar.h", Params: tt.params,
			Response: tt.response}
		made := only(t, call.Event())
		assert.Equal(t, tt.want, made.Nature, "%s %s", tt.action, tt.params)
		assert.Equal(t, tt.want, made.Finding().Nature)
	}
}
