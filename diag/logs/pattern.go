package logs

// FilterPattern is the CloudWatch filter pattern by which a busy group is read: it lets through every line that
// [Classify] could know, and health-check requests. It is one regular expression, as only those match within words;
// parentheses and blanks are not allowed in it ("Supported regular expressions (regex) syntax", CloudWatch Logs User
// Guide). A pattern holds at most 1,024 characters.
const FilterPattern = `%rror|ERR|xception|atal|FATAL|CRIT|ALERT|WARN|[Pp]anic|[Ff]ail|FAIL|efused|REFUSED|imed.out|` +
	`ime-?out|TIME|ncorrect|` +
	`enied|DENIED|[Rr]eset|RESET|annot|[Cc]an.t|[Cc]ould|[Uu]nable|[Nn]ot\s|NOT_|NO[A-Z]|[Nn]o\s|issing|MISSING|emory|` +
	`alloc|[Kk]ill|` +
	`[Tt]oo\s|xpired|EXPIRED|xceed|eserved|eadlock|nvalid|nauthor|[Cc]rash|[Cc]losed|[Ll]ost|[Ll]ocked|Lock\son|` +
	`[Rr]equire|[Mm]ust|lready|uplicate|violates|[Uu]nknown|nexpected|ncaught|nhandled|[Aa]bort|` +
	`[Bb]roken|[Hh]ang|[Dd]own|yntax|hrottl|[Ll]imit|uota|nhealthy|nreach|navailable|nsupported|SIG[A-Z]|[Ss]ignal|` +
	`ertif|tarting\sup|ecovery|racebac|Caused|E[A-Z]{4}|EOF|EAI_|assword|ermina|xited|nterrupt|isconn|pecified|nbound|fault|` +
	`\sdied|[Bb]ad\s|[Ee]merg|[Oo]ut\sof|ithout|arkedDead|mpty|eject|onflict|onstraint|ompatib|[Ww]rong|low\son|` +
	`NXDOMAIN|` +
	`status\scode|ndefined|Please\s|goroutine|sage\sof\seach|in\suse|orbidden|reached|egmentation|llegal|gave\sHTTP|` +
	`is\sopen|HARAKIRI|Identify|` +
	`REPORT|ELB-Health|[^0-9][45][0-9][0-9][^0-9]%`
