//! Evidence from around a project: the package manager, its policy for install scripts, the
//! required Node.js, the marks of installations and builds, and the environment of this process.

mod block;
mod distribution;
pub mod files;
mod guess;
mod installed;
mod lock_platforms;
mod lockfiles;
mod manager;
mod pins;
mod places;
mod pnpm;
mod programs;
mod read;
mod repairs;
mod scripts;
mod starts;
mod surroundings;
mod toolchain;
mod wish;

pub use block::Block;
pub use distribution::{Distribution, distribution};
pub use guess::guess;
pub use installed::{Mark, built_by, compiled_for_compression, forged_for, installed_by};
pub use lock_platforms::{LockPlatforms, lock_platforms};
pub use lockfiles::{digest_of_lockfiles, npm_lockfile_lacks};
pub use manager::{Installation, PackageManager, installation};
pub use pins::{Pin, pins};
pub use places::{Asked, Place, Repository};
pub use repairs::repair_journal;
pub use scripts::blocked;
pub use starts::{Guarded, Start, starts};
pub use surroundings::{Surroundings, surroundings};
pub use toolchain::{Tool, Toolchain, toolchain};
pub use wish::Wish;
