package logs

import "strings"

// settingsRules go by libraries that check a program's settings at its start: pydantic, zod, envalid, joi.
func settingsRules() []rule {
	return []rule{{cause: "bad-configuration",
		any: one("validation error for ", "validation errors for ", "nvalid environment variable",
			"nvalid environment configuration", "nvalid env var", "nvalid env config", "nvalid env:",
			"nvironment validation failed", "nv validation failed"),
		re: `validation errors? for (?P<model>\w*(?:Settings|Config|Configuration|Env|Environment|Options)\w*)|` +
			`(?i:invalid env(?:ironment)?(?: var\w*| config\w*|:)|env(?:ironment)? validation failed)`,
		refine: bySetting}}
}

// bySetting tells a setting that is missing from one that is wrong.
func bySetting(text string, _ []Field) string {
	for _, missing := range []string{"ield required", "Required", "eceived undefined", "type=missing", "is required",
		"value_error.missing", "ust be set"} {
		if strings.Contains(text, missing) {
			return "missing-environment-variable"
		}
	}
	return "bad-configuration"
}

// environmentErrorRules go by exceptions that are named after the environment.
func environmentErrorRules() []rule {
	return []rule{{cause: "missing-environment-variable",
		any: one("MissingEnv", "EnvNotFound", "EnvironmentVariableNotFound", "EnvironmentError:", "EnvVarError", "EnvError",
			"EnvironmentVariableError", "MissingSecret", "UndefinedEnv", "EnvMissing"),
		re: `\b\w*(?:Missing|Undefined)Env\w*(?:Error|Exception)|\b\w*Env(?:ironment)?(?:Var(?:iable)?)?(?:NotFound|` +
			`Missing|NotSet|Undefined)\w*|` +
			`\bEnv(?:ironment)?Var(?:iable)?(?:Error|Exception)\b|\bEnvError\b`,
		loud: true}}
}

// frameworkRules go by how frameworks and servers say that they were set up wrongly: by the package or the name of the
// exception, or by the form of the message.
func frameworkRules() []rule {
	return []rule{
		{cause: "bad-configuration", any: one("[ALERT]"),
			re:  `\[ALERT\][^\n]*: (?:config : |parsing \[|Parsing \[|\[[^\]\n]+\.cfg|[^\n]*(?:in|found in) configuration)`,
			not: `(?i)cannot bind|could not resolve|is DOWN|has no server available`},
		{cause: "bad-configuration", any: one("rror creating bean", "BeanCreation", "BeanInstantiation",
			"UnsatisfiedDependency", "NotOfRequiredType", "BeanDefinition", "BeanCurrently", "ConversionFailed"),
			re: `Error creating bean with name '(?P<bean>[^']+)|\bBean\w*Exception\b|UnsatisfiedDependencyException|` +
				`NoSuchBeanDefinition|ConversionFailedException`},
		{cause: "bad-configuration", any: one("ConfigException", "ConfigurationException", "ConfigError",
			"ConfigurationError", "OptionsException", "OptionException", "SettingsError", "SettingsException",
			"OptionsError", "ConfigurationProperties", "OptionsValidation", "ConfigValidation",
			"PropertiesException", "ConfigParseError", "MissingConfig", "InvalidConfig", "ConfigNotFound",
			"BadConfig"),
			re: `\b(?:[A-Z]\w*)?(?:Config(?:uration)?|Options?|Settings?|Properties)\w*(?:Exception|Error)\b|` +
				`\bConfig\w*(?:Exception|Error)\b`, loud: true},
		{cause: "bad-configuration", any: one("missing field `", "unknown field `", "unknown variant `"),
			re: "(?:missing|unknown) (?:field|variant) `(?P<property>\\w+)`", not: `panicked at`, loud: true},
	}
}
