// Errors of the loaders of macOS (dyld) and Windows. They can't be produced on Linux.

const file = '/Users/me/app/node_modules/addon/build/Release/addon.node'
const of = { package: 'addon', file }
const rebuild = 'npm rebuild addon'
const tried = (reason) =>
  `Error: dlopen(${file}, 0x0001): tried: '${file}' (${reason}), '/System/Volumes/Preboot/Cryptexes/OS${file}' (no such file), '${file}' (${reason})\n    at Module._extensions..node (node:internal/modules/cjs/loader:1586:18)`

const dyld = [
  {
    name: 'a file for Intel on Apple silicon',
    text: tried("mach-o file, but is an incompatible architecture (have 'x86_64', need 'arm64')"),
    code: 'wrong-arch',
    ...of,
    command: rebuild,
    summary: /built for x86_64, but this process is arm64/,
  },
  {
    name: 'a Node.js for Intel on Apple silicon',
    text: tried(
      "mach-o file, but is an incompatible architecture (have 'arm64', need 'x86_64h' or 'x86_64')",
    ),
    code: 'wrong-arch',
    ...of,
    command: rebuild,
    why: /Rosetta/,
  },
  {
    name: 'an Electron for arm64e',
    text: tried("mach-o file, but is an incompatible architecture (have 'x86_64', need 'arm64e')"),
    code: 'wrong-arch',
    ...of,
    command: rebuild,
  },
  {
    name: 'the processors in brackets',
    text: tried('mach-o file, but is an incompatible architecture (have (arm64), need (x86_64h))'),
    code: 'wrong-arch',
    ...of,
    command: rebuild,
    why: /Rosetta/,
  },
  {
    name: 'a file that Electron unpacked',
    text: `Error: dlopen(/var/folders/3d/abc/T/.org.app.qZ8GWo, 1): no suitable image found.  Did find:\n\t/var/folders/3d/abc/T/.org.app.qZ8GWo: mach-o, but wrong architecture\n    at process.func [as dlopen] (node:electron/js2c/asar_bundle:5:1812)\n    at Object.Module._extensions..node (node:internal/modules/cjs/loader:1199:18)\n    at load (/Applications/My.app/Contents/Resources/app.asar/node_modules/node-gyp-build/index.js:20:10)\n    at Object.<anonymous> (/Applications/My.app/Contents/Resources/app.asar/node_modules/leveldown/binding.js:1:43)`,
    code: 'wrong-arch',
    package: 'leveldown',
    file: '/var/folders/3d/abc/T/.org.app.qZ8GWo',
    command: 'npx @electron/rebuild -f -o leveldown',
  },
  {
    name: 'a universal file that lacks a processor',
    text: tried("fat file, but missing compatible architecture (have 'i386,x86_64', need 'arm64')"),
    code: 'wrong-arch',
    ...of,
    command: rebuild,
    summary: /i386,x86_64/,
  },
  {
    name: 'macOS 11',
    text: `Error: dlopen(${file}, 1): no suitable image found.  Did find:\n\t${file}: mach-o, but wrong architecture\n\t${file}: mach-o, but wrong architecture`,
    code: 'wrong-arch',
    ...of,
    command: rebuild,
  },
  {
    name: 'macOS 11 and an ELF file',
    text: `Error: dlopen(${file}, 1): no suitable image found.  Did find:\n\t${file}: unknown file type, first eight bytes: 0x7F 0x45 0x4C 0x46 0x02 0x01 0x01 0x00`,
    code: 'wrong-platform',
    ...of,
    command: rebuild,
  },
  {
    name: 'macOS 11 and a text',
    text: `Error: dlopen(${file}, 1): no suitable image found.  Did find:\n\t${file}: unknown file type, first eight bytes: 0x76 0x65 0x72 0x73 0x69 0x6F 0x6E 0x20`,
    code: 'not-a-binary',
    ...of,
    certain: false,
    command: rebuild,
  },
  {
    text: tried('slice is not valid mach-o file'),
    code: 'not-a-binary',
    ...of,
    certain: false,
    command: rebuild,
  },
  {
    text: tried('not a mach-o file'),
    code: 'not-a-binary',
    ...of,
    certain: false,
    command: rebuild,
  },
  {
    name: 'a file that is not there',
    text: `Error: dlopen(${file}, 0x0001): tried: '${file}' (no such file)`,
    code: 'unreadable',
    ...of,
  },
  {
    name: 'macOS 10 and a file that is not there',
    text: `Error: dlopen(${file}, 1): image not found`,
    code: 'unreadable',
    ...of,
    certain: false,
  },
  {
    name: 'a file for iOS',
    text: tried(`mach-o file (${file}), but incompatible platform (have 'iOS', need 'macOS')`),
    code: 'wrong-platform',
    ...of,
    command: rebuild,
  },
  {
    name: 'no signature',
    text: tried(
      `code signature in <6D1E35A1-5D39-3C0C-9A0C-1A2B3C4D5E6F> '${file}' not valid for use in process: mapped file has no cdhash, completely unsigned? Code has to be at least ad-hoc signed.`,
    ),
    code: 'unsigned',
    ...of,
    command: `codesign --force --sign - ${file}`,
  },
  {
    name: 'a signature of another team',
    text: tried(
      `code signature in <6D1E35A1-5D39-3C0C-9A0C-1A2B3C4D5E6F> '${file}' not valid for use in process: mapping process and mapped file (non-platform) have different Team IDs`,
    ),
    code: 'library-validation',
    ...of,
  },
  {
    name: 'a signature that no longer fits',
    text: tried(
      `code signature invalid in <6D1E35A1-5D39-3C0C-9A0C-1A2B3C4D5E6F> '${file}' (errno=1) sliceOffset=0x00000000, codeBlobOffset=0x00010000, codeBlobSize=0x00000100`,
    ),
    code: 'unsigned',
    ...of,
    command: `codesign --force --sign - ${file}`,
  },
  {
    name: 'quarantine',
    text: tried(
      `code signature in <6D1E35A1-5D39-3C0C-9A0C-1A2B3C4D5E6F> '${file}' not valid for use in process: library load disallowed by system policy`,
    ),
    code: 'blocked-by-policy',
    ...of,
  },
  {
    name: 'a newer macOS, old wording',
    text: `Error: dlopen(${file}, 1): Symbol not found: __ZNSt3__115basic_stringbufIcNS_11char_traitsIcEENS_9allocatorIcEEE3strEv\n  Referenced from: ${file} (which was built for Mac OS X 12.0)\n  Expected in: /usr/lib/libc++.1.dylib\n in ${file}`,
    code: 'minimum-os',
    ...of,
    why: /macOS 12\.0/,
  },
  {
    name: 'a newer macOS, new wording',
    text: `Error: dlopen(${file}, 0x0001): Symbol not found: __ZNSt3__122__libcpp_verbose_abortEPKcz\n  Referenced from: <6D1E35A1-5D39-3C0C-9A0C-1A2B3C4D5E6F> ${file} (built for macOS 14.0 which is newer than running OS)\n  Expected in:     <7A1E35A1-5D39-3C0C-9A0C-1A2B3C4D5E6F> /usr/lib/libc++.1.dylib`,
    code: 'minimum-os',
    ...of,
  },
  {
    name: 'a function of V8, in the flat namespace',
    text: `Error: dlopen(${file}, 0x0001): symbol not found in flat namespace '__ZN2v811HandleScopeC1EPNS_7IsolateE'`,
    code: 'missing-symbol',
    ...of,
    command: rebuild,
    summary: /v8::HandleScope/,
  },
  {
    name: 'a function of V8, in brackets',
    text: `Error: dlopen(${file}, 0x0001): symbol not found in flat namespace (__ZN2v811HandleScopeC1EPNS_7IsolateE)`,
    code: 'missing-symbol',
    ...of,
    command: rebuild,
  },
  {
    name: 'a function of V8, old wording',
    text: `Error: dlopen(${file}, 1): Symbol not found: __ZN2v811HandleScopeC1EPNS_7IsolateE\n  Referenced from: ${file}\n  Expected in: flat namespace\n in ${file}`,
    code: 'missing-symbol',
    ...of,
    command: rebuild,
  },
  {
    name: 'a function missing at its first call, old wording',
    text: `dyld: lazy symbol binding failed: Symbol not found: _napi_create_reference\n  Referenced from: ${file}\n  Expected in: flat namespace\n\ndyld: Symbol not found: _napi_create_reference\n  Referenced from: ${file}\n  Expected in: flat namespace`,
    code: 'lazy-missing-symbol',
    ...of,
  },
  {
    name: 'a library that is missing',
    text: `Error: dlopen(${file}, 0x0001): Library not loaded: @rpath/libvips-cpp.42.dylib\n  Referenced from: <6D1E35A1-5D39-3C0C-9A0C-1A2B3C4D5E6F> ${file}\n  Reason: tried: '/usr/local/lib/libvips-cpp.42.dylib' (no such file)`,
    code: 'missing-library',
    ...of,
    summary: /libvips-cpp\.42\.dylib/,
  },
  {
    name: 'a library that is missing, old wording',
    text: `Error: dlopen(${file}, 1): Library not loaded: /usr/local/opt/openssl/lib/libssl.1.0.0.dylib\n  Referenced from: ${file}\n  Reason: image not found`,
    code: 'missing-library',
    ...of,
    summary: /libssl\.1\.0\.0\.dylib/,
  },
  {
    name: 'a function missing at its first call, in Bun',
    text: '$ bun run index.ts\ndyld[63312]: missing symbol called',
    code: 'lazy-missing-symbol',
    certain: false,
  },
]

