package logs

// imageRules go by the answers of container registries ("Docker Registry HTTP API V2", errors).
func imageRules() []rule {
	return []rule{
		{cause: "image-pull-rate-limited", any: one("toomanyrequests", "pull rate limit", "429 Too Many Requests"),
			re: `\btoomanyrequests\b|pull rate limit|(?i:(?:docker|registry|pull|` +
				`manifest)[^\n]*429 Too Many Requests)`},
		{cause: "image-pull-denied", any: one("pull access denied", "no basic auth credentials",
			"insufficient_scope", "authentication required", "requested access to the resource is denied",
			"403 Forbidden", "denied: ", "authorization token has expired", "401 Unauthorized",
			"uthorization failed", "unauthorized: ", "failed to authorize: "),
			re: `pull access denied for (?P<image>[^\s,]+)|failed to authorize: [^\n]*oauth token|` +
				`no basic auth credentials|insufficient_scope|` +
				`unauthorized: (?:authentication required|access)|` +
				`requested access to the resource is denied|(?i:(?:pull|manifest|registry|image|` +
				`blobs)[^\n]*(?:403 Forbidden|401 Unauthorized|authorization failed))|\bdenied: (?:User: [^\n]*\becr[:-]|` +
				`Permission|Your authorization token|The repository)`},
	}
}

// execRules go by execve(2) as container runtimes and shells report it.
func execRules() []rule {
	return []rule{
		{cause: "exec-format", any: one("xec format error", "ENOEXEC", "cannot execute binary file",
			"wrong ELF class", "invalid ELF header", "Bad CPU type", "failed to open elf", "ld-linux",
			"does not match the detected host platform", "not a valid Win32 application",
			"is not compatible with the version of Windows", "incompatible architecture", "wrong architecture",
			"Bad CPU", "ad CPU type", "required file not found"),
			re: `(?i)exec format error|ENOEXEC|cannot execute binary file|wrong ELF class|` +
				`invalid ELF header|bad CPU type|failed to open elf|Could not open '[^']*ld-(?:linux|musl)|` +
				`detected host platform|valid Win32|version of Windows you're running|` +
				`incompatible architecture|wrong architecture|cannot execute: required file`},
		{cause: "executable-not-found", any: one("executable file not found", "exec user process caused",
			"starting container process caused", "command not found", ": not found", "No such file or directory",
			"spawn ", "Cannot run program", "runc create failed", "ERR_CHILD_PROCESS", "executable not found",
			"is not recognized as an internal", "ould not find executable", "no such file: exec",
			"nable to find executable", "xecutable doesn't exist", "not found in $PATH", "ot found in PATH",
			"t in your PATH", "ommand not found", "Can't exec", "ailed to exec", "bad interpreter",
			"must be installed", "external command", "JavaScript runtime", "failed: No such file",
			"needs to be in", "executablePath", "ould not find Chrome", "CommandNotFound", "EXEC spawning",
			"Cannot find ffmpeg", "must be installed to build", "or not executable", "ommand could be found",
			"Permission denied", "locate executable"),
			re: `exec: ` + quote + `(?P<program>[^"']+)` + quote + `: (?:executable file not found|stat|` +
				`permission denied)|executable (?:file )?not found|exec user process caused:? ` + quote +
				`?(?:no such file|permission denied)|(?:^|` +
				`[\s:])exec (?P<program2>/?\S+): no such file or directory|` +
				`starting container process[^\n]*(?:no such file or directory|permission denied)|` +
				`(?P<program3>[\w./+-]+):? [Cc]ommand not found|Can't exec "?(?P<program9>[^":\s]+)|` +
				`[Ff]ailed to exec(?:ute)? [“'"‘]?(?P<program10>[\w./+-]+)[^\n]*No such|bad interpreter: |` +
				`find external command|(?m:^%?(?:[Ee]rror|ERROR):? ` + quote + `[\w.+-]+` + quote + ` must be installed)|` +
				`command '[\w./+-]+' failed: No such|executable needs to be in PATH|executablePath \(|` +
				`ould not find Chrom|CommandNotFound: |` +
				`step EXEC spawning \S+: No such|[Ff]ailed to locate executable (?P<program12>\S+): |annot find (?:ffmpeg|` +
				`ffprobe|git|java|node|python\d?|` +
				`curl)\b|find a JavaScript runtime|not found or not executable|command could be found in|` +
				`(?m:^[^\s:]+: \d+: (?P<program11>[\w./+-]+): not found)|(?:sh|bash|ash|dash|/bin/\w+|` +
				`entrypoint\.sh)(?:\[\d+\])?: (?:line \d+: |\d+: |exec: )*(?P<program4>[\w./+-]+): (?:not found|` +
				`Permission denied)|env: ` + quote + `?(?P<program5>[^'’:\s]+)` + quote +
				`?: No such file or directory|` +
				`spawn (?P<program6>\S+) (?:ENOENT|EACCES)|Cannot run program "(?P<program7>[^"]+)"|` +
				`is not recognized as an internal|(?i:(?:could not|unable to) find executable|` +
				`executable doesn't exist)|not (?:found )?in (?:\$|your |the )?PATH|(?:ba|` +
				`da)?sh: (?P<program8>\S+): (?:No such file or directory|not found)`,
			not: `(?i)\b(?:line \d+: )?cd: `},
		{cause: "dependency-version", any: one("GLIBC_", "GLIBCXX_", "NODE_MODULE_VERSION", "CXXABI_"),
			re: "version `?(?P<library>\\w+_[\\d.]+)'? not found|NODE_MODULE_VERSION"},
	}
}

