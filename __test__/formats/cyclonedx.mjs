// The requirements for a CycloneDX document: it is valid by the official schema, its references
// lead to its components, and a purl parser reads its purls.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import Ajv from 'ajv'
import addFormats from 'ajv-formats'
import { pinned } from '../../scripts/support/cache.mjs'
import { download, unpack } from '../../scripts/support/registry.mjs'

/** The packages with the schemas and with the parser. */
const PINS = [
  {
    package: '@cyclonedx/cyclonedx-library@10.3.0',
    integrity:
      'sha512-RIT28sp1U0PCHaaeF3yNRwk6Jig/XJ8UsYAVOMYaHQ+0VVOvsjcp0PTWQFLUqJFF8XMud+Kdq6G+wtDAh+QJFA==',
    only: 'res/schema',
  },
  {
    package: 'packageurl-js@2.0.1',
    integrity:
      'sha512-N5ixXjzTy4QDQH0Q9YFjqIWd6zH6936Djpl2m9QNFmDv5Fum8q8BjkpAcHNMzOFE0IwQrFhJWex3AN6kS0OSwg==',
  },
]

const tools = () =>
  pinned('formats', 'cyclonedx', PINS, async (folder, work) => {
    for (const { pin, tarball } of await download(PINS, work))
      await unpack(tarball, folder, pin.only)
  })

/** A validator of ajv for the schema of CycloneDX 1.6. */
function validator(folder) {
  const ajv = new Ajv({ strict: false, allErrors: true })
  addFormats(ajv)
  ajv.addFormat('iri-reference', (text) => URL.canParse(text, 'https://example.com'))
  ajv.addFormat('idn-email', (text) => text.includes('@'))
  const schema = (name) =>
    JSON.parse(readFileSync(join(folder, 'res', 'schema', `${name}.SNAPSHOT.schema.json`), 'utf8'))
  for (const name of ['spdx', 'jsf-0.82'])
    ajv.addSchema(schema(name), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`)
  return { ajv, validate: ajv.compile(schema('bom-1.6')) }
}

/** Every component of a document, with those inside of others. */
export const componentsOf = ({ metadata, components }) => {
  const inside = (component) => [component, ...(component.components ?? []).flatMap(inside)]
  return [metadata.component, ...components].flatMap(inside)
}

/** The values of a component's properties with this name in the namespace of abi-guard. */
export const facts = ({ properties = [] }, name) =>
  properties.filter((one) => one.name === `abi-guard:${name}`).map(({ value }) => value)

/** The component with this reference. */
export function component(bom, reference) {
  const found = componentsOf(bom).find((one) => one['bom-ref'] === reference)
  assert.ok(found, `${reference} in ${componentsOf(bom).map((one) => one['bom-ref'])}`)
  return found
}

/** The references that a component depends on. */
export const needs = ({ dependencies }, reference) =>
  dependencies.find(({ ref }) => ref === reference)?.dependsOn

/** Returns a function that parses a document, and throws if the document is wrong. */
export async function bomReader() {
  const folder = await tools()
  const { PackageURL } = createRequire(join(folder, 'index.js'))('./index.js')
  const { ajv, validate } = validator(folder)
  return (text) => {
    const bom = JSON.parse(text)
    assert.ok(validate(bom), ajv.errorsText(validate.errors))
    assert.equal(bom.specVersion, '1.6')
    const all = componentsOf(bom)
    const references = all.map((one) => one['bom-ref'])
    assert.deepEqual(references.toSorted(), [...new Set(references)].toSorted())
    const named = [
      ...bom.dependencies.flatMap(({ ref, dependsOn }) => [ref, ...dependsOn]),
      ...bom.compositions.flatMap(({ assemblies, dependencies }) => [
        ...assemblies,
        ...dependencies,
      ]),
    ]
    for (const reference of named) assert.ok(references.includes(reference), reference)
    for (const one of [...all, ...bom.metadata.tools.components]) {
      if (one.purl === undefined) continue
      const purl = PackageURL.fromString(one.purl)
      assert.deepEqual(
        [purl.type, purl.namespace, purl.name, purl.version],
        ['npm', one.group, one.name, one.version],
      )
      // The parser writes "+" as it is. The specification asks for an escape.
      assert.equal(purl.toString().replaceAll('+', '%2B'), one.purl)
    }
    return bom
  }
}
