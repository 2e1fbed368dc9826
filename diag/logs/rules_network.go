package logs

// resolveRules go by the texts of getaddrinfo(3) and of the resolvers of languages and servers.
func resolveRules() []rule {
	return []rule{{
		cause: "dns-failure",
		any: one("ENOTFOUND", "EAI_AGAIN", "EAI_NODATA", "EAI_NONAME", "ame or service not known",
			"name resolution", "ame does not resolve", "translate host name", "no such host",
			"o such host is known", "UnknownHostException", "nodename nor servname", "not resolve host",
			"not resolve '", "ould not resolve", "ame resolution failure", "php_network_getaddresses",
			"Failed to resolve", "NameResolutionError", "host not found in", "Host not found",
			"server misbehaving", "No address associated", "nknown MySQL server host", "nknown server host", "rror "+
				"11001", "failed to lookup address",
			"SocketError: getaddrinfo", "DNS resolution", "NXDOMAIN", "SERVFAIL",
			"remote name could not be resolved", "to resolve host", "lookup ", "UnresolvedAddress",
			"ame or service is not known", "DNS lookup", "not resolve: ", "dns error", "o host found",
			"o resolvable bootstrap", ": bad address '", "ailure resolving", "DnsNameResolver", "DNS query name",
			"ESERVFAIL", "esolution failed", "querySrv E", " unknow", "queryTxt E", "queryA E", "queryAaaa E",
			"Host desconocido", "to find the server at"),
		re: `(?i:getaddrinfo (?:ENOTFOUND|EAI_\w+) ` + host + `|\bENOTFOUND\b|\bEAI_(?:AGAIN|NODATA|NONAME)|` +
			`name (?:or service )?(?:is )?not known|name resolution(?: fail| err|[^ \w]|$)|name does not resolve|` +
			`translate host name ` + quote + `(?P<host2>[^"]+)|lookup (?P<host3>[\w.-]+)(?: on [^\n]+)?: |` +
			`no such host|UnknownHostException:? ?(?P<host4>[\w.-]*)|nodename nor servname|(?:could|can|` +
			`did) ?not resolve(?: host)?:? ?` + quote + `?(?P<host5>[\w.-]+)|php_network_getaddresses|` +
			`failed to resolve ` + quote + `?(?P<host6>[\w.-]+)` + quote + `?|NameResolutionError|` +
			`host not found|server misbehaving|no address associated|unknown (?:mysql )?server host ` + quote +
			`(?P<host7>[^']+)|` +
			`\bhost [\w-]+(?:\.[\w-]+)+ unknown?\b|failed to lookup address|query(?:Srv|Txt|A|Aaaa) E[A-Z]+|` +
			`SocketError: getaddrinfo|dns resolution (?:failed|error|for)|` +
			`NXDOMAIN|SERVFAIL|could not be resolved|unable to resolve host|UnresolvedAddress|` +
			`DNS lookup failed|dns error|no host found|no resolvable bootstrap|: bad address '|` +
			`temporary failure resolving|DnsNameResolver|` +
			`DNS query name does not exist|unable to find the server at|host name resolution failed|(?:error|` +
			`errno):? 1100[1-4]\b)`,
		not: `(?i)failed to resolve (?:reference|module|import|dependenc|entry|plugin|loader|async|component|path|` +
			`class|bean|service|placeholder|type|config)|lookup (?:table|view)|` +
			`could not resolve (?:placeholder|type|depend|"|'\.)|POSSIBLE BREAK-IN|` +
			`Could not resolve (?:all|dependencies|type|view|entity|module|import|workspace)|` +
			`Temporary failure in name resolution, retry succeeded|resolve symbol`,
	}}
}