// environmentRules go by how languages, frameworks and entry points ask for a variable.
func environmentRules() []rule {
	const name = `(?P<variable>[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)`
	const name2 = `(?P<variable2>[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)`
	return []rule{
		{cause: "missing-environment-variable", any: one("KeyError", "key not found: \""),
			re: `KeyError: ['"]` + name + `['"]|key not found: "` + name2 + `"|` +
				`KeyError\(['"](?P<variable3>[A-Z][A-Z0-9_]+)['"]\)|` +
				`(?s)os\.environ\[.*KeyError: ['"](?P<variable4>\w+)['"]`},
		{cause: "missing-environment-variable", any: one("unbound variable", "parameter null or not set",
			"parameter not set"), re: `(?P<variable>[A-Za-z_]\w*): (?:unbound variable|` +
			`parameter (?:null or )?not set)`},
		{cause: "missing-environment-variable", any: one("nvironment variable", "nv variable", "nv var", "ENV var",
			"nviroment variable", "environment value", "from environment", "as envvar", "nvironment variables not",
			"process.env", "environ[", "nvironmental variable"),
			re: `(?i:(?:missing|required|undefined|unset|absent|need\w*|must (?:set|provide|define|specify|` +
				`be)|please (?:set|define|provide|add|specify)|set the|no|not (?:set|found|defined|` +
				`present)|without|specify|define|provide|expect\w*|(?:could not|cannot|unable to|failed to) (?:get|read|` +
				`find|load|resolve))\b[^\n]{0,80}(?:env(?:ironment(?:al)?|` +
				`iroment)?[ -]?var(?:iable)?s?|environment value)\b` +
				`|env(?:ironment|iroment)?[ -]?var(?:iable)?s?\b[^\n]{0,100}(?:missing|not (?:set|found|` +
				`defined|present|specified|provided|configured|exist|available)|is (?:required|unset|` +
				`undefined|empty|missing|not)|isn't|wasn't|aren't|undefined|unset|required|must|` +
				`should be (?:set|provided)|(?:is|are) needed|is blank|doesn't exist|does not exist|` +
				`NotPresent)|missing from (?:the )?environment|declare it as envvar|` +
				`environment variables not found|error getting '[^']+' from process\.env)(?:[^\n]*?\b` +
				name + `)?`,
			not: `(?i)default(?:s|ing)? to (?:[^b]|b[^l])|using default|falling back|will use|optional|` +
				`deprecated|no longer|ignor|skipp`, loud: true},
		{cause: "missing-environment-variable", any: one("variable is not set", "ariable not set", " is not set",
			" not set", "is not defined", " must be set", "is required", "must be defined", "missing value",
			"is missing", "not specified", "not-specified", "is undefined", "s not provided", "not provided", "must be provided",
			"uninitialized and", "NotPresent", "You need to specify one of", "You must specify", "Field required",
			"Missing required", "issing required config", "ield required", "is not configured", "no value for $",
			"issing API key",
			"option is required", "alue required for", "equired for '",
			": missing ", "Missing: ", "ot found in .env", "for required env", "in environment", "in the environment"),
			re: `(?:The ` + quote + `)?` + name + quote + `?(?: variable| env)?(?:(?: is| was|` +
				`:)? (?:not[ -](?:set|defined|provided|specified)|missing|required|undefined|unset|empty)|` +
				`[^\n]{0,30} (?:must be (?:set|defined|provided|specified|present|configured))|` +
				`[^\n]{0,20}\bmissing value|\n\s*[Ff]ield required)|` +
				`required key (?P<variable4>\w+) missing value|value: NotPresent|` +
				`database is uninitialized and (?:superuser )?password|uninitialized and (?:superuser |` +
				`password )|(?i:missing (?:required )?(?:env\w*|secret|variable|setting|` +
				`configuration)?[: ]*)(?:` + quote + `)?(?P<variable5>[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b|` +
				`validation errors? for \w*(?:Settings|Config)\w*\n(?s:.*)ield required|` +
				`\b(?P<variable10>[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+) is not configured|no value for \$\{?(?P<variable11>[A-Z]\w+)|` +
				`[Mm]issing API [Kk]ey[.:] (?:Pass|Set|Please|Provide|You)|` +
				`\bError: [^\n]{0,40}\b\w*(?:[uU]rl|[kK]ey|[iI]d|[tT]oken|[sS]ecret|[pP]assword|URI|DSN|` +
				`[hH]ost)(?: option)? is required\b|` +
				`\b(?P<variable12>[A-Z][A-Z0-9_]{3,}) (?:is |was )?not found in (?:the |your )?\.env|` +
				`value for required env (?P<variable7>\w+)|value required for ` + quote + `?(?P<variable9>[A-Z][A-Z0-9_]{3,})|` +
				`(?i:missing required config\w*)[^\n]*|(?:required configuration (?:is )?missing)[^\n]*|` +
				`(?:could not|did not|not|cannot) find (?P<variable8>[A-Z][A-Z0-9_]{3,}) in (?:the )?environment|` +
				`You must specify (?P<variable6>[A-Z][A-Z0-9_]{4,})`,
			not: `(?i)using default|falling back|defaulting to (?:[^ab]|a[^ ]|b[^l])|ENOENT|EACCES|Bucket|` +
				`column|relation|_FAILED|ERR_[A-Z]|will use|\binfo\b[^\n]*not set`,
			loud: true},
		{cause: "missing-environment-variable", any: one("Could not resolve placeholder"),
			re: `Could not resolve placeholder '(?P<variable>[A-Z][A-Z0-9_]+)`},
		{cause: "missing-environment-variable", any: one("Environment variable not found",
			"nvironment variable not found"), re: `nvironment variable not found(?:: (?P<variable>\w+))?`},
	}
}
