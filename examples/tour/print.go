package main

import (
	"fmt"

	"github.com/fatih/color"
)

// Colours stay away from pipes and where NO_COLOR is set.
var (
	bold  = color.New(color.Bold)
	green = color.New(color.FgGreen)
)

func section(format string, args ...any) {
	fmt.Println()
	bold.Printf(format+"\n", args...)
}

func done(format string, args ...any) {
	green.Print("  ✓ ")
	fmt.Printf(format+"\n", args...)
}
