// Package ssmfake is a fake of Systems Manager for tests: a struct whose fields are the world. The zero value is an
// account in which nothing is managed and nothing is set.
//
//	fake := &ssmfake.Client{Nodes: []types.InstanceInformation{ssmfake.Node("i-0123456789abcdef0")}}
//	fake.Nodes[0].PingStatus = types.PingStatusConnectionLost
package ssmfake
