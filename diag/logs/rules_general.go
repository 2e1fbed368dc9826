package logs

import "regexp"

// complains matches a text that says of itself that something went wrong: a level, a word or the name of an exception.
// The general rules need it, as they go by what a text speaks of and not by anybody's wording.
var complains = regexp.MustCompile(`(?i)\b(?:errors?|err|erro|fehler|erreur|fatal|critical|crit|severe|` +
	`emerg(?:ency)?|` +
	`alert|panic|warn(?:ing)?|fail(?:ed|ure|s|ing)?|abort(?:ed|ing)?|cannot|can't|could ?n[o']t|unable|giving up|` +
	`gave up|` +
	`exceptions?|unhealthy|exhausted)\b|[a-z](?:Error|Exception)\b|(?m:^[EWF]\d{4} )|[❌✗✘✖]`)

// quietly matches what a program only says that it would do, or that it is over.
const quietly = `(?i)\b(?:restored|recovered|reconnected|succeeded|no longer|if the|in case|default|retry succeeded)\b`

// awsAPI matches the errors of AWS's SDKs, which name an operation and a code of their own beside the status.
const awsAPI = `https response error StatusCode|\bapi error \w+|\(Service: \w+|\bwhen calling the \w+ operation`

// generalRules go by what a complaint speaks of (a connection, a time-out, a login, an HTTP status), where no rule
// knows the program that wrote it.
func generalRules() []rule {
	return []rule{
		{cause: "upstream-timeout", any: one("timeout", "timed out", "time out", "time-out", "timed_out", "deadline"),
			re: `(?i)(?:\b|_)(?:time[ -]?out|timed[ _-]out)\b(?:[^=:\w]|$|:? [a-z])|deadline (?:missed|exceeded)|` +
				`[=:]\s?"?\w*timeout"?(?:\s|$)`,
			not: quietly + `|(?i)timeouts?(?: is|s)?[ :=]+"?\d+(?:\.\d+)?\s?(?:m?s|sec\w*|min\w*)?(?:$|[^\w ]|\s(?:[^e]|er))|` +
				`timeout (?:is |was )?set|(?:set|setting|with|using) [^\n]{0,20}` +
				`timeout|no timeout|session|idle|keep-?alive|(?:worker|job|task|child|stop|start)\b[^\n]{0,30}tim`,
			loud: true, complaint: true,
			refine: byPeer("database-timeout", "cache-connection-refused", "broker-unavailable", "aws-endpoint-timeout",
				"upstream-timeout")},
		{cause: "connection-reset", any: one("onnection lost", "onnection was lost", "onnection dropped", "onnection closed",
			"onnection was closed", "onnection terminated", "onnection interrupted", "ost connection", "onnection has been lost",
			"transfer closed with", "unexpected disconnect", "hung up unexpectedly", "onnection is closed"),
			not: quietly, loud: true, complaint: true,
			refine: byPeer("database-connection-closed", "cache-connection-refused", "broker-unavailable",
				"connection-reset", "connection-reset")},
		{cause: "upstream-unreachable", any: one("onnection failed", "onnection failure", "onnection error", "onnect failed",
			"onnection to ", "rror connecting", "rror while connecting", "annot connect", "an't connect", "ailed to connect",
			"ould not connect", "nable to connect", "ailed connecting", "not connect to", "nable to reach", "annot reach",
			"ould not reach", "ailed to reach", "an't reach", "nreachable", "not reachable", "not responding",
			"o response from", "navailable", "not available", "is down", "ailed to establish", "ailed to dial", "ailed to ping",
			"onnectivity", "-join ", "o join ", "onnect to the Docker daemon", "etry exhausted", "etries exhausted",
			"etries exceeded",
			"ttempts failed", "attempts exhausted"),
			re: `(?i)\bconnect(?:ion|ivity)? (?:has |was |attempt )?(?:fail\w*|error|problem|could not be)|` +
				`\b(?:database|db|redis|kafka|broker|connect\w*|cache)\b[^\n]{0,30}\b(?:retry|retries|` +
				`attempts) (?:exhausted|exceeded|failed)|` +
				`\bconnection to [^\n]{1,60}(?:fail\w*|could not be|not possible)|` +
				notDone + `[^\n]{0,30}\b(?:connect(?:ing|ion)?|reach|establish|dial|ping|join [^\n]{0,20}cluster)\b|` +
				`\b(?:service|server|host|endpoint|backend|upstream|database|db|cluster|broker|node|api|gateway|replica|redis|` +
				`postgres\w*|mysql|mongo\w*|kafka|rabbitmq|elasticsearch)\b[^\n]{0,40}\b(?:unreachable|not reachable|` +
				`not responding|unavailable|not available|is down)\b|\bno response from\b`,
			not: quietly + `|(?i)display|\bX server|printer|not available (?:in|for|on)|(?:feature|version|item|` +
				`stock)[^\n]{0,30}available`,
			loud: true, complaint: true,
			refine: byPeer("database-connection-failed", "cache-connection-refused", "broker-unavailable",
				"upstream-unreachable", "upstream-unreachable")},
		{cause: "database-auth-failed", any: one("uthentication failed", "uthentication failure", "uthentication error",
			"ogin failed", "nvalid password", "nvalid credentials", "ncorrect password", "rong password", "nvalid username",
			"assword incorrect", "redentials are invalid", "nvalid user", "ad credentials"),
			not: quietly, loud: true, complaint: true, refine: byLogin},
		{cause: "http-server-error", any: one("HTTP code", "HTTP status", "http_status", "status_code", "returned error: ",
			"esponded with", "esponse code", "eturned status", "eturned HTTP", "eturned 5", "eturned 4", "eceived 5",
			"eceived 4", "tatus: 5", "tatus: 4", "tatus 5", "tatus 4", "HTTP 5", "HTTP 4", "HTTP error", "tatus=5", "tatus=4",
			"rror 50", "rror: 50", "rror 40", "rror: 40", "rror 42", "rror: 42", "tatus code", "TransportError(", "got 5",
			"got 4", "code: 5",
			"code: 4", "HTTP/1.1 5", "HTTP/1.1 4", "code = 5", "code = 4"),
			re: `(?i)TransportError\((?P<status3>[45]\d\d)\b|\b(?:http|status|response|error|api)[ _-]?(?:status|code|` +
				`error)?(?:[ _-]?code)?"?['":= (]{1,4}(?P<status>[45]\d\d)\b|` +
				`(?:returned|responded|received|got|with)(?: an?| with| error:?| status:?| http| code:?)* (?P<status2>[45]\d\d)\b`,
			not:  awsAPI, // the code of the error says more than its status
			loud: true, complaint: true, refine: byStatus},
		{cause: "http-client-error", any: one("ate limit exceeded", "ate limit reached", "ate limited", "ate-limited",
			"oo many requests", "ate limit hit", "equest unauthorized", "01 Unauthorized", "03 Forbidden",
			"equest forbidden", "equest was rejected", "PUT http", "POST http", "GET http", "PATCH http", "DELETE http",
			"orbidden: http", "tatus code"),
			re: `(?i)rate[ -]limit(?:ed| (?:exceeded|reached|hit))|too many requests|request (?:was )?(?:unauthorized|` +
				`forbidden|rejected)|` +
				`\bforbidden: https?://|status code ` + quote + `?(?:Unauthorized|Forbidden|Not ?Found|Bad ?Request)\b|` +
				`\b40[13] (?:Unauthorized|Forbidden)|\b(?:GET|PUT|POST|PATCH|` +
				`DELETE) \\?"?https?://\S+\s+4\d\d\b`,
			not: quietly, loud: true, complaint: true},
		{cause: "file-not-found", any: one("ould not load ", "ould not open ", "ould not read ", "ould not find ",
			"annot find ", "annot read ", "nable to find ", "nable to read ", "ailed to read ", "ailed to find ", "ot find file",
			"nable to locate ", "ailed to locate "),
			re: notDone + `[^\n]{0,20}\b(?:load|open|read|find|locate)\w* (?:the |a |an )?(?:\S+ ){0,2}(?i:file|` +
				`directory|folder)\b`,
			not: quietly + `|(?i)permission|denied|is a directory|pars|invalid|syntax|stream|descriptor|socket|format|` +
				`config\w* file`,
			loud: true, complaint: true},
	}
}

