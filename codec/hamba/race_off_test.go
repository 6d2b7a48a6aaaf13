//go:build !race

package hamba_test

const underRace = false
