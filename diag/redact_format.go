package diag

import (
	"encoding/base64"
	"regexp"
	"strings"
	"unicode"
)

// format is a secret that is known by its own form. Regular expressions are slow, so a text is searched only when it
// holds one of the literals.
type format struct {
	literals []string
	pattern  *regexp.Regexp // the secret is the first group, or else the whole match
	keep     func(text string, secret span) bool
}

var formats = []format{
	{ // private keys, also cut short, with newlines as they are or escaped
		literals: []string{"PRIVATE KEY"},
		pattern:  regexp.MustCompile(`(?s)-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----(.*?)(?:-----END|$)`),
		keep: func(text string, s span) bool {
			return tokenPattern.MatchString(strings.TrimSpace(text[s.start:s.end]))
		},
	},
	{ // scheme://user:password@host; the password may hold a slash unless it looks like a port
		literals: []string{"://"},
		pattern:  regexp.MustCompile(`://[^\s/?#"'<>@:]*:([^\s"'<>/?#,]+|[^\s"'<>@]+)@`),
		keep:     notUserinfo,
	},
	{ // https://token@host
		literals: []string{"://"},
		pattern:  regexp.MustCompile(`(?i)https?://([A-Za-z0-9_-]{20,})@`),
	},
	{ // Go's MySQL driver: user:password@tcp(host:port)/name
		literals: []string{"@tcp", "@unix"},
		pattern:  regexp.MustCompile(`[^\s:/"'=]+:([^\s"']+)@(?:tcp6?|unix)\(`),
	},
	{ // RFC 6750
		literals: []string{"earer", "EARER"},
		pattern:  regexp.MustCompile(`(?i)\bbearer[\s:]+([A-Za-z0-9._~+/-]{6,}=*)`),
		keep:     func(text string, s span) bool { return !looksRandom(text[s.start:s.end]) },
	},
	{ // RFC 7617
		literals: []string{"asic ", "ASIC "},
		pattern:  regexp.MustCompile(`(?i)\bbasic\s+([A-Za-z0-9+/_-]{4,}=*)`),
		keep:     func(text string, s span) bool { return !isUserPass(text[s.start:s.end]) },
	},
	{ // RFC 7519, also cut short
		literals: []string{"eyJ"},
		pattern:  regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]+){1,4}`),
	},
	{ // "IAM identifiers": the prefixes of credentials; those of users and roles stay
		literals: []string{"AKIA", "ASIA", "ABIA", "ACCA"},
		pattern:  regexp.MustCompile(`\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,}\b`),
	},
	{ // session tokens of AWS STS, known by how they all begin
		literals: []string{"b3JpZ2lu", "oGZXIvYXdz"},
		pattern:  regexp.MustCompile(`(?:IQoJb3JpZ2lu|F[wQ]oGZXIvYXdz)[A-Za-z0-9/+=%_-]{12,}`),
	},
	{
		literals: []string{"ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"},
		pattern:  regexp.MustCompile(`\b(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{16,})`),
	},
	{
		literals: []string{"glpat-", "gldt-", "glrt-", "glptt-", "glcbt-", "glsoat-", "glagent-"},
		pattern:  regexp.MustCompile(`\bgl(?:pat|dt|rt|ptt|cbt|soat|agent)-[A-Za-z0-9_.-]{16,}`),
	},
	{
		literals: []string{"xox", "xapp-"},
		pattern:  regexp.MustCompile(`\bx(?:ox[abceoprs]|app)-[A-Za-z0-9-]{10,}`),
	},
	{
		literals: []string{"hooks.slack.com/"},
		pattern:  regexp.MustCompile(`hooks\.slack\.com/(?:services|workflows|triggers)/([A-Za-z0-9/]{8,})`),
	},
	{
		literals: []string{"k_live_", "k_test_", "whsec_"},
		pattern:  regexp.MustCompile(`\b(?:[rsp]k_(?:live|test)_|whsec_)[A-Za-z0-9+/=]{10,}`),
	},
	{ // package registries: npm, PyPI, Docker Hub
		literals: []string{"npm_", "pypi-", "dckr_pat_"},
		pattern:  regexp.MustCompile(`\b(?:npm_[A-Za-z0-9]{30,}|pypi-[A-Za-z0-9_-]{30,}|dckr_pat_[A-Za-z0-9_-]{16,})`),
	},
	{
		literals: []string{"AIza", "ya29.", "GOCSPX-"},
		pattern:  regexp.MustCompile(`\b(?:AIza[A-Za-z0-9_-]{30,}|ya29\.[A-Za-z0-9_-]{20,}|GOCSPX-[A-Za-z0-9_-]{20,})`),
	},
	{ // SendGrid, Vault, model providers
		literals: []string{"SG.", "hvs.", "hvb.", "sk-"},
		pattern:  regexp.MustCompile(`\b(?:SG\.[\w-]{16,}\.[\w-]{16,}|hv[sb]\.[\w-]{20,}|sk-[\w-]{32,})`),
	},
	{ // mysql -u app -phunter2; the form "-p hunter2" names a database
		literals: []string{"mysql", "mariadb"},
		pattern:  regexp.MustCompile(`\b(?:mysql|mariadb)[a-z]*\b[^\n|;]*?\s-p['"]?([^\s'"]+)`),
	},
	{
		literals: []string{"curl"},
		pattern:  regexp.MustCompile(`\bcurl\b[^\n|;]*?\s(?:-u|--user)[ =]*['"]?[^\s:'"]+:([^\s'"]+)`),
	},
}

