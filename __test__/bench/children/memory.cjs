'use strict'
// node memory.cjs <package> [folder]: this process's peak memory, in MB, after loading abi-guard
// and, with a folder, scanning it.
// `process.resourceUsage().maxRSS` is not the peak of this process: after vfork and exec, Linux
// keeps the parent's peak in it (exec_mmap in fs/exec.c). A parent with 300 MB made every child
// report 290 MB (2026-11-30). VmHWM begins at zero.

const { readFileSync } = require('node:fs')

const [, , guard, folder] = process.argv
const { scanNodeModules } = require(guard)
if (folder !== undefined) scanNodeModules(folder)
const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))
console.log(JSON.stringify({ megabytes: (Number(kilobytes) * 1024) / 1e6 }))
