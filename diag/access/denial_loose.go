package access

import (
	"regexp"
	"strings"
)

// refusals are the words of AWS refusing a call without the full sentence: error codes of its services ("Common errors"
// of the API references; "Error codes for the Amazon EC2 API"; "Error responses", Amazon S3 API Reference), and
// phrases.
var refusals = regexp.MustCompile(
	`(?:^|[^.\w/-])(?:[A-Za-z0-9]+\.)?(?:AccessDenied(?:Exception|Fault|Error)?|UnauthorizedOperation|` +
		`AuthorizationError(?:Exception)?|` +
		`NotAuthorized(?:Exception)?|KMSAccessDeniedException|AllAccessDisabled|OperationNotPermitted)\b` +
		`|software\.amazon\.\S*AccessDenied|com\.amazonaws\.\S*AccessDenied` +
		`|Access Denied \(Service:|Access Denied\s+status code: 403|S3Exception: Access Denied|: Access Denied\b` +
		`|(?i:not authorized to perform(?: (?:this operation|sts:)|:)|is not authorized to access this resource` +
		`|encoded authorization failure message` +
		`|ciphertext refers to a customer master key` +
		`|pass role is not allowed` +
		`|does not have permissions? to call \w+ on ` +
		`|unable to assume (?:the |your )?(?:service[- ]linked )?role` +
		`|access to the resource \S+ is denied` +
		`|access to kms is not allowed` +
		`|cannot be assumed by (?:lambda|\w+ service)` +
		`|\bno [\w -]{3,40}(?:policy|boundary) allows the [a-z0-9-]+:` +
		`|with an explicit deny in a)`)

// foreign are refusals of others that share words with AWS's: the file systems of Java and .NET, Spring Security,
// databases.
var foreign = regexp.MustCompile(
	`java\.nio\.file\.AccessDenied|springframework\.security|System\.UnauthorizedAccess|` +
		`(?i:access denied for user|permission denied for (?:table|relation|schema|database))`)

// credentials are the words for credentials that do not hold, whatever the policies say (same sources, and "AWS STS
// common errors").
var credentials = regexp.MustCompile(
	`\b(?:InvalidClientTokenId|UnrecognizedClient(?:Exception)?|InvalidAccessKeyId|SignatureDoesNotMatch|` +
		`ExpiredToken(?:Exception)?|` +
		`InvalidSignature(?:Exception)?|InvalidToken|InvalidIdentityToken|AuthFailure|` +
		`MissingAuthenticationToken(?:Exception)?|` +
		`IncompleteSignature(?:Exception)?|TokenRefreshRequired|RequestExpired|ExpiredTokenException)\b` +
		`|(?i:security token included in the request is (?:invalid|expired)` +
		`|(?:the )?provided token has expired` +
		`|not able to validate the provided access credentials` +
		`|access key id you provided does not exist` +
		`|request signature we calculated does not match` +
		`|authorization token has expired)`)

func badCredentials(text string) bool { return credentials.MatchString(text) }

// refused reports a text in which AWS refuses a call, or its credentials.
func refused(flat string) bool {
	return (refusals.MatchString(flat) || badCredentials(flat)) && !foreign.MatchString(flat)
}

var (
	statedAction = regexp.MustCompile(`(?i:not authorized to perform|\bAPI):?\s+([a-z][a-z0-9-]*:[A-Z][A-Za-z0-9]*)`)
	statedUser   = regexp.MustCompile(`\b[Uu]ser:?\s+(arn:[^\s"',]+)\s+is not authorized`)
	objectURI    = regexp.MustCompile(`\bs3://[^\s"'()<>,\\]+`)
	denialURL    = regexp.MustCompile(`(?i)access to the resource (\S+) is denied`)
	fetched      = regexp.MustCompile(`(?i)\bfetch(?:ing)? (?:the )?(?:secret|parameter) (arn:[^\s"',]+)`)
	roleARNField = regexp.MustCompile(`(?i)\brole[-_]?arn["']?\s*[:=]>?\s*["']?(arn:[^\s"',)]+)`)
	assumedRole  = regexp.MustCompile(`(?i)unable to assume (?:the |` +
		`your )?(?:service[- ]linked )?role\s+['"(]?(arn:[^\s'",)]+)`)
)

// loose reads what a text without the full sentence may still say.
func (d *Denial) loose(flat string) {
	d.Action = first(statedAction, flat)
	d.Principal = trim(first(statedUser, flat))
	d.Resource = trim(first(denialURL, flat))
	if role := trim(first(assumedRole, flat)); role != "" {
		d.Resource = role
	}
	if secret := trim(first(fetched, flat)); d.Resource == "" && secret != "" {
		d.Resource = secret
	}
	if uris := objectURI.FindAllString(flat, -1); d.Resource == "" && allEqual(uris) {
		d.Resource = trim(uris[0])
	}
}

func first(re *regexp.Regexp, text string) string {
	if m := re.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return ""
}

// allEqual reports one or more strings that are the same: with several, nobody knows which was meant.
func allEqual(s []string) bool {
	for _, t := range s {
		if strings.TrimRight(t, "/.:") != strings.TrimRight(s[0], "/.:") {
			return false
		}
	}
	return len(s) > 0
}
