// Package themes holds the looks of the wiki. A theme is a folder of layouts and static files; its
// contract is in README.md beside this file. [Firehouse] is the one that comes with the program.
package themes

import (
	"embed"
	"io/fs"
)

//go:embed firehouse/layouts firehouse/static
var files embed.FS

// Firehouse is the default theme: a morning newspaper in light and dark.
func Firehouse() fs.FS {
	theme, err := fs.Sub(files, "firehouse")
	if err != nil {
		panic(err) // the folder is compiled in
	}
	return theme
}
