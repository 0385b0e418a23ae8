//! What the scripts of a package have reported so far, one report at a time.

use crate::model::Convention;
use crate::project::loader::choice::{Active, Lack};
use crate::project::loader::entries::read_entries;
use crate::project::loader::platform_packages;
use crate::project::loader::search::Search;
use crate::project::script::{Flow, GAP, Host, Mention, Said};

/// What the scripts have reported so far.
pub(super) struct Findings<'s, 'a> {
    pub search: &'s Search<'a>,
    /// The convention and the file that was found.
    pub found: Option<(Convention, Active)>,
    /// The first convention that found nothing, and whether the script has a fallback for all that
    /// it tries.
    pub expected: Option<(Convention, bool)>,
    /// Folders with `.node` files that the scripts name, in order.
    pub folders: Vec<String>,
    /// The optional dependencies for the target's system; computed at the first use.
    pub platform_packages: Option<Vec<platform_packages::Fit<'s>>>,
    /// Platform packages that are required and not installed.
    pub missing: Vec<String>,
    /// What the first of those lacks that are required and installed without an addon.
    pub lost: Option<Lack>,
    /// A WebAssembly build in the package replaces the addon.
    pub has_wasm: bool,
    /// `.node` files whose path ends with a text of the scripts, perhaps in a table.
    pub spelled: Vec<String>,
    /// Whether the script has a fallback for a required path of which nothing is known.
    pub opaque: Option<bool>,
    /// A file for the other libc that is required without a test of the libc.
    pub of_other_libc: Option<String>,
    pub knows_musl: bool,
    /// A script throws without the addon, although errors of its loading are swallowed.
    pub is_demanded: bool,
    /// An entry throws on the target, before it loads anything.
    pub rejects: bool,
    pub neon: bool,
    steps: usize,
    /// The scripts were read to their end, or until enough was known.
    pub is_whole: bool,
}

/// The maximum number of gaps in a path.
const MOST_GAPS: usize = 16;
/// The maximum number of folders.
pub(super) const MOST_FOLDERS: usize = 64;
/// The maximum number of comparisons of reports with files.
const MOST_STEPS: usize = 1 << 20;

impl<'s, 'a> Findings<'s, 'a> {
    /// Reads the scripts for the target, or without `host` the code for all systems.
    pub fn read(search: &'s Search<'a>, host: Option<Host<'_>>) -> Findings<'s, 'a> {
        let mut findings = Findings {
            search,
            found: None,
            expected: None,
            folders: Vec::new(),
            platform_packages: None,
            missing: Vec::new(),
            lost: None,
            has_wasm: false,
            spelled: Vec::new(),
            opaque: None,
            of_other_libc: None,
            knows_musl: false,
            is_demanded: false,
            rejects: false,
            neon: false,
            steps: 0,
            is_whole: true,
        };
        let is_whole = read_entries(search, host, &mut |said| findings.hear(&said));
        findings.is_whole = is_whole && findings.steps <= MOST_STEPS;
        findings
    }

    /// True if the scripts show no addon, and no loader that should find one.
    pub fn say_nothing(&self) -> bool {
        self.found.is_none() && self.expected.is_none() && self.folders.is_empty()
    }
}

impl Findings<'_, '_> {
    fn hear(&mut self, said: &Said) -> Flow {
        // Each report is compared with every file.
        let names = match &said.mention {
            Mention::Package(_) => self
                .search
                .package
                .manifest
                .object("optionalDependencies")
                .map_or(0, serde_json::Map::len),
            _ => 0,
        };
        self.steps += self.search.files().len() + names + 1;
        if self.steps > MOST_STEPS {
            return Flow::Stop;
        }
        // No real path has so many gaps.
        let gaps = |text: &str| text.matches(GAP).count();
        if let Mention::Path { path: text, .. } | Mention::Package(text) = &said.mention
            && gaps(text) > MOST_GAPS
        {
            return Flow::On;
        }
        match &said.mention {
            Mention::Loader { loader, folder, arguments } => {
                self.loader(loader, folder, arguments, said.guarded)
            }
            Mention::Path { path, required } => self.path(path, *required, said.guarded),
            Mention::Package(name) => self.package(name, said.guarded),
            Mention::Demand => {
                self.is_demanded = true;
                Flow::On
            }
            Mention::Rejection => {
                self.rejects = true;
                Flow::On
            }
        }
    }

    pub fn find(&mut self, loader: Convention, active: Active) -> Flow {
        let loader = if self.neon { Convention::Neon } else { loader };
        self.found = Some((loader, active));
        Flow::Stop
    }

    pub fn expect(&mut self, loader: Convention, guarded: bool) {
        self.expected = match self.expected.take() {
            None => Some((loader, guarded)),
            Some((first, was)) => Some((first, was && guarded)),
        };
    }
}
