package access

import (
	"regexp"
	"slices"
	"strings"
)

// Denial is what a text says of a call that AWS refused. A field is empty where the text does not say it. Every field
// stands in the text as it is, unless Derived names it.
type Denial struct {
	// Action is the refused action: "secretsmanager:GetSecretValue".
	Action string
	// Resource is what it was refused on, mostly an ARN; "*" where the action knows no resources.
	Resource string
	// Principal is who was refused, mostly an ARN.
	Principal string
	// Role is the name of the role where the principal is one.
	Role string
	// Account is the account of the principal.
	Account string
	// Kind says which policy refused.
	Kind DenialKind
	// Explicit says that a Deny statement refused, of whichever policy.
	Explicit bool
	// Policy is the ARN of the policy that refused, where the message names it.
	Policy string
	// Encoded is the encoded authorization message, for sts:DecodeAuthorizationMessage.
	Encoded string
	// Derived names the fields that were concluded instead of read: "action", from the name of the operation, or
	// "principal".
	Derived []string
}

// The fields that may be derived.
const (
	derivedAction    = "action"
	derivedPrincipal = "principal"
)

// word is a run of characters without white space, save inside what stands for something left out ("<the account>",
// "[role ARN]", "arn:aws:sts:: ... :"); gap is what lies between two words of a sentence.
const (
	word = `(?:<[\w .-]{1,40}>|\[[\w .-]{1,40}\]|: \.\.\. :|\S)+`
	gap  = `\s+`
	// kinded is how IAM names its own resources, by kind and name ("role deployer"), instead of by ARN.
	kinded = `(?:(?:user|group|role|policy|instance profile|server certificate|mfa device|oidc provider|` +
		`saml provider)` + gap + `)`
)

// sentence is the message of IAM ("Troubleshoot access denied error messages", IAM User Guide) and its older forms.
// Group 1 is the principal, 2 the action, 3 the resource.
var sentence = regexp.MustCompile(`(?i)(?:(` + word + `)` + gap + `(?:is|are)` + gap + `)?not` + gap +
	`authorized` + gap + `to` + gap + `perform:?` + gap +
	`[\[\x60'"\\]*([a-z][a-z0-9-]*:[a-z*][a-z0-9*]*)[\]\x60'"\\,.;]*` +
	`(?:` + gap + `(?:on|for)` + gap + `(?:the` + gap + `)?(?:following` + gap + `)?resources?:?` + gap +
	`["']*(` + kinded + `?` + word + `))?`)

// service is a caller that is named by a few words: "CloudWatch Alarms is not authorized to perform".
var service = regexp.MustCompile(`(?:^|["'\x60:;(]\s*|\n\s*)([A-Z][A-Za-z]+(?: [A-Z][A-Za-z]+){1,3})\s+` +
	`is\s+not\s+authorized\s+to\s+perform`)

// assertions that stand for a principal without naming one.
var pronouns = []string{"user", "role", "you", "caller", "principal", "client", "identity", "it", "account", "entity",
	"and", "operation", "null", "undefined", "none"}

// follow are the words that come after the resource, where a sentence leaves the resource itself out.
var follow = []string{"with", "because", "since", "as", "and", "in", "due", "status"}

// ParseDenial reads a text for a call that AWS refused: a message of IAM in whatever an SDK, the AWS CLI, Terraform, an
// agent or a log wrapped it in. It returns false for a text that tells of no such refusal; for one that only says
// "Access Denied" it returns a Denial whose fields are empty. Refusals of databases, registries and file systems are
// none.
func ParseDenial(text string) (Denial, bool) {
	flat := flatten(text)
	d := Denial{Kind: Unspecified}
	rest := flat
	m := sentence.FindStringSubmatchIndex(flat)
	switch {
	case m != nil:
		d.Principal, d.Action = principal(group(flat, m, 1)), group(flat, m, 2)
		if named := service.FindStringSubmatch(flat); named != nil && strings.HasSuffix(named[1], " "+d.Principal) {
			d.Principal = named[1]
		}
		d.Resource = resource(group(flat, m, 3))
		rest = flat[m[0]:]
	case !refused(flat):
		return Denial{}, false
	default:
		d.loose(flat)
	}
	d.because(rest)
	if d.Action == "" {
		d.derive(flat)
	}
	if d.Principal == "" && m == nil && anonymous.MatchString(flat) {
		d.Principal, d.Derived = "anonymous", append(d.Derived, derivedPrincipal)
	}
	d.Role, d.Account = roleAndAccount(d.Principal)
	return d, true
}

// anonymous is how services call a request without credentials.
var anonymous = regexp.MustCompile(`(?i)\banonymous\s+(?:users?|callers?|requests?|principals?)\b`)

