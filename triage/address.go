package triage

import (
	"context"
	"errors"
	"net/netip"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ecsdiag"
)

// typeAddress is what an address is looked for as; the walk begins at what has it.
const typeAddress = "AWS::EC2::NetworkInterface"

// hostName is a name of a host with a domain, and maybe a port ("Preferred name syntax", RFC 1035, and digits first,
// RFC 1123).
var hostName = regexp.MustCompile(`(?i)^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+(?::\d{1,5})?$`)

// seekHost finds the load balancer or database of a host name that AWS gave.
func seekHost(ctx context.Context, s *Scene, r diag.Resource) ([]diag.Resource, error) {
	if !hostName.MatchString(r.ID) {
		return nil, nil
	}
	return s.answering(ctx, hostOf(r.ID))
}

// seekAddress finds what has an address: an instance, a load balancer, or the service of a task. Private addresses
// repeat between VPCs, so that there may be several.
func seekAddress(ctx context.Context, s *Scene, r diag.Resource) ([]diag.Resource, error) {
	address, err := netip.ParseAddr(r.ID)
	if err != nil {
		return nil, nil
	}
	holders, err := s.network.Holders(ctx, address)
	errs := []error{err}
	var found []diag.Resource
	for _, h := range holders {
		of, err := s.behind(ctx, h)
		found, errs = append(found, of...), append(errs, err)
	}
	return found, errors.Join(errs...)
}

// behind returns what a network interface serves. The error says what has the address, if that is nothing that the walk
// begins at.
func (s *Scene) behind(ctx context.Context, h ec2diag.Holder) ([]diag.Resource, error) {
	if h.Instance != "" {
		return []diag.Resource{{Type: typeInstance, ID: h.Instance}}, nil
	}
	if lb := balancerOf(h); !lb.IsZero() {
		return []diag.Resource{lb}, nil
	}
	if attachment, ok := strings.CutPrefix(h.Description, "arn:"); ok && strings.Contains(attachment, ":attachment/") {
		return s.users(ctx, func(ctx context.Context, service *ecsdiag.Service) (bool, error) {
			return runsAt(ctx, service, h.Interface)
		})
	}
	return nil, diag.Errorf(diag.KindNotFound, "%s is an address of %s (%s), which no walk begins at", h.Address,
		h.Interface,
		h.Description)
}

// runsAt says whether a task of a service has a network interface ("Amazon ECS task networking options for Fargate":
// the attachment names it).
func runsAt(ctx context.Context, service *ecsdiag.Service, networkInterface string) (bool, error) {
	tasks, err := service.RunningTasks(ctx)
	for _, t := range tasks {
		for _, a := range t.Attachments {
			for _, d := range a.Details {
				if aws.ToString(d.Name) == "networkInterfaceId" && aws.ToString(d.Value) == networkInterface {
					return true, nil
				}
			}
		}
	}
	return false, err
}
