package wire

import (
	"reflect"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwschemas "github.com/aws/aws-sdk-go-v2/service/cloudwatch/schemas"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/xray"
	"github.com/aws/smithy-go/transport/http/protocol/awsjson"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
)

// clients are real SDK clients by the service's name in a recording.
func clients(cfg aws.Config, cloudWatch ...func(*cloudwatch.Options)) map[string]any {
	return map[string]any{
		"ec2": ec2.NewFromConfig(cfg), "elbv2": elasticloadbalancingv2.NewFromConfig(cfg), "ecs": ecs.NewFromConfig(cfg),
		"ssm": ssm.NewFromConfig(cfg), "logs": cloudwatchlogs.NewFromConfig(cfg), "iam": iam.NewFromConfig(cfg),
		"rds": rds.NewFromConfig(cfg), "cloudwatch": cloudwatch.NewFromConfig(cfg, cloudWatch...),
		"ecr":        ecr.NewFromConfig(cfg),
		"cloudtrail": cloudtrail.NewFromConfig(cfg), "xray": xray.NewFromConfig(cfg), "sts": sts.NewFromConfig(cfg),
		"secretsmanager": secretsmanager.NewFromConfig(cfg),
	}
}

// undecodable are the answers that the SDK itself refuses: what follows them must be an error of its own kind.
var undecodable = map[string]bool{"moto GetTraceSummaries": true}

// TestEveryExchangeDecodes sends each recorded answer through the real client of its service.
func TestEveryExchangeDecodes(t *testing.T) {
	for _, server := range []string{"moto", "ministack"} {
		exchanges, err := Exchanges(server)
		require.NoError(t, err)
		protocols := map[string]int{}
		for _, e := range exchanges {
			replay := &Replay{Only: &e}
			var speak []func(*cloudwatch.Options)
			if e.Protocol == "x-amz-json-1.0" {
				speak = append(speak,
					func(o *cloudwatch.Options) { o.Protocol = awsjson.New10(cwschemas.GraniteServiceVersion20100801) })
			}
			client, known := clients(replay.Config(), speak...)[e.Service]
			if !known {
				continue // autoscaling and application-autoscaling: no subject reads them yet
			}
			t.Run(server+" "+e.Name(), func(t *testing.T) {
				out, err := call(t, client, e.Operation)
				if e.Status == 200 && undecodable[server+" "+e.Operation] {
					assert.Equal(t, diag.KindUnreachable, diag.KindOf(err), "%v", err)
					return
				}
				if e.Status == 200 {
					require.NoError(t, err)
					assert.NotNil(t, out)
					return
				}
				require.Error(t, err)
				assert.NotEmpty(t, diag.KindOf(err))
				if e.Status >= 500 {
					assert.Equal(t, diag.KindUnreachable, diag.KindOf(err), "an answer without an API code: %v", err)
				}
			})
			protocols[e.Protocol]++
		}
		t.Logf("%s: exchanges by protocol: %v", server, protocols)
	}
}

// call calls an operation with an input whose required members hold something.
func call(t *testing.T, client any, operation string) (any, error) {
	method := reflect.ValueOf(client).MethodByName(operation)
	require.True(t, method.IsValid(), operation)
	in := reflect.New(method.Type().In(1).Elem())
	fill(in.Elem(), 3)
	results := method.Call([]reflect.Value{reflect.ValueOf(t.Context()), in})
	err, _ := results[1].Interface().(error)
	return results[0].Interface(), err
}

// fill sets what the SDK's validators may ask for, nested structures three levels deep.
func fill(v reflect.Value, depth int) {
	for i := range v.NumField() {
		if f := v.Field(i); f.CanSet() && v.Type().Field(i).Name != "ResultMetadata" {
			fillField(f, depth)
		}
	}
}

func fillField(f reflect.Value, depth int) {
	switch typ := f.Type(); {
	case f.Kind() == reflect.String:
		f.SetString("recorded")
	case typ == reflect.TypeFor[*time.Time]():
		f.Set(reflect.ValueOf(aws.Time(time.Unix(1_795_314_291, 0))))
	case f.Kind() == reflect.Pointer && typ.Elem().Kind() == reflect.Struct && depth > 0:
		f.Set(reflect.New(typ.Elem()))
		fill(f.Elem(), depth-1)
	case f.Kind() == reflect.Pointer && typ.Elem().Kind() != reflect.Struct:
		f.Set(reflect.New(typ.Elem()))
		fillField(f.Elem(), depth)
	case f.Kind() == reflect.Slice && typ.Elem().Kind() == reflect.Struct && depth > 0:
		f.Set(reflect.MakeSlice(typ, 1, 1))
		fill(f.Index(0), depth-1)
	case f.Kind() == reflect.Slice && typ.Elem().Kind() == reflect.String:
		f.Set(reflect.MakeSlice(typ, 1, 1))
		f.Index(0).SetString("recorded")
	case f.CanInt():
		f.SetInt(10)
	}
}
