package triage_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsdiag/awsdiag/diag/changes/changesfake"
	"github.com/awsdiag/awsdiag/triage"
)

// deploys makes whoever registered and rolled out revisions somebody else.
func (w *world) deploys(who, agent string) {
	for i, e := range w.CloudTrail.Events {
		if aws.ToString(e.Username) == "gitlab-deploy" {
			e.CloudTrailEvent = aws.String(strings.NewReplacer("gitlab-deploy", who, "aws-cli/2.27.1",
				agent).Replace(*e.CloudTrailEvent))
			e.Username = aws.String(who)
			w.CloudTrail.Events[i] = e
		}
	}
}

func releaseEdits() []variation {
	broken := func(w *world) {
		w.release("quotes", 38*time.Minute, nil, 5*time.Second, func(*world) fault { return exited(1, "") })
		w.inEach("quotes", 33*time.Second, "Traceback (most recent call last):",
			`  File "/app/config.py", line 22, in <module>`, "KeyError: 'RATES_URL'")
	}
	const service = "quotes"
	return []variation{
		{name: "release that does not start", kind: triage.DeploymentStuck, target: service, spoil: func(w *world) {
			w.decoys(38 * time.Minute)
			broken(w)
			w.deploys("GitHubActions", "aws-sdk-go-v2/1.30.3 lang/go#1.22")
		}, change: &culprit{code: "changes.service-updated", on: "QuotesService", by: "GitHubActions",
			ago: 38 * time.Minute}},
		{name: "release rolled back by the circuit breaker", kind: triage.DeploymentStuck, target: service,
			spoil: func(w *world) {
				w.decoys(38 * time.Minute)
				broken(w)
				w.rollBack(service, 9*time.Minute)
				w.deploys("GitHubActions", "aws-cli/2.17.1")
			}, change: &culprit{code: "changes.service-updated", on: "QuotesService", by: "GitHubActions",
				ago: 38 * time.Minute}},
		{name: "desired count set to nothing", kind: triage.HTTP503, targetType: targetLoadBalancer, spoil: func(w *world) {
			w.decoys(31 * time.Minute)
			w.down(service, 31*time.Minute)
			w.service(service).DesiredCount, w.service(service).Deployments[0].DesiredCount = 0, 0
			w.event(service, 30*time.Minute, "has reached a steady state.")
			w.by(31*time.Minute, changesfake.Write{Action: "ecs:UpdateService", Who: "m.greco",
				Params: `{"cluster":"` + *w.ECS.Clusters[0].ClusterName + `","service":"` + *w.service(service).ServiceName +
					`","desiredCount":0}`})
			w.errors("503", 31*time.Minute, 5200)
		}, change: &culprit{code: "changes.service-updated", on: "QuotesService", by: "m.greco", ago: 31 * time.Minute}},
		{name: "image deleted, and tasks restarted later", kind: triage.TasksStopping, target: service,
			spoil: func(w *world) {
				w.decoys(33 * time.Minute)
				image := w.definition(*w.service(service).TaskDefinition).ContainerDefinitions[0].Image
				_, tag, _ := strings.Cut(*image, "cdk-booking-quotes:")
				kept := w.ECR.Images[:0]
				for _, i := range w.ECR.Images {
					if !strings.Contains(strings.Join(i.ImageTags, " "), tag) {
						kept = append(kept, i)
					}
				}
				w.ECR.Images = kept
				for i := range 4 {
					w.stopped(service, time.Duration(30-6*i)*time.Minute, 0,
						neverStarted("CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref "+
							"%s: %s: not found", *image, *image))
				}
				w.lacks(service)
				w.by(130*time.Minute, changesfake.Write{Action: "ecr:BatchDeleteImage", Who: "registry-janitor",
					Params: `{"repositoryName":"cdk-booking-quotes","imageIds":[{"imageTag":"` + tag + `"}]}`})
			}, change: &culprit{code: "changes.image-deleted", on: "cdk-booking-quotes", by: "registry-janitor",
				ago: 130 * time.Minute}},
		{name: "log group deleted, and tasks restarted later", kind: triage.TasksStopping, target: service,
			spoil: func(w *world) {
				w.decoys(33 * time.Minute)
				const group = "BookingProd-QuotesTaskDefLogGroupC0955B3F-ZUPN0oqiLs1f"
				for i := range w.Logs.Groups {
					if aws.ToString(w.Logs.Groups[i].LogGroupName) == group {
						w.Logs.Groups = append(w.Logs.Groups[:i], w.Logs.Groups[i+1:]...)
						break
					}
				}
				for i := range 4 {
					w.stopped(service, time.Duration(30-6*i)*time.Minute, 0,
						neverStarted("ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: "+
							"failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist. : "+
							"exit status 1"))
				}
				w.lacks(service)
				w.by(120*time.Minute, changesfake.Write{Action: "logs:DeleteLogGroup", Who: "cost-cleanup",
					Params: `{"logGroupName":"` + group + `"}`})
			}, change: &culprit{code: "changes.log-group-deleted", on: "QuotesTaskDefLogGroup", by: "cost-cleanup",
				ago: 120 * time.Minute}},
	}
}

