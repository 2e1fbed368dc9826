package accessfake

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/awsdiag/awsdiag/diag/diagfake"
)

// GetServerCertificate returns a certificate by name, without its body.
func (c *Client) GetServerCertificate(ctx context.Context, in *iam.GetServerCertificateInput,
	_ ...func(*iam.Options)) (*iam.GetServerCertificateOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "iam:GetServerCertificate", in,
		func(in *iam.GetServerCertificateInput) (*iam.GetServerCertificateOutput, error) {
			for i := range c.ServerCertificates {
				if aws.ToString(c.ServerCertificates[i].ServerCertificateName) == aws.ToString(in.ServerCertificateName) {
					return &iam.GetServerCertificateOutput{
						ServerCertificate: &types.ServerCertificate{ServerCertificateMetadata: &c.ServerCertificates[i]}}, nil
				}
			}
			return nil, missing("The Server Certificate with name %s cannot be found.", aws.ToString(in.ServerCertificateName))
		})
}

// ListServerCertificates lists all certificates.
func (c *Client) ListServerCertificates(ctx context.Context, in *iam.ListServerCertificatesInput,
	_ ...func(*iam.Options)) (*iam.ListServerCertificatesOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "iam:ListServerCertificates", in,
		func(*iam.ListServerCertificatesInput) (*iam.ListServerCertificatesOutput, error) {
			return &iam.ListServerCertificatesOutput{ServerCertificateMetadataList: slices.Clone(c.ServerCertificates)}, nil
		})
}

func (c *Client) mergeCertificates(metadata ...types.ServerCertificateMetadata) {
	for _, m := range metadata {
		i := slices.IndexFunc(c.ServerCertificates, func(have types.ServerCertificateMetadata) bool {
			return aws.ToString(have.ServerCertificateName) == aws.ToString(m.ServerCertificateName)
		})
		if i >= 0 {
			c.ServerCertificates[i] = m
		} else {
			c.ServerCertificates = append(c.ServerCertificates, m)
		}
	}
}
