'use strict'
// Unpacks an archive of `npm pack` into a temporary folder during an audit. It writes only plain
// files that the audit reads, and only below that folder. A separate process (this same script)
// unpacks: it streams, so that little memory is used, and the caller can wait for it synchronously.

const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { execFile, spawnSync } = require('node:child_process')

/** The maximum number of unpacked bytes. The largest package on the registry has fewer. */
const MAX_BYTES = 2 ** 30
/** The maximum number of entries. The largest packages have some ten thousand. */
const MAX_ENTRIES = 200_000
/**
 * The maximum compression ratio of an archive with more than `PLAIN` unpacked bytes. Source code
 * has a ratio of 4 to 20.
 */
const MAX_RATIO = 200
const PLAIN = 2 ** 26
/** The maximum length in bytes of a script or manifest that the audit reads. */
const MAX_TEXT = 2 ** 20
/** The time limit for unpacking, in milliseconds. */
const TIME_LIMIT = 120_000
/** The memory limit for unpacking, in MiB. */
const MEMORY = 256
/** The maximum length of a file name in a pax or GNU header. */
const MAX_NAME = 2 ** 16
const BLOCK = 512

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * The audit of a packed package, with the same methods as a job of the core. The archive is
 * unpacked into a temporary folder, which is removed afterwards, even after a signal.
 */
class ArchiveJob {
  #file
  #jobOf
  /** Stops the running process that unpacks, or the running job of the core. */
  #stop = () => {}
  #isCancelled = false

  /**
   * @param {string} file the archive
   * @param {(directory: string) => object} jobOf creates the job for the folder of the package
   */
  constructor(file, jobOf) {
    // The caller gets the system's own error for this file.
    if (!fs.statSync(file).isFile()) throw unsound(file, 'it is not a regular file')
    fs.accessSync(file, fs.constants.R_OK)
    this.#file = file
    this.#jobOf = jobOf
  }

  run() {
    const place = new Place()
    try {
      place.create()
      const { args, options } = this.#unpacking(place.folder)
      const { stdout, error, signal } = spawnSync(process.execPath, args, options)
      const root = this.#unpacked(place.folder, stdout, error, signal)
      return this.#named(this.#jobOf(root).run())
    } finally {
      place.remove()
    }
  }

  async start() {
    const place = new Place()
    try {
      place.create()
      const { stdout, error, signal } = await this.#unpackMeanwhile(place)
      if (this.#isCancelled) return ABORTED
      const job = this.#jobOf(this.#unpacked(place.folder, stdout, error, signal))
      this.#stop = () => job.cancel()
      return this.#named(await job.start())
    } finally {
      place.remove()
    }
  }

  cancel() {
    this.#isCancelled = true
    this.#stop()
  }

  /** The arguments of the process that unpacks the archive into `folder`. */
  #unpacking(folder) {
    // Without the caller's flags and hooks, which could load other code into that process.
    const { NODE_OPTIONS, NODE_V8_COVERAGE, ...env } = process.env
    return {
      args: [`--max-old-space-size=${MEMORY}`, __filename, this.#file, folder],
      options: {
        encoding: 'utf8',
        env: { ...env, ELECTRON_RUN_AS_NODE: '1' },
        timeout: TIME_LIMIT,
        killSignal: 'SIGKILL',
      },
    }
  }

  #unpackMeanwhile(place) {
    const { args, options } = this.#unpacking(place.folder)
    return new Promise((resolve) => {
      const child = execFile(process.execPath, args, options, (error, stdout) => {
        const { code, killed, signal } = error ?? {}
        // If the process started and then failed, its output has a better reason than this error.
        const failure = typeof code === 'string' ? error : undefined
        const late = killed && !this.#isCancelled
        resolve({ stdout, error: late ? { code: 'ETIMEDOUT' } : failure, signal })
      })
      this.#stop = () => child.kill('SIGKILL')
      place.release = this.#stop
    })
  }