// tlsRules go by the texts of OpenSSL (X509_verify_cert_error_string), Go's crypto/x509, Java's JSSE, .NET and rustls.
func tlsRules() []rule {
	return []rule{
		{cause: "tls-expired", any: one("has expired", "CERT_HAS_EXPIRED", "ertificate expired",
			"CertificateExpired", "CertExpired", "NotTimeValid", "CertificateNotYetValid", "is not yet valid",
			"CERT_NOT_YET_VALID", "expired certificate", "NotValidYet", "ertificate: Expired",
			"certificate_expired", "CERT_DATE_INVALID", "validity check failed", "xpired management cert",
			"xpired client cert", "xpired server cert",
			"xpired TLS cert", "xpired SSL cert"),
			re: `(?i)certificate (?:has |is )?(?:already )?expired|CERT_HAS_EXPIRED|CertificateExpired|` +
				`CertExpired|NotTimeValid|expired (?:\w+ )?certificate|certificate (?:has expired or )?is not yet valid|` +
				`CertificateNotYetValid|CERT_NOT_YET_VALID|expired certificate|certificate_expired|` +
				`SSL certificate[^\n]*has expired|peer certificate: Expired|CERT_DATE_INVALID|` +
				`validity check failed`},
		{cause: "tls-hostname-mismatch", any: one("altnames", "ALTNAME_INVALID", "ertificate is valid for",
			"IP SANs", "ommon Name field", "ubject alternative", "name matching", "ostname mismatch", "hostname '",
			"IP address mismatch", "RemoteCertificateNameMismatch", "not match host name", "NotValidForName",
			"not match the server certificate", "did not match expected CN", "match any of the subject",
			"alternative certificate subject name", "COMMON_NAME_INVALID", "does not match target host",
			"CERTIFICATE_NAME", "not match certificate", "SSLPeerUnverified", "ertificate does not match"),
			re: `(?i)does not match certificate's altnames|ALTNAME_INVALID|` +
				`certificate is valid for (?P<names>[^\n]+), not (?P<host>[\w.-]+)|IP SANs|` +
				`legacy Common Name|no (?:\w+ )*subject alternative|no name matching|hostname mismatch|` +
				`hostname ` + quote + `[^'"]*` + quote + ` doesn't match|IP address mismatch|` +
				`RemoteCertificateNameMismatch|not match host name|NotValidForName|` +
				`match the server certificate|match expected CN|any of the subject alternative|` +
				`alternative certificate subject name|COMMON_NAME_INVALID|match target host|` +
				`SSLPeerUnverified|certificate does not match`},
		{cause: "tls-verify-failed", any: one("CERTIFICATE_VERIFY_FAILED", "certificate signed by unknown",
			"local issuer certificate", "self signed certificate", "self-signed certificate", "SELF_SIGNED_CERT",
			"UNABLE_TO_VERIFY", "UNABLE_TO_GET_ISSUER", "unable to verify the first", "PKIX path",
			"valid certification path", "remote certificate is invalid", "remote certificate was rejected",
			"UntrustedRoot", "PartialChain", "SSL certificate problem", "invalid peer certificate",
			"UnknownIssuer", "ertificate verify failed", "ertificate verification failed", "that is not trusted",
			"CERT_AUTHORITY_INVALID", "x509: ", "CertPathValidator", "unknown ca", "unknown certificate authority",
			"not trusted by the trust provider", "certificate chain", "cannot verify ",
			"locally verify the issuer"),
			re: `(?i)CERTIFICATE_VERIFY_FAILED|signed by unknown authority|local issuer certificate|` +
				`self[- ]signed certificate|SELF_SIGNED_CERT|UNABLE_TO_(?:VERIFY|GET_ISSUER)|` +
				`verify the first certificate|PKIX path|valid certification path|` +
				`remote certificate (?:is invalid|was rejected)|UntrustedRoot|PartialChain|` +
				`SSL certificate problem|invalid peer certificate|UnknownIssuer|` +
				`certificate verif\w+ failed|authority that is not trusted|CERT_AUTHORITY_INVALID|` +
				`x509: certificate|CertPathValidator|unknown ca\b|unknown certificate authority|` +
				`cannot verify \S+ certificate|locally verify the issuer`},
		{cause: "tls-handshake", any: one("SSLHandshakeException", "handshake failure", "handshake_failure",
			"TLS handshake", "SSL handshake", "WRONG_VERSION_NUMBER", "wrong version number",
			"no protocols in common", "SSL_do_handshake", "alert protocol version", "EPROTO",
			"look like a TLS handshake", "HTTP response to HTTPS client", "no shared cipher", "dh key too small",
			"DH_KEY_TOO_SMALL", "violation of protocol", "SSL_ERROR_SYSCALL",
			"secure TLS connection was established", "SSL connection could not be established",
			"alert internal error", "handshake failed", "bad handshake", "ee md too weak", "ca md too weak",
			"TLSV1_ALERT", "tlsv1 alert", "unsupported protocol", "UNSUPPORTED_PROTOCOL", "tls: ", "SSL_ERROR_RX",
			"unsafe legacy renegotiation", "ssl3_read_bytes", "SSLV3_ALERT", "record layer version", "remote error: ",
			"Unsupported or unrecognized SSL message", "plain HTTP request was sent to HTTPS", "no cipher suite",
			"o possess a common algorithm", "possess a common algorithm", "CYPHER_OVERLAP", "VERSION_OR_CIPHER",
			"no protocols available", "establish SSL", "establish a secure", "oversized record", "in SSL handshake",
			"not support SSL",
			"not support TLS", "fatal alert: "),
			re: `(?i)SSLHandshakeException|handshake[ _](?:failure|failed|error|timeout)|` +
				`TLS handshake (?:error|timeout|failed)|SSL handshake[^\n]*fail|wrong[ _]version[ _]number|` +
				`bad handshake|protocols in common|SSL_do_handshake|alert protocol version|EPROTO\b|` +
				`like a TLS handshake|` +
				`response to HTTPS client|no shared cipher|dh[ _]key[ _]too[ _]small|violation of protocol|` +
				`SSL_ERROR_SYSCALL|secure TLS connection was established|SSL connection could not be|` +
				`md too weak|(?:tls|ssl)v\d[_ ]alert|unsupported[ _]protocol(?:$|[^ ]| [^s])|tls: (?:handshake|` +
				`server selected|client offered|no supported|protocol version|unexpected message|failed to|` +
				`bad record|internal error|unsupported|alert|bad certificate|unknown certificate)|` +
				`remote error: tls: \w|no cipher suite supported|possess a common algorithm|CYPHER_OVERLAP|VERSION_OR_CIPHER|` +
				`no protocols available|` +
				`(?:unable to|failed to|could not|cannot) establish (?:a |an )?(?:secure|SSL|TLS)|` +
				`connection in SSL handshake|oversized record received|` +
				`fatal alert: (?:protocol_version|internal_error|handshake|insufficient|illegal|` +
				`unrecognized|unexpected)|` +
				`(?:does not|doesn't) support (?:SSL|TLS)|SSL_ERROR_RX|legacy renegotiation|unrecognized SSL message`,
			not: `(?i)websocket|handshake inactivity`},
	}
}

