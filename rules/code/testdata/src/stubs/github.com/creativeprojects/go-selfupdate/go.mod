module github.com/creativeprojects/go-selfupdate

go 1.26.0
