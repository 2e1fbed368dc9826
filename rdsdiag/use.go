package rdsdiag

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

// Told is what a client was told of a database: an endpoint, and perhaps a port.
type Told struct {
	// From is where it stands: the name of an environment variable.
	From string
	// Host is the name of an endpoint of RDS.
	Host string
	// Port is zero where nothing tells it; PortFrom is where it stands.
	Port     int32
	PortFrom string
}

// Rotation is a secret that a client gets when it starts.
type Rotation struct {
	Secret diag.Resource
	// Changed is when its value changed last, as far as that is known; zero if never.
	Changed time.Time
}

// Client is who uses databases, as somebody who knows clients tells it. Any of the functions may be nil. Said and
// Secrets are asked only where there is reason to.
type Client struct {
	Resource diag.Resource
	// Told returns what it was told of databases.
	Told func(context.Context) ([]Told, error)
	// Said returns when it first said something in the window, zero if it did not.
	Said func(context.Context, *regexp.Regexp) (time.Time, error)
	// IAM returns what of its configuration switches IAM database authentication on, empty if nothing does.
	IAM func(context.Context) (string, error)
	// Secrets returns the secrets it was given, and when its oldest instance got them.
	Secrets func(context.Context) (given []Rotation, started time.Time, err error)
}

// Use is how a client uses databases.
type Use struct {
	client    Client
	databases *Directory
}

var _ diag.Subject = (*Use)(nil)

// NewUse makes the use of databases by a client, such as an ECS service. Databases are listed only where the client was
// told of one.
func NewUse(client Client, databases *Directory) *Use { return &Use{client, databases} }

// Resource returns the client.
func (u *Use) Resource() diag.Resource { return u.client.Resource }

func (u *Use) told(ctx context.Context) ([]Told, error) {
	if u.client.Told == nil {
		return nil, nil
	}
	return u.client.Told(ctx)
}

// said returns when the client first said something, zero if it did not or if nobody knows.
func (u *Use) said(ctx context.Context, what *regexp.Regexp) (time.Time, error) {
	if u.client.Said == nil {
		return time.Time{}, nil
	}
	return u.client.Said(ctx, what)
}

// useActions are what the checks call themselves. What their clients' functions call is for who made these to declare.
var useActions = []string{callClusters, callInstances}

// ClientPortMismatch reports a client that was told another port than the database listens on.
var ClientPortMismatch = &diag.Check[*Use]{
	Info: diag.Info{
		Code: "rds.client-port-mismatch", Title: "Wrong database port in the environment", Severity: diag.SeverityWarning,
		Confidence: diag.Likely,
		Doc: "The client's environment names another port than the one that the database listens on: it reaches nothing " +
			"there, and its connections time out or are refused.",
		Actions: useActions, Breaks: []diag.Mechanism{diag.NetworkPath, diag.DBAccept},
		Limits: "Whether the program heeds the variable is not visible.",
		Source: "Finding the connection information for an Amazon RDS DB instance",
	},
	Run: func(ctx context.Context, u *Use) ([]diag.Finding, error) {
		return u.each(ctx, func(t Told, db diag.Subject) (string, []diag.Evidence, []diag.Step) {
			listens, source := listensOn(ctx, db)
			if t.Port == 0 || listens == 0 || t.Port == listens {
				return "", nil, nil
			}
			return fmt.Sprintf("%s says port %d for %s, which listens on port %d", t.PortFrom, t.Port, db.Resource().ID,
					listens),
				[]diag.Evidence{evidence("environment", t.PortFrom, fmt.Sprint(t.Port)),
					evidence(source, "Endpoint.Port", fmt.Sprint(listens))},
				[]diag.Step{{Text: fmt.Sprintf("Set %s to %d and deploy the client anew.", t.PortFrom, listens)}}
		})
	},
}