// cacheRules go by the error replies of Redis ("Redis serialization protocol", errors) and its clients.
func cacheRules() []rule {
	return []rule{
		{cause: "cache-auth-failed", any: one("NOAUTH", "WRONGPASS", "ERR invalid password", "ERR AUTH",
			"without any password configured", "no password is set", "NOPERM", "redis.exceptions.Auth",
			"check that passwords"),
			re: `\bNOAUTH\b|WRONGPASS|ERR invalid password|ERR AUTH|ERR Client sent AUTH|` +
				`authentication failure; check that passwords|without any password configured|NOPERM|redis\.exceptions\.Auth`},
		{cause: "cache-connection-refused", any: one("onnect to Redis", "onnecting to Redis",
			"RedisConnectionException", "RedisConnectionFailure", "Redis::CannotConnect", "MaxRetriesPerRequest",
			"the redis server", "Redis connection", "refresh slots cache", "RedisException", "(redis)", "redis: ",
			"Error 111 connecting to", "RedisTimeout", "ClusterAllFailedError", "JedisConnectionException",
			"Redis connect", "redis.exceptions.ConnectionError", "emcached", "redis.exceptions.TimeoutError",
			"Redis server went away", "Connection refused [tcp://"),
			re: `(?i)(?:not |un|fail\w* |error |cannot |` +
				`can't )[^\n]{0,50}connect(?:ing)? to (?:the )?redis|RedisConnection(?:Exception|Failure)|` +
				`refresh slots cache|RedisException: (?:read error|connection lost|socket error|` +
				`Connection timed)|` +
				`closed unexpectedly \(redis|redis: (?:connection|client is closed|all sentinels)|` +
				`Redis::CannotConnect|MaxRetriesPerRequest|not possible to connect to the redis|` +
				`redis connection[^\n]*(?:fail|lost|refused|error|closed|timed? ?out)|` +
				`Error \d+ connecting to|RedisTimeout|ClusterAllFailed|JedisConnectionException|` +
				`redis\.exceptions\.(?:Connection|Timeout)Error|memcached[^\n]*(?:fail|refused|dead|` +
				`timed? ?out)|Redis server went away|refused \[tcp://|Redis connect[^\n]*(?:refused|failed)`,
			not: `(?i)Connected to Redis|connecting to redis\.{3}$`},
	}
}

