//! The files and folders that belong to an installation. A repair changes nothing else: links lead
//! to the folders of other projects, to stores that projects share, and to sources that are being
//! edited.

use std::path::{Component, Path, PathBuf};

use super::package::Manifest;
use super::workspaces::Workspaces;
use crate::files::{self, Kind, join_inside, real_path};

/// The owner of a package, as seen from an installation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ownership {
    /// The package manager installed it, in a node_modules of the installation, in the store below
    /// it, or in a zip.
    Installed,
    /// A folder of the project outside of node_modules: a workspace, or the project itself.
    Sources,
    /// It is in another project, in a store that projects share, or in a separate installation
    /// further down.
    Foreign,
}

/// Files that an installation changes, relative to its root.
const FILES: [&str; 18] = [
    "package.json",
    "package-lock.json",
    "npm-shrinkwrap.json",
    "pnpm-lock.yaml",
    "pnpm-workspace.yaml",
    "yarn.lock",
    ".yarnrc.yml",
    "bun.lock",
    "bun.lockb",
    "deno.lock",
    ".pnp.cjs",
    ".pnp.loader.mjs",
    ".yarn/install-state.gz",
    ".yarn/build-state.yml",
    "node_modules/.package-lock.json",
    "node_modules/.modules.yaml",
    "node_modules/.yarn-integrity",
    "node_modules/.yarn-state.yml",
];

/// Lockfiles. A folder with one of them is the root of an installation.
const LOCKFILES: [&str; 7] = [
    "package-lock.json",
    "npm-shrinkwrap.json",
    "pnpm-lock.yaml",
    "yarn.lock",
    "bun.lock",
    "bun.lockb",
    "deno.lock",
];

/// The owner of the package in `folder`, as seen from the installation at `root`.
#[must_use]
pub fn ownership(root: &Path, folder: &Path) -> Ownership {
    if is_in_zip(folder) {
        return Ownership::Installed;
    }
    let Some(parts) = real_path(folder).ok().and_then(|folder| parts_below(root, &folder)) else {
        // The root itself has no path below the root.
        let is_root =
            real_path(root).is_ok_and(|root| real_path(folder).is_ok_and(|folder| folder == root));
        return if is_root { Ownership::Sources } else { Ownership::Foreign };
    };
    if !belongs(root, &parts) {
        return Ownership::Foreign;
    }
    match package_part(&parts) {
        Some([]) => Ownership::Installed,
        Some(_) => Ownership::Foreign,
        None if parts.iter().any(|part| part == "node_modules") => Ownership::Foreign,
        None => Ownership::Sources,
    }
}

/// True for paths that a repair of the installation at `root` may back up, replace and remove: the
/// folder of an installed package or its contents, a node_modules, the output of a build beside a
/// package.json, and the files that an installation changes. A link is judged by its own path, not
/// by its target.
#[must_use]
pub fn may_replace(root: &Path, place: &Path) -> bool {
    if is_in_zip(place) {
        return false;
    }
    let Some(parts) = where_it_lies(place).and_then(|place| parts_below(root, &place)) else {
        return false;
    };
    if !belongs(root, &parts) {
        return false;
    }
    if files(root).iter().any(|file| where_it_lies(file) == where_it_lies(place)) {
        return true;
    }
    let Some((name, above)) = parts.split_last() else { return false };
    if name == "node_modules" {
        return true;
    }
    if parts.iter().any(|part| part == "node_modules") {
        return package_part(&parts).is_some();
    }
    // The output of a build.
    let folder = above.iter().fold(root.to_path_buf(), |folder, part| folder.join(part));
    !name.starts_with('.') && name != "package.json" && files::is_file(folder.join("package.json"))
}

/// The files of the installation at `root` that an installation changes. A link is replaced by its
/// target, if that is in the project.
#[must_use]
pub fn files(root: &Path) -> Vec<PathBuf> {
    let real = |file: PathBuf| real_path(&file).unwrap_or(file);
    let is_inside =
        |file: &PathBuf| where_it_lies(file).and_then(|file| parts_below(root, &file)).is_some();
    // If the path is still a link, its target doesn't exist.
    let is_link = |file: &PathBuf| files::link_kind(file) == Some(Kind::Link);
    FILES
        .iter()
        .filter_map(|name| join_inside(root, name))
        .map(real)
        .filter(|file| is_inside(file) && !is_link(file))
        .collect()
}

/// The folder in which a fix for a foreign package can run: the root of the project that it is
/// installed for.
#[must_use]
pub fn project_of(folder: &Path) -> Option<PathBuf> {
    let folder = real_path(folder).ok()?;
    let outermost =
        folder.ancestors().filter(|folder| super::walk::is_node_modules(folder.file_name())).last();
    let project = outermost.map_or(Some(folder.as_path()), Path::parent)?;
    files::is_file(project.join("package.json")).then(|| project.to_path_buf())
}

