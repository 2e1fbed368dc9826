// Package triagefake is a whole fake AWS account, made of the fakes of the services. It can be written as a literal or
// loaded from a saved world:
//
//	account, err := triagefake.Load(os.DirFS("testdata/incident"))
//	report, err := triage.Investigate(ctx, []triage.Scope{account.Scope()}, symptom, triage.Options{Now: noon})
//
// A saved world is a folder of JSON documents, one for each AWS call, with the names that the AWS CLI uses:
//
//	{"service": "ecs", "operation": "ListTasks", "input": {"cluster": "prod"}, "output": {"taskArns": []}}
//
// A file holds one document or a list of them; an "error" with "code" and "message" stands in place of an output.
// Documents describe state, not a script: they are merged into the fakes, which answer any question of the same kind,
// also one that was asked in another way. What no document mentions does not exist in the account. Package guard
// records such a folder from a live account, redacted, so that an incident becomes a test.
package triagefake
