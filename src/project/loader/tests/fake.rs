//! Packages without a disk: their package.json, files and scripts, one for each loader.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use crate::control::Control;
use crate::project::Manifest;
use crate::project::loader::{Active, Choice, Disk, Installed, choose};
use crate::runtime::{Runtime, RuntimeSpec, resolve, test_host};

/// A package: package.json, `.node` files, scripts and other texts. For each loader there is a
/// constant below; rows of a table give its `.node` files.
#[derive(Clone, Copy)]
pub(super) struct Fake<'a> {
    pub(super) manifest: &'a str,
    pub(super) files: &'a [&'a str],
    pub(super) texts: &'a [(&'a str, &'a str)],
}

/// The package in `/a`, and its neighbors in `/n/<name>`.
struct FakeDisk<'a> {
    package: Fake<'a>,
    neighbors: &'a [Fake<'a>],
}

fn installed(fake: Fake<'_>, directory: &str) -> Installed {
    let mut files: Vec<String> = fake.files.iter().map(ToString::to_string).collect();
    files.sort();
    Installed {
        directory: PathBuf::from(directory),
        manifest: Manifest::from_json(fake.manifest),
        files,
    }
}

impl FakeDisk<'_> {
    fn find(&self, name: &str) -> Option<&Fake<'_>> {
        self.neighbors.iter().find(|fake| Manifest::from_json(fake.manifest).name() == Some(name))
    }
}

impl Disk for FakeDisk<'_> {
    fn read(&self, directory: &Path, file: &str) -> Option<String> {
        let name =
            directory.strip_prefix("/n").ok().map(|name| name.to_string_lossy().into_owned());
        let fake = name.and_then(|name| self.find(&name)).unwrap_or(&self.package);
        fake.texts.iter().find(|(path, _)| *path == file).map(|(_, text)| (*text).to_owned())
    }

    fn package(&self, _: &Path, name: &str) -> Option<Installed> {
        self.find(name).map(|fake| installed(*fake, &format!("/n/{name}")))
    }

    fn names(&self, directory: &Path, folder: &str) -> Vec<String> {
        let name = directory.to_string_lossy().replacen("/n/", "", 1);
        let fake = self.find(&name).unwrap_or(&self.package);
        let texts = fake.texts.iter().map(|(path, _)| *path);
        let paths = fake.files.iter().copied().chain(texts).chain(["package.json"]);
        let inside = paths.filter_map(|path| match folder {
            "" => Some(path),
            _ => path.strip_prefix(folder)?.strip_prefix('/'),
        });
        inside.filter_map(|path| path.split('/').next()).map(str::to_owned).collect()
    }

    fn control(&self) -> &Control {
        static CONTROL: LazyLock<Control> = LazyLock::new(Control::default);
        &CONTROL
    }
}

fn target(spec: &str) -> Runtime {
    resolve(Some(&RuntimeSpec::Text(spec.to_owned())), &test_host()).expect("a runtime")
}

/// The choice of the loader in a package, for a target.
pub(super) fn chosen(package: Fake<'_>, neighbors: &[Fake<'_>], spec: &str) -> Choice {
    choose(&installed(package, "/a"), &target(spec), &FakeDisk { package, neighbors })
}

/// The chosen file in short: its path, after its package if that is another one; `-` for no file,
/// `?` for an unknown one.
pub(super) fn said(choice: &Choice) -> String {
    match &choice.active {
        Active::File(file) => file.clone(),
        Active::Elsewhere { package, file } => {
            format!("{} {file}", package.strip_prefix("/n").unwrap_or(package).display())
        }
        Active::Nothing => "-".to_owned(),
        Active::Unknown => "?".to_owned(),
    }
}

pub(super) const GYP: Fake<'_> = Fake {
    manifest: r#"{"name":"a","dependencies":{"node-gyp-build":"4"}}"#,
    files: &[],
    texts: &[("index.js", "module.exports = require('node-gyp-build')(__dirname)")],
};
pub(super) const OPTIONAL: Fake<'_> = Fake {
    manifest: r#"{"name":"a","dependencies":{"node-gyp-build-optional-packages":"5"}}"#,
    files: &[],
    texts: &[(
        "index.js",
        "module.exports = require('node-gyp-build-optional-packages')(__dirname)",
    )],
};
pub(super) const BINDINGS: Fake<'_> = Fake {
    manifest: r#"{"name":"a","dependencies":{"bindings":"1"}}"#,
    files: &[],
    texts: &[("index.js", "module.exports = require('bindings')('x')")],
};
pub(super) const PRE_GYP: Fake<'_> = Fake {
    manifest: r#"{"name":"a","version":"1.2.3","binary":{"module_name":"x",
        "module_path":"./lib/{node_napi_label}-{platform}-{libc}-{arch}/",
            "napi_versions":[3,6,99]}}"#,
    files: &[],
    texts: &[(
        "index.js",
        "const pre = require('@mapbox/node-pre-gyp'); require(pre.find(path.join(__dirname, \
            'package.json')))",
    )],
};
pub(super) const PKG_PREBUILDS: Fake<'_> = Fake {
    manifest: r#"{"name":"a"}"#,
    files: &[],
    texts: &[
        ("index.js", "module.exports = require('pkg-prebuilds')(__dirname, require('./options'))"),
        ("options.js", "module.exports = { name: 'HID', napi_versions: [4] }"),
    ],
};
pub(super) const NAPI: Fake<'_> = Fake {
    manifest: r#"{"name":"a","napi":{"binaryName":"a"},
        "optionalDependencies":{"@a/a-linux-x64-gnu":"1"}}"#,
    files: &[],
    texts: &[],
};
pub(super) const PLATFORM: Fake<'_> = Fake {
    manifest: r#"{"name":"@a/a-linux-x64-gnu","main":"a.linux-x64-gnu.node","os":["linux"],
        "cpu":["x64"],"libc":["glibc"]}"#,
    files: &["a.linux-x64-gnu.node"],
    texts: &[],
};
pub(super) const PLAIN: Fake<'_> = Fake { manifest: r#"{"name":"a"}"#, files: &[], texts: &[] };
