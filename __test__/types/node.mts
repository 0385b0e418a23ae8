// The real URL and AbortSignal of Node.js fit what the types ask for.
import { auditPackage, checkAbi } from 'abi-guard'
import { scanNodeModules } from 'abi-guard/promises'

checkAbi(new URL('file:///a.node'))
auditPackage(new URL('..', import.meta.url))
checkAbi(new URL('a.node', import.meta.url), { target: { abi: Number(process.versions.modules) } })
const controller = new AbortController()
await scanNodeModules(new URL('..', import.meta.url), { signal: controller.signal })
await scanNodeModules('.', { signal: AbortSignal.timeout(1000) })
