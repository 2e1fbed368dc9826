package logs

import "regexp"

// causeOfMySQL gives the numbers of MySQL and MariaDB their causes ("Server Error Message Reference" and "Client Error
// Message Reference" of the MySQL manual).
var causeOfMySQL = map[string]string{
	"1007": "database-object-exists", "1050": "database-object-exists", "1060": "database-object-exists",
	"1061": "database-object-exists", "1304": "database-object-exists", "1396": "database-object-exists",
	"1040": "database-too-many-connections", "1203": "database-too-many-connections",
	"1226": "database-too-many-connections",
	"1044": "database-auth-failed", "1045": "database-auth-failed", "1130": "database-auth-failed",
	"1142": "database-auth-failed", "1251": "database-auth-failed", "1698": "database-auth-failed",
	"2059": "database-auth-failed", "3118": "database-auth-failed",
	"1290": "database-read-only", "1792": "database-read-only", "1836": "database-read-only",
	"3159": "database-tls-required",
	"1049": "database-connection-failed", "2001": "database-connection-failed", "2002": "database-connection-failed",
	"2003": "database-connection-failed",
	"2005": "dns-failure", "2006": "database-connection-closed", "2013": "database-connection-closed",
	"1053": "database-connection-closed", "1152": "database-connection-closed", "2055": "database-connection-closed",
	"1054": "missing-column", "1051": "missing-table", "1146": "missing-table", "1109": "missing-table",
	"1005": "database-constraint", "1022": "database-constraint", "1072": "missing-column", "1091": "missing-column",
	"1264": "database-constraint", "1265": "database-constraint", "1292": "database-constraint",
	"1366": "database-constraint", "1822": "database-constraint", "1824": "database-constraint",
	"1048": "database-constraint", "1062": "database-constraint", "1215": "database-constraint",
	"1216": "database-constraint", "1217": "database-constraint", "1364": "database-constraint",
	"1406": "database-constraint", "1451": "database-constraint", "1452": "database-constraint",
	"1557": "database-constraint", "1586": "database-constraint", "3819": "database-constraint",
	"1064": "database-syntax", "1149": "database-syntax",
	"1205": "database-timeout", "3024": "database-timeout", "1213": "database-deadlock",
	"1021": "disk-full", "1114": "disk-full", "1037": "out-of-memory", "1038": "out-of-memory", "2008": "out-of-memory",
	"2026": "tls-handshake",
}

// causeOfOracle gives the numbers of Oracle their causes ("Database Error Messages").
var causeOfOracle = map[string]string{
	"00001": "database-constraint", "01400": "database-constraint", "01407": "database-constraint",
	"01438": "database-constraint", "02290": "database-constraint", "02291": "database-constraint",
	"02292": "database-constraint", "12899": "database-constraint",
	"00018": "database-too-many-connections", "00020": "database-too-many-connections",
	"12516": "database-too-many-connections", "12518": "database-too-many-connections",
	"12519": "database-too-many-connections", "12520": "database-too-many-connections",
	"00060": "database-deadlock", "00904": "missing-column", "00942": "missing-table", "04043": "missing-table",
	"00900": "database-syntax", "00903": "database-syntax", "00905": "database-syntax", "00907": "database-syntax",
	"00911": "database-syntax", "00917": "database-syntax", "00921": "database-syntax", "00923": "database-syntax",
	"00933": "database-syntax", "00936": "database-syntax",
	"00955": "database-object-exists", "01430": "database-object-exists",
	"01005": "database-auth-failed", "01017": "database-auth-failed", "01031": "database-auth-failed",
	"01045": "database-auth-failed", "28000": "database-auth-failed", "28001": "database-auth-failed",
	"01033": "database-starting", "01034": "database-starting", "01089": "database-starting",
	"01109": "database-starting", "12528": "database-starting",
	"01013": "database-timeout", "00054": "database-timeout", "12170": "database-timeout", "12535": "database-timeout",
	"12606": "database-timeout", "12609": "database-timeout", "30006": "database-timeout",
	"01012": "database-connection-closed", "01092": "database-connection-closed", "02396": "database-connection-closed",
	"03113": "database-connection-closed", "03114": "database-connection-closed", "03135": "database-connection-closed",
	"12537": "database-connection-closed", "12547": "database-connection-closed",
	"12154": "database-connection-failed", "12505": "database-connection-failed", "12514": "database-connection-failed",
	"12543": "database-connection-failed", "12545": "database-connection-failed", "12560": "database-connection-failed",
	"12541": "database-connection-refused",
	"01653": "disk-full", "01654": "disk-full", "01688": "disk-full", "01652": "disk-full", "19809": "disk-full",
	"04030": "out-of-memory", "04031": "out-of-memory",
}

