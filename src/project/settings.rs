//! The key "abi-guard" of a project's package.json.

use serde_json::Value;

use super::package::Manifest;

/// The strictness of the guard in a running app. Only JavaScript uses it and `production`
/// (lib/mode.js, lib/guard.js).
const MODES: [&str; 4] = ["off", "warn", "error", "strict"];

/// A project's settings for a scan.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// Names of packages to skip.
    pub ignore: Option<Vec<String>>,
    /// Names of packages to check.
    pub include: Option<Vec<String>>,
    /// A runtime spec, as text or as an object.
    pub target: Option<Value>,
    /// Messages about invalid settings.
    pub mistakes: Vec<String>,
    /// True if it is a packaged Electron app of an unknown Electron version.
    pub packaged_for_unknown_electron: bool,
}

impl Settings {
    /// Reads the settings. A setting of the wrong type counts as absent, and adds a message.
    #[must_use]
    pub fn of(manifest: &Manifest) -> Settings {
        let mut settings = Settings::default();
        let object = match manifest.field("abi-guard") {
            None => return settings,
            Some(Value::Object(object)) => object,
            Some(_) => {
                settings.mistakes.push("\"abi-guard\" must be an object".to_owned());
                return settings;
            }
        };
        for (key, value) in object {
            match (key.as_str(), value) {
                ("ignore" | "include", Value::Array(list)) if list.iter().all(Value::is_string) => {
                    let names =
                        Some(list.iter().filter_map(Value::as_str).map(str::to_owned).collect());
                    if key == "ignore" {
                        settings.ignore = names;
                    } else {
                        settings.include = names;
                    }
                }
                ("ignore" | "include", _) => {
                    settings.mistakes.push(format!("\"abi-guard\".{key} must be a list of names"));
                }
                // A project must not choose which file of the computer is opened.
                ("target", Value::Object(fields))
                    if fields.get("execPath").is_some_and(|path| !path.is_null()) =>
                {
                    let mistake = "\"abi-guard\".target can't have an execPath: name a release, as \
                        in \"node@22\"";
                    settings.mistakes.push(mistake.to_owned());
                }
                ("target", Value::String(_) | Value::Object(_)) => {
                    settings.target = Some(value.clone());
                }
                ("target", _) => {
                    settings.mistakes.push(
                        "\"abi-guard\".target must be a runtime, as in \"electron@31\"".to_owned(),
                    );
                }
                ("production", Value::Bool(_)) => {}
                ("production", _) => settings
                    .mistakes
                    .push("\"abi-guard\".production must be true or false".to_owned()),
                ("mode", Value::String(mode)) if MODES.contains(&mode.as_str()) => {}
                ("mode", _) => settings
                    .mistakes
                    .push(format!("\"abi-guard\".mode must be one of {}", MODES.join(", "))),
                // Other versions of abi-guard may have more settings.
                _ => {}
            }
        }
        settings
    }
}

#[cfg(test)]
mod tests {
    use super::Settings;
    use crate::project::package::Manifest;

    #[test]
    fn settings_of_a_wrong_type_are_reported_and_ignored() {
        let settings = |text: &str| Settings::of(&Manifest::from_json(text));
        let sound = settings(r#"{"abi-guard":{"ignore":["a"],"target":"electron@31","other":1}}"#);
        assert_eq!(sound.ignore.as_deref(), Some(&["a".to_owned()][..]));
        assert!(sound.target.is_some() && sound.mistakes.is_empty());
        assert_eq!(settings(r#"{"abi-guard":3}"#).mistakes.len(), 1);
        assert_eq!(
            settings(r#"{"abi-guard":{"ignore":"a","include":[1],"target":[]}}"#).mistakes.len(),
            3
        );
        let path = settings(r#"{"abi-guard":{"target":{"execPath":"/dev/zero","version":"20"}}}"#);
        assert_eq!((path.target, path.mistakes.len()), (None, 1));
        let guard = settings(r#"{"abi-guard":{"production":false,"mode":"warn"}}"#);
        assert_eq!(guard.mistakes.len(), 0);
        assert_eq!(
            settings(r#"{"abi-guard":{"production":"no","mode":"loud"}}"#).mistakes.len(),
            2
        );
        assert_eq!(settings("{}"), Settings::default());
    }
}
