module github.com/staylisted/staylisted/rules/scan/oracle

go 1.26.8

require (
	github.com/securego/gosec/v2 v2.30.0
	github.com/staylisted/staylisted v0.0.0-00010101000000-000000000000
	golang.org/x/tools v0.52.0
	golang.org/x/vuln v1.9.0
)

require (
	github.com/ccojocar/zxcvbn-go v1.0.4 // indirect
	golang.org/x/mod v0.42.0 // indirect
	golang.org/x/sync v0.24.0 // indirect
	golang.org/x/sys v0.49.0 // indirect
	golang.org/x/telemetry v0.0.0-20261010193011-f71dc92da45e // indirect
)

// The telemetry version that x/vuln v1.9.0 asks for cannot be downloaded; this is the newest before it.
replace golang.org/x/telemetry => golang.org/x/telemetry v0.0.0-20261009151841-97e8ea77aa2a

// The product as it stands in this checkout.
replace github.com/staylisted/staylisted => ../../..
