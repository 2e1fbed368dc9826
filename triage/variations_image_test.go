package triage_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/triage"
)

const quotesAny = "quotesservice quotestaskdef quotestask"

// imageVariations are deployments whose image does not arrive.
func imageVariations() []variation {
	release := func(f func(w *world) fault) func(*world) {
		return func(w *world) { w.release("quotes", 38*time.Minute, nil, 5*time.Second, f) }
	}
	never := func(format string, args ...any) func(*world) {
		return release(func(*world) fault { return neverStarted(format, args...) })
	}
	const ref = "628905137462.dkr.ecr.eu-south-1.amazonaws.com/cdk-booking-quotes:7be20c4"
	return []variation{
		{name: "image tag missing", kind: triage.DeploymentStuck, target: "quotes",
			spoil: func(w *world) {
				never("CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref %s: %s: not found", ref, ref)(w)
				w.unpush()
			},
			root:    because(quotesAny, "not found", "no image", "does not exist"),
			mustNot: []string{"not authorized", "security group"}},
		{name: "registry authorization denied to the execution role", kind: triage.DeploymentStuck, target: "quotes",
			spoil: release(func(w *world) fault {
				return neverStarted("%s",
					"ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: "+
						"unable to retrieve ecr registry auth: service call has been retried 1 time(s): AccessDeniedException: User: "+
						"arn:aws:sts::628905137462:assumed-role/BookingProd-TaskExecution/"+
						w.id()+
						" is not authorized to perform: ecr:GetAuthorizationToken on resource: * because no identity-based policy "+
						"allows the ecr:GetAuthorizationToken action")
			}), root: because(quotesAny+" bookingprod-taskexecution", "ecr:getauthorizationtoken"),
			mustNot: []string{"connection issue", "security group"}},
		{name: "image pull denied by the repository policy", kind: triage.TasksStopping, target: "quotes",
			spoil: never("CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref %s: "+
				"pulling from host 628905137462.dkr.ecr.eu-south-1.amazonaws.com failed with status code [manifests 7be20c4]: 403 Forbidden", ref),
			root: because(quotesAny, "403", "denied", "forbidden"), mustNot: []string{"not found", "security group"}},
		{name: "Docker Hub rate limit", kind: triage.DeploymentStuck, target: "quotes",
			spoil: func(w *world) {
				w.release("quotes", 38*time.Minute,
					func(td *types.TaskDefinition) { td.ContainerDefinitions[0].Image = aws.String("redis:7.4-alpine") },
					0, func(*world) fault {
						return neverStarted("CannotPullContainerError: pull image manifest has been retried 5 time(s): httpReadSeeker: " +
							"failed open: " +
							"unexpected status code https://registry-1.docker.io/v2/library/redis/manifests/sha256:1f0c3e: 429 Too Many Requests - " +
							"Server message: toomanyrequests: You have reached your unauthenticated pull rate limit. " +
							"https://www.docker.com/increase-rate-limit")
					})
			}, root: because(quotesAny, "rate limit", "toomanyrequests"),
			mustNot: []string{"not found", "security group", "not authorized"}},
		{name: "image for another processor, seen in the log", kind: triage.DeploymentStuck, target: "quotes",
			spoil: func(w *world) {
				w.release("quotes", 38*time.Minute, nil, 2*time.Second, func(*world) fault { return exited(255, "") })
				w.inEach("quotes", 31*time.Second, "exec /usr/local/bin/docker-entrypoint.sh: exec format error")
			}, root: because(quotesAny+" quotestaskdefloggroup", "exec format error"),
			mustNot: []string{"out of memory", "security group"}},
		{name: "image has no variant for the platform", kind: triage.TasksStopping, target: "quotes",
			spoil: never("CannotPullContainerError: pull image manifest has been retried 1 time(s): image Manifest does not " +
				"contain descriptor matching platform 'linux/amd64'"),
			root: because(quotesAny, "platform"), mustNot: []string{"not found", "security group"}},
		{name: "secret deleted", kind: triage.TasksStopping, target: "quotes",
			spoil: release(func(w *world) fault {
				return neverStarted("ResourceInitializationError: unable to pull secrets or registry auth: execution resource " +
					"retrieval failed: unable to retrieve secret from asm: " +
					"service call has been retried 1 time(s): failed to fetch secret " +
					"arn:aws:secretsmanager:eu-south-1:628905137462:secret:booking/prod/db-1RBi0j from secrets manager: " +
					"operation error Secrets Manager: GetSecretValue, https response error StatusCode: 400, RequestID: " +
					"0f0b41c2-6a51-4d6e-8f6c-1d7f5f6b1a52, InvalidRequestException: " +
					"You can't perform this operation on the secret because it was marked for deletion.")
			}), root: because(quotesAny+" secret:booking/prod/db", "deletion", "deleted"),
			mustNot: []string{"not authorized", "network"}},
		{name: "parameter missing", kind: triage.DeploymentStuck, target: "quotes",
			spoil: func(w *world) {
				w.release("quotes", 38*time.Minute, func(td *types.TaskDefinition) {
					c := &td.ContainerDefinitions[0]
					c.Secrets = append(c.Secrets, types.Secret{Name: aws.String("PARTNER_KEY"),
						ValueFrom: aws.String("arn:aws:ssm:eu-south-1:628905137462:parameter/booking/prod/partner-key")})
				}, 0, func(*world) fault {
					return neverStarted("ResourceInitializationError: unable to pull secrets or registry auth: execution resource " +
						"retrieval failed: unable to retrieve secrets from ssm: " +
						"service call has been retried 1 time(s): invalid ssm parameters: /booking/prod/partner-key")
				})
			}, root: because(quotesAny+" partner-key", "partner-key"), mustNot: []string{"not authorized", "security group"}},
		{name: "key of the secret disabled", kind: triage.DeploymentStuck, target: "quotes",
			spoil: func(w *world) {
				w.change(52*time.Minute, "s.ricci", "kms:DisableKey", `{"keyId":"5d0a8c2e-43a7-4f7b-9a3b-0f7f4a2be1c7"}`,
					"AWS::KMS::Key arn:aws:kms:eu-south-1:628905137462:key/5d0a8c2e-43a7-4f7b-9a3b-0f7f4a2be1c7")
				release(func(w *world) fault {
					return neverStarted("ResourceInitializationError: unable to pull secrets or registry auth: execution resource " +
						"retrieval failed: unable to retrieve secret from asm: " +
						"service call has been retried 1 time(s): failed to fetch secret " +
						"arn:aws:secretsmanager:eu-south-1:628905137462:secret:booking/prod/db-1RBi0j from secrets manager: " +
						"operation error Secrets Manager: GetSecretValue, https response error StatusCode: 400, RequestID: " +
						"0f0b41c2-6a51-4d6e-8f6c-1d7f5f6b1a52, api error AccessDeniedException: " +
						"Access to KMS is not allowed. arn:aws:kms:eu-south-1:628905137462:key/5d0a8c2e-43a7-4f7b-9a3b-0f7f4a2be1c7 is disabled.")
				})(w)
			}, root: because(quotesAny+" 5d0a8c2e-43a7 secret:booking/prod/db", "kms"),
			mustNot: []string{"security group", "not found"}},
		{name: "role of the tasks cannot be assumed", kind: triage.DeploymentStuck, target: "quotes",
			spoil: func(w *world) {
				w.change(50*time.Minute, "terraform", "iam:UpdateAssumeRolePolicy", `{"roleName":"BookingProd-TaskExecution"}`,
					"AWS::IAM::Role BookingProd-TaskExecution")
				w.release("quotes", 38*time.Minute, nil, 0, nil)
				for ago := 37 * time.Minute; ago > 2*time.Minute; ago -= 7 * time.Minute {
					w.event("quotes", ago,
						"failed to launch a task with (error ECS was unable to assume the role '%s' that was provided for this task. "+
							"Please verify that the role being passed has the proper trust relationship and permissions and that your IAM "+
							"user has permissions to pass this role.).",
						"arn:aws:iam::628905137462:role/BookingProd-TaskExecution")
				}
			}, root: because(quotesAny+" bookingprod-taskexecution", "assume"),
			mustNot: []string{"security group", "not found"}},
	}
}

// inEach adds lines to the log of each task that a service's newest deployment has lost, some time after it was made.
func (w *world) inEach(name string, after time.Duration, lines ...string) {
	by := *w.service(name).Deployments[0].Id
	for _, t := range w.ECS.Tasks {
		if aws.ToString(t.StartedBy) == by && aws.ToString(t.LastStatus) == "STOPPED" && t.CreatedAt.After(w.ago(time.Hour)) {
			stamped := make([]string, len(lines))
			for i, l := range lines {
				stamped[i] = l
				if strings.Contains(l, "%s") {
					stamped[i] = fmt.Sprintf(l, t.CreatedAt.Add(after).UTC().Format("2006-01-02T15:04:05.000Z"))
				}
			}
			w.logs(name, *t.TaskArn, w.now.Sub(*t.CreatedAt)-after, stamped...)
		}
	}
}
