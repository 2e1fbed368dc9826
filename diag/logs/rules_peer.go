package logs

import "regexp"

// peer is the kind of thing at the other end of a connection.
type peer int

const (
	peerOther peer = iota
	peerDatabase
	peerCache
	peerBroker
	peerAWS
)

// peerOfPort are well-known ports (IANA "Service Name and Transport Protocol Port Number Registry", and the defaults of
// each product).
var peerOfPort = map[string]peer{
	"5432": peerDatabase, "5433": peerDatabase, "6432": peerDatabase, "3306": peerDatabase, "3307": peerDatabase,
	"33060": peerDatabase,
	"1433":  peerDatabase, "1434": peerDatabase, "1521": peerDatabase, "1522": peerDatabase, "27017": peerDatabase,
	"27018": peerDatabase,
	"27019": peerDatabase, "9042": peerDatabase, "26257": peerDatabase, "50000": peerDatabase, "5439": peerDatabase,
	"6379": peerCache, "6380": peerCache, "26379": peerCache, "11211": peerCache,
	"9092": peerBroker, "9093": peerBroker, "9094": peerBroker, "9096": peerBroker, "9098": peerBroker,
	"29092": peerBroker,
	"19092": peerBroker,
	"5672":  peerBroker, "5671": peerBroker, "61616": peerBroker, "61617": peerBroker, "61613": peerBroker,
	"4222": peerBroker,
	"1883": peerBroker, "8883": peerBroker, "6650": peerBroker,
}

var (
	portNumber = regexp.MustCompile(`(?:[:,=(] ?|\bport[ "':=]+|"?port"?[:=] ?)(\d{4,5})\b`)
	peerWords  = []struct {
		peer peer
		re   *regexp.Regexp
	}{
		{peerDatabase, regexp.MustCompile(`\.rds\.amazonaws|(?i)(?:postgres(?:ql)?|mysql|mariadb|` +
			`mongodb(?:\+srv)?|sqlserver|jdbc:\w+)://`)},
		{peerCache, regexp.MustCompile(`\.cache\.amazonaws|(?i)(?:rediss?|memcached)://`)},
		{peerBroker, regexp.MustCompile(`\.mq\.[\w-]+\.amazonaws|\.kafka\.[\w-]+\.amazonaws|(?i)(?:amqps?|` +
			`kafka|nats|mqtts?|stomp)://`)},
		{peerOther, regexp.MustCompile(`\.elb\.(?:[\w-]+\.)?amazonaws\.com`)}, // a load balancer of one's own
		{peerAWS, regexp.MustCompile(`\.amazonaws\.com|169\.254\.169\.254|169\.254\.170\.2\b`)},
		{peerOther, regexp.MustCompile(`HTTPS?ConnectionPool|Axios|HttpClient|RestTemplate|` +
			`reqwest|Guzzle|Faraday|Feign`)},
		{peerCache, regexp.MustCompile(`(?i)redis|memcached?\b|valkey|lettuce|jedis`)},
		{peerBroker, regexp.MustCompile(`(?i)kafka|rabbitmq|amqp|\bkombu\b|\bpika\b|activemq|zookeeper|\bmqtt`)},
		{peerDatabase, regexp.MustCompile(`(?i)postgres|psql|psycopg|npgsql|pgbouncer|\bpgx?\b|PG::|mysql|` +
			`mariadb|mongo|sqlserver|SqlClient|SQL Server|\boracle\b|ORA-|jdbc|hikari|sequelize|typeorm|` +
			`prisma|knex|sqlx|sqlalchemy|activerecord|django\.db|doctrine|\bPDO|SQLSTATE|cassandra|` +
			`\bdatabase\b|\[db\]|"t":\{"\$date"|Is the server running on|connection to server (?:at|on) "|EntityFramework|` +
			`DbContext|liquibase|flyway|r2dbc|` +
			`aiomysql|DATABASE_URL|\bdbcp|c3p0|QueryFailed|\bgorm\b|\bdiesel\b|PDOException|JDBC|DataSource|` +
			`OperationalError|mysqld?\b|` +
			`\bdb[ _-]?(?:connection|host|error|server|client)\b|\bEcto\b|DBConnection|` +
			`communicating with database|DatabaseError|\bdb-\w|\w-db\b`)},
	}
)

