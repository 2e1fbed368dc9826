package triage_test

import (
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	asg "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	ssm "github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/awsdiag/awsdiag/diag/changes/changesfake"
	"github.com/awsdiag/awsdiag/triage"
)

const secretOfDB = `{"secretId":"arn:aws:secretsmanager:eu-south-1:628905137462:secret:booking/prod/db-1RBi0j"}`

// crashes lets tasks of "quotes" end with an error since some time, with what they say.
func (w *world) crashes(since time.Duration, lines ...string) {
	for at := since; at > 4*time.Minute; at -= 6 * time.Minute {
		w.stopped("quotes", at, 20*time.Second, exited(1, ""))
	}
	w.inEach("quotes", 40*time.Second, lines...)
	w.lacks("quotes")
}

// latentVariations are changes that took effect when what reads them was started again.
func latentVariations() []variation {
	const refused = `FATAL:  password authentication failed for user "dbadmin"`
	secret := func(action, who string) changesfake.Write {
		return changesfake.Write{Action: "secretsmanager:" + action, Who: who, Params: secretOfDB}
	}
	quotes := func(name string, spoil func(*world), c culprit) variation {
		return variation{name: name, kind: triage.Errors, target: "quotes", since: 33 * time.Minute, spoil: spoil, change: &c,
			innocent: []string{"oncall"}}
	}
	return []variation{
		quotes("a secret's new value, served by a forced deployment", func(w *world) {
			w.by(110*time.Minute, secret("PutSecretValue", "a.lindqvist"))
			w.Secrets.Secrets[0].LastChangedDate = aws.Time(w.ago(110 * time.Minute))
			w.redeployed("oncall", "quotes", 36*time.Minute)
			w.complain("quotes", 33*time.Minute, refused)
			w.failures("quotes", 33*time.Minute, 2900)
		}, culprit{code: "changes.secret-rotated", on: "booking/prod/db", by: "a.lindqvist", ago: 110 * time.Minute}),
		quotes("a secret rotated, a task stopped by hand", func(w *world) {
			w.by(95*time.Minute, secret("RotateSecret", "vault-sync"))
			w.Secrets.Secrets[0].LastRotatedDate, w.Secrets.Secrets[0].LastChangedDate = aws.Time(w.ago(95*time.Minute)),
				aws.Time(w.ago(95*time.Minute))
			task := *w.tasks("quotes")[0].TaskArn
			w.by(35*time.Minute, changesfake.Write{Action: "ecs:StopTask", Who: "oncall",
				Params: fmt.Sprintf(`{"cluster":%q,"task":%q,"reason":"refresh"}`, *w.ECS.Clusters[0].ClusterName, task)})
			w.crashes(33*time.Minute, "psycopg2.OperationalError: connection to server failed: "+refused)
		}, culprit{code: "changes.secret-rotated", on: "booking/prod/db", by: "vault-sync", ago: 95 * time.Minute}),
		quotes("a parameter's new value, served by a forced deployment", func(w *world) {
			td := w.quotesDefinition()
			td.ContainerDefinitions[0].Secrets = append(td.ContainerDefinitions[0].Secrets,
				types.Secret{Name: aws.String("RATES_URL"),
					ValueFrom: aws.String("arn:aws:ssm:eu-south-1:628905137462:parameter/booking/rates-url")})
			w.SSM.Parameters = append(w.SSM.Parameters,
				ssm.ParameterMetadata{Name: aws.String("/booking/rates-url"), Type: ssm.ParameterTypeString, Version: 8,
					ARN:              aws.String("arn:aws:ssm:eu-south-1:628905137462:parameter/booking/rates-url"),
					LastModifiedDate: aws.Time(w.ago(88 * time.Minute))})
			w.by(88*time.Minute, changesfake.Write{Action: "ssm:PutParameter", Who: "e.rossi",
				Params:   `{"name":"/booking/rates-url","overwrite":true,"type":"String"}`,
				Response: `{"version":8,"tier":"Standard"}`})
			w.redeployed("oncall", "quotes", 36*time.Minute)
			w.crashes(34*time.Minute, "Traceback (most recent call last):", "ValueError: invalid literal for URL: 'htps:/rates'")
		}, culprit{code: "changes.parameter-changed", on: "/booking/rates-url", by: "e.rossi", ago: 88 * time.Minute,
			says: []string{"version 8"}}),
		quotes("an image tag overwritten, pulled by a forced deployment", func(w *world) {
			w.by(120*time.Minute, changesfake.Write{Action: "ecr:PutImage", Who: "l.moretti",
				Params: `{"repositoryName":"cdk-booking-quotes","imageTag":"0af0d2e"}`})
			w.redeployed("oncall", "quotes", 36*time.Minute)
			w.crashes(34*time.Minute, "Traceback (most recent call last):",
				"ModuleNotFoundError: No module named 'quotes.rates'")
		}, culprit{code: "changes.image-pushed", on: "cdk-booking-quotes", by: "l.moretti", ago: 120 * time.Minute,
			says: []string{"0af0d2e"}}),
		{name: "a parameter of the database lowered, then a reboot", kind: triage.DBUnreachable, targetType: targetDatabase,
			spoil: func(w *world) {
				w.full(60 * time.Minute)
				w.by(150*time.Minute, changesfake.Write{Action: "rds:ModifyDBParameterGroup", Who: "c.marin",
					Params: `{"dBParameterGroupName":"bookingprod-pg16","parameters":[{"parameterName":"max_connections","parameterValue":"100","applyMethod":"pending-reboot"}]}`})
				w.by(66*time.Minute, changesfake.Write{Action: "rds:RebootDBInstance", Who: "oncall",
					Params: `{"dBInstanceIdentifier":"` + databaseAny + `"}`})
				w.dbEvent(65*time.Minute, "availability", "DB instance restarted")
			}, change: &culprit{code: "changes.database-modified", on: "bookingprod-pg16", by: "c.marin", ago: 150 * time.Minute,
				says: []string{"max_connections 100"}}, innocent: []string{"oncall"}},
		quotes("a release long before, which served well, and a forced deployment", func(w *world) {
			w.deployed("quotes", 170*time.Minute, nil)
			w.by(90*time.Minute, secret("UpdateSecret", "a.lindqvist"))
			w.Secrets.Secrets[0].LastChangedDate = aws.Time(w.ago(90 * time.Minute))
			w.redeployed("oncall", "quotes", 36*time.Minute)
			w.complain("quotes", 33*time.Minute, refused)
			w.failures("quotes", 33*time.Minute, 2900)
		}, culprit{code: "changes.secret-rotated", on: "booking/prod/db", by: "a.lindqvist", ago: 90 * time.Minute}),
		{name: "a launch template whose hosts do not join, and an instance refresh", kind: triage.TasksPending,
			target: "payouts", spoil: func(w *world) {
				w.scaledBy("hosts", "payouts-hosts", 2)
				w.AutoScaling.Groups[0].LaunchTemplate = &asg.LaunchTemplateSpecification{LaunchTemplateId: aws.String("lt-0a1b2c3d4e5f60718"), Version: aws.String("$Latest")}
				w.by(110*time.Minute, changesfake.Write{Action: "ec2:CreateLaunchTemplateVersion", Who: "image-bot",
					Params:   `{"CreateLaunchTemplateVersionRequest":{"LaunchTemplateId":"lt-0a1b2c3d4e5f60718","SourceVersion":"6","LaunchTemplateData":{"ImageId":"ami-0feedbeef12345678"}}}`,
					Response: `{"CreateLaunchTemplateVersionResponse":{"launchTemplateVersion":{"launchTemplateId":"lt-0a1b2c3d4e5f60718","versionNumber":7}}}`})
				w.by(40*time.Minute, changesfake.Write{Action: "autoscaling:StartInstanceRefresh", Who: "oncall",
					Params: `{"autoScalingGroupName":"payouts-hosts"}`})
				w.down("payouts", 38*time.Minute)
				w.ECS.ContainerInstances = nil
				w.ECS.Clusters[0].RegisteredContainerInstancesCount = 0
				for ago := 37 * time.Minute; ago > 0; ago -= 7 * time.Minute {
					w.event("payouts", ago,
						"was unable to place a task because no container instance met all of its requirements. Reason: No Container "+
							"Instances were found in your cluster. "+
							"For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.")
				}
			}, change: &culprit{code: "changes.launch-template-changed", on: "lt-0a1b2c3d4e5f60718", by: "image-bot",
				ago:  110 * time.Minute,
				says: []string{"version number 7", "ami-0feedbeef12345678"}}, innocent: []string{"oncall"}},
		{name: "a gateway deleted, felt when tasks are started anew", kind: triage.TasksStopping, target: "quotes",
			spoil: func(w *world) {
				w.unroute("Private", toInternet)
				w.by(140*time.Minute, changesfake.Write{Action: "ec2:DeleteRoute", Who: "l.moretti",
					Params: `{"routeTableId":"` + *w.table("Private").RouteTableId + `","destinationCidrBlock":"0.0.0.0/0"}`})
				w.redeployed("oncall", "quotes", 36*time.Minute)
				for i := range 4 {
					w.stopped("quotes", time.Duration(34-7*i)*time.Minute, 0, neverStarted("%s", noLoginInTime))
				}
				w.lacks("quotes")
			}, change: &culprit{code: "changes.route-deleted", on: "rtb-", by: "l.moretti", ago: 140 * time.Minute,
				says: []string{"0.0.0.0/0"}}, innocent: []string{"oncall"}},
	}
}
