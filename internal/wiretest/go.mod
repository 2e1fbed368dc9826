module github.com/awsdiag/awsdiag/internal/wiretest

go 1.25

replace github.com/awsdiag/awsdiag => ../..
