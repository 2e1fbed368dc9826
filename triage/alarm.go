package triage

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// alarm is a metric that shows a trouble, and when it is too much. The metrics are those that AWS publishes without
// being asked, but for the two of Container Insights ("CloudWatch metrics for your Application Load Balancer", "Amazon
// ECS CloudWatch metrics", "Amazon ECS Container Insights metrics", "Amazon CloudWatch metrics for Amazon RDS", "List
// the available CloudWatch metrics for your instances", "NAT gateway metrics and dimensions").
type alarm struct {
	// codes matches the findings it would have told of.
	codes *regexp.Regexp
	// on is the type of the resource that the metric is of.
	on                           string
	namespace, metric, statistic string
	operator                     string
	threshold                    string
	minutes                      int    // of each period
	periods                      int    // in a row
	missing                      string // how missing data is treated; "" leaves it at missing
	says                         string
}

const (
	above, below   = "GreaterThanThreshold", "LessThanThreshold"
	quietIsFine    = "notBreaching"
	silenceIsWrong = "breaching"
)

// alarms are the metrics nearest to causes, tried in their order.
var alarms = []alarm{
	{regexp.MustCompile(`^ecs\.(?:memory|task-oom|task-exit-137)`), typeService, "AWS/ECS", "MemoryUtilization",
		"Maximum", above, "90", 1, 3, "", "memory near its limit"},
	{regexp.MustCompile(`^ecs\.cpu`), typeService, "AWS/ECS", "CPUUtilization", "Average", above, "90", 1, 10, "",
		"CPU near its limit"},
	{regexp.MustCompile(`^alb\.(?:http-502|target-connection-errors)`), typeLoadBalancer, "AWS/ApplicationELB",
		"HTTPCode_ELB_502_Count", "Sum", above, "10", 1, 3, quietIsFine, "502 answers"},
	{regexp.MustCompile(`^alb\.http-503`), typeLoadBalancer, "AWS/ApplicationELB", "HTTPCode_ELB_503_Count", "Sum",
		above, "10", 1, 3, quietIsFine, "503 answers"},
	{regexp.MustCompile(`^alb\.http-504`), typeLoadBalancer, "AWS/ApplicationELB", "HTTPCode_ELB_504_Count", "Sum",
		above, "10", 1, 3, quietIsFine, "504 answers"},
	{regexp.MustCompile(`^alb\.http-5xx-from-targets`), typeLoadBalancer, "AWS/ApplicationELB",
		"HTTPCode_Target_5XX_Count", "Sum", above, "10", 1, 3, quietIsFine, "failures of the targets"},
	{regexp.MustCompile(`^alb\.(?:http-5|internal|load-balancer|fixed|rule|no-listeners)`), typeLoadBalancer,
		"AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count", "Sum", above, "10", 1, 3, quietIsFine,
		"failures of the load balancer"},
	{regexp.MustCompile(`^alb\.slow`), typeLoadBalancer, "AWS/ApplicationELB", "TargetResponseTime", "p99", above, "5",
		1, 5, quietIsFine, "slow answers"},
	{regexp.MustCompile(`^alb\.connections-rejected`), typeLoadBalancer, "AWS/ApplicationELB",
		"RejectedConnectionCount", "Sum", above, "0", 1, 3, quietIsFine, "refused connections"},
	{regexp.MustCompile(`^alb\.client-tls`), typeLoadBalancer, "AWS/ApplicationELB", "ClientTLSNegotiationErrorCount",
		"Sum", above, "100", 5, 3, quietIsFine, "failed TLS handshakes"},
	{regexp.MustCompile(`^alb\.no-(?:healthy|registered)`), typeTargetGroup, "AWS/ApplicationELB", "HealthyHostCount",
		"Minimum", below, "1", 1, 2, silenceIsWrong, "no healthy target"},
	{regexp.MustCompile(`^alb\.`), typeTargetGroup, "AWS/ApplicationELB", "UnHealthyHostCount", "Maximum", above, "0",
		1, 5, quietIsFine, "unhealthy targets"},
	{regexp.MustCompile(`^rds\.connections|^logs\.database-too-many`), typeDBInstance, "AWS/RDS", "DatabaseConnections",
		"Maximum", above, "", 1, 5, "", "connections near the limit"},
	{regexp.MustCompile(`^rds\.burst`), typeDBInstance, "AWS/RDS", "BurstBalance", "Minimum", below, "20", 5, 2, "",
		"burst credits running out"},
	{regexp.MustCompile(`^rds\.(?:storage-(?:full|filling)|local-storage)`), typeDBInstance, "AWS/RDS",
		"FreeStorageSpace", "Minimum", below, "5368709120", 5, 2, "", "less than 5 GiB of storage left"},
	{regexp.MustCompile(`^rds\.cpu-credits`), typeDBInstance, "AWS/RDS", "CPUCreditBalance", "Minimum", below, "20", 5,
		2, "", "CPU credits running out"},
	{regexp.MustCompile(`^rds\.cpu`), typeDBInstance, "AWS/RDS", "CPUUtilization", "Average", above, "90", 5, 3, "",
		"CPU near its limit"},
	{regexp.MustCompile(`^rds\.(?:memory|swapping)`), typeDBInstance, "AWS/RDS", "FreeableMemory", "Minimum", below,
		"268435456", 5, 3, "", "less than 256 MiB of memory left"},
	{regexp.MustCompile(`^rds\.(?:iops|throughput|storage-latency)`), typeDBInstance, "AWS/RDS", "DiskQueueDepth",
		"Average", above, "20", 5, 3, "", "requests waiting for the disk"},
	{regexp.MustCompile(`^rds\.repl(?:ica|ication)`), typeDBInstance, "AWS/RDS", "ReplicaLag", "Maximum", above, "60",
		1, 5, "", "a replica behind"},
	{regexp.MustCompile(`^ec2\.(?:instance|system|ebs|kernel|boot|disk|file|out-of|cloud|network-not|selinux)`),
		typeInstance, "AWS/EC2", "StatusCheckFailed", "Maximum", above, "0", 1, 2, silenceIsWrong,
		"failed status checks"},
	{regexp.MustCompile(`^ec2\.nat`), "AWS::EC2::NatGateway", "AWS/NATGateway", "ErrorPortAllocation", "Sum", above,
		"0", 1, 3, quietIsFine, "a NAT gateway out of ports"},
	{regexp.MustCompile(`^ecs\.deployment`), typeService, "ECS/ContainerInsights", "DeploymentCount", "Minimum", above,
		"1", 5, 6, quietIsFine, "a deployment that takes half an hour (needs Container Insights on the cluster)"},
}

