// npm run test:32bit [-- FILTER…]: compiles the tests of the core (without the Node-API binding)
// for armv7 and runs them in qemu, so that numbers from files are converted to a 32-bit `usize`.
// FILTER is passed to `cargo test`; without it, the tests of src/binary, src/linking, src/addon and
// of the executables run. Overflow is checked, as in every debug build.
import { spawnSync } from 'node:child_process'
import { root } from '../setup.mjs'
import { BUILD_STD, cargo } from './build.mjs'
import { emulator } from './runtimes.mjs'
import { platform } from './table.mjs'
import { ToolError, tools } from './tools.mjs'

const NAME = 'linux-arm-gnueabihf'
const ROOMS = ['binary::', 'linking::', 'addon::', 'runtime::executable']

/** Compiles the tests; returns the path of the program. */
function compiled(one, kit) {
  const { env, program, args } = cargo(one, kit)
  const target = args[args.indexOf('--target') + 1]
  const build = [
    'test',
    '--locked',
    '--no-default-features',
    '--lib',
    '--no-run',
    '--message-format',
    'json',
  ]
  const { status, error, stdout, stderr } = spawnSync(
    program,
    [...build, '--target', target, `${BUILD_STD},test`],
    { cwd: root, env, maxBuffer: 256 << 20, encoding: 'utf8' },
  )
  if (error) throw new ToolError(`cargo can't be started: ${error.message}`)
  if (status !== 0) throw new ToolError(`the tests don't compile:\n${stderr}`)
  const messages = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
  const tests = messages.findLast(({ executable, profile }) => executable && profile?.test)
  if (!tests) throw new ToolError('cargo has made no program of the tests')
  return tests.executable
}

async function main(words) {
  const one = platform(NAME)
  const file = compiled(one, await tools())
  const { program, libraries, loader } = await emulator(NAME)
  const filters = words.length > 0 ? words : ROOMS
  const { status, error } = spawnSync(
    program,
    [loader, '--library-path', libraries, file, ...filters],
    {
      cwd: root,
      stdio: 'inherit',
    },
  )
  if (error) throw new ToolError(`${program} can't be started: ${error.message}`)
  return status
}

try {
  process.exitCode = (await main(process.argv.slice(2))) === 0 ? 0 : 1
} catch (error) {
  if (!(error instanceof ToolError)) throw error
  console.error(`test:32bit: ${error.message}`)
  process.exitCode = 2
}
