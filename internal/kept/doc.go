// Package kept keeps the work of this machine that may be unfinished: imports,
// counts, transfers. Each piece of work has a folder, which one process holds at a
// time, and a head, which says what the work is and whether it is finished. Where
// work is kept, how it is locked, listed and removed is decided here and nowhere
// else; what the work does, its own package knows.
package kept
