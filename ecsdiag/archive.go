package ecsdiag

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
)

// stateChange is the envelope of an EventBridge event ("Amazon ECS task state change events").
type stateChange struct {
	DetailType string          `json:"detail-type"`
	Detail     json.RawMessage `json:"detail"`
}

// ReadTaskStateChanges reads archived "ECS Task State Change" events of EventBridge and returns the stopped tasks in
// them, each once, as its latest event shows it. The input holds events as JSON, one after another or in lists; events
// of other kinds are left aside. Malformed input is an error of [diag.KindInvalid] that names the record; what was read
// before it is returned too.
//
// ECS forgets stopped tasks after about an hour, so that an archive is the only way to look further back.
func ReadTaskStateChanges(r io.Reader) ([]types.Task, error) {
	var all []types.Task
	decoder := json.NewDecoder(r)
	for record := 1; ; record++ {
		var raw json.RawMessage
		err := decoder.Decode(&raw)
		if errors.Is(err, io.EOF) {
			return latest(all), nil
		}
		if err == nil {
			all, err = appendStateChanges(all, raw)
		}
		if err != nil {
			return latest(all), diag.Errorf(diag.KindInvalid, "reading task state changes: record %d: %w", record, err)
		}
	}
}

func appendStateChanges(all []types.Task, raw json.RawMessage) ([]types.Task, error) {
	events := []stateChange{{}}
	var into any = &events[0]
	if bytes.HasPrefix(bytes.TrimSpace(raw), []byte("[")) {
		into = &events
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return all, err
	}
	for _, e := range events {
		if e.DetailType != "ECS Task State Change" {
			continue
		}
		var t types.Task
		if err := json.Unmarshal(e.Detail, &t); err != nil {
			return all, err
		}
		if aws.ToString(t.TaskArn) != "" && strings.EqualFold(aws.ToString(t.DesiredStatus),
			string(types.DesiredStatusStopped)) {
			all = append(all, t)
		}
	}
	return all, nil
}

// latest keeps the highest version of each task; events may arrive twice and out of order.
func latest(all []types.Task) []types.Task {
	byARN := map[string]types.Task{}
	for _, t := range all {
		arn := aws.ToString(t.TaskArn)
		if known, ok := byARN[arn]; !ok || t.Version > known.Version {
			byARN[arn] = t
		}
	}
	var tasks []types.Task
	for _, t := range byARN {
		tasks = append(tasks, t)
	}
	slices.SortFunc(tasks, compareTasks)
	return tasks
}
