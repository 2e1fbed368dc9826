// Package saved reads saved worlds: folders of JSON documents, one for each AWS call, with the names that the AWS CLI
// uses. It also converts between such documents and the values of aws-sdk-go-v2, whichever service they belong to.
//
//	documents, err := saved.Read(os.DirFS("world"))
//	for _, d := range documents {
//		if d.Action() == "ecs:DescribeTasks" && d.Error == nil {
//			var out ecs.DescribeTasksOutput
//			err := saved.Decode(d.Output, &out)
//		}
//	}
//
// A document looks like this; a file holds one of them or a list:
//
//	{"service": "ecs", "operation": "ListTasks", "input": {"cluster": "prod"}, "output": {"taskArns": []}}
//
// [Encode] makes the document that "aws … --output json" prints. CLI and SDK differ in five ways, which [Decode] and
// [Encode] bridge:
//
//   - Member names differ in case. Decode does not mind; Encode spells them as the service does.
//   - Times are ISO 8601 strings for the CLI. Decode also takes seconds since 1970, which older CLIs print.
//   - IAM policy documents are JSON objects for the CLI and URL-encoded strings for the SDK
//     ("IAM API reference", GetRolePolicy: "the policy document is URL-encoded compliant with RFC 3986").
//   - EC2 console output is plain text for the CLI and base64 for the SDK.
//   - Members of a union are one object with one key for the CLI, and an interface for the SDK.
//
// The package knows the SDK's conventions, not its services: it imports none of them.
package saved
