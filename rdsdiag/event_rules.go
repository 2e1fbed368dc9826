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

// The words for the states of what RDS does. Contractions are written out before the rules see a message.
const (
	begun = `\bstart(s|ed|ing)?\b|\bbeg[aiu]n|in progress|under ?way|\bongoing|initiat|taking place|applying|` +
		`being applied`
	ended  = `complet|finish|\bdone\b|\bended\b|is over|succe(ss|eded)`
	failed = `fail|\berror|unable|could not|can not|was not able|cancel|abort|not succe|unsuccessful`
)

// refused are the words for what RDS tried and could not do, of which a cancelled request is none.
const refused = `could not|can not|unable to|\bfail(ed|ure)? (to|of|during|in|while)\b`

// eventRules are tried in order; the first that fits decides. The messages of RDS name a thing and what became of it,
// so that a rule is a pair of both: wordings differ between engines, consoles and years, the pairs do not.
var eventRules = []eventRule{
	// What does not concern how the database serves, though it sounds like it.
	rule(EventOther, `export task|activity stream|support perimeter|copy of (\w+ )*snapshot|snapshot copy|`+
		`supports a maximum|paus\w* (was |has been |is )?cancel|\bno (update|upgrade|patch)\w* (is |are )?available|`+
		`resynchroni[sz]|do not recommend`),

	// The key, the proxy and the directory around an instance.
	rule(EventKeyInaccessible, `encryption key|\bkms\b`, `access`, failed+`|disabled|inaccessible|denied`),
	rule(EventKeyAccessible, `encryption key|\bkms\b`, `access`),
	rule(EventProxyFailed, `\bproxy\b`, failed+`|throttl|exceed|not enough`),
	rule(EventProxyChange, `\bproxy\b`, `modif|detect|added|removed|chang`),
	rule(EventCreated, `blue/green deployment`, `tasks completed`),
	rule(EventCreationFailed, `creation\b`, failed),
	rule(EventSetupFailed, `(`+refused+`).*\b(snapshot|backup)\b`, `!option`),
	rule(EventSetupFailed, `\bdomain\b|kerberos|active directory|\bs3\b`, failed),

	// What went wrong with the instance itself.
	rule(EventMaintenanceScheduled, `scheduled (a|an|the)\b|pending maintenance action`, `!`+failed),
	rule(EventFailoverFailed, `fail-?over|switchover|promotion of`, `\bnot (be )?complet`),
	rule(EventFailoverFailed, `(fail-?over|switchover)\b.*\b(cancell?ed|failed|aborted|timed out)\b`,
		`!complet|skip|abandon`),
	rule(EventReplicationLag, `fallen behind|\blag of (read )?replica|replica(tion)? lag|lags? behind|lagging|`+
		`replica\w*\b.*not keep up`),
	rule(EventInvalidParameters, `(invalid|incompatible)[ -]parameter|`+
		`parameters? (\w+ )?(is|are|was|were) (invalid|incompatible|not (valid|compatible))`, `!upgrad`),
	rule(EventIncompatibleNetwork, `incompatible[ -]network|(subnet|vpc).*(invalid|not exist|no longer|not valid)`),
	rule(EventInstanceFailed, `incompatible configuration|(begin|initiate|perform|recommend).*point-in-time[ -]restore`),
	rule(EventInstanceFailed, `\bfailed\b|not recover`, `restor\w+ .*point[ -]in[ -]time`),
	rule(EventInstanceFailed, `put into .*(failed|incompatible|inaccessible|restore-error)|storage volume.*failure`),
	rule(EventSecretMissing, `secret`, `not (be )?(find|found)|missing|not exist|`+failed),
	rule(EventMemoryLow, `(low on|out of|excessive|lack of) memory|memory (pressure|exhaust)`),
	rule(EventBurstCreditsLow, `burst (balance|credit)`),

	// Storage: what blocks scaling first, for such messages also tell how full it is.
	rule(EventStorageScalingBlocked,
		`autoscaling|scal(e|ing) (the )?storage|storage (modification|scaling)|storage quota|`+
			`(can not|unable to) (autoscale|modify|change|increase) (the )?(allocated )?storage|`+
			`storage\b.*\b(be (modified|changed|scaled)|scale|not grow)\b`,
		failed+`|paus|not grow|retr(y|ied)|cooling-off|reach|exceed|internal error|invalid state|unavailable`),
	rule(EventStorageScalingBlocked, `storage configuration upgrade`, failed),
	rule(EventStorageLow, `storage|space`, `consumed more than|capacity.*\blow\b|(running|is|are|dangerously|too) low|`+
		`low (on|in) (space|storage)|approaching|nearing|(almost|nearly) (full|used)`, `!shut ?down the`),
	rule(EventStorageFull, `storage|\b(disk|free) space`,
		`consumed|exhausted|storage-full|\bno (free )?(space|storage)|is full|\bout of |\bis used( up)?\b`),
	rule(EventStorageInitializing, `storage|volume`, `initiali[sz]`),
	rule(EventStorageScaling, `(modification to|modifying|changing) allocated storage|`+
		`allocated storage.*(modif|chang|increas|scaled)|increas\w* (the )?(allocated )?storage|`+
		`storage (settings|configuration|type|modification)|autoscaling-initiated|`+
		`(modification|change|increase) of (the )?(allocated )?storage|`+
		`storage( volume)?\b.*\b(auto-?scaled|grew|grown|modified|extended|expanded)|`+
		`auto-?scaling (has |was )?\w*(add|increas|grew|extend|expand)`),

	// Maintenance and upgrades.
	rule(EventRecoveryInfo, `binlog position|from crash recovery`),
	rule(EventMaintenanceDelayed, `delay`, `patch|upgrade|maintenance`),
	rule(EventUpgradeFailed, `upgrad|\bpatch`, `(`+failed+`)|roll(ed)? ?back`),
	rule(EventUpgradeStarted, `upgrad`, `pre-?check|preparation|(pre|post)-upgrade|attempting|waiting for`),
	rule(EventMaintenanceCompleted, `off-?line|downtime|maintenance`, ended, `!zero.downtime|`+failed),
	rule(EventMaintenanceStarted, `off-?line|downtime`, begun+`|being patched|currently`, `!zero.downtime|\bmay\b`),
	rule(EventUpgradeCompleted, `upgrad`, ended+`|has been|was |upgraded`,
		`!available|requir|being upgraded`),
	rule(EventUpgradeAvailable, `(upgrad|updat|patch|new version)\w*( [\w.-]+)* (is |are )?(now )?(available|requir)`),
	rule(EventUpgradeAvailable, `\b(new|newer|later) ((minor|major|engine|database) )*version\b.*\b(available|requir)`),
	rule(EventUpgradeFailed, `\bupdate of|\b(system|os|engine|version) update`, failed),
	rule(EventUpgradeCompleted, `\bupdate of`, ended),
	rule(EventUpgradeStarted, `\bupdate of`, begun),
	rule(EventUpgradeStarted, `upgrad`, begun+`|being upgraded|\bupgrading `, `!will continue`),
	rule(EventPatched, `\bpatch(ed|ing|es)?\b`, `!re-?started after`),
	rule(EventMaintenanceStarted, `maintenance`, begun),

	rule(EventRestarted, `\bre-?started after`),

	// Recovery before failover: "recovery completed, pending failover".
	rule(EventRecoveryCompleted, `recovery\b[^.]*(`+ended+`)`, `!restarting due`),
	rule(EventRecoveryStarted, `recovery\b[^.]*(`+begun+`)|being recovered|performance will be degraded|`+
		`be degraded while`),
	rule(EventRestarted, `promoted\W.*restarting`),
	rule(EventFailoverSkipped, `failover`,
		`\bno failover|not (been )?(attempt|perform|start)(ing|ed)|abandon|skip|ignor|recently occurred`),
	rule(EventFailoverFailed, `fail(ed|ing)? ?-?over|switchover|promotion of`,
		`(has |have |was |is )?(failed|unsuccessful|cancell?ed)(\W|$)|unable|could not|can not`, `!complet`),
	rule(EventFailoverRequested, `fail-?over`, `request`),
	rule(EventFailoverCompleted, `fail-?over|activation|switchover`, ended+`|recovered`, `!\bstart|begun`),
	rule(EventFailoverStarted, `fail-?over|activation|switchover|promoting|promotion of`,
		begun+`|re-?started|promoting|promotion of`),
	rule(EventFailoverCompleted, `(primary|writer).*promoted|promoted.*(primary|writer)`, `!restarting`),
	rule(EventInstanceUnresponsive, `unresponsive|(not|stopped|no longer) respon|unhealthy|unreachable|loss of network`),

	// Replication.
	rule(EventReplicationResumed, `replicat?ion|read replica`, `resum|channel .*started`),
	rule(EventReplicationStopped, `replication`, `manually stopped|(was|been) reset|terminated|process stopped`),
	rule(EventReplicationBroken, `replication|read replica`, `stopped|fail|error`),

	// Configuration.
	rule(EventPasswordResetFailed, `password|credential`, `reset|chang|rotat|updat`, failed, `!monitoring`),
	rule(EventPasswordReset, `password|(master|primary) credential|master user|master secret`, `reset|chang|rotat|updat`,
		`!cloudhsm|partition`),
	rule(EventMonitoringRole, `monitoring`, `role|credential|disabled due|`+failed),
	rule(EventMonitoringChange, `monitoring`),
	rule(EventOptionGroupFailed, `option group|\boption\b|\binstallation\b`, failed+`|incompatible|not compatible`),
	rule(EventOptionGroupFailed, `iam role`, `configured incorrectly|not .*configured`),
	rule(EventInstanceClassRefused, `instance class`, failed),
	rule(EventInstanceClassChange, `instance class|\bdb\.[a-z]\w+\.\w+`, `modif|chang|appl|scal`),
	rule(EventMultiAZChange, `(multi|single)-az`, `convert|unable`),
	rule(EventParameterGroupChange, `parameter ?group|updated? parameter|apply method|`+
		`\bparameter\b.*(set|adjusted|changed|updated|modified)\b`),
	rule(EventTooManyObjects, `number of (tables|databases|objects)|too many (tables|databases|objects)`),
	rule(EventCertificate, `certificate`),
	rule(EventSecurityGroup, `security ?group|revok\w+ authorization`),
	rule(EventRenamed, `renam(ed|ing)`),

	// Backups.
	rule(EventBackupDeferred, `snapshot|backup`, `requested but|submit the request again|emergent`),
	rule(EventBackupSetting, `automat(ic|ed) backups?`, `enabled|disabled`),
	rule(EventRestored, `restored? from|being restored`),
	rule(EventDeleted, `\bdelet(ed|ing)\b|\bdeletion of\b`, `!\b(`+failed+`)`),
	rule(EventBackupCompleted, `(finish|complet)\w* (creat|tak)ing .*(snapshot|backup)|(snapshot|backup)\b.*\bsucce`),
	rule(EventBackupStarted, `backing up|(creating|creation of|taking|started).*(snapshot|backup)|`+
		`(snapshot|backup).*(being created|`+begun+`)`),
	rule(EventBackupCompleted, `(snapshot|backup)\b.*(created|available|`+ended+`)|finished.*(snapshot|backup)`),

	// Coming, going, and serverless.
	rule(EventRestartFailed, `re-?start|reboot`, failed),
	rule(EventCreationFailed, `creat`, failed),
	rule(EventScalingFailed, `scaling|\bscale\b`, failed+`|not found`),
	rule(EventOther, `(restart|reboot) your`),
	rule(EventScaled, `scaling|scaled`),
	rule(EventResumed, `^resum|\b(being|been|was|is) resumed`),
	rule(EventPaused, `paus`),
	rule(EventResumed, `resum`),
	rule(EventRestarted, `re-?start|reboot`),
	rule(EventStopFailed, `stop\w* failed|failed to stop|unable to stop`),
	rule(EventShutdown, `shut(ting)? ?down`),
	rule(EventRecoveryStarted, `started recovery|\brecovering\b`),
	rule(EventRecoveryCompleted, `\brecovered\b`),
	rule(EventStarted, `(being|been|(instance|cluster|engine|database)( [\w.-]+)?( is| was| has)?) started|starting`,
		`!\b(for|of|in|on) (the )?(db )?(instance|cluster) \w+ started`),
	rule(EventStopped, `stopp?(ed|ing)`),
	rule(EventCreated, `created|being created|creating|to create|creation of`, `!`+refused),

	// What only its subject and its state tell, in words of no table.
	rule(EventStorageLow, `storage|space`, `\b(only|below|under|less than)\b.*\d`),
	rule(EventParameterGroupChange, `\bparameters?\b`, `\b(appl|associat|attach|modif|chang)`, `!`+failed),
	rule(EventTooManyObjects, `\b(tables|databases)\b`, `\bmore\b.*\bthan\b|exceed|too many`),

	// What was tried and did not work, whatever it was.
	rule(EventSetupFailed, refused+`|\bmigrat\w+.*\bfailed`),
}

