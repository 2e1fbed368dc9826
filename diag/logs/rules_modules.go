package logs

// moduleRules go by what each language's loader says.
func moduleRules() []rule {
	return []rule{
		{cause: "missing-build", any: one("production build in the", "manifest not found",
			"Unable to access jarfile", "not present in the asset pipeline", "no main manifest attribute",
			"mix-manifest", "Mix file", "Mix manifest", "in Vite manifest", "manifest.json", "webpack-stats",
			"/dist/", "/build/", ".next", "/public/build", "Could not find a production build",
			"ould not find the build", "run `npm run build`", "run `next build`", "npm run build",
			"yarn build", "pnpm build", "pnpm run build", "prisma generate"),
			re: `(?i:could not find a (?:valid )?(?:production )?build)|production build in the|` +
				`(?i:vite manifest not found|in vite manifest)|access jarfile (?P<file>\S+)|asset pipeline|` +
				`no main manifest attribute|did not initialize yet[^\n]*prisma generate|[Mm]ix manifest|locate Mix file|` +
				`webpack-stats[^\n]*|(?:ENOENT|` +
				`No such file|` +
				`not found|does not exist|cannot find)[^\n]*(?P<file2>/[\w./-]*(?:dist|build|\.next|` +
				`out)/[\w./-]*(?:index\.html|manifest\.json|BUILD_ID|\.json|\.html|\.css))|` +
				`[Mm]anifest not found at|find the build|(?i:(?:did you|try|please|must|need to|` +
				`have you)[^\n]{0,20}run[^\n]{0,20}(?:npm run|next|yarn) build|` +
				"(?:run )?['`\"]?(?:npm run|next|yarn|yarn run|pnpm|pnpm run|bun run) build['`\"]?[^\\n]{0,40}(?:first|before))",
			not: `^>|node_modules/[\w@/.-]+/dist/|Cannot find module`, loud: true},
		{cause: "module-not-found", any: one("annot find module", "MODULE_NOT_FOUND", "Cannot find package",
			"No module named", "cannot load such file", "no such file to load", "in any of the sources",
			"GemNotFound", "Could not find gem", "no required module provides", "Module not found",
			"Failed opening required", "ailed to open stream: No such file", "autoload.php", "Can't locate",
			"load file or assembly", "there is no package called", "MissingSpec", "suitable distribution for",
			"matching distribution found", "is not available for package", "are not available for package",
			" plugin Dist", "not find extension", "perhaps you forgot to load", "Could not find artifact",
			"UnsatisfiedLinkError", "could not find driver", "compatible versions for gem",
			"not resolve dependencies", "error while loading shared libraries", "nable to load shared library",
			"Library not loaded", "DllNotFoundException", "' not found:", "Unable to resolve module",
			"Error loading shared library", "shared object file", "package is not installed",
			"Cannot resolve module", "not find a package", "is not in std", "is not in GOROOT",
			"could not be loaded because it is missing", "cannot find crate", "unresolved import",
			"ailed to resolve import", "load uWSGI plugin", "not in the npm registry", "Error loading ", "Did you install ",
			"Could not find the ", "not resolve dependencies for project", "could not be resolved: ",
			"Non-resolvable parent", "to be installed", "not found: ABORT", "vignette builder", "as a dependency",
			"Dependency \"", "No package '", "ibrary '", "ld: cannot find -l", "npm error 404", "npm ERR! 404",
			"xtension is ", "xtension not ", "PHP extension", "extension is installed", "code E404"),
			re: `resolve dependencies for project|verify you have added :\w+ as a dependency|(?:artifacts?|` +
				`dependencies) could not be resolved: |` +
				`Non-resolvable parent POM|Required plugin[^\n]* isn't installed|` +
				`vignette builder ` + quote + `[\w.]+` + quote + ` not found|` +
				`[A-Z]\w*(?:::\w+)+[^\n]* does not appear to be installed|[Cc]annot find (?:module|` +
				`package) ` + quote + `?(?P<module>[^'"\n]+)|` +
				`(?:ERR_)?MODULE_NOT_FOUND|No module named:? ` + quote + `?(?P<module2>[\w.-]+)|` +
				`(?:cannot load such file|no such file to load) -- (?P<module3>\S+)|` +
				`Could not find (?P<module4>\S+) in any of the sources|GemNotFound|Could not find gem|` +
				`no required module provides package (?P<module5>\S+)|Module not found: |` +
				`Failed opening required|open stream: No such file[^\n]*(?:autoload|vendor)|` +
				`(?:autoload|vendor)[^\n]*open stream: No such file|` +
				`Can't locate (?P<module6>\S+) in @INC|load file or assembly '(?P<module7>[^,']+)|` +
				`no package called|Gem::MissingSpec|suitable distribution for|matching distribution found|` +
				`not available for package|Required plugin[^\n]*isn't installed|perhaps you forgot to load|` +
				`Could not find artifact|UnsatisfiedLinkError|could not find driver|` +
				`compatible versions for gem|(?:error while |` +
				`Error )loading shared librar\w+:? (?P<module8>[^:\s]+)|` +
				`load shared library '(?P<module9>[^']+)|Library not loaded|module ` + quote + `[\w.]+` + quote +
				` not found:|` +
				`resolve module|DllNotFoundException|not in (?:std|GOROOT)|cannot find crate|` +
				`Dependency "[^"]+" not found, tried|No package '[^']+' found|[Ll]ibrary '[^']+' not found|` +
				`\bld: cannot find -l(?P<module11>\S+)|npm (?:error|ERR!) (?:code E|)404\b|\b(?:PHP|` +
				`php)\b[^\n]{0,40} extension (?:is )?(?:missing|required|installed and enabled|not (?:installed|loaded|enabled|` +
				`found|available))|requires? (?:the )?PHP extension|` +
				`unresolved import|Error loading \w+ module|Did you install \S+\?|Could not find the \w+ library|` +
				`is not in the npm registry|load uWSGI plugin|failed to resolve import "(?P<module10>[^"]+)`,
			not: `opening required '[^']*/(?:config|settings|wp-config|db|functions)[\w.-]*\.php|` +
				`ImportError: lib|version ` + "`" + `GLIBC|does not exist in the asset|` +
				`incompatible architecture|vite manifest`},
		{cause: "class-not-found", any: one("ClassNotFoundException", "NoClassDefFoundError", "not found in",
			"\" not found", "' not found", "find or load main class", "uninitialized constant", "Target class [",
			"TypeLoadException", "BindingResolutionException", "is not available)", "ClassNotFound",
			"Undefined constant", "LoadBeanClass", "ReflectionException: Class", "o autoload constant",
			"undefined function", "not found", "could not be found", "could not be loaded", "cannot be found",
			"cannot be loaded"),
			re: `(?:ClassNotFoundException|NoClassDefFoundError):? ?(?P<class>[\w./$]*)|(?:Class|` +
				`Interface|Trait) ` + quote + `(?P<class2>[^"']+)` + quote + ` not found|` +
				`load main class (?P<class3>\S+)|uninitialized constant (?P<class4>[\w:]+)|` +
				`Target class \[(?P<class5>[^\]]+)\] does not exist|TypeLoadException|` +
				`BindingResolutionException|module (?P<class6>[\w.]+) is not available|Could not load type|` +
				`Call to undefined function|autoload constant (?P<class7>[\w:]+)|LoadBeanClass|` +
				`ReflectionException: Class (?P<class8>\S+) does not exist|\bClass (?P<class9>[\w.$\\]+) (?:could not|` +
				`cannot) be (?:found|loaded)`,
			not: `ResourceNotFound`},
		{cause: "import-failed", any: one("cannot import name", "DLL load failed", "ImportError",
			"import statement outside a module", "ERR_REQUIRE_ESM", "require() of ES", "provide an export named",
			"attempted relative import", "Error loading ASGI", "Could not import module",
			"Failed to find attribute", "Failed to find application", "AppImportError", "ailed to import", "Error importing",
			"partially initialized module", "Named export", "UNKNOWN_FILE_EXTENSION", "ES module scope",
			"undefined symbol: "),
			re: `cannot import name ` + quote + `?(?P<name>\w+)|DLL load failed|ImportError|` +
				`import statement outside a module|ERR_REQUIRE_ESM|require\(\) of ES|` +
				`export named '(?P<name2>\w+)'|attempted relative import|Error loading ASGI|` +
				`Could not import module|Failed to find (?:attribute|application object)|AppImportError|[Ff]ailed to import |` +
				`Error importing|partially initialized module|Named export|` +
				`UNKNOWN_FILE_EXTENSION|ES module scope|undefined symbol: \w+`,
			loud: true},
	}
}

