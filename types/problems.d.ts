// Made by schema/generate.mjs from the types of src/model; don't edit it.

import type { Arch, Convention, FloorKind, Libc, Platform, SystemField } from './reports.js'

/**
 * One reason why loading fails, or is worth a warning. `code` determines which facts it has; later
 * releases may add codes.
 */
export type Problem =
  | AbiMismatchProblem
  | SelfRegisterMismatchProblem
  | RegistersTwiceProblem
  | SecondNodeProblem
  | NodeApiTooNewProblem
  | UnsupportedAddonApiProblem
  | WrongPlatformProblem
  | WrongArchProblem
  | WrongLibcProblem
  | MissingLibraryProblem
  | GlibcTooOldProblem
  | LibstdcxxTooOldProblem
  | MissingSymbolProblem
  | LazyMissingSymbolProblem
  | V8CoupledProblem
  | ObjectWrapHooksProblem
  | StaticTlsProblem
  | ExecutableStackProblem
  | CpuLevelProblem
  | PageSizeProblem
  | UnsignedProblem
  | MinimumOsProblem
  | HostImportNotDelayedProblem
  | NoExternalBuffersProblem
  | NotContextAwareProblem
  | NotABinaryProblem
  | TruncatedProblem
  | MalformedProblem
  | NotOpenableProblem
  | NotAnAddonProblem
  | BuiltinFlagProblem
  | NotBuiltProblem
  | NoMatchingPrebuildProblem
  | MissingPlatformPackageProblem
  | ShadowedPrebuildProblem
  | MislabelledProblem
  | MissingTargetProblem
  | UnreachableFileProblem
  | EnginesTooOldProblem
  | AbsentPlatformPackageProblem
  | UnlistedPlatformPackageProblem
  | PlatformPackageVersionProblem
  | WrongSystemFieldProblem
  | MissingLibcFieldProblem
  | FloorTooHighProblem
  | DependsOnReleaseProblem
  | UndeterminedProblem
  | ChangedProblem
  | UnreadableProblem
  | InterruptedRepairProblem
  | InvalidSettingsProblem

/**
 * Codes of problems. Each has a section in docs/problems.md; renaming one is a breaking change, and
 * new ones may come with any release.
 */
export type KnownProblemCode =
  | 'abi-mismatch'
  | 'self-register-mismatch'
  | 'registers-twice'
  | 'second-node'
  | 'node-api-too-new'
  | 'unsupported-addon-api'
  | 'wrong-platform'
  | 'wrong-arch'
  | 'wrong-libc'
  | 'missing-library'
  | 'glibc-too-old'
  | 'libstdcxx-too-old'
  | 'missing-symbol'
  | 'lazy-missing-symbol'
  | 'v8-coupled'
  | 'object-wrap-hooks'
  | 'static-tls'
  | 'executable-stack'
  | 'cpu-level'
  | 'page-size'
  | 'unsigned'
  | 'minimum-os'
  | 'host-import-not-delayed'
  | 'no-external-buffers'
  | 'not-context-aware'
  | 'not-a-binary'
  | 'truncated'
  | 'malformed'
  | 'not-openable'
  | 'not-an-addon'
  | 'builtin-flag'
  | 'not-built'
  | 'no-matching-prebuild'
  | 'missing-platform-package'
  | 'shadowed-prebuild'
  | 'mislabelled'
  | 'missing-target'
  | 'unreachable-file'
  | 'engines-too-old'
  | 'absent-platform-package'
  | 'unlisted-platform-package'
  | 'platform-package-version'
  | 'wrong-system-field'
  | 'missing-libc-field'
  | 'floor-too-high'
  | 'depends-on-release'
  | 'undetermined'
  | 'changed'
  | 'unreadable'
  | 'interrupted-repair'
  | 'invalid-settings'

/** Its constructor registers for another `NODE_MODULE_VERSION`. */
export interface AbiMismatchProblem {
  code: 'abi-mismatch'
  severity: 'error'
  /** One sentence for people; its wording may change with any release. */
  message: string
  /** The `NODE_MODULE_VERSION` it was built for. */
  builtForAbi: number
  /** The `NODE_MODULE_VERSION` of the runtime; `null` if it isn't known. */
  requiredAbi: number | null
}

/** package.json lists a platform package that isn't among those of the audit. */
export interface AbsentPlatformPackageProblem {
  code: 'absent-platform-package'
  severity: 'error'
  /** One sentence for people; its wording may change with any release. */
  message: string
  /** Its name. */
  package: string
}

