//! node-gyp-build 4.8 and node-gyp-build-optional-packages 5.2 (node-gyp-build.js of both): a local
//! build, else the best tagged prebuild. The second one also searches a platform package, and needs
//! the tags.

use super::choice::Active;
use super::search::{Search, tag_of};
use crate::model::{Arch, Libc, Platform, RuntimeName};
use crate::runtime::Runtime;

/// The versions of the loader.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Flavour {
    /// node-gyp-build
    Plain,
    /// node-gyp-build before 4
    Version3,
    /// node-gyp-build-optional-packages
    OptionalPackages,
}

/// The file that `require('node-gyp-build')(root)` opens; `root` is relative to the package and
/// ends with `/`, or is empty.
pub(super) fn find(search: &Search<'_>, root: &str, flavour: Flavour) -> Active {
    let flavour =
        if flavour == Flavour::Plain && is_version_3(search) { Flavour::Version3 } else { flavour };
    // A local build is loaded without a test of its tags or ABI.
    for folder in ["build/Release/", "build/Debug/"] {
        let folder = format!("{root}{folder}");
        if let Some(built) = search.files().iter().find(|file| is_directly_in(file, &folder)) {
            return Active::File(built.clone());
        }
    }
    if let Some(file) = prebuild(search, root, flavour) {
        return Active::File(file);
    }
    if flavour == Flavour::OptionalPackages
        && let Some(name) = search.package.manifest.name()
    {
        let base = if name.starts_with('@') { name.to_owned() } else { format!("@{name}/{name}") };
        let runtime = search.runtime;
        let platform_package = format!("{base}-{}-{}", runtime.platform, runtime.arch);
        if let Some(installed) = search.disk.package(&search.package.directory, &platform_package) {
            return match tagged(&installed.files, "", flavour, runtime) {
                Some(file) => Active::Elsewhere { package: installed.directory, file },
                None => Active::Nothing,
            };
        }
    }
    Active::Nothing
}

fn is_version_3(search: &Search<'_>) -> bool {
    let loader = search.disk.package(&search.package.directory, "node-gyp-build");
    loader.is_some_and(|loader| {
        loader.manifest.version().is_some_and(|version| version.starts_with("3."))
    })
}

/// Names before version 4: `node-115.node`, `electron-napi.node`, `node-napi.node`, in folders that
/// name the libc and the version of ARM, the most specific one first.
fn of_version_3(search: &Search<'_>, root: &str) -> Option<String> {
    let runtime = search.runtime;
    let (platform, arch, own) = (&runtime.platform, &runtime.arch, tag_of(runtime.kind));
    // Every system without /etc/alpine-release is "glibc" to this loader, even one that isn't
    // Linux.
    let libc = runtime.libc.unwrap_or(Libc::Glibc);
    let mut folders = vec![format!("{platform}-{arch}"), format!("{platform}{libc}-{arch}")];
    let version = match arch {
        Arch::Arm64 => Some(8),
        Arch::Arm => Some(7),
        _ => None,
    };
    if let Some(version) = version {
        folders.extend(folders.clone().into_iter().map(|folder| format!("{folder}-v{version}")));
    }
    let abi = runtime.abi.map(|abi| format!("{own}-{abi}.node"));
    let names: Vec<String> =
        abi.into_iter().chain([format!("{own}-napi.node"), "node-napi.node".to_owned()]).collect();
    let paths = folders.iter().rev().flat_map(|folder| {
        names.iter().map(move |name| format!("{root}prebuilds/{folder}/{name}"))
    });
    paths.into_iter().find(|path| search.files().contains(path))
}

/// The best file of the folder `prebuilds/<platform>-<arch>`.
fn prebuild(search: &Search<'_>, root: &str, flavour: Flavour) -> Option<String> {
    if flavour == Flavour::Version3 {
        return of_version_3(search, root);
    }
    let (files, runtime) = (search.files(), search.runtime);
    let prebuilds = format!("{root}prebuilds/");
    let mut folders: Vec<(Tuple, &str)> = files
        .iter()
        .filter_map(|file| file.strip_prefix(prebuilds.as_str())?.split_once('/'))
        .filter_map(|(folder, _)| Some((Tuple::parse(folder)?, folder)))
        .filter(|(tuple, _)| {
            tuple.platform == runtime.platform && tuple.archs.contains(&runtime.arch)
        })
        .collect();
    // The folder for the fewest processors is the most specific.
    folders.sort_by_key(|(tuple, folder)| (tuple.archs.len(), *folder));
    let (_, folder) = folders.first()?;
    tagged(files, &format!("{prebuilds}{folder}/"), flavour, runtime)
}

