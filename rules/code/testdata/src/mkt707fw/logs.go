// Package mkt707fw logs input with other libraries.
package mkt707fw

import (
	"net/http"

	"github.com/go-logr/logr"
	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/log"
	"github.com/golang/glog"
	"github.com/hashicorp/go-hclog"
	"k8s.io/klog/v2"
)

func lines(w http.ResponseWriter, r *http.Request, h hclog.Logger, l logr.Logger) {
	glog.Infof("login of %s", r.FormValue("u"))    // want `^R MKT707`
	glog.V(2).Info("login of " + r.FormValue("u")) // want `^R MKT707`
	klog.Infof("login of %s", r.FormValue("u"))    // want `^R MKT707`
	h.Info("login of " + r.FormValue("u"))         // want `^R MKT707`
	l.Info("login of " + r.FormValue("u"))         // want `^R MKT707`
	glog.Infof("login of %q", r.FormValue("u"))    // ok: quoted
	klog.InfoS("login", "user", r.FormValue("u"))  // ok: a value is escaped
	h.Info("login", "user", r.FormValue("u"))      // ok: a value is escaped
	l.Info("login", "user", r.FormValue("u"))      // ok: a value is escaped
	glog.Infof("%d bytes", r.ContentLength)        // ok: a number
}

func fibered(c *fiber.Ctx) {
	log.Infof("login of %s", c.Query("u")) // want `^R MKT707`
	log.Infof("login of %q", c.Query("u")) // ok: quoted
}
