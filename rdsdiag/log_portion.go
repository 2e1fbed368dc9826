package rdsdiag

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"

	"github.com/awsdiag/awsdiag/diag"
)

const (
	// portionLines is how many lines are asked for at a time where a whole file is read, of at most 10,000.
	portionLines = 3000
	// fewLines are so few that the next portion may have more.
	fewLines = 100
	// cutShort is what RDS writes behind the line that it cut where a portion grew beyond 1 MiB. The marker behind such a
	// portion leaves out the rest of that line, so that it has to be asked for anew, in fewer lines.
	cutShort = "[Your log message was truncated]"
)

// portion is a part of a log file.
type portion struct {
	text string
	// lines are in it, of those asked for.
	lines, asked int
	next         *string
	pending      bool
}

// portion returns lines of a file: those behind a marker, or its last ones without. It asks for fewer where RDS cut
// one of them short; a single line that is too long for an answer stays cut.
func (l *LogFiles) portion(ctx context.Context, file string, marker *string, lines int) (portion, error) {
	for {
		out, err := l.api.DownloadDBLogFilePortion(ctx, &rds.DownloadDBLogFilePortionInput{
			DBInstanceIdentifier: aws.String(l.ref.id), LogFileName: aws.String(file), Marker: marker,
			NumberOfLines: aws.Int32(int32(lines))})
		if err != nil {
			return portion{}, fmt.Errorf("reading log file %s of %s: %w", file, l.ref.id, err)
		}
		text := aws.ToString(out.LogFileData)
		if strings.HasSuffix(strings.TrimRight(text, "\r\n"), cutShort) && lines > 1 {
			lines /= 2
			continue
		}
		return portion{text, strings.Count(text, "\n"), lines, out.Marker, aws.ToBool(out.AdditionalDataPending)}, nil
	}
}

// Read returns the text of a log file from its beginning, portion by portion, up to a number of bytes: names are
// those of [DBInstance.LogFiles]. What lies beyond is an error of [diag.KindIncomplete], beside whole lines. The text
// is the customer's: redact it before it leaves the process ([diag.NewRedactor]).
func (l *LogFiles) Read(ctx context.Context, file string, limit int) (string, error) {
	var text strings.Builder
	marker, lines := aws.String("0"), portionLines
	for {
		p, err := l.portion(ctx, file, marker, lines)
		if err != nil {
			return text.String(), err
		}
		if lines = p.asked; lines < fewLines { // one long line does not make the others long
			lines *= 2
		}
		if room := limit - text.Len(); len(p.text) > room {
			text.WriteString(p.text[:strings.LastIndex(p.text[:max(room, 0)], "\n")+1])
			return text.String(), diag.Errorf(diag.KindIncomplete, "reading log file %s of %s: it is longer than %d bytes", file,
				l.ref.id, limit)
		}
		text.WriteString(p.text)
		switch {
		case !p.pending:
			return text.String(), nil
		case aws.ToString(p.next) == "" || *p.next == *marker:
			return text.String(), diag.Errorf(diag.KindIncomplete, "reading log file %s of %s: RDS has more and does not "+
				"say where",
				file, l.ref.id)
		}
		marker = p.next
	}
}
