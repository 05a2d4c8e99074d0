// Package mkt401k8s exercises klog and the names of Kubernetes objects.
package mkt401k8s

import (
	"errors"

	"k8s.io/klog/v2"
)

func reconcile(namespace, secret, bearerToken string) {
	klog.Infof("reconciling secret %s/%s", namespace, secret)                // ok: the name of an object
	klog.InfoS("reconciling", "secret", namespace+"/"+secret)                // ok: the name of an object
	klog.Infof("token %s", bearerToken)                                      // want `V MKT401: bearerToken reaches klog.Infof`
	klog.InfoS("auth", "token", bearerToken)                                 // want `V MKT401: bearerToken reaches klog.InfoS`
	klog.ErrorS(errors.New("refused"), "auth", "token", bearerToken, "n", 1) // want `V MKT401: bearerToken reaches klog.ErrorS`
}

func certificates(authSecret string, err error) {
	klog.Infof("no secret %s", authSecret)
	klog.ErrorS(err, "x", "secret", authSecret)
}