// causeOfSQLServer gives the numbers of SQL Server their causes ("Database Engine events and errors").
var causeOfSQLServer = map[string]string{
	"18456": "database-auth-failed", "18452": "database-auth-failed", "229": "database-auth-failed",
	"4060": "database-connection-failed", "40613": "database-connection-failed", "1205": "database-deadlock",
	"1222": "database-timeout", "208": "missing-table", "207": "missing-column", "2714": "database-object-exists",
	"2627": "database-constraint", "2601": "database-constraint", "547": "database-constraint",
	"515": "database-constraint", "102": "database-syntax", "156": "database-syntax", "1105": "disk-full",
	"9002": "disk-full", "701": "out-of-memory", "10928": "database-too-many-connections",
	"17809": "database-too-many-connections",
}

// causeOfErrno gives the numbers of Linux their causes ("errno(3)"), for texts that name the number alone.
var causeOfErrno = map[string]string{
	"12": "out-of-memory", "23": "files-exhausted", "24": "files-exhausted", "28": "disk-full", "122": "disk-full",
	"98": "port-in-use", "8": "exec-format", "104": "connection-reset",
}

// causeOfHeroku gives the codes of Heroku's router and platform their causes ("Heroku Error Codes").
var causeOfHeroku = map[string]string{
	"H10": "app-crashed", "H12": "upstream-timeout", "H13": "connection-reset", "H14": "upstream-unreachable",
	"H15": "upstream-timeout", "H18": "connection-reset", "H19": "upstream-timeout", "H20": "worker-boot-failed",
	"H21": "upstream-refused", "H22": "upstream-unreachable", "R10": "worker-boot-failed", "R14": "out-of-memory",
	"R15": "out-of-memory",
}

// familiesOfAWS give the error codes of AWS services their causes by the parts that the services' names for them share
// ("Common Errors" and the errors of each operation in the API references). The first that fits tells.
var familiesOfAWS = []struct {
	cause string
	parts *regexp.Regexp
}{
	{"aws-token-expired", regexp.MustCompile(`^(?:Expired|RequestExpired|TokenRefreshRequired)`)},
	{"bad-api-key", regexp.MustCompile(`SignatureDoesNotMatch|InvalidSignature|InvalidClientTokenId|UnrecognizedClient|` +
		`InvalidAccessKeyId|AuthFailure|IncompleteSignature|MissingAuthenticationToken|InvalidToken`)},
	{"access-denied", regexp.MustCompile(`AccessDenied|Unauthorized|NotAuthorized|Authorization|Forbidden|OptInRequired|` +
		`^40[13]$`)},
	{"aws-throttled", regexp.MustCompile(`Throttl|TooManyRequests|SlowDown|RequestLimitExceeded|ThroughputExceeded|` +
		`^429$`)},
	{"aws-quota", regexp.MustCompile(`(?:Limit|Quota)\w*Exceeded|LimitReached|^TooMany`)},
	{"aws-endpoint-timeout", regexp.MustCompile(`RequestTimeout|Timeout|^408$`)},
	{"http-server-error", regexp.MustCompile(`^Internal|ServiceUnavailable|ServiceFailure|ServiceException|` +
		`NotImplemented|` +
		`^5\d\d$`)},
	{"aws-invalid-request", regexp.MustCompile(`^(?:Invalid|Malformed|Missing|NoSuch|Unsupported|Illegal|Bad)|` +
		`Validation|` +
		`NotFound|DoesNotExist|AlreadyExists|AlreadyOwned|NonExistent|InUse|NotEmpty|Conflict|CheckFailed|Mismatch|` +
		`NotSupported|^40[04]$|^409$|^412$`)},
}

