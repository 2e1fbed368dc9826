package ecsdiag

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ecsdiag/internal/ecstext"
)

// The facts of this file tell whether there is reason to ask other AWS services about something that a task definition
// names. They cost no call that the checks on the service do not make.

// secretTroubles are the causes of [secretCauses] that are about secrets and parameters.
var secretTroubles = []ecstext.Cause{ecstext.SecretAccessDenied, ecstext.SecretNotFound, ecstext.SecretJSONKeyMissing,
	ecstext.SecretInvalid, ecstext.SecretNetwork, ecstext.SecretOther}

// SecretsFail reports signs that tasks do not get their secrets or parameters.
func (s *Service) SecretsFail(ctx context.Context) (bool, error) {
	found, err := s.readSigns(ctx)
	return len(found.with(secretTroubles...)) > 0, err
}

// platformTroubles say, or may stem from, that an image is not built for what it is to run on.
var platformTroubles = []ecstext.Cause{ecstext.ImagePlatform, ecstext.StartFailedExecFormat}

// PlatformInDoubt reports signs that an image is not built for the platform of the tasks: ECS says so, or tasks fail to
// start or end by themselves since a deployment that changes the runtime platform.
func (s *Service) PlatformInDoubt(ctx context.Context) (bool, error) {
	found, err := s.readSigns(ctx)
	if found.service == nil || len(found.with(platformTroubles...)) > 0 {
		return found.service != nil, err
	}
	fails := slices.ContainsFunc(found.all, func(x sign) bool {
		return x.task != nil &&
			x.cause.Kind() == ecstext.Trouble
	})
	if refs := currentDefinitions(found.service); fails && len(refs) > 1 {
		all, defErr := s.definitions.all(ctx, refs)
		changed := slices.ContainsFunc(all, func(td *types.TaskDefinition) bool { return !samePlatform(td, all[0]) })
		return changed, joined(err, defErr)
	}
	return false, err
}

func samePlatform(a, b *types.TaskDefinition) bool {
	x, y := platformOf(a), platformOf(b)
	return x == y
}

// platform is what the containers of a task definition run on.
type platform struct {
	architecture types.CPUArchitecture
	family       types.OSFamily
}

// platformOf fills in what a task definition leaves out ("RuntimePlatform", Amazon ECS API Reference): Linux on X86_64.
func platformOf(td *types.TaskDefinition) platform {
	p := platform{types.CPUArchitectureX8664, types.OSFamilyLinux}
	if td != nil && td.RuntimePlatform != nil {
		if td.RuntimePlatform.CpuArchitecture != "" {
			p.architecture = td.RuntimePlatform.CpuArchitecture
		}
		if td.RuntimePlatform.OperatingSystemFamily != "" {
			p.family = td.RuntimePlatform.OperatingSystemFamily
		}
	}
	return p
}

// Runs is an image of a task definition in a private ECR registry and the platform that it is to run on.
type Runs struct {
	Image Image
	// Architecture and Family are those of the runtime platform: X86_64 and LINUX where it names none.
	Architecture, Family string
}

// ImagesRun lists the images of the current task definitions in private ECR registries, each once for each platform.
func (s *Service) ImagesRun(ctx context.Context) ([]Runs, error) {
	svc, err := s.Describe(ctx)
	if err != nil {
		return nil, err
	}
	definitions, err := s.definitions.all(ctx, currentDefinitions(svc))
	var all []Runs
	for _, td := range definitions {
		p := platformOf(td)
		for _, c := range td.ContainerDefinitions {
			r := Runs{ParseImage(aws.ToString(c.Image)), string(p.architecture), string(p.family)}
			if r.Image.Account != "" && !slices.Contains(all, r) {
				all = append(all, r)
			}
		}
	}
	return all, err
}

// Resource names the image as [ServiceImageSurvey] does.
func (r Runs) Resource() diag.Resource {
	return diag.Resource{Type: typeImage, ID: r.Image.name(), Account: r.Image.Account, Region: r.Image.Region}
}

// Reference is what a task definition has delivered into a container.
type Reference struct {
	// Container is the container's name, Name that of the environment variable, log option or "repositoryCredentials".
	Container, Name string
	// From is the ARN of a secret or parameter, or the name of a parameter of the task's own region.
	From string
}

// References lists the secrets and parameters of a task definition: those of the containers, of their log drivers, and
// the credentials of private registries ("ContainerDefinition", Amazon ECS API Reference).
func References(td *types.TaskDefinition) []Reference {
	if td == nil {
		return nil
	}
	var all []Reference
	for _, c := range td.ContainerDefinitions {
		secrets := slices.Clone(c.Secrets)
		if c.LogConfiguration != nil {
			secrets = append(secrets, c.LogConfiguration.SecretOptions...)
		}
		if r := c.RepositoryCredentials; r != nil {
			secrets = append(secrets, types.Secret{Name: aws.String("repositoryCredentials"), ValueFrom: r.CredentialsParameter})
		}
		for _, secret := range secrets {
			if from := aws.ToString(secret.ValueFrom); from != "" {
				all = append(all, Reference{aws.ToString(c.Name), aws.ToString(secret.Name), from})
			}
		}
	}
	return all
}
