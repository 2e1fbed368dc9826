package logs

import "slices"

// rules returns all rules, the more exact before the more general: the first that fits tells the cause.
func rules() []rule {
	return slices.Concat(
		imageRules(), execRules(), awsRules(), keyRules(), resolveRules(), tlsRules(),
		databaseRules(), schemaRules(), cacheRules(), brokerRules(),
		portRules(), memoryRules(), limitRules(),
		environmentRules(), moduleRules(), versionRules(),
		proxyRules(), connectRules(), configurationRules(),
		requestErrorRules(), fileRules(), workerRules(), crashRules(), jobRules(), requestRules(), exceptionRules(),
	)
}

// one makes a list of literals.
func one(literals ...string) []string { return literals }

const (
	// host matches a host name or address, as error texts write them.
	host = `(?P<host>[\w.-]+|\[[0-9a-fA-F:]+\]|[0-9a-fA-F:]*::[0-9a-fA-F:]*)`
	// hostPort matches host and port.
	hostPort = host + `[: ](?P<port>\d{2,5})\b`
	// quote matches what quotes a name.
	quote = "[\"'`‘’“”«»]"
)
