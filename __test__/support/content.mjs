// The hash of a file's content, computed once per process.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

const known = new Map()

export function contentHash(file) {
  if (!known.has(file))
    known.set(file, createHash('sha256').update(readFileSync(file)).digest('hex'))
  return known.get(file)
}
