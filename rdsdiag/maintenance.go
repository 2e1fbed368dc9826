package rdsdiag

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"
)

// pendingMaintenance returns the actions that wait for one resource. Without an ARN there is nothing to ask for.
func pendingMaintenance(
	ctx context.Context, api rds.DescribePendingMaintenanceActionsAPIClient, arn string,
) ([]types.PendingMaintenanceAction, error) {
	if arn == "" {
		return nil, nil
	}
	var actions []types.PendingMaintenanceAction
	pages := rds.NewDescribePendingMaintenanceActionsPaginator(api,
		&rds.DescribePendingMaintenanceActionsInput{ResourceIdentifier: aws.String(arn)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return actions, fmt.Errorf("describing the pending maintenance of %s: %w", arn, err)
		}
		for _, pending := range page.PendingMaintenanceActions {
			if strings.EqualFold(aws.ToString(pending.ResourceIdentifier), arn) {
				actions = append(actions, pending.PendingMaintenanceActionDetails...)
			}
		}
	}
	return actions, nil
}

// listLogFiles returns what was read before an error with it.
func listLogFiles(
	ctx context.Context, api rds.DescribeDBLogFilesAPIClient, in *rds.DescribeDBLogFilesInput,
) ([]types.DescribeDBLogFilesDetails, error) {
	var files []types.DescribeDBLogFilesDetails
	pages := rds.NewDescribeDBLogFilesPaginator(api, in)
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return files, fmt.Errorf("listing the log files of %s: %w", aws.ToString(in.DBInstanceIdentifier), err)
		}
		files = append(files, page.DescribeDBLogFiles...)
	}
	return files, nil
}
