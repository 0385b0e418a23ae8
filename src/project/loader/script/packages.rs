//! A script mentions another package: a platform package, or one of no interest.

use super::findings::Findings;
use crate::model::Convention;
use crate::project::loader::choice::Active;
use crate::project::loader::entries::is_addon_path;
use crate::project::loader::lost::lack_of;
use crate::project::loader::platform_packages;
use crate::project::naming::claims;
use crate::project::script::{Flow, matches};

impl Findings<'_, '_> {
    /// A specifier in a script; `guarded`: the script has a fallback for it.
    pub(super) fn package(&mut self, specifier: &str, guarded: bool) -> Flow {
        let manifest = &self.search.package.manifest;
        self.knows_musl |= specifier.contains("musl");
        let is_meant = |name: &str| {
            let inner = |specifier: &str| {
                specifier.strip_prefix(name).is_some_and(|rest| rest.starts_with('/'))
            };
            inner(specifier) || matches(specifier, name)
        };
        let runtime = self.search.runtime;
        let fits = self.platform_packages.get_or_insert_with(|| {
            let names = manifest.optional_dependencies();
            let names = names.filter(|name| claims(name).name_a_system());
            names.filter_map(|name| platform_packages::fit(name, runtime)).collect()
        });
        let meant = fits.iter().copied().filter(|(_, name)| is_meant(name)).collect();
        let best = platform_packages::best(meant, runtime);
        let Some(first) = best.first() else { return Flow::On };
        let installed = best.iter().find_map(|name| Some((name, self.search.choice_of(name)?)));
        let Some((name, (package, choice))) = installed else {
            self.missing.push(first.clone());
            self.expect(Convention::PlatformPackage, guarded);
            return Flow::On;
        };
        match choice.active {
            Active::Unknown => Flow::On,
            Active::Nothing => {
                let file = specifier.strip_prefix(name).and_then(|rest| rest.strip_prefix('/'));
                let file = file.filter(|file| is_addon_path(file));
                if let Some(lack) = lack_of(self.search, name, package, file) {
                    self.lost.get_or_insert(lack);
                    self.expect(Convention::PlatformPackage, guarded);
                }
                Flow::On
            }
            found => self.find(Convention::PlatformPackage, found.seen_outside(package.directory)),
        }
    }
}
