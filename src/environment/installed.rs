//! Marks that package managers and node-gyp leave in node_modules, which show the Node.js and the
//! system of the installation.

use std::path::Path;

use serde_json::Value;

use super::read;
use crate::model::{Arch, Platform};
use crate::versions::is_triple;

/// The Node.js and the system that installed or built something, as far as a mark shows them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// The file with the mark.
    pub file: String,
    /// The version of Node.js, without "v".
    pub node: Option<String>,
    /// `NODE_MODULE_VERSION` of that Node.js.
    pub abi: Option<u32>,
    /// Its system.
    pub platform: Option<Platform>,
    /// Its processor.
    pub arch: Option<Arch>,
    /// True if it is for a Node.js whose V8 compresses pointers.
    pub compresses_pointers: Option<bool>,
}

/// The mark of the installation below `root` as a whole.
#[must_use]
pub fn installed_by(root: &Path) -> Option<Mark> {
    by_yarn(&root.join("node_modules/.yarn-integrity"))
        .or_else(|| by_pnpm(&root.join("node_modules/.modules.yaml")))
}

/// The mark of one package's build: node-gyp stores the configuration that it was given.
#[must_use]
pub fn built_by(package: &Path) -> Option<Mark> {
    let file = package.join("build/config.gypi");
    let text = read::text(&file)?;
    // The first line is a comment.
    let config: Value = crate::files::json(&text[text.find('{')?..]).ok()?;
    let variables = config.get("variables")?;
    let value = |name: &str| variables.get(name).and_then(Value::as_str);
    let agent = of_user_agent(value("user_agent").unwrap_or_default());
    let abi = match variables.get("node_module_version") {
        Some(Value::String(text)) => text.parse().ok(),
        Some(number) => number.as_u64().and_then(|number| u32::try_from(number).ok()),
        None => None,
    };
    // The name of the headers' folder ends in their version.
    let headers =
        value("nodedir").and_then(|folder| folder.rsplit(['/', '\\']).find(|part| is_triple(part)));
    let path = value("nodedir").unwrap_or_default();
    Some(Mark {
        file: file.to_string_lossy().into_owned(),
        node: headers.map(str::to_owned).or(agent.node),
        abi,
        platform: platform_of_path(path).or(agent.platform),
        arch: value("target_arch").map(Arch::from_name),
        compresses_pointers: variables
            .get("v8_enable_pointer_compression")
            .map(|value| value == 1 || value == true),
    })
}

/// True if node-gyp compiled a file for a Node.js whose V8 compresses pointers; `None` if node-gyp
/// didn't compile it.
#[must_use]
pub fn compiled_for_compression(file: &Path) -> Option<bool> {
    let build =
        file.ancestors().find(|folder| folder.file_name().is_some_and(|name| name == "build"));
    built_by(build?.parent()?)?.compresses_pointers
}

/// The mark that Electron's rebuild leaves beside a file: "x64--119", or "linux--x64--119" in newer
/// versions.
#[must_use]
pub fn forged_for(file: &Path) -> Option<Mark> {
    let mark = file.parent()?.join(".forge-meta");
    let text = read::text(&mark)?;
    let abi = text.trim().rsplit("--").next()?.parse().ok()?;
    Some(Mark { file: mark.to_string_lossy().into_owned(), abi: Some(abi), ..Mark::default() })
}

/// "npm/10.8.2 node/v20.20.2 linux x64 workspaces/false"
fn of_user_agent(text: &str) -> Mark {
    let words: Vec<&str> = text.split(' ').collect();
    let node = words.iter().position(|word| word.starts_with("node/"));
    let at = |offset: usize| node.and_then(|at| words.get(at + offset)).copied();
    let version = node.and_then(|at| words[at].strip_prefix("node/v")).map(str::to_owned);
    Mark {
        node: version,
        platform: at(1).map(Platform::from_name),
        arch: at(2).map(Arch::from_name),
        ..Mark::default()
    }
}

/// Yarn 1: `"systemParams": "linux-x64-115"`.
fn by_yarn(file: &Path) -> Option<Mark> {
    let value = read::json(file)?;
    let mut parts = value.get("systemParams")?.as_str()?.split('-');
    Some(Mark {
        file: file.to_string_lossy().into_owned(),
        platform: parts.next().map(Platform::from_name),
        arch: parts.next().map(Arch::from_name),
        abi: parts.next().and_then(|abi| abi.parse().ok()),
        ..Mark::default()
    })
}

/// pnpm records the path of its store, which shows the system.
fn by_pnpm(file: &Path) -> Option<Mark> {
    let text = read::text(file)?;
    let line = text
        .lines()
        .find(|line| line.trim_start().trim_start_matches('"').starts_with("storeDir"))?;
    let path = line.split_once(':')?.1.trim().trim_end_matches(',').trim_matches(['"', '\'']);
    let platform = platform_of_path(path)?;
    Some(Mark {
        file: file.to_string_lossy().into_owned(),
        platform: Some(platform),
        ..Mark::default()
    })
}

/// The system of a user's folder.
fn platform_of_path(path: &str) -> Option<Platform> {
    let bytes = path.as_bytes();
    if path.starts_with("/Users/") {
        Some(Platform::Darwin)
    } else if bytes.len() > 2 && bytes[1] == b':' && matches!(bytes[2], b'\\' | b'/') {
        Some(Platform::Win32)
    } else if path.starts_with("/home/") || path.starts_with("/root/") {
        Some(Platform::Linux)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{of_user_agent, platform_of_path};
    use crate::model::{Arch, Platform};

    #[test]
    fn user_agents_name_node_and_system() {
        let mark = of_user_agent("npm/10.8.2 node/v20.20.2 linux x64 workspaces/false");
        assert_eq!(
            (mark.node.as_deref(), mark.platform, mark.arch),
            (Some("20.20.2"), Some(Platform::Linux), Some(Arch::X64))
        );
        assert_eq!(of_user_agent("").node, None);
        assert_eq!(of_user_agent("pnpm/12.21.0 npm/? node/? linux x64").node, None);
    }

    #[test]
    fn home_folders_show_the_system() {
        assert_eq!(
            platform_of_path("/Users/me/Library/Caches/node-gyp/18.17.1"),
            Some(Platform::Darwin)
        );
        assert_eq!(
            platform_of_path(r"C:\Users\me\AppData\Local\node-gyp\Cache\18.17.1"),
            Some(Platform::Win32)
        );
        assert_eq!(platform_of_path("/opt/headers"), None);
    }
}