// versionRules tell of things that are there but do not fit.
func versionRules() []rule {
	return []rule{{cause: "dependency-version",
		any: one("NoSuchMethodError", "AbstractMethodError", "UnsupportedClassVersionError", "class file version",
			"IncompatibleClassChange", "NoSuchFieldError", "VersionConflict", "DistributionNotFound",
			"is incompatible with this module", "ruby version is", "dependencies require a PHP", "requires php",
			"have already activated", "binary incompatibility", "compiled using NumPy", "ERESOLVE", "update .NET",
			"compatible framework version", "is not defined by \"exports\"", "Unsupported engine", "EBADENGINE",
			"peer dep", "requires a peer", "compiled against a different", "compiled against API",
			"go.mod requires go", "ABI version", "incompatible version", "requires Python", "Requires-Python",
			"different version of", "errors on dependencies", "can't activate ", "is not compatible with",
			"version mismatch", "but you have",
			"unsatisfied dependenc", "MissingSpecVersion", "is being loaded, but", "is already loaded, but",
			"was found, but", "requires a different", "digital envelope routines", "wrong version ",
			"is not supported. Req", "files are incompatible", "but project requires", "nvalid version of dependency",
			"newer version of the", "Requires Node",
			" required, found", "OSSL_EVP_UNSUPPORTED",
			"s required, but", " is required to run", "or higher is required", "or later is required",
			"or newer is required", "or above is required",
			"PluginValidationError", "infrastructure mismatch", "required--this is only"),
		re: `NoSuchMethodError|AbstractMethodError|UnsupportedClassVersion|class file version|` +
			`IncompatibleClassChange|NoSuchFieldError|VersionConflict|DistributionNotFound|` +
			`incompatible with this module|[Rr]uby version is (?P<version>[\d.]+)|require a PHP|` +
			`(?i:requires (?:php|python|node))|have already activated|binary incompatibility|` +
			`compiled using NumPy|\bERESOLVE\b|update \.NET|compatible framework version|` +
			`requires a different Python|digital envelope routines::unsupported|class file has wrong version|` +
			`version \S+ is not supported|database files are incompatible|but project requires|` +
			`Invalid version of dependency|compiled (?:by|` +
			`with) a (?:more recent|newer) version|` +
			`not defined by "exports"|EBADENGINE|Unsupported engine|compiled against (?:a different|API)|` +
			`go\.mod requires go|` +
			`ABI version|incompatible version|(?i:version mismatch)|` +
			`requires [\w.-]+[<>=~!]+[\d.]+, but you have|incompatible peer|PluginValidationError|` +
			`(?:is being loaded|is already loaded|was found), but [^\n]*required|required--this is only version|` +
			`infrastructure mismatch|errors on dependencies|can't activate \S+ \([^)]*\), already activated|` +
			`OSSL_EVP_UNSUPPORTED|(?i:\b(?:python|node(?:\.js)?|ruby|php|java|jdk|go|npm) ` +
			`(?:version )?(?:>=? ?)?v?\d[\d.]*(?:\+| or \w+)? (?:is )?required)`,
		not: `^npm WARN|^warning |npm warn`, loud: true}}
}

