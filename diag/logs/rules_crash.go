package logs

// workerRules go by gunicorn, uWSGI, PHP-FPM, Puma, Unicorn, Celery and Lambda.
func workerRules() []rule {
	return []rule{
		{cause: "worker-timeout", any: one("WORKER TIMEOUT", "HARAKIRI", "execution timed out",
			"Terminating timed out worker", "> 60s), killing", "s), killing", "aximum execution time of",
			"Task timed out after", "RequestTimeoutException", "RequestTimeoutError", "TimeLimitExceeded",
			"Hard time limit", "Soft time limit", "request_terminate_timeout", "orker timed out",
			"worker exceeded", "Rack::Timeout", "executing too slow", "Worker with pid"),
			re: `WORKER TIMEOUT(?: \(pid:(?P<pid>\d+)\))?|HARAKIRI|execution timed out|timed out worker|` +
				`\(\d+s > \d+s\), killing|aximum execution time of (?P<seconds>\d+) seconds? exceeded|` +
				`Task timed out after|Rack::Timeout|RequestTimeout(?:Exception|Error)|TimeLimitExceeded|` +
				`(?:Hard|Soft) time limit|terminating[^\n]*timed out|orker timed out|executing too slow|` +
				`Worker with pid [^\n]*timeout`},
		{cause: "worker-boot-failed", any: one("failed to boot", "HaltServer", "Exception in worker process",
			"WORKER_BOOT_ERROR", "unable to load app", "no app loaded", "no python application found",
			"Unable to load application", "respawning too fast", "exited with code 3",
			"Could not spawn process for application", "App failed to load", "Failed to load application",
			"could not be started", "web application could not be", "APP_LOAD_ERROR", "DAMN ! worker",
			"ailed to boot worker", "failed to load command", "Error R10", "code=H20", "nable to start Kestrel",
			"nable to start worker", "ailed to start worker", "ailed to start server", "ailed to start service",
			"failed to be started"),
			re: `failed to boot|HaltServer|Exception in worker process|BOOT_ERROR|unable to load app|` +
				`no app loaded|no python application|Unable to load application|respawning too fast|` +
				`Worker \(pid:\d+\) exited with code [34]|spawn process for application|App failed to load|` +
				`Failed to load application|APP_LOAD_ERROR|DAMN ! worker|ailed to boot worker|` +
				`bundler: failed to load command|Error R10\b|code=H20\b|` +
				`service '[^']+' failed to be started|(?i:\b(?:application|app|service|server|worker|` +
				`container) could not be started)|(?i:unable|failed) to start (?:Kestrel|worker|server|service)\b`,
			unless: one("SocketException (13)", "server certificate was specified", "ddress already in use")},
	}
}

