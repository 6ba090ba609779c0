// Package darkterm keeps the program from asking the terminal questions. It
// does nothing else and is imported by main alone, for its initialisation.
package darkterm

import "github.com/charmbracelet/lipgloss"

// init answers the question for the background colour before anyone asks it.
// When bubbletea initialises it queries the terminal and waits up to five
// seconds for the answer: on a terminal that does not answer, every command
// would stall, and an escape sequence would end up in its output. Go initialises
// packages that are ready in the order of their import paths, and this path
// sorts before github.com/charmbracelet/bubbletea. A test on a silent terminal
// holds it.
func init() { lipgloss.SetHasDarkBackground(true) }
