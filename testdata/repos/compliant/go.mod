module example.com/harbour/bridge

go 1.26.0

require (
	github.com/golang-jwt/jwt/v5 v5.3.1
	github.com/lib/pq v1.12.3
	golang.org/x/oauth2 v0.38.0
	golang.org/x/time v0.16.0
)
