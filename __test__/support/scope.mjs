// The registry of the scope @abi-guard, as it will be after its packages are published: installers
// find the platform packages there and choose among them. It runs in a separate thread, so that it
// also answers while a test waits for a process.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads'

/**
 * Starts the registry.
 * @param {{ manifest: object, file: string }[]} packages their package.json and archive
 * @returns {Promise<string>} its address
 */
export function startScope(packages) {
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: packages })
  return new Promise((resolve, reject) => {
    worker.once('error', reject)
    worker.once('message', (address) => {
      worker.unref()
      resolve(address)
    })
  })
}

function packument({ manifest, file }, address) {
  const bytes = readFileSync(file)
  const hash = (name, form) => createHash(name).update(bytes).digest(form)
  const dist = {
    tarball: `${address}${manifest.name}/-/${manifest.version}.tgz`,
    shasum: hash('sha1', 'hex'),
    integrity: `sha512-${hash('sha512', 'base64')}`,
  }
  return {
    name: manifest.name,
    'dist-tags': { latest: manifest.version },
    // Yarn and pnpm reject versions that were published recently.
    time: { [manifest.version]: '2026-01-01T00:00:00.000Z' },
    versions: { [manifest.version]: { ...manifest, dist } },
  }
}

function serve(packages) {
  let address
  const server = createServer((request, response) => {
    const [name, archive] = decodeURIComponent(request.url.slice(1)).split('/-/')
    const found = packages.find(({ manifest }) => manifest.name === name)
    if (!found || !existsSync(found.file))
      return response.writeHead(404).end('{"error":"not found"}')
    if (archive) return response.end(readFileSync(found.file))
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(packument(found, address)))
  })
  server.listen(0, '127.0.0.1', () => {
    address = `http://127.0.0.1:${server.address().port}/`
    parentPort.postMessage(address)
  })
}

if (!isMainThread && workerData) serve(workerData)
