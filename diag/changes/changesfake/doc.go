// Package changesfake is CloudTrail's event history without CloudTrail. The literal is the world:
//
//	trail := &changesfake.Client{Events: []types.Event{
//		changesfake.Write{At: noon, Action: "ec2:DeleteRoute", Who: "omar.h",
//			Params: `{"routeTableId": "rtb-1", "destinationCidrBlock": "0.0.0.0/0"}`}.Event(),
//	}}
//
// It answers, pages and refuses as the service does: the newest event first, at most 50 a page, one lookup attribute,
// and, if so told, two calls a second.
package changesfake
