package ecstext

// Fields are what a text names. Every string is a part of the text as it stands; what the text does not name is zero.
type Fields struct {
	Image      string // as written: registry, repository and tag or digest
	Registry   string // host of the image, "111122223333.dkr.ecr.eu-west-1.amazonaws.com"
	Repository string // path of the image without host, or the name or ARN's name of an ECR repository
	Tag        string // tag or digest
	Secret     string // ARN or name
	JSONKey    string // key that the secret lacks
	Parameter  string // ARN or name of a Systems Manager parameter
	Role       string // ARN of a role or of an assumed-role session
	Action     string // "secretsmanager:GetSecretValue"
	APIError   string // code of the service behind it, "AccessDeniedException"
	Endpoint   string // host that was called

	Service        string
	Cluster        string
	Deployment     string // "ecs-svc/1234567890123456789"
	TaskSet        string
	TaskDefinition string // family:revision
	Container      string
	Instance       string // EC2 instance id, container instance id or, for awsvpc targets, an address
	TargetGroup    string // ARN or name
	LoadBalancer   string // name of a classic load balancer, or ARN
	Reason         string // what a target's health check gives, "Request timed out"

	Subnet     string
	Interface  string // "eni-…"
	LogGroup   string
	FileSystem string // "fs-…"
	Alarm      string
	Zone       string // Availability Zone

	TaskIDs  []string // task ids without the ARN before them, in the order of the text
	Port     int      // port of a target
	Count    int      // tasks or targets that the text counts
	ExitCode *int     // nil where the text gives none
}
