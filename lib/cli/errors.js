'use strict'
// Turns an error into one sentence: what is wrong and what to do.

const { isUnusable } = require('../unusable.js')

/** A mistake in the command line. */
class UsageError extends Error {}

/** The text that is printed after "abi-guard:". */
function sentence(error) {
  const { code, path, message, reason } = error
  switch (code) {
    case 'ENOENT':
      return `there is no ${path} (ENOENT): check the spelling of the path`
    case 'EACCES':
    case 'EPERM':
      return `${path} can't be read (${code}): change its permissions, or run as another user`
    case 'ENOTDIR':
      return `${path} is not a directory (ENOTDIR); a file is checked with "abi-guard check <file>"`
    case 'ENOSPC':
    case 'EDQUOT':
      return (
        `there is no space left for ${path ?? 'the output'} (${code}): free space on the disk, ` +
        'then run it again'
      )
    case 'EROFS':
      return (
        `${path ?? 'the disk'} is read-only (EROFS): use a writable folder, or mount it ` +
        'writable'
      )
    case 'ELOOP':
      return `${path} is a link that leads back to itself (ELOOP): remove the link`
    case 'EMFILE':
      return (
        `${path} can't be read, because too many files are open (EMFILE): raise the limit with ` +
        '"ulimit -n 4096"'
      )
    case 'ERR_NOT_A_FILE':
      return `${path} is not a regular file: name a file, not a pipe, a device or a folder`
    case 'ERR_FILE_TOO_LARGE':
      return message
    case 'ERR_PACKAGE_NOT_FOUND':
      if (message.endsWith('?')) return message
      return `${message}; install it, or write ./ before the name of a file or folder`
    case 'ERR_INVALID_ARG_VALUE':
      // The message without the name of the argument, because the user has called no function.
      return reason ?? message
    case 'ERR_REPAIR_IMPOSSIBLE':
    case 'ERR_REPAIR_RUNNING':
    case 'ERR_REPAIR_INTERRUPTED':
      return message
  }
  if (error instanceof UsageError || isAboutInput(error) || isUnusable(error)) return message
  return `${message ?? error} (unexpected error: please report it with the command that you ran)`
}

/** True for an error about one file or package. The command can continue with the next one. */
function isAboutInput({ code, path }) {
  return code === 'ERR_PACKAGE_NOT_FOUND' || (typeof code === 'string' && typeof path === 'string')
}

module.exports = { UsageError, isAboutInput, sentence }
