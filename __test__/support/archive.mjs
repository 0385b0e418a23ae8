// Audits of package archives that a test creates.
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { auditPackage } from '../../index.js'
import { project } from './project.mjs'
import { entry } from './tar.mjs'

export const manifest = entry('package/package.json', '{"name":"p","version":"1.0.0"}')
export const addon = (name = 'package/a.node') => entry(name, 'text '.repeat(40))

/**
 * Audits an archive with these bytes. Its own folder for temporary files must be empty at the end.
 */
export function audit(t, bytes) {
  const folder = project(t, { 'p.tgz': bytes, 'tmp/.keep': '' })
  const before = { ...process.env }
  for (const name of ['TMPDIR', 'TMP', 'TEMP']) process.env[name] = join(folder, 'tmp')
  try {
    return auditPackage(join(folder, 'p.tgz'))
  } finally {
    for (const name of ['TMPDIR', 'TMP', 'TEMP']) {
      if (before[name] === undefined) delete process.env[name]
      else process.env[name] = before[name]
    }
    assert.deepEqual(
      [readdirSync(folder), readdirSync(join(folder, 'tmp'))],
      [['p.tgz', 'tmp'], ['.keep']],
    )
  }
}
export const filesOf = (report) => report.files.map(({ file }) => file)
