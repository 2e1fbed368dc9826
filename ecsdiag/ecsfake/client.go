// Package ecsfake is an Amazon ECS that lives in memory, for tests and demos of package ecsdiag.
//
// The literal is the world and the zero value an empty account. [Service], [Task], [TaskDefinition],
// [ContainerInstance] and [Cluster] make healthy resources that fit together, so that a test writes only the symptom:
//
//	ecs := &ecsfake.Client{
//		Services: []types.Service{ecsfake.Service("prod", "api")},
//		Tasks:    []types.Task{ecsfake.Task("prod", "api", "t1")},
//	}
//	ecs.Tasks[0].StoppedReason = aws.String("…")
package ecsfake

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag/diagfake"
)

// Client answers like Amazon ECS. A cluster exists when it is listed in Clusters or when anything names it.
type Client struct {
	diagfake.Recorder
	Clusters           []types.Cluster
	Services           []types.Service
	Tasks              []types.Task
	TaskDefinitions    []types.TaskDefinition
	ContainerInstances []types.ContainerInstance
	ServiceDeployments []types.ServiceDeployment
	ServiceRevisions   []types.ServiceRevision
	// CapacityProviders are those of the account; a cluster names its own in its CapacityProviders.
	CapacityProviders []types.CapacityProvider
}

var _ diagfake.Fake = (*Client)(nil)

// options is what every SDK operation takes besides its input; the fake needs none of it.
type options = func(*ecs.Options)

// short returns the last part of an ARN, or a name as it is.
func short(arn *string) string {
	s := aws.ToString(arn)
	return s[strings.LastIndex(s, "/")+1:]
}

// clusterOf returns the cluster in the ARN of a container instance: "…:container-instance/cluster/id".
func clusterOf(arn *string) string {
	parts := strings.Split(aws.ToString(arn), "/")
	if len(parts) < 3 {
		return "default"
	}
	return parts[1]
}

// cluster resolves a request's cluster to its name; without one AWS takes "default".
func (c *Client) cluster(ref *string) (string, error) {
	name := short(ref)
	if name == "" {
		name = "default"
	}
	if !c.exists(name) {
		return "", diagfake.APIError("ClusterNotFoundException", "Cluster not found.")
	}
	return name, nil
}

func (c *Client) exists(cluster string) bool {
	for _, x := range c.Clusters {
		if aws.ToString(x.ClusterName) == cluster || short(x.ClusterArn) == cluster {
			return true
		}
	}
	for _, x := range c.Services {
		if short(x.ClusterArn) == cluster {
			return true
		}
	}
	for _, x := range c.Tasks {
		if short(x.ClusterArn) == cluster {
			return true
		}
	}
	for _, x := range c.ContainerInstances {
		if clusterOf(x.ContainerInstanceArn) == cluster {
			return true
		}
	}
	return false
}

// tooMany refuses a batch beyond the API's limit, or an empty one.
func tooMany(n, limit int, what string) error {
	switch {
	case n == 0:
		return diagfake.APIError("InvalidParameterException", what+" cannot be empty.")
	case n > limit:
		return diagfake.APIError("InvalidParameterException", what+" can have at most "+itoa(limit)+" items.")
	}
	return nil
}

// missing is what a describe call says of an item that does not exist.
func missing(ref string) types.Failure {
	return types.Failure{Arn: aws.String(ref), Reason: aws.String("MISSING")}
}

// named reports whether ref names the resource, by ARN or by the ARN's last part.
func named(ref string, arn *string) bool {
	return ref == aws.ToString(arn) || ref == short(arn)
}

// collect returns the items that the refs name, in the order asked, and failures for the others.
func collect[T any](refs []string, items []T, match func(ref string, item *T) bool) ([]T, []types.Failure) {
	var found []T
	var failures []types.Failure
	for _, ref := range refs {
		hit := false
		for i := range items {
			if match(ref, &items[i]) {
				found, hit = append(found, items[i]), true
				break
			}
		}
		if !hit {
			failures = append(failures, missing(ref))
		}
	}
	return found, failures
}
