module github.com/pulumi/pulumi-aws/sdk/v6

go 1.26.0
