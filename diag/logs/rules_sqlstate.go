package logs

// causeOfState gives SQLSTATE values their causes ("PostgreSQL Error Codes"; "Server Error Message Reference" of the
// MySQL manual): whole values first, then their classes of two characters. They tell what a message in any language
// says.
var causeOfState = map[string]string{
	"28P01": "database-auth-failed", "28000": "database-auth-failed", "42501": "database-auth-failed",
	"25006": "database-read-only",
	"3D000": "database-connection-failed", "08001": "database-connection-failed",
	"08004": "database-too-many-connections",
	"08006": "database-connection-closed", "08003": "database-connection-closed",
	"08S01": "database-connection-closed",
	"57P01": "database-connection-closed", "57P02": "database-crashed", "57P03": "database-starting",
	"53300": "database-too-many-connections", "53100": "disk-full", "53200": "out-of-memory",
	"57014": "database-timeout", "55P03": "database-timeout", "HYT00": "database-timeout",
	"40P01": "database-deadlock", "40001": "database-deadlock",
	"42P01": "missing-table", "42S02": "missing-table", "42703": "missing-column", "42S22": "missing-column",
	"42P07": "database-object-exists", "42710": "database-object-exists", "42701": "database-object-exists",
	"42P06": "database-object-exists", "42P04": "database-object-exists", "42S01": "database-object-exists",
	"42S21": "database-object-exists", "42601": "database-syntax", "42000": "database-syntax",
	"23": "database-constraint", "3F000": "missing-table",
}

// causeOfPrisma gives the codes of Prisma ("Error message reference" of its documentation) their causes.
var causeOfPrisma = map[string]string{
	"P1000": "database-auth-failed", "P1010": "database-auth-failed", "P1001": "database-connection-failed",
	"P1003": "database-connection-failed", "P1002": "database-timeout", "P1008": "database-timeout",
	"P1011": "tls-handshake", "P1012": "bad-configuration", "P1013": "bad-configuration",
	"P1017": "database-connection-closed", "P2024": "database-pool-exhausted", "P2034": "database-deadlock",
	"P2002": "database-constraint", "P2003": "database-constraint", "P2004": "database-constraint",
	"P2011": "database-constraint", "P2014": "database-constraint", "P2021": "missing-table",
	"P2022": "missing-column",
	"P3005": "database-object-exists", "P3018": "job-failed",
}

// stateRules go by codes alone, where the words beside them say nothing that other rules know.
func stateRules() []rule {
	return []rule{
		{cause: "database-syntax", any: one("SQLSTATE", "PostgresException (0x", "PostgresException: ", "code: '"),
			re: `(?:(?i:sqlstate)(?: code)?[\[:=( "']{1,3}|PostgresException(?: \(0x80004005\))?: ?\s*|` +
				`code: ')(?P<state>[0-9A-Z]{5})\b`,
			refine: byState},
		{cause: "database-connection-failed", any: one("rror: P1", "rror: P2", "rror: P3", "code: 'P",
			"rrorCode: 'P"),
			re:     `(?:rror: |[cC]ode: ')(?P<code>P[1-3]\d{3})\b`,
			not:    `ECONNREFUSED`,
			refine: byPrismaCode},
	}
}

func byState(_ string, fields []Field) string {
	state := Class{Fields: fields}.Field("state")
	if cause, ok := causeOfState[state]; ok {
		return cause
	}
	return causeOfState[state[:min(2, len(state))]]
}

func byPrismaCode(_ string, fields []Field) string {
	return causeOfPrisma[Class{Fields: fields}.Field("code")]
}