// effects show that something of a kind is wrong, where nothing nearer to the cause has a metric.
var effects = []alarm{
	{regexp.MustCompile(`^ec2\.(?:security|network-acl|route|no-public)`), typeTargetGroup, "AWS/ApplicationELB",
		"UnHealthyHostCount", "Maximum", above, "0", 1, 5, quietIsFine, "unhealthy targets"},
	{regexp.MustCompile(`^ecs\.`), typeService, "ECS/ContainerInsights", "RunningTaskCount", "Minimum", below, "1", 1,
		3, silenceIsWrong, "no running task (needs Container Insights on the cluster)"},
	{regexp.MustCompile(`^logs\.group-missing`), typeService, "ECS/ContainerInsights", "RunningTaskCount", "Minimum",
		below, "1", 1, 3, silenceIsWrong, "no running task (needs Container Insights on the cluster)"},
	{regexp.MustCompile(`^rds\.`), typeDBInstance, "AWS/RDS", "DatabaseConnections", "Maximum", below, "1", 1, 5,
		silenceIsWrong, "a database that nobody reaches"},
}

// Prevention returns, for each cause of a report, the alarm that would have told of it: on the metric nearest to the
// cause, of the cause's resource or one that shows its effect. Thresholds are a beginning; look at the metric first.
// For a cause in a log, the metric is made first. A cause that no metric shows gives a step that says so.
func Prevention(r *diag.Report) []diag.Step {
	var steps []diag.Step
	seen := map[string]bool{}
	for _, root := range r.Roots() {
		for _, s := range prevent(r, root) {
			if key := s.Text + s.Command; !seen[key] {
				seen[key] = true
				steps = append(steps, s)
			}
		}
	}
	return steps
}

