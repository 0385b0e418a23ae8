// Ends a repair by force while it runs.
import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { startAbiGuard } from './project.mjs'

/** Processes below one, by the kernel's list. */
function childrenOf(pid) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const text = readFileSync(`/proc/${name}/stat`, 'utf8')
        return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1]) === pid
      } catch {
        return false
      }
    })
    .map(Number)
}

/**
 * Starts `fix --yes` and kills, after some milliseconds, `who`: 'the command', 'the guardian', or
 * 'the command and its guardian'. Comes back when everything that it started has ended.
 */
export async function killAt(milliseconds, who, manager, where) {
  const command = await startAbiGuard(manager, ['fix', '--yes'], where)
  const ended = new Promise((resolve) => {
    command.stdout.resume()
    command.stderr.resume()
    // Not before the guardian, which has the same output, has ended too.
    command.on('close', resolve)
  })
  await wait(milliseconds)
  const guardians = childrenOf(command.pid)
  const victims = { 'the command': [command.pid], 'the guardian': guardians }[who] ?? [
    command.pid,
    ...guardians,
  ]
  const below = guardians.flatMap(childrenOf)
  for (const pid of victims) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has ended already.
    }
  }
  await ended
  // With its guardian dead, what ran on is waited for: it belongs to nobody.
  for (const pid of below) while (isRunning(pid)) await wait(50)
}

function isRunning(pid) {
  try {
    return !/^Z/.test(
      execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).trim(),
    )
  } catch {
    return false
  }
}
