//! Generated Prisma clients, and their engines: addons that are named after a binary target
//! (packages/get-platform/src/getNodeAPIName.ts of Prisma 6.19).

use std::path::Path;

use crate::files::shown;

/// The package that users know. The client that it loads is generated into `.prisma/client`, or
/// into a folder of the project.
pub const CLIENT: &str = "@prisma/client";

/// The folder in `node_modules` with the generated client: as a package it has this name, and up to
/// Prisma 4 its package.json has it too.
pub(super) const GENERATED: &str = ".prisma/client";

/// True for the name in the package.json of a generated client. From Prisma 5 on it ends with the
/// hash of the schema.
pub(super) fn is_generated(name: &str) -> bool {
    let hash = name.strip_prefix("prisma-client-");
    name == GENERATED
        || hash.is_some_and(|hash| {
            hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
}

/// The binary target of an engine, by the name of its file: `debian-openssl-3.0.x` of
/// `libquery_engine-debian-openssl-3.0.x.so.node`.
pub(super) fn target_of(file: &str) -> Option<&str> {
    let name = file.rsplit('/').next().unwrap_or(file);
    let target = match name.strip_prefix("libquery_engine-") {
        Some(rest) => rest.strip_suffix(".so.node").or_else(|| rest.strip_suffix(".dylib.node")),
        None => name.strip_prefix("query_engine-")?.strip_suffix(".dll.node"),
    };
    target.filter(|target| !target.is_empty())
}

/// True for the path of a file with the name of an engine.
pub(super) fn is_engine(path: &Path) -> bool {
    path.file_name().is_some_and(|name| target_of(&shown(name)).is_some())
}

#[cfg(test)]
mod tests {
    use super::{is_generated, target_of};

    #[test]
    fn engines_and_clients_are_recognized_by_their_names() {
        for (file, target) in [
            ("libquery_engine-debian-openssl-3.0.x.so.node", Some("debian-openssl-3.0.x")),
            ("client/libquery_engine-darwin-arm64.dylib.node", Some("darwin-arm64")),
            ("query_engine-windows.dll.node", Some("windows")),
            ("libquery_engine-.so.node", None),
            ("libquery_engine.so.node", None),
            ("query_engine.node", None),
        ] {
            assert_eq!(target_of(file), target, "{file}");
        }
        assert!(is_generated(".prisma/client"));
        assert!(is_generated(&format!("prisma-client-{}", "0a".repeat(32))));
        assert!(!is_generated("prisma-client-js"));
        assert!(!is_generated("@prisma/client"));
    }
}