  /** The folder of the package, read from the output of the process that unpacked it. */
  #unpacked(folder, stdout, error, signal) {
    if (error?.code === 'ETIMEDOUT')
      throw unsound(this.#file, `unpacking it takes longer than ${TIME_LIMIT / 1000} s`)
    if (error) throw error
    if (signal) throw unsound(this.#file, `${signal} ended the process that unpacks it`)
    const { top, what } = JSON.parse(stdout || '{"what":"unpacking it failed"}')
    if (what !== undefined) throw unsound(this.#file, what)
    const root = path.join(folder, top)
    if (!fs.existsSync(path.join(root, 'package.json')))
      throw unsound(this.#file, 'it contains no package.json')
    return root
  }

  /** The answer of the core, with the archive's path instead of the temporary folder. */
  #named(text) {
    const answer = JSON.parse(text)
    if (answer.value) answer.value.path = this.#file
    return JSON.stringify(answer)
  }
}

/** The answer of a stopped job, in the core's form. */
const ABORTED = JSON.stringify({
  error: { code: 'ABORT_ERR', message: 'The operation was aborted' },
})

/** The temporary folders that exist, or existed in this turn of the event loop. */
const places = new Set()

/** A temporary folder that is removed before the process ends, even by a signal. */
class Place {
  /** Ends the process that uses the folder. */
  release = () => {}

  create() {
    // While the thread waits, no listener runs. But a signal with a listener doesn't end the
    // process at once, so the folder can still be removed.
    if (places.size === 0) {
      process.on('exit', clear)
      for (const signal of SIGNALS) process.on(signal, end)
    }
    places.add(this)
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'abi-guard-audit-'))
  }

  remove() {
    this.clear()
    // A signal that arrived in the meantime is delivered in the next turn.
    setImmediate(() => {
      places.delete(this)
      if (places.size === 0) stopListening()
    })
  }

  clear() {
    if (this.folder) fs.rmSync(this.folder, { recursive: true, force: true })
  }
}

function clear() {
  for (const place of places) {
    place.release()
    try {
      place.clear()
    } catch {
      // The process ends. The rest stays in the system's temporary folder.
    }
  }
}

function stopListening() {
  process.removeListener('exit', clear)
  for (const signal of SIGNALS) process.removeListener(signal, end)
}

function end(signal) {
  // If the app has a listener too, the app decides. The folders are removed when it exits.
  if (process.listenerCount(signal) > 1) return
  clear()
  stopListening()
  process.kill(process.pid, signal)
}

/** Creates an error with a code that names the file. */
function unsound(file, what) {
  const code = 'ERR_INVALID_PACKAGE_ARCHIVE'
  return Object.assign(new Error(`${file} is not a package archive: ${what}`), { code, path: file })
}

/** Unpacks `file` into `folder`. Returns the name of the package's folder in it. */
async function unpack(file, folder) {
  const { size: packed } = fs.statSync(file)
  const stream = fs.createReadStream(file).pipe(require('node:zlib').createGunzip())
  const reader = new Reader(stream, Math.max(PLAIN, packed * MAX_RATIO))
  const tree = new Tree()
  let top
  let longName
  for (let entries = 0; ; entries++) {
    if (entries > MAX_ENTRIES) throw new Error(`it has more than ${MAX_ENTRIES} entries`)
    const header = await reader.take(BLOCK)
    if (header.length < BLOCK || header.every((byte) => byte === 0)) break
    const size = Number.parseInt(text(header, 124, 12), 8)
    if (!(size >= 0)) throw new Error('it contains a length that is not a number')
    const type = String.fromCharCode(header[156] || 0x30)
    const rest = (BLOCK - (size % BLOCK)) % BLOCK
    if (type === 'x' || type === 'L') {
      if (size > MAX_NAME) throw new Error('it contains a name that is too long')
      const body = await reader.take(size)
      longName =
        type === 'L' ? text(body, 0, size) : /(?:^|\n)\d+ path=([^\n]*)/.exec(body.toString())?.[1]
      await reader.skip(rest)
      continue
    }
    const parts = pathOf(longName ?? nameOf(header))
    longName = undefined
    top ??= type === '0' ? parts?.[0] : undefined
    // npm uses the first folder, whatever its name, and nothing beside it.
    const isWanted = type === '0' && parts && parts[0] === top && isRead(parts.at(-1), size)
    if (type === '0' && parts) tree.add(parts)
    const target = isWanted ? path.join(folder, ...parts) : undefined
    await reader.copy(size, target)
    await reader.skip(rest)
  }
  // Read to the end: gzip's checksum is there.
  while ((await reader.some(BLOCK)).length > 0);
  if (top === undefined) throw new Error('it contains no folder')
  return top
}

