// Command bare does next to nothing: what starting any Go program costs.
package main

import "fmt"

func main() { fmt.Println("bare") }