const win = String.raw`C:\Users\me\my app\node_modules\addon\build\Release\addon.node`
const here = { package: 'addon', file: win }
const long = String.raw`\\?\C:` + win.slice(2)

const windows = [
  {
    name: 'not for this Windows, old wording',
    text: `Error: %1 is not a valid Win32 application.\n${long}\n    at Object.Module._extensions..node (module.js:681:18)`,
    code: 'wrong-arch',
    ...here,
    certain: false,
    command: rebuild,
  },
  {
    name: 'not for this Windows',
    text: `Error: ${long} is not a valid Win32 application.\r\n${long}\n    at Module._extensions..node (node:internal/modules/cjs/loader:1340:18)`,
    code: 'wrong-arch',
    ...here,
    certain: false,
    command: rebuild,
  },
  {
    name: 'a library that is missing',
    text: `Error: The specified module could not be found.\r\n${long}\r\n    at Module._extensions..node (node:internal/modules/cjs/loader:1340:18)`,
    code: 'missing-library',
    ...here,
    certain: false,
  },
  {
    name: 'a function that is missing',
    text: `Error: The specified procedure could not be found.\r\n${long}`,
    code: 'missing-symbol',
    ...here,
    certain: false,
    command: rebuild,
  },
  {
    name: 'an addon that failed while it was loaded',
    text: `Error: A dynamic link library (DLL) initialization routine failed.\r\n${long}`,
    code: 'abi-mismatch',
    ...here,
    certain: false,
    command: rebuild,
  },
  {
    name: 'a policy',
    text: `Error: An Application Control policy has blocked this file.\r\n${long}`,
    code: 'blocked-by-policy',
    ...here,
  },
  {
    name: 'an old policy',
    text: `Error: This program is blocked by group policy. For more information, contact your system administrator.\r\n${long}`,
    code: 'blocked-by-policy',
    ...here,
  },
  {
    name: 'no access',
    text: `Error: Access is denied.\r\n${long}`,
    code: 'unreadable',
    ...here,
  },
]

export default [...dyld, ...windows]
