// Every public function as an ES module calls it, with neither the types of Node.js nor those of a browser.
import {
  type AbiReport,
  checkAbi,
  checkPackage,
  formatReport,
  listRuntimes,
  type PackageReport,
  type Problem,
  type ProblemCode,
  type Runtime,
  type RuntimeRelease,
  resolveRuntime,
  type ScanReport,
  scanNodeModules,
} from 'abi-guard'
import * as promises from 'abi-guard/promises'

const file: AbiReport = checkAbi('a.node')
checkAbi({ href: 'file:///a.node' }, { target: 'node@22', threads: true, renderer: false, strict: true })
const once: PackageReport = checkPackage('sharp', {
  from: '/app',
  target: { runtime: 'electron', version: '31' },
})
const scan: ScanReport = scanNodeModules()
scanNodeModules('/app', { include: ['@img/*'], ignore: ['fsevents'] })
const runtime: Runtime = resolveRuntime({ execPath: '/usr/bin/node' })
const releases: RuntimeRelease[] = listRuntimes()
const text: string = formatReport(scan)
formatReport(once, 'json')
formatReport(file, 'text', { color: true, width: 100, verbose: true })

// A report's target names a runtime again.
checkAbi(file.file, { target: file.target })
resolveRuntime(runtime)

// Nullable facts have to be looked at before use.
const abi: number | null | undefined = file.addon?.abi
const declared: number | undefined = file.addon?.nodeApi?.declared ?? undefined
const arch: string | null | undefined = file.binary?.slices?.[0]?.arch
const { milliseconds } = scan.stats
const [first] = scan.packages
if (first?.active?.outcome === 'crashes') first.active.problems.map(({ code }) => code)

// A code of tomorrow is a code, and the known ones are completed.
const code: ProblemCode = 'abi-mismatch'
const later: ProblemCode = 'a-code-of-tomorrow'
const problem: Problem = { code: later, severity: 'warning', message: 'm', builtForAbi: 108 }
const fact: unknown = problem.builtForAbi

const signal = {
  aborted: false,
  throwIfAborted() {},
  addEventListener() {},
  removeEventListener() {},
}
const later1: Promise<AbiReport> = promises.checkAbi('a.node', { signal })
const later2: Promise<PackageReport> = promises.checkPackage('sharp', { signal, from: '/app' })
const later3: Promise<ScanReport> = promises.scanNodeModules('.', {
  ignore: ['a'],
  onProgress({ directories, packages }) {
    const sum: number = directories + packages
    return sum
  },
})

export { abi, arch, code, declared, fact, later1, later2, later3, milliseconds, releases, text }