/** It claims to be a part of Node.js (`NM_F_BUILTIN`). */
export interface BuiltinFlagProblem {
  code: 'builtin-flag'
  severity: 'error'
  /** One sentence for people; its wording may change with any release. */
  message: string
}

/** The file changed while it was read. */
export interface ChangedProblem {
  code: 'changed'
  severity: 'warning'
  /** One sentence for people; its wording may change with any release. */
  message: string
}

/** It requires a newer processor than this one. */
export interface CpuLevelProblem {
  code: 'cpu-level'
  severity: 'error'
  /** One sentence for people; its wording may change with any release. */
  message: string
  /** The required level, for example `x86-64-v3`. */
  level: string
}

/** Another release of the named line has another outcome, or only one of them has an error. */
export interface DependsOnReleaseProblem {
  code: 'depends-on-release'
  severity: 'warning'
  /** One sentence for people; its wording may change with any release. */
  message: string
  /** The release that it was judged for; `null` if it isn't known. */
  judgedFor: string | null
  /** The releases that differ. */
  otherwiseIn: string[]
}

/** `engines.node` allows releases that can't load the files. */
export interface EnginesTooOldProblem {
  code: 'engines-too-old'
  severity: 'warning'
  /** One sentence for people; its wording may change with any release. */
  message: string
  /** `engines.node`, as it is in package.json. */
  engines: string
  /** The newest release that it allows and that can't load them. */
  release: string
  /** The Node-API version that the files need. */
  nodeApi: number
  /** The systems of these files. */
  systems: string[]
}

/** It requires an executable stack, which newer systems reject. */
export interface ExecutableStackProblem {
  code: 'executable-stack'
  severity: 'error' | 'warning'
  /** One sentence for people; its wording may change with any release. */
  message: string
}

/** The file needs a newer version than the audit allows (the option `max`). */
export interface FloorTooHighProblem {
  code: 'floor-too-high'
  severity: 'error'
  /** One sentence for people; its wording may change with any release. */
  message: string
  /** The part of the system. */
  what: FloorKind
  /** The newest allowed version. */
  max: string
  /** The version that the file needs. */
  needs: string
  /**
   * The symbols of newer versions that it imports, at most 20, those of the newest version first;
   * empty if the need isn't that of a symbol.
   */
  symbols: string[]
  /**
   * The library that has these symbols, as the file names it; `null` without symbols of a library.
   */
  library: string | null
  /**
   * The package's own library that imports them, by its path in the package; `null` if it is the
   * file itself.
   */
  neededBy: string | null
}

/** The contents of a file that isn't an object file. */
export type FoundInstead =
  | 'empty'
  | 'git-lfs-pointer'
  | 'web-page'
  | 'archive'
  | 'apple-double'
  | 'webassembly'
  | 'text'
  | 'unknown'

/** It needs a newer glibc. */
export interface GlibcTooOldProblem {
  code: 'glibc-too-old'
  severity: 'error'
  /** One sentence for people; its wording may change with any release. */
  message: string
  /** The library that is too old; `null` if it needs a feature of glibc as a whole. */
  library: string | null
  /** The required version, for example `GLIBC_2.38`; `null` if the file doesn't state one. */
  required: string | null
  /** The target's version, if only that was compared; otherwise `null`. */
  floor: string | null
}

/** It imports "node.exe" by that name, which a renamed executable doesn't have. */
export interface HostImportNotDelayedProblem {
  code: 'host-import-not-delayed'
  severity: 'error' | 'warning'
  /** One sentence for people; its wording may change with any release. */
  message: string
  /** The executable's name. */
  library: string
}

/** A repair was ended by force, and has to be undone. */
export interface InterruptedRepairProblem {
  code: 'interrupted-repair'
  severity: 'warning'
  /** One sentence for people; its wording may change with any release. */
  message: string
  /** The journal of the repair. */
  path: string
}

/** The key "abi-guard" of a package.json isn't valid. */
export interface InvalidSettingsProblem {
  code: 'invalid-settings'
  severity: 'warning'
  /** One sentence for people; its wording may change with any release. */
  message: string
  /** The package.json. */
  path: string
}

/** The part of a name that makes a claim. */
export type LabelPart = 'platform' | 'arch' | 'libc' | 'abi'

/** A function that it needs later is missing: the process ends at the first call. */
export interface LazyMissingSymbolProblem {
  code: 'lazy-missing-symbol'
  severity: 'warning'
  /** One sentence for people; its wording may change with any release. */
  message: string
  /** The names, as they are in the file. */
  symbols: string[]
}

