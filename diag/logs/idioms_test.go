package logs

// idioms are texts as servers, runtimes and libraries write them, by the cause that they tell.
const idioms = `
database-connection-refused	dial tcp 10.0.3.7:5432: connect: connection refused
database-connection-refused	org.postgresql.util.PSQLException: Connection to orders-db:5432 refused. Check that the hostname and port are correct and that the postmaster is accepting TCP/IP connections.
database-connection-refused	SQLSTATE[HY000] [2002] Connection refused (SQL: select * from users)
database-connection-refused	failed to connect to ` + "`host=db user=app database=shop`" + `: dial error (dial tcp 172.18.0.2:5432: connect: connection refused)
database-connection-refused	pymongo.errors.ServerSelectionTimeoutError: mongo:27017: [Errno 111] Connection refused, Timeout: 30s
database-connection-refused	ERROR 2003 (HY000): Can't connect to MySQL server on 'db.internal:3306' (111)
database-connection-refused	sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) connection to server at "localhost" (127.0.0.1), port 5432 failed: Connection refused
database-connection-refused	[error] Postgrex.Protocol (#PID<0.310.0>) failed to connect: ** (DBConnection.ConnectionError) tcp connect (localhost:5432): connection refused - :econnrefused
database-connection-refused	SequelizeConnectionRefusedError: connect ECONNREFUSED 127.0.0.1:3306
database-connection-refused	thread 'main' panicked at src/main.rs:12:10: called Result::unwrap() on an Err value: Io(Os { code: 111, kind: ConnectionRefused, message: "Connection refused" }) connecting to postgres
database-connection-failed	PrismaClientInitializationError: Can't reach database server at ` + "`db`:`5432`" + `
database-connection-failed	com.mysql.cj.jdbc.exceptions.CommunicationsException: Communications link failure
database-connection-failed	ERROR 2002 (HY000): Can't connect to local MySQL server through socket '/var/run/mysqld/mysqld.sock' (2)
database-connection-failed	psql: could not connect to server: No such file or directory. Is the server running locally and accepting connections on Unix domain socket "/var/run/postgresql/.s.PGSQL.5432"?
database-connection-failed	A network-related or instance-specific error occurred while establishing a connection to SQL Server. The server was not found or was not accessible.
database-connection-failed	connection to server on socket "/var/run/postgresql/.s.PGSQL.5432" failed: No such file or directory
database-auth-failed	FATAL:  no pg_hba.conf entry for host "10.0.1.9", user "app", database "shop", SSL encryption
database-tls-required	FATAL:  no pg_hba.conf entry for host "10.0.1.9", user "app", database "shop", no encryption
database-tls-required	psycopg2.OperationalError: FATAL:  no pg_hba.conf entry for host "10.0.1.9", user "app", database "shop", SSL off
database-tls-required	ERROR 3159 (HY000): Connections using insecure transport are prohibited while --require_secure_transport=ON.
database-lock-wait	2026-04-08 10:55:01 UTC:10.8.33.31(39637):app@shop:[19316]:LOG:  process 9214 still waiting for AccessShareLock on relation 16531 of database 16401 after 1000.118 ms
database-lock-wait	ERROR:  could not obtain lock on relation "orders"
database-lock-wait	org.postgresql.util.PSQLException: ERROR: could not obtain lock on row in relation "seats"
database-lock-wait	ORA-00054: resource busy and acquire with NOWAIT specified or timeout expired
database-lock-wait	ERROR 3572 (HY000): Statement aborted because lock(s) could not be acquired immediately and NOWAIT is set.
none	worker: still waiting for 3 jobs
database-read-only	ERROR:  cannot execute INSERT in a read-only transaction
database-read-only	psycopg2.errors.ReadOnlySqlTransaction: cannot execute UPDATE in a read-only transaction
database-read-only	org.postgresql.util.PSQLException: ERROR: cannot execute nextval() in a read-only transaction
database-read-only	ERROR 1290 (HY000): The MySQL server is running with the --read-only option so it cannot execute this statement
database-read-only	java.sql.SQLException: Running in read-only mode
database-read-only	Cannot execute statement in a READ ONLY transaction.
database-read-only	Failed to update database "shop" because the database is read-only.
database-auth-failed	ERROR 1045 (28000): Access denied for user 'root'@'172.17.0.1' (using password: YES)
database-auth-failed	Login failed for user 'sa'. Reason: Password did not match that for the login provided.
database-auth-failed	ORA-01017: invalid username/password; logon denied
database-auth-failed	MongoServerError: Authentication failed.
database-auth-failed	FATAL:  role "shop" does not exist
database-auth-failed	psql: FATAL:  Peer authentication failed for user "postgres"
database-auth-failed	Npgsql.PostgresException (0x80004005): 28P01: password authentication failed for user "svc"
database-too-many-connections	FATAL:  sorry, too many clients already
database-too-many-connections	ER_CON_COUNT_ERROR: Too many connections
database-too-many-connections	SQLSTATE[08004] [1040] Too many connections
database-too-many-connections	FATAL: too many connections for role "app"
database-too-many-connections	User 'app' has exceeded the 'max_user_connections' resource (current value: 10)
database-pool-exhausted	sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, connection timed out, timeout 30.00
database-pool-exhausted	java.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available, request timed out after 30000ms.
database-pool-exhausted	KnexTimeoutError: Knex: Timeout acquiring a connection. The pool is probably full. Are you missing a .transacting(trx) call?
database-pool-exhausted	ActiveRecord::ConnectionTimeoutError: could not obtain a connection from the pool within 5.000 seconds (waited 5.004 seconds); all pooled connections were in use
database-pool-exhausted	System.InvalidOperationException: Timeout expired.  The timeout period elapsed prior to obtaining a connection from the pool.
database-pool-exhausted	Timed out fetching a new connection from the connection pool. (More info: http://pris.ly/d/connection-pool (Current connection pool timeout: 10, connection limit: 5))
database-pool-exhausted	error: PoolTimedOut: pool timed out while waiting for an open connection
database-timeout	ERROR:  canceling statement due to statement timeout
database-timeout	connection to server at "db.x.eu-west-1.rds.amazonaws.com" (10.0.0.4), port 5432 failed: Connection timed out
database-timeout	SequelizeConnectionError: connect ETIMEDOUT 10.0.4.4:3306
database-timeout	dial tcp 10.0.4.4:5432: i/o timeout
database-timeout	Lock wait timeout exceeded; try restarting transaction
database-timeout	Microsoft.Data.SqlClient.SqlException (0x80131904): Execution Timeout Expired.  The timeout period elapsed prior to completion of the operation or the server is not responding.
database-timeout	MongoServerSelectionError: Server selection timed out after 30000 ms
database-timeout	Error: Connection terminated due to connection timeout
database-connection-closed	psycopg2.OperationalError: server closed the connection unexpectedly
database-connection-closed	SQLSTATE[HY000]: General error: 2006 MySQL server has gone away
database-connection-closed	Error: Connection terminated unexpectedly
database-connection-closed	pq: terminating connection due to administrator command
database-connection-closed	Error: Connection lost: The server closed the connection. code: 'PROTOCOL_CONNECTION_LOST'
database-connection-closed	Lost connection to MySQL server during query
database-connection-closed	org.postgresql.util.PSQLException: An I/O error occurred while sending to the backend.
database-locked	sqlite3.OperationalError: database is locked
database-deadlock	ERROR: deadlock detected DETAIL: Process 12 waits for ShareLock on transaction 7; blocked by process 9.
database-deadlock	Deadlock found when trying to get lock; try restarting transaction
database-recovering	LOG:  database system was not properly shut down; automatic recovery in progress
database-recovering	LOG:  database system was interrupted; last known up at 2024-01-01 10:00:00 UTC
database-starting	FATAL:  the database system is starting up
database-starting	FATAL:  the database system is not yet accepting connections
database-crashed	LOG:  terminating any other active server processes
database-crashed	LOG:  server process (PID 4312) was terminated by signal 9: Killed
database-crashed	LOG:  all server processes terminated; reinitializing
database-socket-denied	SQLSTATE[HY000] [2002] Permission denied
database-constraint	ERROR:  duplicate key value violates unique constraint "users_email_key"
database-constraint	Duplicate entry 'bob' for key 'users.name'
database-constraint	django.db.utils.IntegrityError: NOT NULL constraint failed: shop_order.total
database-constraint	MongoServerError: E11000 duplicate key error collection: shop.users index: email_1 dup key
database-object-exists	ERROR:  relation "orders" already exists
database-object-exists	SQLSTATE[42S01]: Base table or view already exists: 1050 Table 'users' already exists
database-object-exists	There is already an object named 'Orders' in the database.
database-syntax	ERROR:  syntax error at or near "FORM"
database-syntax	You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version
database-syntax	Incorrect syntax near the keyword 'FROM'.
missing-table	ERROR:  relation "public.sessions" does not exist at character 15
missing-table	SQLSTATE[42S02]: Base table or view not found: 1146 Table 'app.cache' doesn't exist
missing-table	sqlite3.OperationalError: no such table: auth_user
missing-table	Invalid object name 'dbo.Invoices'.
missing-table	ORA-00942: table or view does not exist
missing-column	ERROR:  column users.locale does not exist
missing-column	ERROR: column "locale" of relation "users" does not exist
missing-column	Unknown column 'o.total' in 'field list'
missing-column	Invalid column name 'Total'.
cache-connection-refused	redis.exceptions.ConnectionError: Error 111 connecting to cache:6379. Connection refused.
cache-connection-refused	Could not connect to Redis at 127.0.0.1:6379: Connection refused
cache-connection-refused	StackExchange.Redis.RedisConnectionException: It was not possible to connect to the redis server(s). UnableToConnect
cache-connection-refused	[ioredis] Unhandled error event: Error: connect ECONNREFUSED 10.0.0.5:6379
cache-auth-failed	ReplyError: NOAUTH Authentication required.
cache-auth-failed	WRONGPASS invalid username-password pair or user is disabled.
cache-auth-failed	RedisConnectionException: There was an authentication failure; check that passwords (or client certificates) are configured correctly
upstream-refused	2024/01/02 10:00:00 [error] 31#31: *8 connect() failed (111: Connection refused) while connecting to upstream, client: 10.0.0.1, server: _, request: "GET / HTTP/1.1", upstream: "http://127.0.0.1:3000/", host: "x"
upstream-refused	java.net.ConnectException: Connection refused (Connection refused)
upstream-refused	requests.exceptions.ConnectionError: HTTPConnectionPool(host='billing', port=8080): Max retries exceeded with url: /v1 (Caused by NewConnectionError('<urllib3>: Failed to establish a new connection: [Errno 111] Connection refused'))
upstream-refused	Get "http://billing:8080/v1/pay": dial tcp 10.0.0.9:8080: connect: connection refused
upstream-refused	curl: (7) Failed to connect to api.internal port 80: Connection refused
upstream-refused	System.Net.Http.HttpRequestException: No connection could be made because the target machine actively refused it. (billing:80)
upstream-timeout	2024/01/02 10:00:00 [error] 7#7: *3 upstream timed out (110: Connection timed out) while reading response header from upstream, client: 10.0.0.2
upstream-timeout	java.net.SocketTimeoutException: Read timed out
upstream-timeout	AxiosError: timeout of 5000ms exceeded
upstream-timeout	context deadline exceeded (Client.Timeout exceeded while awaiting headers)
upstream-timeout	requests.exceptions.ReadTimeout: HTTPSConnectionPool(host='api.example.com', port=443): Read timed out. (read timeout=10)
upstream-timeout	Net::OpenTimeout: execution expired
upstream-timeout	cURL error 28: Operation timed out after 10001 milliseconds with 0 bytes received
upstream-timeout	System.Threading.Tasks.TaskCanceledException: The request was canceled due to the configured HttpClient.Timeout of 100 seconds elapsing.
upstream-denied	connect() to unix:/run/gunicorn.sock failed (13: Permission denied) while connecting to upstream
upstream-unreachable	no live upstreams while connecting to upstream, client: 10.0.0.1
upstream-unreachable	java.net.NoRouteToHostException: No route to host (Host unreachable)
upstream-unreachable	connect EHOSTUNREACH 10.1.2.3:8080
upstream-unreachable	connect() to unix:/run/php-fpm.sock failed (2: No such file or directory) while connecting to upstream
broker-unavailable	kafka.errors.NoBrokersAvailable: NoBrokersAvailable
broker-unavailable	[Producer clientId=p1] Bootstrap broker kafka:9092 (id: -1 rack: null) disconnected
broker-unavailable	pika.exceptions.AMQPConnectionError
broker-unavailable	consumer: Cannot connect to amqp://guest:**@rabbit:5672//: [Errno 111] Connection refused.
broker-unavailable	org.apache.kafka.common.errors.TimeoutException: Topic orders not present in metadata after 60000 ms.
connection-reset	Error: read ECONNRESET
connection-reset	java.net.SocketException: Connection reset
connection-reset	write tcp 10.0.0.1:80->10.0.0.2:5060: write: broken pipe
connection-reset	('Connection aborted.', RemoteDisconnected('Remote end closed connection without response'))
connection-reset	Error: socket hang up
connection-reset	recv() failed (104: Connection reset by peer) while reading response header from upstream
connection-reset	upstream prematurely closed connection while reading response header from upstream
dns-failure	Error: getaddrinfo ENOTFOUND orders.internal
dns-failure	getaddrinfo EAI_AGAIN db
dns-failure	java.net.UnknownHostException: orders: Name or service not known
dns-failure	dial tcp: lookup orders.svc on 10.0.0.2:53: no such host
dns-failure	curl: (6) Could not resolve host: api.internal
dns-failure	nginx: [emerg] host not found in upstream "api" in /etc/nginx/conf.d/default.conf:4
dns-failure	[Errno -3] Temporary failure in name resolution
dns-failure	MongoServerSelectionError: getaddrinfo ENOTFOUND mongo
tls-verify-failed	javax.net.ssl.SSLHandshakeException: PKIX path building failed: unable to find valid certification path to requested target
tls-verify-failed	Error: self signed certificate in certificate chain
tls-verify-failed	Error: unable to get local issuer certificate
tls-verify-failed	The SSL connection could not be established, see inner exception. ---> AuthenticationException: The remote certificate is invalid because of errors in the certificate chain: UntrustedRoot
tls-verify-failed	cURL error 60: SSL certificate problem: unable to get local issuer certificate
tls-hostname-mismatch	Error [ERR_TLS_CERT_ALTNAME_INVALID]: Hostname/IP does not match certificate's altnames: Host: db. is not in the cert's altnames
tls-hostname-mismatch	x509: certificate is valid for *.example.com, not api.example.org
tls-hostname-mismatch	[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: Hostname mismatch, certificate is not valid for 'db.internal'. (_ssl.c:1129)
tls-hostname-mismatch	java.security.cert.CertificateException: No subject alternative names present
tls-expired	x509: certificate has expired or is not yet valid: current time 2024-05-01T00:00:00Z is after 2024-04-30T12:00:00Z
tls-expired	Error: certificate has expired code: 'CERT_HAS_EXPIRED'
tls-handshake	javax.net.ssl.SSLHandshakeException: Received fatal alert: handshake_failure
tls-handshake	ssl.SSLError: [SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1123)
tls-handshake	http: TLS handshake error from 10.0.1.5:4312: EOF
tls-handshake	tls: first record does not look like a TLS handshake
port-in-use	Error: listen EADDRINUSE: address already in use 0.0.0.0:8080
port-in-use	nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)
port-in-use	java.net.BindException: Address already in use (Bind failed)
port-in-use	Web server failed to start. Port 8080 was already in use.
port-in-use	OSError: [Errno 98] Address already in use
port-in-use	listen tcp :8080: bind: address already in use
port-in-use	docker: Error response from daemon: Bind for 0.0.0.0:5432 failed: port is already allocated.
port-in-use	` + "Address already in use - bind(2) for \"0.0.0.0\" port 3000 (Errno::EADDRINUSE)" + `
port-permission	nginx: [emerg] bind() to 0.0.0.0:80 failed (13: Permission denied)
port-permission	Error: listen EACCES: permission denied 0.0.0.0:80
port-permission	listen tcp :80: bind: permission denied
module-not-found	ModuleNotFoundError: No module named 'fastapi'
module-not-found	Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'express' imported from /app/index.js
module-not-found	cannot load such file -- bundler/setup (LoadError)
module-not-found	Could not find rake-13.0.6 in any of the sources (Bundler::GemNotFound)
module-not-found	PHP Fatal error:  Uncaught Error: Failed opening required '/var/www/vendor/autoload.php' (include_path='.:/usr/share/php')
module-not-found	System.IO.FileNotFoundException: Could not load file or assembly 'Newtonsoft.Json, Version=13.0.0.0'. The system cannot find the file specified.
module-not-found	./app: error while loading shared libraries: libssl.so.1.1: cannot open shared object file: No such file or directory
class-not-found	java.lang.ClassNotFoundException: com.example.Main
class-not-found	Error: Could not find or load main class com.example.App
class-not-found	PHP Fatal error:  Uncaught Error: Class "App\Kernel" not found in /app/public/index.php:9
class-not-found	NameError: uninitialized constant Api::V1::OrdersController
import-failed	ImportError: cannot import name 'escape' from 'jinja2' (/usr/lib/python3/site-packages/jinja2/__init__.py)
import-failed	SyntaxError: Cannot use import statement outside a module
import-failed	Error [ERR_REQUIRE_ESM]: require() of ES Module /app/node_modules/chalk/index.js from /app/x.js not supported.
dependency-version	java.lang.NoSuchMethodError: 'void com.google.common.base.Preconditions.checkState(boolean)'
dependency-version	./app: /lib/x86_64-linux-gnu/libc.so.6: version ` + "`GLIBC_2.34' not found (required by ./app)" + `
dependency-version	java.lang.UnsupportedClassVersionError: com/example/Main has been compiled by a more recent version of the Java Runtime (class file version 61.0)
dependency-version	Your Ruby version is 2.7.4, but your Gemfile specified 3.1.2
dependency-version	was compiled against a different Node.js version using NODE_MODULE_VERSION 93
missing-environment-variable	KeyError: 'DATABASE_URL'
missing-environment-variable	error: Environment variable not found: DATABASE_URL.
missing-environment-variable	panic: required environment variable STRIPE_KEY is not set
missing-environment-variable	Error: Missing required environment variable: JWT_SECRET
missing-environment-variable	/entrypoint.sh: line 4: DB_HOST: unbound variable
missing-environment-variable	KeyError: key not found: "SECRET_KEY_BASE"
missing-environment-variable	java.lang.IllegalArgumentException: Could not resolve placeholder 'DB_PASSWORD' in value "${DB_PASSWORD}"
missing-environment-variable	WARN[0000] The "POSTGRES_PASSWORD" variable is not set. Defaulting to a blank string.
missing-environment-variable	django.core.exceptions.ImproperlyConfigured: Set the SECRET_KEY environment variable
missing-environment-variable	Error: Database is uninitialized and superuser password is not specified. You must specify POSTGRES_PASSWORD to a non-empty value for the superuser.
missing-environment-variable	2024/01/02 10:00:00 API_TOKEN must be set
missing-environment-variable	openai.OpenAIError: The api_key client option must be set either by passing api_key to the client or by setting the OPENAI_API_KEY environment variable
missing-environment-variable	pydantic_core._pydantic_core.ValidationError: 1 validation error for Settings\nDATABASE_URL\n  Field required [type=missing, input_value={}, input_type=dict]
missing-build	Error: Could not find a production build in the '.next' directory. Try building your app with 'next build' before starting the production server.
missing-build	Error: Unable to access jarfile /app/app.jar
missing-build	Vite manifest not found at: /app/public/build/manifest.json
bad-configuration	nginx: [emerg] unknown directive "proxypass" in /etc/nginx/nginx.conf:12
bad-configuration	django.core.exceptions.ImproperlyConfigured: The SECRET_KEY setting must not be empty.
bad-configuration	Failed to configure a DataSource: 'url' attribute is not specified and no embedded datasource could be configured.
bad-configuration	error converting YAML to JSON: yaml: line 12: did not find expected key
bad-configuration	MongoParseError: Invalid scheme, expected connection string to start with "mongodb://" or "mongodb+srv://"
bad-configuration	sqlalchemy.exc.ArgumentError: Could not parse rfc1738 URL from string ''
bad-api-key	openai.AuthenticationError: Error code: 401 - {'error': {'message': 'Incorrect API key provided: sk-abc***. ', 'code': 'invalid_api_key'}}
bad-api-key	StripeAuthenticationError: Invalid API Key provided: sk_test_****
smtp-auth-failed	smtplib.SMTPAuthenticationError: (535, b'5.7.8 Username and Password not accepted.')
smtp-auth-failed	Error: Invalid login: 535-5.7.8 Username and Password not accepted
ssh-auth-failed	sshd[1234]: Failed password for invalid user admin from 203.0.113.9 port 4412 ssh2
ssh-auth-failed	sshd(pam_unix)[19937]: check pass; user unknown
ssh-auth-failed	git@github.com: Permission denied (publickey).
file-not-found	FileNotFoundError: [Errno 2] No such file or directory: '/app/config.json'
file-not-found	Error: ENOENT: no such file or directory, open '/app/keys/private.pem'
file-not-found	open /etc/app/config.yml: no such file or directory
file-not-found	java.io.FileNotFoundException: /data/in.csv (No such file or directory)
executable-not-found	exec: "npm": executable file not found in $PATH: unknown
executable-not-found	/bin/sh: 1: gunicorn: not found
executable-not-found	bash: node: command not found
executable-not-found	exec /docker-entrypoint.sh: no such file or directory
executable-not-found	/usr/bin/env: 'python': No such file or directory
executable-not-found	Error: spawn ffmpeg ENOENT
exec-format	exec /usr/local/bin/docker-entrypoint.sh: exec format error
exec-format	bash: ./server: cannot execute binary file: Exec format error
out-of-memory	java.lang.OutOfMemoryError: GC overhead limit exceeded
out-of-memory	FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory
out-of-memory	kernel: Out of memory: Killed process 4312 (java) total-vm:8123456kB
out-of-memory	Memory cgroup out of memory: Killed process 812 (python3)
out-of-memory	numpy.core._exceptions._ArrayMemoryError: Unable to allocate 7.45 GiB; MemoryError
out-of-memory	fatal error: runtime: out of memory
out-of-memory	memory allocation of 1073741824 bytes failed
out-of-memory	java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0
out-of-memory	OOM command not allowed when used memory > 'maxmemory'.
out-of-memory	failed to allocate memory (NoMemoryError)
worker-timeout	[2024-01-02 10:00:00 +0000] [1] [CRITICAL] WORKER TIMEOUT (pid:9)
worker-timeout	PHP Fatal error:  Maximum execution time of 30 seconds exceeded in /app/x.php on line 3
worker-timeout	2024-01-02T10:00:00Z 6f4c Task timed out after 3.00 seconds
worker-boot-failed	[2024-01-02 10:00:00 +0000] [1] [ERROR] Reason: Worker failed to boot.
worker-boot-failed	unable to load app 0 (mountpoint='') (callable not found or import error)
app-crashed	heroku[web.1]: State changed from starting to crashed
app-crashed	at=error code=H10 desc="App crashed" method=GET path="/" status=503
app-crashed	npm ERR! code ELIFECYCLE
app-crashed	Main process exited, code=exited, status=1/FAILURE
app-crashed	api-1 exited with code 1
app-crashed	Back-off restarting failed container
panic	panic: assignment to entry in nil map
panic	fatal error: all goroutines are asleep - deadlock!
panic	thread 'tokio-runtime-worker' panicked at src/lib.rs:42:5
panic	http: panic serving 10.0.0.1:4312: runtime error: invalid memory address or nil pointer dereference
segmentation-fault	Segmentation fault (core dumped)
segmentation-fault	app[312]: segfault at 0 ip 00007f sp 00007ffe error 4 in libc.so.6
unhandled-exception	UnhandledPromiseRejectionWarning: Error: boom
unhandled-exception	TypeError: Cannot read properties of undefined (reading 'id')
unhandled-exception	{"level":50,"err":{"type":"TypeError","message":"x is undefined"},"res":{"statusCode":500}}
unhandled-exception	{"level":"ERROR","status":500,"stack_trace":"java.lang.NullPointerException: null"}
http-server-error	{"level":50,"msg":"request failed","res":{"statusCode":500}}
unhandled-exception	Exception in thread "main" java.lang.IllegalStateException: no
unhandled-exception	PHP Fatal error:  Uncaught TypeError: strlen(): Argument #1 must be of type string
unhandled-exception	Unhandled exception. System.NullReferenceException: Object reference not set to an instance of an object.
unhandled-exception	NoMethodError (undefined method ` + "`name' for nil:NilClass):" + `
disk-full	OSError: [Errno 28] No space left on device
disk-full	Error: ENOSPC: no space left on device, write
disk-full	ERROR:  could not extend file "base/16384/2619": No space left on device
disk-full	flood stage disk watermark [95%] exceeded on [node-1]
files-exhausted	accept4: too many open files; retrying in 5ms
files-exhausted	Error: EMFILE: too many open files, open '/tmp/x'
process-limit	bash: fork: retry: Resource temporarily unavailable
process-limit	RuntimeError: can't start new thread
job-failed	Job has reached the specified backoff limit
job-failed	Task app.tasks.send[3f2a-11] raised unexpected: ValueError('x')
aws-throttled	botocore.exceptions.ClientError: An error occurred (ProvisionedThroughputExceededException) when calling the PutItem operation: The level of configured provisioned throughput for the table was exceeded.
aws-throttled	TooManyRequestsException: Rate Exceeded.
aws-quota	An error occurred (ThrottlingException) when calling the InvokeModel operation: Too many tokens per day, please wait before trying again.
aws-quota	An error occurred (VcpuLimitExceeded) when calling the RunInstances operation: You have requested more vCPU capacity than your current vCPU limit of 32 allows
aws-invalid-request	An error occurred (ValidationException) when calling the GetItem operation: The provided key element does not match the schema
aws-no-credentials	botocore.exceptions.NoCredentialsError: Unable to locate credentials
aws-no-credentials	CredentialsProviderError: Could not load credentials from any providers
aws-no-credentials	NoCredentialProviders: no valid providers in chain. Deprecated.
aws-no-region	botocore.exceptions.NoRegionError: You must specify a region.
aws-no-region	ConfigError: Missing region in config
clock-wrong	An error occurred (RequestTimeTooSkewed) when calling the ListBuckets operation: The difference between the request time and the current time is too large.
aws-token-expired	An error occurred (ExpiredTokenException) when calling the ListBuckets operation: The security token included in the request is expired
aws-endpoint-timeout	botocore.exceptions.ConnectTimeoutError: Connect timeout on endpoint URL: "https://sqs.eu-west-1.amazonaws.com/"
aws-endpoint-timeout	RequestError: send request failed caused by: Post "https://ssm.eu-west-1.amazonaws.com/": dial tcp 52.1.2.3:443: i/o timeout
aws-endpoint-timeout	com.amazonaws.SdkClientException: Unable to execute HTTP request: Connect to s3.eu-west-1.amazonaws.com:443 failed: connect timed out
upstream-timeout	ERROR pricing call failed err="Get \"http://internal-mesh-911078603.eu-west-1.elb.amazonaws.com/v3/premium\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)"
upstream-timeout	requests.exceptions.ReadTimeout: HTTPConnectionPool(host='orders-5f1c2d3e4b5a6978.elb.eu-west-1.amazonaws.com', port=80): Read timed out. (read timeout=5)
access-denied	An error occurred (AccessDeniedException) when calling the GetItem operation: User: arn:aws:sts::111122223333:assumed-role/app/1 is not authorized to perform: dynamodb:GetItem on resource: arn:aws:dynamodb:eu-west-1:111122223333:table/x
http-client-error	10.0.0.1 - - [02/Jan/2024:10:00:00 +0000] "GET /missing HTTP/1.1" 404 153 "-" "curl/8"
http-client-error	2024/01/02 10:00:00 [error] 7#7: *1 open() "/usr/share/nginx/html/x.php" failed (2: No such file or directory), client: 10.0.0.1, server: localhost, request: "GET /x.php HTTP/1.1"
unhandled-exception	time=2026-06-03T14:11:54Z level=ERROR msg="load session" err="operation error DynamoDB: GetItem, https response error StatusCode: 400, RequestID: 30C4, api error KMSInvalidStateException: arn:aws:kms:ap-northeast-1:111122223333:key/4e55f842 is pending deletion."
http-client-error	Not Found: /favicon.ico
http-client-error	[error] [client 203.0.113.9] File does not exist: /var/www/html/scripts
http-client-error	{"level":"info","method":"GET","url":"/x","status":404,"ms":2}
http-server-error	10.0.0.1 - - [02/Jan/2024:10:00:00 +0000] "POST /pay HTTP/1.1" 502 157 "-" "curl/8"
http-server-error	Completed 500 Internal Server Error in 12ms (ActiveRecord: 0.4ms)
http-server-error	INFO:     10.0.0.1:4312 - "GET /x HTTP/1.1" 500 Internal Server Error
image-pull-denied	Error response from daemon: pull access denied for team/app, repository does not exist or may require 'docker login'
image-pull-denied	Failed to pull image "ghcr.io/x/y": failed to authorize: 403 Forbidden
image-pull-rate-limited	toomanyrequests: You have reached your pull rate limit.
none	10.0.0.1 - - [02/Jan/2024:10:00:00 +0000] "GET /errors/500 HTTP/1.1" 200 153 "-" "curl/8"
none	{"level":"info","msg":"retry policy: max errors 5, timeout 30s"}
none	INFO  [main] o.s.b.w.e.tomcat.TomcatWebServer : Tomcat started on port(s): 8080 (http)
none	npm warn deprecated inflight@1.0.6: This module is not supported, and leaks memory.
none	--- PASS: TestConnectionRefused (0.00s)
none	tests/test_errors.py::test_out_of_memory_error PASSED [ 42%]
none	webpack compiled with 0 errors
none	2024-01-02 10:00:00 UTC [1] LOG:  database system is ready to accept connections
none	2024-01-02 10:00:00 UTC [1] LOG:  checkpoint complete: wrote 44 buffers (0.3%)
none	NOTICE:  relation "users" already exists, skipping
none	(node:1) DeprecationWarning: Buffer() is deprecated due to security and usability issues.
none	[INFO] BUILD SUCCESS
none	Exception handling initialised
none	ErrorHandler registered for /api
none	kernel: EXT4-fs (xvda1): mounted filesystem with ordered data mode. Opts: errors=remount-ro
none	Server error rate: 0%
none	I0102 10:00:00.000000 1 controller.go:12] Starting EventBus error handler
none	level=info msg="failed=0 succeeded=12"
none	Health check passed: no failures
none	WARNING: Running pip as the 'root' user can result in broken permissions
none	[notice] 1#1: signal 3 (SIGQUIT) received, shutting down
none	worker-1: received SIGTERM, shutting down gracefully
none	DEBUG connection timeout set to 30 seconds
none	-XX:+HeapDumpOnOutOfMemoryError -XX:HeapDumpPath=/tmp
none	max_connections = 100
none	ulimit -n 65536
none	{"time":"2024-01-02T10:00:00Z","level":"INFO","msg":"request","path":"/oom","status":200}
none	Listening on port 5432
none	Created table errors in 12 ms
none	connected to redis at cache:6379
none	Jun 15 04:06:19 combo su(pam_unix)[21416]: session closed for user cyrus
none	Jul 27 14:42:00 combo network: Setting network parameters:  succeeded
none	Loaded config file /etc/app/config.yml
none	WARN deprecated option in use option=legacy_sort
none	error_page 500 502 503 504 /50x.html;
none	0 packages are looking for funding, found 0 vulnerabilities
none	memory limit: 512 MB, timeout: 30 s
none	Retry succeeded after 2 attempts
none	START RequestId: 6f4c Version: $LATEST
none	2024-01-02 10:00:00,000 INFO success: api entered RUNNING state, process has stayed up for > than 1 seconds (startsecs)
none	Warning: Permanently added 'host' (ED25519) to the list of known hosts.
none	systemd[1]: logrotate.service: Succeeded.
none	warning: LF will be replaced by CRLF in x.sh
none	INFO  org.apache.spark.storage.BlockManagerInfo: Removed broadcast_3_piece0 on memory (size: 4.2 KB, free: 366.3 MB)
none	[main] WARN org.apache.hadoop.util.NativeCodeLoader - Unable to load native-hadoop library for your platform... using builtin-java classes where applicable
`
