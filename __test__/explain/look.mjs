// Explains a text as a given process would: the answers must be the same on every machine.
import native from '../../lib/native.js'
import { unwrap } from '../../lib/request.js'

/** A host whose Node.js isn't installed here. */
export const asker = {
  runtime: 'node',
  version: '22.23.3',
  node: '22.23.3',
  abi: 127,
  nodeApi: 10,
  platform: 'linux',
  arch: 'x64',
  execPath: process.execPath,
}

/** Every explanation of texts, the weightiest first. */
export const explainAll = (texts, from, host = asker) =>
  unwrap(native.Job.explain([texts].flat(), from, JSON.stringify({ host })).run())

/** The expected fields of a row, taken from an explanation. */
export function decoded(explanation) {
  if (!explanation) return null
  const { code, file, builtFor, runsOn, certain, fix } = explanation
  return {
    code,
    package: explanation.package,
    file,
    builtFor,
    runsOn,
    certain,
    command: fix?.commands[0]?.join(' ') ?? null,
  }
}

/** What a row expects; what it doesn't name is null, and certain. A command that is undefined may be any. */
export function expected(row, found) {
  const whole = {
    code: row.code,
    package: row.package ?? null,
    file: row.file ?? null,
    builtFor: row.builtFor ?? null,
    runsOn: row.runsOn ?? null,
    certain: row.certain ?? true,
    command: row.command ?? null,
  }
  if ('command' in row && row.command === undefined) whole.command = found?.command ?? null
  return whole
}
