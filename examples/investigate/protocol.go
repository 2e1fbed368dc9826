package main

import (
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/schemas"
	"github.com/aws/smithy-go/transport/http/protocol/awsjson"
	"github.com/aws/smithy-go/transport/http/protocol/awsquery"
)

const protocolCBOR = "cbor"

// protocols change what a CloudWatch client speaks. AWS itself understands all three; the SDK's own is CBOR (Smithy
// RPC v2), which servers that imitate AWS may not know.
var protocols = map[string]func(*cloudwatch.Options){
	protocolCBOR: func(*cloudwatch.Options) {},
	"json":       func(o *cloudwatch.Options) { o.Protocol = awsjson.New10(schemas.GraniteServiceVersion20100801) },
	"query":      func(o *cloudwatch.Options) { o.Protocol = awsquery.New(schemas.GraniteServiceVersion20100801) },
}
