//go:build !race

package collectortest

const race = false