// byStatus tells server errors from client errors by the status that the rule's expression names.
func byStatus(_ string, fields []Field) string {
	c := Class{Fields: fields}
	if (c.Field("status") + c.Field("status2") + c.Field("status3"))[0] == '5' {
		return "http-server-error"
	}
	return "http-client-error"
}

var (
	mailWords = regexp.MustCompile(`(?i)smtp|e?mail|\bimap\b|sendgrid|nodemailer|postfix|dovecot`)
	shellWord = regexp.MustCompile(`(?i)\bs?sshd?\b|sftp|\bpam\b|publickey`)
	keyWords  = regexp.MustCompile(`(?i)\bapi\b|token|api[ _-]?key|oauth|\bjwt\b|openai|stripe|twilio|slack|github`)
)

// byLogin tells whose login was refused. Users who type wrong passwords are no trouble of the program's own.
func byLogin(text string, _ []Field) string {
	switch {
	case mailWords.MatchString(text):
		return "smtp-auth-failed"
	case shellWord.MatchString(text):
		return "ssh-auth-failed"
	}
	switch peerOf(text) {
	case peerDatabase:
		return "database-auth-failed"
	case peerCache:
		return "cache-auth-failed"
	case peerBroker:
		return "broker-unavailable"
	}
	if keyWords.MatchString(text) {
		return "bad-api-key"
	}
	return ""
}

// grpcRules go by the status of a call ("Status codes and their use in gRPC"), where its message told nothing.
func grpcRules() []rule {
	return []rule{
		{cause: "upstream-unreachable", any: one("UNAVAILABLE", "code = Unavailable"),
			re:  `\bUNAVAILABLE: |code = Unavailable|StatusCode\.UNAVAILABLE|\bstatus(?:_code)?[=:] ?"?UNAVAILABLE`,
			not: `(?i)connection refused|timed out|timeout specified|reading from server: EOF|connection reset by`},
	}
}
