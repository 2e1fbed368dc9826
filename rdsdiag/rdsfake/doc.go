// Package rdsfake is Amazon RDS without AWS. The literal is the world; the zero value is an account without databases.
// [Healthy] makes one in which all is well, to be spoiled by the test:
//
//	rds := rdsfake.Healthy("shop-db", now)
//	rds.DBInstances[0].DBInstanceStatus = aws.String("storage-full")
//
// It keeps RDS's habits: pages by marker of 20 to 100 records, RDS's own fault codes, and events of the last 60 minutes
// only where nobody says which time is meant.
package rdsfake