// group returns a submatch, empty if it took no part.
func group(text string, m []int, n int) string {
	if m[2*n] < 0 {
		return ""
	}
	return text[m[2*n]:m[2*n+1]]
}

// principal returns the word before "is not authorized", if it names somebody.
func principal(word string) string {
	word = told(trim(word))
	word = word[strings.LastIndexAny(word, "\"'`")+1:]
	if strings.HasSuffix(word, ":") || slices.Contains(pronouns, strings.ToLower(strings.TrimRight(word, ".…"))) {
		return ""
	}
	return strings.TrimPrefix(strings.TrimPrefix(word, "User:"), "user:")
}

// resource returns the words after "on resource:", if they name something.
func resource(words string) string {
	named := told(trim(words))
	if first, _, _ := strings.Cut(named, " "); slices.Contains(follow, strings.ToLower(first)) {
		return ""
	}
	return named
}

// placeholder is a few words that stand for what was left out.
var placeholder = regexp.MustCompile(`^[\[<{]?[\w-]+(?: [\w.-]+)+[\]>}]$|^[\[<{(]?[.…]*[\]>})]?$`)

// told hides a name that only stands for what was left out.
func told(name string) string {
	if placeholder.MatchString(name) {
		return ""
	}
	return name
}

// trim takes off quotes, brackets and the punctuation of the sentence. Dots at the end stay where they stand for
// something left out.
func trim(word string) string {
	word = fieldEnd.ReplaceAllString(tagEnd.ReplaceAllString(word, ""), "")
	for before := ""; word != before; {
		before = word
		word = strings.TrimLeft(strings.Trim(word, "\"'`\\,;)。"), "(")
		for _, pair := range []string{"[]", "{}"} {
			word = unwrap(word, pair[:1], pair[1:])
		}
		if strings.HasSuffix(word, ".") && !strings.HasSuffix(word, "..") {
			word = strings.TrimSuffix(word, ".")
		}
	}
	return word
}

// tagEnd is an XML tag that closes right after a word.
var tagEnd = regexp.MustCompile(`</[A-Za-z]+>.*$`)

// fieldEnd is where a quoted text ends and the next field begins, without a blank in between.
var fieldEnd = regexp.MustCompile(`["'](?:[,:}\]]["'{}\]]*[\w].*|[}\]]+)$`)

// unwrap takes a bracket off that has no counterpart in the word, or that goes round all of it.
func unwrap(word, open, end string) string {
	if strings.HasSuffix(word, end) && strings.Count(word, open) < strings.Count(word, end) {
		return strings.TrimSuffix(word, end)
	}
	if strings.HasPrefix(word, open) && strings.Count(word, open) > strings.Count(word, end) {
		return strings.TrimPrefix(word, open)
	}
	if whole := strings.TrimSuffix(strings.TrimPrefix(word, open), end); len(whole) == len(word)-2 &&
		!strings.ContainsAny(whole, " .") {
		return whole
	}
	return word
}

// ornament is what wraps a message over lines: escaped line ends, the seams of a string that source code puts together,
// and the marks of comments, boxes and quotations at the beginning of a line.
var ornament = regexp.MustCompile(`\\[nrt]|(?m:\\[ \t]*$)|["'][ \t]*[+\\]?[ \t]*\n\s*(?:\+\s*)?["']|` +
	`(?m:^[ \t]*(?://|#|\*|\||>|│|╷|╵)+[ \t])`)

// bold is a message in bold type, as Markdown writes it. Three asterisks and more stand for what somebody took out.
var bold = regexp.MustCompile(`(^|[^*])\*\*([A-Za-z][^*]*)\*\*($|[^*])`)

// flatten puts blanks in place of ornaments. Nothing moves: a word of the result stands in the text at the same place.
func flatten(text string) string {
	text = bold.ReplaceAllString(text, "$1  $2  $3")
	return ornament.ReplaceAllStringFunc(text, func(s string) string {
		return strings.Repeat(" ", len(s))
	})
}

var account = regexp.MustCompile(`^\d{12}$`)

// roleAndAccount takes a principal's ARN apart ("IAM identifiers", IAM User Guide). Parts that were blacked out are
// left empty.
func roleAndAccount(principal string) (role, id string) {
	parts := strings.SplitN(principal, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" {
		return "", ""
	}
	if account.MatchString(parts[4]) {
		id = parts[4]
	}
	kind, name, _ := strings.Cut(parts[5], "/")
	switch kind {
	case "assumed-role":
		role, _, _ = strings.Cut(name, "/")
	case "role":
		role = name[strings.LastIndex(name, "/")+1:]
	}
	if strings.Trim(role, ".*") == "" {
		role = ""
	}
	return role, id
}
