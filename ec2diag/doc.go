// Package ec2diag diagnoses the network of a VPC and the instances in it. It reads configuration only; it sends no
// packet and starts no analysis that AWS would charge for.
//
// A [Network] gathers what a VPC is made of, each list once. A [Path] asks about one way through it: from an [End] to
// an [End], for a protocol and a port. Many paths share one network, and so its calls.
//
//	network := ec2diag.NewNetwork(ec2Client, window)
//	path := ec2diag.NewPath(network,
//		ec2diag.InstanceEnd("i-0abc"), ec2diag.InterfaceEnd("eni-0def"), ec2diag.TCP, 5432)
//	report := diag.Run(ctx, diag.On(path, ec2diag.PathChecks()...))
//
// Each check looks at one layer (security groups, network ACLs, routes, gateways) and names every blocker in it, with
// the rules that were considered, and the smallest change that would open the way. So a path with two faults gives two
// findings at once. [Path.Passes] tells what does get through, and [ReachabilityCode] what Reachability Analyzer calls
// the same trouble.
//
// An end that another service knows best, such as the targets of a target group, is made with [EndAt]; it is located
// when it is needed.
//
// An [Egress] asks whether something reaches the AWS services that it needs: by an endpoint, by a gateway, or not at
// all.
//
//	egress := ec2diag.NewEgress(network, ec2Client, ec2diag.SubnetEnd("subnet-0abc", "sg-0abc"), "eu-west-1",
//		ec2diag.ImageServices()...)
//	report := diag.Run(ctx, egress.Plan())
//
// An [Instance] asks whether a host runs, passes its status checks and has booted, a [Subnet] whether it has addresses
// left.
//
// What cannot be seen is not guessed. A route table of another account makes a check inconclusive; what lies behind a
// transit gateway is assumed to work, and [PathBeyondSight] says so.
package ec2diag
