//! Bundles: the scripts that esbuild, webpack and @vercel/ncc write, with the modules of packages
//! in them. A loader in a bundle searches from the folder of the bundle, and the addon may not be
//! there; a bundler that copies an addon doesn't copy its libraries.
//!
//! `scripts` finds the bundles of an output, `esbuild` and `maps` the modules in them. `graph`
//! decides which modules certainly run; `judge` what their loaders find, with the files that ship,
//! and `unmet` what they require by a name and don't find. `opaque` says which bundles can't be
//! judged in this way.

mod addons;
mod esbuild;
mod found;
mod graph;
pub(in crate::check) mod judge;
mod lines;
mod maps;
mod module;
mod opaque;
mod scripts;
mod unmet;