/// True for a package in Yarn's cache. Nothing can be built or removed in an archive; only Yarn
/// itself replaces it.
fn is_in_zip(folder: &Path) -> bool {
    let is_zip = |path: &&Path| path.extension().is_some_and(|extension| extension == "zip");
    folder.ancestors().skip(1).find(is_zip).is_some_and(files::is_file)
}

/// The parts of a real path below the real path of `root`. `None` if it is outside of it, and for
/// any `.git`.
fn parts_below(root: &Path, real: &Path) -> Option<Vec<String>> {
    let relative = real.strip_prefix(real_path(root).ok()?).ok()?;
    let parts: Vec<String> = relative
        .components()
        .map(|part| match part {
            Component::Normal(name) => name.to_str().map(str::to_owned),
            _ => None,
        })
        .collect::<Option<_>>()?;
    // Windows also accepts "GIT~1", ".git." and ".git::$INDEX_ALLOCATION" for this folder.
    let is_git = |part: &String| {
        let name = part.to_ascii_lowercase();
        name.split(':').next().is_some_and(|name| name.trim_end_matches(['.', ' ']) == ".git")
            || name == "git~1"
    };
    (!parts.is_empty() && !parts.iter().any(is_git)).then_some(parts)
}

/// False for the contents of a separate installation further down than `root`: a folder with a
/// lockfile that isn't a workspace.
fn belongs(root: &Path, parts: &[String]) -> bool {
    let end = parts.iter().position(|part| part == "node_modules").unwrap_or(parts.len());
    let mut folder = root.to_path_buf();
    let mut workspaces = None;
    (1..=end).all(|length| {
        folder.push(&parts[length - 1]);
        if !LOCKFILES.iter().any(|name| files::is_file(folder.join(name))) {
            return true;
        }
        let of_root = || Workspaces::of(root, &Manifest::read(root).unwrap_or_default());
        workspaces.get_or_insert_with(of_root).contain(&parts[..length].join("/"))
    })
}

/// The parts after the package's name, in the innermost node_modules of a path; `None` if there is
/// no package name.
fn package_part(parts: &[String]) -> Option<&[String]> {
    let at = parts.iter().rposition(|part| part == "node_modules")?;
    let names = match parts.get(at + 1)? {
        // Folders for the package manager's own files.
        name if name.starts_with('.') => return None,
        scope if scope.starts_with('@') => 2,
        _ => 1,
    };
    parts.get(at + 1 + names..)
}

