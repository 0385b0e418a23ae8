// Explains a text for a fixed process, so that the results are the same on every machine.
import native from '../../lib/native.js'
import { unwrap } from '../../lib/request.js'

/** A process whose Node.js isn't installed on this machine. */
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

/** Every explanation of the texts, the most important first. */
export const explainAll = (texts, from, host = asker) =>
  unwrap(native.Job.explain([texts].flat(), from, JSON.stringify({ host })).run())

/** The fields of an explanation that a row compares. */
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

/**
 * The explanation that a row expects. Fields that it doesn't have must be null, and `certain` true.
 * If a command is undefined, every command is accepted.
 */
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
