// Package mkt701gather sends texts of errors whose makers are out of sight.
package mkt701gather

import (
	"fmt"
	"net/http"

	"app.example.io/mkt701gather/store"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

func handler(w http.ResponseWriter, r *http.Request) {
	user, err := store.User(r.PathValue("id"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError) // want `^R MKT701: the client is shown the text of an error of store.User, which may tell of the inside; likewise at 2 more of this function$`
		return
	}
	if err := store.Touch(user); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError) // ok: told with the first of the function
		return
	}
	if err := store.Touch(user); err != nil {
		fmt.Fprintf(w, "touch: %v", err) // ok: told with the first of the function
	}
}

func alone(w http.ResponseWriter, r *http.Request) {
	if err := store.Touch(r.PathValue("id")); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError) // want `^R MKT701: the client is shown the text of an error of store.Touch, which may tell of the inside$`
	}
}

func getUser(id string) (string, error) {
	user, err := store.User(id)
	if err != nil {
		return "", status.Errorf(codes.Internal, "user: %v", err) // want `^R MKT701: the client is shown the text of an error of store.User, which may tell of the inside; likewise at 1 more of this file$`
	}
	return user, nil
}

func touch(id string) error {
	if err := store.Touch(id); err != nil {
		return status.Errorf(codes.Internal, "touch: %v", err) // ok: told with the first status of the file
	}
	return nil
}

func find(id string) error {
	if err := store.Touch(id); err != nil {
		return status.Errorf(codes.NotFound, "no such user: %v", err) // ok: the status blames the request
	}
	return nil
}
