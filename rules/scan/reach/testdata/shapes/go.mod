module example.test/shapes

go 1.26.0

require example.test/vuln v1.0.0
