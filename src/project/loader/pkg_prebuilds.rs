//! pkg-prebuilds 1.1 (bindings.js): a local build, else
//! `prebuilds/<name>-<platform>-<arch>/node-napi-v<N>.node`.

use super::choice::Active;
use super::search::Search;
use crate::project::script::{Argument, GAP, Token, tokens};

/// The file that `require('pkg-prebuilds')(folder, options)` opens. Most packages have a script
/// with the options.
pub(super) fn find(search: &Search<'_>, arguments: &[Argument]) -> Active {
    let options = arguments.get(1);
    let script = options.and_then(|options| options.required.as_deref()).and_then(|path| {
        let candidates = [
            path.to_owned(),
            format!("{path}.js"),
            format!("{path}.cjs"),
            format!("{path}.json"),
            format!("{path}/index.js"),
        ];
        candidates.iter().find_map(|path| search.read(path))
    });
    let given = options
        .and_then(|options| options.fields.iter().find(|(key, _)| key == "name"))
        .map(|(_, name)| name.clone());
    let Some(name) =
        given.or_else(|| named_in(script.as_deref()?)).filter(|name| !name.contains(GAP))
    else {
        return Active::Unknown;
    };
    let files = search.files();
    let exists = |path: String| files.contains(&path).then_some(Active::File(path));
    for folder in ["Debug", "Release"] {
        if let Some(found) = exists(format!("build/{folder}/{name}.node")) {
            return found;
        }
    }
    let folder = format!("prebuilds/{name}-{}/", search.runtime.tuple());
    // The loader tries the versions in the order of options.napi_versions. That order isn't read,
    // because packages ship only one version.
    let found = files.iter().find(|file| {
        file.strip_prefix(&folder).is_some_and(|name| name.starts_with("node-napi-v"))
    });
    found.map_or(Active::Nothing, |file| Active::File(file.clone()))
}

/// The value of `name` in `module.exports = { name: 'HID', … }`, or in the same object as JSON.
fn named_in(script: &str) -> Option<String> {
    let tokens = tokens(script);
    tokens.windows(3).find_map(|window| match window {
        [Token::Word("name"), Token::Mark(":"), Token::Text(name)] => Some(name.clone()),
        [Token::Text(key), Token::Mark(":"), Token::Text(name)] if key == "name" => {
            Some(name.clone())
        }
        _ => None,
    })
}
