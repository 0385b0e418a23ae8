'use strict'
// Says what a command of a repair does while it is silent: a compilation takes minutes, and package
// managers print nothing meanwhile.

const fs = require('node:fs')
const { oneLine } = require('../escape.js')
const { readText } = require('../files.js')

/** Milliseconds without output before the first line, and between lines. */
const ON_TERMINAL = { first: 2000, next: 1000 }
const IN_LOG = { first: 30_000, next: 60_000 }

/** The maximum length of /proc/<pid>/stat, in bytes. */
const LIMIT = 65_536

/**
 * Follows a command. On a terminal there is one line, which is replaced and removed; in a log, a
 * new line from time to time.
 * @param {number | undefined} pid the first process of the command's process group
 * @param {string[]} words the command
 * @param {NodeJS.WriteStream} stream
 * @returns {{ before(chunk: Buffer): void, end(): void }} `before`: to call before output of the
 *   command is written to `stream`
 */
function follow(pid, words, stream) {
  const isTerminal = Boolean(stream.isTTY) && process.env.TERM !== 'dumb'
  const pauses = isTerminal ? ON_TERMINAL : IN_LOG
  const start = Date.now()
  let endsLine = true
  let isShown = false
  let timer

  function show() {
    timer = setTimeout(show, pauses.next).unref()
    // The command's own line isn't finished.
    if (!endsLine) return
    const seconds = Math.round((Date.now() - start) / 1000)
    const name = packageIn(pid)
    const what = name ? `building ${oneLine(name)}` : `running ${oneLine(words.join(' '))}`
    const text = `${what}: ${seconds} s`
    isShown = isTerminal
    stream.write(isTerminal ? `\r\x1b[2K${text.slice(0, (stream.columns || 80) - 1)}` : `${text}\n`)
  }

  function hide() {
    if (isShown) stream.write('\r\x1b[2K')
    isShown = false
  }

  function wait() {
    clearTimeout(timer)
    timer = setTimeout(show, pauses.first).unref()
  }

  wait()
  return {
    before(chunk) {
      hide()
      endsLine = chunk[chunk.length - 1] === 10
      wait()
    },
    end() {
      clearTimeout(timer)
      hide()
    },
  }
}

/**
 * The package in whose folder a process of the group works. Only Linux shows the folder without
 * another program.
 */
function packageIn(group) {
  if (process.platform !== 'linux' || group === undefined) return undefined
  try {
    const pids = fs
      .readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .sort((a, b) => b - a)
    for (const pid of pids) {
      const name = groupOf(pid) === group ? packageOf(folderOf(pid)) : undefined
      if (name) return name
    }
  } catch {
    // Without /proc the line names the command.
  }
  return undefined
}

function groupOf(pid) {
  try {
    const text = readText(`/proc/${pid}/stat`, LIMIT)
    // The name in parentheses may contain any characters.
    return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[2])
  } catch {
    return undefined
  }
}

function folderOf(pid) {
  try {
    return fs.readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return ''
  }
}

/** "/app/node_modules/@a/b/build" → "@a/b" */
const packageOf = (folder) => /.*\/node_modules\/((?:@[^/]+\/)?[^/.][^/]*)/.exec(folder)?.[1]

module.exports = { follow, packageOf }
