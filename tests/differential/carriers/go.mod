module carriers

go 1.24

require (
	github.com/compose-spec/compose-go/v2 v2.13.0
	go.yaml.in/yaml/v4 v4.0.0-rc.4
)
