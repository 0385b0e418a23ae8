'use strict'
// Makes the clock of a process run a hundred times as fast.

const { now } = Date
const start = now()
Date.now = () => start + (now() - start) * 100
