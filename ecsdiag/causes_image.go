package ecsdiag

import (
	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ecsdiag/internal/ecstext"
)

const (
	docPull    = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html"
	docStopped = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html"
	docInit    = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html"

	sourcePull = "Amazon ECS Developer Guide: CannotPullContainer task errors"
)

var (
	breaksPull = []diag.Mechanism{diag.ImagePull, diag.TaskStart}

	stepImages = diag.Step{
		Text: "List the newest images of the repository and compare their tags with the one the task definition names.",
		Command: "aws ecr describe-images --repository-name {repository} --query " +
			"'sort_by(imageDetails,&imagePushedAt)[-10:].[imageTags,imagePushedAt]'",
	}
	stepDefinition = diag.Step{
		Text:    "Look at what the task definition asks for.",
		Command: "aws ecs describe-task-definition --task-definition {definition} --query taskDefinition",
	}
	stepTask = diag.Step{
		Text:    "Look at one of the tasks as long as ECS knows it.",
		Command: "aws ecs describe-tasks --cluster {cluster} --tasks {task}",
	}
	stepService = diag.Step{
		Text:    "Read the latest events of the service.",
		Command: "aws ecs describe-services --cluster {cluster} --services {service} --query 'services[0].events[:10]'",
	}
	stepNetwork = diag.Step{
		Text: "Follow the way out of the tasks' subnets: route tables, NAT gateway, endpoints and their security groups.",
		Command: "aws ecs describe-services --cluster {cluster} --services {service} " +
			"--query 'services[0].networkConfiguration.awsvpcConfiguration'",
	}
	stepRole = diag.Step{
		Text:    "Read the policies of the role.",
		Command: "aws iam list-attached-role-policies --role-name {role}",
	}
)

