// Package albfake is Elastic Load Balancing without AWS. The literal is the world; the zero value is an account without
// load balancers. [Healthy] makes one in which all is well, to be spoiled by the test:
//
//	elb := albfake.Healthy("shop")
//	elb.Spoil("shop-api", 0, types.TargetHealthStateEnumUnhealthy, types.TargetHealthReasonEnumTimeout, "Request timed out")
package albfake
