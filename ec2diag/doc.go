// Package ec2diag diagnoses the network of a VPC: whether packets get from one end to another, and what stops them. It
// reads configuration only; it sends no packet and starts no analysis that AWS would charge for.
//
// A [Network] gathers what a VPC is made of, each list once. A [Path] asks about one way through it: from an [End] to
// an [End], for a protocol and a port. Many paths share one network, and so its calls.
//
//	network := ec2diag.NewNetwork(ec2Client, window)
//	path := ec2diag.NewPath(network,
//		ec2diag.InstanceEnd("i-0abc"), ec2diag.InterfaceEnd("eni-0def"), ec2diag.TCP, 5432)
//	report := diag.Run(ctx, diag.On(path, ec2diag.PathChecks()...))
//
// Each check looks at one layer and names every blocker in it, with the rules that were considered, and the smallest
// change that would open the way. So a path with two faults gives two findings at once.
//
// An end that another service knows best, such as the targets of a target group, is made with [EndAt]; it is located
// when it is needed.
package ec2diag
