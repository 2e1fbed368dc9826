package wiretest

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

const port = 8080

// world is what was seeded.
type world struct {
	name                        string
	vpc                         string
	subnets                     []string
	balancerGroup, targetsGroup string // security groups
	loadBalancer, targetGroup   string // ARNs
	cluster, service, logGroup  string
}

// seeder creates a world in an account, each of its resources under a name of its own.
type seeder struct {
	ctx  context.Context
	ec2  *ec2.Client
	elb  *elbv2.Client
	ecs  *ecs.Client
	logs *cloudwatchlogs.Client
	w    world
}

func seed(ctx context.Context, cfg aws.Config, name string) (world, error) {
	s := &seeder{ctx: ctx, ec2: ec2.NewFromConfig(cfg), elb: elbv2.NewFromConfig(cfg), ecs: ecs.NewFromConfig(cfg),
		logs: cloudwatchlogs.NewFromConfig(cfg), w: world{name: name}}
	for _, step := range []struct {
		what string
		do   func() error
	}{
		{"network", s.network}, {"security groups", s.securityGroups}, {"load balancer", s.balancer},
		{"targets", s.targets}, {"log events", s.events}, {"ECS service", s.tasks},
	} {
		if err := step.do(); err != nil {
			return s.w, fmt.Errorf("seeding the %s: %w", step.what, err)
		}
	}
	return s.w, nil
}

func (s *seeder) network() error {
	vpc, err := s.ec2.CreateVpc(s.ctx, &ec2.CreateVpcInput{CidrBlock: aws.String("10.90.0.0/16")})
	if err != nil {
		return err
	}
	s.w.vpc = *vpc.Vpc.VpcId
	for i, zone := range []string{"us-east-1a", "us-east-1b"} {
		subnet, err := s.ec2.CreateSubnet(s.ctx, &ec2.CreateSubnetInput{
			VpcId: &s.w.vpc, CidrBlock: aws.String(fmt.Sprintf("10.90.%d.0/24", i)), AvailabilityZone: &zone,
		})
		if err != nil {
			return err
		}
		s.w.subnets = append(s.w.subnets, *subnet.Subnet.SubnetId)
	}
	return nil
}

// securityGroups lets the world reach the load balancer, and the load balancer its targets.
func (s *seeder) securityGroups() (err error) {
	if s.w.balancerGroup, err = s.securityGroup("balancer", 80, ec2types.IpPermission{
		IpRanges: []ec2types.IpRange{{CidrIp: aws.String("0.0.0.0/0")}},
	}); err != nil {
		return err
	}
	s.w.targetsGroup, err = s.securityGroup("targets", port, ec2types.IpPermission{
		UserIdGroupPairs: []ec2types.UserIdGroupPair{{GroupId: &s.w.balancerGroup}},
	})
	return err
}

func (s *seeder) securityGroup(name string, port int32, allow ec2types.IpPermission) (string, error) {
	group, err := s.ec2.CreateSecurityGroup(s.ctx, &ec2.CreateSecurityGroupInput{
		GroupName: aws.String(s.w.name + "-" + name), Description: aws.String(name), VpcId: &s.w.vpc,
	})
	if err != nil {
		return "", err
	}
	allow.IpProtocol, allow.FromPort, allow.ToPort = aws.String("tcp"), &port, &port
	_, err = s.ec2.AuthorizeSecurityGroupIngress(s.ctx, &ec2.AuthorizeSecurityGroupIngressInput{
		GroupId: group.GroupId, IpPermissions: []ec2types.IpPermission{allow},
	})
	return *group.GroupId, err
}

func (s *seeder) balancer() error {
	lb, err := s.elb.CreateLoadBalancer(s.ctx, &elbv2.CreateLoadBalancerInput{
		Name: &s.w.name, Subnets: s.w.subnets, SecurityGroups: []string{s.w.balancerGroup},
	})
	if err != nil {
		return err
	}
	s.w.loadBalancer = *lb.LoadBalancers[0].LoadBalancerArn
	tg, err := s.elb.CreateTargetGroup(s.ctx, &elbv2.CreateTargetGroupInput{
		Name: &s.w.name, Protocol: elbtypes.ProtocolEnumHttp, Port: aws.Int32(port), VpcId: &s.w.vpc,
		HealthCheckPath: aws.String("/health"), TargetType: elbtypes.TargetTypeEnumInstance,
	})
	if err != nil {
		return err
	}
	s.w.targetGroup = *tg.TargetGroups[0].TargetGroupArn
	_, err = s.elb.CreateListener(s.ctx, &elbv2.CreateListenerInput{
		LoadBalancerArn: &s.w.loadBalancer, Protocol: elbtypes.ProtocolEnumHttp, Port: aws.Int32(80),
		DefaultActions: []elbtypes.Action{{Type: elbtypes.ActionTypeEnumForward, TargetGroupArn: &s.w.targetGroup}},
	})
	return err
}

