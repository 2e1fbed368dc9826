package logs

import "github.com/awsdiag/awsdiag/diag"

// application is what every failure of a program breaks.
func application() []diag.Mechanism { return []diag.Mechanism{diag.Application} }

// below is what a program stands on: trouble with any of it ends in exceptions that do not say so.
func below() []diag.Mechanism {
	return []diag.Mechanism{diag.Permission, diag.NetworkPath, diag.NameResolution, diag.DBServe, diag.DBAccept,
		diag.Application}
}

func needs(m ...diag.Mechanism) []diag.Mechanism { return m }

func databaseCauses() []Cause {
	accept := needs(diag.DBServe, diag.DBAccept)
	reach := needs(diag.NetworkPath, diag.DBServe, diag.DBAccept)
	return []Cause{
		{"database-connection-refused", "Database refuses connections",
			"Nothing listens on the database's port, or a firewall answers for it.", Fails, application(), accept,
			"See whether the database is available, and whether host and port are those of the program's configuration."},
		{"database-connection-failed", "Database not reached",
			"A connection to the database failed; the text does not say why.", Fails, application(), reach,
			"Look at the lines before this one for the driver's own error, and try the connection from the same subnet."},
		{"database-auth-failed", "Database refuses the login",
			"Wrong user or password, or no rule that lets this host in.", Fails, application(), needs(diag.DBAccept,
				diag.SecretRead),
			"Compare user and secret with those that the database knows; a rotated secret needs new tasks."},
		{"database-tls-required", "Database wants an encrypted connection",
			"The database refused a connection without TLS: it is set to take none (rds.force_ssl, require_secure_transport).",
			Fails, application(), accept,
			"Turn TLS on in the program's connection (sslmode=require), or set the parameter back until it is."},
		{"database-read-only", "Database takes no writes",
			"A write reached a replica, a reader or a database that was set read-only.", Fails, application(), accept,
			"See whether the program is connected to the writer, and whether parameters such as " +
				"default_transaction_read_only or read_only were set."},
		{"database-too-many-connections", "Database out of connections",
			"All connection slots of the database are taken.", Fails, application(), accept,
			"Compare pool size times the number of tasks with max_connections; lower the pools or put a proxy between."},
		{"database-pool-exhausted", "Connection pool empty",
			"The program's own pool has no free connection: queries are slow, or connections " +
				"leak.", Fails, application(), accept,
			"See how long queries take and whether connections are given back, before making the pool larger."},
		{"database-timeout", "Database does not answer in time",
			"Connecting to the database or running a command on it timed out.", Fails, application(), reach,
			"A time-out on connecting points to a security group or route; one on a command to load or locks."},
		{"database-connection-closed", "Database closed the connection",
			"An open connection ended: restart, failover, idle limit or a broken path.", Fails, application(), reach,
			"Look for a restart or failover of the database at this time."},
		{"database-locked", "Database file locked", "SQLite was locked by another writer.", Fails, application(), nil,
			"Let one process write, or set a busy time-out and write-ahead logging."},
		{"database-lock-wait", "Statements wait for locks in the database",
			"A session holds a lock, or waits for a strong one, and others queue behind it.", Fails,
			needs(diag.DBServe, diag.Application), accept,
			"Find the session at the head of the queue (pg_blocking_pids, sys.innodb_lock_waits): often a migration or a " +
				"transaction left open; end it, and give migrations a lock time-out."},
		{"database-deadlock", "Database deadlock", "A transaction was chosen as the victim of a deadlock.", Fails,
			application(), accept,
			"Retry the transaction; take locks in one order."},
		{"database-recovering", "Database recovers after a crash",
			"The database was not shut down cleanly and recovers.", Fails, application(), accept,
			"Wait for the recovery to end, then look for what stopped the database."},
		{"database-starting", "Database not ready yet",
			"The database is starting or stopping and takes no connections.", Fails, application(), accept,
			"Let the program wait and retry while the database starts."},
		{"database-crashed", "Database restarted itself",
			"A server process died and the database ended all others and began anew.", Fails, application(), accept,
			"Look for the signal that ended the process: 9 points to memory, 11 to a fault of the server or an extension."},
		{"database-socket-denied", "Operating system denies the database connection",
			"The operating system or SELinux refuses the connection.", Fails, application(), nil,
			"Look at SELinux booleans and at the rights of the socket or data directory."},
		{"database-constraint", "Constraint violated", "A write broke a constraint.", Noise, application(), nil,
			"Find the writer: the data or the order of writes is wrong."},
		{"database-object-exists", "Migration finds its object there",
			"A migration creates what exists already.", Fails, application(), nil,
			"Compare the migrations that have run with the state of the schema."},
		{"database-syntax", "SQL not understood", "The database could not parse a statement.", Fails, application(), nil,
			"Find the statement: it was written for another database or put together wrongly."},
		{"missing-table", "Table missing", "A table or relation does not exist.", Fails, application(), nil,
			"See whether the migrations ran against this database and schema."},
		{"missing-column", "Column missing", "A column does not exist.", Fails, application(), nil,
			"The program and the schema are of different versions: see which migration is missing."},
	}
}