// brokerRules go by what clients of Kafka, RabbitMQ, ActiveMQ, NATS and ZooKeeper say.
func brokerRules() []rule {
	return []rule{{cause: "broker-unavailable",
		any: one("roker may not be available", "Bootstrap broker", "NoBrokersAvailable", "KafkaConnectionError",
			"update metadata after", "not present in metadata", "LEADER_NOT_AVAILABLE", "out of available brokers",
			"KafkaJSConnectionError", "KafkaJSNumberOfRetriesExceeded", "node assignment", "brokers are down",
			"roker transport failure", "amqplib", "opening handshake", "AMQPConnectionError",
			"AmqpConnectException", "BrokerUnreachable", "specified endpoints were reachable", "onnect to broker",
			"roker unavailable", "ROKER_NOT_AVAILABLE", "AmqpIOException", "Cannot connect to amqp",
			"annot connect to kafka", "rabbitmq", "nats: no servers", "Broker not available", "Kafka connection",
			"roker: Not available", "NOT_ENOUGH_REPLICAS", "coordinator is not available",
			"oordinator not available", "MQRC_", "Could not connect to Kafka", "ConnectionLoss for /",
			"to any of the brokers", "onnection to node", "RDKAFKA", "in state UP", "in state CONNECT",
			"onnection to broker", "BrokerNotAvailable", "fetching topic metadata", "without a matching listener",
			"CONNECTION_FORCED", "broker URL", "nats: ", "stan: ", "KafkaException", "ACCESS_REFUSED",
			"ACCESS-REFUSED", "PRECONDITION_FAILED", "amqp.exceptions", "pika.exceptions", "rabbitmq.client",
			"AMQPProtocol", "AMQPException", "AMQPChannel", "KafkaError", "KafkaJS", "kafka.common.errors",
			"RESOURCE_LOCKED", "NOT_ALLOWED - ", "celery.exceptions", "kombu.exceptions", "closed by server",
			"JMSException", "PulsarClientException", "MqttException",
			"StompException", "AUTHORIZATION_FAILED", "roup coordinator"),
		re: `(?i)broker may not be available|bootstrap broker [^\n]*disconnected|NoBrokersAvailable|` +
			`KafkaConnectionError|update metadata after|not present in metadata|LEADER_NOT_AVAILABLE|` +
			`out of available brokers|KafkaJS(?:Connection|NumberOfRetries)|node assignment|` +
			`brokers? (?:are|is) down|broker transport failure|closed abruptly during opening handshake|` +
			`amqplib[^\n]*\bat |AMQPConnectionError|AmqpConnectException|` +
			`AmqpIOException|BrokerUnreachable|specified endpoints were reachable|` +
			`connect(?:ion)? to (?:the )?broker (?:lost|closed|failed)|connect to (?:the )?broker|broker (?:unavailable|` +
			`not available)|BROKER_NOT_AVAILABLE|` +
			`cannot connect to (?:amqp|kafka)|(?:unable|fail\w*|could not|cannot|` +
			`error)[^\n]{0,60}(?:rabbitmq|kafka)|rabbitmq[^\n]*(?:refused|unreachable|failed|` +
			`not available)|nats: no servers|kafka connection[^\n]*(?:fail|refused|error)|Not available|` +
			`rdkafka[^\n]*(?:Disconnected|failed:|brokers are down)|Disconnected \(after \d+ms|` +
			`\(after \d+ms in state CONNECT|connection to broker [^\n]*failed|BrokerNotAvailable|` +
			`fetching topic metadata|` +
			`without a matching listener|CONNECTION_FORCED|connect to broker URL|(?:nats|` +
			`stan): [^\n]*(?:timeout|closed|refused|no servers)|` +
			`ACCESS[_-]REFUSED|\b(?:PRECONDITION_FAILED|RESOURCE_LOCKED|NOT_ALLOWED) - |(?:amqp|pika)\.exceptions\.\w|` +
			`(?:celery|kombu)\.exceptions\.OperationalError|(?:Channel|Connection) closed by server: \d{3}|` +
			`rabbitmq\.client\.\w*Exception|AMQP(?:Protocol|Channel)?\w*Exception|\bKafka(?:JS)?\w*(?:Error|Exception)\b|` +
			`kafka\.common\.errors\.\w|(?:JMS|PulsarClient|Mqtt|Stomp)Exception|` +
			`MQRC_[A-Z]|NOT_ENOUGH_REPLICAS|coordinator (?:is )?not available|ConnectionLoss for /|` +
			`connection to node -?\d+ [^\n]*could not be established|` +
			`\b(?:TOPIC|GROUP|CLUSTER|TRANSACTIONAL_ID)_AUTHORIZATION_FAILED|group coordinator lookup[^\n]*failed`,
		not: `(?i)password authentication|config\.ConfigException|rabbitmq\S*\s+\|\s+[^\n]*\[info\]`}}
}