func capacityEdits() []variation {
	const none = "was unable to place a task because no container instance met all of its requirements. Reason: No " +
		"Container Instances were found in your cluster. " +
		"For more information, see the Troubleshooting section of the Amazon ECS Developer Guide."
	const reports = "i-0a7587af1e3b4edae"
	return []variation{
		{name: "instances drained", kind: triage.TasksPending, target: "payouts", spoil: func(w *world) {
			w.decoys(38 * time.Minute)
			w.down("payouts", 38*time.Minute)
			var arns []string
			for i := range w.ECS.ContainerInstances {
				w.ECS.ContainerInstances[i].Status = aws.String("DRAINING")
				arns = append(arns, fmt.Sprintf("%q", *w.ECS.ContainerInstances[i].ContainerInstanceArn))
			}
			for ago := 37 * time.Minute; ago > 0; ago -= 7 * time.Minute {
				w.event("payouts", ago, none)
			}
			w.by(39*time.Minute, changesfake.Write{Action: "ecs:UpdateContainerInstancesState", Who: "ami-roller",
				Params: `{"cluster":"` + *w.ECS.Clusters[0].ClusterName + `","status":"DRAINING","containerInstances":[` +
					strings.Join(arns, ",") + `]}`})
		}, change: &culprit{code: "changes.container-instance-drained", by: "ami-roller", ago: 39 * time.Minute}},
		{name: "host stopped", kind: triage.SSMUnreachable, target: "reports", targetType: targetInstance,
			spoil: func(w *world) {
				w.decoys(35 * time.Minute)
				m := w.machine("reports")
				m.State.Name, m.State.Code = "stopped", aws.Int32(80)
				m.StateTransitionReason = aws.String("User initiated (" +
					w.ago(35*time.Minute).UTC().Format("2006-01-02 15:04:05") +
					" GMT)")
				w.unseen("reports", 34*time.Minute)
				w.by(35*time.Minute, changesfake.Write{Action: "ec2:StopInstances", Who: "m.greco",
					Params: `{"instancesSet":{"items":[{"instanceId":"` + reports + `"}]},"force":false}`})
			}, change: &culprit{code: "changes.instance-stopped", on: reports, by: "m.greco", ago: 35 * time.Minute}},
		{name: "instance profile taken away hours ago", kind: triage.SSMUnreachable, target: "reports",
			targetType: targetInstance, spoil: func(w *world) {
				w.decoys(35 * time.Minute)
				w.machine("reports").IamInstanceProfile = nil
				w.unseen("reports", 34*time.Minute)
				w.by(95*time.Minute, changesfake.Write{Action: "ec2:DisassociateIamInstanceProfile", Who: "tf-apply",
					Agent:  terraform,
					Params: `{"DisassociateIamInstanceProfileRequest":{"AssociationId":"iip-assoc-0b1c3f4e5a6d7e8f9"}}`,
					Response: `{"DisassociateIamInstanceProfileResponse":{"iamInstanceProfileAssociation":{"instanceId":"` + reports +
						`","associationId":"iip-assoc-0b1c3f4e5a6d7e8f9","state":"disassociating"}}}`})
			}, change: &culprit{code: "changes.instance-changed", on: reports, by: "tf-apply", ago: 95 * time.Minute}},
	}
}

