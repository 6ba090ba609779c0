// Command bare does almost nothing. It measures the cost of starting a Go program.
package main

import "fmt"

func main() { fmt.Println("bare") }
