// Package githubtest is a GitHub that keeps state, checks every request and
// reply against GitHub's own description, and misbehaves on demand.
package githubtest
