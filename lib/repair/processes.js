'use strict'
// Identifies processes by their number and their start time, because the system reuses numbers.

const fs = require('node:fs')
const path = require('node:path')
const { execFileSync, spawn } = require('node:child_process')
const { readText } = require('../files.js')

const isWindows = process.platform === 'win32'

/** The maximum length of a file in /proc, in bytes. */
const LIMIT = 65_536

/** The environment variable of a repair's commands. Its value is the name of the backup. */
const MARK = 'ABI_GUARD_REPAIR'

/**
 * @typedef {{ pid: number, since?: string }} Identity `since`: the start time, absent if the system
 *   doesn't provide it
 */

/** @returns {Identity} */
function identityOf(pid) {
  return { pid, since: startOf(pid) }
}

/** True if the process still runs, and its number doesn't belong to a newer process. */
function isAlive(identity) {
  if (typeof identity !== 'object' || identity === null) return false
  const { pid, since } = identity
  if (!Number.isSafeInteger(pid) || pid <= 0) return false
  if (since !== undefined) return typeof since === 'string' && startOf(pid) === since
  // On a system with start times, a record without one is from an ended process or from another
  // system.
  if (startOf(process.pid) !== undefined) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/**
 * The start time of a process. `undefined` if it has ended, or if the system doesn't provide it.
 */
function startOf(pid) {
  if (isWindows) return undefined
  return process.platform === 'linux' ? startOnLinux(pid) : startByPs(pid)
}

/** The boot id, and the process's start in clock ticks since the boot. */
function startOnLinux(pid) {
  try {
    const text = readText(`/proc/${pid}/stat`, LIMIT)
    // The name in parentheses may contain any characters.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z' || !fields[19]) return undefined
    return `${readText('/proc/sys/kernel/random/boot_id', LIMIT).trim()} ${fields[19]}`
  } catch {
    return undefined
  }
}

/** On macOS and the BSDs, with a precision of one second. */
function startByPs(pid) {
  try {
    const args = ['-o', 'stat=,lstart=', '-p', String(pid)]
    const options = {
      encoding: 'utf8',
      env: { LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'pipe', 'ignore'],
    }
    const [state, ...start] = execFileSync('/bin/ps', args, { ...options, timeout: 5000 })
      .trim()
      .split(/\s+/)
    return state.startsWith('Z') || start.length === 0 ? undefined : start.join(' ')
  } catch {
    return undefined
  }
}

/** Kills a process and its child processes. */
function stopGroup(pid) {
  if (pid === undefined) return
  try {
    if (isWindows) {
      const args = ['/pid', String(pid), '/t', '/f']
      spawn(ofSystem('taskkill.exe'), args, { stdio: 'ignore', windowsHide: true }).on(
        'error',
        () => {},
      )
    } else process.kill(-pid, 'SIGKILL')
  } catch {
    // The process has ended already.
  }
}

/** The time limit in milliseconds for killed processes to end. */
const TIME_LIMIT = 2000

/** Kills a process and its child processes, and waits until they have ended. */
function endGroup(pid) {
  if (pid === undefined) return
  stopGroup(pid)
  const deadline = Date.now() + TIME_LIMIT
  while (!isWindows && isGroup(pid) && Date.now() < deadline) pause()
}

/** Blocks the thread for 10 ms. */
const pause = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)

/**
 * Kills the processes that an interrupted repair left. This is the process group of its command, if
 * the group's first process is certainly the command. On Linux it is also every process with the
 * repair's mark in its environment.
 * @param {Identity | undefined} leader
 * @param {string} mark
 */
function endLeftOver(leader, mark) {
  if (leader?.since !== undefined && isAlive(leader)) endGroup(leader.pid)
  const deadline = Date.now() + TIME_LIMIT
  for (
    let pids = markedWith(mark);
    pids.length > 0 && Date.now() < deadline;
    pids = markedWith(mark)
  ) {
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // The process has ended already.
      }
    }
    pause()
  }
}

function markedWith(mark) {
  if (process.platform !== 'linux') return []
  const isOther = (pid) => pid !== process.pid && startOf(pid) !== undefined
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => isOther(pid) && environmentOf(pid).includes(`${MARK}=${mark}`))
}

function environmentOf(pid) {
  try {
    return readText(`/proc/${pid}/environ`, 16 << 20).split('\0')
  } catch {
    return []
  }
}

function isGroup(pid) {
  try {
    process.kill(-pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** The full path of a Windows program. Without it, Windows first searches the current folder. */
function ofSystem(name, env = process.env) {
  const root = env.SystemRoot ?? env.SYSTEMROOT ?? env.windir
  const isFolder = root && path.win32.isAbsolute(root) && !/["%\r\n]/.test(root)
  return path.win32.join(isFolder ? root : 'C:\\Windows', 'System32', name)
}

module.exports = {
  MARK,
  endGroup,
  endLeftOver,
  identityOf,
  isAlive,
  ofSystem,
  pause,
  startByPs,
  stopGroup,
}
