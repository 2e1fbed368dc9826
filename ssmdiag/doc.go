// Package ssmdiag diagnoses what Systems Manager manages: whether a machine can be reached by commands and sessions,
// how sessions are set up, and what stands in Parameter Store.
//
// A [ManagedNode] is one machine. Its checks tell that it is not reached, and since when; why is mostly told by its
// neighbours, so run them with the checks of its network, its role and its instance:
//
//	nodes := ssmdiag.NewDirectory(ssmClient, window)
//	node := nodes.Node("i-0123456789abcdef0")
//	report := diag.Run(ctx, diag.On(node, ssmdiag.NodeChecks()...), diag.Observe(node, ssmdiag.NodeSurvey))
//
// [NodeServices] and [NodeActions] say what an agent must reach and be allowed.
//
// [ParseStatus] reads what Run Command, Session Manager, the AWS CLI and the agent's log say.
//
// Nothing here runs anything on a machine. Package guest does, and only when asked.
package ssmdiag
