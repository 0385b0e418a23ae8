// The blocks of code in README.md and docs/*.md.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The pages of the documentation, as paths below the checkout. */
export const pages = [
  'README.md',
  ...readdirSync(`${root}docs`)
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]

export const textOf = (page) => readFileSync(root + page, 'utf8')

/** A page says this directly below a block that no test runs, with the reason. */
const NOT_RUN = /^Not run by our tests: [^.]+\./

/**
 * The blocks of a page.
 * @returns {{ page: string, heading: string, language: string, text: string, line: number, key?:
 *   string, isMarked: boolean }[]} `key`: only of blocks with commands: the page and the heading,
 *   and from the second such block below the heading on, its number
 */
export function blocksOf(page) {
  const blocks = []
  const lines = textOf(page).split('\n')
  const counts = new Map()
  let heading = ''
  for (let index = 0; index < lines.length; index++) {
    const title = /^#+ (.+)$/.exec(lines[index])
    if (title) heading = anchor(title[1])
    const begin = /^ *```(\w*)/.exec(lines[index])
    if (!begin) continue
    const end = lines.findIndex((line, at) => at > index && /^ *```$/.test(line))
    const block = {
      page,
      heading,
      language: begin[1],
      text: lines.slice(index + 1, end).join('\n'),
      line: index + 1,
      isMarked: NOT_RUN.test(lines.slice(end + 2).join(' ')),
    }
    if (['sh', 'console'].includes(block.language)) {
      const place = `${page}#${heading}`
      const count = (counts.get(place) ?? 0) + 1
      counts.set(place, count)
      block.key = count === 1 ? place : `${place}/${count}`
    }
    blocks.push(block)
    index = end
  }
  return blocks
}

const anchor = (heading) =>
  heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-')

/** The commands of a block: one a line, or the whole block if it has a here-document. */
export function commandsOf({ language, text }) {
  if (text.includes('<<')) return [text]
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  if (language !== 'console') return lines
  return lines.filter((line) => line.startsWith('$ ')).map((line) => line.slice(2))
}
