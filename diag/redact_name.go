package diag

import (
	"regexp"
	"strings"
	"unicode"
)

// secretWords end names of secrets, alone or as the tail of a word: password, dbpassword.
var secretWords = []string{"password", "passwd", "passphrase", "passcode", "apikey", "secretkey", "accesskey",
	"privatekey",
	"authtoken", "accesstoken", "clientsecret", "connectionstring", "connstring", "connstr"}

// wholeWords are names of secrets as words of their own.
var wholeWords = map[string]bool{"secret": true, "token": true, "pwd": true, "jwt": true, "credential": true,
	"credentials": true, "creds": true, "authorization": true, "cookie": true, "signature": true}

// keyOwners make "key" a secret when they stand before it. Other keys are names: cache key, partition key, key pair.
var keyOwners = map[string]bool{"api": true, "access": true, "secret": true, "private": true, "encryption": true,
	"signing": true, "master": true, "account": true, "shared": true, "auth": true, "license": true, "hmac": true,
	"app": true, "jwt": true, "session": true, "webhook": true}

// harmlessFirst begin names that tell of an act or an error, not of a secret: GetSecretValue, InvalidToken.
var harmlessFirst = set(`get list describe create generate assume revoke rotate parse decode manage fetch missing invalid
	expired incorrect wrong unexpected malformed unknown unrecognized no is has requires`)

// harmlessLast end names that tell of something about a secret and not the secret: secretArn, token_expiry.
var harmlessLast = set(`arn arns id ids name names type types kind version versions expiry expiration expires expired ttl count
	length size age policy enabled required used rotation at date time timeout path file dir directory url uri
	endpoint param parameter parameters ref from status state error errors exception fault failed failure invalid
	malformed provider providers manager source bucket limit lifetime encryption algorithm method stdin field prompt
	reset change changed requested missing found denied headers header scope scopes issuer audience store vault format
	mode plugin rule bits hint min max prefix pattern validator service server host port user username spec usage
	duration seconds millis minutes hours days`)