/** It needs a newer libstdc++. */
export interface LibstdcxxTooOldProblem {
  code: 'libstdcxx-too-old'
  severity: 'error'
  /** One sentence for people; its wording may change with any release. */
  message: string
  /** The library that is too old. */
  library: string
  /** The required version, for example `GLIBCXX_3.4.32`. */
  required: string
}

/** An object file whose headers every loader rejects. */
export interface MalformedProblem {
  code: 'malformed'
  severity: 'error'
  /** One sentence for people; its wording may change with any release. */
  message: string
}

/** It was built for a newer macOS. */
export interface MinimumOsProblem {
  code: 'minimum-os'
  severity: 'warning'
  /** One sentence for people; its wording may change with any release. */
  message: string
  /** The oldest macOS it was built for, for example `13.5`. */
  required: string
}

/** Its name claims another system or ABI than the file is for. */
export interface MislabelledProblem {
  code: 'mislabelled'
  severity: 'error'
  /** One sentence for people; its wording may change with any release. */
  message: string
  /** The wrong part of the name. */
  what: LabelPart
  /** The claim of the name. */
  claimed: string
  /** What the file is for. */
  found: string
}

/** A platform package for Linux has no field `libc`, although its addon is for one libc only. */
export interface MissingLibcFieldProblem {
  code: 'missing-libc-field'
  severity: 'warning'
  /** One sentence for people; its wording may change with any release. */
  message: string
  /** The value that the field should have. */
  libc: Libc
  /** The platform package for the other libc; `null` if there is none. */
  other: string | null
}

/** A library that it needs is missing, or can't be loaded. */
export interface MissingLibraryProblem {
  code: 'missing-library'
  severity: 'error'
  /** One sentence for people; its wording may change with any release. */
  message: string
  /** Its name. */
  library: string
  /** The library that needs it; `null` for the addon itself. */
  neededBy: string | null
  /** The version that the library lacks; `null` if the library itself is missing. */
  required: string | null
  /** The folders that the loader searches, in order; empty if a file was found. */
  searched: string[]
  /** The packages that contain it; `null` if none is known. */
  packages: SystemPackages | null
  /** The npm package that contains it and isn't installed; `null` if none is known. */
  package: string | null
}

/** The platform package that it needs for the target isn't installed. */
export interface MissingPlatformPackageProblem {
  code: 'missing-platform-package'
  severity: 'error' | 'warning'
  /** One sentence for people; its wording may change with any release. */
  message: string
  /** The missing packages. */
  packages: string[]
  /** The installed packages for other systems. */
  installed: string[]
  /** The package works without the file. */
  hasFallback: boolean
}

/** A function that it needs while loading is missing. */
export interface MissingSymbolProblem {
  code: 'missing-symbol'
  severity: 'error'
  /** One sentence for people; its wording may change with any release. */
  message: string
  /** Its name, as it is in the file. */
  symbol: string
  /** The library that needs it; `null` for the addon itself. */
  neededBy: string | null
}

/** package.json lists a system for which the package has no file. */
export interface MissingTargetProblem {
  code: 'missing-target'
  severity: 'error' | 'warning'
  /** One sentence for people; its wording may change with any release. */
  message: string
  /** The system. */
  system: string
}

/** It creates buffers on memory of its own, which Electron rejects. */
export interface NoExternalBuffersProblem {
  code: 'no-external-buffers'
  severity: 'warning'
  /** One sentence for people; its wording may change with any release. */
  message: string
  /** The functions it calls. */
  symbols: string[]
}

/** It has prebuilt files, but none for the target. */
export interface NoMatchingPrebuildProblem {
  code: 'no-matching-prebuild'
  severity: 'error' | 'warning'
  /** One sentence for people; its wording may change with any release. */
  message: string
  /** The system it has no file for. */
  wanted: string
  /** The systems in the names of its files. */
  available: string[]
  /**
   * The package has no `.node` file at all, and no install script that could make one: its files
   * were left out when it was copied or bundled. Or a file is missing that a bundle or a platform
   * package names.
   */
  leftOut: boolean
  /** The package works without the file. */
  hasFallback: boolean
}

/** It declares a Node-API version that the runtime doesn't have: the process dies. */
export interface NodeApiTooNewProblem {
  code: 'node-api-too-new'
  severity: 'error'
  /** One sentence for people; its wording may change with any release. */
  message: string
  /** The Node-API version that it declares. */
  declared: number
  /** The highest Node-API version of the runtime. */
  supported: number
}

