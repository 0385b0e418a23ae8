// A process that asks the guard, with and without its index. It is replaced by a new one when
// LD_LIBRARY_PATH changes: the loader reads it only when a process starts.
import { createInterface } from 'node:readline'

export class Asker {
  /** @param {(env: object) => import('node:child_process').ChildProcess} start runs ask.cjs */
  constructor(start) {
    this.start = start
  }

  #renew(libraryPath) {
    this.stop()
    const { LD_LIBRARY_PATH: _, ...env } = process.env
    this.libraryPath = libraryPath
    this.process = this.start(libraryPath ? { ...env, LD_LIBRARY_PATH: libraryPath } : env)
    this.answers = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]()
  }

  /**
   * The answer of the guard in a {@link import('./tree.mjs').Tree}.
   * @returns {Promise<{ text: string, verdicts: string, isKnown: boolean }>} `isKnown`: it came from
   *   the index
   */
  async ask({ root, options, libraryPath }, byIndex) {
    if (!this.process || this.libraryPath !== libraryPath) this.#renew(libraryPath)
    this.process.stdin.write(`${JSON.stringify({ root, options, byIndex })}\n`)
    const { value, done } = await this.answers.next()
    if (done) throw new Error('the process that asks has ended')
    return JSON.parse(value)
  }

  stop() {
    this.process?.stdin.end()
  }
}
