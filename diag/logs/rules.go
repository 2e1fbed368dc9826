package logs

import "slices"

// rules returns all rules, the more exact before the more general: the first that fits tells the cause.
func rules() []rule {
	return slices.Concat(
		imageRules(), execRules(), awsRules(), keyRules(), awsCodeRules(), resolveRules(), tlsRules(),
		databaseRules(), schemaRules(), stateRules(), cacheRules(), brokerRules(),
		portRules(), memoryRules(), limitRules(),
		settingsRules(), environmentRules(), environmentErrorRules(), moduleRules(), versionRules(),
		proxyRules(), connectRules(), grpcRules(), codeRules(), frameworkRules(), configurationRules(),
		requestErrorRules(), fileRules(), workerRules(), jobRules(), crashRules(), requestRules(), generalRules(),
		wordRules(),
		exceptionRules(), startupRules(),
	)
}

// one makes a list of literals.
func one(literals ...string) []string { return literals }

const (
	// host matches a host name or address, as error texts write them.
	host = `(?P<host>[\w.-]+|\[[0-9a-fA-F:]+\]|[0-9a-fA-F:]*::[0-9a-fA-F:]*)`
	// notDone matches how a program says that it did not do what it tried.
	notDone = `(?i:fail\w*|unable|error|errors|could ?n[o']t|can ?not|can't|couldn't)`
	// hostPort matches host and port.
	hostPort = host + `[: ](?P<port>\d{2,5})\b`
	// codeBefore and codeAfter are what stands around an error code, so that other numbers of five digits are none.
	codeBefore = `(?:(?i:sql ?state|code|error|exception|err|msg|:)[\s:=("'\[]{0,4}|[('"]|(?m:^\s*))`
	codeAfter  = `(?:[:)\]'",;]|\s*$)`
	// quote matches what quotes a name.
	quote = "[\"'`‘’“”«»]"
)

// code returns an expression for SQLSTATE values ("PostgreSQL Error Codes") where a text writes them as codes.
func code(values string) string { return codeBefore + `(?:` + values + `)` + codeAfter }
