// Package wire replays recorded exchanges with AWS-compatible servers under real SDK clients, so that tests read what
// the real deserialisers make of real answers, in every protocol that the SDK speaks.
//
//	replay, err := wire.Load("moto")
//	client := ecs.NewFromConfig(replay.Config())
//	out, err := client.DescribeServices(ctx, &ecs.DescribeServicesInput{…})
//
// The recordings in testdata were taken from two servers that others wrote, moto 5.2 and ministack 1.4, with the SDK's
// own clients.
package wire
