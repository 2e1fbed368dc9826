package guard

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/saved"
)

// RefusedError is the error of a call that the guard did not let through. No request was sent.
type RefusedError struct {
	// Service is the prefix of the IAM action, such as "ec2".
	Service string
	// Operation is the API operation, such as "TerminateInstances".
	Operation string
	// Why says what speaks against it.
	Why string
}

// Error names the call and the reason.
func (e *RefusedError) Error() string {
	return fmt.Sprintf("guard refused %s:%s: %s", e.Service, e.Operation, e.Why)
}

// Unwrap makes [diag.KindOf] see [diag.KindDenied].
func (e *RefusedError) Unwrap() error { return diag.Errorf(diag.KindDenied, "refused: %s", e.Why) }

// Declared returns the operations that this module calls and that are allowed without being named, as
// "service:Operation" with the service as in IAM actions, sorted.
func Declared() []string { return slices.Clone(declared) }

// secrets are operations with the name of a read that hand out secrets, credentials or contents of customers. They
// are refused unless named in full, whatever wildcard covers them.
var secrets = []string{
	"codeartifact:GetAuthorizationToken", "cognito-identity:GetCredentialsForIdentity", "cognito-identity:GetId",
	"ec2:GetPasswordData", "ecr:GetAuthorizationToken", "ecr:GetDownloadUrlForLayer", "lightsail:DownloadDefaultKeyPair",
	"lightsail:GetInstanceAccessDetails", "rds:GenerateDBAuthToken", "redshift:GetClusterCredentials",
	"redshift:GetClusterCredentialsWithIAM", "s3:GetObject", "secretsmanager:BatchGetSecretValue",
	"secretsmanager:GetSecretValue", "sso:GetRoleCredentials", "sts:AssumeRole", "sts:AssumeRoleWithSAML",
	"sts:AssumeRoleWithWebIdentity", "sts:AssumeRoot", "sts:GetDelegatedAccessToken", "sts:GetFederationToken",
	"sts:GetSessionToken", "sts:GetWebIdentityToken",
}

// revealing are input members with which a caller asks to see what is otherwise hidden: decrypted parameters
// (Systems Manager API reference, GetParameter) and log data that a data-protection policy masks (CloudWatch Logs API
// reference, FilterLogEvents).
var revealing = []string{"WithDecryption", "Unmask"}

type allowList struct {
	operations map[string]bool
	prefixes   []string // "ec2:Describe", from wildcards
}

// entry is service, operation or wildcard, and a revealing member.
var entry = regexp.MustCompile(`^([a-z0-9-]+):` +
	`(?:((?:Describe|List)[A-Za-z0-9]*)\*|([A-Z][A-Za-z0-9]*)(:[A-Z][A-Za-z0-9]*)?)$`)

func newAllowList(extra []string) (allowList, error) {
	list := allowList{operations: map[string]bool{}}
	for _, action := range declared {
		list.operations[action] = true
	}
	for _, text := range extra {
		m := entry.FindStringSubmatch(text)
		if m == nil {
			return allowList{}, fmt.Errorf("allowing %q: want service:Operation such as ssm:SendCommand, or a wildcard "+
				"that begins with Describe or List such as ec2:Describe*", text)
		}
		service, wildcard, operation, member := m[1], m[2], m[3], strings.TrimPrefix(m[4], ":")
		if s, ok := saved.ServiceByName(service); ok {
			service = s.Prefix
		}
		switch {
		case member != "" && !slices.Contains(revealing, member):
			return allowList{}, fmt.Errorf("allowing %q: unknown member %s; known are %s",
				text, member, strings.Join(revealing, " "))
		case wildcard != "":
			list.prefixes = append(list.prefixes, service+":"+wildcard)
		default:
			list.operations[service+":"+operation] = true
			list.operations[service+":"+operation+m[4]] = true
		}
	}
	return list, nil
}

// refusal returns why a call is refused, "" if it is allowed.
func (l allowList) refusal(action string, input any) string {
	named := l.operations[action]
	covered := slices.ContainsFunc(l.prefixes, func(p string) bool { return strings.HasPrefix(action, p) })
	switch {
	case !named && slices.Contains(secrets, action):
		return "it hands out secrets or credentials; name it in Options.Allow if it is meant"
	case !named && !covered:
		return "it is not among the reads that this module declares, nor in Options.Allow"
	}
	for _, member := range revealing {
		if asksFor(input, member) && !l.operations[action+":"+member] {
			return fmt.Sprintf("its input asks for %s; name %s:%s in Options.Allow if that is meant", member, action, member)
		}
	}
	return ""
}

// asksFor reports a boolean member of the input that is set.
func asksFor(input any, member string) bool {
	v := reflect.Indirect(reflect.ValueOf(input))
	if v.Kind() != reflect.Struct {
		return false
	}
	f := v.FieldByName(member)
	if f.Kind() == reflect.Pointer {
		f = f.Elem()
	}
	return f.Kind() == reflect.Bool && f.Bool()
}

// Allowed returns every operation that the guard lets through, sorted; wildcards end in "*".
func (g *Guard) Allowed() []string {
	all := slices.Collect(maps.Keys(g.allowed.operations))
	for _, p := range g.allowed.prefixes {
		all = append(all, p+"*")
	}
	slices.Sort(all)
	return all
}
