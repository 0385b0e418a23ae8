// The same from CommonJS.
import abiGuard = require('abi-guard')
import promises = require('abi-guard/promises')

const report: abiGuard.AbiReport = abiGuard.checkAbi('a.node')
const later: Promise<abiGuard.ScanReport> = promises.scanNodeModules()

export = { report, later }
