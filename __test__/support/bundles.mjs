// Bundles as esbuild writes them, made by hand.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { project } from './project.mjs'

/** What esbuild puts before the modules. */
export const HELPERS = `var __getOwnPropNames = Object.getOwnPropertyNames;
var __commonJS = (cb, mod) => function __require() {
  return mod || (0, cb[__getOwnPropNames(cb)[0]])((mod = { exports: {} }).exports, mod), mod.exports;
};
`
/** A module of CommonJS as esbuild writes it. */
export const module_ = (path, name, text) => `
// ${path}
var require_${name} = __commonJS({
  "${path}"(exports, module) {
    ${text}
  }
});
`
/** The module of the app. */
export const app = (text) => `
// src/app.js
${text}
`

/** The result of a report: the verdict, the packages with their problems, the lines. */
export const result = ([report, ...rest]) => {
  assert.deepEqual(rest, [])
  const packages = report.packages.map(({ name, ok }) => [name, ok])
  return [report.ok, packages, report.fixes.map(({ snippet, summary }) => snippet ?? summary)]
}

/** True if the bundle runs where no project is around it. */
export const runs = (t, folder, script) => {
  const copy = project(t)
  cpSync(folder, copy, { recursive: true })
  return spawnSync(process.execPath, [join(copy, script)], { cwd: '/' }).status === 0
}
