package ecsdiag

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
)

// ServiceSurvey tells what a service depends on, what happened to it and how it is configured.
var ServiceSurvey = &diag.Survey[*Service]{
	Name: "ecs.service", Actions: actionsPlacement, Links: serviceLinks, Events: serviceEvents, Settings: serviceSettings,
}

// ServiceNeighbourSurvey tells those of the neighbours that need no further call: cluster, target groups, security
// groups, subnets and task definitions. A walk that runs it beside [ServiceSurvey] gets to them two round trips
// earlier.
var ServiceNeighbourSurvey = &diag.Survey[*Service]{
	Name: "ecs.service-neighbours", Actions: actionsService, Links: neighbourLinks,
}

// ServiceImageSurvey leads to the images in private ECR registries that a service runs, as resources of the type
// AWS::ECR::Image, if there are signs that images do not arrive, arrive slowly or are built for another platform.
var ServiceImageSurvey = &diag.Survey[*Service]{
	Name: "ecs.service-images", Actions: actionsTasksAndDef, Links: imageLinks,
}

// ClusterSurvey leads to a cluster's services and tells how it is configured.
var ClusterSurvey = &diag.Survey[*Cluster]{
	Name:    "ecs.cluster",
	Actions: append([]string{"ecs:DescribeClusters", "ecs:ListServices", "ecs:DescribeServices"}, actionsHosts...),
	Links:   clusterLinks, Settings: clusterSettings,
}

// TaskSurvey tells what a task depends on.
var TaskSurvey = &diag.Survey[*Task]{
	Name: "ecs.task", Actions: []string{"ecs:DescribeTasks", "ecs:DescribeTaskDefinition"}, Links: taskLinks,
}

// TaskDefinitionSurvey tells what a task definition refers to and how it is configured.
var TaskDefinitionSurvey = &diag.Survey[*TaskDefinition]{
	Name: "ecs.task-definition", Actions: []string{"ecs:DescribeTaskDefinition"}, Links: definitionLinks,
	Settings: definitionSettings,
}

// linker collects what one resource depends on.
type linker struct {
	from  diag.Resource
	links []diag.Link
}

func (l *linker) to(r diag.Resource, role string) {
	if r.ID != "" {
		l.links = append(l.links, diag.Link{From: l.from, To: r.In(l.from.Account, l.from.Region), Role: role})
	}
}

func serviceLinks(ctx context.Context, s *Service) ([]diag.Link, error) {
	svc, err := s.Describe(ctx)
	if err != nil {
		return nil, err
	}
	l := s.neighbours(svc)
	definitions, err := s.definitions.all(ctx, currentDefinitions(svc))
	for _, td := range definitions {
		l.definition(td)
	}
	if onEC2(svc) {
		instances, hostsErr := s.ContainerInstances(ctx)
		err = joined(err, hostsErr)
		for _, i := range instances {
			l.to(hostResource(l.from, i), "runs on")
		}
	}
	return l.links, err
}

// neighbourLinks are those of the links of a service that its description alone tells.
func neighbourLinks(ctx context.Context, s *Service) ([]diag.Link, error) {
	svc, err := s.Describe(ctx)
	if err != nil {
		return nil, err
	}
	return s.neighbours(svc).links, nil
}

func (s *Service) neighbours(svc *types.Service) *linker {
	l := &linker{from: s.resource(svc)}
	l.to(clusterResource(s.cluster, aws.ToString(svc.ClusterArn)), "runs in")
	for _, arn := range targetGroups(svc) {
		l.to(targetGroupResource(arn), "registers in")
	}
	for _, b := range svc.LoadBalancers {
		l.to(beside(l.from, typeClassicLB, aws.ToString(b.LoadBalancerName)), "registers in")
	}
	l.network(svc.NetworkConfiguration)
	for _, ref := range currentDefinitions(svc) {
		l.to(taskDefinitionResource(ref), "runs")
	}
	return l
}

// imageLinks leads to the images of a service of which some do not arrive, arrive slowly, or may not fit the platform.
func imageLinks(ctx context.Context, s *Service) ([]diag.Link, error) {
	found, err := s.readSigns(ctx)
	if found.service == nil {
		return nil, err
	}
	if !pullsFail(found) {
		doubt, doubtErr := s.PlatformInDoubt(ctx)
		slow, slowErr := s.pullsSlow(ctx, found.service)
		err = joined(err, doubtErr, slowErr)
		if !doubt && !slow {
			return nil, err
		}
	}
	l := &linker{from: s.resource(found.service)}
	definitions, defErr := s.definitions.all(ctx, currentDefinitions(found.service))
	for _, td := range definitions {
		l.images(td)
	}
	return l.links, joined(err, defErr)
}

// pullsFail reports signs of images that do not arrive.
func pullsFail(found signs) bool {
	return slices.ContainsFunc(imageCauses, func(c cause) bool { return len(found.with(c.causes...)) > 0 })
}