// configurationRules tell of configuration that programs refuse.
func configurationRules() []rule {
	return []rule{{cause: "bad-configuration",
		any: one("ConnectionString", "onnectionString", "onnection string", "URL must start with",
			"configure a DataSource", "ImproperlyConfigured", "nvalid configuration", "onfiguration error",
			"onfig error", "[emerg]", "did not find expected", "mapping values are not allowed", "parsing config",
			"parse config", "parse configuration", "Error parsing", "could not parse", "No suitable driver",
			"suitable driver class", "embedded database driver", "rfc1738 URL", "MongoParseError",
			"Invalid scheme", "AdapterNotSpecified", "load config", "load configuration", "AH00526", "AH00111",
			"perhaps misspelled", "FATAL CONFIG", "unrecognized configuration parameter", "unknown variable '",
			"unknown option", "ALLOWED_HOSTS", "APPLICATION FAILED TO START", "Could not resolve placeholder",
			"that could not be found", "resolve service for type", "o service for type ", "secret_key_base",
			"onfigurationException",
			"onfiguration is invalid", "nvalid config", "onfigurationError", "ConfigError", "onfig file",
			"onfiguration file", "nvalid value for", "secretOrPrivateKey", "not be null. (Parameter",
			"cannot be null or empty", "Invalid URL", "nvalid log level", "onfiguration property",
			"is set to an invalid", "unrecognized arguments", "nknown config", "is not valid JSON",
			"is not valid YAML", "onfig validation", "bootstrap checks failed", "rrors loading the",
			"onfiguration: ", "NoSuchBean", "resolve dependencies of the", "hibernate.dialect", "etermine Dialect",
			"BindException",
			"ot bind properties", "initialization string does not conform", "No qualifying bean",
			"UnsatisfiedDependency", "locate PropertySource", "max_map_count", "provider has been configured",
			"ConfigException", "nknown flag", "provided but not defined", "nknown keyword", "ad directive",
			"not a valid URL", "following schemes", "key values mismatch", "property source", "ScannerE",
			"ParserE", "requires a secret", "for environment variable", "unmarshal", "YAMLException", "yaml: ",
			"toml: ", "ConfigurationProperties", "Failed to bind properties", "BeanDefinition", "key is required",
			"unknown configuration", "missing configuration", "invalid port", "nvalid port", "no such setting",
			"does not start with", "invalid connection string", "InvalidConnectionString", "unknown directive",
			"not allowed here", "onfiguration validation", "\" does not exist", "nsupported protocol scheme",
			"supported ciphers are",
			"application encryption key", "nvalid mount", "onnection info string", "onfiguration for ",
			"directory has files in it", "server certificate was specified"),
		re: `(?i)ConnectionString property has not been|connection ?string (?:is|was|has|'|"|could|not|` +
			`must|cannot)[^\n]*(?:not|invalid|missing|null|empty)|(?:invalid|malformed|missing|no|` +
			`keyword not supported)[^\n]{0,40}connection ?string|URL must start with|` +
			`configure a DataSource|ImproperlyConfigured|invalid config(?:uration)?\b|` +
			`config(?:uration)? (?:is invalid|error)|\[emerg\]|did not find expected|` +
			`mapping values are not allowed|(?:error|fail\w*|unable|could not|cannot|` +
			`can't)[^\n]{0,40}(?:pars|load|read|unmarshal|valid)\w*[^\n]{0,30}config|` +
			`could not parse rfc1738|No suitable driver|suitable driver class|embedded database driver|` +
			`MongoParseError|AdapterNotSpecified|AH00526|AH00111|perhaps misspelled|FATAL CONFIG|` +
			`unrecognized configuration|unknown variable '|add [^\n]*to ALLOWED_HOSTS|` +
			`APPLICATION FAILED TO START|Could not resolve placeholder '(?P<property>[^']+)|` +
			`that could not be found|Unable to resolve service for type|No service for type '|secret_key_base|` +
			`ConfigurationException|ConfigurationError|ConfigError|secretOrPrivateKey|` +
			`errors? loading the config|config(?:uration)? validation (?:error|failed)|the (?:service|middleware|router|` +
			`entryPoint|provider|resolver) \\?"[^"\n]+" does not exist|configuration: [^\n]*\boption '|NoSuchBeanDefinition|` +
			`resolve dependencies of the |` +
			`'hibernate\.dialect' not set|determine Dialect|PropertiesBindException|not bind properties|` +
			`string does not conform|` +
			`No qualifying bean|config validation error|is not valid (?:JSON|YAML)|` +
			`bootstrap checks failed|locate PropertySource|max_map_count \[\d+\] is too low|` +
			`provider has been configured|ConfigException|unknown flag: |flag provided but not defined|` +
			`unknown option '|unknown keyword '|bad directive|not a valid URL|one of the following schemes|` +
			`key values mismatch|` +
			`load property source|yaml\S*\.(?:Scanner|Parser)E|requires a secret|` +
			`invalid value for environment|is set to an invalid|unrecognized arguments: |` +
			`not be null\. \(Parameter '(?P<property2>\w*)|Invalid URL|invalid log level|YAMLException|` +
			`(?:yaml|toml): (?:line|unmarshal|invalid|control)|Failed to bind properties|` +
			`unknown configuration|missing configuration|unsupported protocol scheme|supported ciphers are|` +
			`No server certificate was specified|` +
			`No application encryption key|in connection info string|configuration for \S+ not specified|` +
			`data directory has files in it|invalid mount (?:config|\{|path|spec)|` +
			`invalid port\b|Invalid connection string|` +
			`unknown directive|(?:"\w+" )?directive is not allowed here|` +
			`config(?:uration)? file[^\n]*(?:not found|missing|invalid|does not exist|failed|error)`,
		not: `(?i)no config(?:uration)? file found, using|errors?=0|not optional|no such file or directory|` +
			`still could not bind`, loud: true}}
}

