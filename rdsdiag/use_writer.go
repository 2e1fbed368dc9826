package rdsdiag

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

// side is where an endpoint leads to: what takes its writes, and whether it is that or something that only reads from
// it.
type side struct {
	writer   string // the cluster, or the instance that is no member of one
	reads    bool
	what     string // names the endpoint, for who only reads
	evidence diag.Evidence
}

// sideOf tells the side of an endpoint. What is not known is taken for the writer.
func sideOf(ctx context.Context, host string, db diag.Subject) side {
	switch db := db.(type) {
	case *DBCluster:
		d, err := db.Describe(ctx)
		return side{writer: db.ref.id, reads: err == nil && strings.EqualFold(aws.ToString(d.ReaderEndpoint), host),
			what: "the reader endpoint of " + db.ref.id, evidence: clusterEvidence("ReaderEndpoint", host)}
	case *DBInstance:
		return db.side(ctx)
	}
	return side{}
}

func (i *DBInstance) side(ctx context.Context) side {
	d, err := i.Describe(ctx)
	if err != nil {
		return side{writer: i.ref.id}
	}
	if source := aws.ToString(d.ReadReplicaSourceDBInstanceIdentifier); source != "" {
		source = refOf(source).id
		return side{source, true, fmt.Sprintf("%s, a read replica of %s", i.ref.id, source),
			instanceEvidence("ReadReplicaSourceDBInstanceIdentifier", source)}
	}
	cluster, err := i.Cluster(ctx)
	if err != nil || cluster == nil {
		return side{writer: i.ref.id}
	}
	s := side{writer: cluster.ref.id, what: fmt.Sprintf("%s, which is a reader of %s", i.ref.id, cluster.ref.id),
		evidence: clusterEvidence("DBClusterMembers["+i.ref.id+"].IsClusterWriter", "false")}
	if described, err := cluster.Describe(ctx); err == nil {
		s.reads = slices.ContainsFunc(described.DBClusterMembers, func(m types.DBClusterMember) bool {
			return strings.EqualFold(aws.ToString(m.DBInstanceIdentifier), i.ref.id) && m.IsClusterWriter != nil &&
				!*m.IsClusterWriter
		})
	}
	return s
}

// ClientReadsOnly reports a client that was told of readers and not of their writer.
var ClientReadsOnly = &diag.Check[*Use]{
	Info: diag.Info{
		Code: "rds.client-reads-only", Title: "Client knows a reader only", Severity: diag.SeverityInfo,
		Doc: "The client's environment names the reader endpoint of a cluster, an instance that is a reader, or a read " +
			"replica, and not what takes writes: writes fail there. For a client that only reads it is as it should be; it is " +
			"an error where the client's log shows refused writes.",
		Actions: append([]string{callEvents}, useActions...),
		Breaks:  []diag.Mechanism{diag.DBAccept, diag.Application},
		Source:  "Reader endpoints for Amazon Aurora",
	},
	Run: func(ctx context.Context, u *Use) ([]diag.Finding, error) {
		writes := map[string]bool{}
		_, err := u.each(ctx, func(t Told, db diag.Subject) (string, []diag.Evidence, []diag.Step) {
			if s := sideOf(ctx, t.Host, db); !s.reads {
				writes[s.writer] = true
			}
			return "", nil, nil
		})
		if err != nil {
			return nil, err
		}
		findings, err := u.each(ctx, func(t Told, db diag.Subject) (string, []diag.Evidence, []diag.Step) {
			s := sideOf(ctx, t.Host, db)
			if !s.reads || writes[s.writer] {
				return "", nil, nil
			}
			return fmt.Sprintf("%s names %s, and nothing names its writer: writes fail", t.From, s.what),
				[]diag.Evidence{evidence("environment", t.From, t.Host), s.evidence},
				[]diag.Step{{Text: "Name the endpoint of " + s.writer + " for what writes; of a cluster the cluster " +
					"endpoint, which follows the writer."}}
		})
		if len(findings) == 0 {
			return nil, err
		}
		refused, saidErr := u.said(ctx, refusesWrites)
		if refused.IsZero() {
			return findings, errors.Join(err, saidErr)
		}
		findings, eventErr := u.tookOver(ctx, findings, refused)
		return findings, errors.Join(err, saidErr, eventErr)
	},
}

// tookOver makes errors of findings about readers whose client was refused writes. What names an instance tells more
// than what names the reader endpoint, which is meant for reads: the instance may have been the writer before.
func (u *Use) tookOver(ctx context.Context, findings []diag.Finding, refused time.Time) ([]diag.Finding, error) {
	members := slices.DeleteFunc(slices.Clone(findings), func(f diag.Finding) bool {
		return slices.ContainsFunc(f.Evidence, func(e diag.Evidence) bool {
			return strings.HasSuffix(e.Field, ".ReaderEndpoint")
		})
	})
	if len(members) > 0 {
		findings = members
	}
	e, err := u.lastChange(ctx, refused)
	for i := range findings {
		f := &findings[i]
		f.Severity, f.Since = diag.SeverityError, refused
		f.Summary += ", as its log shows since " + words.Clock(refused)
		if !e.At.IsZero() && len(members) > 0 {
			f.Summary += fmt.Sprintf("; %s changed places at %s", e.SourceID, words.Clock(e.At))
			f.Evidence = append(f.Evidence, eventEvidence(e))
		}
	}
	return findings, err
}