// crashRules go by signals, runtimes' last words and supervisors.
func crashRules() []rule {
	return []rule{
		{cause: "panic", any: one("panic: ", "panicked at", "oroutines are asleep", "concurrent map", "goroutine ",
			"http: panic serving", "unexpected fault address", "Kernel panic", "runtime error: ", "kernel BUG at",
			"Oops: ", "panic recovered", "unable to handle "),
			re: `unable to handle (?:kernel|page)|\bpanic: (?P<reason>[^\n]{1,200})|panicked at|` +
				`goroutines are asleep|` +
				`fatal error: concurrent map|goroutine \d+ \[running\]|http: panic serving|` +
				`unexpected fault address|panic recovered|(?i:kernel panic)|runtime error: |kernel BUG at|Oops: \d`,
			unless: one("kernel.panic")},
		{cause: "segmentation-fault", any: one("egmentation fault", "segfault at", "SIGSEGV", "exit code 139",
			"core dumped", "SIGABRT", "SIGBUS", "SIGILL", "signal 11", "detected by the Java Runtime",
			"llegal instruction", "Bus error", "double free", "prev_size", "stack smashing", "free(): invalid",
			"malloc(): ", "general protection fault", "general protection ip", "trap invalid opcode", "corrupted double-linked",
			"AccessViolationException", "status 139", "code 139", "munmap_chunk"),
			re: `(?i:segmentation fault)|segfault at|SIG(?:SEGV|ABRT|BUS|ILL)\b|(?:code|status) 139|` +
				`core dumped|signal 11\b|detected by the Java Runtime|llegal instruction|\bBus error\b|` +
				`double free or|prev_size|stack smashing|free\(\): invalid|malloc\(\): |general protection|` +
				`munmap_chunk\(\): |trap invalid opcode|corrupted double-linked|AccessViolation`},
		{cause: "app-crashed", any: one("to crashed", "code=H10", "App crashed", "rocess exited with status",
			"ELIFECYCLE", "CrashLoopBackOff", "restarting failed container", "exited with code",
			"code=exited, status=", "with result 'exit-code'", "not expected)", "FATAL state", "Runtime exited",
			"Runtime.ExitError", "exited unexpectedly", "exit status", "code=killed", "npm ERR! errno",
			"npm ERR! Exit status", "command failed", "terminated unexpectedly", "Process exited unexpectedly",
			"WorkerLostError", "exited prematurely", "exited abnormally", "died unexpectedly",
			"Main process exited", "tart request repeated too quickly", "npm error code", "has crashed",
			"Application crashed", "with exit code", "npm ERR! code ", "non-zero exit code",
			"exited with error code", " died (", "entered failed state", "terminated with exit",
			"xited with status code", "xited with status ", " crashed", "ould not start application",
			"Kernel pid terminated", "not start kernel pid", "terminating in do_boot", "erl_crash.dump", "=CRASH REPORT"),
			re: `to crashed|H10\b|(?i:app(?:lication)? (?:has )?crashed)|` +
				`(?i:error|fatal|critical)\b[^\n]*\b(?i:process|server|service|worker|inference|child|container|engine|` +
				`instance) (?:has )?crashed\b|` + `rocess exited with status [1-9]|` +
				`\bELIFECYCLE\b|CrashLoopBackOff|restarting failed container|(?:exited|failed|` +
				`terminated) with (?:exit |status |error |exit status )*(?:code |status )+\[?[1-9]|npm ERR! code [1-9]|` +
				`exited with non-zero exit code|control process exited with error code|` +
				`entered failed state|worker \d+ died|` +
				`code=(?:exited|killed|dumped), status=[1-9]|result 'exit-code'|` +
				`exit status [1-9]\d*; not expected|FATAL state|Runtime exited|Runtime\.ExitError|` +
				`(?i:(?:exited|terminated|died) unexpectedly)|npm ERR! (?:errno|Exit status) [1-9]|` +
				`\(Mix\) Could not start application|Kernel pid terminated|not start kernel pid|terminating in do_boot|` +
				`written to: \S*erl_crash\.dump|=CRASH REPORT====|WorkerLostError|exited prematurely|repeated too quickly`,
			unless: one("logrotate", "CROND", "anacron")},
		{cause: "unhandled-exception", any: one("TypeError", "ReferenceError", "RangeError", "NullPointerException",
			"NullReferenceException", "IllegalStateException", "IllegalArgumentException", "OutOfBoundsException",
			"OutOfRangeException", "CastException", "NumberFormatException", "KeyError", "AttributeError", "ValueError",
			"IndexError", "NameError", "ZeroDivisionError", "NoMethodError", "ArgumentError", "KeyNotFoundException"),
			re: serialisedDefect, loud: true},
	}
}

