// Parsers of the languages in which the pages have blocks. Each throws if a block is wrong.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { load } from 'js-yaml'
import ts from 'typescript-5'

const require = createRequire(import.meta.url)
const { parse } = require('../../lib/cli/usage.js')

/** https://docs.docker.com/reference/dockerfile/ */
const INSTRUCTIONS =
  /^(ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|FROM|HEALTHCHECK|LABEL|ONBUILD|RUN|SHELL|STOPSIGNAL|USER|VOLUME|WORKDIR) \S/

const shell = (text) => {
  const { status, stderr } = spawnSync('sh', ['-n'], { input: text, encoding: 'utf8' })
  assert.equal(status, 0, stderr)
}

/** A parser for each language. A block without a language is a report or another text. */
export const parsers = {
  '': () => {},
  // A placeholder isn't a redirection.
  sh: (text) => shell(text.replace(/<[^<>]+>/g, 'x')),
  console: (text) => assert.match(text, /^\$ \S/),
  json: (text) => {
    // Some blocks are properties of package.json.
    JSON.parse(text.startsWith('{') ? text : `{${text}}`)
  },
  yaml: (text) => assert.equal(typeof load(text), 'object'),
  js: (text) => {
    const { diagnostics } = ts.transpileModule(text, {
      reportDiagnostics: true,
      compilerOptions: { allowJs: true, target: 'esnext', module: 'esnext' },
      fileName: 'page.js',
    })
    const said = diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText))
    assert.deepEqual(said, [])
  },
  ini: (text) => {
    for (const line of text.split('\n')) assert.match(line, /^(\[\w+\]|\w+=.*|[#;].*|)$/)
  },
  dockerfile: (text) => {
    const lines = text.replace(/\\\n/g, ' ').split('\n')
    for (const line of lines.filter((one) => one !== '' && !one.startsWith('#')))
      assert.match(line, INSTRUCTIONS)
  },
}

/** The words of the calls of the command in a text: in spans of code, in scripts, and in blocks. */
export function callsIn(text) {
  const spans = [...text.matchAll(/(?<!`)`([^`\n]+)`(?!`)/g)].map(([, span]) => span)
  const scripts = [...text.matchAll(/"(?:postinstall|pretest|test)": "([^"]+)"/g)]
  const blocks = [...text.matchAll(/^```\w+\n([\s\S]*?)^```/gm)].flatMap(([, block]) =>
    block.split('\n'),
  )
  const start =
    /(?:^|[\s(&|"]|RUN )(?:npx (?:--yes )?|bunx (?:--bun )?|pnpm exec )abi-guard( [^|)"]*)?/
  const found = []
  for (const line of [...spans, ...scripts.map(([, script]) => script), ...blocks]) {
    const call = start.exec(line) ?? /^(?:.* && )?abi-guard(?=$| )( [^|)"]*)?$/.exec(line)
    if (call) found.push((call[1] ?? '').replace(/\s#.*| &&.*| 2>.*| \$.*/, ''))
  }
  return found.map((words) =>
    words
      .replace(/\[[^\]]*\]/g, '')
      .replace(/<([^>]*)>…?/g, 'x')
      .split(/\s+/)
      .filter(Boolean),
  )
}

/** Fails if the command doesn't know a call's command or one of its options. */
export function mustBeKnown(words) {
  try {
    parse(words)
  } catch (error) {
    // A folder that isn't here, or the name of a command alone, is no mistake of the page.
    const isFine = /no command or directory|is a file/.test(error.message) || words.length === 1
    if (!isFine || /did you mean/.test(error.message)) throw error
  }
}
