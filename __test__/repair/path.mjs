// A PATH on which a compiler is missing.
import { mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Compilers, and programs that run them. */
const COMPILERS = /^(make|gmake|ninja|(.*-)?(cc|c\+\+|gcc|g\+\+|clang|clang\+\+|cpp|ld)(-[\d.]+)?)$/

/** A folder with links to all programs on the PATH except compilers. */
export function withoutCompiler(folder) {
  const bin = join(folder, '..', 'without-compiler')
  mkdirSync(bin)
  const names = new Map()
  for (const place of process.env.PATH.split(delimiter)) {
    for (const name of list(place))
      if (!names.has(name) && !COMPILERS.test(name)) names.set(name, join(place, name))
  }
  for (const [name, target] of names) symlinkSync(target, join(bin, name))
  return [bin]
}

function list(place) {
  try {
    return readdirSync(place)
  } catch {
    return []
  }
}