// jobRules go by cron, systemd timers, queues and schedulers.
func jobRules() []rule {
	return []rule{{cause: "job-failed",
		any: one("exited abnormally with", "failed with exit status", "BackoffLimitExceeded", "backoff limit",
			"ob raised exception", "ob raised an exception", "raised unexpected: ", "ob failed",
			"JobExecutionException", "raised an exception", "attempted too many times", "ob aborted due to",
			"failed with state", "ackup failed", "Failed to start", "threw an unhandled", "rror executing job",
			"rror running job", "MaxAttemptsExceeded", "failed permanently", "ask failed", "ask aborted",
			"Job has failed", "cron job", "cheduled task", "marked build as failure", "returned non-zero exit",
			"Lost task", "returned exit code", "FAILED with", "of job ", "CheduledTask", "rror performing ",
			"CMD failed", "failed in job", "executing step ", "raised unexpected", "later migrations canceled",
			"failed with exception", "\" failed", "> failed",
			"failed after", "\\Jobs\\", "orkflow ", "ipeline ", "irty database version", "zombie", "unning migration",
			"apply migrations", "revision identified by", "Validate failed: ", "FlywayValidate"),
		re: `(?i:detected zombie (?:job|task)|(?:job|task)s? as zombie)|Dirty database version \d|(?i:(?:error|` +
			`fail\w*)[^\n]{0,20} (?:running|apply(?:ing)?|` +
			`to apply) migrations?\b)|ALERT exited abnormally|failed with exit status [1-9]|BackoffLimitExceeded|` +
			`specified backoff limit|(?i:job raised (?:an )?exception|job ` + quote + `[^"'\n]+` + quote +
			` raised|(?:job|task|` +
			`backup|import|export|sync|migration|workflow|pipeline)(?: [\w\[\]#:./<>="'-]+){0,3} (?:has )?(?:failed|` +
			`aborted)\b|` +
			`(?:cron|scheduled)[^\n]{0,40}failed|error (?:executing|running|processing) job)|` +
			`Task [\w.:-]+(?:\[[\w-]+\])? raised unexpected|rror performing \w+ \(|CMD failed|failed in job|` +
			`executing step \S+ in job|later migrations canceled|locate revision identified by|Validate failed: (?:Detected|` +
			`Migration)|FlywayValidateException|` +
			`(?i:error (?:occurred )?in scheduled task)|JobExecutionException|too many times|` +
			`failed with state FAILED|systemd\[\d+\]: Failed to start (?P<unit>[^\n.]+)|threw an unhandled|` +
			`\\Jobs\\\w+[^\n]*\bFAIL\b|(?m:Failed: +[A-Z]\w*\\)|MaxAttemptsExceeded|marked build as failure|` +
			`CMD [^\n]*FAILED|Lost task [\d.]+ in stage`,
		not:  `(?i)failed:? 0\b|(?:^|[^.\d])0 failed|Job for \S+ failed because|Failed with result|process exited`,
		loud: true}}
}