// harmlessBefore make "token" a mark of paging or of a repeated request: nextForwardToken, ClientRequestToken.
var harmlessBefore = set(`next previous page pagination continuation forward backward start marker resume client
	request idempotency sync lock`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// secretName reports a name whose value is a secret: DB_PASSWORD, apiKey, x-amz-security-token.
func secretName(name string) bool {
	if !mayName(name) {
		return false
	}
	words := wordsOf(name)
	if len(words) == 0 || harmlessFirst[words[0]] && len(words) > 1 || harmlessLast[words[len(words)-1]] {
		return false
	}
	for i, w := range words {
		before := ""
		if i > 0 {
			before = words[i-1]
		}
		switch {
		case w == "token" && harmlessBefore[before]:
		case wholeWords[w], w == "key" && keyOwners[before], w == "pass" && i > 0 && i == len(words)-1,
			w == "string" && before == "connection", hasAnySuffix(w, secretWords), strings.HasSuffix(w, "pwd"):
			return true
		}
	}
	return false
}

var syllables = [...]string{"pass", "key", "token", "secret", "pwd", "cred", "authoriz", "conn", "jwt", "cookie",
	"signature"}

// mayName rules most names out fast: a secret's holds one of a few syllables.
func mayName(name string) bool {
	var buf [64]byte
	name = name[max(0, len(name)-len(buf)):]
	lower := buf[:len(name)]
	for i := range lower {
		lower[i] = name[i] | 0x20
	}
	for _, syllable := range syllables {
		if strings.Contains(string(lower), syllable) {
			return true
		}
	}
	return false
}

// wordsOf splits a name in snake, kebab or camel case into lower-case words, without digits at their ends.
func wordsOf(name string) []string {
	var words []string
	between := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
	for _, part := range strings.FieldsFunc(name, between) {
		start := 0
		for i := 1; i <= len(part); i++ {
			if i == len(part) || humpAt(part, i) {
				if w := strings.TrimRight(strings.ToLower(part[start:i]), "0123456789"); w != "" {
					words = append(words, w)
				}
				start = i
			}
		}
	}
	return words
}

// humpAt reports a new word of camel case at i: userName, DBPassword.
func humpAt(s string, i int) bool {
	upper := func(i int) bool { return s[i] >= 'A' && s[i] <= 'Z' }
	lower := func(i int) bool { return s[i] >= 'a' && s[i] <= 'z' }
	return upper(i) && (!upper(i-1) || i+1 < len(s) && lower(i+1))
}

// lastName returns the part of a path such as containers[app].environment[DB_PASSWORD].value that names the value.
func lastName(path string) string {
	if strings.Contains(path, "arn:") {
		return "" // what a resource is called tells nothing of the value: "secretsmanager:GetSecretValue on arn:…"
	}
	path = strings.TrimSuffix(strings.TrimSuffix(path, ".value"), ".Value")
	if !strings.HasSuffix(path, "]") {
		return path[strings.LastIndexByte(path, '.')+1:]
	}
	open := strings.LastIndexByte(path, '[')
	inside := strings.TrimSuffix(path[open+1:], "]")
	if open > 0 && strings.Trim(inside, "0123456789") == "" {
		return lastName(path[:open])
	}
	return inside
}

func hasAnySuffix(s string, suffixes []string) bool {
	for _, x := range suffixes {
		if strings.HasSuffix(s, x) {
			return true
		}
	}
	return false
}

var (
	arnPattern       = regexp.MustCompile(`^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:[^:]*:`)
	referencePattern = regexp.MustCompile(`^(?:\$\{[^}]*\}|\$\([^)]*\)|\$[A-Za-z_]\w*|\{\{[^}]*\}\}|%\([a-z_]+\)s|%[sdvq]|<[^>]*>|[*xX.•]{3,})$`)
	harmlessValues   = set("null nil none undefined true false yes no empty required optional missing unset redacted")
)

// harmless reports a value that is no secret, whatever its name: a reference to one, a placeholder, nothing.
func harmless(value string) bool {
	v := strings.TrimSpace(value)
	if v == "" || strings.ContainsAny(v[:1], "[{<") && !tokenLike(v) {
		return true
	}
	return harmlessValues[strings.ToLower(strings.Trim(v, "<>()[]"))] || tokenPattern.MatchString(v) ||
		arnPattern.MatchString(v) || referencePattern.MatchString(v)
}

// tokenLike reports a value that starts with a bracket but is no list, object or placeholder.
func tokenLike(v string) bool { return len(v) > 1 && isAlnum(v[1]) }

// sentenceWords follow a name when a sentence goes on rather than a value: "token: expected …".
var sentenceWords = set(`is was are were has have had not no must should shall can cannot could may might will would the a an
	and or of for in on at to by from with this that it expected unexpected invalid missing required illegal failed
	fail failure unable does did do wrong incorrect denied access expired unknown unsupported value field got error
	unauthorized permission contains too cannot flag option operation request context connection resource user
	service retrieved authentication rpc dial timeout empty null undefined please there if when because`)

var errorPattern = regexp.MustCompile(`^[A-Z]?[A-Za-z]*(?:Exception|Error|Fault|NotFound|Denied|Canceled)$`)

func isSentenceWord(s string) bool {
	return sentenceWords[strings.ToLower(strings.TrimRight(s, ":,."))]
}

// prose reports that "name: word" is part of a sentence, such as "failed to fetch secret: AccessDeniedException". Only
// a bare word of letters behind a colon can be one.
func (x *scanner) prose(keyStart, at int, v value) bool {
	word := v.text(x.text)
	notLetter := func(r rune) bool { return !unicode.IsLetter(r) }
	if v.quote != "" || x.text[at] != ':' || strings.ContainsFunc(strings.TrimRight(word, ":"), notLetter) {
		return false
	}
	goesOn := v.end+1 < len(x.text) && x.text[v.end] == ' '
	inSentence := keyStart > 1 && x.text[keyStart-1] == ' ' && unicode.IsLetter(rune(x.text[keyStart-2]))
	return errorPattern.MatchString(strings.TrimRight(word, ":")) || goesOn && (inSentence || isSentenceWord(word))
}
