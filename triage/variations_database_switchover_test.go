package triage_test

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	ec2 "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/awsdiag/awsdiag/triage"
)

const (
	greenOf     = "bookingprod-db-bdde974a88e3-green-k3x9ab"
	switchStart = "Switchover from DB instance bookingprod-db-bdde974a88e3 to " + greenOf + " started."
)

// formerly leaves the old database beside the new one, as a switchover does, and the deployment that did it.
func (w *world) formerly(status string, detail *string, member string) {
	former := *clone(w.db())
	former.DBInstanceIdentifier = aws.String(*w.db().DBInstanceIdentifier + "-old1")
	former.DBInstanceArn = aws.String(*w.db().DBInstanceArn + "-old1")
	former.DbiResourceId = aws.String("db-OLD10000000000000000000")
	former.Endpoint.Address = aws.String(*former.DBInstanceIdentifier + ".cc539014f701.eu-south-1.rds.amazonaws.com")
	source, target := *former.DBInstanceArn, *w.db().DBInstanceArn
	if status != "SWITCHOVER_COMPLETED" {
		source, target = *w.db().DBInstanceArn, *w.db().DBInstanceArn+"-green-k3x9ab"
	} else {
		w.RDS.DBInstances = append(w.RDS.DBInstances, former)
	}
	w.RDS.BlueGreenDeployments = append(w.RDS.BlueGreenDeployments, types.BlueGreenDeployment{
		BlueGreenDeploymentIdentifier: aws.String("bgd-5k2m9x7q1w3e8r4t"),
		BlueGreenDeploymentName:       aws.String("booking-pg16"),
		Source:                        aws.String(source), Target: aws.String(target), Status: aws.String(status),
		StatusDetails: detail,
		CreateTime:    aws.Time(w.ago(26 * time.Hour)),
		SwitchoverDetails: []types.SwitchoverDetail{{SourceMember: aws.String(source), TargetMember: aws.String(target),
			Status: aws.String(member)}}})
}

// publicDatabase puts the database where the internet comes to, for who comes from a prefix.
func (w *world) publicDatabase(from string) {
	w.db().PubliclyAccessible = aws.Bool(true)
	var open []types.Subnet
	for _, table := range w.EC2.RouteTables {
		for _, r := range table.Routes {
			if !strings.HasPrefix(aws.ToString(r.GatewayId), "igw-") {
				continue
			}
			for _, a := range table.Associations {
				if a.SubnetId != nil {
					open = append(open, types.Subnet{SubnetIdentifier: a.SubnetId, SubnetStatus: aws.String("Active")})
				}
			}
		}
	}
	w.db().DBSubnetGroup.Subnets = open
	for i := range w.EC2.SecurityGroups {
		if g := &w.EC2.SecurityGroups[i]; aws.ToString(g.GroupId) == aws.ToString(w.db().VpcSecurityGroups[0].VpcSecurityGroupId) {
			g.IpPermissions = append(g.IpPermissions, ec2.IpPermission{IpProtocol: aws.String("tcp"), FromPort: aws.Int32(5432),
				ToPort: aws.Int32(5432), IpRanges: []ec2.IpRange{{CidrIp: aws.String(from)}}})
		}
	}
}