// imageCauses are the troubles with pulling what the task definition names.
var imageCauses = []cause{
	{
		code:   "ecs.task-image-not-found",
		title:  "Image does not exist",
		causes: []ecstext.Cause{ecstext.ImageNotFound},
		doc:    "The registry answers that the repository, tag or digest of the task definition does not exist.",
		say:    "cannot start: {image} is not in the registry",
		breaks: breaksPull,
		needs:  []diag.Mechanism{diag.ImagePull},
		source: sourcePull,
		steps: []diag.Step{
			stepImages,
			stepDefinition,
			{Text: "Push the image, or deploy a revision that names one which exists.", Doc: docPull},
		},
	},
	{
		code:   "ecs.task-image-pull-denied",
		title:  "Image pull denied",
		causes: []ecstext.Cause{ecstext.ImagePullDenied},
		doc: "The registry refuses the image: a permission or a login is missing. Docker registries answer the same for " +
			"an image that does not exist.",
		say:    "cannot start: the registry refuses access to {image}",
		breaks: breaksPull,
		needs:  []diag.Mechanism{diag.Permission},
		source: sourcePull,
		steps: []diag.Step{
			{
				Text:    "Check the repository policy, if the repository belongs to another account.",
				Command: "aws ecr get-repository-policy --repository-name {repository}",
			},
			stepRole,
			stepDefinition,
		},
	},
	{
		code:   "ecs.task-image-pull-network",
		title:  "Image registry not reached",
		causes: []ecstext.Cause{ecstext.ImagePullNetwork, ecstext.RegistryAuthNetwork},
		doc: "The task gets no answer from the registry, from the ECR API or from the S3 bucket behind it: there is no " +
			"network path from its subnet.",
		say:    "cannot start: they do not reach the image registry over the network",
		breaks: breaksPull,
		needs:  []diag.Mechanism{diag.NetworkPath, diag.NameResolution},
		source: sourcePull,
		steps: []diag.Step{
			stepNetwork,
			{
				Text: "Check that each private subnet has a NAT gateway, or endpoints for ecr.api, ecr.dkr and S3.",
				Doc:  docPull,
			},
		},
	},
	{
		code:   "ecs.task-image-pull-dns",
		title:  "Image registry's name does not resolve",
		causes: []ecstext.Cause{ecstext.ImagePullDNS},
		doc:    "The host name of the registry does not resolve: it is misspelt, or the VPC's DNS does not know it.",
		say:    "cannot start: the registry's host name in {image} does not resolve",
		breaks: breaksPull,
		needs:  []diag.Mechanism{diag.NameResolution, diag.NetworkPath},
		source: sourcePull,
		steps:  []diag.Step{stepDefinition, stepNetwork},
	},
	{
		code:   "ecs.task-image-pull-tls",
		title:  "Image registry's certificate not trusted",
		causes: []ecstext.Cause{ecstext.ImagePullTLS},
		doc:    "The registry's certificate is not trusted where the image is pulled.",
		say:    "cannot start: the certificate of {registry} is not trusted",
		breaks: breaksPull,
		source: sourcePull,
		steps:  []diag.Step{stepTask, stepDefinition},
	},
	{
		code:   "ecs.task-image-pull-failed",
		title:  "Image pull failed",
		causes: []ecstext.Cause{ecstext.ImagePullOther, ecstext.RegistryAuthOther},
		doc:    "The image could not be pulled; the text does not say more exactly why.",
		say:    "cannot start: pulling {image} fails",
		breaks: breaksPull,
		needs: []diag.Mechanism{diag.NetworkPath, diag.NameResolution, diag.Permission,
			diag.ImagePull},
		source: sourcePull,
		steps:  []diag.Step{stepTask, stepDefinition},
	},
	{
		code:   "ecs.task-image-platform-mismatch",
		title:  "Image built for another platform",
		causes: []ecstext.Cause{ecstext.ImagePlatform},
		doc:    "The image has no manifest for the operating system and processor of the task.",
		say:    "cannot start: {image} has no build for the task's platform",
		breaks: breaksPull,
		needs:  []diag.Mechanism{diag.ImagePull},
		source: sourcePull,
		steps: []diag.Step{
			stepDefinition,
			{
				Text: "Build the image for the platform of the task (docker buildx build --platform), or set runtimePlatform " +
					"to what the image was built for.",
				Changes: true,
				Doc:     docPull,
			},
		},
	},
	{
		code:   "ecs.task-image-disk-full",
		title:  "No disk space to pull the image",
		causes: []ecstext.Cause{ecstext.ImageDiskFull},
		doc:    "The disk of the host or the task's ephemeral storage was full while the image was pulled or unpacked.",
		say:    "cannot start: no disk space is left to unpack {image}",
		breaks: breaksPull,
		needs:  []diag.Mechanism{diag.HostRun},
		source: sourcePull,
		steps: []diag.Step{
			stepDefinition,
			{Text: "Give the task more ephemeral storage, or the host a larger or cleaner disk.", Changes: true},
		},
	},
	{
		code:   "ecs.task-image-rate-limited",
		title:  "Registry's pull rate limit reached",
		causes: []ecstext.Cause{ecstext.ImageRateLimited},
		doc: "The registry has served as many pulls as it allows. Docker Hub counts anonymous pulls by address, so that " +
			"all tasks behind one NAT gateway share a limit.",
		say:    "cannot start: the registry's pull rate limit is reached for {image}",
		breaks: breaksPull,
		source: sourcePull,
		steps: []diag.Step{
			stepDefinition,
			{
				Text:    "Pull through an ECR pull-through cache, or log in to the registry with repositoryCredentials.",
				Changes: true,
				Doc:     docPull,
			},
		},
	},
	{
		code:   "ecs.task-image-reference-invalid",
		title:  "Image reference malformed",
		causes: []ecstext.Cause{ecstext.ImageReference},
		doc:    "What the task definition gives as image is no valid reference.",
		say:    "cannot start: {image} is not a valid image reference",
		breaks: breaksPull,
		source: sourcePull,
		steps:  []diag.Step{stepDefinition},
	},
	{
		code:   "ecs.task-registry-auth-denied",
		title:  "ECR login denied",
		causes: []ecstext.Cause{ecstext.RegistryAuthDenied},
		doc: "IAM or an endpoint policy denies the ECR authorization token (ecr:GetAuthorizationToken) to the role that " +
			"pulls.",
		say:    "cannot start: {role} may not fetch the ECR login ({action} denied)",
		breaks: breaksPull,
		needs:  []diag.Mechanism{diag.Permission},
		source: sourcePull,
		steps: []diag.Step{
			stepRole,
			{Text: "The managed policy AmazonECSTaskExecutionRolePolicy holds what pulling from ECR needs.", Doc: docPull},
		},
	},
	{
		code:   "ecs.task-registry-auth-expired",
		title:  "Registry login expired",
		causes: []ecstext.Cause{ecstext.RegistryAuthExpired},
		doc:    "The authorization token with which the host pulls has expired and was not renewed.",
		say:    "cannot start: the registry login has expired",
		breaks: breaksPull,
		needs:  []diag.Mechanism{diag.AgentConnect, diag.HostRun},
		source: sourcePull,
		steps:  []diag.Step{stepTask},
	},
}
