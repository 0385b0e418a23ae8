// What must not compile. A line that compiles after all makes its @ts-expect-error an error.
import {
  type AbiReport,
  type AuditReport,
  auditPackage,
  checkAbi,
  checkPackage,
  doctor,
  formatReport,
  matrix,
  resolveRuntime,
  scanNodeModules,
} from 'abi-guard'
import * as promises from 'abi-guard/promises'

declare const report: AbiReport
declare const audit: AuditReport

// @ts-expect-error a file has to be named
checkAbi()
// @ts-expect-error a number is no path
checkAbi(1)
// @ts-expect-error there is no such option
checkAbi('a.node', { production: true })
// @ts-expect-error threads is a boolean
checkAbi('a.node', { threads: 'yes' })
// @ts-expect-error include belongs to a scan
checkAbi('a.node', { include: ['a'] })
// @ts-expect-error a package is named by a string
checkPackage({ href: 'file:///a' })
// @ts-expect-error from belongs to checkPackage
scanNodeModules('.', { from: '.' })
// @ts-expect-error patterns come as an array
scanNodeModules('.', { ignore: 'sharp' })
// @ts-expect-error no runtime has this name
resolveRuntime({ runtime: 'nodejs' })
// @ts-expect-error an ABI is a number
resolveRuntime({ abi: '115' })
// @ts-expect-error there is no such field
resolveRuntime({ os: 'linux' })
// @ts-expect-error there is no such format
formatReport(report, 'xml')
// @ts-expect-error text is no report
formatReport('text')
// @ts-expect-error the functions that wait take no signal
checkAbi('a.node', { signal: {} })
// @ts-expect-error a signal is no controller
promises.checkAbi('a.node', { signal: { abort() {} } })
// @ts-expect-error progress has no such number
promises.scanNodeModules('.', { onProgress: ({ files }) => files })
// @ts-expect-error a promise is no report
promises.checkAbi('a.node').ok
// @ts-expect-error there is no such outcome
report.outcome === 'fails'
// @ts-expect-error the ABI may be null
report.addon?.abi.toFixed()
// @ts-expect-error a package is audited for all runtimes
auditPackage('.', { target: 'node@22' })
// @ts-expect-error a package to audit has to be named
auditPackage()
// @ts-expect-error production is a boolean
scanNodeModules('.', { production: 'yes' })
// @ts-expect-error nothing may be there for a promised system
audit.promises[0]?.by.length
// @ts-expect-error an audited file isn't judged for one runtime
audit.files[0]?.outcome
// @ts-expect-error a doctor judges for one runtime
doctor('.', { targets: ['node@22'] })
// @ts-expect-error a matrix judges for several
matrix('.', { target: 'node@22' })
// @ts-expect-error runtimes come as an array
matrix('.', { targets: 'node@22' })
// @ts-expect-error an audit has no progress
promises.auditPackage('.', { onProgress() {} })
// @ts-expect-error the parts inside are not public
import('abi-guard/lib/native.js')