/// The real path of a file's or folder's parent, as far as it exists, with the file's own name.
fn where_it_lies(place: &Path) -> Option<PathBuf> {
    let is_plain = |part: Component<'_>| !matches!(part, Component::ParentDir | Component::CurDir);
    if !place.is_absolute() || !place.components().all(is_plain) {
        return None;
    }
    let (name, folder) = (place.file_name()?, place.parent()?);
    let real = match files::link_kind(folder) {
        Some(_) => real_path(folder).ok()?,
        None => where_it_lies(folder)?,
    };
    Some(real.join(name))
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs::{create_dir_all, remove_dir_all, write};
    use std::os::unix::fs::symlink;
    use std::path::{Path, PathBuf};

    use super::{Ownership, may_replace, ownership, project_of};

    /// A project at `app` with links to `other`, a store, workspaces, and a separate installation
    /// further down.
    fn place(name: &str) -> PathBuf {
        let place =
            std::env::temp_dir().join(format!("abi-guard-ownership-{name}-{}", std::process::id()));
        for folder in [
            "app/.git/hooks",
            "app/.git/node_modules/x",
            "app/node_modules/plain/build",
            "app/node_modules/@scope/one",
            "app/node_modules/.pnpm/stored@1.0.0/node_modules/stored",
            "app/.yarn/unplugged/un-npm-1.0.0-0/node_modules/un",
            "app/packages/member/node_modules/deep",
            "app/packages/member/build",
            "app/.yarn/cache",
            "app/examples/apart/node_modules/x",
            "app/tools",
            "other/node_modules/x/build",
            "store/hash/node_modules/shared",
        ] {
            create_dir_all(place.join(folder)).expect("a folder to work in");
        }
        for file in [
            "app/package-lock.json",
            "app/packages/member/package.json",
            "app/packages/member/yarn.lock",
            "app/examples/apart/package.json",
            "app/examples/apart/yarn.lock",
            "app/node_modules/plain/yarn.lock",
            "app/.yarn/cache/z.zip",
            "other/package.json",
        ] {
            write(place.join(file), "{}").expect("a folder to work in");
        }
        write(place.join("app/package.json"), r#"{"workspaces":["packages/*"]}"#)
            .expect("a folder to work in");
        for (target, link) in [
            ("../../other/node_modules/x", "app/node_modules/x"),
            ("../../store/hash/node_modules/shared", "app/node_modules/shared"),
            ("../packages/member", "app/node_modules/member"),
            ("../examples/apart/node_modules/x", "app/node_modules/inner"),
            (".pnpm/stored@1.0.0/node_modules/stored", "app/node_modules/stored"),
            ("../.git", "app/tools/way"),
            ("../../other/node_modules", "app/examples/node_modules"),
            ("../other/package.json", "app/bun.lock"),
            ("nowhere", "app/bun.lockb"),
        ] {
            symlink(target, place.join(link)).expect("a folder to work in");
        }
        place
    }

    #[test]
    fn a_package_belongs_to_the_installation_that_its_real_path_lies_in() {
        let place = place("packages");
        for (folder, expected) in [
            ("app/node_modules/plain", Ownership::Installed),
            ("app/node_modules/@scope/one", Ownership::Installed),
            ("app/node_modules/stored", Ownership::Installed),
            ("app/.yarn/unplugged/un-npm-1.0.0-0/node_modules/un", Ownership::Installed),
            ("app/packages/member/node_modules/deep", Ownership::Installed),
            ("app/.yarn/cache/z.zip/node_modules/z", Ownership::Installed),
            ("app", Ownership::Sources),
            ("app/node_modules/member", Ownership::Sources),
            ("app/packages/member", Ownership::Sources),
            ("app/node_modules/x", Ownership::Foreign),
            ("app/node_modules/shared", Ownership::Foreign),
            ("app/node_modules/inner", Ownership::Foreign),
            ("app/examples/apart", Ownership::Foreign),
            ("app/examples/node_modules/x", Ownership::Foreign),
            ("app/.git/node_modules/x", Ownership::Foreign),
            ("app/node_modules/@scope", Ownership::Foreign),
            ("app/node_modules/.pnpm", Ownership::Foreign),
            ("app/node_modules/absent", Ownership::Foreign),
            ("other/node_modules/x", Ownership::Foreign),
        ] {
            assert_eq!(ownership(&place.join("app"), &place.join(folder)), expected, "{folder}");
        }
        let real = crate::files::real_path(&place).expect("a folder to work in");
        assert_eq!(project_of(&place.join("app/node_modules/x")), Some(real.join("other")));
        assert_eq!(project_of(&place.join("app/node_modules/shared")), None);
        remove_dir_all(place).expect("a folder to work in");
    }

    #[test]
    fn a_repair_replaces_only_installed_or_built_files() {
        let place = place("places");
        let root = place.join("app");
        for (name, expected) in [
            ("node_modules", true),
            ("node_modules/plain", true),
            ("node_modules/plain/build", true),
            ("node_modules/gone", true),
            ("node_modules/@scope/one", true),
            ("node_modules/.pnpm/stored@1.0.0/node_modules/stored", true),
            ("node_modules/.pnpm/stored@1.0.0/node_modules", true),
            ("node_modules/.package-lock.json", true),
            ("node_modules/.modules.yaml", true),
            // These are the links themselves.
            ("node_modules/x", true),
            ("bun.lock", true),
            ("package.json", true),
            ("yarn.lock", true),
            (".yarn/install-state.gz", true),
            ("build", true),
            ("packages/member/build", true),
            ("packages/member/node_modules", true),
            ("node_modules/x/build", false),
            ("node_modules/.bin", false),
            ("node_modules/.bin/x", false),
            ("node_modules/.pnpm", false),
            ("node_modules/@scope", false),
            (".git", false),
            (".GIT/hooks/post-commit", false),
            (".git/node_modules/x", false),
            ("tools/way/hooks/post-commit", false),
            (".git/config", false),
            (".npmrc", false),
            (".husky", false),
            (".github/workflows", false),
            ("tools/deep", false),
            ("packages/member/package.json", false),
            (".yarn/cache/z.zip/node_modules/z", false),
            ("examples/apart/build", false),
            ("examples/apart/node_modules/x", false),
            ("examples/node_modules/x", false),
            ("node_modules/../.git/config", false),
            ("../other/node_modules/x", false),
            ("", false),
        ] {
            assert_eq!(may_replace(&root, &root.join(name)), expected, "{name}");
        }
        assert!(!super::files(&root).iter().any(|file| file.ends_with("bun.lock")
            || file.ends_with("bun.lockb")
            || file.starts_with(place.join("other"))));
        for name in ["", "/", "/etc/passwd", "node_modules/plain"] {
            assert!(!may_replace(&root, Path::new(name)), "{name}");
        }
        remove_dir_all(place).expect("a folder to work in");
    }
}
