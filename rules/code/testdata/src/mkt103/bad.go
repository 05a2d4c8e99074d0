// Package mkt103 exercises rule MKT103.
package mkt103

import (
	"context"
	"database/sql"
	"fmt"
	"os"

	"github.com/IBM/sarama"
	"github.com/go-ldap/ldap/v3"
	driver "github.com/go-sql-driver/mysql"
	"github.com/gocql/gocql"
	"github.com/gomodule/redigo/redis"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/lib/pq"
	"github.com/nats-io/nats.go"
	amqp "github.com/rabbitmq/amqp091-go"
	goredis "github.com/redis/go-redis/v9"
	"github.com/segmentio/kafka-go"
	"go.mongodb.org/mongo-driver/mongo/options"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	gmysql "gorm.io/driver/mysql"
	"gorm.io/driver/postgres"
)

const pgDSN = "host=db.acme.io user=app dbname=app sslmode=disable"

type config struct{ host, user, pass string }

func postgresBad(cfg config) {
	sql.Open("postgres", pgDSN)                                                                         // want `V MKT103: sslmode=disable sends everything in the clear; use sslmode=verify-full`
	sql.Open("pgx", "postgres://app@db.acme.io/app?sslmode=prefer")                                     // want `V MKT103: sslmode=prefer falls back to cleartext`
	dsn := fmt.Sprintf("host=%s user=%s password=%s sslmode=disable", cfg.host, cfg.user, cfg.pass)     // the host is configured, the parameter is not
	sql.Open("postgres", dsn)                                                                           // want `V MKT103: sslmode=disable`
	pgx.Connect(context.TODO(), "postgresql://app:x@"+cfg.host+"/app?application_name=a&sslmode=allow") // want `V MKT103: sslmode=allow falls back`
	pgxpool.New(context.TODO(), "postgres://app@db:5432/app?sslmode=disable")                           // want `V MKT103: sslmode=disable`
	postgres.Open(pgDSN)                                                                                // want `V MKT103: sslmode=disable`
	postgres.New(postgres.Config{
		DSN: "host='db.acme.io' sslmode='disable'", // want `V MKT103: sslmode=disable`
	})
}

func mode() string {
	if m := os.Getenv("PGSSLMODE"); m != "" {
		return m
	}
	return "disable"
}

func postgresDefault(cfg config) {
	sql.Open("postgres", fmt.Sprintf("host=%s sslmode=%s", cfg.host, mode())) // want `R MKT103: sslmode=disable`
	dsn := os.Getenv("DATABASE_URL")
	if dsn == "" {
		dsn = "postgres://app@db/app?sslmode=disable"
	}
	sql.Open("postgres", dsn) // want `R MKT103: sslmode=disable`
}

func mysqlBad(cfg config) {
	sql.Open("mysql", cfg.user+":"+cfg.pass+"@tcp("+cfg.host+":3306)/app?parseTime=true&tls=false") // want `V MKT103: tls=false sends everything in the clear`
	sql.Open("mysql", "app@tcp(db.acme.io:3306)/app?loc=Europe/Berlin&tls=skip-verify")             // want `V MKT103: tls=skip-verify accepts any certificate`
	gmysql.Open("app@tcp(db.acme.io)/app?tls=preferred")                                            // want `V MKT103: tls=preferred falls back`
	sql.Open("mysql", "app@tcp(db.acme.io:3306)/app")                                               // want `R MKT103: the connection to db.acme.io names no tls parameter`
	_ = driver.Config{Net: "tcp", Addr: cfg.host, TLSConfig: "skip-verify"}                         // want `V MKT103: TLSConfig skip-verify gives no verified TLS`
}

func sqlServerBad() {
	sql.Open("sqlserver", "sqlserver://app@db.acme.io?database=a&encrypt=disable") // want `V MKT103: encrypt=disable`
	sql.Open("mssql", "server=db.acme.io;user id=app;encrypt=false")               // want `V MKT103: encrypt=false encrypts the login only`
}

func brokers(target string) {
	goredis.ParseURL("redis://:x@cache.acme.io:6379/0")             // want `V MKT103: redis:// connects to cache.acme.io without TLS; use rediss://`
	goredis.ParseURL("redis://cache:6379/0")                        // want `R MKT103: redis:// connects to cache without TLS`
	goredis.NewClient(&goredis.Options{Addr: "cache.acme.io:6379"}) // want `V MKT103: connects to cache.acme.io without TLS: Options.TLSConfig is not set`
	goredis.NewUniversalClient(&goredis.UniversalOptions{
		Addrs: []string{"10.0.0.8:6379"}, // want `R MKT103: connects to 10.0.0.8 without TLS`
	})
	redis.Dial("tcp", "cache.acme.io:6379")                                      // want `V MKT103: connects to cache.acme.io without TLS: redis.DialUseTLS is not set`
	amqp.Dial("amqp://guest@mq.acme.io:5672/")                                   // want `V MKT103: amqp:// connects to mq.acme.io without TLS; use amqps://`
	options.Client().ApplyURI("mongodb://db.acme.io/?tls=false")                 // want `V MKT103: tls=false`
	options.Client().ApplyURI("mongodb+srv://db.acme.io/?ssl=false")             // want `V MKT103: ssl=false`
	options.Client().ApplyURI("mongodb://db.acme.io/?tls=true&tlsInsecure=true") // want `V MKT103: tlsInsecure accepts any certificate`
	options.Client().ApplyURI("mongodb://db.acme.io:27017/app")                  // want `R MKT103: mongodb:// connects to db.acme.io without TLS unless`
	sarama.NewSyncProducer([]string{"kafka.acme.io:9092"}, sarama.NewConfig())   // want `V MKT103: connects to kafka.acme.io without TLS: Config.Net.TLS.Enable`
	kafka.NewReader(kafka.ReaderConfig{
		Brokers: []string{"kafka.acme.io:9092"}, // want `V MKT103: connects to kafka.acme.io without TLS: ReaderConfig.Dialer`
	})
	nats.Connect("nats://bus.acme.io:4222") // want `R MKT103: nats:// connects to bus.acme.io`
	ldap.Dial("tcp", "dir.acme.io:389")     // want `V MKT103: connects to dir.acme.io without TLS: StartTLS`
	gocql.NewCluster("cass.acme.io")        // want `V MKT103: connects to cass.acme.io without TLS: ClusterConfig.SslOpts`
}

func grpcLiteral() {
	grpc.NewClient("orders.acme.io:443", grpc.WithTransportCredentials(insecure.NewCredentials())) // want `V MKT103: gRPC client speaks to orders.acme.io without TLS`
}

func grpcDNS() {
	grpc.Dial("dns:///orders:443", grpc.WithInsecure()) // want `R MKT103: gRPC client speaks to orders without TLS`
}

func grpcUnknown(target string) {
	creds := insecure.NewCredentials()
	grpc.NewClient(target, grpc.WithTransportCredentials(creds)) // want `R MKT103: gRPC client speaks to a target that is only known at run time`
}
