// What the types say, word for word: checked by tsd. That everyday code compiles is seen in the
// other files here.
import { expectAssignable, expectError, expectNotAssignable, expectType } from 'tsd'
import {
  AbiError,
  type AbiReport,
  type Arch,
  type AssertOptions,
  type Convention,
  type DoctorReport,
  type Explanation,
  type MatrixOptions,
  type MatrixReport,
  type Platform,
  type RuntimeRelease,
  type RuntimeSpec,
  type ScanOptions,
  type ScanReport,
  assertNodeModules,
  checkAbi,
  doctor,
  explainError,
  formatReport,
  listRuntimes,
  matrix,
  scanNodeModules,
} from '../../index.js'
import * as promises from '../../promises.js'
import { unregister } from '../../register.js'

expectType<AbiReport>(checkAbi('a.node'))
expectType<ScanReport>(scanNodeModules())
expectType<ScanReport>(assertNodeModules('/app', { production: false, strict: true }))
expectType<Promise<ScanReport>>(promises.assertNodeModules())
expectType<Explanation | null>(explainError(new Error('x')))
expectType<RuntimeRelease[]>(listRuntimes())
expectType<DoctorReport>(doctor('/app', { target: 'node@22' }))
expectType<MatrixReport>(matrix())
expectType<Promise<DoctorReport>>(promises.doctor())
expectType<Promise<MatrixReport>>(promises.matrix('.', { targets: matrix().targets }))
expectType<Promise<Explanation | null>>(promises.explainError('x'))
expectType<string>(formatReport(scanNodeModules()))
expectType<void>(unregister())

expectAssignable<RuntimeSpec>('electron@31')
expectAssignable<RuntimeSpec>({ runtime: 'node', version: '22' })
expectAssignable<RuntimeSpec>(checkAbi('a.node').target)
expectNotAssignable<RuntimeSpec>(31)
expectAssignable<ScanOptions>({ ignore: ['fsevents'], target: undefined })
expectAssignable<AssertOptions>({ production: false })
expectNotAssignable<ScanOptions>({ ignore: 'fsevents' })
expectAssignable<MatrixOptions>({ targets: ['node@22', { abi: 108 }] })
expectNotAssignable<MatrixOptions>({ target: 'node@22' })

// Systems and conventions that the types don't list are possible, and what takes text takes them.
expectAssignable<Platform>('plan9')
expectAssignable<Arch>('riscv128')
expectAssignable<Convention>('of-its-own')
expectAssignable<string>(checkAbi('a.node').target.platform)
expectAssignable<string | undefined>(scanNodeModules().packages[0]?.loader)

expectType<'loads' | 'throws' | 'crashes' | 'unknown'>(checkAbi('a.node').outcome)
expectType<string | null>(checkAbi('a.node').loaderMessage)

const error = new AbiError('message', scanNodeModules())
expectAssignable<Error>(error)
expectType<string>(error.code)
expectType<ScanReport | AbiReport>(error.report)

expectError(checkAbi())
expectError(scanNodeModules({ production: true }))
expectError(formatReport('text'))
expectError(formatReport(checkAbi('a.node'), 'xml'))
