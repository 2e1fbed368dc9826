package access

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/awsdiag/awsdiag/diag"
)

const typeRole = "AWS::IAM::Role"

// Role is an IAM role and its facts. Make one with [NewRole] or [Directory.Role].
type Role struct {
	api       RoleAPI
	library   *library
	name, arn string
	window    diag.Window

	described diag.Memo[*types.Role]
	policies  diag.Memo[[]Policy]
	boundary  diag.Memo[*Policy]
	simulator simulator
}

var _ diag.Subject = (*Role)(nil)

// NewRole makes a role from its name, its ARN, or the ARN of a session of it
// ("arn:aws:sts::…:assumed-role/name/session").
// The window's End is "now".
func NewRole(api RoleAPI, nameOrARN string, window diag.Window) *Role {
	return NewDirectory(api, window).Role(nameOrARN)
}

// Directory holds the roles of one account during one run: asked twice for a role it returns the same, and managed
// policies that several roles share are read once.
type Directory struct {
	api     RoleAPI
	window  diag.Window
	library *library
	roles   registry[*Role]
}

// NewDirectory makes an empty directory. It calls nothing.
func NewDirectory(api RoleAPI, window diag.Window) *Directory {
	return &Directory{api: api, window: window, library: &library{api: api}}
}

// Role returns the role of a name or ARN; see [NewRole].
func (d *Directory) Role(nameOrARN string) *Role {
	name, arn := roleName(nameOrARN)
	return d.roles.get(name, func() *Role {
		return &Role{api: d.api, library: d.library, name: name, arn: arn, window: d.window, simulator: newSimulator()}
	})
}

// roleName returns the name of a role and, unless it is that of a session, whose path it lacks, the ARN.
func roleName(nameOrARN string) (name, arn string) {
	if !strings.HasPrefix(nameOrARN, "arn:") {
		return nameOrARN[strings.LastIndex(nameOrARN, "/")+1:], ""
	}
	name, _ = roleAndAccount(nameOrARN)
	if strings.Contains(nameOrARN, ":role/") {
		arn = nameOrARN
	}
	return name, arn
}

// Resource names the role. Its ARN is known if it was given, or once the role was described.
func (r *Role) Resource() diag.Resource { return diag.ResourceOf(typeRole, r.name, r.arn) }

// Name returns the role's name, without path.
func (r *Role) Name() string { return r.name }

// Window returns what the role looks back on.
func (r *Role) Window() diag.Window { return r.window }

// Describe returns what GetRole says: path, trust policy (URL-encoded), boundary, when it was last used and where. A
// role that does not exist is an error of [diag.KindNotFound].
func (r *Role) Describe(ctx context.Context) (*types.Role, error) {
	return r.described.Get(ctx, func(ctx context.Context) (*types.Role, error) {
		out, err := r.api.GetRole(ctx, &iam.GetRoleInput{RoleName: aws.String(r.name)})
		switch {
		case err != nil:
			return nil, fmt.Errorf("getting role %s: %w", r.name, err)
		case out.Role == nil:
			return nil, diag.Errorf(diag.KindIncomplete, "getting role %s: the answer holds none", r.name)
		}
		return out.Role, nil
	})
}

// Trust returns the trust policy: who may assume the role.
func (r *Role) Trust(ctx context.Context) (Document, error) {
	role, err := r.Describe(ctx)
	if err != nil {
		return Document{}, err
	}
	if role.AssumeRolePolicyDocument == nil {
		return Document{}, diag.Errorf(diag.KindIncomplete, "trust policy of role %s: the answer holds none", r.name)
	}
	document, err := ParseDocument(*role.AssumeRolePolicyDocument)
	if err != nil {
		return Document{}, fmt.Errorf("trust policy of role %s: %w", r.name, err)
	}
	return document, nil
}

// ARN returns the role's ARN, asking for it unless it is known.
func (r *Role) ARN(ctx context.Context) (string, error) {
	if r.arn != "" {
		return r.arn, nil
	}
	role, err := r.Describe(ctx)
	if err != nil {
		return "", err
	}
	return aws.ToString(role.Arn), nil
}

// joined wraps the errors in one, each text once; nil if there is none.
func joined(errs ...error) error {
	var all []error
	seen := map[string]bool{}
	for _, err := range errs {
		if err != nil && !seen[err.Error()] {
			seen[err.Error()] = true
			all = append(all, err)
		}
	}
	if len(all) == 1 {
		return all[0]
	}
	return errors.Join(all...)
}
