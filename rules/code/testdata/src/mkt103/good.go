package mkt103

import (
	"context"
	"database/sql"
	"fmt"
	"log"
	"os"

	"github.com/IBM/sarama"
	"github.com/gomodule/redigo/redis"
	"github.com/jackc/pgx/v5"
	"github.com/nats-io/nats.go"
	amqp "github.com/rabbitmq/amqp091-go"
	goredis "github.com/redis/go-redis/v9"
	"github.com/segmentio/kafka-go"
	"go.mongodb.org/mongo-driver/mongo/options"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

func sources(cfg config) {
	sql.Open("postgres", os.Getenv("DATABASE_URL"))
	sql.Open("postgres", "host=localhost user=app sslmode=disable")
	sql.Open("postgres", "postgres://app@127.0.0.1:5432/app?sslmode=disable")
	sql.Open("postgres", "postgres://app@[::1]/app?sslmode=disable")
	sql.Open("postgres", "host=/var/run/postgresql sslmode=disable")
	sql.Open("postgres", "user=app dbname=app sslmode=disable") // the local socket
	sql.Open("postgres", "postgres:///app?host=/tmp&sslmode=disable")
	sql.Open("postgres", fmt.Sprintf("host=%s sslmode=verify-full", cfg.host))
	sql.Open("postgres", fmt.Sprintf("host=%s sslmode=%s", cfg.host, cfg.user))
	sql.Open("postgres", "host=db.acme.io sslmode=require application_name='sslmode=disable'")
	sql.Open("sqlite3", "file:app.db?sslmode=disable")
	sql.Open("mysql", "app@tcp(db.acme.io:3306)/app?tls=true")
	sql.Open("mysql", "app@tcp(localhost:3306)/app?tls=false")
	sql.Open("mysql", "app@unix(/run/mysqld.sock)/app?tls=false")
	sql.Open("mysql", "app@/app?tls=false")
	sql.Open("mysql", "app@tcp("+cfg.host+")/app?parseTime=true")
	sql.Open("sqlserver", "sqlserver://app@localhost?encrypt=disable")
	pgx.Connect(context.TODO(), "postgres://app@db.example.com/app?sslmode=disable")
	log.Print("postgres://app@db.acme.io/app?sslmode=disable is not allowed")
	fmt.Println("redis://cache.acme.io")
}

func localBrokers(cfg config) {
	goredis.ParseURL("rediss://cache.acme.io:6380")
	goredis.ParseURL("redis://localhost:6379/0")
	goredis.ParseURL("redis://" + cfg.host)
	goredis.NewClient(&goredis.Options{Addr: "localhost:6379"})
	goredis.NewClient(&goredis.Options{Addr: cfg.host})
	goredis.NewClient(&goredis.Options{Network: "unix", Addr: "/run/redis.sock"})
	redis.Dial("tcp", ":6379")
	redis.Dial("unix", "/run/redis.sock")
	amqp.Dial("amqps://mq.acme.io/")
	amqp.Dial("amqp://guest:guest@localhost:5672/")
	options.Client().ApplyURI("mongodb://localhost:27017")
	options.Client().ApplyURI("mongodb+srv://db.acme.io/app")
	options.Client().ApplyURI("mongodb://db.acme.io/?tls=true")
	options.Client().ApplyURI(fmt.Sprintf("mongodb://%s:27017", cfg.host))
	sarama.NewSyncProducer([]string{"localhost:9092"}, sarama.NewConfig())
	kafka.NewReader(kafka.ReaderConfig{Brokers: []string{"127.0.0.1:9092"}})
	nats.Connect(nats.DefaultURL)
}

func grpcLocal() {
	grpc.NewClient("localhost:50051", grpc.WithTransportCredentials(insecure.NewCredentials()))
	grpc.NewClient("unix:///run/agent.sock", grpc.WithTransportCredentials(insecure.NewCredentials()))
	grpc.NewClient("passthrough:///bufnet", grpc.WithTransportCredentials(insecure.NewCredentials()))
}
