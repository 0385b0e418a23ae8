// Decides which names the tables cover: those that an addon can import from Node.js itself. The
// decision needs only the name, so a covered name that isn't in the tables is known to be missing.
// src/runtime/exports/names.rs has the same rules for C++, and reads the prefixes of C
// names from the tables.

/**
 * Prefixes of C names. No prefix begins with another one, so a binary search finds the prefix of a
 * name.
 */
export const PREFIXES = [
  ...['napi_', 'node_api_', 'node_module_register', 'uv_'],
  // OpenSSL
  ...[
    'AES_',
    'ASN1_',
    'BIO_',
    'BN_',
    'CMS_',
    'CRYPTO_',
    'DH_',
    'DSA_',
    'DTLS_',
    'EC_',
    'ECDH_',
    'ECDSA_',
    'ENGINE_',
  ],
  ...[
    'ERR_',
    'EVP_',
    'HMAC',
    'MD5',
    'OBJ_',
    'OCSP_',
    'OPENSSL_',
    'OSSL_',
    'OpenSSL_',
    'PEM_',
    'PKCS',
    'RAND_',
  ],
  ...['RSA_', 'SHA', 'SSL_', 'TLS_', 'X509', 'd2i_', 'i2d_'],
  // zlib, nghttp2
  ...[
    'adler32',
    'compress',
    'crc32',
    'deflate',
    'inflate',
    'uncompress',
    'zError',
    'zlib',
    'nghttp2_',
  ],
].sort()

/**
 * Classes in the namespace node whose members addons can import: those that Node.js for Windows
 * exports (NODE_EXTERN).
 */
export const NODE_SCOPES = [
  ...['ArrayBufferAllocator', 'AsyncResource', 'Buffer', 'CallbackScope', 'CommonEnvironmentSetup'],
  ...[
    'EmbedderBuiltinCodeCache',
    'ModuleData',
    'MultiIsolatePlatform',
    'StartExecutionCallbackInfoWithModule',
  ],
]

/**
 * True if the tables cover a name. `_Z…` has Itanium's mangling, `?…` that of MSVC; all other names
 * are C.
 */
export function isCovered(name) {
  if (name.startsWith('_Z')) return isItaniumCovered(name)
  if (name.startsWith('?')) return isMsvcCovered(name)
  return PREFIXES.some((prefix) => name.startsWith(prefix))
}

function isItaniumCovered(name) {
  const nested = /^_Z(?:T[ISTV])?NK?/.exec(name)
  if (!nested) return false
  const [root, afterRoot] = component(name, nested[0].length)
  if (root === 'cppgc') return true
  const [scope, after] = component(name, afterRoot)
  const isDirect = name[after] === 'E' && scope !== undefined
  if (root === 'v8') return scope !== 'internal' || isDirectIn(name, after)
  return root === 'node' && (isDirect || NODE_SCOPES.includes(scope))
}

function isDirectIn(name, at) {
  const [own, after] = component(name, at)
  return own !== undefined && name[after] === 'E'
}

/** The identifier at `at`, which follows its length, and the position after it. */
function component(name, at) {
  const digits = /^[1-9]\d{0,3}/.exec(name.slice(at, at + 4))?.[0]
  if (!digits) return [undefined, at]
  const end = at + digits.length + Number(digits)
  return end > name.length ? [undefined, at] : [name.slice(at + digits.length, end), end]
}

function isMsvcCovered(name) {
  const end = name.indexOf('@@')
  if (end < 0) return false
  const qualified = name.slice(0, end)
  // The name of a template contains those of its arguments.
  if (qualified.includes('?$')) return false
  const parts = qualified.split('@')
  const root = parts.at(-1)
  const scope = parts.at(-2)
  if (parts.length < 2) return false
  if (root === 'cppgc') return true
  if (root === 'v8') return scope !== 'internal' || parts.length === 3
  return root === 'node' && (parts.length === 2 || NODE_SCOPES.includes(scope))
}
