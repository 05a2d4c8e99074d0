module example.com/harbour/sync

go 1.26.0

require (
	example.com/legacy/archive v1.2.0
	example.com/legacy/markup v0.3.5
	example.com/legacy/queue v0.9.1
	github.com/golang-jwt/jwt/v5 v5.2.1
)
