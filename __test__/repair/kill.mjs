// Kills a repair while it runs.
import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { startAbiGuard } from './project.mjs'

/** The child processes of a process, according to the kernel. */
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
 * Starts `fix --yes` and kills `who` after some milliseconds: 'the command', 'the guardian', or
 * 'the command and its guardian'. Returns when everything that it started has ended.
 */
export async function killAt(milliseconds, who, manager, where) {
  const command = await startAbiGuard(manager, ['fix', '--yes'], where)
  const ended = new Promise((resolve) => {
    command.stdout.resume()
    command.stderr.resume()
    // The event comes after the guardian, which has the same output, has also ended.
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
      // The process has already ended.
    }
  }
  await ended
  // If the guardian is dead, nothing else waits for the processes that are still running.
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