// fileRules come late: many messages name a file that is not there as a mere detail.
func fileRules() []rule {
	return []rule{{cause: "file-not-found",
		any: one("ENOENT", "No such file", "FileNotFound", "NoSuchFile", "DirectoryNotFound",
			"Could not find file", "Could not find a part of the path", "unable to open database file",
			"TemplateNotFound", "TemplateDoesNotExist", "Could not open input file", "can't open file",
			"cannot open", "annot open file", "View [", "FileNotFoundError", "cannot stat", "File not found",
			"path specified", "cannot find the file", "cannot find the path", "MissingTemplate",
			"Missing template", "does not exist", "Failed opening required", "is not optional", "image not found",
			"couldn't find file", "can't cd to", "LaTeX Error: File", "could not open file", "NotFound: ",
			"ailed to load ", "ailed to open ", "nonexistent", "' not found", "\" not found", "file missing",
			"ile is missing", "nable to open ", "nable to load ", "be found on local disk", "be found on disk"),
		re: `ENOENT[^\n]*?(?:'(?P<file>[^']+)')?|` +
			`(?i:no such file)(?: or directory)?(?:[^\n]*?['"](?P<file2>/?[\w./-]+)['"])?|FileNotFound|` +
			`NoSuchFile|DirectoryNotFound|Could not find (?:file|a part of the path) '(?P<file3>[^']+)|` +
			`unable to open database file|Template(?:NotFound|DoesNotExist)|open input file|` +
			`can't open file '(?P<file4>[^']+)|cannot open [^\n]*(?:No such|not found|failed)|cannot stat|` +
			`[Ff]ile not found|find the (?:file|path) specified|[Mm]issing ?[Tt]emplate|[Cc]annot open file|` +
			`View \[[^\]]+\] not found|Failed opening required|is not optional|LaTeX Error: File|` +
			`couldn't find file|be found on (?:local )?disk|can't cd to|` +
			`can(?:no|')t create (?P<file6>/[^:\s]+): (?:nonexistent directory|` +
			`[Dd]irectory nonexistent)|(?:ailed|nable) to (?:load|` +
			`open) (?:\w+ ){0,2}file:? ` + quote + `?(?P<file5>/?[\w./-]+)` + quote + `?\s*$|` +
			`dlopen\([^\n]*image not found|(?i:(?:file|folder|` +
			`directory|path)(?: ` + quote + `?[\w./ -]+` + quote + `?)? (?:does not exist|doesn't exist|not found))|` +
			`: ` + quote + `?(?P<file7>/[^:'"\n]*/[^/:'"\n]+?)` + quote + `? does not exist`,
		not: `(?i)favicon|robots\.txt|\bskip(?:ping|ped)?\b|client: |load uWSGI plugin`, loud: true}}
}
