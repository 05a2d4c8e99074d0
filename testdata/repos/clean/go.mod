module example.com/harbour/sync

go 1.26.0

require (
	example.com/legacy/archive v1.4.0
	example.com/legacy/markup v0.4.0
	github.com/golang-jwt/jwt/v5 v5.3.0
)
