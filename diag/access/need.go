package access

import "strings"

// Purpose is what a role is needed for.
type Purpose string

// The purposes. Each has a check of its own.
const (
	// ForExec: sessions by ECS Exec.
	ForExec Purpose = "ECS Exec"
	// ForImage: pulling a container image.
	ForImage Purpose = "image pull"
	// ForSecret: delivering secrets and parameters to a task.
	ForSecret Purpose = "secrets"
	// ForLogs: sending the output of a container to CloudWatch Logs.
	ForLogs Purpose = "log delivery"
	// ForEnvFile: delivering environment files from Amazon S3 to a task.
	ForEnvFile Purpose = "environment files"
	// ForProgram: what the program in a task asks AWS for.
	ForProgram Purpose = "the program"
	// ForDatabase: logging in to a database with IAM authentication.
	ForDatabase Purpose = "database login"
	// ForNode: being a managed node of Systems Manager.
	ForNode Purpose = "Systems Manager"
	// ForHost: being a container instance of Amazon ECS.
	ForHost Purpose = "the ECS agent"
	// ForFiles: mounting file systems of Amazon EFS in a task.
	ForFiles Purpose = "file systems"
)

// Purposes returns all purposes.
func Purposes() []Purpose {
	return []Purpose{ForExec, ForImage, ForSecret, ForEnvFile, ForLogs, ForProgram, ForDatabase, ForNode, ForHost,
		ForFiles}
}

// The service principals that assume roles on behalf of their customers.
const (
	serviceTasks = "ecs-tasks.amazonaws.com"
	serviceHosts = "ec2.amazonaws.com"
)

// Need is a set of actions that a role must be allowed on each of a set of resources.
type Need struct {
	// Purpose says what for.
	Purpose Purpose
	// Actions are IAM actions: "ecr:BatchGetImage".
	Actions []string
	// Resources are ARNs, or "*" alone for actions that know no resources.
	Resources []string
	// Via is the service on whose behalf KMS is asked: "secretsmanager.eu-west-1.amazonaws.com".
	Via string
	// Principal is the service that assumes the role, where it is another than is usual for the purpose:
	// "ssm.amazonaws.com" for the role of default host management.
	Principal string
}

// service is who must be able to assume the role.
func (n Need) service() string {
	if n.Principal != "" {
		return n.Principal
	}
	if n.Purpose == ForNode || n.Purpose == ForHost {
		return serviceHosts
	}
	return serviceTasks
}

func (n Need) questions() []Question {
	var all []Question
	for _, resource := range n.Resources {
		for _, action := range n.Actions {
			all = append(all, Question{Action: action, Resource: resource, Via: n.Via})
		}
	}
	return all
}

// ExecTargets are what sessions of a cluster are configured to touch, by ARN; empty where they do not.
type ExecTargets struct {
	// Key encrypts the session.
	Key string
	// LogGroup and Bucket receive what sessions print; the bucket's ARN is without a path.
	LogGroup, Bucket string
	// CheckBucket says that the agent asks whether the bucket is encrypted before it writes.
	CheckBucket bool
}

// ExecSession is what ECS Exec needs of the task role ("Task IAM role permissions required for ECS Exec", and "Logging
// using ECS Exec", Amazon ECS Developer Guide).
func ExecSession(t ExecTargets) []Need {
	needs := []Need{{Purpose: ForExec, Resources: []string{"*"}, Actions: []string{"ssmmessages:CreateControlChannel",
		"ssmmessages:CreateDataChannel", "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel"}}}
	add := func(resource string, actions ...string) {
		needs = append(needs, Need{Purpose: ForExec, Actions: actions, Resources: []string{resource}})
	}
	if t.Key != "" {
		add(t.Key, "kms:Decrypt")
	}
	if t.LogGroup != "" {
		add("*", "logs:DescribeLogGroups")
		add(streams(t.LogGroup), "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents")
	}
	if t.Bucket != "" {
		add(t.Bucket+"/*", "s3:PutObject")
		if t.CheckBucket {
			add(t.Bucket, "s3:GetEncryptionConfiguration")
		}
	}
	return needs
}

// ImagePull is what pulling an image from a private ECR repository, given by its ARN, needs of the execution role
// ("Amazon ECR images and Amazon ECS IAM permissions", Amazon ECS Developer Guide). The pull itself does without
// ecr:BatchCheckLayerAvailability, which is for pushing.
func ImagePull(repository string) []Need {
	return []Need{
		{Purpose: ForImage, Actions: []string{"ecr:GetAuthorizationToken"}, Resources: []string{"*"}},
		{Purpose: ForImage, Actions: []string{"ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"},
			Resources: []string{repository}},
	}
}

// SecretRead is what delivering a Secrets Manager secret, given by its ARN, needs of the execution role ("Pass
// sensitive data to a container", Amazon ECS Developer Guide). key is the ARN of the KMS key that encrypts it, empty
// for the account's aws/secretsmanager. JSON key, stage and version behind the ARN are left aside.
func SecretRead(secret, key string) []Need {
	secret = bareSecret(secret)
	needs := []Need{{Purpose: ForSecret, Actions: []string{"secretsmanager:GetSecretValue"}, Resources: []string{secret}}}
	return append(needs, decrypt(key, "secretsmanager", secret)...)
}