/** The file isn't an object file. */
export interface NotABinaryProblem {
  code: 'not-a-binary'
  severity: 'error'
  /** One sentence for people; its wording may change with any release. */
  message: string
  /** Its contents. */
  found: FoundInstead
}

/** A library that doesn't register as an addon. */
export interface NotAnAddonProblem {
  code: 'not-an-addon'
  severity: 'error'
  /** One sentence for people; its wording may change with any release. */
  message: string
}

/** Its install script builds or downloads an addon, but there is none. */
export interface NotBuiltProblem {
  code: 'not-built'
  severity: 'error' | 'warning'
  /** One sentence for people; its wording may change with any release. */
  message: string
  /** How the package finds its file. */
  loader: Convention
  /** The reason why its install script did not run, in words; `null` if there is no evidence. */
  blocked: string | null
  /** The package works without the file. */
  hasFallback: boolean
}

/** It can be loaded once per process only. */
export interface NotContextAwareProblem {
  code: 'not-context-aware'
  severity: 'error' | 'warning'
  /** One sentence for people; its wording may change with any release. */
  message: string
}

/** A valid object file of a type that can't be loaded at run time. */
export interface NotOpenableProblem {
  code: 'not-openable'
  severity: 'error'
  /** One sentence for people; its wording may change with any release. */
  message: string
}

/**
 * It was compiled with cleanup hooks in `node::ObjectWrap`: it loads, but the runtime aborts when
 * it collects one of its objects.
 */
export interface ObjectWrapHooksProblem {
  code: 'object-wrap-hooks'
  severity: 'error'
  /** One sentence for people; its wording may change with any release. */
  message: string
  /** The release of Node.js that the runtime contains. */
  node: string
  /** The first release of this line of Node.js that doesn't abort. */
  fixedIn: string
}

/** Its segments are aligned to smaller pages than those of the system. */
export interface PageSizeProblem {
  code: 'page-size'
  severity: 'error' | 'warning'
  /** One sentence for people; its wording may change with any release. */
  message: string
  /** The largest page size with which it can be mapped, in bytes. */
  builtFor: number
  /** The page size of the system, in bytes; `null` if it isn't known. */
  required: number | null
}

/** package.json lists another version of the platform package. */
export interface PlatformPackageVersionProblem {
  code: 'platform-package-version'
  severity: 'error'
  /** One sentence for people; its wording may change with any release. */
  message: string
  /** The name of the platform package. */
  package: string
  /** The version or range that package.json lists. */
  listed: string
  /** Its version; `null` without one. */
  found: string | null
}

/** It registers more than once, and the runtime aborts at the second registration. */
export interface RegistersTwiceProblem {
  code: 'registers-twice'
  severity: 'error'
  /** One sentence for people; its wording may change with any release. */
  message: string
  /** The number of registrations. */
  count: number
}

/**
 * It is linked to Node.js as a library, and the runtime contains Node.js: the process dies, at the
 * load or at its end.
 */
export interface SecondNodeProblem {
  code: 'second-node'
  severity: 'error'
  /** One sentence for people; its wording may change with any release. */
  message: string
  /** Absolute path of the library. */
  library: string
}

/**
 * It exports `node_register_module_vN` for other versions only: Node.js reports that it "did not
 * self-register".
 */
export interface SelfRegisterMismatchProblem {
  code: 'self-register-mismatch'
  severity: 'error'
  /** One sentence for people; its wording may change with any release. */
  message: string
  /** The `NODE_MODULE_VERSION` it was built for. */
  builtForAbi: number
  /** The `NODE_MODULE_VERSION` of the runtime; `null` if it isn't known. */
  requiredAbi: number | null
}

/** A stale build hides a prebuilt file that would load. */
export interface ShadowedPrebuildProblem {
  code: 'shadowed-prebuild'
  severity: 'error' | 'warning'
  /** One sentence for people; its wording may change with any release. */
  message: string
  /** The file that would load, absolute. */
  prebuild: string
  /** The folder of the build, absolute. */
  remove: string
}

/** There is no static TLS left for it. */
export interface StaticTlsProblem {
  code: 'static-tls'
  severity: 'error'
  /** One sentence for people; its wording may change with any release. */
  message: string
  /** Bytes that it requires; `null` if the libc never has any for it. */
  bytes: number | null
  /** The symbol in the loader's text; `null` if it names none. */
  symbol: string | null
}