// eventOfCategory serves messages that no rule knows, where the category leaves no doubt.
var eventOfCategory = map[string]EventClass{
	"low storage": EventStorageLow, "deletion": EventDeleted, "creation": EventCreated, "recovery": EventRecoveryInfo,
}

// ClassifyEvent tells what an event is about: by its message, else by its categories as DescribeEvents gives them. It
// knows no event ids: DescribeEvents does not return them.
func ClassifyEvent(message string, categories ...string) EventClass {
	text := strings.Join(strings.Fields(strings.ToLower(strings.ReplaceAll(message, "’", "'"))), " ")
	text = plain(named.ReplaceAllStringFunc(text, withoutName))
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

// furtherReading is where a message turns to what to read, which tells nothing of what happened: "see the error log".
var furtherReading = regexp.MustCompile(
	`([.;:,(]) *((please )?(see|refer to|consult|check)|for (more|further|information|details)) .*`)

// spelled writes out contractions, and brings "to fail over", which is no failure, into one form.
var spelled = strings.NewReplacer("can't", "can not", "cannot", "can not", "n't ", " not ",
	"failed over", "failover finished", "failing over", "failover starting", "fails over", "failover starting",
	"fail over", "failover")

// plain drops the advice of a message, writes contractions out, and brings the verb of failovers into one form.
func plain(text string) string {
	return spelled.Replace(furtherReading.ReplaceAllString(text, "$1"))
}

// withoutName takes the name from what [named] found.
func withoutName(found string) string {
	if hyphened.MatchString(found) || strings.Contains(found, " db.") {
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
