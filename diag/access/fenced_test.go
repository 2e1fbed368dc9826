package access

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestFenced is that a message which names the permissions boundary decides what hangs on a condition of it, for the
// call that it is about, and nothing else.
func TestFenced(t *testing.T) {
	put := Question{Action: "s3:PutObject", Resource: "arn:aws:s3:::b/k"}
	open := Decision{Question: put, Effect: Depends, Missing: []string{"s3:x-amz-server-side-encryption"}}
	told := func(kind DenialKind, explicit bool, action string) []Denial {
		return []Denial{{Action: action, Resource: put.Resource, Kind: kind, Explicit: explicit}}
	}
	for _, c := range []struct {
		name     string
		boundary *Policy
		told     []Denial
		want     Decision
	}{
		{"explicitly", &Policy{}, told(ExplicitBoundary, true, "s3:putobject"),
			Decision{Question: put, Effect: ExplicitDeny, BoundaryBlocks: true}},
		{"implicitly", &Policy{}, told(ImplicitBoundary, false, "s3:PutObject"),
			Decision{Question: put, Effect: ImplicitDeny, BoundaryBlocks: true}},
		{"by another policy", &Policy{}, told(ExplicitIdentity, true, "s3:PutObject"), open},
		{"another call", &Policy{}, told(ExplicitBoundary, true, "s3:GetObject"), open},
		{"no boundary by now", nil, told(ExplicitBoundary, true, "s3:PutObject"), open},
	} {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, open.fenced(c.boundary, c.told)) })
	}
}