func prevent(r *diag.Report, root diag.Root) []diag.Step {
	if strings.HasPrefix(string(root.Code), "logs.") && root.Resource.Type == typeLogGroup &&
		root.Code != "logs.group-missing" {
		return logAlarm(root)
	}
	chain := causesFirst(root)
	for _, table := range [][]alarm{alarms, effects} {
		for _, node := range chain {
			if step, ok := nearest(r, node, table); ok {
				return []diag.Step{step}
			}
		}
	}
	return []diag.Step{{Text: fmt.Sprintf("No metric of AWS shows %s on %s: watch for it with an EventBridge rule or a "+
		"run of this diagnosis.", root.Code, root.Resource)}}
}

// causesFirst lists a cause and what it explains, level by level: what breaks first has the metric that moves first.
func causesFirst(root diag.Root) []diag.Root {
	list := []diag.Root{root}
	for i := 0; i < len(list); i++ {
		list = append(list, list[i].Explains...)
	}
	return slices.DeleteFunc(list, func(n diag.Root) bool {
		return n.Severity < diag.SeverityWarning || strings.HasPrefix(string(n.Code),
			"ecs.exec") // of ECS Exec there is no metric
	})
}

func nearest(r *diag.Report, node diag.Root, table []alarm) (diag.Step, bool) {
	around := surroundings(r, node)
	for _, a := range table {
		if !a.codes.MatchString(string(node.Code)) {
			continue
		}
		for _, res := range around {
			if res.Type != a.on {
				continue
			}
			if dimensions, ok := dimensionsOf(r, res); ok {
				return a.step(node, res, dimensions), true
			}
		}
	}
	return diag.Step{}, false
}

// surroundings are the cause's resource, those that play a part in it, those of what it explains, what was asked about,
// and the neighbours of all of these, in that order.
func surroundings(r *diag.Report, root diag.Root) []diag.Resource {
	var list []diag.Resource
	put := func(res diag.Resource) {
		if !res.IsZero() && !slices.ContainsFunc(list,
			func(x diag.Resource) bool { return withoutARN(x) == withoutARN(res) }) {
			list = append(list, res)
		}
	}
	var visit func(diag.Root)
	visit = func(root diag.Root) {
		put(root.Resource)
		for _, rel := range root.Related {
			put(rel.Resource)
		}
		for _, e := range root.Explains {
			visit(e)
		}
	}
	visit(root)
	put(r.Focus)
	const hops = 2
	for range hops {
		for _, res := range slices.Clone(list) {
			for _, l := range r.Links {
				switch {
				case l.Context:
				case withoutARN(l.From) == withoutARN(res):
					put(l.To)
				case withoutARN(l.To) == withoutARN(res):
					put(l.From)
				}
			}
		}
	}
	return list
}

// dimensionsOf returns the dimensions of a resource's metrics, false if they are not known.
func dimensionsOf(r *diag.Report, res diag.Resource) (string, bool) {
	tail := func(res diag.Resource, mark string) string {
		_, after, _ := strings.Cut(res.ARN, mark)
		return after
	}
	switch res.Type {
	case typeService:
		cluster, name, ok := strings.Cut(res.ID, "/")
		return "Name=ClusterName,Value=" + cluster + " Name=ServiceName,Value=" + name, ok
	case typeLoadBalancer:
		lb := tail(res, ":loadbalancer/")
		return "Name=LoadBalancer,Value=" + lb, strings.HasPrefix(lb, "app/")
	case typeTargetGroup:
		group := tail(res, ":targetgroup/")
		for _, l := range r.Links {
			if lb := tail(l.From, ":loadbalancer/"); group != "" && withoutARN(l.To) == withoutARN(res) &&
				strings.HasPrefix(lb, "app/") {
				return "Name=TargetGroup,Value=targetgroup/" + group + " Name=LoadBalancer,Value=" + lb, true
			}
			if lb := tail(l.To, ":loadbalancer/"); group != "" && withoutARN(l.From) == withoutARN(res) &&
				strings.HasPrefix(lb, "app/") {
				return "Name=TargetGroup,Value=targetgroup/" + group + " Name=LoadBalancer,Value=" + lb, true
			}
		}
		return "", false
	case typeDBInstance:
		return "Name=DBInstanceIdentifier,Value=" + res.ID, true
	case typeInstance:
		return "Name=InstanceId,Value=" + res.ID, true
	case "AWS::EC2::NatGateway":
		return "Name=NatGatewayId,Value=" + res.ID, true
	}
	return "", false
}

