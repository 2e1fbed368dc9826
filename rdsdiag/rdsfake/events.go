package rdsfake

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/awsdiag/awsdiag/diag/diagfake"
)

const (
	// defaultDuration is what an answer covers where nobody says; retention is how long events are kept
	// ("DescribeEvents", Amazon RDS API Reference).
	defaultDuration = 60 * time.Minute
	retention       = 14 * 24 * time.Hour
)

func (c *Client) describeEvents(in *rds.DescribeEventsInput) (*rds.DescribeEventsOutput, error) {
	if in.SourceIdentifier != nil && in.SourceType == "" {
		return nil, diagfake.APIError("InvalidParameterCombination", "The parameter SourceType must be specified when "+
			"SourceIdentifier is specified.")
	}
	start, end, err := c.span(in)
	if err != nil {
		return nil, err
	}
	var found []types.Event
	for _, e := range c.Events {
		at := aws.ToTime(e.Date)
		switch {
		case at.Before(start), at.After(end):
		case in.SourceType != "" && e.SourceType != in.SourceType:
		case in.SourceIdentifier != nil && !strings.EqualFold(*in.SourceIdentifier, aws.ToString(e.SourceIdentifier)):
		case len(in.EventCategories) > 0 && !slices.ContainsFunc(in.EventCategories, func(x string) bool {
			return slices.Contains(e.EventCategories, x)
		}):
		default:
			found = append(found, e)
		}
	}
	items, marker, err := page(c, "rds:DescribeEvents", found, in.Marker, in.MaxRecords)
	return &rds.DescribeEventsOutput{Events: items, Marker: marker}, err
}

// span returns the time an answer covers. Without StartTime it goes back by Duration, by default 60 minutes.
func (c *Client) span(in *rds.DescribeEventsInput) (start, end time.Time, err error) {
	end = c.now()
	if in.EndTime != nil {
		end = *in.EndTime
	}
	start = end.Add(-defaultDuration)
	switch {
	case in.StartTime != nil:
		start = *in.StartTime
	case in.Duration != nil:
		start = end.Add(-time.Duration(*in.Duration) * time.Minute)
	}
	if end.Before(start) {
		return start, end, diagfake.APIError("InvalidParameterCombination", "The start time must be before the end time.")
	}
	if !c.Now.IsZero() && start.Before(c.Now.Add(-retention)) {
		return start, end, invalid("The start time must be within the last 14 days.")
	}
	return start, end, nil
}

func (c *Client) now() time.Time {
	now := c.Now
	for _, e := range c.Events {
		if at := aws.ToTime(e.Date); c.Now.IsZero() && at.After(now) {
			now = at
		}
	}
	return now
}

func (c *Client) describeDBLogFiles(in *rds.DescribeDBLogFilesInput) (*rds.DescribeDBLogFilesOutput, error) {
	id, err := c.instance(in.DBInstanceIdentifier)
	if err != nil {
		return nil, err
	}
	var found []types.DescribeDBLogFilesDetails
	for _, f := range c.LogFiles[id] {
		if strings.Contains(aws.ToString(f.LogFileName), aws.ToString(in.FilenameContains)) &&
			aws.ToInt64(f.LastWritten) >= aws.ToInt64(in.FileLastWritten) && aws.ToInt64(f.Size) >= aws.ToInt64(in.FileSize) {
			found = append(found, f)
		}
	}
	items, marker, err := page(c, "rds:DescribeDBLogFiles", found, in.Marker, in.MaxRecords)
	return &rds.DescribeDBLogFilesOutput{DescribeDBLogFiles: items, Marker: marker}, err
}

// instance returns the identifier of an instance that exists.
func (c *Client) instance(asked *string) (string, error) {
	for _, i := range c.DBInstances {
		if asked != nil && is(asked, i.DBInstanceIdentifier, i.DBInstanceArn) {
			return aws.ToString(i.DBInstanceIdentifier), nil
		}
	}
	return "", diagfake.APIError("DBInstanceNotFound", "DBInstance "+aws.ToString(asked)+" not found.")
}

func (c *Client) downloadDBLogFilePortion(in *rds.DownloadDBLogFilePortionInput) (*rds.DownloadDBLogFilePortionOutput,
	error) {
	id, err := c.instance(in.DBInstanceIdentifier)
	if err != nil {
		return nil, err
	}
	text, ok := c.LogText[id+"/"+aws.ToString(in.LogFileName)]
	if !ok {
		return nil, diagfake.APIError("DBLogFileNotFoundFault",
			"DBLog File: "+aws.ToString(in.LogFileName)+", is not found on the DB instance.")
	}
	return c.portion(strings.SplitAfter(strings.TrimSuffix(text, "\n"), "\n"), strings.HasSuffix(text, "\n"), in)
}

// maxPortion and maxLines bound an answer of DownloadDBLogFilePortion (Amazon RDS API Reference).
const maxPortion, maxLines = 1 << 20, 10000

// portion cuts lines as RDS does: from the marker on, or the last ones without. A portion that grows too large ends
// within a line, with a notice, and the marker behind it leaves out the rest of that line.
func (c *Client) portion(lines []string, ended bool, in *rds.DownloadDBLogFilePortionInput) (
	*rds.DownloadDBLogFilePortionOutput, error,
) {
	if ended {
		lines[len(lines)-1] += "\n"
	}
	want := maxLines
	if n := int(aws.ToInt32(in.NumberOfLines)); n > 0 && n < want {
		want = n
	}
	from := max(0, len(lines)-want)
	if in.Marker != nil {
		_, at, _ := strings.Cut(*in.Marker, ":")
		n, err := strconv.Atoi(cmp.Or(at, "0"))
		if err != nil || n > len(lines) {
			return nil, invalid("Invalid marker: %s", *in.Marker)
		}
		from = n
	}
	to, most := min(len(lines), from+want), cmp.Or(c.PortionSize, maxPortion)
	var text strings.Builder
	for n := from; n < to; n++ {
		if text.Len()+len(lines[n]) > most {
			text.WriteString(lines[n][:most-text.Len()] + " [Your log message was truncated]\n")
			to = n + 1
			break
		}
		text.WriteString(lines[n])
	}
	return &rds.DownloadDBLogFilePortionOutput{LogFileData: aws.String(text.String()),
		Marker: aws.String(fmt.Sprintf("0:%d", to)), AdditionalDataPending: aws.Bool(to < len(lines))}, nil
}
