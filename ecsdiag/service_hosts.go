package ecsdiag

import "context"

// OnHosts reports whether the service's tasks are placed on container instances, and not on Fargate.
func (s *Service) OnHosts(ctx context.Context) (bool, error) {
	svc, err := s.Describe(ctx)
	if err != nil {
		return false, err
	}
	return onEC2(svc), nil
}
