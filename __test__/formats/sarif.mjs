// The requirements for a SARIF document: it is valid by the official schema, and code scanning
// accepts it.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Ajv from 'ajv'
import addFormats from 'ajv-formats'
import { inCache, once } from '../../scripts/support/cache.mjs'
import { download, unpack } from '../../scripts/support/registry.mjs'

/** The package that contains the schema, and the schema's path in it. */
const PIN = {
  package: '@microsoft/jest-sarif@1.0.0-beta.0',
  integrity:
    'sha512-A1fOhPd6Ic5iDk4F9YPw1qNB4XF+7+IviR7xl8r2F6QzQkx5cpY9LsGk2rExiFIEcBbjpVnSmwWGBukASkiQ9A==',
}
const FILE = 'lib/schemas/sarif-2.1.0-rtm.5.json'

async function schema() {
  const folder = await once(
    inCache('formats', PIN.package.replaceAll('/', '+')),
    async (folder, work) => {
      const [{ tarball }] = await download([PIN], work)
      await unpack(tarball, folder, FILE)
    },
  )
  return JSON.parse(readFileSync(join(folder, FILE), 'utf8'))
}

/**
 * Returns a function that parses a document, and throws if the document isn't valid or code
 * scanning wouldn't accept it.
 */
export async function sarifReader() {
  // The schema is written in draft 4 of JSON Schema, and Ajv reads draft 7. For this schema they
  // differ only in the name of the identifier (`id`, `$id`).
  const { $schema, id, ...rest } = await schema()
  assert.match($schema, /draft-04/)
  assert.match(id, /sarif-2\.1\.0/)
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false })
  addFormats(ajv)
  const validate = ajv.compile(rest)
  return (text) => {
    const document = JSON.parse(text)
    assert.ok(validate(document), ajv.errorsText(validate.errors))
    codeScanningTakes(document, text)
    return document.runs[0]
  }
}

/**
 * Required properties and limits of "SARIF support for code scanning" in GitHub's documentation,
 * and what this project guarantees beyond them: all places are in the repository, and no path of
 * this machine is in the document.
 */
function codeScanningTakes(document, text) {
  assert.equal(document.version, '2.1.0')
  assert.ok(Buffer.byteLength(text) < 10 << 20)
  assert.equal(document.runs.length, 1)
  const [{ tool, results, columnKind }] = document.runs
  const { rules, name, version, semanticVersion, informationUri } = tool.driver
  assert.equal(name, 'abi-guard')
  assert.match(version, /^\d+\.\d+\.\d+/)
  assert.equal(semanticVersion, version)
  assert.match(informationUri, /^https:/)
  assert.equal(columnKind, 'utf16CodeUnits')
  assert.ok(results.length <= 25_000 && rules.length <= 25_000)
  assert.equal(new Set(rules.map(({ id }) => id)).size, rules.length)
  for (const rule of rules) {
    assert.ok(rule.id.length > 0 && rule.id.length <= 255)
    for (const one of [rule.shortDescription, rule.fullDescription]) {
      assert.ok(one.text.length > 0 && one.text.length <= 1024, rule.id)
    }
    assert.ok(rule.help.text.length > 0 && rule.help.markdown.length > 0)
    assert.match(rule.helpUri, new RegExp(`/docs/(problems|doctor)\\.md#${rule.id}$`))
    assert.match(rule.defaultConfiguration.level, /^(note|warning|error)$/)
    assert.ok(
      results.some(({ ruleId }) => ruleId === rule.id),
      `no result of ${rule.id}`,
    )
  }
  const prints = new Set()
  for (const { ruleId, ruleIndex, level, message, locations, partialFingerprints } of results) {
    assert.equal(rules[ruleIndex].id, ruleId)
    assert.match(level, /^(note|warning|error)$/)
    assert.ok(message.text.length > 0)
    assert.ok(locations.length >= 1 && locations.length <= 1000)
    const { artifactLocation, region } = locations[0].physicalLocation
    assert.equal(artifactLocation.uriBaseId, '%SRCROOT%')
    assert.match(artifactLocation.uri, /^(?!\/|\.\.|[a-z]+:)[\w./@+,~%-]+$/i)
    assert.doesNotMatch(artifactLocation.uri, /node_modules/)
    assert.ok(Number.isInteger(region.startLine) && region.startLine >= 1)
    const print = partialFingerprints['abiGuard/v1']
    assert.match(print, /^[0-9a-f]{16}:\d+$/)
    assert.ok(!prints.has(print), `${print} twice`)
    prints.add(print)
  }
}

/** `file:line` of a result. */
export const placeOf = ({ locations: [{ physicalLocation }] }) =>
  `${decodeURIComponent(physicalLocation.artifactLocation.uri)}:${physicalLocation.region.startLine}`