// targets runs two instances and registers them.
func (s *seeder) targets() error {
	run, err := s.ec2.RunInstances(s.ctx, &ec2.RunInstancesInput{
		ImageId: aws.String("ami-12c6146b"), InstanceType: ec2types.InstanceTypeT3Micro, MinCount: aws.Int32(2),
		MaxCount: aws.Int32(2),
		SubnetId: &s.w.subnets[0], SecurityGroupIds: []string{s.w.targetsGroup},
	})
	if err != nil {
		return err
	}
	in := &elbv2.RegisterTargetsInput{TargetGroupArn: &s.w.targetGroup}
	for _, i := range run.Instances {
		in.Targets = append(in.Targets, elbtypes.TargetDescription{Id: i.InstanceId, Port: aws.Int32(port)})
	}
	_, err = s.elb.RegisterTargets(s.ctx, in)
	return err
}

func (s *seeder) events() error {
	s.w.logGroup = "/ecs/" + s.w.name
	if _, err := s.logs.CreateLogGroup(s.ctx,
		&cloudwatchlogs.CreateLogGroupInput{LogGroupName: &s.w.logGroup}); err != nil {
		return err
	}
	stream := aws.String("web/app/0123456789abcdef0123456789abcdef")
	if _, err := s.logs.CreateLogStream(s.ctx, &cloudwatchlogs.CreateLogStreamInput{LogGroupName: &s.w.logGroup,
		LogStreamName: stream}); err != nil {
		return err
	}
	in := &cloudwatchlogs.PutLogEventsInput{LogGroupName: &s.w.logGroup, LogStreamName: stream}
	begin := time.Now().Add(-10 * time.Minute)
	for i := range 40 {
		text := fmt.Sprintf("INFO request %d served in %d ms", i, 10+i)
		if i >= 20 {
			text = "psycopg2.OperationalError: could not connect to server: Connection refused"
		}
		in.LogEvents = append(in.LogEvents, logtypes.InputLogEvent{
			Message: &text, Timestamp: aws.Int64(begin.Add(time.Duration(i) * 10 * time.Second).UnixMilli()),
		})
	}
	_, err := s.logs.PutLogEvents(s.ctx, in)
	return err
}

func (s *seeder) tasks() error {
	s.w.cluster, s.w.service = s.w.name, "web"
	if _, err := s.ecs.CreateCluster(s.ctx, &ecs.CreateClusterInput{ClusterName: &s.w.cluster}); err != nil {
		return err
	}
	td, err := s.ecs.RegisterTaskDefinition(s.ctx, &ecs.RegisterTaskDefinitionInput{
		Family: &s.w.name, NetworkMode: ecstypes.NetworkModeAwsvpc, Cpu: aws.String("256"), Memory: aws.String("512"),
		RequiresCompatibilities: []ecstypes.Compatibility{ecstypes.CompatibilityFargate},
		ContainerDefinitions: []ecstypes.ContainerDefinition{{
			Name: aws.String("app"), Image: aws.String("registry.example.com/web:1"), Essential: aws.Bool(true),
			PortMappings: []ecstypes.PortMapping{{ContainerPort: aws.Int32(port), Protocol: ecstypes.TransportProtocolTcp}},
			LogConfiguration: &ecstypes.LogConfiguration{LogDriver: ecstypes.LogDriverAwslogs, Options: map[string]string{
				"awslogs-group": s.w.logGroup, "awslogs-region": "us-east-1", "awslogs-stream-prefix": "web",
			}},
		}},
	})
	if err != nil {
		return err
	}
	_, err = s.ecs.CreateService(s.ctx, &ecs.CreateServiceInput{
		Cluster: &s.w.cluster, ServiceName: &s.w.service, TaskDefinition: td.TaskDefinition.TaskDefinitionArn,
		DesiredCount: aws.Int32(2), LaunchType: ecstypes.LaunchTypeFargate,
		NetworkConfiguration: &ecstypes.NetworkConfiguration{AwsvpcConfiguration: &ecstypes.AwsVpcConfiguration{
			Subnets: s.w.subnets, SecurityGroups: []string{s.w.targetsGroup},
		}},
		LoadBalancers: []ecstypes.LoadBalancer{{
			TargetGroupArn: &s.w.targetGroup, ContainerName: aws.String("app"), ContainerPort: aws.Int32(port),
		}},
	})
	return err
}
