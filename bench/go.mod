module github.com/avow-events/avow/bench

go 1.26.0

replace github.com/avow-events/avow => ..

require (
	github.com/actgardner/gogen-avro/v10 v10.2.1
	github.com/avow-events/avow v0.0.0-00010101000000-000000000000
	github.com/google/uuid v1.6.0
	github.com/hamba/avro/v2 v2.31.0
	github.com/linkedin/goavro/v2 v2.15.0
	github.com/planetscale/vtprotobuf v0.6.0
	github.com/twmb/avro v1.9.0
	google.golang.org/protobuf v1.36.12
)

require (
	github.com/go-json-experiment/json v1.27.2 // indirect
	github.com/go-viper/mapstructure/v2 v2.4.0 // indirect
	github.com/golang/snappy v1.0.0 // indirect
	github.com/json-iterator/go v1.1.12 // indirect
	github.com/modern-go/concurrent v0.0.0-20180306012644-bacd9c7ef1dd // indirect
	github.com/modern-go/reflect2 v1.0.2 // indirect
)
