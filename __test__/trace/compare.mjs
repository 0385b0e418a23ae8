// Traces one package in one place: in a Node.js as it is, or in one with the faked values of
// another system.
import { executable, versions } from '../../scripts/support/matrix/index.mjs'
import { judge, predict } from './judge.mjs'
import { trace } from './run.mjs'
import { lay, systems, targetOf } from './systems.mjs'

/** The Node.js that gets the faked values. Its line is that of the Electron in systems.mjs. */
const player = versions('small').findLast((version) => version.startsWith('22.'))

export const realColumn = (version, execPath) => ({
  title: `Node.js ${version}`,
  short: version.split('.')[0],
  execPath,
  target: { execPath },
})

export const fakedColumns = () =>
  systems.map((system) => ({
    title: system.title,
    short: system.title,
    execPath: executable(player),
    system,
    target: targetOf(system, player),
  }))

/** Traces a package in a column, and compares the result with abi-guard's. */
export async function compare(about, { execPath, system, target }, checkPackage) {
  const real = await trace(about, execPath, system && (await lay(system)))
  const said = predict(checkPackage, about, target)
  return { real, said, ...judge(about, real, said) }
}
