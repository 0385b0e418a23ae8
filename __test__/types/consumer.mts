// Every public function, as a project with strict options uses it: __test__/types.test.mjs compiles
// this file with each TypeScript that is supported, however it looks modules up.
import {
  AbiError,
  type AbiReport,
  type AssertOptions,
  type AuditOptions,
  type AuditReport,
  type CacheKeyOptions,
  type CheckOptions,
  type DoctorOptions,
  type DoctorReport,
  type ExplainOptions,
  type Explanation,
  type FormatOptions,
  type MatrixOptions,
  type MatrixReport,
  type PackageOptions,
  type PackageReport,
  type Runtime,
  type RuntimeRelease,
  type ScanOptions,
  type ScanReport,
  assertNodeModules,
  auditPackage,
  cacheKey,
  checkAbi,
  checkArtifact,
  checkPackage,
  doctor,
  explainError,
  formatReport,
  listRuntimes,
  matrix,
  resolveRuntime,
  scanNodeModules,
} from 'abi-guard'
import { type PackContext, afterPack } from 'abi-guard/electron-builder'
import { AbiGuardPlugin, postPackage } from 'abi-guard/forge'
import * as promises from 'abi-guard/promises'
import { unregister } from 'abi-guard/register'

/** What a caller has who may have nothing: with exactOptionalPropertyTypes it must still fit. */
declare function maybe<T>(value: T): T | undefined

const check: CheckOptions = {
  target: maybe('node@22'),
  threads: maybe(true),
  renderer: maybe(false),
  strict: maybe(true),
}
const packaged: PackageOptions = { ...check, from: maybe('/app') }
const scan: ScanOptions = {
  ...check,
  include: maybe(['@img/*']),
  ignore: maybe(['fsevents']),
  production: maybe(true),
}
const asserting: AssertOptions = scan
const auditing: AuditOptions = {
  platformPackages: maybe(['npm', { href: 'file:///npm' }]),
  max: maybe(['glibc2.28', 'cxxabi1.3.11']),
  require: maybe(['linux-x64-musl', 'linux-riscv64']),
}
const explaining: ExplainOptions = { from: maybe('/app') }
const doctoring: DoctorOptions = { target: maybe('node@22') }
const comparing: MatrixOptions = {
  targets: maybe(['node@22', { runtime: 'electron' as const, version: maybe('31') }]),
  threads: maybe(true),
  renderer: maybe(false),
  include: maybe(['a']),
  ignore: maybe(['b']),
  production: maybe(true),
}
const caching: CacheKeyOptions = { directory: maybe('/app'), target: maybe('node@22') }
const style: FormatOptions = {
  color: maybe(true),
  width: maybe(100),
  verbose: maybe(true),
  from: maybe('/app'),
}

const file: AbiReport = checkAbi('a.node', check)
const one: PackageReport = checkPackage('sharp', packaged)
const all: ScanReport = scanNodeModules('/app', scan)
const asserted: ScanReport = assertNodeModules('/app', asserting)
const audit: AuditReport = auditPackage({ href: 'file:///app' }, auditing)
const shipped: ScanReport[] = checkArtifact('image.tar', scan)
const explanation: Explanation | null = explainError(new Error('x'), explaining)
const found: DoctorReport = doctor('/app', doctoring)
const compared: MatrixReport = matrix('/app', comparing)
const key: string = cacheKey(caching)
const runtime: Runtime = resolveRuntime({ execPath: maybe('/usr/bin/node'), line: maybe('22') })
const releases: RuntimeRelease[] = listRuntimes()
const reports = [file, one, all, asserted, audit, found, compared, ...shipped]
const texts: string[] = reports.map((report) => formatReport(report, 'text', style))
if (explanation) texts.push(formatReport(explanation, 'sarif'))
texts.push(formatReport(auditPackage('.'), 'cyclonedx'))

// Hooks of packagers.
declare const packing: PackContext
const packed: Promise<void> = afterPack(packing)
const plugin = new AbiGuardPlugin()
plugin.init('/app')
const output = { platform: 'linux', arch: 'x64', outputPaths: ['/out'] }
const hooks: Promise<void>[] = [
  packed,
  postPackage({}, output),
  plugin.getHooks().postPackage({}, output),
]

// The target of each report is a target.
checkAbi('a.node', { target: file.target })
scanNodeModules('.', { target: all.target })
doctor('.', { target: found.target })
matrix('.', { targets: compared.targets })
resolveRuntime(runtime)

try {
  unregister()
} catch (error) {
  if (error instanceof AbiError) texts.push(error.code, ...Object.values(error.toJSON()))
}

declare const signal: promises.Signal
const watching: promises.Watching = {
  signal: maybe(signal),
  onProgress: maybe(({ directories, packages }: promises.Progress) => {
    texts.push(`${directories} ${packages}`)
  }),
}
const stopping: promises.Stopping = { signal: maybe(signal) }
const later: [
  AbiReport,
  PackageReport,
  ScanReport,
  ScanReport,
  AuditReport,
  ScanReport[],
  Explanation | null,
  DoctorReport,
  MatrixReport,
] = await Promise.all([
  promises.checkAbi('a.node', { ...check, ...watching }),
  promises.checkPackage('sharp', { ...packaged, ...watching }),
  promises.scanNodeModules('/app', { ...scan, ...watching }),
  promises.assertNodeModules('/app', { ...asserting, ...watching }),
  promises.auditPackage('p-1.0.0.tgz', { ...auditing, ...stopping }),
  promises.checkArtifact('image.tar', { ...scan, ...watching }),
  promises.explainError('a text', { ...explaining, ...stopping }),
  promises.doctor('/app', { ...doctoring, ...watching }),
  promises.matrix('/app', { ...comparing, ...watching }),
])

export { hooks, key, later, releases, texts }
