//! The files that a package's loader chooses in many runtimes. Its scripts are read once for all
//! runtimes in which the choice is the same.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::model::{Convention, Libc};
use crate::project::Claims;
use crate::project::loader::{self, Active, Disk, Installed};
use crate::runtime::Runtime;

/// The maximum number of runtimes that the scripts are read for.
const MOST_CHOICES: usize = 120;
/// The maximum number of bytes of scripts that are read for all of them; 1 MiB takes up to a tenth
/// of a second. Of 4,635 packages, rollup reads most: 36 MB.
const MOST_BYTES: u64 = 64 << 20;

/// The properties by which a package's files differ. In runtimes with equal properties the loader
/// chooses the same file.
struct Distinguished {
    libc: bool,
    electron: bool,
    release: bool,
}

impl Distinguished {
    fn of(installed: &Installed) -> Distinguished {
        let claims: Vec<Claims> =
            installed.files.iter().map(|file| installed.claims_of(file)).collect();
        // The files of platform packages are in other folders, and the table of exceptions has its
        // own rules.
        let is_here = !claims.is_empty() && !loader::is_exception(installed);
        Distinguished {
            libc: !is_here
                || claims.iter().any(|claims| claims.libc.is_some())
                || installed.manifest.field("libc").is_some(),
            electron: !is_here
                || claims.iter().any(|claims| claims.electron || claims.release.is_some()),
            release: !is_here || claims.iter().any(|claims| claims.release.is_some()),
        }
    }

    fn key(&self, runtime: &Runtime) -> String {
        let libc = runtime.libc.filter(|_| self.libc).map_or("", Libc::as_str);
        let kind = if self.electron { runtime.kind.as_str() } else { "" };
        let version = runtime
            .version
            .as_ref()
            .filter(|_| self.release)
            .map(ToString::to_string)
            .unwrap_or_default();
        format!("{kind} {version} {}-{}-{libc}", runtime.platform, runtime.arch)
    }
}

/// The choices made so far, as a cache.
pub(super) struct Choices {
    distinguished: Distinguished,
    known: RefCell<HashMap<String, (Convention, Active)>>,
}

impl Choices {
    pub fn new(installed: &Installed) -> Choices {
        Choices { distinguished: Distinguished::of(installed), known: RefCell::default() }
    }

    /// Choices of a package that is loaded together with packages of other names: nothing that is
    /// known about its own files says in which runtimes it chooses the same.
    pub fn of_all_runtimes() -> Choices {
        let distinguished = Distinguished { libc: true, electron: true, release: true };
        Choices { distinguished, known: RefCell::default() }
    }

    /// The file that the loader of `installed` chooses in `runtime`, and the name of that loader.
    pub fn of(
        &self,
        installed: &Installed,
        runtime: &Runtime,
        disk: &dyn Disk,
    ) -> (Convention, Active) {
        let key = self.distinguished.key(runtime);
        if let Some(known) = self.known.borrow().get(&key) {
            return known.clone();
        }
        let is_spent = disk.control().script_bytes() >= MOST_BYTES;
        if is_spent || self.known.borrow().len() >= MOST_CHOICES {
            return (Convention::Unknown, Active::Unknown);
        }
        let choice = loader::choose(installed, runtime, disk);
        let chosen = (choice.loader, choice.active);
        self.known.borrow_mut().insert(key, chosen.clone());
        chosen
    }
}
