package guest

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

// Limits of SendCommand (its API reference).
const (
	maxNodes   = 50
	maxComment = 100
	maxTargets = 5
)

// Fleet runs commands of the catalogue on managed nodes. Make one with [NewFleet]. Safe for concurrent use.
type Fleet struct {
	api    CommandAPI
	cancel CancelAPI
	reason string
	window diag.Window
	pace   *diag.Pacer
	poll   polling

	bucket, prefix string
	whole          OutputBucket

	mu      sync.Mutex
	guests  map[seat]*Guest
	batches map[asked]*batch
}

// polling says how a command's end is waited for.
type polling struct{ first, longest, delivery, giveUp time.Duration }

// Option changes how a [Fleet] works.
type Option func(*Fleet)

// Rate bounds the calls per second. It is ten otherwise, which leaves room for others in the account.
func Rate(perSecond float64) Option {
	return func(f *Fleet) { f.pace.Every = time.Duration(float64(time.Second) / perSecond) }
}

// Poll says how long to wait before a command is looked at first, and at most between looks. It is one second and ten
// otherwise.
func Poll(first, longest time.Duration) Option {
	return func(f *Fleet) { f.poll.first, f.poll.longest = first, longest }
}

// DeliverWithin bounds how long a node may take to accept a command; Systems Manager takes 30 seconds at least, which
// is what it is otherwise.
func DeliverWithin(d time.Duration) Option {
	return func(f *Fleet) { f.poll.delivery = max(d, minDelivery) }
}

// GiveUpAfter bounds how long a command is waited for. Otherwise it is as long as delivery and run may take together.
func GiveUpAfter(d time.Duration) Option { return func(f *Fleet) { f.poll.giveUp = d } }

// minDelivery is the least that SendCommand takes for TimeoutSeconds (its API reference).
const minDelivery = 30 * time.Second

// KeepOutput makes nodes write their whole outputs to a bucket, which they must be allowed to. [Output] then tells
// where.
func KeepOutput(bucket, prefix string) Option {
	return func(f *Fleet) { f.bucket, f.prefix = bucket, prefix }
}

// CancelAbandoned makes commands be cancelled that nobody waits for any more. Without it they end by themselves, within
// a minute of their start. It needs ssm:CancelCommand, which no check declares.
func CancelAbandoned(api CancelAPI) Option { return func(f *Fleet) { f.cancel = api } }

// NewFleet makes a fleet. Because it runs programs on machines, it takes a reason, which stands in the comment of each
// command, where the account's owners see it beside who sent it. The window's End is "now".
func NewFleet(api CommandAPI, reason string, window diag.Window, options ...Option) (*Fleet, error) {
	if strings.TrimSpace(reason) == "" {
		return nil, diag.Errorf(diag.KindInvalid, "running commands on nodes: no reason was given")
	}
	f := &Fleet{
		api: api, reason: strings.TrimSpace(reason), window: window, pace: &diag.Pacer{Every: time.Second / 10},
		poll:   polling{first: time.Second, longest: 10 * time.Second, delivery: minDelivery},
		guests: map[seat]*Guest{}, batches: map[asked]*batch{},
	}
	for _, o := range options {
		o(f)
	}
	return f, nil
}

// comment is what a command is sent with.
func (f *Fleet) comment(c Command) string {
	text := []rune("awsdiag " + c.name + ": " + f.reason)
	return string(text[:min(len(text), maxComment)])
}

// seat is a node as a machine of a platform.
type seat struct {
	id       string
	platform Platform
}

// Guest returns the Linux node with an id. It calls nothing. A command without arguments that is asked of one guest is
// sent to all of the fleet at once that have its platform.
func (f *Fleet) Guest(id string) *Guest { return f.guest(seat{id, Linux}) }

// WindowsGuest returns the Windows node with an id, as [Fleet.Guest] does a Linux one.
func (f *Fleet) WindowsGuest(id string) *Guest { return f.guest(seat{id, Windows}) }

func (f *Fleet) guest(s seat) *Guest {
	f.mu.Lock()
	defer f.mu.Unlock()
	g, ok := f.guests[s]
	if !ok {
		g = &Guest{fleet: f, id: s.id, platform: s.platform}
		f.guests[s] = g
	}
	return g
}

// asked is one command for one node.
type asked struct {
	command Command
	node    string
}

// batch is a command for the guests that were there when somebody asked first.
type batch struct {
	nodes   []string
	outputs diag.Memo[map[string]Output]
}

// output runs a command on a guest, and with it on all guests that it was not run on yet.
func (f *Fleet) output(ctx context.Context, c Command, node string) (Output, error) {
	b := f.batchOf(c, node)
	outputs, err := b.outputs.Get(ctx, func(ctx context.Context) (map[string]Output, error) {
		list, err := f.Run(ctx, c, b.nodes...)
		byNode := map[string]Output{}
		for _, o := range list {
			byNode[o.Node] = o
		}
		return byNode, err
	})
	if o, ok := outputs[node]; ok {
		return o, o.Err
	}
	return Output{}, err
}

func (f *Fleet) batchOf(c Command, node string) *batch {
	f.mu.Lock()
	defer f.mu.Unlock()
	if b, ok := f.batches[asked{c, node}]; ok {
		return b
	}
	b := &batch{}
	for s := range f.guests {
		if _, done := f.batches[asked{c, s.id}]; !done && !c.alone && s.platform == c.platform {
			b.nodes = append(b.nodes, s.id)
		}
	}
	if !slices.Contains(b.nodes, node) {
		b.nodes = append(b.nodes, node)
	}
	slices.SortFunc(b.nodes, cmp.Compare)
	for _, id := range b.nodes {
		f.batches[asked{c, id}] = b
	}
	return b
}
