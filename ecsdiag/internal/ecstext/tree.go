package ecstext

import "slices"

// tree is tried from the top: what quotes an inner error comes after the inner errors.
var tree = slices.Concat(roleRules, envFileRules, secretRules, volumeRules, logRules, imageRules, networkRules,
	containerRules, hostRules, placementRules, healthRules, deploymentRules, schedulerRules, lastRules)

// Ways to fail that services share. The SDK and Go's net package write the first group, IAM the second, the services
// and file systems the third.
const (
	unreached = "timeout|timed out|deadline exceeded|dial tcp|connection issue|connection refused|connection reset|" +
		"no route to host|network is unreachable|unreachable|no such host|send request failed|request send failed|" +
		"request canceled|requestcanceled|request cancelled|context canceled|context cancelled|awaiting headers|" +
		"signal: killed|network configuration|network connect|maximum number of attempts|=eof|server misbehaving|" +
		"name resolution|could not connect|cannot connect|unable to connect|tls handshake"
	unresolved = "no such host|name resolution|server misbehaving|name or service not known|could not resolve host|" +
		"cannot resolve host|unable to resolve host"
	denied = "accessdenied|access denied|access is denied|not authorized|unauthorized|unauthorised|=forbidden|" +
		"=403|=401|explicit deny|policy allows|kms is not allowed|permission denied|lacks permission"
	missing = "notfound|not found|does not exist|doesnt exist|cant find|cannot find|could not find|nosuchkey|" +
		"nosuchbucket|no such file or dir|no such key"
)

// roleRules come first: nothing else can have been tried without the role.
var roleRules = []rule{
	{cause: IAMMisconfigured, when: terms{"misconfigured or changed|no longer maintain your service"},
		more: []rule{{cause: InfraRoleDenied, when: terms{"infrastructure role"}}}},
	{cause: InfraRoleDenied, when: terms{"infrastructure role|ecs-service-scheduler|managed instances|infrastructurerole",
		denied + "|unable to|cannot|failed to"}},
	{cause: RoleAssumeFailed, when: terms{"unable to assume|cannot assume|could not assume|failed to assume|" +
		"sts:assumerole",
		"=role|sts:assumerole"}},
}

var envFileRules = []rule{
	{cause: EnvFileOther, when: terms{"env file|envfile|environment file|environment variable file"}, more: []rule{
		{cause: EnvFileDenied, when: terms{denied}},
		{cause: EnvFileNotFound, when: terms{missing + "|=404"}},
		{cause: EnvFileNetwork, when: terms{unreached}},
	}},
}

// secretRules hold for the execution role's two errands before an image is pulled: the token of the registry and the
// secrets. A text that names neither speaks of the way to both.
var secretRules = []rule{
	{when: terms{"registry auth|getauthorizationtoken|authorization token"}, more: []rule{
		{cause: RegistryAuthExpired, when: terms{"expired"}},
		{cause: RegistryAuthOther, not: secretWords,
			when: terms{"ecr registry auth|registry auth from|registry authentication|getauthorizationtoken|api.ecr"},
			more: registryAuthRules},
	}},
	{cause: SecretOther, when: terms{secretWords}, more: []rule{
		{cause: SecretJSONKeyMissing, when: terms{"json key|json field", "not contain|not found|does not exist|doesnt|" +
			"missing"}},
		{cause: SecretAccessDenied, when: terms{denied}},
		{cause: SecretInvalid, when: terms{badJSON + "|invalid arn|arn format|validation error|malformed"}},
		{cause: SecretNotFound, when: terms{missing + "|invalid ssm parameter|invalid parameter|marked for deletion|" +
			"scheduled for deletion|marked deleted"}},
		{cause: SecretThrottled, when: terms{throttled}},
		{cause: SecretNetwork, when: terms{unreached + "|" + retried}},
	}},
	{cause: TaskStartFailed, when: terms{"secrets or registry auth"}, more: slices.Concat(registryAuthRules, []rule{
		{cause: SecretInvalid, when: terms{badJSON}}, // only secrets are read as JSON
	})},
}

const (
	secretWords = "retrieve secret|fetch secret|fetching secret|secret from|secrets from|pull secrets from|" +
		"secrets manager|secretsmanager|getsecretvalue|from asm|from ssm|ssm parameter|ssm:getparameter|getparameters|" +
		"parameter store|kms:decrypt|json key|secret value|access to kms|the secret "
	throttled = "throttl|rate exceeded|too many requests|requestlimitexceeded|=429"
	// retried marks calls that the SDK repeated. It repeats what may pass, timeouts above all, and never a denial.
	retried = "retried 2|retried 3|retried 4|retried 5|retried 6|retried 7|retried 8|retried 9"
)

// badJSON are the words of Go's encoding/json and of those who quote it.
const badJSON = "invalid character|unmarshal|end of json|valid json|invalid json|parse json|parsing json|json " +
	"parse|as json"

var registryAuthRules = []rule{
	{cause: RegistryAuthDenied, when: terms{denied}},
	{cause: RegistryAuthNetwork, when: terms{unreached + "|" + retried}},
}

var logRules = []rule{
	{cause: LogDriverOther, when: terms{"logger arg|logging driver|log driver|logdriver|awslogs|log group|loggroup|" +
		"log stream|create stream|cloudwatch logs|logs:createlog|logs:putlog|putlogevents|fluentd|logger"},
		not: "/ecs-agent.log", more: []rule{
			{cause: LogDriverDenied, when: terms{denied}},
			{cause: LogDriverNetwork, when: terms{unreached}},
			{cause: LogGroupMissing, when: terms{missing, "=group|loggroup"}},
			{cause: LogDriverNetwork, when: terms{retried}},
		}},
}