// portRules go by bind(2) and what runtimes make of it.
func portRules() []rule {
	return []rule{
		{cause: "port-in-use", any: one("EADDRINUSE", "ddress already in use", "ddress in use",
			"usage of each socket address", "already in use", "already allocated", "AddrInUse", "AddressInUse",
			"already running on port", "is in use", "already listening on", "in use by another",
			"port is being used", "Errno 98", "already being used by", "onnection in use: (",
			"still could not bind", "listening on port", "o listening sockets available", "ould not bind to port",
			"erver is already running"),
			re: `EADDRINUSE(?:[^\n]*?:(?P<port>\d+)\b)?|` +
				`(?i:address (?:is )?already in use(?:[^\n]{0,20}?:(?P<port2>\d{2,5})\b)?|address in use|` +
				`usage of each socket address|port:? ` + quote + `?(?P<port3>\d+)` + quote + `?(?: \w+)? (?:is |` +
				`was )?(?:already |currently |being )*(?:in use|used|allocated|occupied)|` +
				`port is already (?:allocated|in use)|AddrInUse|AddressInUse|already running on port|` +
				`Errno 98|already listening on|\bserver is already running \(pid|Port \d+ is in use|connection in use: \(|` +
				`address \S+:\d+ is already in use|still could not bind\(|` +
				`process that's listening on port \d+|no listening sockets available|` +
				`could not bind to port \d+\W+(?:perhaps|is ))`,
			not: `(?i)trying another one|using available port|trying (?:port )?\d+ instead|` +
				`using \d+ instead|(?:image|volume|name|key|email|username|alias|tag|branch|` +
				`id) (?:"[^"]*" )?(?:is )?already in use`},
		{cause: "port-permission", any: one("listen EACCES", "syscall: 'listen'", "ermission denied",
			"access permissions", "ERR_ACCESS", "bind EACCES", ":eacces", "DoBind(", "Net.bind", "Permission denied"),
			re: `(?:listen|bind) EACCES[^\n]*:(?P<port>\d+)|` +
				`EACCES(?s:.*)syscall: 'listen'(?s:.*port: (?P<port2>\d+))?|` +
				`bind\(\) to [^\n]*:(?P<port3>\d+)[^\n]* failed \(13: |bind[^\n]{0,60}permission denied|` +
				`start Kestrel(?s:.{0,200})ermission denied|failed to start child: :listener\s+\*\* \(EXIT\) :eacces|` +
				`ermission denied[^\n]*(?:make_sock|could not bind|bind\(2\))|` +
				`socket in a way forbidden by its access permissions|BindException: Permission denied|` +
				`ermission denied: \('[^']*', \d+\)|` +
				`(?:ermission denied|EACCES)(?s:.{0,300})(?:\bbind\b|Bind failed|BoundListenSocket|` +
				`ListenSocket|DoBind|Net\.bind)|` +
				`\b(?:bind|listen)(?:ing)? (?:to|on) [^\n]{0,60}(?i:permission denied|EACCES)`},
	}
}