// databaseSwitchovers are about databases that change places, and what stands in for them.
func databaseSwitchovers() []variation {
	wrong := []string{"out of memory", "image"}
	return []variation{
		{name: "switchover cut connections", kind: triage.HTTP5xx, targetType: targetLoadBalancer, since: 24 * time.Minute,
			spoil: func(w *world) {
				w.formerly("SWITCHOVER_COMPLETED", nil, "SWITCHOVER_COMPLETED")
				w.dbEvent(28*time.Minute, "notification", switchStart)
				w.dbEvent(26*time.Minute, "notification", "Switchover from DB instance bookingprod-db-bdde974a88e3 to "+greenOf+
					" completed.")
				w.metric("HTTPCode_Target_5XX_Count", "", "", 29*time.Minute,
					func(i int, _ float64) float64 { return []float64{1900, 2, 1, 0, 1}[min(i, 4)] })
				w.complain("quotes", 27*time.Minute, "server closed the connection unexpectedly")
			}, root: because(databaseAny, "switched over"), mustNot: wrong},
		{name: "writes go to the former database", kind: triage.Errors, target: "quotes", spoil: func(w *world) {
			w.formerly("SWITCHOVER_COMPLETED", nil, "SWITCHOVER_COMPLETED")
			w.dbEvent(36*time.Minute, "notification", switchStart)
			w.dbEvent(34*time.Minute, "notification", "Switchover from DB instance bookingprod-db-bdde974a88e3 to "+greenOf+
				" completed.")
			w.complain("quotes", 33*time.Minute, "ERROR: cannot execute INSERT in a read-only transaction")
			w.failures("quotes", 33*time.Minute, 2100)
		}, root: because(databaseAny+" "+quotesSays, "switched over", "former writer"), mustNot: wrong},
		{name: "environment names the former database", kind: triage.Errors, target: "quotes", spoil: func(w *world) {
			w.formerly("SWITCHOVER_COMPLETED", nil, "SWITCHOVER_COMPLETED")
			w.env("quotes", "DB_HOST", "bookingprod-db-bdde974a88e3-old1.cc539014f701.eu-south-1.rds.amazonaws.com")
			w.complain("quotes", 33*time.Minute, "ERROR: cannot execute INSERT in a read-only transaction")
			w.failures("quotes", 33*time.Minute, 2100)
		}, root: because(quotesSays, "took the place of"), mustNot: wrong},
		{name: "switchover taken back", kind: triage.DBUnreachable, targetType: targetDatabase, since: 24 * time.Minute,
			spoil: func(w *world) {
				w.formerly("SWITCHOVER_FAILED", aws.String("Switchover timed out while waiting for replication to catch up."),
					"AVAILABLE")
				w.dbEvent(30*time.Minute, "notification", switchStart)
				w.dbEvent(25*time.Minute, "failure", "Switchover from DB instance bookingprod-db-bdde974a88e3 to "+greenOf+
					" was canceled due to replication lag.")
				w.RDS.Events = append(w.RDS.Events, types.Event{SourceIdentifier: aws.String("bgd-5k2m9x7q1w3e8r4t"),
					SourceType: types.SourceTypeBlueGreenDeployment, Date: aws.Time(w.ago(25 * time.Minute)),
					EventCategories: []string{"failure"},
					Message:         aws.String("Switchover canceled on blue/green deployment.")})
				w.complain("quotes", 29*time.Minute, "FATAL:  the database system is shutting down")
			}, root: because(databaseAny+" bgd-5k2m9x7q1w3e8r4t", "switch"), mustNot: wrong},
		{name: "serverless database without connections", kind: triage.DBUnreachable, targetType: targetDatabase,
			spoil: func(w *world) {
				w.aurora(writerHost)
				for i := range w.RDS.DBInstances {
					w.RDS.DBInstances[i].DBInstanceClass = aws.String("db.serverless")
				}
				w.limited("LEAST({DBInstanceClassMemory/9531392},5000)")
				w.RDS.DBClusters[0].ServerlessV2ScalingConfiguration = &types.ServerlessV2ScalingConfigurationInfo{MinCapacity: aws.Float64(0.5), MaxCapacity: aws.Float64(1)}
				w.metric("DatabaseConnections", "Average", databaseAny, 50*time.Minute,
					func(i int, _ float64) float64 { return min(90+40*float64(i), 187) })
				w.series("DatabaseConnections", "Maximum", 34, 50*time.Minute, climb(95, 40, 187))
				w.refused(42*time.Minute, "FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute")
			}, root: because(databaseAny, "connection"), mustNot: wrong},
		{name: "public database in private subnets, asked from a laptop", kind: triage.DBUnreachable,
			targetType: targetDatabase,
			note:       "psql from my laptop at 203.0.113.7 hangs, the app is fine",
			spoil:      func(w *world) { w.db().PubliclyAccessible = aws.Bool(true) },
			root:       because(databaseAny, "no internet gateway"), mustNot: wrong},
		{name: "private database, asked from outside", kind: triage.DBUnreachable, targetType: targetDatabase,
			note:  "the reporting vendor connects from outside the VPC and times out",
			spoil: func(*world) {}, root: because(databaseAny, "not publicly accessible"), mustNot: wrong},
		{name: "private database, asked over the VPN", kind: triage.DBUnreachable, targetType: targetDatabase,
			note: "cannot connect from my laptop over the VPN", spoil: func(*world) {}},
		{name: "public database in public subnets whose group lets an office in", kind: triage.DBUnreachable,
			targetType: targetDatabase,
			note:       "no connection from my home, 198.51.100.44",
			spoil:      func(w *world) { w.publicDatabase("203.0.113.0/24") },
			root:       because("", "security group"), mustNot: wrong},
		{name: "public database in public subnets, and nothing wrong", kind: triage.DBUnreachable, targetType: targetDatabase,
			note: "no connection from my home, 203.0.113.9", spoil: func(w *world) { w.publicDatabase("203.0.113.0/24") }},
		{name: "public database in private subnets, asked by nobody outside", kind: triage.Unknown,
			targetType: targetDatabase,
			spoil:      func(w *world) { w.db().PubliclyAccessible = aws.Bool(true) }},
		{name: "IAM authentication switched off", kind: triage.DBUnreachable, target: "quotes", spoil: func(w *world) {
			w.db().IAMDatabaseAuthenticationEnabled = aws.Bool(false)
			w.env("quotes", "DB_IAM_AUTH", "true")
			w.env("quotes", "DB_USER", "quotes")
			w.complain("quotes", 33*time.Minute, `FATAL:  PAM authentication failed for user "quotes"`)
			w.failures("quotes", 33*time.Minute, 2400)
		}, root: because(quotesSays, "iam authentication off"), mustNot: wrong},
		{name: "a green environment that waits", kind: triage.Unknown, targetType: targetDatabase, spoil: func(w *world) {
			w.formerly("AVAILABLE", nil, "AVAILABLE")
		}},
	}
}