// ParameterRead is what delivering a parameter of Systems Manager, given by its ARN, needs of the execution role. key
// is the ARN of the KMS key that encrypts it, empty for the account's aws/ssm and for one that is not encrypted.
func ParameterRead(parameter, key string) []Need {
	needs := []Need{{Purpose: ForSecret, Actions: []string{"ssm:GetParameters"}, Resources: []string{parameter}}}
	return append(needs, decrypt(key, "ssm", parameter)...)
}

func decrypt(key, service, of string) []Need {
	if key == "" {
		return nil
	}
	n := Need{Purpose: ForSecret, Actions: []string{"kms:Decrypt"}, Resources: []string{key}}
	if region := arnPart(of, partRegion); region != "" {
		n.Via = service + "." + region + ".amazonaws.com"
	}
	return []Need{n}
}

// EnvironmentFile is what delivering an environment file, given by the ARN of its object, needs of the execution role
// ("Pass environment variables to an Amazon ECS container", required IAM permissions).
func EnvironmentFile(object string) []Need {
	bucket, _, _ := strings.Cut(object, "/")
	return []Need{
		{Purpose: ForEnvFile, Actions: []string{"s3:GetObject"}, Resources: []string{object}},
		{Purpose: ForEnvFile, Actions: []string{"s3:GetBucketLocation"}, Resources: []string{bucket}},
	}
}

// Refused is what a program was refused, by the message that it logged. It returns nil for a message that does not name
// the action, or names it without a resource that a policy could name.
func Refused(d Denial) []Need {
	resource := d.Resource
	if resource == "" && strings.HasSuffix(d.Action, "*") || d.Action == "" {
		return nil
	}
	if resource != "*" && (!strings.HasPrefix(resource, "arn:") || arnPart(resource, partResource) == "" ||
		strings.ContainsAny(resource, "<>[]{}…") || strings.Contains(resource, "...")) {
		return nil
	}
	return []Need{{Purpose: ForProgram, Actions: []string{d.Action}, Resources: []string{resource}}}
}

// DatabaseLogin is what logging in with IAM authentication needs of a role. The user is given by its ARN,
// "arn:aws:rds-db:eu-west-1:111122223333:dbuser:db-ABCDEFGHIJKL01234/app" ("Creating and using an IAM policy for IAM
// database access", Amazon RDS User Guide).
func DatabaseLogin(user string) []Need {
	return []Need{{Purpose: ForDatabase, Actions: []string{"rds-db:connect"}, Resources: []string{user}}}
}

// LogDelivery is what the awslogs driver needs of the execution role for a log group, given by its ARN; creates says
// that the driver makes the group ("awslogs-create-group").
func LogDelivery(group string, creates bool) []Need {
	n := Need{Purpose: ForLogs, Actions: []string{"logs:CreateLogStream", "logs:PutLogEvents"},
		Resources: []string{streams(group)}}
	if creates {
		n.Actions = append(n.Actions, "logs:CreateLogGroup")
	}
	return []Need{n}
}

// ManagedNode is what Systems Manager needs of the role of an instance: the actions that the version of its agent uses.
func ManagedNode(actions []string) []Need {
	return []Need{{Purpose: ForNode, Actions: actions, Resources: []string{"*"}}}
}

// ContainerHost is what the ECS agent needs of the role of its instance, for a cluster given by its ARN ("Amazon ECS
// container instance IAM role", Amazon ECS Developer Guide; "Actions, resources, and condition keys for Amazon Elastic
// Container Service", Service Authorization Reference). What it does without, such as metrics, is left out.
func ContainerHost(cluster string) []Need {
	return []Need{
		{Purpose: ForHost, Actions: []string{"ecs:DiscoverPollEndpoint"}, Resources: []string{"*"}},
		{Purpose: ForHost, Actions: []string{"ecs:RegisterContainerInstance"}, Resources: []string{cluster}},
	}
}

// FileSystems is what mounting file systems, given by their ARNs, needs of the task role where the volume authorizes
// with IAM ("Using IAM to control file system data access", Amazon EFS User Guide).
func FileSystems(arns []string) []Need {
	return []Need{{Purpose: ForFiles, Actions: []string{"elasticfilesystem:ClientMount"}, Resources: arns}}
}

// anyStream ends the ARN of the streams of a log group, which is what the actions of a log driver are about ("Actions,
// resources, and condition keys for Amazon CloudWatch Logs", Service Authorization Reference). A policy may name them
// so, or by the ":*" that ends the ARN of a group.
const anyStream = ":log-stream:*"

func streams(group string) string { return strings.TrimSuffix(group, ":*") + anyStream }

// bareSecret takes what follows the name off the ARN of a secret: "…:secret:name-AbCdEf:key:stage:version".
func bareSecret(arn string) string {
	if parts := strings.Split(arn, ":"); len(parts) > 7 {
		return strings.Join(parts[:7], ":")
	}
	return arn
}
