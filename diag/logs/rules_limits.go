package logs

// memoryRules go by the kernel's OOM killer, cgroups and what each runtime says when an allocation fails.
func memoryRules() []rule {
	return []rule{
		{cause: "process-limit", any: one("unable to create new native thread", "unable to create native thread",
			"fork: ", "annot fork", "can't fork", "an't start new thread", "pthread_create", "pids controller",
			"spawn EAGAIN", "uv_thread_create", "Resource temporarily unavailable", "max_children", "EAGAIN",
			"ork failed", "failed to create new OS thread", "hread creation failed", "MaxRequestWorkers",
			"reate a new thread", "reate new thread", "No child processes"),
			re: `unable to create (?:new )?native thread|(?:sh|bash)?[^\n]*\bfork: (?:retry: |Resource|` +
				`Cannot)|(?i:can(?:no|')t fork)|start new thread|pthread_create[^\n]*(?:failed|EAGAIN|` +
				`unavailable)|pids controller|spawn[^\n]* EAGAIN|reached (?:pm\.)?max_children|fork failed|` +
				`new OS thread|(?:fork|clone|thread|spawn|exec)\b[^\n]*Resource temporarily unavailable|` +
				`reached pm\.max_children|Resource temporarily unavailable in os\.fork|hread creation failed|` +
				`reached MaxRequestWorkers|create (?:a )?new thread|fork: [^\n]*No child processes`,
			unless: one("an't save in background")},
		{cause: "out-of-memory", any: one("OutOfMemoryError", "OutOfMemoryException", "heap out of memory",
			"eached heap limit", "ut of memory", "oom-kill", "oom_kill", "oom_reaper", "MemoryError",
			"Allowed memory size", "bad_alloc", "annot allocate memory", "ENOMEM", "NoMemoryError",
			"failed to allocate memory", "emory allocation of", "virtual memory exhausted",
			"OOM command not allowed", "insufficient memory for the Java", "OOMKilled", "OOM killed",
			"physical memory limits", "virtual memory limits", "emory limit", "emory quota", "GC overhead limit",
			"Error R14", "Error R15", "signal: killed", "OOM when allocating", "nsufficient memory",
			"emory exhausted", "oom killer", "OOM-killer", "NSMallocException", "Not enough memory",
			"emory usage exceeded", "ulimit -v", "Exit code is 137", "exit code 137", "code 137",
			"std::length_error", "CUDA_ERROR_OUT_OF_MEMORY", "OOMKill", "illed process ", "Unable to allocate "),
			guess: "perhaps out of memory",
			re: `Worker \(pid:(?P<pid>\d+)\) was sent SIGKILL|Killed process \d+ |Unable to allocate [\d.]+ [KMGT]i?B|` +
				`\bOutOfMemory(?:Error|Exception)|` +
				`(?i:(?:heap )?out of memory|reached heap limit)|` +
				`oom[-_]kill|oom_reaper|OOMKill|(?i:oom[- ]kille[rd])|\bMemoryError\b|` +
				`Allowed memory size (?:of (?P<bytes>\d+) bytes|exhausted)|bad_alloc|annot allocate memory|ENOMEM|` +
				`NoMemoryError|NSMallocException|failed to allocate memory|emory allocation of \d+ bytes failed|` +
				`(?i:virtual memory exhausted|memory exhausted)|OOM command|` +
				`insufficient memory for the Java|(?:physical|virtual) memory limits|(?i:(?:exceed\w*|` +
				`above|over|hit|reached)[^\n]{0,40}memory (?:limit|quota)|memory (?:limit|` +
				`quota)[^\n]{0,30}(?:exceed|reached|vastly)|memory usage exceeded)|GC overhead|` +
				`Error R1[45]|signal: killed|OOM when allocating|(?i:not enough memory|` +
				`insufficient memory)|(?i:(?:exit(?:ed)?|status)(?: with)? (?:code|status)(?: is)?:? 137)|` +
				`code 137`,
			unless: one("overcommit", "WORKER TIMEOUT", "node selector", "nodes are available", "nsufficient cpu")},
		// SIGKILL comes from the kernel or the agent for memory, or from whoever lost patience: a guess.
		{cause: "out-of-memory", any: one("SIGKILL"), guess: "sigkill",
			re: `(?:exited (?:prematurely)?[^\n]{0,20}|died |killed by )[^\n]{0,6}signal 9 \(SIGKILL\)|` +
				`terminated by (?:signal )?SIGKILL\b`, unless: one("WORKER TIMEOUT", "server process (PID")},
	}
}

