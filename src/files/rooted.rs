//! Another system that is unpacked in a folder of the disk: an image of a container, a sysroot. Its
//! absolute links start at that folder, as they do for a process in the system. Followed by the
//! kernel, they would lead to files of this system: Debian 10 has
//! `/lib64/ld-linux-x86-64.so.2 -> /lib/x86_64-linux-gnu/ld-2.28.so`, and the links of
//! `update-alternatives` are absolute.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::disk::{Disk, read_link};
use super::links::resolve;
use super::metadata::{Kind, Metadata};
use super::source::Source;
use super::system::{FileSystem, Listing};
use super::table::{self, Mount};

/// While this value lives, paths below the root of another system are resolved as in that system.
pub struct SystemView {
    _mount: Option<Mount>,
}

impl SystemView {
    /// A view of the system at `root`; `/` is this system, which needs none.
    #[must_use]
    pub fn of(root: &Path) -> SystemView {
        // A mounted image resolves its links itself.
        let mount = (root != Path::new("/") && table::mounted(root).is_none())
            .then(|| Mount::new(root.to_path_buf(), Arc::new(Rooted { root: root.to_path_buf() })));
        SystemView { _mount: mount }
    }
}

struct Rooted {
    root: PathBuf,
}

impl Rooted {
    /// The path on the disk, without links; a link at its end is kept unless `through` is true.
    fn resolve(&self, path: &Path, through: bool) -> io::Result<PathBuf> {
        resolve(&self.root, path, through, |place| match Disk.link_metadata(place)?.kind {
            Kind::Link => read_link(place).map(Some),
            _ => Ok(None),
        })
    }
}

impl FileSystem for Rooted {
    fn metadata(&self, path: &Path) -> io::Result<Metadata> {
        Disk.link_metadata(&self.resolve(path, true)?)
    }

    fn link_metadata(&self, path: &Path) -> io::Result<Metadata> {
        Disk.link_metadata(&self.resolve(path, false)?)
    }

    fn list(&self, folder: &Path) -> io::Result<Listing> {
        Disk.list(&self.resolve(folder, true)?)
    }

    fn real_path(&self, path: &Path) -> io::Result<PathBuf> {
        self.resolve(path, true)
    }

    fn open(&self, path: &Path) -> io::Result<Source> {
        Disk.open(&self.resolve(path, true)?)
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;
    use std::path::Path;

    use super::super::mounts::{exists, list, real_path};
    use super::super::text::text;
    use super::SystemView;

    #[test]
    fn links_of_another_system_stay_in_it() {
        let root = std::env::temp_dir().join(format!("abi-guard-rooted-{}", std::process::id()));
        let at = |path: &str| root.join(path);
        std::fs::create_dir_all(at("usr/lib")).expect("folders");
        std::fs::write(at("usr/lib/liba.so.1.2"), "inside").expect("a file");
        for (link, target) in [
            ("lib", "usr/lib"),
            ("lib64", "/usr/lib"),
            ("usr/lib/liba.so", "/lib64/liba.so.1.2"),
            ("usr/lib/up", "../../../../../../usr/lib/liba.so"),
            ("usr/lib/passwd", "/etc/passwd"),
            ("usr/lib/loop", "/lib/loop"),
        ] {
            symlink(target, at(link)).expect("a link");
        }
        let contents = |path: &str| text(&at(path), 100).ok();
        assert_eq!(contents("lib64/liba.so"), None, "the kernel follows the link into this system");
        let view = SystemView::of(&root);
        for path in ["lib64/liba.so", "lib/liba.so", "usr/lib/up", "lib64/../lib/up"] {
            assert_eq!(contents(path).as_deref(), Some("inside"), "{path}");
            assert_eq!(
                real_path(at(path)).ok().as_deref(),
                Some(Path::new(&at("usr/lib/liba.so.1.2")))
            );
        }
        for path in ["usr/lib/passwd", "lib/loop", "lib/missing"] {
            assert!(!exists(at(path)), "{path}");
        }
        assert_eq!(list(at("lib64")).into_iter().flatten().count(), 5);
        drop(view);
        assert!(exists(at("usr/lib/passwd")));
        std::fs::remove_dir_all(root).expect("the folder");
    }
}