/**
 * All names in an archive, including files that aren't written. npm fails if a name is both a file
 * and a folder, so the audit must notice it.
 */
class Tree {
  #files = new Set()
  #folders = new Set()

  add(parts) {
    if (parts.some((part) => Buffer.byteLength(part) > 255))
      throw new Error('it contains a name that is too long')
    for (let length = 1; length < parts.length; length++) {
      const folder = parts.slice(0, length).join('/')
      if (this.#files.has(folder))
        throw new Error(`it contains ${folder} as a file and as a folder`)
      this.#folders.add(folder)
    }
    const file = parts.join('/')
    if (this.#folders.has(file)) throw new Error(`it contains ${file} as a file and as a folder`)
    this.#files.add(file)
  }
}

/** True for a file that the audit reads: an addon, a library, a script or a manifest. */
function isRead(name, size) {
  if (/\.(node|dll|dylib|so(\.[\d.]+)?)$/i.test(name)) return true
  return /\.([cm]?js|json|gyp|gypi|wasm)$/i.test(name) && size <= MAX_TEXT
}

/** Reads a stream in pieces of a requested length. Fails after `longest` bytes. */
class Reader {
  constructor(stream, longest) {
    this.longest = Math.min(longest, MAX_BYTES)
    this.chunks = stream[Symbol.asyncIterator]()
    this.rest = Buffer.alloc(0)
    this.total = 0
  }

  /** Up to `length` available bytes. Empty at the end. */
  async some(length) {
    if (this.rest.length === 0) {
      const { value, done } = await this.chunks.next()
      if (done) return this.rest
      this.total += value.length
      if (this.total > this.longest) throw new Error('it unpacks to too many bytes')
      this.rest = value
    }
    const piece = this.rest.subarray(0, length)
    this.rest = this.rest.subarray(piece.length)
    return piece
  }

  /** Exactly `length` bytes. Fewer only at the end of the archive, between two entries. */
  async take(length) {
    const pieces = []
    for (let left = length; left > 0; ) {
      const piece = await this.some(left)
      if (piece.length === 0) {
        if (left < length) throw new Error('it ends too early')
        break
      }
      pieces.push(piece)
      left -= piece.length
    }
    return Buffer.concat(pieces)
  }

  /** Writes the next `length` bytes to the file `target`. Without a target, skips them. */
  async copy(length, target) {
    if (target) fs.mkdirSync(path.dirname(target), { recursive: true })
    const file = target && fs.openSync(target, 'w')
    for (let left = length; left > 0; ) {
      const piece = await this.some(left)
      if (piece.length === 0) throw new Error('it ends too early')
      if (file !== undefined) fs.writeSync(file, piece)
      left -= piece.length
    }
    if (file !== undefined) fs.closeSync(file)
  }

  skip(length) {
    return this.copy(length)
  }
}

function nameOf(header) {
  const prefix = text(header, 257, 5) === 'ustar' ? text(header, 345, 155) : ''
  return prefix ? `${prefix}/${text(header, 0, 100)}` : text(header, 0, 100)
}

/**
 * The parts of a path with at least one folder, or `undefined` for a path with `..` or a null byte.
 */
function pathOf(name) {
  const parts = name.split(/[\\/]/).filter((part) => part !== '' && part !== '.')
  const isSound =
    parts.length >= 2 && !parts.includes('..') && !parts.some((part) => part.includes('\0'))
  return isSound ? parts : undefined
}

function text(bytes, start, length) {
  const field = bytes.subarray(start, start + length)
  const end = field.indexOf(0)
  return field
    .subarray(0, end < 0 ? length : end)
    .toString()
    .trim()
}

if (require.main === module) {
  const [, , file, folder] = process.argv
  unpack(file, folder).then(
    (top) => process.stdout.write(JSON.stringify({ top })),
    (error) => {
      let what = error.message
      if (error.code?.startsWith('Z_')) what = 'it is not valid gzip'
      else if (['EEXIST', 'EISDIR', 'ENOTDIR', 'ENAMETOOLONG'].includes(error.code))
        what = 'it contains a name that no file can have'
      process.stdout.write(JSON.stringify({ what }))
    },
  )
}

module.exports = { ArchiveJob }
