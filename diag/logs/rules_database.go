package logs

// databaseRules go by the messages of the servers ("Error Codes" of the PostgreSQL and MySQL manuals, SQL Server
// "Database Engine events and errors", Oracle "Database Error Messages") and by what common drivers and pools say.
func databaseRules() []rule {
	return []rule{
		{cause: "database-crashed", any: one("terminating any other active server processes",
			"all server processes terminated", "because of crash of another server process",
			"was terminated by signal"),
			re: `terminating any other active server|all server processes terminated|` +
				`crash of another server process|(?:server process|background worker|` +
				`\w+ process)[^\n]* was terminated by signal (?P<signal>\d+)`},
		{cause: "database-recovering", any: one("not shutdown normally", "not properly shut down", "rash recovery",
			"database system was interrupted", "is in recovery mode", "after a crash using", "unclean shutdown",
			"Doing recovery", "not shut down cleanly", "valid checkpoint record"),
			re: `(?i)not shutdown normally|not properly shut down|crash recovery|system was interrupted|` +
				`in recovery mode|after a crash using|unclean shutdown|doing recovery|not shut down cleanly|` +
				`could not locate a valid checkpoint record`},
		{cause: "database-starting", any: one("system is starting up", "system is shutting down",
			"not yet accepting connections", "not accepting connections", "ORA-01033", "ORA-01034",
			"loading the dataset in memory", "57P03", "ORA-01109", "ORA-01089", " - rejecting connections"),
			re: `(?P<state>starting up|shutting down|not (?:yet )?accepting connections|` +
				`loading the dataset|ORA-\d+|57P03|rejecting connections)`},
		{cause: "database-too-many-connections", any: one("connection slots are reserved", "too many clients",
			"oo many connections", "TooManyConnections", "ER_CON_COUNT_ERROR", "max_user_connections",
			"max_client_conn", "MaxClients", "ORA-00018", "ORA-00020", "ORA-12519", "ORA-12520", "ORA-12516",
			"53300", "onnection limit exceeded", "max number of clients reached", "too many open connections",
			"maximum number of connections", "max_connections"),
			re: `(?i)slots are reserved|too many (?:clients|connections|open connections)|` +
				`TooManyConnections|ER_CON_COUNT|(?:exceeded|more than)[^\n]*max_user_connections|` +
				`max_client_conn|MaxClients\w*: |ORA-\d{5}|` + code(`53300`) + `|` +
				`connection limit exceeded|max number of clients|` +
				`maximum number of connections[^\n]*(?:reached|exceeded)|(?:exceed|reach|` +
				`hit)\w*[^\n]*max_connections`,
			not: `max_connections ?= ?\d|SHOW max_connections`},
		{cause: "database-pool-exhausted", any: one("QueuePool limit",
			"onnection is not available, request timed out", "- Connection is not available", "acquiring a connection",
			"ResourceRequest timed out",
			"AcquireTimeout", "obtain a connection from the pool", "onnection from the pool",
			"onnection from pool", "onnection from the connection pool", "obtain a database connection within",
			"obtaining a connection from the pool", "onnection pool has been exhausted",
			"onnection pool exhausted", "onnection pool is exhausted", "onnection pool timeout",
			"waiting for an open connection", "new connection from the connection pool", "waiting for idle object",
			"PoolExhausted", "Pool exhausted", "PoolTimeout", "PoolTimedOut", "Queue limit reached",
			"request was dropped from queue", "query_wait_timeout", "WaitQueueTimeout",
			"checking out a connection from", "checking out connection", "onnection pool is full",
			"acquire connection from pool", "pool is probably full", "No connections available",
			"acquire a connection from", "max pool size was reached", "getting a connection from the pool",
			"get a connection from the pool", "ool_exhausted", "Sorry, acquisition timeout"),
			not: `Connection pool is full, discarding|redis: connection pool|\bjedis\b`},
		{cause: "database-deadlock", any: one("eadlock detected", "eadlock found", "deadlocked on",
			"deadlock victim", "ORA-00060", "ER_LOCK_DEADLOCK", "DeadlockLoser", "40P01"),
			not: `all goroutines are asleep`},
		// PostgreSQL's log_lock_waits, and what NOWAIT and DDL answer: PostgreSQL 55P03, Oracle 54, MySQL 3572.
		{cause: "database-lock-wait", any: one("still waiting for ", "ould not obtain lock on ", "ORA-00054",
			"NOWAIT is set"),
			re: `process \d+ still waiting for \w+Lock on|ould not obtain lock on (?:row|relation|\w+ lock)|ORA-00054|` +
				`could not be acquired immediately and NOWAIT is set`},
		{cause: "database-locked", any: one("database is locked", "database table is locked", "SQLITE_BUSY",
			"database schema is locked", "ould not acquire change log lock")},
		// "Requiring an SSL connection to a PostgreSQL DB instance" (RDS); MySQL error 3159.
		{cause: "database-tls-required", any: one("no pg_hba.conf entry", "equire_secure_transport",
			"ER_SECURE_TRANSPORT_REQUIRED"),
			re: `no pg_hba\.conf entry[^\n]*(?:no encryption|SSL off)|insecure transport are prohibited|` +
				`ER_SECURE_TRANSPORT_REQUIRED`},
		// PostgreSQL's 25006, MySQL's 1290, 1792 and 1836, SQL Server's 3906. A file of SQLite is a matter of its rights.
		{cause: "database-read-only", any: one("read-only transaction", "READ ONLY transaction", "read-only option",
			"in read-only mode", "the database is read-only", "ReadOnlySqlTransaction", "25006"),
			re: `(?i)cannot execute \S+[^\n]* in a read[- ]only transaction|running with the --(?:super-)?read-only option|` +
				`running in read-only mode|because the database is read-only|ReadOnlySqlTransaction|` + code(`25006`)},
		{cause: "database-auth-failed", any: one("authentication failed for user", "Access denied for user",
			"Access denied; you need", "no pg_hba.conf entry", "eer authentication failed",
			"dent authentication failed", "Login failed for user", "ORA-01017", "ORA-28000", "ORA-28001",
			"not allowed to connect to this M", "no password supplied", "fe_sendauth: no",
			"SCRAM-SERVER-FIRST-MESSAGE", "SCRAM authentication", "SCRAM-based authentication",
			"MongoServerError: Authentication failed", "MongoServerError: bad auth", "bad auth", "MongoError",
			"MongoCommandException", "pymongo.errors", "storedKey mismatch",
			"Exception authenticating MongoCredential", "AuthenticationFailed", "ER_ACCESS_DENIED_ERROR",
			"has no password assigned", "requested password-based", "conf rejects connection",
			"requires authentication", "not authorized on ", "Password does not match for user",
			"ER_NOT_SUPPORTED_AUTH_MODE", "support authentication protocol",
			"uthentication failed against database", "password authentication", "is not permitted to log in",
			"Authentication plugin", "SqlState: 28P01", "28P01", "Passwort-Authentifizierung",
			"authentification par mot de passe", "autentificación password", "auth_gssapi_client", "P1000",
			"ermission denied for ", "ermission denied to create", "ust be owner of", "ust be superuser", "is not owner of",
			"Authentication failed., full error"),
			re: `(?i)(?:authentication failed for user|Access denied for user|Login failed for user|` +
				`Passwort-Authentifizierung für Benutzer|utilisateur|usuario) ?` + quote + `?(?P<user>[^"'` +
				"`" + `@\s»]+)|Access denied|pg_hba|authentication failed|ORA-|not allowed to connect|` +
				`no\s+password supplied|SCRAM|(?:Mongo\w*(?:Error|Exception)|pymongo\S*)[^\n]*auth\w* failed|bad auth|` +
				`storedKey|MongoCredential|AuthenticationFailed|ER_|` +
				`has no password assigned|password-based auth|command \w+ requires authentication|` +
				`not authorized on \w+ to execute|permission denied (?:for (?:table|relation|schema|database|sequence|` +
				`function|view|language|tablespace|column|type)|` +
				`to (?:create|set|alter|drop))|must be (?:owner of|superuser to)|is not owner of (?:the )?\S+ ?(?:table|` +
				`relation|schema|database|sequence|view)?|Password does not match for user|` +
				`support authentication|` +
				`not permitted to log in|Authentication plugin|28P01|auth_gssapi|P1000`,
			not: `(?i)smtp|imap|javax\.mail|sasl login|redis|sshd|kerberos`},
		{cause: "database-auth-failed", any: one("does not exist"), re: `(?:FATAL|PSQLException|` +
			`OperationalError|FATAL: {1,2}|error:|ERROR:)[^\n]*role ` + quote + `(?P<user>[^"]+)` + quote +
			` does not exist|\brole ` + quote + `(?P<user2>[\w-]+)` + quote + ` does not exist\b`, not: `(?i)rbac|k8s|kube`},
		{cause: "database-connection-failed", any: one("does not exist", "Unknown database", "ORA-12514",
			"Cannot open database"), re: `\bdatabase ` + quote +
			`(?P<database>[^"\n]+)` + quote + ` does not exist|Unknown database|ORA-12514|Cannot open database`,
			unless: one("skipping")},
		{cause: "database-socket-denied", any: one("ermission denied", " (13)", "wrong ownership", "has invalid permissions"),
			re: `could not connect to server: Permission denied|onnection to server (?:at|` +
				`on)[^\n]*failed: Permission denied|\[2002\] Permission denied|` +
				`Can't connect to (?:local )?MySQL server[^\n]*\(13\b|data directory[^\n]*(?:wrong ownership|` +
				`invalid permissions)|connect EACCES [^\n]*(?:sock|PGSQL)|HY000\W+2002\W+Permission denied`},
		{cause: "database-timeout", any: one("buffering timed out", "statement timeout", "lock timeout",
			"Lock wait timeout", "ER_LOCK_WAIT_TIMEOUT", "statement execution time exceeded",
			"MongoNetworkTimeout", "ServerSelectionTimeout", "erver selection timed out",
			"erver selection timeout", "ORA-12170", "ORA-12535", "ORA-12609", "Execution Timeout Expired",
			"Timeout expired", "imeout expired", "ue to connection timeout", "Query read timeout",
			"nactivity timeout", "query has timed out", "Timeout during reading", "PROTOCOL_SEQUENCE_TIMEOUT",
			"timed out after", "SQLTimeoutException", "QueryTimeout", "QueryCanceled", "57014",
			"handshake inactivity timeout", "TransactionTimedOut", "did not receive any packets",
			"Timeout expired.", "MaxTimeMSExpired", "operation exceeded time limit",
			"The wait operation timed out", "atabase timeout", "atabase timed out", "uery timeout",
			"uery timed out", "DB timeout", "write CONNECT_TIMEOUT", "timeout query item",
			"timeout exceeded when trying to connect"),
			re: `(?i)buffering timed out|write CONNECT_TIMEOUT|timeout query item <|` +
				`timeout exceeded when trying to connect|(?:due to )?(?:statement|lock|user request|idle)[- ]timeout|` +
				`ServerSelectionTimeoutError: No servers|lock wait timeout|ER_LOCK_WAIT|` +
				`execution time exceeded|MongoNetworkTimeout|` +
				`server selection time(?:d )?out|ORA-12|execution timeout expired|timeout expired|` +
				`connection timeout|query read timeout|PROTOCOL_SEQUENCE|SQLTimeout|QueryTimeout|` +
				`QueryCanceled|` + code(`57014`) + `|handshake inactivity|TransactionTimedOut|MaxTimeMS|` +
				`exceeded time limit|\b(?:database|db|query) (?:timeout|timed out)\b|query inactivity timeout|` +
				`query has timed out|wait operation timed out`,
			not: `(?i)actively refused|obtaining a connection|topic metadata|idle-in-transaction|AH0|` +
				`timeout specified has expired`,
			refine: byPeerOrDatabase},
		{cause: "database-connection-closed", any: one("closed the connection unexpectedly",
			"server has gone away", "Lost connection to M", "ue to administrator command", "idle-in-transaction",
			"Connection terminated", "SSL SYSCALL error", "This connection has been closed",
			"sending to the backend", "PROTOCOL_CONNECTION_LOST", "onnection already closed", "Aborted connection",
			"EOF on client connection", "receive data from client", "send data to client",
			"driver: bad connection", "InterfaceError", "onnection to the server was lost",
			"terminating connection", "is broken and recovery is not possible", "ER_SERVER_GONE", "CR_SERVER_LOST",
			"CR_SERVER_GONE", "Connection was killed", "57P01", "no connection to the server",
			"server conn crashed", "MySQL Server gone", "server closed connection",
			"MongoNetworkError: connection", "ConnectionDoesNotExistError", "bad idle connection",
			"onnection is closed", "The connection is closed", "AutoReconnect", "onnection <monitor>",
			"DBConnection.ConnectionError) client", "SSL connection has been closed"),
			re: `[Ss]erver closed the connection unexpectedly|(?:has|erver) gone(?: away)?|Lost connection to M|` +
				`administrator command|idle-in-transaction|Connection terminated|SSL SYSCALL|` +
				`connection has been closed|sending to the backend|CONNECTION_LOST|` +
				`connection already closed|Aborted connection|EOF on client connection|` +
				`(?:receive data from|send data to) client|bad connection|InterfaceError[^\n]*closed|` +
				`server was lost|terminating connection|recovery is not possible|SERVER_GONE|SERVER_LOST|` +
				`was killed|57P01|no connection to the server|server conn crashed|server closed connection|` +
				`connection (?:\d+|<monitor>) to [^\n]+ closed|ConnectionError\) client \S+ exited|ConnectionDoesNotExist|` +
				`bad idle connection|` +
				`PG::\w+: connection is closed|` +
				`SQL\w*Exception: The connection is closed|AutoReconnect:[^\n]*closed`},
		{cause: "database-connection-failed", any: one("running locally and accepting", "through socket", "PGSQL.",
			"mysqld.sock", "mysql.sock", "pgbouncer cannot connect", "each database server",
			"ommunications link failure", "network-related or instance-specific",
			"any of the specified MySQL hosts", "Network Adapter could not establish", "ORA-12154",
			"HY000\\] [2002]", "[2002] No such file", "mysqli_sql_exception: No such", "P1001",
			"SequelizeConnectionError", "onnection attempt failed", "during pool initialization",
			"SequelizeHostNotFound", "SequelizeHostNotReachable", "couldn't be created", "couldn't be dropped"),
			re: `running locally and accepting|(?i:connect to local mysql)|through socket|` +
				`No such file[^\n]*PGSQL|PGSQL[^\n]*(?:No such|ENOENT|failed)|ENOENT [^\n]*(?:PGSQL|` +
				`mysqld?\.sock)|ECONNREFUSED [^\n]*PGSQL|mysqld?\.sock[^\n]*\(2\)|pgbouncer cannot connect|` +
				`each database server|ommunications link failure|network-related or instance|` +
				`specified MySQL hosts|Network Adapter|ORA-12154|\[2002\] No such file|` +
				`mysqli_sql_exception: No such file|P1001|SQLException: The connection attempt failed|` +
				`Exception during pool initialization|database for \S+ couldn't be (?:created|dropped)|` +
				`Sequelize(?:Connection|Host)`,
			not: `(?i:connection refused|ECONNREFUSED [^/]|actively refused|timed? ?out|ETIMEDOUT|` +
				`ENOTFOUND|UnknownHost)`},
	}
}

