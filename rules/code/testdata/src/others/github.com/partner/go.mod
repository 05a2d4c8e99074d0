module github.com/partner

go 1.26.0
