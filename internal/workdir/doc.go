// Package workdir stores work on this machine that may be unfinished: imports, counts,
// transfers. Each piece of work has a folder, which one process locks at a time, and
// a head, which says what the work is and whether it is finished. This package alone
// decides where work is kept and how it is locked, listed and removed. It does not
// know what the work does.
package workdir
