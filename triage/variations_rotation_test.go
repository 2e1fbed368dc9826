package triage_test

import (
	"time"

	"github.com/awsdiag/awsdiag/triage"
)

// rotationVariations are changes of a database's credentials: carried through, and not.
func rotationVariations() []variation {
	const refuses = `connection to server at "` + hostOfDB +
		`" (10.150.192.21), port 5432 failed: FATAL:  password authentication failed for user "booking"`
	rotate := func(w *world, ago time.Duration) {
		w.change(ago, "vault-sync", "secretsmanager:RotateSecret", `{"secretId":"booking/prod/db"}`,
			"AWS::SecretsManager::Secret booking/prod/db")
	}
	carriedThrough := func(w *world) {
		rotate(w, 80*time.Minute)
		for _, ago := range []time.Duration{79 * time.Minute, 78 * time.Minute, 75 * time.Minute} {
			w.logs("quotes", *w.tasks("quotes")[0].TaskArn, ago, "ERROR quotes.db: "+refuses)
		}
	}
	return []variation{
		{name: "sound: logins refused while a rotation went on", kind: triage.Unknown, targetType: targetDatabase,
			spoil: carriedThrough},
		{name: "sound: logins refused while a rotation went on, and somebody complains", kind: triage.DBUnreachable,
			targetType: targetDatabase, since: 79 * time.Minute, spoil: carriedThrough},
		{name: "sound: master password changed, and nobody minds", kind: triage.Unknown, targetType: targetDatabase,
			spoil: func(w *world) { w.dbEvent(50*time.Minute, "configuration change", "Reset master credentials") }},
		{name: "logins refused ever since a rotation", kind: triage.Unknown, targetType: targetDatabase, spoil: func(w *world) {
			rotate(w, 80*time.Minute)
			w.complain("quotes", 79*time.Minute, refuses)
			w.failures("quotes", 78*time.Minute, 2100)
		}, root: because("booking/prod/db "+quotesSays, "rotated", "refuses the login")},
		{name: "password changed, clients out of sight", kind: triage.DBUnreachable, targetType: targetDatabase,
			spoil: func(w *world) { w.dbEvent(33*time.Minute, "configuration change", "Reset master credentials") },
			root:  because(databaseAny, "credentials")},
	}
}
