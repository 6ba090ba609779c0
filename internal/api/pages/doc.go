// Package pages reads the lists of the API: pages in every dialect, which it checks and
// joins to one list, and a log that grows. It makes no requests and knows no type of the
// API: a Source gets the pages.
package pages
