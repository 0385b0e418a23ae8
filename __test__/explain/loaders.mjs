// Errors of the systems' loaders: glibc, musl, macOS (dyld), Windows.

const file = '/app/node_modules/addon/build/Release/addon.node'
const of = { package: 'addon', file }
const rebuild = 'npm rebuild addon'
const error = (text) =>
  `Error: ${text}\n    at Module._extensions..node (node:internal/modules/cjs/loader:1340:18)`
const inGlibc = (text) => error(`${file}: ${text}`)

const glibc = [
  {
    text: inGlibc('invalid ELF header'),
    code: 'not-a-binary',
    ...of,
    certain: false,
    command: rebuild,
  },
  {
    name: 'a linker script in the place of a library',
    text: error('/lib/x86_64-linux-gnu/libc.so: invalid ELF header'),
    code: 'wrong-libc',
  },
  { text: inGlibc('file too short'), code: 'truncated', ...of, command: rebuild },
  {
    text: inGlibc('wrong ELF class: ELFCLASS32'),
    code: 'wrong-arch',
    ...of,
    command: rebuild,
    summary: /32-bit file in a 64-bit process/,
  },
  {
    text: inGlibc('wrong ELF class: ELFCLASS64'),
    code: 'wrong-arch',
    ...of,
    command: rebuild,
    summary: /64-bit file in a 32-bit process/,
  },
  {
    name: 'a library for another processor, or a missing library',
    text: inGlibc('cannot open shared object file: No such file or directory'),
    code: 'wrong-arch',
    ...of,
    certain: false,
    command: rebuild,
  },
  {
    text: inGlibc('cannot open shared object file: Permission denied'),
    code: 'unreadable',
    ...of,
  },
  {
    name: 'a library that is missing',
    text: error('libusb-1.0.so.0: cannot open shared object file: No such file or directory'),
    code: 'missing-library',
    summary: /libusb-1\.0\.so\.0/,
  },
  {
    name: 'a library that is missing, with the package that needs it in the stack',
    text: `${error('libvips-cpp.so.8.17.2: cannot open shared object file: No such file or directory')}\n    at Object.<anonymous> (/app/node_modules/sharp/lib/sharp.js:20:1)`,
    code: 'missing-library',
    package: 'sharp',
    command: undefined,
  },
  {
    name: "musl's libc on glibc",
    text: error('libc.musl-x86_64.so.1: cannot open shared object file: No such file or directory'),
    code: 'wrong-libc',
  },
  {
    name: 'glibc is too old',
    text: error(
      `/lib/x86_64-linux-gnu/libc.so.6: version \`GLIBC_2.39' not found (required by ${file})`,
    ),
    code: 'glibc-too-old',
    ...of,
    command: 'env npm_config_build_from_source=true npm rebuild addon',
    why: /glibc 2\.39 or newer/,
  },
  {
    name: 'glibc is too old, in an error about libm',
    text: error(`/lib64/libm.so.6: version \`GLIBC_2.29' not found (required by ${file})`),
    code: 'glibc-too-old',
    ...of,
    command: 'env npm_config_build_from_source=true npm rebuild addon',
  },
  {
    name: 'libstdc++ is too old',
    text: error(
      `/usr/lib/x86_64-linux-gnu/libstdc++.so.6: version \`GLIBCXX_3.4.32' not found (required by ${file})`,
    ),
    code: 'libstdcxx-too-old',
    ...of,
    command: 'env npm_config_build_from_source=true npm rebuild addon',
  },
  {
    name: 'libstdc++ is too old for exceptions',
    text: error(`/lib64/libstdc++.so.6: version \`CXXABI_1.3.13' not found (required by ${file})`),
    code: 'libstdcxx-too-old',
    ...of,
    command: 'env npm_config_build_from_source=true npm rebuild addon',
  },
  {
    name: 'another version of a library',
    text: error(
      `/usr/lib/x86_64-linux-gnu/libcurl.so.4: version \`CURL_OPENSSL_3' not found (required by ${file})`,
    ),
    code: 'missing-library',
    ...of,
    summary: /libcurl\.so\.4/,
  },
  {
    name: 'a function of V8 that is missing',
    text: inGlibc('undefined symbol: _ZN2v811HandleScopeC1EPNS_7IsolateE'),
    code: 'missing-symbol',
    ...of,
    command: rebuild,
    summary: /v8::HandleScope/,
  },
  {
    name: 'a function missing at its first call',
    text: `node: symbol lookup error: ${file}: undefined symbol: _ZN2v87Isolate10GetCurrentEv`,
    code: 'lazy-missing-symbol',
    ...of,
    command: rebuild,
  },
  {
    name: 'a function missing at its first call, in an executable with a path',
    text: `/usr/local/bin/node: symbol lookup error: ${file}: undefined symbol: napi_fatal_exception`,
    code: 'lazy-missing-symbol',
    ...of,
  },
  {
    name: 'a function of Node-API that is missing',
    text: inGlibc('undefined symbol: node_api_symbol_for'),
    code: 'missing-symbol',
    ...of,
    summary: /node_api_symbol_for/,
  },
  {
    name: 'a function of a library with a version',
    text: inGlibc('undefined symbol: SSL_get1_peer_certificate, version OPENSSL_3.0.0'),
    code: 'missing-symbol',
    ...of,
    command: rebuild,
  },
  {
    text: inGlibc('cannot allocate memory in static TLS block'),
    code: 'static-tls',
    ...of,
  },
  {
    text: inGlibc('failed to map segment from shared object: Operation not permitted'),
    code: 'noexec',
    ...of,
  },
  {
    text: inGlibc('failed to map segment from shared object'),
    code: 'noexec',
    ...of,
    certain: false,
  },
  {
    text: inGlibc('failed to map segment from shared object: Cannot allocate memory'),
    code: 'unreadable',
    ...of,
    certain: false,
  },
  {
    text: inGlibc('cannot enable executable stack as shared object requires: Invalid argument'),
    code: 'executable-stack',
    ...of,
    command: `patchelf --clear-execstack ${file}`,
  },
  {
    text: inGlibc('cannot enable executable stack as shared object requires: Permission denied'),
    code: 'executable-stack',
    ...of,
    command: `patchelf --clear-execstack ${file}`,
  },
  { text: inGlibc('cannot dynamically load executable'), code: 'not-openable', ...of },
  {
    text: inGlibc('cannot dynamically load position-independent executable'),
    code: 'not-openable',
    ...of,
  },
  { text: inGlibc('only ET_DYN and ET_EXEC can be loaded'), code: 'not-openable', ...of },
  { text: inGlibc('shared object cannot be dlopen()ed'), code: 'not-openable', ...of },
  {
    text: inGlibc('ELF load command alignment not page-aligned'),
    code: 'page-size',
    ...of,
    certain: false,
    command: `env npm_config_build_from_source=true ${rebuild}`,
  },
  {
    text: inGlibc('ELF load command address/offset not page-aligned'),
    code: 'page-size',
    ...of,
    certain: false,
    command: `env npm_config_build_from_source=true ${rebuild}`,
  },
  {
    text: inGlibc('ELF load command address/offset not properly aligned'),
    code: 'malformed',
    ...of,
    certain: false,
    command: rebuild,
  },
  {
    text: inGlibc('ELF file data encoding not little-endian'),
    code: 'wrong-arch',
    ...of,
    command: rebuild,
  },
  { text: inGlibc('ELF file OS ABI invalid'), code: 'wrong-platform', ...of, command: rebuild },
  { text: inGlibc('object file has no dynamic section'), code: 'not-openable', ...of },
  { text: inGlibc('object file has no loadable segments'), code: 'not-openable', ...of },
  {
    text: inGlibc("ELF file's phentsize not the expected size"),
    code: 'malformed',
    ...of,
    command: rebuild,
  },
  { text: inGlibc('cannot read file data'), code: 'malformed', ...of, command: rebuild },
  {
    text: inGlibc('cannot read file data: Is a directory'),
    code: 'not-a-binary',
    ...of,
    command: undefined,
  },
  {
    text: inGlibc('ELF file version ident does not match current one'),
    code: 'malformed',
    ...of,
    command: rebuild,
  },
  {
    text: inGlibc('ELF file version does not match current one'),
    code: 'malformed',
    ...of,
    command: rebuild,
  },
  { text: inGlibc('CPU ISA level is lower than required'), code: 'cpu-level', ...of },
  {
    text: inGlibc('DT_RELR without GLIBC_ABI_DT_RELR dependency'),
    code: 'malformed',
    ...of,
    command: rebuild,
  },
]

