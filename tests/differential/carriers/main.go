// Writes down what Compose's own library makes of the cases in
// fixtures/carriers/dotenv.jsonl and compose.jsonl:
//
//	go run . dotenv < dotenv.jsonl > recorded.jsonl
//	go run . compose < compose.jsonl > recorded.jsonl
//
// Recorded with compose-go 2.13.0. Only the packages dotenv, interpolation, template and types are
// run: that items of a list must be different texts, and values no lists, maps or dates, stands in
// Compose's schema.
package main

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"

	"github.com/compose-spec/compose-go/v2/dotenv"
	"github.com/compose-spec/compose-go/v2/interpolation"
	"github.com/compose-spec/compose-go/v2/types"
	"go.yaml.in/yaml/v4"
)

type record struct {
	Text    string             `json:"text"`
	Shell   map[string]string  `json:"shell,omitempty"`
	Sees    map[string]*string `json:"sees,omitempty"`
	Refused bool               `json:"refused,omitempty"`
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for lines.Scan() {
		var one record
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			panic(err)
		}
		lookup := func(name string) (string, bool) {
			value, ok := one.Shell[name]
			return value, ok
		}
		if os.Args[1] == "dotenv" {
			one.Sees, one.Refused = environmentFile(one.Text, lookup)
		} else {
			one.Sees, one.Refused = service(one.Text, lookup)
		}
		if err := out.Encode(one); err != nil {
			panic(err)
		}
	}
}

func environmentFile(text string, lookup dotenv.LookupFn) (map[string]*string, bool) {
	found, err := dotenv.ParseWithLookup(strings.NewReader(text), lookup)
	if err != nil {
		return nil, true
	}
	sees := map[string]*string{}
	for name, value := range found {
		value := value
		sees[name] = &value
	}
	return sees, false
}

func service(text string, lookup func(string) (string, bool)) (map[string]*string, bool) {
	var block map[string]interface{}
	if err := yaml.Unmarshal([]byte("environment:\n"+text), &block); err != nil {
		return nil, true
	}
	if !fitsSchema(block["environment"]) {
		return nil, true
	}
	made, err := interpolation.Interpolate(block, interpolation.Options{LookupValue: lookup})
	if err != nil {
		return nil, true
	}
	var variables types.MappingWithEquals
	if err := variables.DecodeMapstructure(made["environment"]); err != nil {
		return nil, true
	}
	return variables.Resolve(lookup), false
}

func fitsSchema(block interface{}) bool {
	switch block := block.(type) {
	case []interface{}:
		seen := map[string]bool{}
		for _, item := range block {
			text, ok := item.(string)
			if !ok || seen[text] {
				return false
			}
			seen[text] = true
		}
		return true
	case map[string]interface{}:
		for _, value := range block {
			switch value.(type) {
			case nil, string, bool, int, int64, uint64, float64:
			default:
				return false
			}
		}
		return true
	}
	return false
}