// lastChange returns the last failover or switchover of the clusters that the client was told of, by an instance or not.
func (u *Use) lastChange(ctx context.Context, refused time.Time) (Event, error) {
	var last Event
	var errs []error
	_, _ = u.each(ctx, func(_ Told, db diag.Subject) (string, []diag.Evidence, []diag.Step) {
		if member, ok := db.(*DBInstance); ok {
			if cluster, err := member.Cluster(ctx); err == nil && cluster != nil {
				db = cluster
			}
		}
		e, err := changedPlaces(ctx, db, refused)
		if errs = append(errs, err); e.At.After(last.At) {
			last = e
		}
		return "", nil, nil
	})
	return last, errors.Join(errs...)
}

// ClientOnFormerWriter reports a client that goes on writing to what was the writer before a failover or a switchover.
var ClientOnFormerWriter = &diag.Check[*Use]{
	Info: diag.Info{
		Code: "rds.client-on-former-writer", Title: "Client writes to the former writer", Severity: diag.SeverityError,
		Confidence: diag.Likely,
		Doc: "The client names the right endpoint, but since a failover or a switchover its log shows refused " +
			"writes: it keeps an old address or old connections, and the database behind these only reads now.",
		Actions: append([]string{callEvents}, useActions...),
		Breaks:  []diag.Mechanism{diag.DBAccept, diag.Application}, Needs: []diag.Mechanism{diag.DBServe},
		Limits: "That the two happened together is all that can be seen.",
		Source: "Failing over a Multi-AZ DB instance; Switching a blue/green deployment",
	},
	Run: func(ctx context.Context, u *Use) ([]diag.Finding, error) {
		known, reads := false, false
		_, err := u.each(ctx, func(t Told, db diag.Subject) (string, []diag.Evidence, []diag.Step) {
			known, reads = known || db != nil, reads || sideOf(ctx, t.Host, db).reads
			return "", nil, nil
		})
		if !known || reads {
			return nil, err
		}
		refused, saidErr := u.said(ctx, refusesWrites)
		if refused.IsZero() {
			return nil, errors.Join(err, saidErr)
		}
		errs := []error{err, saidErr}
		findings, _ := u.each(ctx, func(t Told, db diag.Subject) (string, []diag.Evidence, []diag.Step) {
			e, eventErr := changedPlaces(ctx, db, refused)
			if errs = append(errs, eventErr); e.At.IsZero() {
				return "", nil, nil
			}
			return fmt.Sprintf("its log shows refused writes since %s, after %s changed places at %s: it keeps an address or "+
					"connections of the former writer", words.Clock(refused), db.Resource().ID, words.Clock(e.At)),
				[]diag.Evidence{eventEvidence(e),
					evidence("environment", t.From, t.Host)},
				[]diag.Step{{Text: "Start the client anew; with ECS, force a new deployment.", Changes: true},
					{Text: "Make it look names up anew (a DNS cache of five seconds at most) and close connections that cannot " +
						"write."}}
		})
		for i := range findings {
			findings[i].Since = refused
		}
		return findings, errors.Join(errs...)
	},
}

// changedPlaces returns the last failover or switchover of a database that was done when writes were first refused.
func changedPlaces(ctx context.Context, db diag.Subject, refused time.Time) (Event, error) {
	of, ok := db.(Switchable)
	if !ok {
		return Event{}, nil
	}
	events, err := of.Events(ctx)
	for _, e := range slices.Backward(events) {
		if (e.Class == EventFailoverCompleted || e.Class == EventFailoverStarted) && !e.At.After(refused.Add(blur)) {
			return e, err
		}
	}
	return Event{}, err
}

// ClientNamesOldDatabase reports a client that was told of the database that a switchover left behind.
var ClientNamesOldDatabase = &diag.Check[*Use]{
	Info: diag.Info{
		Code: "rds.client-names-old-database", Title: "Client names the former database", Severity: diag.SeverityWarning,
		Confidence: diag.Likely,
		Doc: "The client's environment names a database whose name ends in -old1 or the like, which a blue/green " +
			"switchover " +
			"gives to the one it replaced: it only reads, gets no new data, and is kept until somebody deletes it.",
		Actions: useActions, Breaks: []diag.Mechanism{diag.DBAccept, diag.Application},
		Limits: "By its name only; that a switchover named it is not asked.",
		Source: "Switching a blue/green deployment",
	},
	Run: func(ctx context.Context, u *Use) ([]diag.Finding, error) {
		findings, err := u.each(ctx, func(t Told, db diag.Subject) (string, []diag.Evidence, []diag.Step) {
			if db == nil {
				return "", nil, nil
			}
			m := formerName.FindStringSubmatch(db.Resource().ID)
			if m == nil || !u.databases.holds(ctx, db.Resource().Type, m[1]) {
				return "", nil, nil
			}
			return fmt.Sprintf("%s names %s, the database that %s took the place of: it gets no new data and refuses writes",
					t.From, db.Resource().ID, m[1]),
				[]diag.Evidence{evidence("environment", t.From, t.Host)},
				[]diag.Step{{Text: "Name the endpoint of " + m[1] + " and deploy the client anew."}}
		})
		if len(findings) == 0 {
			return nil, err
		}
		refused, saidErr := u.said(ctx, refusesWrites)
		for i := range findings {
			if !refused.IsZero() {
				findings[i].Severity, findings[i].Since = diag.SeverityError, refused
				findings[i].Summary += ", as its log shows since " + words.Clock(refused)
			}
		}
		return findings, errors.Join(err, saidErr)
	},
}

// holds reports that the lists of the directory, which were read before, have a database of that type and identifier.
func (d *Directory) holds(ctx context.Context, typ, id string) bool {
	if typ == typeCluster {
		clusters, _ := d.DBClusters(ctx)
		return slices.ContainsFunc(clusters, func(c *DBCluster) bool { return c.ref.id == id })
	}
	instances, _ := d.DBInstances(ctx)
	return slices.ContainsFunc(instances, func(i *DBInstance) bool { return i.ref.id == id })
}
