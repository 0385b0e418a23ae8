// The URL and the AbortSignal of Node.js, and those of a browser, fit what the types ask for.
import { auditPackage, checkAbi } from 'abi-guard'
import { matrix, scanNodeModules } from 'abi-guard/promises'

declare function maybe<T>(value: T): T | undefined

checkAbi(new URL('file:///a.node'))
auditPackage(new URL('..', import.meta.url))
const { signal } = new AbortController()
await scanNodeModules(new URL('..', import.meta.url), { signal })
await scanNodeModules('.', { signal: maybe(AbortSignal.timeout(1000)) })
await matrix('.', { signal })