// exceptionRules come last: an exception of which nothing more exact is known.
func exceptionRules() []rule {
	return []rule{
		{cause: "unhandled-exception", any: one("Unhandled exception", "UnhandledPromiseRejection",
			"nhandled promise rejection", "Unhandled rejection", "unhandledRejection", "UNHANDLED_REJECTION",
			"Uncaught ", "uncaughtException", "uncaught exception", "Traceback (most recent",
			"Exception in thread", "FATAL EXCEPTION", "terminate called", "rake aborted!", "nhandled error",
			"Application error", "throw err", "throw er;", "PHP Fatal error", "Fatal error: ", "Exception in ASGI",
			"Exception on /", "Fatal Python error", "An unhandled", "threw exception", "throw new ", "throw e;",
			"exception was never retrieved", "errorMessage", "[ExceptionsHandler]", "[ExceptionHandler]"),
			re: `(?i:unhandled (?:\w+ )?(?:exception|rejection|error))|UnhandledPromiseRejection|` +
				`unhandledRejection|UNHANDLED_REJECTION|Uncaught \S|\buncaughtException|` +
				`(?i:uncaught exception)|Traceback \(most recent|Exception in thread|FATAL EXCEPTION|` +
				`terminate called|rake aborted!|throw e(?:rr?)?;|exception was never retrieved|` +
				`throw new \w+\(|Fatal error: |PHP Fatal error|` +
				`\[Exceptions?Handler\]|Exception in ASGI|Exception on /|Fatal Python error|Servlet\.service\(\) for servlet|` +
				`"errorMessage":`,
			not: `Fatal error: (?:0|none)|(?i)\bno (?:unhandled|uncaught) |(?:exception|rejection|error) handlers? |` +
				`\bcapture is`, loud: true},
		{cause: "unhandled-exception", any: one("Exception", "ssertion failed", "Error: ", "Exception\n",
			"Caused by: ", "Error\n", "(Errno::E",
			"Error)", "Exception)", "NoMethodError", "NullReferenceException", "NullPointerException",
			"undefined method", "TypeError", "Error (", "AttributeError", "RuntimeError", "IllegalStateException",
			"Exception(", "[ERR_", "PHP Parse error", "Error(code", "Undefined ", "undefined variable", "eserializ"),
			re: `(?m)(?:^|[\s\[(:|])(?:[A-Za-z_$][\w$]*(?:\.|::|\\))*(?:[A-Z][A-Za-z]*)?(?:Exception|` +
				`Error)\b[^\n]*` +
				`(?:\n[^\n]*)?\n(?:[\w.-]+ +\| +)?\s+(?:at |from |#\d|File "|in )|` +
				`(?:ERROR|FATAL|SEVERE|CRITICAL|fail:|crit:|\[error\])[^\n]*\b[A-Z]\w*(?:Exception|Error)\b|` +
				`(?m:(?:ERROR|FATAL|SEVERE|CRITICAL|^\s*(?:fail|` +
				`crit): )[^\n]*\n(?:[^\n]*\n)?[^\n]*?\b(?:[a-zA-Z_]\w*\.)*(?:[A-Z]\w*)?(?:Exception|Error)\b)|` +
				`\bWARN(?:ING)?:? +(?:[\w$]+(?:\.|::))*[A-Z]\w*(?:Exception|Error): |^(?:Caused by: )?(?:[a-z_]\w*(?:\.|` +
				`::))+[A-Z]\w*(?:Exception|Error)\b|` +
				`^(?:[A-Z]\w*(?:\.|::))*[A-Z]\w*(?:Error|Exception): |Uncaught TypeError|` +
				`\((?:[\w:]+::)?(?:[A-Z]\w*Error|Errno::E[A-Z]+)\)(?m:$| )|NoMethodError \(undefined|throw new \w*Error|` +
				`^\s*(?:\[[^\]]*\] )*(?:[A-Z]\w*::)*(?:[A-Z]\w*)?Error \(|(?i:assertion (?:\S+ )?failed\b)|` +
				`\[ERR_[A-Z_]+\]: |PHP Parse error|(?:ERROR|CRITICAL)[^\n]*\bUndefined (?:variable|array key|index|offset|` +
				`property|constant)\b|` +
				`(?i:error\b[^\n]*\bdeserializ|deserializ\w*[^\n]*\berror)|"?exception"?: ?"?\[object\] \(\w+`,
			loud: true},
	}
}

// startupRules come after exceptions: a server says that it did not start, after what kept it from that.
func startupRules() []rule {
	return []rule{{cause: "worker-boot-failed", any: one("pplication startup failed", "erver startup failed",
		"ervice startup failed", "pplication failed to start", "erver failed to start", "ervice failed to start",
		"pp failed to start", "orker failed to start"),
		not: quietly, loud: true}}
}