/// The best of the tagged files directly in `folder`.
pub(super) fn tagged(
    files: &[String],
    folder: &str,
    flavour: Flavour,
    runtime: &Runtime,
) -> Option<String> {
    let mut candidates: Vec<(Tags<'_>, &String)> = files
        .iter()
        .filter(|file| is_directly_in(file, folder))
        .filter_map(|file| Some((Tags::parse(&file[folder.len()..])?, file)))
        .filter(|(tags, _)| tags.fit(runtime, flavour))
        .collect();
    let own = tag_of(runtime.kind);
    candidates.sort_by_key(|(tags, _)| {
        (tags.runtime != Some(own), tags.abi.is_none(), usize::MAX - tags.specificity)
    });
    candidates.first().map(|(_, file)| (*file).clone())
}

fn is_directly_in(file: &str, folder: &str) -> bool {
    file.strip_prefix(folder).is_some_and(|name| !name.contains('/'))
}

/// `<platform>-<arch>[+<arch>…]`
struct Tuple {
    platform: Platform,
    archs: Vec<Arch>,
}

impl Tuple {
    fn parse(folder: &str) -> Option<Tuple> {
        let (platform, archs) = folder.split_once('-')?;
        let archs: Vec<&str> = archs.split('+').collect();
        let valid = !platform.is_empty()
            && archs.iter().all(|arch| !arch.is_empty() && !arch.contains('-'));
        valid.then(|| Tuple {
            platform: Platform::from_name(platform),
            archs: archs.into_iter().map(Arch::from_name).collect(),
        })
    }
}

/// The meaning of the dotted parts of a file's name.
#[derive(Default)]
struct Tags<'a> {
    runtime: Option<&'a str>,
    napi: bool,
    abi: Option<&'a str>,
    uv: Option<&'a str>,
    armv: Option<&'a str>,
    libc: Option<Libc>,
    specificity: usize,
}

impl<'a> Tags<'a> {
    fn parse(name: &'a str) -> Option<Tags<'a>> {
        let mut tags = Tags::default();
        for part in name.strip_suffix(".node")?.split('.') {
            // The loader compares prefixes: "uvu.node" counts as a tag that fits nothing.
            match part {
                "node" | "electron" | "node-webkit" => tags.runtime = Some(part),
                "napi" => tags.napi = true,
                _ if part.starts_with("abi") => tags.abi = Some(&part[3..]),
                _ if part.starts_with("uv") => tags.uv = Some(&part[2..]),
                _ if part.starts_with("armv") => tags.armv = Some(&part[4..]),
                _ => match Libc::from_name(part) {
                    Some(libc) => tags.libc = Some(libc),
                    None => continue,
                },
            }
            tags.specificity += 1;
        }
        Some(tags)
    }

    fn fit(&self, runtime: &Runtime, flavour: Flavour) -> bool {
        let abi = match (flavour, runtime.kind) {
            // The loader calls these "unsupported".
            (Flavour::OptionalPackages, RuntimeName::Bun | RuntimeName::Deno) => None,
            _ => runtime.abi.map(|abi| abi.to_string()),
        };
        let own = tag_of(runtime.kind);
        let agnostic = self.runtime == Some("node") && self.napi;
        let may_be_absent = flavour != Flavour::OptionalPackages;
        let right_runtime =
            self.runtime == Some(own) || agnostic || (may_be_absent && self.runtime.is_none());
        // A release with an unknown ABI may have it.
        let may_have = |named: &str| named.parse().is_ok_and(|abi| runtime.has_abi(abi).is_none());
        let named_abi = self.abi.is_some_and(|named| {
            abi.as_deref().map_or_else(|| may_have(named), |abi| named == abi)
        });
        let right_abi = named_abi || self.napi || (may_be_absent && self.abi.is_none());
        // Every libuv since Node 4 is 1.x.
        let right_uv = self.uv.is_none_or(|uv| uv.is_empty() || uv == "1");
        let armv = match (&runtime.arch, runtime.kind) {
            (Arch::Arm64, _) => "8",
            (Arch::Arm, RuntimeName::Node | RuntimeName::Electron) => "7",
            _ => "",
        };
        let right_armv = self.armv.is_none_or(|version| version.is_empty() || version == armv);
        // node-gyp-build takes every system without /etc/alpine-release for glibc.
        let libc = runtime.libc.unwrap_or(Libc::Glibc);
        let right_libc = self.libc.is_none_or(|tag| tag == libc);
        right_runtime && right_abi && right_uv && right_armv && right_libc
    }
}