/** The packages that contain a library, by system. */
export interface SystemPackages {
  /** Alpine Linux. */
  alpine?: string
  /** Debian and Ubuntu. */
  debian?: string
  /** Fedora and RHEL. */
  fedora?: string
  /** Homebrew. */
  macos?: string
  /** Windows. */
  windows?: string
}

/** The end of the file is missing. */
export interface TruncatedProblem {
  code: 'truncated'
  severity: 'error' | 'warning'
  /** One sentence for people; its wording may change with any release. */
  message: string
  /** The minimum number of missing bytes; `null` if even its header is incomplete. */
  missingBytes: number | null
}

/** Something that may change the outcome couldn't be judged. */
export interface UndeterminedProblem {
  code: 'undetermined'
  severity: 'warning'
  /** One sentence for people; its wording may change with any release. */
  message: string
  /** The property that couldn't be judged. */
  what: UndeterminedSubject
}

/** The property that couldn't be judged. */
export type UndeterminedSubject =
  | 'linking'
  | 'active-file'
  | 'abi'
  | 'registration'
  | 'node-api'
  | 'libc'
  | 'static-tls'
  | 'contents'
  | 'headers'
  | 'segments'
  | 'relocations'
  | 'damaged'
  | 'truncated'
  | 'machine'
  | 'limits'
  | 'internal'
  | 'target'
  | 'bundle'

/** A platform package of the audit isn't listed in package.json. */
export interface UnlistedPlatformPackageProblem {
  code: 'unlisted-platform-package'
  severity: 'error' | 'warning'
  /** One sentence for people; its wording may change with any release. */
  message: string
  /** Their names. */
  packages: string[]
}

/** In no runtime does the package's loader choose the file. */
export interface UnreachableFileProblem {
  code: 'unreachable-file'
  severity: 'warning'
  /** One sentence for people; its wording may change with any release. */
  message: string
}

/** The file or folder can't be read. */
export interface UnreadableProblem {
  code: 'unreadable'
  severity: 'error' | 'warning'
  /** One sentence for people; its wording may change with any release. */
  message: string
  /** The file or folder. */
  path: string
}

/** macOS for arm64 loads signed code only, but the file has no signature, or an invalid one. */
export interface UnsignedProblem {
  code: 'unsigned'
  severity: 'error'
  /** One sentence for people; its wording may change with any release. */
  message: string
}

/** The runtime doesn't support this type of addon at all. */
export interface UnsupportedAddonApiProblem {
  code: 'unsupported-addon-api'
  severity: 'error'
  /** One sentence for people; its wording may change with any release. */
  message: string
}

/**
 * It registers through Node-API but uses V8: it works with some releases only, and Node.js doesn't
 * check it.
 */
export interface V8CoupledProblem {
  code: 'v8-coupled'
  severity: 'warning'
  /** One sentence for people; its wording may change with any release. */
  message: string
  /**
   * Major versions of Node.js that have all functions it calls; `null` if they weren't compared.
   */
  fits: number[] | null
  /** The `NODE_MODULE_VERSION` in its name; `null` if there is none. */
  namedAbi: number | null
}

/** Built for another processor. */
export interface WrongArchProblem {
  code: 'wrong-arch'
  severity: 'error'
  /** One sentence for people; its wording may change with any release. */
  message: string
  /** As `process.arch`; for a universal file all of its processors, separated by commas. */
  builtFor: string
  /** As `process.arch`. */
  required: Arch
}

/** Built for another libc. */
export interface WrongLibcProblem {
  code: 'wrong-libc'
  severity: 'error'
  /** One sentence for people; its wording may change with any release. */
  message: string
  /** The libc it was built for. */
  builtFor: Libc
  /** The libc of the runtime; `null` if it isn't known. */
  required: Libc | null
  /** The library that shows it; `null` if something else does. */
  library: string | null
  /** The symbol that shows it; `null` if something else does. */
  symbol: string | null
}

/** Built for another operating system. */
export interface WrongPlatformProblem {
  code: 'wrong-platform'
  severity: 'error'
  /** One sentence for people; its wording may change with any release. */
  message: string
  /** As `process.platform`. */
  builtFor: Platform
  /** As `process.platform`. */
  required: Platform
}

/** `os`, `cpu` or `libc` of a platform package names a system that its addon isn't for. */
export interface WrongSystemFieldProblem {
  code: 'wrong-system-field'
  severity: 'error'
  /** One sentence for people; its wording may change with any release. */
  message: string
  /** The field. */
  field: SystemField
  /** The value in the field. */
  listed: string
  /** The addon that the platform package loads there, by its path in the package. */
  file: string
  /** What the addon is for. */
  found: string
}