// proxyRules go by the error logs of nginx, Apache httpd, HAProxy and Envoy, and by circuit breakers.
func proxyRules() []rule {
	return []rule{
		{cause: "upstream-denied", any: one("(13: Permission denied)", "(13)Permission denied"),
			re: `\(13: Permission denied\) while (?:connecting to|reading)[^\n]*upstream|` +
				`\(13\)Permission denied: AH0(?:0957|2454|1079)|connect\(\)[^\n]*\(13: Permission denied\)`},
		{cause: "upstream-unreachable", any: one("no live upstreams", "no healthy upstream", "circuit is now open",
			"is OPEN and does not permit", "BrokenCircuit", "CallNotPermitted", "short-circuited",
			"ircuit breaker", "ircuitBreaker", "while connecting to upstream", "upstream connect error", "AH01114",
			"AH00957", "AH00898", "No living connections", "NoNodeAvailable", "on any known server",
			"has no server available", "Layer4 connection problem", "Layer7", "no available server",
			"Retrying connect to server", "etrying the connection", "ERROR IN CONTACTING RM",
			"Cannot open channel to", "o servers are available", "OpenCircuit", "CircuitOpen", "in error state",
			"No instances available for", "Breaker is open",
			"breaker still open", "o alive nodes", "o healthy ", "o available ", "o reachable ", "o live ", "o active ",
			"ServiceUnavailable", "oad balancer does not",
			"Load balancer does not", "Backend is unhealthy", "failed to make connection to backend",
			" is DOWN", "removed from rotation", "removed from the pool", "arked as down",
			"arked down", "arked as dead", "arked as unhealthy", "arked as unavailable"),
			re: `no live upstreams|no healthy upstream|(?i:circuit[ -]?breaker[^\n]*\b(?:is |` +
				`state[ =:]*)?open\b|circuit is (?:now )?open)|CallNotPermitted|BrokenCircuit|OpenCircuit|` +
				`CircuitOpen|short-circuited|\((?:101|113|2): [^)]*\) while connecting to upstream|` +
				`upstream connect error|AH01114|AH00957|AH00898|living connections|NoNodeAvailable|` +
				`any known server|has no server available|Layer4 connection problem|Layer7 (?:timeout|` +
				`wrong)|no available server|Retrying connect to server|CONTACTING RM|open channel to|` +
				`servers are available|in error state|` +
				`(?i:breaker (?:is|still) open)|o alive nodes found|oad balancer does not contain an instance|` +
				`removed from (?:rotation|the pool)|arked (?:as )?(?:down|dead|unhealthy|unavailable)\b|` +
				`instances available for|connection to backend|(?i:\bno (?:healthy|available|live|alive|active|reachable|usable) ` +
				`(?:\w+ )?(?:upstream|backend|host|server|instance|endpoint|node|ip|target|peer|replica|member)s?\b)|` +
				`Server \S+/\S+ is DOWN`,
			not: `(?i)connection refused|timed out|timeout specified|reading from server: EOF|connection reset by`},
	}
}
