// Package mkt203fw takes input from messages and queues.
package mkt203fw

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"strconv"

	"connectrpc.com/connect"
	"github.com/hibiken/asynq"
	"github.com/labstack/echo/v5"
	"google.golang.org/grpc/health/grpc_health_v1"
)

type server struct {
	grpc_health_v1.UnimplementedHealthServer
}

func (s *server) Check(ctx context.Context, in *grpc_health_v1.HealthCheckRequest) (*grpc_health_v1.HealthCheckResponse, error) {
	exec.CommandContext(ctx, "sh", "-c", "systemctl is-active "+in.GetService()).Run() // want `^[VR] MKT203/command`
	exec.CommandContext(ctx, "uptime").Run()                                           // ok: a constant
	return nil, nil
}

func unary(ctx context.Context, req *connect.Request[grpc_health_v1.HealthCheckRequest]) (*connect.Response[grpc_health_v1.HealthCheckResponse], error) {
	exec.CommandContext(ctx, "sh", "-c", "systemctl is-active "+req.Msg.GetService()).Run() // want `^[VR] MKT203/command`
	exec.CommandContext(ctx, "sleep", strconv.Itoa(len(req.Msg.GetService()))).Run()        // ok: a number
	return nil, nil
}

type job struct{ File string }

func task(ctx context.Context, t *asynq.Task) error {
	var j job
	if err := json.Unmarshal(t.Payload(), &j); err != nil {
		return err
	}
	exec.CommandContext(ctx, "sh", "-c", "convert "+j.File).Run()  // want `^[VR] MKT203/command`
	exec.CommandContext(ctx, "convert", os.Getenv("FORMAT")).Run() // ok: the operator's
	return nil
}

func five(c *echo.Context) error {
	exec.Command("sh", "-c", "convert "+c.QueryParam("f")).Run()         // want `^V MKT203/command`
	exec.Command("sh", "-c", "convert "+c.FormValueOr("f", "png")).Run() // want `^V MKT203/command`
	var in job
	if err := c.Bind(&in); err != nil {
		return err
	}
	exec.Command("sh", "-c", "convert "+in.File).Run() // want `^V MKT203/command`
	n, err := strconv.Atoi(c.Param("n"))
	if err != nil {
		return err
	}
	return exec.Command("convert", "-quality", strconv.Itoa(n)).Run() // ok: a number
}