// peerOf tells what a text about a connection speaks of: by port where one is known, or else by names.
func peerOf(text string) peer {
	for _, m := range portNumber.FindAllStringSubmatch(text, 8) {
		if p, ok := peerOfPort[m[1]]; ok {
			return p
		}
	}
	for _, w := range peerWords {
		if w.re.MatchString(text) {
			return w.peer
		}
	}
	return peerOther
}

// byPeer returns a refinement that gives each kind of peer its cause.
func byPeer(database, cache, broker, aws, other string) func(string, []Field) string {
	return func(text string, _ []Field) string {
		switch peerOf(text) {
		case peerDatabase:
			return database
		case peerCache:
			return cache
		case peerBroker:
			return broker
		case peerAWS:
			return aws
		}
		return other
	}
}

// byPeerOrDatabase is for what databases say in words that clients of caches and brokers use too.
func byPeerOrDatabase(text string, _ []Field) string {
	switch peerOf(text) {
	case peerCache:
		return "cache-connection-refused"
	case peerBroker:
		return "broker-unavailable"
	}
	return "database-timeout"
}

// connectRules tell of connections that failed in the words of the system, and ask what was at the other end.
func connectRules() []rule {
	refused := byPeer("database-connection-refused", "cache-connection-refused", "broker-unavailable",
		"upstream-refused", "upstream-refused")
	timeout := byPeer("database-timeout", "cache-connection-refused", "broker-unavailable",
		"aws-endpoint-timeout", "upstream-timeout")
	unreachable := byPeer("database-connection-failed", "cache-connection-refused", "broker-unavailable",
		"upstream-unreachable", "upstream-unreachable")
	return []rule{
		{cause: "upstream-refused", any: one("ECONNREFUSED", "onnection refused", "actively refused",
			"ConnectionRefused", "CONNECTION_REFUSED", "connection was refused", "onnexion refusée",
			"refused. Check that the hostname", "onnection to ", "errno(111", "rror 10061", "rrno 10061",
			"Can't connect to M", "Errno 111", "ORA-12541",
			"Verbindungsaufbau abgelehnt", "refused connection", "Connect call failed",
			"Couldn't connect to server", "was refused - did"),
			re: `ECONNREFUSED(?: ` + hostPort + `)?|dial tcp ` + hostPort + `: connect: connection refused|` +
				`(?i:connection (?:was )?refused)|ECONNREFUSED|econnrefused|actively refused|` +
				`ConnectionRefused|CONNECTION_REFUSED|onnexion refus|onnection to ` + hostPort + ` refused|` +
				`Can't connect to M\w+ server on ` + quote + `?` + host + `[^\n]*\((?:111|61|10061|` +
				`\[Errno (?:111|61)\])|Errno 111|ORA-12541|abgelehnt|refused connection|errno\(111\)|(?:error|errno):? 10061\b|` +
				`(?:\[Errno 111\] |` +
				`ClientConnectorError[^\n]*)Connect call failed|Couldn't connect to server|was refused - did you`,
			refine: refused},
		{cause: "upstream-timeout", any: one("Can't connect to M", "host name lookup"),
			re:     `Can't connect to M\w+ server on[^\n]*(?:timed out|\((?:110|60|10060)\b|imeout)`,
			refine: func(string, []Field) string { return "database-timeout" }},
		{cause: "database-connection-failed", any: one("Can't connect to M", "Failed to connect to",
			"could not connect to server", "onnection to ", "to connect to database",
			"connect to the database", "connecting to database", "Database connection failed",
			"atabase connection error", "atabase connection failed", " to database", "to the database",
			"open database", "ping database", "database server", "onnect to p", "onnect to m", "onnect to db",
			"onnecting to p", "onnecting to m", "onnect to the db", "MongoSocketOpen", "MongoNetworkError",
			"MongoServerSelectionError", "ConnectionBad", "ConnectionNotEstablished",
			"ould not connect to the database", "Unable to connect to the database", "failed to connect to `host=",
			"JDBC Connection", "JDBC connection", "ResourceException", "JDBCConnectionException",
			"open JPA EntityManager", "GetJdbcConnection"),
			re: `(?i)Can't connect to M|Npgsql\w*Exception[^\n]*Failed to connect|Failed to connect to ` +
				hostPort +
				`|` +
				`could not connect to (?:server|the database)|MongoSocketOpenException|` +
				notDone + `[^\n]{0,40}(?:connect\w*|connection|reach|open|ping)(?: to| with)?(?: the|` +
				` a)? (?:\w+ )?` +
				`(?:database|db|postgres\w*|mysql\w*|mariadb|mongo\w*|sql ?server|cassandra|oracle)\b|` +
				`connection to ` + host + `:\d{2,5} failed|` +
				`connection to server (?:failed|on socket)|connection to server at ` + quote + host +
				`|(?:fail\w*|unable|` +
				`error|could not|cannot|can't)[^\n]{0,40}connect(?:ing)? (?:to )?(?:the )?database|` +
				`database connection (?:failed|error)|MongoNetworkError|MongoServerSelectionError|` +
				`ConnectionBad|ConnectionNotEstablished|failed to connect to .host=|` +
				`(?:open|acquire|obtain|get|create) JDBC connection|ResourceException: [^\n]*(?:create|get|` +
				`obtain) connection|JDBCConnectionException|open JPA EntityManager|GetJdbcConnection`,
			not: `(?i)timed? ?out|ETIMEDOUT|(?:connection|host) (?:reset|refused)|ECONNRESET|` +
				`No route to host|unreachable|database file`,
			refine: byPeer("database-connection-failed", "cache-connection-refused", "broker-unavailable", "", "")},
		{cause: "connection-reset", any: one("ECONNRESET", "onnection reset", "Broken pipe", "EPIPE",
			"socket hang up", "RemoteDisconnected", "onnection aborted", "prematurely closed", "forcibly closed",
			"ended prematurely", "Premature close", "premature EOF", "unexpected EOF", "Empty reply from server",
			"Recv failure", "end of file reached", "NoHttpResponseException", "ConnectionResetError",
			"onnection broken", "unexpected end of stream", "IncompleteRead", "other side closed",
			"onnection was closed before", "Connection closed by foreign", "UND_ERR_SOCKET",
			"ClientAbortException", "BrokenPipeError", "StreamResetException", "closed before message completed",
			"ServerDisconnected", "SIGPIPE: writing", "OSError: write error", "sent GOAWAY",
			"client connection lost", "peer shut down incorrectly", "Server disconnected",
			"onnection closed prematurely", "lost connection", "reading from server: EOF", "closed network connection",
			"caused connection abort", "connResetException", "ConnectionReset:", "BadStatusLine",
			"roxy closed the connection", "rror 10054", "rrno 10054", "closed idle connection", "\": EOF"),
			re: `ECONNRESET|(?i:connection reset|broken pipe)|\bEPIPE\b|socket hang up|RemoteDisconnected|` +
				`(?i:connection (?:aborted|broken))|prematurely closed|forcibly closed|ended prematurely|` +
				`Premature close|premature EOF|unexpected EOF|Empty reply from server|Recv failure|` +
				`end of file reached|NoHttpResponseException|ConnectionResetError|unexpected end of stream|` +
				`IncompleteRead|other side closed|onnection was closed before|Connection closed by foreign|` +
				`UND_ERR_SOCKET|ClientAbortException|BrokenPipeError|StreamResetException|` +
				`closed before message completed|ServerDisconnected|SIGPIPE: writing|OSError: write error|` +
				`sent GOAWAY|client connection lost|peer shut down incorrectly|Server disconnected|` +
				`onnection closed prematurely|lost connection|reading from server: EOF|` +
				`closed network connection|caused connection abort|connResetException|ConnectionReset: |` +
				`server closed idle connection|(?:Get|Head|Post|Put|Patch|Delete) \\?"https?://[^\s"]+": EOF\b|` +
				`BadStatusLine|roxy closed the connection|(?:error|errno):? 10054\b`,
			not: `(?i)database system|sshd.*(?:reset|closed) by (?:[\d.]+|[0-9a-f:]+|invalid|authenticating)|` +
				`^[^\n]*(?:client closed connection early)`},
		{cause: "upstream-unreachable", any: one("No route to host", "NoRouteToHost", "EHOSTUNREACH",
			"ENETUNREACH", "etwork is unreachable", "Host is unreachable", "unreachable host", "host unreachable"),
			refine: unreachable},
		{cause: "upstream-unreachable", any: one("ailed to connect to ", "nable to connect to ", "ould not connect to ",
			"annot connect to ", "an't connect to ", "fetch failed", "establish a new connection"),
			re: `\bfetch failed\b|establish a new connection|(?:ConnectException|ConnectError|ConnectionError|` +
				`ConnectionException)\b[^\n]*(?i:connect to )|` +
				`(?i:(?:failed|unable|not|cannot|can't) (?:to )?connect to (?:the )?(?:server |host |upstream |backend )?` +
				`(?:https?://|[\w.-]+(?:/[\d.]+)?(?::| port )\d+\b))`,
			not: `(?i)timed? ?out|docker daemon|gitlab|git fetch`, refine: unreachable},
		{cause: "upstream-timeout", any: one("ETIMEDOUT", "ESOCKETTIMEDOUT", "timed out", "i/o timeout",
			"ead timeout", "onnect timeout", "ReadTimeout", "ConnectTimeout", "SocketTimeout", "Net::OpenTimeout",
			"eadline exceeded", "DeadlineExceeded", "DEADLINE_EXCEEDED", "imeout exceeded", "HEADERS_TIMEOUT",
			"CONNECT_TIMEOUT", "CONN_ABORTED", "ECONNABORTED", "timeout of ", "Gateway Time-out",
			"Gateway Timeout", "equest timeout", "HttpClient.Timeout", "operation was canceled",
			"TimeoutException", "TimeoutError", "time-out", "timeout while", "connection timeout", "network timeout", "AH01102",
			"timeout specified has expired", "imeoutError", "eadline reached", "eadline has elapsed", "eadline expired",
			"net::ERR_TIMED_OUT", "context deadline"),
			re: `ETIMEDOUT(?: ` + hostPort + `)?|ESOCKETTIMEDOUT|(?i:(?:connect\w*|connection|read|` +
				`request|operation|recv|poll|upstream|call|socket|dial|attempt|selection|handshake|server|` +
				`host)\b[^\n]{0,80}timed[ -]out|timed[ -]out[^\n]{0,60}(?:connect|read|request|response|` +
				`upstream|waiting|server|host)|i/o timeout|(?:read|connect(?:ion)?|network|socket|request|` +
				`write)[ -]?timeout|deadline (?:exceeded|reached|expired|has elapsed|has passed)|DeadlineExceeded|` +
				`DEADLINE_EXCEEDED|` +
				`timeout(?: of \d+ ?m?s)? exceeded|gateway time-?out|HttpClient\.Timeout|_TIMEOUT\b|` +
				`ECONNABORTED|Net::(?:Open|Read)Timeout|TimeoutException|TimeoutError|` +
				`timeout (?:specified has expired|while)|ERR_TIMED_OUT)`,
			not: `(?i)timeout (?:is |was )?set to|WORKER TIMEOUT|session timed? ?out|` +
				`timeout ?[=:] ?\d+ ?(?:m?s)?[,;}]?$|retry\.timeout|Task timed out after|HARAKIRI|idle|` +
				`Rack::Timeout|workers? timed? ?out|child \d+|job |Terminating|Expiring session|^\S+ \S+ HTTP`,
			refine: timeout},
	}
}
