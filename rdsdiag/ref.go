package rdsdiag

import (
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

const (
	typeInstance = "AWS::RDS::DBInstance"
	typeCluster  = "AWS::RDS::DBCluster"
)

// ref is how a caller named a database: by ARN or by identifier.
type ref struct{ arn, id string }

// refOf reads an identifier or an ARN ("arn:aws:rds:eu-west-1:111122223333:db:shop"). RDS stores identifiers in lower
// case ("CreateDBInstance", Amazon RDS API Reference).
func refOf(idOrARN string) ref {
	r := ref{id: idOrARN}
	if strings.HasPrefix(idOrARN, "arn:") {
		r.arn, r.id = idOrARN, idOrARN[strings.LastIndex(idOrARN, ":")+1:]
	}
	r.id = strings.ToLower(r.id)
	return r
}

func (r ref) resource(typ string) diag.Resource { return diag.ResourceOf(typ, r.id, r.arn) }