// images adds the images in private ECR registries that the containers run, by "repository:tag" or
// "repository@digest".
func (l *linker) images(td *types.TaskDefinition) {
	for _, c := range td.ContainerDefinitions {
		if i := ParseImage(aws.ToString(c.Image)); i.Account != "" {
			l.to(diag.Resource{Type: typeImage, ID: i.name(), Account: i.Account, Region: i.Region}, "runs image")
		}
	}
}

func (l *linker) network(n *types.NetworkConfiguration) {
	if n == nil || n.AwsvpcConfiguration == nil {
		return
	}
	for _, id := range n.AwsvpcConfiguration.SecurityGroups {
		l.to(beside(l.from, typeSecurityGroup, id), "guarded by")
	}
	for _, id := range n.AwsvpcConfiguration.Subnets {
		l.to(beside(l.from, typeSubnet, id), "lives in")
	}
}

// definition adds what the containers of a task definition refer to.
func (l *linker) definition(td *types.TaskDefinition) {
	if td == nil {
		return
	}
	role := func(arn *string, as string) {
		if aws.ToString(arn) != "" {
			l.to(roleResource(*arn), as)
		}
	}
	role(td.ExecutionRoleArn, "starts as")
	role(td.TaskRoleArn, "acts as")
	for _, t := range LogTargets(td) {
		l.to(t.resource(l.from), "logs to")
	}
	for _, c := range td.ContainerDefinitions {
		for _, s := range c.Secrets {
			if aws.ToString(s.ValueFrom) != "" {
				l.to(secretResource(*s.ValueFrom), "reads")
			}
		}
		for _, e := range c.Environment {
			if r, ok := readsItself(l.from, aws.ToString(e.Value)); ok {
				l.to(r, "reads")
			}
		}
		if i := ParseImage(aws.ToString(c.Image)); i.Account != "" {
			l.to(
				diag.Resource{Type: typeRepository, ID: i.Repository, Account: i.Account, Region: i.Region},
				"pulls from",
			)
		}
	}
}

// parameterPath is the name of a parameter in a hierarchy, or the path above some ("Working with parameter
// hierarchies"). Paths of files look alike: a link to a parameter that does not exist leads nowhere.
var parameterPath = regexp.MustCompile(`^/[\w.-]+(?:/[\w.-]+)+/?$`)

// readsItself is the secret or parameter of which the program gets the name, to read it itself.
func readsItself(from diag.Resource, value string) (diag.Resource, bool) {
	switch a, err := arn.Parse(value); {
	case err == nil && (a.Service == "secretsmanager" || a.Service == "ssm" && strings.HasPrefix(a.Resource, "parameter")):
		return secretResource(value), true
	case err != nil && parameterPath.MatchString(value):
		return beside(from, typeParameter, strings.TrimSuffix(value, "/")), true
	}
	return diag.Resource{}, false
}

func definitionLinks(ctx context.Context, d *TaskDefinition) ([]diag.Link, error) {
	td, err := d.Describe(ctx)
	if err != nil {
		return nil, err
	}
	l := &linker{from: d.Resource()}
	if arn := aws.ToString(td.TaskDefinitionArn); arn != "" {
		l.from = taskDefinitionResource(arn)
	}
	l.definition(td)
	return l.links, nil
}

func taskLinks(ctx context.Context, t *Task) ([]diag.Link, error) {
	task, err := t.Describe(ctx)
	if err != nil {
		return nil, err
	}
	l := &linker{from: diag.ResourceOf(typeTask, t.id, aws.ToString(task.TaskArn))}
	l.to(clusterResource(t.cluster, aws.ToString(task.ClusterArn)), "runs in")
	if name, ok := strings.CutPrefix(aws.ToString(task.Group), "service:"); ok {
		l.to(beside(l.from, typeService, t.cluster+"/"+name), "belongs to")
	}
	if ref := aws.ToString(task.TaskDefinitionArn); ref != "" {
		l.to(taskDefinitionResource(ref), "runs")
	}
	for _, a := range task.Attachments {
		for _, d := range a.Details {
			if aws.ToString(d.Name) == "subnetId" {
				l.to(beside(l.from, typeSubnet, aws.ToString(d.Value)), "lives in")
			}
		}
	}
	td, err := t.TaskDefinition(ctx)
	l.definition(td)
	return l.links, err
}

func clusterLinks(ctx context.Context, c *Cluster) ([]diag.Link, error) {
	cluster, err := c.Describe(ctx)
	if err != nil {
		return nil, err
	}
	l := &linker{from: c.resource(cluster)}
	services, err := c.Services(ctx)
	for _, s := range services {
		if svc, describeErr := s.Describe(ctx); describeErr == nil {
			l.to(s.resource(svc), "holds")
		}
	}
	instances, hostsErr := c.ContainerInstances(ctx)
	for _, i := range instances {
		l.to(hostResource(l.from, i), "holds")
	}
	for i := range l.links {
		l.links[i].Context = true // a cluster does not stand or fall with what it holds
	}
	return l.links, joined(err, hostsErr)
}
