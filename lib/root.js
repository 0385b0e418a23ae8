'use strict'
// Which project is meant when nobody names one.

const fs = require('node:fs')
const path = require('node:path')

/** The nearest folder from `start` upwards that has a package.json; `start` itself where there is none. */
function packageRoot(start) {
  for (let folder = path.resolve(start); ; folder = path.dirname(folder)) {
    if (fs.existsSync(path.join(folder, 'package.json'))) return folder
    if (folder === path.dirname(folder)) return path.resolve(start)
  }
}

/** The package of the main script, by its real path; of the cwd where the main script is a tool out of node_modules. */
function defaultRoot() {
  const main = process.argv[1]
  if (main) {
    try {
      const real = fs.realpathSync(main)
      if (!real.split(path.sep).includes('node_modules')) return packageRoot(path.dirname(real))
    } catch {
      // A main script that isn't a file, as in a REPL or a bundle.
    }
  }
  return packageRoot(process.cwd())
}

module.exports = { defaultRoot, packageRoot }
