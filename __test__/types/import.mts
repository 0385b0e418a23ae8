// Every public function as an ES module calls it, with neither the types of Node.js nor those of a
// browser.
import {
  type AbiReport,
  type AuditedFile,
  type AuditReport,
  auditPackage,
  cacheKey,
  doctor,
  checkAbi,
  checkPackage,
  type DoctorReport,
  type Explanation,
  explainError,
  type KnownErrorCode,
  type KnownFindingCode,
  type KnownProblemCode,
  formatReport,
  listRuntimes,
  type PackageReport,
  type Problem,
  type Runtime,
  type RuntimeRelease,
  resolveRuntime,
  type RootCause,
  type ScanOptions,
  type ScanReport,
  scanNodeModules,
} from 'abi-guard'
import * as promises from 'abi-guard/promises'

const file: AbiReport = checkAbi('a.node')
checkAbi(
  { href: 'file:///a.node' },
  { target: 'node@22', threads: true, renderer: false, strict: true },
)
const once: PackageReport = checkPackage('sharp', {
  from: '/app',
  target: { runtime: 'electron', version: '31' },
})
const scan: ScanReport = scanNodeModules()
const options: ScanOptions = { include: ['@img/*'], ignore: ['fsevents'], production: true }
scanNodeModules('/app', options)
const audit: AuditReport = auditPackage('p-1.0.0.tgz')
auditPackage({ href: 'file:///app' })
const diagnosed: DoctorReport = doctor('/app', { target: 'node@22' })
const finding: KnownFindingCode | undefined = diagnosed.findings[0]?.code
formatReport(diagnosed)
const runtime: Runtime = resolveRuntime({ execPath: '/usr/bin/node' })
const releases: RuntimeRelease[] = listRuntimes()
const explanation: Explanation | null = explainError(new Error('x'), { from: '/app' })
explainError('a text')
if (explanation) formatReport(explanation)
const causes: RootCause[] = scan.causes
const key: string = cacheKey()
cacheKey({ directory: { href: 'file:///app' }, target: 'node@22' })
const text: string = formatReport(scan)
formatReport(once, 'json')
formatReport(audit, 'json')
formatReport(scan, 'sarif')
formatReport(diagnosed, 'github', { from: '/a' })
formatReport(file, 'text', { color: true, width: 100, verbose: true })

// A report's target names a runtime again.
checkAbi(file.file, { target: file.target })
resolveRuntime(runtime)

// TypeScript requires a check of nullable facts.
const abi: number | null | undefined = file.addon?.abi
const declared: number | undefined = file.addon?.nodeApi?.declared ?? undefined
const arch: string | null | undefined = file.binary?.slices?.[0]?.arch
const { milliseconds } = scan.stats
const [first] = scan.packages
if (first?.active?.outcome === 'crashes') first.active.problems.map(({ code }) => code)

// The dependents of a package, and its fix.
const chain: string | undefined = first?.requiredBy[0]?.[0]
const forDevelopment: boolean | undefined = first?.dev && first.optional
const command: string | undefined = first?.fix?.commands[0]?.[0] ?? scan.fixes[0]?.summary

// The report for the author of a package.
const [audited]: AuditedFile[] = audit.files
const foundBy: string | null | undefined = audited?.foundBy
const api: 'node-api' | 'v8' | 'hybrid' | 'none' | undefined = audited?.addon?.api
const lacking: string[] = audit.promises.filter(({ by }) => by === null).map(({ system }) => system)
const source: 'napi.targets' | 'os, cpu' | 'platform packages' | 'require' | undefined =
  audit.promises[0]?.source
const [floor] = audit.floors
const needed: (string | null | undefined)[] = [
  audit.version,
  floor?.libc,
  floor?.macos,
  floor?.node[0],
]
const nodeApi: number | null | undefined = floor?.nodeApi
const told: KnownProblemCode[] = [...audit.problems, ...(audited?.problems ?? [])].map(
  ({ code }) => code,
)
const newest: KnownProblemCode[] = [
  'mislabelled',
  'missing-target',
  'unreachable-file',
  'engines-too-old',
  'invalid-settings',
]

// The code determines the facts of a problem.
function facts(problem: Problem): number | string | null {
  if (problem.code === 'abi-mismatch') return problem.builtForAbi + (problem.requiredAbi ?? 0)
  // @ts-expect-error there is no such code
  if (problem.code === 'abi-mismach') return null
  // @ts-expect-error not every problem has this fact
  problem.builtForAbi
  if (problem.code === 'missing-library') return problem.packages?.debian ?? problem.library
  if (problem.code === 'undetermined' && problem.what === 'linking') return null
  // @ts-expect-error a misspelt fact
  if (problem.code === 'wrong-arch') return problem.buildFor
  return problem.severity
}

// A switch that forgets a code doesn't compile.
function isOfProcess(code: KnownErrorCode): boolean {
  switch (code) {
    case 'addons-disabled':
    case 'esm-import':
    case 'noexec':
    case 'library-validation':
    case 'blocked-by-policy':
      return true
    case 'bundled':
    case 'toolchain':
    case 'source-too-old':
    case 'library-headers-missing':
    case 'download-failed':
    case 'file-in-use':
    case 'build-failed':
    case 'scripts-blocked':
      return false
    default: {
      const never: never = code
      return never
    }
  }
}

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
  production: true,
  onProgress({ directories, packages }) {
    const sum: number = directories + packages
    return sum
  },
})

export {
  abi,
  api,
  arch,
  chain,
  command,
  declared,
  facts,
  forDevelopment,
  isOfProcess,
  foundBy,
  lacking,
  later1,
  later2,
  later3,
}
export { causes, finding, key, milliseconds, needed, newest, nodeApi, releases, source, text, told }