// requestErrorRules tell of requests that proxies and frameworks put into their error logs: the client's fault, though
// the words are those of files and permissions.
func requestErrorRules() []rule {
	return []rule{{cause: "http-client-error",
		any: one("(2: No such file or directory), client", "failed (2: No such file", "access forbidden by rule",
			"is forbidden",
			"too large body", "File does not exist: ", "AH01630", "AH00128", "Not Found: /", "RoutingError",
			"was not found in", "basic authentication", "limiting requests", "Bad Request: ", "Forbidden: /",
			"Method Not Allowed", "Not Acceptable: /", "Forbidden (",
			"Unauthorized: /", "status code 4", "Client Error: ", "HTTP Error 4", "NoResourceFound",
			"No static resource", "forbidden by rule", "invalid URI", "client denied", "NotFoundHttpException",
			"NotFoundException: Cannot ", "MethodNotAllowed", "client sent invalid", "status: 404", "HTTP 404",
			"HTTP 403", "HTTP 401", "HTTP 400", "HTTP 429", "does not indicate success: 4", "AH01276",
			"ModSecurity: Access denied", "ClientErrorException", "with a status of 4", "MethodNotSupported",
			"status=4", "tus\":4", "tus\": 4", "InvalidAuthenticityToken", "429 Too Many", "Too Many Requests",
			"Resolved [org.spring", "Resolved [jakarta.", "not found or unable to stat",
			"annot read directory", "permissions deny server", "invalid method in request", "xecCGI is off"),
		re: `failed \(2: No such file or directory\), client|\*\d+ open\(\) "[^"]*"\s+failed \(2: |forbidden by rule|` +
			`index of "[^"]*" is forbidden|too large body|File does not exist: |AH01630|AH00128|` +
			`Not Found: /|RoutingError|user "[^"]*" was not found in|basic authentication|` +
			`limiting requests|(?:Bad Request|Forbidden|Unauthorized|Method Not Allowed|Not Acceptable|Conflict|` +
			`Gone)(?: \([^)]*\))?: /|(?i:status code:? ` + quote +
			`?(?P<status>4\d\d))|` +
			`(?P<status2>4\d\d) Client Error|HTTP Error (?P<status3>4\d\d)|NoResourceFound|static resource|` +
			`invalid URI|client denied|NotFoundHttpException|NotFoundException: Cannot [A-Z]+ |` +
			`MethodNotAllowed|client sent invalid|` +
			`with a status of (?P<status6>4\d\d)|MethodNotSupportedException|ModSecurity: Access denied|` +
			`does not indicate success: (?P<status4>4\d\d)|AH01276|` +
			`ClientErrorException\$?\w*: (?P<status5>4\d\d)|` +
			`\bHTTP 4(?:0[0-9]|29)\b|InvalidAuthenticityToken|429 Too Many|` +
			`Resolved \[(?:org\.springframework\.(?:web|http|validation|beans\.TypeMismatch)|jakarta\.)[\w.$]*` +
			`(?:NotReadable|NotValid|Missing|NotSupported|NotAcceptable|Bind|Mismatch|Unsatisfied|NotFound|Constraint)` +
			`\w*Exception|\[client [^\]]+\] script '[^']*' not found or unable to stat|` +
			`\(13\)Permission denied: (?:AH\d+: )?(?:\[client [^\]]*\] )?(?:cannot read directory|` +
			`file permissions deny server access|access to)|Invalid method in request|Options ExecCGI is off`,
		not: `HTTP/\d(?:\.\d)?" [1-35]\d\d`},
		// Apache httpd tells what it refused a client with the module that did.
		{cause: "http-client-error", any: one("core:error]", "_core:error]", "_host:error]", "_compat:error]",
			"index:error]", "negotiation:error]", "_basic:error]", "_file:error]", "dir:error]", "http:error]"),
			re: `\[(?:core|http|dir|autoindex|negotiation|access_compat|` +
				`auth[nz]?_\w+):error\][^\n]*\[client [^\]]+\] AH\d{5}: `,
			not: `AH00124|AH00036|AH01276`}}
}

// serialisedDefect is an error of the program itself in a structured log line, as loggers write it beside the status
// that the request got: pino's "err", Logback's "stack_trace", structlog's "exception".
const serialisedDefect = `"(?:type|name|class|kind|stack|stack_?[tT]race|exc_info|exception|error|error_type)": ?"` +
	`(?:[\w$]+(?:\.|::|\\))*(?:TypeError|ReferenceError|RangeError|NullPointerException|NullReferenceException|` +
	`IllegalStateException|IllegalArgumentException|IndexOutOfBoundsException|ArrayIndexOutOfBoundsException|` +
	`IndexOutOfRangeException|ClassCastException|InvalidCastException|NumberFormatException|KeyError|AttributeError|` +
	`ValueError|IndexError|NameError|ZeroDivisionError|NoMethodError|ArgumentError|KeyNotFoundException)\b`

