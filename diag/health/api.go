package health

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/health"
)

const (
	eventsAction   = "health:DescribeEvents"
	entitiesAction = "health:DescribeAffectedEntities"
	detailsAction  = "health:DescribeEventDetails"
)

// EventAPI is what [Events] reads.
type EventAPI interface {
	health.DescribeEventsAPIClient
	health.DescribeAffectedEntitiesAPIClient
	DescribeEventDetails(ctx context.Context, in *health.DescribeEventDetailsInput,
		options ...func(*health.Options)) (*health.DescribeEventDetailsOutput, error)
}

var _ EventAPI = (*health.Client)(nil)
