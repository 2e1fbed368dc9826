package logs

// wordRules come last of all: they go by the nouns and the complaint of a line that says of itself that it is an error,
// where nothing is known of the program that wrote it.
func wordRules() []rule {
	const loudly = `(?i:\b(?:error|fatal|critical|crit|panic|severe|emerg|alert|failed|aborting|exiting|cannot|` +
		`invalid)\b)`
	return []rule{
		{cause: "bad-configuration", any: one("onfiguration", "CONFIGURATION", "onfig ", "config:", "onfig:",
			"etting ", "ettings", "roperty ", "roperties", "nvalid option", "nknown option", "nvalid value",
			"equired argument", "nexpected argument", "nrecognized argument", "nrecognised argument",
			"nvalid argument", "nrecognized option", "unrecognised", "nsupported option", "nknown argument",
			"nknown parameter", "nvalid parameter", "ollowing arguments", "ollowing required arg", "configured but no",
			"issing :"),
			re: loudly + `[^\n]*(?i:\b(?:config(?:uration)?|settings?|propert(?:y|ies))\b[^\n]{0,60}\b(?:missing|invalid|` +
				`required|` +
				`not (?:set|defined|specified|configured|supported|valid)|unknown|unsupported|unrecogni[sz]ed|must be|` +
				`malformed|` +
				`mismatch|failed|incorrect|wrong|empty))|` +
				loudly + `[^\n]*(?i:\b(?:missing|invalid|unknown|unsupported|unrecogni[sz]ed|malformed|incorrect|wrong)\b` +
				`[^\n]{0,40}\b(?:config(?:uration)?|settings?|propert(?:y|ies)|option|argument|flag|parameter|directive)\b)|` +
				`(?i:\bis missing (?:from|in) (?:the )?config(?:uration)?\b)|(?i:\berror: (?:(?:invalid|unexpected|unknown|` +
				`unrecogni[sz]ed) (?:value|argument|option|flag)|` +
				`the following (?:required )?arguments)\b)|` +
				`(?i:(?:exception|error): \w+ (?:configuration|settings?) (?:is )?missing)|` +
				loudly + `[^\n]*(?i:\bconfigured but no \w)|\bmissing :\w+ (?:configuration|option|key)\b`,
			not: `(?i)\b(?:test|spec)s?\b|Traceback|\n\s+at `, loud: true},
		{cause: "bad-configuration", any: one(" must be one of", " must be a", " must be at least",
			" must be between", " must be in ",
			" must be set to", "cannot be used with", "can't be used with", "utually exclusive", "s only supported ",
			"s supported only ", "cannot be combined", "is invalid: ", "Invalid ", "nknown shorthand flag", "not an IP "+
				"address", "is invalid because",
			"for configuration ", "not supported"),
			re: `\b(?:[A-Z][A-Z0-9]{2,}|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b["'` + "`" + `]? must be (?:one of|an? |at least|` +
				`between|in |set to )|` +
				`\b[Ii]nvalid (?:value (?:of|for) )?["'` + "`" + `]?[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b|` +
				`(?i:unknown shorthand flag|: not an IP address|file '[^']+' is invalid because|` +
				`invalid value \S+ for configuration )|` +
				`\bis invalid: \w+(?:\.\w+|\[\w+\])+: (?:Invalid value|Required value|Not found|Unsupported|Forbidden|Duplicate)|` +
				loudly + `[^\n]*(?i:can(?:no|')t be (?:used|combined) with|mutually exclusive|` +
				`is (?:only supported|supported only) (?:for|on|with|in)|\b(?:driver|backend|engine|dialect|protocol|algorithm|` +
				`cipher|mode|option) ` +
				`(?:is )?not supported\b)`,
			not: `ERR_[A-Z]|(?i)Traceback`, loud: true},
	}
}