// limitRules go by errno: ENOSPC, EDQUOT, EMFILE, ENFILE, EAGAIN.
func limitRules() []rule {
	return []rule{
		{cause: "files-exhausted", any: one("oo many open files", "EMFILE", "ENFILE", "accept4() failed (24",
			"file watchers reached", "worker_connections are not enough", "Too many open",
			"user limit on the total number of inotify", "inotify instances", "otal number of inotify",
			"ile descriptor limit")},
		{cause: "disk-full", any: one("o space left on device", "ENOSPC", "isk full", "isk is full",
			"not enough space on the disk", "not enough disk space", "could not extend file", "disk is full",
			"isk quota exceeded", "EDQUOT", "watermark", "to persist on disk", "is full", "ilesystem full",
			"olume is full", "nsufficient disk space", "o space left", "ut of disk space", "no free space",
			"o free disk space", "ow on disk space", "ow on resource: ephemeral", "over your space quota",
			"not enough free space", "space is insufficient", "No more space", "torage full", "torage exhausted",
			"torage is full", "DiskPressure", "ephemeral-storage",
			"nsufficient space"),
			re: `(?i)no space left|ENOSPC|disk (?:is )?full|not enough (?:disk )?space|` +
				`could not extend file|quota exceeded|EDQUOT|(?:flood[- ]stage|high|` +
				`low) (?:disk )?watermark|persist on disk|The table '[^']+' is full|(?:file ?system|volume|` +
				`partition)[^\n]{0,30}(?:is )?full|insufficient (?:disk )?space|(?:out of|no free|` +
				`no more)(?: disk)? space|low on resource: ephemeral|over your space quota|` +
				`not enough free space|space is insufficient|(?:storage|disk|volume|drive) (?:is |was )?(?:full|exhausted)|` +
				`DiskPressure|exceeds? [^\n]*ephemeral-storage|` +
				`ephemeral-storage[^\n]*exceed`,
			not: `(?i)(?:api|request|rate|daily|user)[^\n]{0,20}quota exceeded|memory quota|` +
				`inotify|watermark (?:is now|has been) (?:ok|no longer)|below`},
	}
}

