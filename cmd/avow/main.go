// Command avow makes a repository of Avro schemas the contract between services that talk over Kafka. Run avow --help.
package main

import (
	"os"

	"github.com/avow-events/avow/internal/cli"
)

func main() { os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr, os.LookupEnv)) }
