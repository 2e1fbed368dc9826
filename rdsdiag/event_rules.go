package rdsdiag

import (
	"regexp"
	"strings"
)

// eventRule gives a class to messages that hold all of its patterns and none of its exceptions.
type eventRule struct {
	class  EventClass
	all    []*regexp.Regexp
	except *regexp.Regexp
}

func rule(class EventClass, patterns ...string) eventRule {
	r := eventRule{class: class}
	for _, p := range patterns {
		if except, ok := strings.CutPrefix(p, "!"); ok {
			r.except = regexp.MustCompile(except)
			continue
		}
		r.all = append(r.all, regexp.MustCompile(p))
	}
	return r
}

const failed = `fail|\berror|unable|could ?n[o']t|can ?n[o']t|can't|was not able|cancel|abort`

// refused are the words for what RDS tried and could not do, of which a cancelled request is none.
const refused = `could ?n[o']t|can ?n[o']t|can't|unable to|\bfail(ed|ure)? (to|of|during|in|while)\b`

// eventRules are tried in order; the first that fits decides. The messages of RDS name a thing and what became of it,
// so that a rule is a pair of both: wordings differ between engines, consoles and years, the pairs do not.
var eventRules = []eventRule{
	// What does not concern how the database serves, though it sounds like it.
	rule(EventOther, `export task|activity stream|support perimeter|copy of snapshot|snapshot copy|`+
		`supports a maximum|paus\w* was cancel|\bno (update|upgrade|patch)\w* (is |are )?available|`+
		`resynchroni[sz]|do(n't| not) recommend`),

	// The key, the proxy and the directory around an instance.
	rule(EventKeyInaccessible, `encryption key|\bkms\b`, `access`, failed+`|disabled|inaccessible|denied`),
	rule(EventKeyAccessible, `encryption key|\bkms\b`, `access`),
	rule(EventProxyFailed, `\bproxy\b`, failed+`|throttl|exceed|not enough|aren't enough`),
	rule(EventProxyChange, `\bproxy\b`, `modif|detect|added|removed|chang`),
	rule(EventCreated, `blue/green deployment`, `tasks completed`),
	rule(EventCreationFailed, `creation\b`, failed),
	rule(EventSetupFailed, `(`+refused+`).*\b(snapshot|backup)\b`, `!option`),
	rule(EventSetupFailed, `\bdomain\b|kerberos|active directory|\bs3\b`, failed),

	// What went wrong with the instance itself.
	rule(EventMaintenanceScheduled, `scheduled (a|an|the)\b|pending maintenance action`, `!`+failed),
	rule(EventFailoverFailed, `fail-?over|switchover|promotion of`, `\bn[o']t (be )?complet`),
	rule(EventFailoverFailed, `(fail-?over|switchover)\b.*\b(cancell?ed|failed|aborted|timed out)\b`,
		`!complet|skip|abandon`),
	rule(EventReplicationLag, `fallen behind|replica(tion)? lag|lags? behind|lagging`),
	rule(EventInvalidParameters, `(invalid|incompatible)[ -]parameter`, `!upgrad`),
	rule(EventIncompatibleNetwork, `incompatible[ -]network|subnet.*(invalid|not exist)`),
	rule(EventInstanceFailed, `incompatible configuration|(begin|initiate|perform|recommend).*point-in-time[ -]restore`),
	rule(EventInstanceFailed, `put into .*(failed|incompatible|inaccessible|restore-error)|storage volume.*failure`),
	rule(EventSecretMissing, `secret`, `not (be )?(find|found)|missing|not exist|`+failed),
	rule(EventMemoryLow, `low on memory|out of memory`),
	rule(EventBurstCreditsLow, `burst (balance|credit)`),

	// Storage: what blocks scaling first, for such messages also tell how full it is.
	rule(EventStorageScalingBlocked, `autoscaling|scal(e|ing) (the )?storage|storage (modification|scaling)|storage quota`,
		`unable|retr(y|ied)|cooling-off|reach|exceed|internal error|invalid state|unavailable`),
	rule(EventStorageScalingBlocked, `storage configuration upgrade`, failed),
	rule(EventStorageLow, `storage|space`, `consumed more than|capacity.*\blow\b|(running|is|are|dangerously|too) low|`+
		`low (on|in) (space|storage)|approaching|nearing`),
	rule(EventStorageFull, `storage`, `consumed|exhausted|storage-full|no (free )?space|is full`),
	rule(EventStorageInitializing, `storage|volume`, `initiali[sz]`),
	rule(EventStorageScaling, `(modification to|modifying|changing) allocated storage|`+
		`allocated storage.*(modif|chang|increas)|increas\w* (the )?(allocated )?storage|`+
		`storage (settings|configuration|type)|autoscaling-initiated`),

	// Maintenance and upgrades.
	rule(EventRecoveryInfo, `binlog position|from crash recovery`),
	rule(EventMaintenanceDelayed, `delay`, `patch|upgrade|maintenance`),
	rule(EventUpgradeFailed, `upgrad|\bpatch`, `(`+failed+`)|roll(ed)? ?back`),
	rule(EventUpgradeStarted, `upgrad`, `pre-?check|preparation|post-upgrade|attempting|waiting for`),
	rule(EventMaintenanceCompleted, `off-?line|downtime|maintenance`, `finish|complet|\bended|is over`, `!zero.downtime`),
	rule(EventMaintenanceStarted, `off-?line|downtime`,
		`start|applying|being applied|taking place|begun|began|being patched|in progress|currently`, `!zero.downtime`),
	rule(EventUpgradeCompleted, `upgrad`, `complet|finish|has been|was |succe(ss|eded)|upgraded`,
		`!available|requir|being upgraded`),
	rule(EventUpgradeAvailable, `(upgrad|updat|patch|new version)\w*( [\w.-]+)* (is |are )?(now )?(available|requir)`),
	rule(EventUpgradeAvailable, `\b(new|newer|later) ((minor|major|engine|database) )*version\b.*\b(available|requir)`),
	rule(EventUpgradeFailed, `\bupdate of|\b(system|os|engine|version) update`, failed),
	rule(EventUpgradeCompleted, `\bupdate of`, `complet|finish`),
	rule(EventUpgradeStarted, `\bupdate of`, `start|beg[aiu]n|in progress`),
	rule(EventUpgradeStarted, `upgrad`, `start|beg[aiu]n|in progress|applying|being upgraded|initiat`),
	rule(EventPatched, `\bpatch(ed|ing|es)?\b`),
	rule(EventMaintenanceStarted, `maintenance`, `start|beg[aiu]n|applying|in progress|taking place`),

	// Recovery before failover: "recovery completed, pending failover".
	rule(EventRecoveryCompleted, `recovery\b.*complet|recovery\b.*finish`),
	rule(EventRecoveryStarted, `recovery\b.*(start|begun|began)|being recovered|performance will be degraded|`+
		`be degraded while`),
	rule(EventRestarted, `promoted\W.*restarting`),
	rule(EventFailoverSkipped, `failover`, `not attempting|abandon|skip|recently occurred`),
	rule(EventFailoverFailed, `fail(ed|ing)? ?-?over|switchover|promotion of`,
		`(has |have |was |is )?(failed|unsuccessful|cancell?ed)(\W|$)|unable|could ?n[o']t`, `!complet`),
	rule(EventFailoverRequested, `fail-?over`, `request`),
	rule(EventFailoverCompleted, `fail-?over|activation|switchover`, `complet|finish|recovered|successful(ly)?\b`,
		`!start|begun`),
	rule(EventFailoverStarted, `fail-?over|activation|switchover|promoting|promotion of`,
		`start|begun|began|begin|initiat|in progress|under way|promoting|promotion of`),
	rule(EventFailoverCompleted, `primary.*promoted|promoted.*primary`),
	rule(EventInstanceUnresponsive, `unresponsive|not respon|unhealthy|unreachable|loss of network`),

	// Replication.
	rule(EventReplicationResumed, `replicat?ion|read replica`, `resum|channel .*started`),
	rule(EventReplicationStopped, `replication`, `manually stopped|(was|been) reset|terminated|process stopped`),
	rule(EventReplicationBroken, `replication|read replica`, `stopped|fail|error`),

	// Configuration.
	rule(EventPasswordResetFailed, `password|credential`, `reset|chang|rotat`, failed, `!monitoring`),
	rule(EventPasswordReset, `password|(master|primary) credential|master user|master secret`, `reset|chang|rotat`,
		`!cloudhsm|partition`),
	rule(EventMonitoringRole, `monitoring`, `role|credential|disabled due|`+failed),
	rule(EventMonitoringChange, `monitoring`),
	rule(EventOptionGroupFailed, `option group|\boption\b|\binstallation\b`, failed+`|incompatible`),
	rule(EventOptionGroupFailed, `iam role`, `configured incorrectly|not .*configured`),
	rule(EventInstanceClassRefused, `instance class`, `can't|cannot|unable|couldn't|failed`),
	rule(EventInstanceClassChange, `instance class`, `modif|chang|appl|scal`),
	rule(EventMultiAZChange, `(multi|single)-az`, `convert|unable`),
	rule(EventParameterGroupChange, `parameter ?group|updated? parameter|apply method|`+
		`\bparameter\b.*(set|adjusted|changed) `),
	rule(EventTooManyObjects, `number of (tables|databases|objects)|too many (tables|databases|objects)`),
	rule(EventCertificate, `certificate`),
	rule(EventSecurityGroup, `security ?group|revok\w+ authorization`),
	rule(EventRenamed, `renam(ed|ing)`),

	// Backups.
	rule(EventBackupDeferred, `snapshot|backup`, `requested but|submit the request again|emergent`),
	rule(EventBackupSetting, `automat(ic|ed) backups?`, `enabled|disabled`),
	rule(EventRestored, `restored? from|being restored`),
	rule(EventDeleted, `deleted`),
	rule(EventBackupStarted, `backing up|(creating|creation of|taking|started).*(snapshot|backup)|`+
		`(snapshot|backup).*(being created|started|in progress)`),
	rule(EventBackupCompleted, `(snapshot|backup).*(created|complet|finish)|finished.*(snapshot|backup)`),

	// Coming, going, and serverless.
	rule(EventCreationFailed, `creat`, failed),
	rule(EventRestartFailed, `re-?start|reboot`, failed),
	rule(EventScalingFailed, `scaling|\bscale\b`, failed),
	rule(EventOther, `(restart|reboot) your`),
	rule(EventScaled, `scaling|scaled`),
	rule(EventResumed, `^resum|\b(being|been|was|is) resumed`),
	rule(EventPaused, `paus`),
	rule(EventResumed, `resum`),
	rule(EventRestarted, `re-?start|reboot`),
	rule(EventStopFailed, `stop\w* failed|failed to stop|unable to stop`),
	rule(EventShutdown, `shut ?down`),
	rule(EventStarted, `(being|been|instance|cluster|engine|database) started|starting`),
	rule(EventStopped, `stopp?(ed|ing)`),
	rule(EventCreated, `created|being created|creating|to create`, `!`+refused),

	// What was tried and did not work, whatever it was.
	rule(EventSetupFailed, refused),
}