// awsRules go by the error codes of AWS services ("Common errors" of the API references) and the words of the SDKs.
func awsRules() []rule {
	const call = `(?: when calling the (?P<operation>\w+) operation)?`
	return []rule{
		{cause: "aws-quota", any: one("tokens per day", "LimitExceededException", "LimitExceeded",
			"ServiceQuotaExceeded", "aily message quota", "current vCPU limit", "CodeStorageExceeded",
			"QuotaExceeded", "requests per day", "exceeded your quota", "aily request limit", "TooManyBuckets",
			"aily quota", "aily limit", "CountExceeded"),
			re: `(?i)per day|(?:Service)?QuotaExceeded|(?:Vcpu|Instance|Address|Vpc|Volume|Snapshot|` +
				`\w|\b)LimitExceeded|daily (?:message |sending |request |token )?(?:quota|limit)|vCPU limit|` +
				`CodeStorageExceeded|InstanceCountExceeded|TooManyBuckets|exceeded your (?:current )?quota`,
			not: `TimeLimitExceeded|BackoffLimit|RequestLimitExceeded|Rate exceeded|ThroughputExceeded|` +
				`Maximum sending rate`},
		{cause: "aws-throttled", any: one("ThrottlingException", "Throttling", "ThroughputExceeded",
			"TooManyRequestsException", "RequestLimitExceeded", "SlowDown", "Rate exceeded", "ThrottledException",
			"RequestThrottled", "PriorRequestNotComplete", "ThrottledClient", "reduce your request rate",
			"Throughput exceeds", "Slow Down", "BandwidthLimitExceeded", "Maximum sending rate",
			"ModelNotReadyException", "throttled by AWS"),
			re: `(?:(?P<code>(?-i:\w*Thrott\w+)|\w*ThroughputExceeded\w*|TooManyRequestsException|` +
				`RequestLimitExceeded|SlowDown)\)?` + call + `)|Rate exceeded|PriorRequestNotComplete|` +
				`reduce your request rate|Maximum sending rate|Throughput exceeds the|operation: Slow Down`,
			unless: one("UserRateThrottle", "rest_framework")},
		{cause: "aws-token-expired", any: one("ExpiredToken", "token included in the request is expired",
			"provided token has expired", "Token for ", "SSO session", "RequestExpired", "refresh SSO", "SSOToken",
			"oken has expired and refresh failed", "The SSO ",
			"UnauthorizedSSOToken", "ExpiredTokenException", "credentials have expired",
			"credentials have already expired"),
			re: `ExpiredToken|in the request is expired|provided token has expired|` +
				`Token for \S+ does not exist|(?i:SSO session[^\n]*(?:expired|invalid))|RequestExpired|` +
				`refresh SSO|(?-i:SSOToken)|refresh failed|credentials have (?:already )?expired`},
		{cause: "clock-wrong", any: one("RequestTimeTooSkewed", "RequestInTheFuture", "Signature expired",
			"ignature not yet current", "request time and the current time is too large"),
			re: `TimeTooSkewed|RequestInTheFuture|ignature (?:expired|not yet current)|` +
				`request time and the current time is too large`},
		{cause: "aws-no-credentials", any: one("nable to locate credentials", "NoCredential",
			"ould not load credentials", "nable to load AWS credentials", "nable to load credentials",
			"refresh cached credentials", "EC2RoleRequestError", "Missing credentials in config",
			"get IAM security credentials", "credentials from the instance profile", "CredentialsProviderError",
			"credential provider was not properly", "MissingCredentials", "without credentials set",
			"no credentials in the property bag", "PartialCredentials", "CredentialsNotLoaded",
			"CredentialUnavailable", "o credential providers", "config profile (", "no valid credential",
			"o valid credential sources", "redentials not available", "rovided no credentials",
			"nable to find credentials", "ailed to load credentials", "no EC2 instance role",
			"Unable to retrieve credentials"),
			re: `(?i)locate credentials|NoCredential|load (?:AWS )?credentials|refresh cached credentials|` +
				`EC2RoleRequestError|Missing credentials in config|IAM security credentials|` +
				`credentials from the instance profile|CredentialsProviderError|` +
				`credential provider was not|MissingCredentials|without credentials set|` +
				`credentials in the property bag|PartialCredentials|CredentialsNotLoaded|` +
				`no EC2 instance role|config profile \([^)]+\) could not be found|no valid credential|` +
				`credentials not available|` +
				`find credentials|retrieve credentials`},
		{cause: "aws-no-region", any: one("ust specify a region", "NoRegion", "issing region", "find a region via",
			"load region from", "MissingRegion", "Region is missing", "No RegionEndpoint", "egion must be",
			"nvalid Configuration: Missing Region", "could not find region", "no region",
			"nable to determine region", "egion not set", "aws_region", "egion is not configured",
			"Invalid endpoint: https://", "nable to find region", "nable to determine AWS Region",
			"egion configuration", "option :region", "egion is required"),
			re: `(?i)must specify a region|NoRegion|missing ?region|a region via|load region from|` +
				`region is missing|option :region|AWS region is required|No RegionEndpoint|a region must be|` +
				`could not find region|` +
				`no region (?:was |is )?(?:provided|set|specified|configured|found)|` +
				`determine (?:AWS )?region|region (?:is )?not (?:set|configured)|` +
				`Invalid endpoint: https://[\w-]*\.\.amazonaws|find region`},
		{cause: "aws-endpoint-timeout", any: one("endpoint URL", "xecute HTTP request", "amazonaws.com",
			"169.254.169.254", "169.254.170.2", "nable to connect to the instance metadata",
			"onnect to service endpoint", "nstance metadata service"),
			re: `(?i:(?:connect|read) timeout on endpoint URL|(?:could not|unable to|` +
				`failed to) connect to the endpoint URL|EndpointConnectionError|` +
				`connect to service endpoint|(?:amazonaws\.com|169\.254\.1(?:69\.254|` +
				`70\.2))(?s:.{0,200}?)(?:timed? ?out|i/o timeout|ETIMEDOUT|deadline exceeded|timeout)|` +
				`(?:timed? ?out|timeout|ETIMEDOUT|deadline exceeded)(?s:.{0,200}?)(?:amazonaws\.com|` +
				`169\.254\.1(?:69\.254|70\.2))|instance metadata service[^\n]*(?:timed? ?out|unreachable|` +
				`failed|unable)|execute HTTP request[^\n]*(?:timed? ?out|Connect to))`,
			not: `\.rds\.amazonaws|\.cache\.amazonaws|\.elb\.|\.mq\.|\.kafka\.|\.dkr\.ecr\.|(?i)lookup [\w.-]+`},
		{cause: "access-denied", any: one("AccessDenied", "not authorized to perform", "UnauthorizedOperation",
			"AuthorizationError", "is not authorized", "NotAuthorizedException", "Access Denied"),
			re: `AccessDenied\w*\)?` + call + `|` +
				`not authorized to perform this action|` +
				`not authorized to perform:? (?P<action>[\w-]+:\w+)(?: on resource: (?P<resource>\S+))?|` +
				`UnauthorizedOperation|AuthorizationError|(?i:S3|aws|bucket)[^\n]*Access Denied`,
			not: `AccessDeniedHandler|org\.springframework\.security|Access denied for user|SequelizeAccessDenied`},
		{cause: "aws-invalid-request", any: one("ValidationException", "(ValidationError)",
			"InvalidParameterValue", "InvalidParameterException", "SerializationException",
			"InvalidParameterCombination", "MalformedXML", "MalformedPolicyDocument", "InvalidRequestException",
			"InvalidArgument)", "ParamValidationError", "arameter validation failed", "InvalidInstanceID",
			"MissingParameter", "MissingRequiredParameter", "MultipleValidationErrors",
			"Invalid type for parameter"),
			re: `(?:^|[^\w.\\]|(?:amazon|aws)[\w.$]*\.)ValidationException\)?` + call + `|\(ValidationError\)` + call + `|` +
				`InvalidParameter\w*|` +
				`SerializationException\)?` + call + `|Malformed\w+|InvalidRequestException|` +
				`InvalidArgument\)|ParamValidation|Parameter validation failed|MissingParameter|` +
				`MissingRequiredParameter|MultipleValidationErrors|Invalid type for parameter`,
			not: `(?i)javax\.validation|jakarta\.validation|Illuminate|FluentValidation|rest_framework|` +
				`system\.componentmodel|kafka\.common|mongoose|pydantic`},
	}
}

