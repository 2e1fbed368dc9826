package access_test

import (
	"context"
	"fmt"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/access"
	"github.com/awsdiag/awsdiag/diag/access/accessfake"
)

func ExampleNewGrant() {
	client := &accessfake.Client{Roles: []accessfake.Role{accessfake.TaskRole("orders")}}
	grant := access.NewGrant(access.NewRole(client, "orders", window), access.ExecSession(access.ExecTargets{})...)
	for _, f := range diag.Run(context.Background(), diag.On(grant, access.GrantChecks()...)).Findings {
		fmt.Println(f.Code, f.Summary)
	}
	// Output: access.exec-permission-missing role orders may not use ssmmessages:CreateControlChannel, ssmmessages:CreateDataChannel and 2 more, needed for ECS Exec: it has no policies
}

func ExampleParseDenial() {
	denial, ok := access.ParseDenial("An error occurred (AccessDenied) when calling the PutObject operation: User: " +
		"arn:aws:sts::111122223333:assumed-role/exporter/4f1c is not authorized to perform: s3:PutObject on resource: " +
		`"arn:aws:s3:::reports/march.csv" with an explicit deny in a service control policy`)
	fmt.Println(ok, denial.Role, denial.Action, denial.Resource, denial.Kind)
	// Output: true exporter s3:PutObject arn:aws:s3:::reports/march.csv explicit_scp
}
