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
	sql.Open("postgres", "host=localhost user=app sslmode=disable")           // ok: loopback
	sql.Open("postgres", "postgres://app@127.0.0.1:5432/app?sslmode=disable") // ok: loopback
	sql.Open("postgres", "postgres://app@[::1]/app?sslmode=disable")
	sql.Open("postgres", "host=/var/run/postgresql sslmode=disable") // ok: a socket of this machine
	sql.Open("postgres", "user=app dbname=app sslmode=disable")      // the local socket
	sql.Open("postgres", "postgres:///app?host=/tmp&sslmode=disable")
	sql.Open("postgres", fmt.Sprintf("host=%s sslmode=verify-full", cfg.host)) // ok: the server is verified
	sql.Open("postgres", fmt.Sprintf("host=%s sslmode=%s", cfg.host, cfg.user))
	sql.Open("postgres", "host=db.acme.io sslmode=require application_name='sslmode=disable'") // ok: require, and the other word is a name
	sql.Open("sqlite3", "file:app.db?sslmode=disable")                                         // ok: SQLite takes no connection
	sql.Open("mysql", "app@tcp(db.acme.io:3306)/app?tls=true")                                 // ok: TLS is on
	sql.Open("mysql", "app@tcp(localhost:3306)/app?tls=false")
	sql.Open("mysql", "app@unix(/run/mysqld.sock)/app?tls=false") // ok: a socket of this machine
	sql.Open("mysql", "app@/app?tls=false")
	sql.Open("mysql", "app@tcp("+cfg.host+")/app?parseTime=true")                    // ok: nothing says that TLS is off
	sql.Open("sqlserver", "sqlserver://app@localhost?encrypt=disable")               // ok: loopback
	pgx.Connect(context.TODO(), "postgres://app@db.example.com/app?sslmode=disable") // ok: a name reserved for documentation
	log.Print("postgres://app@db.acme.io/app?sslmode=disable is not allowed")        // ok: logged, not opened
	fmt.Println("redis://cache.acme.io")
}

func localBrokers(cfg config) {
	goredis.ParseURL("rediss://cache.acme.io:6380") // ok: rediss is encrypted
	goredis.ParseURL("redis://localhost:6379/0")
	goredis.ParseURL("redis://" + cfg.host)
	goredis.NewClient(&goredis.Options{Addr: "localhost:6379"})                   // ok: loopback
	goredis.NewClient(&goredis.Options{Addr: cfg.host})                           // ok: the address is configured
	goredis.NewClient(&goredis.Options{Network: "unix", Addr: "/run/redis.sock"}) // ok: a socket of this machine
	redis.Dial("tcp", ":6379")
	redis.Dial("unix", "/run/redis.sock")
	amqp.Dial("amqps://mq.acme.io/") // ok: amqps is encrypted
	amqp.Dial("amqp://guest:guest@localhost:5672/")
	options.Client().ApplyURI("mongodb://localhost:27017")
	options.Client().ApplyURI("mongodb+srv://db.acme.io/app")   // ok: srv records switch TLS on
	options.Client().ApplyURI("mongodb://db.acme.io/?tls=true") // ok: TLS is on
	options.Client().ApplyURI(fmt.Sprintf("mongodb://%s:27017", cfg.host))
	sarama.NewSyncProducer([]string{"localhost:9092"}, sarama.NewConfig()) // ok: loopback
	kafka.NewReader(kafka.ReaderConfig{Brokers: []string{"127.0.0.1:9092"}})
	nats.Connect(nats.DefaultURL)
}

func grpcLocal() {
	grpc.NewClient("localhost:50051", grpc.WithTransportCredentials(insecure.NewCredentials()))        // ok: loopback
	grpc.NewClient("unix:///run/agent.sock", grpc.WithTransportCredentials(insecure.NewCredentials())) // ok: a socket of this machine
	grpc.NewClient("passthrough:///bufnet", grpc.WithTransportCredentials(insecure.NewCredentials()))  // ok: an in-memory connection
}