// step is the alarm as a command. Where the threshold depends on the resource, the reader puts it in.
func (a alarm) step(root diag.Root, res diag.Resource, dimensions string) diag.Step {
	threshold, text := a.threshold,
		fmt.Sprintf("An alarm on %s of %s would have told of %s: %s. Add --alarm-actions with the topic that wakes somebody.",
			a.metric, res, root.Code, a.says)
	if threshold == "" {
		threshold = "80"
		text += " Put in 80 % of what the instance allows (max_connections) as the threshold."
	}
	command := fmt.Sprintf("aws cloudwatch put-metric-alarm --alarm-name %s --namespace %s --metric-name %s --dimensions "+
		"%s %s --period %d --evaluation-periods %d --threshold %s --comparison-operator %s",
		quote(nameFor(res, a.metric)), a.namespace, a.metric, quoteEach(dimensions), a.statistics(), a.minutes*60,
		a.periods, threshold, a.operator)
	if a.missing != "" {
		command += " --treat-missing-data " + a.missing
	}
	return diag.Step{Text: text, Command: command + regionOf(res), Changes: true,
		Doc: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html"}
}

func (a alarm) statistics() string {
	if strings.HasPrefix(a.statistic, "p") {
		return "--extended-statistic " + a.statistic
	}
	return "--statistic " + a.statistic
}

// logAlarm makes a metric of the log lines that the cause quotes, and an alarm on it.
func logAlarm(root diag.Root) []diag.Step {
	pattern := ""
	for _, e := range root.Evidence {
		if strings.HasPrefix(e.Source, "logs:") && pattern == "" {
			pattern = longestWord(e.Value)
		}
	}
	if pattern == "" {
		pattern = "ERROR"
	}
	name := nameFor(root.Resource, string(root.Code))
	return []diag.Step{
		{Text: fmt.Sprintf("Count the lines of %s that hold %q, the word of the cause's own lines; widen the pattern if it "+
			"is too narrow.", root.Resource, pattern), Changes: true,
			Command: fmt.Sprintf("aws logs put-metric-filter --log-group-name %s --filter-name %s --filter-pattern %s "+
				"--metric-transformations metricName=%s,metricNamespace=LogErrors,metricValue=1,defaultValue=0%s",
				quote(root.Resource.ID), quote(name), quote(`"`+pattern+`"`), name, regionOf(root.Resource))},
		{Text: fmt.Sprintf("An alarm on that count would have told of %s. Add --alarm-actions with the topic that wakes somebody.", root.Code), Changes: true,
			Command: fmt.Sprintf("aws cloudwatch put-metric-alarm --alarm-name %s --namespace LogErrors --metric-name %s "+
				"--statistic Sum --period 60 --evaluation-periods 3 --threshold 5 --comparison-operator %s --treat-missing-data %s%s",
				quote(name), name, above, quietIsFine, regionOf(root.Resource))},
	}
}

var plainWord = regexp.MustCompile(`[A-Za-z][A-Za-z_]{3,}`)

// longestWord is the word that tells a line from others best: names of errors are long.
func longestWord(text string) string {
	best := ""
	for _, w := range plainWord.FindAllString(text, -1) {
		if len(w) > len(best) && !strings.Contains(w, "redacted") {
			best = w
		}
	}
	return best
}

var unsafe = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

func nameFor(res diag.Resource, what string) string {
	return strings.Trim(unsafe.ReplaceAllString(res.ID+"-"+what, "-"), "-")
}

var bare = regexp.MustCompile(`^[A-Za-z0-9._/=:,@%+-]+$`)

// quote makes one argument of a shell command.
func quote(text string) string {
	if bare.MatchString(text) {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

func quoteEach(words string) string {
	fields := strings.Fields(words)
	for i, w := range fields {
		fields[i] = quote(w)
	}
	return strings.Join(fields, " ")
}

func regionOf(res diag.Resource) string {
	if res.Region == "" {
		return ""
	}
	return " --region " + quote(res.Region)
}
