// node module-walker.mjs <node_modules of the tools> <project>...: the time in which
// @electron/rebuild finds the modules of some projects, with the steps of its Rebuilder class. What
// it does with each module afterwards isn't measured.
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const [, , tools, ...projects] = process.argv
const file = join(tools, '@electron/rebuild/lib/module-walker.js')
const { ModuleWalker } = await import(pathToFileURL(resolve(file)).href)

const start = process.hrtime.bigint()
let modules = 0
for (const project of projects) {
  const walker = new ModuleWalker(project, project, ['prod', 'optional'], new Set(), null)
  await walker.walkModules()
  for (const folder of await walker.nodeModulesPaths) await walker.findAllModulesIn(folder)
  modules += walker.modulesToRebuild.length
}
const milliseconds = Number(process.hrtime.bigint() - start) / 1e6
console.log(JSON.stringify({ milliseconds, modules }))
