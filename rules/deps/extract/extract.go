// Package extract reads lockfiles.
package extract