// schemaRules tell what statements run into.
func schemaRules() []rule {
	return []rule{
		{cause: "database-object-exists", any: one("already exists", "There is already an object named",
			"Duplicate column name", "Duplicate key name", "ORA-00955", "42P07", "42S01", "42710", "42P06",
			"schema is not empty", "on-empty schema"),
			re: `(?i)(?:relation|table|type|column|index|schema|database|constraint|sequence|function|` +
				`role|extension|view|trigger|policy|collection)s? ` + quote + `?(?P<object>[\w.$-]+)` + quote +
				`?[^\n]{0,60}? already exists|` +
				`(?:schema is not empty|found non-empty schema)|already an object named|Duplicate (?:column|` +
				`key) name|ORA-00955|` + code(`42P07|42S01|42710|42P06`),
			unless: one("already exists, skipping")},
		{cause: "missing-column", any: one("does not exist", "Unknown column", "no such column",
			"Invalid column name", "has no column named", "ORA-00904", "issing column", "列名", "ER_BAD_FIELD_ERROR",
			"42703", "UndefinedColumn", "n'existe pas", "existiert nicht", "no existe la columna", "невер",
			"не существует", "P2022", "olumn not found", "UnknownAttribute", "has no field \"", "olumn \"",
			"olumn '"),
			re: `(?i)column ` + quote + `?(?P<column>[\w.$]+)` + quote + `?(?: of relation ` + quote +
				`[^"]+` + quote +
				`)? does not exist|` +
				`Unknown column|no such column:? ?(?:\w|$)|Invalid column name|has no column named|` +
				`ORA-00904|missing column|列名.*无效|ER_BAD_FIELD|` + code(`42703`) + `|UndefinedColumn|` +
				`colonne[^\n]*n'existe pas|Spalte[^\n]*existiert nicht|no existe la columna|` +
				`столб\w*[^\n]*не существует|P2022|Column not found|column "?[\w.]+"? not found|` +
				`UnknownAttributeError|has no field "`},
		{cause: "missing-table", any: one("does not exist", "doesn't exist", "no such table",
			"Invalid object name", "ORA-00942", "issing table", "Unknown table", "ER_NO_SUCH_TABLE", "42P01",
			"42S02", "UndefinedTable", "Base table or view not found", "existiert nicht", "n'existe pas",
			"no existe la relaci", "对象名", "не существует", "P2021", "ER_BAD_TABLE", "Table \"",
			"Requested resource not found: Table", "find table"),
			re: `(?i)relation ` + quote + `?(?P<table>[\w."$-]+?)` + quote + `? does not exist|Table ` + quote +
				`(?P<table2>[^'"]+)` + quote + ` doesn't exist|The table [^\n]*does not exist|` +
				`no such table|Invalid object name|ORA-00942|missing table|Unknown table|ER_NO_SUCH_TABLE|` +
				code(`42P01|42S02`) + `|UndefinedTable|Base table or view not found|` +
				`Relation[^\n]*existiert nicht|` +
				`la relation[^\n]*n'existe pas|no existe la relaci|对象名.*无效|отношение[^\n]*не существует|` +
				`P2021|Table "[^"]+" not found|ER_BAD_TABLE|resource not found: Table|(?:not|cannot|unable to) find table`},
		{cause: "database-constraint", any: one("violates unique constraint", "violates foreign key constraint",
			"violates not-null constraint", "violates check constraint", "violates exclusion constraint",
			"Duplicate entry", "onstraint failed", "constraint fails", "E11000", "ORA-00001", "ORA-02291",
			"ORA-02292", "ORA-01400", "ORA-02290", "Violation of", "conflicted with the",
			"Cannot insert duplicate key", "Cannot insert the value NULL", "cannot be null", "onstraint violation",
			"ConstraintViolation", "duplicate key value", "UniqueViolation", "ForeignKeyViolation", "ER_DUP_ENTRY",
			"23505", "23503", "23502", "value too long for type", "Data too long for column",
			"have a default value", "UniqueConstraintError", "P2002", "P2003", "DataIntegrityViolation",
			"IntegrityError", "ConstraintError", "onstraint error when"),
			re: `(?i)violates (?:\w+-?\w*|foreign key) constraint(?: ` + quote + `(?P<constraint>[^"]+))?|` +
				`Duplicate entry|constraint (?:failed|fails)|E11000|ORA-0\d{4}|Violation of (?:PRIMARY|` +
				`UNIQUE)|conflicted with the|insert duplicate key|insert the value NULL|` +
				`Column[^\n]*cannot be null|constraint violation|ConstraintViolation|duplicate key value|` +
				`UniqueViolation|ForeignKeyViolation|ER_DUP_ENTRY|` + code(`2350[235]`) + `|value too long|` +
				`Data too long|have a default value|UniqueConstraintError|P200[23]|DataIntegrityViolation|` +
				`\bIntegrityError\b|constraint error when`,
			not: `(?i)javax\.validation|jakarta\.validation`},
		{cause: "database-syntax", any: one("syntax error at or near", "error in your SQL syntax",
			"ncorrect syntax near", "syntax error", "ORA-009", "ER_PARSE_ERROR", "SQLSyntaxError", "BadSqlGrammar",
			"42601", "unterminated quoted string", "SQL syntax", "syntax error at end",
			"SQL command not properly ended", "SQL compilation error"),
			re: `(?i)syntax error at end of input|syntax error at or near ` + quote + `?(?P<token>[^"\s]*)|` +
				`error in your SQL syntax|` +
				`incorrect syntax near|near ` + quote + `[^"]*` + quote + `: syntax error|ORA-009[0-3]\d|` +
				`ER_PARSE_ERROR|SQLSyntaxError|BadSqlGrammar|` + code(`42601`) + `|unterminated quoted string at|` +
				`SQL syntax[^\n]*error|syntax error[^\n]*\bSQL\b|SQL compilation error: syntax|not properly ended`},
	}
}
