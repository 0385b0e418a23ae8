// The first scan of the large tree, beside programs that search it for files or packages. fd and
// find are measured as whole processes; they start in about 2 ms. The others are measured in a
// fresh Node.js, without its start.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { runChild, timeProcess } from '../processes.mjs'
import { atMost, grouped } from '../table.mjs'
import { electronRebuild, fd, tryInstall } from '../tools.mjs'
import { countFiles, largeTree, WORKSPACES } from '../trees.mjs'

const what = 'scanNodeModules, first call'

export async function scan(guard, table) {
  const folder = await largeTree()
  const { stats } = runChild('scan.cjs', [guard, folder])
  const { addons } = runChild('walk.cjs', [folder])
  if (stats.files !== addons) throw new Error(`the scan reads ${stats.files} addons of ${addons}`)
  table.group(
    `First scan of ${grouped(stats.directories)} folders with ${grouped(countFiles(folder))} files, ` +
      `${addons} of them addons`,
  )
  const measure = () => runChild('scan.cjs', [guard, folder]).milliseconds
  /** A row for a whole process. It must print one line for each addon. */
  const search = (beside, program, args, target) => {
    const found = execFileSync(program, args, { encoding: 'utf8' }).split('\n').length - 1
    if (found !== addons) throw new Error(`${beside} finds ${found} files instead of ${addons}`)
    table.row({ what, measure, beside, other: () => timeProcess(program, args), target })
  }

  const { place: program, reason } = await tryInstall(fd)
  if (program) search('fd -uu -e node .', program, ['-uu', '-e', 'node', '.', folder], atMost(0.8))
  else table.notMeasured({ what, beside: 'fd' }, reason)
  search("find -name '*.node'", 'find', [folder, '-name', '*.node'], atMost(0.45))
  table.row({
    what,
    measure,
    beside: 'walk with fs.readdirSync',
    other: () => runChild('walk.cjs', [folder]).milliseconds,
    target: atMost(0.5),
  })
  await besideElectronRebuild({ what, measure, target: atMost(0.2) }, folder, table)
}

async function besideElectronRebuild(row, folder, table) {
  const beside = '@electron/rebuild, search for modules'
  const { place, reason } = await tryInstall(electronRebuild)
  if (!place) return table.notMeasured({ ...row, beside }, reason)
  const args = [place, ...WORKSPACES.map((name) => join(folder, name))]
  const { modules } = runChild('module-walker.mjs', args)
  if (modules === 0) throw new Error('@electron/rebuild finds no modules')
  const other = () => runChild('module-walker.mjs', args).milliseconds
  return table.row({ ...row, beside, other })
}