func databaseEdits() []variation {
	const id = `{"dBInstanceIdentifier":"bookingprod-db-bdde974a88e3"}`
	return []variation{
		{name: "database stopped", kind: triage.HTTP5xx, targetType: targetLoadBalancer, spoil: func(w *world) {
			w.decoys(35 * time.Minute)
			w.RDS.DBInstances[0].DBInstanceStatus = aws.String("stopped")
			w.dbEvent(32*time.Minute, "notification", "DB instance stopped")
			w.by(36*time.Minute, changesfake.Write{Action: "rds:StopDBInstance", Who: "finops-scheduler", Params: id})
			w.refused(33*time.Minute, "Error: connect ECONNREFUSED 10.150.192.21:5432")
		}, change: &culprit{code: "changes.database-stopped", on: databaseAny, by: "finops-scheduler",
			ago: 36 * time.Minute}},
		{name: "database made smaller", kind: triage.DBSlow, targetType: targetDatabase, spoil: func(w *world) {
			w.decoys(45 * time.Minute)
			w.RDS.DBInstances[0].DBInstanceClass = aws.String("db.t4g.small")
			w.dbEvent(44*time.Minute, "configuration change", "Finished applying modification to DB instance class")
			w.by(52*time.Minute, changesfake.Write{Action: "rds:ModifyDBInstance", Who: "finops-scheduler",
				Params: `{"dBInstanceIdentifier":"bookingprod-db-bdde974a88e3","dBInstanceClass":"db.t4g.small","applyImmediately":true}`})
			w.metric("CPUUtilization", "", databaseAny, 40*time.Minute, always(99.2))
			w.metric("DatabaseConnections", "", databaseAny, 40*time.Minute, times(2.4))
		}, change: &culprit{code: "changes.database-modified", on: databaseAny, by: "finops-scheduler",
			ago: 52 * time.Minute}},
		{name: "key of the database disabled", kind: triage.DBUnreachable, targetType: targetDatabase, spoil: func(w *world) {
			w.decoys(35 * time.Minute)
			w.RDS.DBInstances[0].DBInstanceStatus = aws.String("inaccessible-encryption-credentials-recoverable")
			w.by(60*time.Minute, changesfake.Write{Action: "kms:DisableKey", Who: "s.ricci",
				Params: `{"keyId":"49ac2daf-c391-43d1-a297-a02a47ac5dcd"}`})
			w.refused(33*time.Minute, "Error: connect ECONNREFUSED 10.150.192.21:5432")
		}, change: &culprit{code: "changes.key-disabled", on: "49ac2daf", by: "s.ricci", ago: 60 * time.Minute}},
		{name: "password changed at the database alone", kind: triage.HTTP5xx, targetType: targetLoadBalancer,
			spoil: func(w *world) {
				w.decoys(33 * time.Minute)
				w.by(34*time.Minute, changesfake.Write{Action: "rds:ModifyDBInstance", Who: "a.lindqvist",
					Params: `{"dBInstanceIdentifier":"bookingprod-db-bdde974a88e3","masterUserPassword":"****","applyImmediately":true}`})
				w.dbEvent(33*time.Minute, "configuration change", "Reset master credentials")
				w.refused(32*time.Minute, `FATAL:  password authentication failed for user "dbadmin"`)
			}, change: &culprit{code: "changes.database-modified", on: databaseAny, by: "a.lindqvist", ago: 34 * time.Minute}},
		{name: "group of the database closed", kind: triage.DBUnreachable, target: "quotes", spoil: func(w *world) {
			w.decoys(33 * time.Minute)
			g := w.securityGroup("-Db")
			g.IpPermissions = nil
			w.by(34*time.Minute, changesfake.Write{Action: "ec2:RevokeSecurityGroupIngress", Who: "secops",
				Params: `{"groupId":"` + *g.GroupId +
					`","ipPermissions":{"items":[{"ipProtocol":"tcp","fromPort":5432,"toPort":5432,"ipRanges":{"items":[{"cidrIp":"10.150.0.0/16"}]}}]}}`})
			w.refused(33*time.Minute,
				"psycopg2.OperationalError: could not connect to server: Connection timed out. Is the server running on host and "+
					"accepting TCP/IP connections on port 5432?")
		}, change: &culprit{code: "changes.security-group-rule-removed", on: "sg-0b77f9791d3194a84", by: "secops",
			ago: 34 * time.Minute}},
		{name: "secret rotated, and tasks replaced later", kind: triage.HTTP5xx, targetType: targetLoadBalancer,
			since: 20 * time.Minute, spoil: func(w *world) {
				w.decoys(33 * time.Minute)
				w.by(130*time.Minute, changesfake.Write{Action: "secretsmanager:PutSecretValue", Who: "a.lindqvist",
					Params: `{"secretId":"arn:aws:secretsmanager:eu-south-1:628905137462:secret:booking/prod/db-1RBi0j"}`})
				w.Secrets.Secrets[0].LastChangedDate = aws.Time(w.ago(130 * time.Minute))
				w.refused(32*time.Minute, `FATAL:  password authentication failed for user "dbadmin"`)
			}, change: &culprit{code: "changes.secret-rotated", on: "booking/prod/db", by: "a.lindqvist",
				ago: 130 * time.Minute}},
	}
}
