package ssmdiag_test

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ssmdiag"
	"github.com/awsdiag/awsdiag/ssmdiag/ssmfake"
)

const (
	webID    = "i-0123456789abcdef0"
	batchID  = "i-0fedcba9876543210"
	hybridID = "mi-0123456789abcdef0"
)

var window = diag.Last(time.Hour, ssmfake.Now)

// newWorld has two healthy nodes and session preferences.
func newWorld() *ssmfake.Client {
	return &ssmfake.Client{
		Nodes:     []types.InstanceInformation{ssmfake.Node(webID), ssmfake.Node(batchID)},
		Documents: ssmfake.Preferences(`{"runAsEnabled": false, "idleSessionTimeout": "20"}`),
	}
}

// worlds are the healthy world, and it spoiled, for one kind of subject.
func worlds[S diag.Subject](subject func(*ssmfake.Client) S, spoil func(*ssmfake.Client)) diagtest.Worlds[S] {
	at := func(spoil func(*ssmfake.Client)) diagtest.World[S] {
		return func() (S, []diagfake.Fake) {
			c := newWorld()
			spoil(c)
			return subject(c), []diagfake.Fake{c}
		}
	}
	return diagtest.Worlds[S]{Healthy: at(func(*ssmfake.Client) {}), Broken: at(spoil)}
}

func node(c *ssmfake.Client) *ssmdiag.ManagedNode { return ssmdiag.NewManagedNode(c, webID, window) }

func preferences(c *ssmfake.Client) *ssmdiag.Preferences { return ssmdiag.NewPreferences(c, window) }