// ClientEndpointMissing reports a client that was told of a database that is not there.
var ClientEndpointMissing = &diag.Check[*Use]{
	Info: diag.Info{
		Code: "rds.client-endpoint-missing", Title: "Database endpoint does not exist", Severity: diag.SeverityError,
		Doc: "The client's environment names an endpoint of this account and Region that belongs to no database here: the " +
			"database was renamed or deleted, and the name no longer resolves.",
		Actions: useActions, Breaks: []diag.Mechanism{diag.NameResolution, diag.DBAccept},
		Limits: "Endpoints of proxies are not looked for, nor those of an account without any other database.",
		Source: "Renaming a DB instance",
	},
	Run: func(ctx context.Context, u *Use) ([]diag.Finding, error) {
		places, err := u.places(ctx)
		findings, eachErr := u.each(ctx, func(t Told, db diag.Subject) (string, []diag.Evidence, []diag.Step) {
			if db != nil || err != nil || !slices.Contains(places, place(t.Host)) || strings.Contains(t.Host, ".proxy-") {
				return "", nil, nil
			}
			return fmt.Sprintf("%s names %s, and no database here has that endpoint: it was renamed or deleted", t.From, t.Host),
				[]diag.Evidence{evidence("environment", t.From, t.Host), evidence(callInstances, "DBInstances[].Endpoint.Address",
					"none of them")},
				[]diag.Step{{Text: "Find the new name, or restore the database under the old one.", Command: "aws rds " +
					"describe-db-instances --query 'DBInstances[].[DBInstanceIdentifier,Endpoint.Address]'"},
					{Text: "Put the endpoint into the environment and deploy the client anew."}}
		})
		return findings, eachErr
	},
}

// UseChecks are the checks of what clients were told of databases.
func UseChecks() []*diag.Check[*Use] {
	return []*diag.Check[*Use]{ClientPortMismatch, ClientEndpointMissing, ClientReadsOnly, ClientOnFormerWriter,
		ClientNamesOldDatabase, ClientIAMDisabled, ClientCredentialsStale}
}

// each judges what the client was told, one by one; db is nil for an endpoint of no database here.
func (u *Use) each(
	ctx context.Context, judge func(Told, diag.Subject) (string, []diag.Evidence, []diag.Step),
) ([]diag.Finding, error) {
	told, err := u.told(ctx)
	errs := []error{err}
	if len(told) > 0 { // both lists: what one holds does not tell what the other would
		_, clustersErr := u.databases.DBClusters(ctx)
		_, instancesErr := u.databases.DBInstances(ctx)
		errs = append(errs, clustersErr, instancesErr)
	}
	var findings []diag.Finding
	for _, t := range told {
		db, err := u.databases.ByEndpoint(ctx, t.Host)
		if err != nil {
			continue
		}
		if summary, evidence, steps := judge(t, db); summary != "" {
			findings = append(findings, diag.Finding{Resource: u.client.Resource, Summary: summary, Evidence: evidence,
				NextSteps: steps})
		}
	}
	return findings, errors.Join(errs...)
}

// places returns what the endpoints of this account and Region end in.
func (u *Use) places(ctx context.Context) ([]string, error) {
	told, err := u.told(ctx)
	if len(told) == 0 {
		return nil, err
	}
	instances, err := u.databases.DBInstances(ctx)
	var places []string
	for _, i := range instances {
		for _, host := range i.hosts(ctx) {
			places = append(places, place(host))
		}
	}
	return places, err
}

// place is what all endpoints of an account and Region have in common: "cc539014f701.eu-south-1.rds.amazonaws.com".
// Those of clusters say what they are before it: "cluster-", "cluster-ro-", "cluster-custom-".
func place(host string) string {
	_, rest, _ := strings.Cut(strings.ToLower(host), ".")
	return rest[strings.LastIndex(rest[:max(strings.Index(rest, "."), 0)], "-")+1:]
}

// listensOn returns the port of a database and the call that tells it, zero if it is not known.
func listensOn(ctx context.Context, db diag.Subject) (int32, string) {
	switch db := db.(type) {
	case *DBInstance:
		at, _ := db.Location(ctx)
		return at.Port, callInstances
	case *DBCluster:
		at, _ := db.Location(ctx)
		return at.Port, callClusters
	}
	return 0, ""
}
