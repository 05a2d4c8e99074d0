// Package mkt203known takes input from queues and functions of a cloud.
package mkt203known

import (
	"context"
	"os/exec"
	"strconv"

	"github.com/IBM/sarama"
	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

func function(ctx context.Context, req events.APIGatewayProxyRequest) (events.APIGatewayProxyResponse, error) {
	exec.CommandContext(ctx, "sh", "-c", "convert "+req.QueryStringParameters["file"]).Run() // want `^[VR] MKT203/command`
	n, err := strconv.Atoi(req.PathParameters["pages"])
	if err != nil {
		return events.APIGatewayProxyResponse{StatusCode: 400}, nil
	}
	exec.CommandContext(ctx, "sh", "-c", "head -n "+strconv.Itoa(n)+" report.txt").Run() // ok: a number
	return events.APIGatewayProxyResponse{StatusCode: 200}, nil
}

func address(ctx context.Context, req events.LambdaFunctionURLRequest) (string, error) {
	exec.CommandContext(ctx, "sh", "-c", "wc -c <<< "+req.Body).Run() // want `^[VR] MKT203/command`
	return req.RawPath, exec.CommandContext(ctx, "uptime").Run()      // ok: a constant
}

func batch(ctx context.Context, e events.SQSEvent) error {
	for _, m := range e.Records {
		exec.CommandContext(ctx, "sh", "-c", m.Body).Run()              // want `^R MKT203/command`
		exec.CommandContext(ctx, "sh", "-c", "sync-orders --all").Run() // ok: a constant
	}
	return nil
}

func poll(ctx context.Context, c *sqs.Client, url string) error {
	out, err := c.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: &url})
	if err != nil {
		return err
	}
	for _, m := range out.Messages {
		exec.CommandContext(ctx, "sh", "-c", "import "+*m.Body).Run()                   // want `^R MKT203/command`
		exec.CommandContext(ctx, "sh", "-c", "sleep "+strconv.Itoa(len(*m.Body))).Run() // ok: a number
	}
	return nil
}

func consume(ctx context.Context, claim sarama.ConsumerGroupClaim) {
	for m := range claim.Messages() {
		exec.CommandContext(ctx, "sh", "-c", "import "+string(m.Value)).Run()               // want `^R MKT203/command`
		exec.CommandContext(ctx, "sh", "-c", "seek "+strconv.FormatInt(m.Offset, 10)).Run() // ok: a number
	}
}
