package changesfake

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
)

// Write is a call that changes something, in short. What is left empty is made up.
type Write struct {
	At time.Time
	// Action is the service and the event's name: "ec2:DeleteRoute".
	Action string
	// Who is the session of an assumed role "admin"; with the ending .amazonaws.com it is an AWS service.
	Who string
	// Params and Response are JSON objects.
	Params, Response string
	// Resources are pairs of type and name, as CloudTrail lists them with the event: "AWS::EC2::RouteTable rtb-1".
	Resources []string
	// Error is the code of a call that was refused.
	Error string
	// Account and Region are where it happened; 111122223333 and eu-west-1 if empty.
	Account, Region string
	// Agent is the program that made the call, as it calls itself; the AWS CLI if empty.
	Agent string
	// Via is the AWS service that made the call for who asked it, such as "cloudformation.amazonaws.com".
	Via string
	ID  string
}

// Event returns the call as CloudTrail tells it.
func (w Write) Event() types.Event {
	service, name, _ := strings.Cut(w.Action, ":")
	account, region := cmp.Or(w.Account, "111122223333"), cmp.Or(w.Region, "eu-west-1")
	id := cmp.Or(w.ID, fmt.Sprintf("%s-%s-%d", service, name, w.At.Unix()))
	record := map[string]any{
		"eventVersion": "1.11", "userIdentity": w.identity(account), "eventTime": w.At.UTC().Format(time.RFC3339),
		"eventSource": service + ".amazonaws.com", "eventName": name, "awsRegion": region,
		"sourceIPAddress": cmp.Or(w.Via, "198.51.100.7"), "userAgent": cmp.Or(w.Agent, w.Via, "aws-cli/2.27.1"),
		"eventID":  id,
		"readOnly": false, "eventType": "AwsApiCall", "managementEvent": true,
		"recipientAccountId": account, "eventCategory": "Management",
		"requestParameters": object(w.Params), "responseElements": object(w.Response),
	}
	if w.Error != "" {
		record["errorCode"], record["errorMessage"] = w.Error, "refused: "+w.Error
	}
	text, err := json.Marshal(record)
	if err != nil {
		text = nil // only a Params or Response that is no JSON gets here
	}
	event := types.Event{
		EventId: aws.String(id), EventName: aws.String(name), EventSource: aws.String(service + ".amazonaws.com"),
		EventTime: aws.Time(w.At), ReadOnly: aws.String("false"), Username: aws.String(w.Who),
		CloudTrailEvent: aws.String(string(text)),
	}
	for _, r := range w.Resources {
		typ, ref, _ := strings.Cut(r, " ")
		event.Resources = append(event.Resources, types.Resource{ResourceType: aws.String(typ),
			ResourceName: aws.String(ref)})
	}
	return event
}

func (w Write) identity(account string) map[string]any {
	if strings.HasSuffix(w.Who, ".amazonaws.com") {
		return map[string]any{"type": "AWSService", "invokedBy": w.Who}
	}
	identity := map[string]any{
		"type": "AssumedRole", "principalId": "AROAEXAMPLE:" + w.Who, "accountId": account,
		"arn": "arn:aws:sts::" + account + ":assumed-role/admin/" + w.Who,
		"sessionContext": map[string]any{"sessionIssuer": map[string]any{
			"type": "Role", "arn": "arn:aws:iam::" + account + ":role/admin", "userName": "admin",
		}},
	}
	if w.Via != "" {
		identity["invokedBy"] = w.Via
	}
	return identity
}

// object is a JSON text as a value, null if there is none.
func object(text string) any {
	if text == "" {
		return nil
	}
	return json.RawMessage(text)
}