// keyRules go by how other providers refuse a key or a login.
func keyRules() []rule {
	return []rule{
		{cause: "smtp-auth-failed", any: one(" 535 ", " 535-", "535 5", "535-5", "525 5", "538 5", "nvalid login: 53",
			"SMTPAuthentication", "EAUTH",
			"authenticate on SMTP", "534-5.7", "534 5.7", "SASL LOGIN", "SASL PLAIN",
			"AuthenticationFailedException", "530 5.7", " 530-5", " 530 Auth", "535 auth", "535 Inc",
			"Username and Password not accepted", "SMTP authenticate", "Application-specific password",
			"SASL authentication failed", "client was not authenticated", "dovecot: auth", " 5.7.0 "),
			re: `(?i:\b5(?:2[5-7]|3[0458])[ -]5\.[57]|\b530 Authentication|\b535[ -]|invalid login: 53\d|SMTPAuthentication|` +
				`\bEAUTH\b|` +
				`authenticate on SMTP|` +
				`SASL (?:LOGIN|PLAIN|CRAM-MD5)? ?authentication failed|mail\.AuthenticationFailed|` +
				`Password not accepted|Application-specific password|SMTP authenticate|` +
				`smtp[^\n]*not authenticated|dovecot: auth[^\n]*failed)`,
			unless: one("HTTP/1"), not: `FATAL: +SASL|pooler error|(?i)postgres|psycopg|kafka|mongo`},
		{cause: "ssh-auth-failed", any: one("Failed password for", "Invalid user ", "authentication failure",
			"ermission denied (publickey", "oo many authentication failures", "authentication attempts exceeded",
			"user unknown", "BREAK-IN ATTEMPT", "by authenticating user", "Failed publickey for",
			"Failed none for", "by invalid user", "nable to authenticate, attempted methods",
			"ssh: handshake failed", "paramiko.ssh_exception", "JSchException", "UserAuthException",
			"uthentication methods", "invalid user", "ey verification failed"),
			re: `Failed (?:password|publickey|none|` +
				`keyboard-interactive/pam) for (?:invalid user )?(?P<user>\S+)|(?:sshd|` +
				`ssh)[^\n]*[Ii]nvalid user (?P<user2>\S*)|^[Ii]nvalid user|(?:pam|PAM|sshd|su\b|login|ftpd|` +
				`gdm)[^\n]*(?i:authentication failure)|authentication failure; +(?:logname|user|uid)=|` +
				`ermission denied \(publickey|authentication failures|attempts exceeded|` +
				`check pass; user unknown|BREAK-IN|authenticating user|by invalid user|attempted methods|` +
				`ssh: handshake failed|paramiko\S*(?:Authentication|BadHostKey)|UserAuthException|` +
				`(?i:exhausted|no|all configured|no more) (?:available )?(?:user )?authentication methods|` +
				`No authentication methods|Exhausted available auth|JSchException: Auth|` +
				`input_userauth_request: invalid user|ost key verification failed`},
		{cause: "bad-api-key", any: one("ncorrect API key", "invalid_api_key", "nvalid API key",
			"API key not valid", "nvalid x-api-key", "API_KEY_INVALID", "InvalidAccessKeyId",
			"InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch",
			"AuthenticationError: Error code: 401", "TokenInvalid", "Improper token", "invalid token was provided",
			"Bad credentials", "No API key", "API key is invalid", "API key expired", "nvalid API token",
			"nvalid authentication token", "API Key not found", "nvalid access token", "AuthenticationError",
			"authentication_error", "security token included in the request is invalid", "invalid api token",
			"nauthorized: Invalid", "InvalidToken", "invalid_auth", "Access Key Id you provided", "AuthFailure",
			"validate the provided access", "nvalid user token", "HTTP 401 error", "uthorization grant is invalid",
			"validating access token",
			"verifying access token"),
			re: `(?i)(?:incorrect|invalid|improper|bad|wrong|unknown|expired|revoked|no|` +
				`missing) (?:x-)?api[ _-]?(?:key|token)|invalid_api_key|api[ _-]?key (?:is |` +
				`was )?(?:not valid|not found|invalid|expired|revoked|incorrect)|API_KEY_INVALID|` +
				`InvalidAccessKeyId|InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|` +
				`AuthenticationError: (?:Error code: 401|Incorrect|Invalid|No API)|authentication_error|` +
				`TokenInvalid|improper token|invalid token was provided|bad credentials|invalid (?:access|` +
				`authentication|api) token|request is invalid|error\.InvalidToken|'invalid_auth'|` +
				`Access Key Id you provided|\(AuthFailure\)|\bAuthFailure: |validate the provided access cred|` +
				`invalid user token|HTTP 401 error: [^\n]*authenticate|authorization grant is invalid|(?:validating|` +
				`verifying) access token`,
			not: `redis\.exceptions`, loud: true},
	}
}