func networkCauses() []Cause {
	path := needs(diag.NetworkPath, diag.NameResolution)
	return []Cause{
		{"cache-connection-refused", "Cache not reached",
			"Redis or Memcached refused a connection or was not reached.", Fails, application(), path,
			"See whether the cache is available, and host, port and TLS setting."},
		{"cache-auth-failed", "Cache refuses the login", "Redis asks for a password, or does not take this one.", Fails,
			application(), needs(diag.SecretRead),
			"Compare the program's password with the cache's, and whether one is set at all."},
		{"upstream-refused", "Upstream refuses connections", "Nothing listens where a request was sent to.", Fails,
			application(), needs(diag.NetworkPath, diag.TaskRun),
			"See whether the called service runs and listens on this address and port."},
		{"upstream-timeout", "Upstream does not answer in time", "A request to another service timed out.", Fails,
			application(), path,
			"A time-out on connecting points to a security group or route; one on reading to a slow service."},
		{"upstream-denied", "Proxy may not reach its upstream",
			"The operating system or SELinux refuses the proxy's connection.", Fails, application(), nil,
			"Look at the rights of the socket and at SELinux booleans."},
		{"upstream-unreachable", "Upstream not reachable", "No way to another service, or it is taken for down.", Fails,
			application(), path,
			"See whether the called service is up; a circuit breaker closes again by itself."},
		{"broker-unavailable", "Message broker not reached",
			"Kafka, RabbitMQ or another broker is not available.", Fails, application(), path,
			"See whether the broker is up, and what addresses it advertises."},
		{"connection-reset", "Connection broken", "The other end closed a connection in the middle.", Noise,
			application(), path,
			"Single ones are ordinary; many at once point to restarts or to idle time-outs that do not fit."},
		{"dns-failure", "Host name not resolved", "A host name did not resolve.", Fails, application(),
			needs(diag.NameResolution, diag.NetworkPath),
			"Look the name up from the same VPC; see the resolver and private zones."},
		{"tls-verify-failed", "Certificate not trusted",
			"The other end's certificate is not signed by an authority that the program trusts.", Fails, application(),
			needs(diag.TLS),
			"Add the authority to the image's trust store, or have the server send its whole chain."},
		{"tls-hostname-mismatch", "Certificate of another name",
			"The certificate is not for the name that was asked for.", Fails, application(), needs(diag.TLS),
			"Use a name that is in the certificate."},
		{"tls-expired", "Certificate expired", "The certificate is past its time, or not yet valid.", Fails,
			application(), needs(diag.TLS),
			"Renew the certificate; see the clock of the host."},
		{"tls-handshake", "TLS handshake failed",
			"The two ends did not agree on how to speak TLS, or one does not speak it.", Fails, application(), needs(diag.TLS),
			"See whether the port speaks TLS at all, and which versions both ends allow."},
		{"port-in-use", "Port in use", "The program could not listen: another one has the port.", Ends, application(), nil,
			"Find what listens on the port: a second copy, a sidecar or a fixed host port."},
		{"port-permission", "No right to bind the port", "The program may not listen on this port.", Ends, application(), nil,
			"Listen above 1024, or give the capability."},
		{"smtp-auth-failed", "Mail server refuses the login", "The mail server did not take user or password.", Fails,
			application(), needs(diag.SecretRead),
			"Compare the mail credentials with the provider's."},
		{"ssh-auth-failed", "SSH login refused", "A login to the host was refused.", Noise, nil, nil,
			"Expected noise where SSH is open to the world; close it."},
		{"http-client-error", "Requests answered 4xx", "Clients were told that their requests were wrong.", Noise, nil, nil,
			"Look at which path and which client."},
		{"http-server-error", "Requests answered 5xx", "The program answered requests with a server error.", Fails,
			needs(diag.Request), below(),
			"Look for the errors logged with the same request ids."},
	}
}
