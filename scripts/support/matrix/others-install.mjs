// The executables of Bun and Deno. They are pinned in others.json, and each is downloaded once.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inCache, once } from '../cache.mjs'
import { onlyInFullLane } from '../lane.mjs'
import { download, unpack } from '../registry.mjs'

export const runtimes = JSON.parse(readFileSync(new URL('./others.json', import.meta.url), 'utf8'))

/** The path of a runtime's executable, which is downloaded once. */
export async function executable({ package: spec, file, integrity }) {
  onlyInFullLane(spec)
  const home = inCache('matrix', spec.replaceAll('/', '+'))
  await once(home, async (folder, work) => {
    const [{ tarball }] = await download([{ package: spec, integrity }], work)
    await unpack(tarball, folder, file)
  })
  return join(home, file)
}

/** The newest pinned Bun or Deno: its path, and the flags with which it loads addons. */
export async function executableOf(name) {
  const pin = runtimes.findLast(({ runtime }) => runtime === name)
  return { execPath: await executable(pin), flags: pin.flags }
}