const musl = [
  {
    text: error(`Error loading shared library ${file}: Exec format error`),
    code: 'not-a-binary',
    ...of,
    certain: false,
    command: rebuild,
  },
  {
    name: 'a file that is not there, on musl',
    text: error(`Error loading shared library ${file}: No such file or directory`),
    code: 'unreadable',
    ...of,
  },
  {
    text: error(`Error loading shared library ${file}: Permission denied`),
    code: 'unreadable',
    ...of,
  },
  {
    text: error(
      `Error loading shared library ld-linux-x86-64.so.2: No such file or directory (needed by ${file})`,
    ),
    code: 'wrong-libc',
    ...of,
    command: rebuild,
  },
  {
    text: error(
      `Error loading shared library ld-linux-aarch64.so.1: No such file or directory (needed by ${file})`,
    ),
    code: 'wrong-libc',
    ...of,
    command: rebuild,
  },
  {
    text: error(
      `Error loading shared library libstdc++.so.6: No such file or directory (needed by ${file})`,
    ),
    code: 'missing-library',
    ...of,
    command: null,
    summary: /libstdc\+\+\.so\.6/,
  },
  {
    text: error(`Error relocating ${file}: __strncpy_chk: symbol not found`),
    code: 'wrong-libc',
    ...of,
    certain: false,
    command: rebuild,
  },
  {
    text: error(`Error relocating ${file}: gnu_get_libc_version: symbol not found`),
    code: 'wrong-libc',
    ...of,
    certain: false,
    command: rebuild,
  },
  {
    text: error(`Error relocating ${file}: backtrace: symbol not found`),
    code: 'wrong-libc',
    ...of,
    certain: false,
    command: rebuild,
  },
  {
    name: 'a library of an addon, on musl',
    text: `${error('Error relocating /opt/oracle/libclntsh.so.11.1: getcontext: symbol not found')}\n    at Object.<anonymous> (/app/node_modules/oracledb/lib/oracledb.js:32:19)`,
    code: 'wrong-libc',
    package: 'oracledb',
    file: '/opt/oracle/libclntsh.so.11.1',
    certain: false,
    command: 'npm rebuild oracledb',
  },
  {
    text: error(`Error relocating ${file}: _ZN2v87Isolate10GetCurrentEv: symbol not found`),
    code: 'missing-symbol',
    ...of,
    command: rebuild,
  },
  {
    text: error(
      `Error relocating ${file}: tls: initial-exec TLS resolves to dynamic definition in ${file}`,
    ),
    code: 'static-tls',
    ...of,
  },
  {
    text: error(`Error relocating ${file}: unsupported relocation type 1026`),
    code: 'wrong-arch',
    ...of,
    command: rebuild,
  },
]

export default [...glibc, ...musl]