// eventOfCategory serves messages that no rule knows, where the category leaves no doubt.
var eventOfCategory = map[string]EventClass{
	"low storage": EventStorageLow, "deletion": EventDeleted, "creation": EventCreated, "recovery": EventRecoveryInfo,
}

// ClassifyEvent tells what an event is about: by its message, else by its categories as DescribeEvents gives them. It
// knows no event ids: DescribeEvents does not return them.
func ClassifyEvent(message string, categories ...string) EventClass {
	text := strings.Join(strings.Fields(strings.ToLower(strings.ReplaceAll(message, "’", "'"))), " ")
	text = named.ReplaceAllStringFunc(text, withoutName)
	if class, ok := ruled(text); ok {
		happened, _, reason := strings.Cut(text, " because ")
		before, ok := ruled(happened)
		if ok && reason && before != EventOther && strings.HasSuffix(string(class), "-failed") {
			return before // what failed may be the reason only: "failed over because its host failed"
		}
		return class
	}
	for _, c := range categories {
		if class, ok := eventOfCategory[strings.ToLower(c)]; ok && text != "" {
			return class
		}
	}
	return EventOther
}

var (
	// named finds what may be the name of a resource: customers call a snapshot "before-upgrade" and an instance
	// "failover-test". Names have hyphens or digits, and stand behind what they name.
	named = regexp.MustCompile(`\b(\w*instance|\w*cluster|snapshot|replica|\w*group|proxy|deployment|task|database|` +
		`option|secret|from|to|of|source|target|named|called):? ["'\x60]?[\w.:/]*[-\d][\w.:/-]*`)
	// hyphened are the beginnings of words with hyphens that are no names.
	hyphened = regexp.MustCompile(` ["'\x60]?(pre|post|re|multi|single|off|cross|same|long|non|auto|autoscaling|fail|` +
		`incompatible|inaccessible|storage|point|blue|zero|time|cooling|in|so|read|on)-`)
)

// withoutName takes the name from what [named] found.
func withoutName(found string) string {
	if hyphened.MatchString(found) {
		return found
	}
	kind, _, _ := strings.Cut(found, " ")
	return kind + " x"
}

// ruled returns the class of the first rule that fits.
func ruled(text string) (EventClass, bool) {
	for _, r := range eventRules {
		if r.fits(text) {
			return r.class, true
		}
	}
	return EventOther, false
}

func (r eventRule) fits(text string) bool {
	if r.except != nil && r.except.MatchString(text) {
		return false
	}
	for _, p := range r.all {
		if !p.MatchString(text) {
			return false
		}
	}
	return true
}