// awsCodeRules go by the codes in the errors of AWS's SDKs and of its command line, where no rule of their own knows
// them.
func awsCodeRules() []rule {
	return []rule{{cause: "aws-invalid-request", any: one("An error occurred (", "when calling the ", "api error ",
		"https response error StatusCode", "Error Code: ", "(Service: "),
		re: `\((?P<code>\w+)\)(?: when calling the (?P<operation>\w+) operation|$)|` +
			`(?:response error StatusCode: \d{3}(?s:.{0,300}?))?\bapi error (?P<code2>\w+)|` +
			`response error StatusCode: \d{3}, RequestID: [^\s,]*, (?:HostID: [^\s,]*, )?(?P<code3>[A-Z]\w+): |` +
			`\bresponse error StatusCode: (?P<code4>\d{3})\b|\(Service: [^\n]*Error Code: (?P<code5>\w+)|` +
			`\(Service: [^\n]*Status Code: (?P<code6>\d{3})\b`,
		refine: byAWSCode, loud: true}}
}

// byAWSCode returns the cause of the most telling code that the rule's expression names.
func byAWSCode(_ string, fields []Field) string {
	c := Class{Fields: fields}
	code := c.Field("code") + c.Field("code2") + c.Field("code3") + c.Field("code4") + c.Field("code5") + c.Field("code6")
	for _, family := range familiesOfAWS {
		if family.parts.MatchString(code) {
			return family.cause
		}
	}
	return ""
}

// codeRules go by the numbers that servers and the system give their errors, where no words told more.
func codeRules() []rule {
	return []rule{
		{cause: "database-syntax", any: one("ERROR 1", "ERROR 2", "ERROR 3", "rror: (1", "rror: (2", "rror: (3",
			"[MY-0", "HY000]", "rror: 1", "rror: 2", "errno: 1", "errno: 2"),
			re: `(?:ERROR |(?:Operational|Programming|Internal|Integrity|Data|Interface|Database)?Error: \(?|` +
				`\[MY-\d+\] \[\w+\] |HY000\]:? (?:\[|General error: )|errno: )(?P<number>[1-3]\d{3})\b` +
				`(?:[ :,)\]]|$)`,
			refine: byNumber(causeOfMySQL)},
		{cause: "database-syntax", any: one("ORA-0", "ORA-1", "ORA-2", "ORA-3"), re: `\bORA-(?P<number>\d{5})\b`,
			refine: byNumber(causeOfOracle)},
		{cause: "database-syntax", any: one(", Severity: ", "Msg 1", "Msg 2", "Msg 4", "Msg 5", "Error Number:",
			"number: "),
			re:     `(?:Error: |Msg |Error Number:|number: )(?P<number>\d{3,5})(?:, (?:Severity|Level|State)|,?\s|$)`,
			refine: byNumber(causeOfSQLServer)},
		{cause: "upstream-timeout", any: one("error code=H", "error code=R"),
			re: `\berror code=(?P<number>[HR]\d\d)\b`, refine: byNumber(causeOfHeroku)},
		{cause: "out-of-memory", any: one("errno 12", "errno=12", "errno: 12", "errno = 12", "errno 2", "errno=2",
			"errno: 2", "errno 98", "errno 104", "errno=104", "errno: 104", "errno=98", "errno: 98", "errno: -"),
			re: `(?i)errno\W{1,3}(?P<number>\d+)\b`, refine: byNumber(causeOfErrno), loud: true},
	}
}

// byNumber returns a refinement by the number that the rule's expression names.
func byNumber(causes map[string]string) func(string, []Field) string {
	return func(_ string, fields []Field) string { return causes[Class{Fields: fields}.Field("number")] }
}
