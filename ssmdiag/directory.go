package ssmdiag

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/awsdiag/awsdiag/diag"
)

// pageSize is the most that one page of DescribeInstanceInformation holds (its API reference, MaxResults), and so how
// many nodes a [Directory] asks about in one call.
const pageSize = 50

// Directory holds the managed nodes of one account and region during one run. Asked twice for a node it returns the
// same, and the nodes it was asked for are described together, fifty a call. Safe for concurrent use.
type Directory struct {
	api    NodeAPI
	window diag.Window

	mu      sync.Mutex
	nodes   map[string]*ManagedNode
	waiting []string // nodes that no batch holds yet
	batches map[string]*batch
	all     diag.Memo[[]types.InstanceInformation]
}

// batch is one call for many nodes.
type batch struct {
	ids   []string
	found diag.Memo[map[string]types.InstanceInformation]
}

// NewDirectory makes an empty directory. It calls nothing.
func NewDirectory(api NodeAPI, window diag.Window) *Directory {
	return &Directory{api: api, window: window, nodes: map[string]*ManagedNode{}, batches: map[string]*batch{}}
}

// Node returns the node with an id, "i-…" or "mi-…", or with the ARN of one. It calls nothing.
func (d *Directory) Node(id string) *ManagedNode {
	if a, err := arn.Parse(id); err == nil && (a.Service == "ec2" || a.Service == "ssm") {
		id = a.Resource[strings.LastIndex(a.Resource, "/")+1:]
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	n, ok := d.nodes[id]
	if !ok {
		n = &ManagedNode{directory: d, id: id}
		d.nodes[id] = n
		d.waiting = append(d.waiting, id)
	}
	return n
}

// Nodes returns all nodes that Systems Manager knows in the region, each described already. If the list was cut short
// it returns the part and the error.
func (d *Directory) Nodes(ctx context.Context) ([]*ManagedNode, error) {
	list, err := d.all.Get(ctx, func(ctx context.Context) ([]types.InstanceInformation, error) {
		return d.describe(ctx, nil)
	})
	nodes := make([]*ManagedNode, 0, len(list))
	for _, info := range list {
		if info.InstanceId == nil {
			continue
		}
		n := d.Node(*info.InstanceId)
		n.information.Set(&info)
		nodes = append(nodes, n)
	}
	return nodes, err
}

// information returns what Systems Manager knows about a node, nil if it does not know it.
func (d *Directory) information(ctx context.Context, id string) (*types.InstanceInformation, error) {
	b := d.batchOf(id)
	found, err := b.found.Get(ctx, func(ctx context.Context) (map[string]types.InstanceInformation, error) {
		list, err := d.describe(ctx, b.ids)
		byID := make(map[string]types.InstanceInformation, len(list))
		for _, info := range list {
			byID[aws.ToString(info.InstanceId)] = info
		}
		return byID, err
	})
	if info, ok := found[id]; ok {
		return &info, nil // whatever else was not seen
	}
	return nil, err
}

// batchOf returns the call that describes a node. Nodes that wait join it, as many as one page holds.
func (d *Directory) batchOf(id string) *batch {
	d.mu.Lock()
	defer d.mu.Unlock()
	if b, ok := d.batches[id]; ok {
		return b
	}
	b := &batch{ids: []string{id}}
	var left []string
	for _, other := range d.waiting {
		switch {
		case other == id:
		case len(b.ids) < pageSize:
			b.ids = append(b.ids, other)
		default:
			left = append(left, other)
		}
	}
	d.waiting = left
	slices.Sort(b.ids)
	for _, member := range b.ids {
		d.batches[member] = b
	}
	return b
}

func (d *Directory) describe(ctx context.Context, ids []string) ([]types.InstanceInformation, error) {
	in := &ssm.DescribeInstanceInformationInput{MaxResults: aws.Int32(pageSize)}
	if len(ids) > 0 {
		in.Filters = []types.InstanceInformationStringFilter{{Key: aws.String("InstanceIds"), Values: ids}}
	}
	var list []types.InstanceInformation
	for p := ssm.NewDescribeInstanceInformationPaginator(d.api, in); p.HasMorePages(); {
		out, err := p.NextPage(ctx)
		if err != nil {
			return list, fmt.Errorf("describing managed nodes: %w", err)
		}
		list = append(list, out.InstanceInformationList...)
	}
	return list, nil
}
