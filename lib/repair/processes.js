'use strict'
// Processes across restarts: a number alone is given to another process sooner or later, so each is
// known by its start as well.

const fs = require('node:fs')
const path = require('node:path')
const { execFileSync, spawn } = require('node:child_process')
const { readText } = require('../files.js')

const isWindows = process.platform === 'win32'

/** Longest file of /proc that is read. */
const LIMIT = 65_536

/**
 * The variable that commands of a repair have in their environment; its value is the name of the
 * backup.
 */
const MARK = 'ABI_GUARD_REPAIR'

/**
 * @typedef {{ pid: number, since?: string }} Identity `since`: when it started; absent where the
 *   system doesn't tell
 */

/** @returns {Identity} */
function identityOf(pid) {
  return { pid, since: startOf(pid) }
}

/** True for a process that runs, and is no other one that was given its number since. */
function isAlive(identity) {
  if (typeof identity !== 'object' || identity === null) return false
  const { pid, since } = identity
  if (!Number.isSafeInteger(pid) || pid <= 0) return false
  if (since !== undefined) return typeof since === 'string' && startOf(pid) === since
  // A record without a start comes from a process that had ended, or from elsewhere, where this
  // system tells starts.
  if (startOf(process.pid) !== undefined) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** When a process started. Undefined for one that has ended, and where the system doesn't tell. */
function startOf(pid) {
  if (isWindows) return undefined
  return process.platform === 'linux' ? startOnLinux(pid) : startByPs(pid)
}

/** In the kernel's ticks since it started, and which start of the kernel that was. */
function startOnLinux(pid) {
  try {
    const text = readText(`/proc/${pid}/stat`, LIMIT)
    // The name in parentheses may hold anything.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z' || !fields[19]) return undefined
    return `${readText('/proc/sys/kernel/random/boot_id', LIMIT).trim()} ${fields[19]}`
  } catch {
    return undefined
  }
}

/** To the second, on macOS and the BSDs. */
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

/** Ends a process and everything it started. */
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
    // It has ended already.
  }
}

/** Milliseconds for processes to end that were ended by force. */
const PATIENCE = 2000

/** Ends a process and everything it started, and waits until none of them can write any more. */
function endGroup(pid) {
  if (pid === undefined) return
  stopGroup(pid)
  const deadline = Date.now() + PATIENCE
  while (!isWindows && isGroup(pid) && Date.now() < deadline) pause()
}

/** Waits a moment, without anything else being done. */
const pause = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)

/**
 * Ends what an interrupted repair left running: the group of its command, where its first process
 * is surely the one that was started, and on Linux every process that has the repair's mark in its
 * environment.
 * @param {Identity | undefined} leader
 * @param {string} mark
 */
function endLeftOver(leader, mark) {
  if (leader?.since !== undefined && isAlive(leader)) endGroup(leader.pid)
  const deadline = Date.now() + PATIENCE
  for (
    let pids = markedWith(mark);
    pids.length > 0 && Date.now() < deadline;
    pids = markedWith(mark)
  ) {
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It has ended already.
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

/**
 * A program of Windows by its full path: the folder where a command runs is searched first
 * otherwise.
 */
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
  startByPs,
  stopGroup,
}
