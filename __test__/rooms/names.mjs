// Comparisons with names that are enums in src/model, in the code of the other rooms.

/**
 * The names in the lists (`names!`, `open_names!`) of a file of src/model.
 * @param {string} text
 * @returns {string[]}
 */
export function namesIn(text) {
  return [...text.matchAll(/^ +\w+ => "([^"]+)",$/gm)].map(([, name]) => name)
}

/**
 * The lines on which a Rust file compares a text with one of the names. Tests don't count. Nor does
 * a table of pairs, because it is data and not a comparison.
 * @param {string} text
 * @param {string[]} names
 * @returns {number[]}
 */
export function comparisons(text, names) {
  const code = withoutComments(text).replace(
    /#\[cfg\([^\n]*\btest\b[^\n]*\]\nmod \w+ \{[\s\S]*/,
    '',
  )
  const name = `"(?:${names.join('|')})"`
  const ways = [
    // x == "linux", x != Some("linux"), "linux" == x
    `[=!]=\\s*(?:\\w+\\(|&)*${name}`,
    `${name}\\)*\\s*[=!]=`,
    // "linux" => y, ("linux", Some("musl")) if z => y: names on a line before its first arrow
    `^(?:(?!=>).)*${name}(?:(?!=>).)*=>`,
    // "linux" | "darwin", also over several lines
    `${name}\\s*\\|(?!\\|)`,
    `(?<!\\|)\\|\\s*${name}`,
    // if let Some("linux") = x
    `\\blet\\b[^=;]*${name}[^=;]*=`,
    // matches!(x, "linux")
    `\\bmatches!\\([^;{}]*${name}`,
    // ["linux", "darwin"].contains(x), x.contains(&"linux"), x.eq("linux")
    `\\[[^\\][]*${name}[^\\][]*\\]\\s*\\.\\s*(?:contains|iter)\\b`,
    `\\.(?:eq|ne|eq_ignore_ascii_case)\\(&*${name}`,
    `\\.contains\\(&+${name}`,
  ]
  const found = ways.flatMap((way) => [...code.matchAll(new RegExp(way, 'gm'))])
  // The name is at or near the end of the match, because a pattern may begin on an earlier line.
  const lines = found.map((match) => {
    const last = [...match[0].matchAll(new RegExp(name, 'g'))].at(-1)
    return code.slice(0, match.index + last.index).split('\n').length
  })
  return [...new Set(lines)].toSorted((a, b) => a - b)
}

/**
 * The code with comments replaced by spaces. The lines keep their numbers, and strings are
 * unchanged.
 */
function withoutComments(text) {
  const parts =
    /\/\/[^\n]*|\/\*[\s\S]*?\*\/|r(#*)"[\s\S]*?"\1|"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\\n]|\\.)'/g
  return text.replaceAll(parts, (part) =>
    part.startsWith('/') ? part.replaceAll(/[^\n]/g, ' ') : part,
  )
}
