package diagfake

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

// Recorder records the calls of a fake client and makes it misbehave. The zero value is a well-behaved client that
// answers at once with pages as large as AWS's own. Safe for concurrent use; it must not be copied after first use.
type Recorder struct {
	mu       sync.Mutex
	calls    []Call
	faults   []fault
	cut      map[string]bool
	delay    time.Duration
	onCall   func(Call)
	pageSize int
	empty    map[string]bool
	sparse   Sparseness
}

// Call is one recorded call.
type Call struct {
	// Action is the IAM action, such as "ecs:DescribeTasks".
	Action string
	// Input is a copy of the SDK's input value, a pointer such as *ecs.DescribeTasksInput.
	Input any
	// Begun is when it began; inside a testing/synctest bubble, Begun over the delay is the call's depth.
	Begun time.Time
}

// Fake is what every client with an embedded [Recorder] is.
type Fake interface {
	Calls() []Call
	Actions() []string
	Deny(actions ...string)
	Throttle(actions ...string)
	Fail(action string, err error)
	Truncate(actions ...string)
	Delay(d time.Duration)
	OnCall(f func(Call))
	PageSize(n int)
	EmptyPages(actions ...string)
	Sparse(s Sparseness)
}

var _ Fake = (*Recorder)(nil)

type fault struct {
	action string
	match  func(input any) bool
	err    func(action string) error
}

// meets says whether the fault befalls a call.
func (f fault) meets(action string, in any) bool {
	head, wide := strings.CutSuffix(f.action, "*")
	return (f.action == action || wide && strings.HasPrefix(action, head)) && (f.match == nil || f.match(in))
}

// Calls returns the calls so far, in the order in which they began.
func (r *Recorder) Calls() []Call {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.calls)
}

// Actions returns the distinct actions called so far, sorted.
func (r *Recorder) Actions() []string {
	var actions []string
	for _, c := range r.Calls() {
		actions = append(actions, c.Action)
	}
	slices.Sort(actions)
	return slices.Compact(actions)
}

// Deny makes every call of the actions fail as the service does for a caller without the permission. An asterisk at the
// end stands for any rest, as in a policy: "ecs:*", or "*" for all.
func (r *Recorder) Deny(actions ...string) { r.failAs(Denied, actions) }

// Throttle makes every call of the actions fail as the service does when asked too often. An asterisk is as in Deny.
func (r *Recorder) Throttle(actions ...string) { r.failAs(Throttled, actions) }

// failAs makes the actions fail, each with the error of its own name.
func (r *Recorder) failAs(err func(action string) error, actions []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, a := range actions {
		r.faults = append(r.faults, fault{action: a, err: err})
	}
}

// Fail makes every call of the action fail with err. An asterisk is as in Deny.
func (r *Recorder) Fail(action string, err error) { r.FailWhen(action, nil, err) }

// FailWhen makes the calls of the action fail whose input matches; nil matches every input. Of several faults that fit
// a call, the one set last holds; a nil error lifts the earlier ones.
func (r *Recorder) FailWhen(action string, match func(input any) bool, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.faults = append(r.faults, fault{action, match, func(string) error { return err }})
}

// Truncate makes the actions answer with a first page of one item and a token, and throttles every page after it.
func (r *Recorder) Truncate(actions ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.cut == nil {
		r.cut = map[string]bool{}
	}
	for _, a := range actions {
		r.cut[a] = true
	}
}

// Delay makes every call take d.
func (r *Recorder) Delay(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.delay = d
}

// OnCall makes f be called at the beginning of every call.
func (r *Recorder) OnCall(f func(Call)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.onCall = f
}

// PageSize limits pages to n items, below AWS's own limit; zero lifts the limit.
func (r *Recorder) PageSize(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pageSize = n
}

// EmptyPages makes the actions answer with a first page that holds no item, and a token, as logs:FilterLogEvents may
// (its API reference).
func (r *Recorder) EmptyPages(actions ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.empty == nil {
		r.empty = map[string]bool{}
	}
	for _, a := range actions {
		r.empty[a] = true
	}
}

// Sparse makes the fake leave out what AWS may leave out; see [Sparseness].
func (r *Recorder) Sparse(s Sparseness) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sparse = s
}

// Serve answers one call: it records it, waits, fails if so told, and otherwise returns a deep copy of what answer
// gives. Errors come wrapped as the SDK wraps them.
func Serve[In, Out any](ctx context.Context, r *Recorder, action string, in *In,
	answer func(*In) (*Out, error)) (*Out, error) {
	end, err := diag.BeginCall(ctx, action)
	if err != nil {
		return nil, operationError(action, err)
	}
	defer end()
	if in == nil {
		in = new(In)
	}
	if err := r.begin(ctx, action, Clone(in)); err != nil {
		return nil, operationError(action, err)
	}
	out, err := answer(in)
	if err != nil {
		return nil, operationError(action, err)
	}
	if out = Clone(out); out == nil {
		out = new(Out)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sparse.apply(out)
	return out, nil
}

func (r *Recorder) begin(ctx context.Context, action string, in any) error {
	call := Call{Action: action, Input: in, Begun: time.Now()}
	r.mu.Lock()
	r.calls = append(r.calls, call)
	delay, onCall := r.delay, r.onCall
	var err error
	for _, f := range r.faults {
		if f.meets(action, in) {
			err = f.err(action)
		}
	}
	r.mu.Unlock()
	if onCall != nil {
		onCall(call)
	}
	if ended := diag.Sleep(ctx, delay); ended != nil {
		return ended
	}
	return err
}