// requestRules go by access logs: the common log format, structured loggers and the frameworks' own lines.
func requestRules() []rule {
	return []rule{
		{cause: "http-server-error", any: one("\" 500 ", "\" 501 ", "\" 502 ", "\" 503 ", "\" 504 ", "tus\":5",
			"tus\": 5", "status=5", "Completed 5", "- 500 -", "- 502 -", "- 503 -", "- 504 -", "-> 500", "-> 502",
			"-> 503", "-> 504", "Internal Server Error", "502 Bad Gateway", "503 Service Unavailable",
			"504 Gateway", "Server Error: ", "status code 5", "HTTP Error 5", "responded 5", "HTTP 500",
			"HTTP 502", "HTTP 503", " 500 in ", "code\":5", "status_code=5", "statusCode\":5", "\" 500", "\" 502",
			"\" 503", "\" 504", " ms - ", "does not indicate success: 5", "ServerErrorException", "| 500 |",
			"| 502 |", "| 503 |", "| 504 |", "HTTP/1.1 5", "statuscode: 5", " 502 ", " 503 ", " 504 ",
			": 500\"", ": 502\"", ": 503\"", ": 504\"", "ode\":\"5", "ode\": 5", "tus\":\"5", "/0/0 \"", "/0/0 {"),
			re: `(?:HTTP/\d(?:\.\d)?)?" (?P<status>50\d)\b|(?:[sS]tatus(?:_?[cC]ode)?|[rR]esponse_?[cC]ode|` +
				`code)"?[=:]\s?"?(?P<status2>50\d)\b|Completed (?P<status3>50\d)|- (?P<status4>50\d) - |` +
				`-> (?P<status5>50\d)\b|(?i:internal server error)|50[234] (?:Bad Gateway|` +
				`Service Unavailable|Gateway)|50\d Server Error|(?i:status ?code:? (?P<status6>50\d))|` +
				`HTTP Error 50\d|responded 50\d|\bHTTP 50\d|\| 50\d \||HTTP/1\.1 50\d|\b(?:GET|POST|PUT|` +
				`PATCH|DELETE|HEAD|OPTIONS) /\S* (?P<status7>50\d)\b|` +
				`/-?\d+/\d+ (?P<status11>50\d) \d+ - - |(?i:get|post|put|patch|delete|` +
				`head) \\?"?https?://\S+: (?P<status10>50\d)\b|` +
				`indicate success: (?P<status8>50\d)|ServerErrorException\$?\w*: (?P<status9>50\d)`,
			not: `Traceback \(most recent|` + serialisedDefect},
		{cause: "http-client-error", any: one("\" 400", "\" 401", "\" 403", "\" 404", "\" 405", "\" 406", "\" 408",
			"\" 409", "\" 410", "\" 411", "\" 413", "\" 414", "\" 415", "\" 416", "\" 421", "\" 422", "\" 426", "ode\":\"4",
			"ode\": 4", "tus\":\"4",
			"\" 429", "\" 431", "\" 444", "\" 499", "tus\":4", "tus\": 4", "status=4", "Completed 4", "- 400 -",
			"- 401 -", "- 403 -", "- 404 -", "- 405 -", " ms - ", "-> 400", "-> 401", "-> 403", "-> 404",
			"status_code=4", "code\":4", "responded 4", "| 400 |", "| 401 |", "| 403 |", "| 404 |", "HTTP/1.1 4",
			"404 Not Found", "403 Forbidden", "401 Unauthorized", "400 Bad Request", " 401 ", " 403 ",
			" 404 "),
			re: `HTTP/\d(?:\.\d)?" (?P<status>4\d\d)\b|" (?P<status0>4\d\d) \d+|(?:[sS]tatus(?:_?[cC]ode)?|` +
				`[rR]esponse_?[cC]ode|` +
				`code)"?[=:]\s?"?(?P<status2>4\d\d)\b|Completed (?P<status3>4\d\d)|- (?P<status4>4\d\d) - |` +
				`-> (?P<status5>4\d\d)\b|responded 4\d\d|\| 4\d\d \||HTTP/1\.1 4\d\d|40[0134] (?:Not Found|` +
				`Forbidden|Unauthorized|Bad Request)|` +
				`\b(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) /\S* (?P<status6>4\d\d) [\d.]+ ?m?s\b`},
	}
}