// formatted returns the secrets in s that are known by their own form.
func formatted(s string) []span {
	var spans []span
	for _, f := range formats {
		if !containsAny(s, f.literals) {
			continue
		}
		for _, m := range f.pattern.FindAllStringSubmatchIndex(s, -1) {
			p := span{m[len(m)-2], m[len(m)-1]}
			if f.keep == nil || !f.keep(s, p) {
				spans = append(spans, p)
			}
		}
	}
	return append(spans, secretKeys(s)...)
}

func containsAny(s string, literals []string) bool {
	for _, l := range literals {
		if strings.Contains(s, l) {
			return true
		}
	}
	return false
}

// notUserinfo tells host:port/path…@ and repository:tag@sha256:… from user:password@.
func notUserinfo(text string, s span) bool {
	port, _, path := strings.Cut(text[s.start:s.end], "/")
	return path && strings.Trim(port, "0123456789") == "" || strings.HasPrefix(text[s.end:], "@sha256:")
}

// looksRandom tells a token from a word of a sentence.
func looksRandom(s string) bool {
	mixed := strings.ToLower(s[1:]) != s[1:] && strings.ToUpper(s) != s
	return len(s) >= 24 || strings.ContainsAny(s, "0123456789") || mixed
}

// isUserPass reports base64 of "user:password".
func isUserPass(s string) bool {
	s = strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(s, "="))
	text, err := base64.RawStdEncoding.DecodeString(s)
	return err == nil && strings.Contains(string(text), ":") && !strings.ContainsFunc(string(text), unicode.IsControl)
}

// secretKeyLength is the length of a secret access key ("Managing access keys for IAM users").
const secretKeyLength = 40

// secretKeys finds secret access keys that stand without a name: runs of base64 of just their length which look drawn
// at random.
func secretKeys(s string) []span {
	var spans []span
	for start := 0; start+secretKeyLength <= len(s); start++ {
		end := start
		for end < len(s) && isWordByte(s[end]) {
			end++
		}
		if end-start == secretKeyLength && drawn(s[start:end]) && !inARN(s, start) && (end == len(s) || s[end] != '=') {
			spans = append(spans, span{start, end})
		}
		start = end
	}
	return spans
}

// isWordByte reports the characters of base64 and those with which names go on.
func isWordByte(c byte) bool { return isAlnum(c) || c == '/' || c == '+' || c == '_' || c == '-' }

// minChanges is how often the kind of character must change from one to the next. Forty random characters of base64
// change 25 times on average; paths and names in camel case stay well below.
const minChanges = 14

func drawn(s string) bool {
	changes, kinds := 0, map[byte]int{}
	for i := range len(s) {
		kinds[kindOfByte(s[i])]++
		if i > 0 && kindOfByte(s[i]) != kindOfByte(s[i-1]) {
			changes++
		}
	}
	return changes >= minChanges && kinds['_'] == 0 && kinds['a'] >= 4 && kinds['A'] >= 4 && kinds['0'] >= 1
}

func kindOfByte(c byte) byte {
	switch {
	case c >= 'a' && c <= 'z':
		return 'a'
	case c >= 'A' && c <= 'Z':
		return 'A'
	case c >= '0' && c <= '9':
		return '0'
	case c == '/' || c == '+':
		return '/'
	}
	return '_'
}

func isAlnum(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}
