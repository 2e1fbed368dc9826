package ec2diag

import (
	"context"
	"encoding/base64"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

// Instance is an EC2 instance.
type Instance struct {
	api    InstanceAPI
	id     string
	window diag.Window

	groups    func(string) *ScalingGroup // nil where Auto Scaling is not to be read
	source    *metrics.Source            // nil where CloudWatch is not to be read
	statuses  *statuses                  // shared by the instances of a list
	reads     atomic.Int64               // how young the console is read where the status checks pass
	counts    atomic.Bool                // its interfaces
	described diag.Memo[types.Instance]
	console   diag.Memo[Console]
	volumes   diag.Memo[[]types.VolumeStatusItem]
	profiles  diag.Memo[[]types.IamInstanceProfileAssociation]
}

// Console is what an instance wrote to its console: the latest 64 KB, posted some minutes late.
type Console struct {
	Text string
	// At is when it was last posted; zero if never.
	At time.Time
}

// NewInstance makes an instance from its id, "i-…", or its ARN. The end of the window is the time to judge at.
func NewInstance(api InstanceAPI, id string, window diag.Window) *Instance {
	if a, err := arn.Parse(id); err == nil && a.Service == "ec2" {
		id = strings.TrimPrefix(a.Resource, "instance/")
	}
	return &Instance{api: api, id: id, window: window, statuses: &statuses{api: api, ids: []string{id}}}
}

// Instances returns the instances with the ids, or all of the region if none is given, each described already. They
// share one fetch of their status.
func Instances(ctx context.Context, api InstanceAPI, window diag.Window, ids ...string) ([]*Instance, error) {
	return instances(ctx, api, window, &ec2.DescribeInstancesInput{InstanceIds: ids})
}

// InstancesNamed returns the instances whose tag Name has a value, as [Instances] does. Terminated ones are among them
// for about an hour; asterisks and question marks in the name stand for themselves.
func InstancesNamed(ctx context.Context, api InstanceAPI, window diag.Window, name string) ([]*Instance, error) {
	literal := strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`).Replace(name) // "Filter resources using wildcards"
	return instances(ctx, api, window, &ec2.DescribeInstancesInput{
		Filters: []types.Filter{{Name: aws.String("tag:Name"), Values: []string{literal}}}})
}

func instances(ctx context.Context, api InstanceAPI, window diag.Window,
	in *ec2.DescribeInstancesInput) ([]*Instance, error) {
	p := ec2.NewDescribeInstancesPaginator(api, in)
	list, err := collect(ctx, p, func(o *ec2.DescribeInstancesOutput) []types.Reservation { return o.Reservations })
	shared := &statuses{api: api}
	var out []*Instance
	for _, r := range list {
		for _, d := range r.Instances {
			i := NewInstance(api, aws.ToString(d.InstanceId), window)
			i.statuses, shared.ids = shared, append(shared.ids, i.id)
			i.described.Set(d)
			out = append(out, i)
		}
	}
	if err != nil {
		return out, fmt.Errorf("describing instances: %w", err)
	}
	return out, nil
}

// WithScalingGroups lets the instance ask its Auto Scaling group why it was ended. It returns the instance.
func (i *Instance) WithScalingGroups(groups func(name string) *ScalingGroup) *Instance {
	i.groups = groups
	return i
}

// ReadConsole lets the console be read where the status checks pass, too, for failures of cloud-init and user data, if
// the instance was launched no longer ago than that. It returns the instance.
func (i *Instance) ReadConsole(launchedWithin time.Duration) *Instance {
	i.reads.Store(int64(launchedWithin))
	return i
}

// CountInterfaces lets [InterfacesUsedUp] compare the network interfaces of the instance with what its type allows,
// which costs a call for each type. It returns the instance.
func (i *Instance) CountInterfaces() *Instance {
	i.counts.Store(true)
	return i
}

// Resource names the instance.
func (i *Instance) Resource() diag.Resource { return resource(typeInstance, i.id) }

// Window returns what the instance looks back on.
func (i *Instance) Window() diag.Window { return i.window }

// Describe returns the instance. EC2 shows terminated ones for about an hour ("Terminate Amazon EC2 instances").
func (i *Instance) Describe(ctx context.Context) (types.Instance, error) {
	return i.described.Get(ctx, func(ctx context.Context) (types.Instance, error) {
		list, err := Instances(ctx, i.api, i.window, i.id)
		switch {
		case err != nil:
			return types.Instance{}, fmt.Errorf("describing instance %s: %w", i.id, err)
		case len(list) == 0:
			return types.Instance{}, diag.Errorf(diag.KindNotFound, "instance %s does not exist", i.id)
		}
		return list[0].described.Get(ctx, nil)
	})
}

// Status returns the status checks and scheduled events. It is empty where EC2 has none.
func (i *Instance) Status(ctx context.Context) (types.InstanceStatus, error) {
	all, err := i.statuses.get(ctx)
	s, ok := all[i.id]
	if err != nil && !ok {
		return s, fmt.Errorf("describing the status of instance %s: %w", i.id, err)
	}
	return s, nil
}

// statuses are the statuses of some instances, fetched together.
type statuses struct {
	api  InstanceAPI
	ids  []string
	memo diag.Memo[map[string]types.InstanceStatus]

	types diag.MemoMap[types.InstanceType, types.InstanceTypeInfo]
}

// maxStatusIDs is how many ids a call may name (API_DescribeInstanceStatus, InstanceId.N).
const maxStatusIDs = 100

func (s *statuses) get(ctx context.Context) (map[string]types.InstanceStatus, error) {
	return s.memo.Get(ctx, func(ctx context.Context) (map[string]types.InstanceStatus, error) {
		all := map[string]types.InstanceStatus{}
		for ids := range slices.Chunk(s.ids, maxStatusIDs) {
			p := ec2.NewDescribeInstanceStatusPaginator(s.api, &ec2.DescribeInstanceStatusInput{
				InstanceIds: ids, IncludeAllInstances: aws.Bool(true),
			})
			list, err := collect(ctx, p,
				func(o *ec2.DescribeInstanceStatusOutput) []types.InstanceStatus { return o.InstanceStatuses })
			for _, x := range list {
				all[aws.ToString(x.InstanceId)] = x
			}
			if err != nil {
				return all, err
			}
		}
		return all, nil
	})
}

// Console returns the console output.
func (i *Instance) Console(ctx context.Context) (Console, error) {
	return i.console.Get(ctx, func(ctx context.Context) (Console, error) {
		out, err := i.api.GetConsoleOutput(ctx, &ec2.GetConsoleOutputInput{InstanceId: aws.String(i.id)})
		if err != nil {
			return Console{}, fmt.Errorf("getting the console output of instance %s: %w", i.id, err)
		}
		text, err := base64.StdEncoding.DecodeString(aws.ToString(out.Output))
		if err != nil {
			return Console{}, fmt.Errorf("decoding the console output of instance %s: %w", i.id, err)
		}
		return Console{string(text), aws.ToTime(out.Timestamp)}, nil
	})
}

// transitionTime is when an instance changed its state, as StateTransitionReason writes it.
var transitionTime = regexp.MustCompile(`\((\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) GMT\)`)

func transitionAt(reason string) time.Time {
	if m := transitionTime.FindStringSubmatch(reason); m != nil {
		if t, err := time.Parse(time.DateTime, m[1]); err == nil {
			return t
		}
	}
	return time.Time{}
}
