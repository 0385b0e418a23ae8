//! What build tools write to be deployed: the traced folders of Next.js and Nitro, the functions of
//! Vercel, lists of traced files, and the bundles of esbuild, webpack and @vercel/ncc. A tracer
//! reads JavaScript, so it can't see the libraries that an addon needs, nor an addon whose name is
//! computed.

pub(super) mod advice;
pub(super) mod bundle;
mod entries;
mod found;
pub(super) mod judge;
mod left_out;
mod lists;
mod needs;
mod next;
mod nitro;
mod packages;
pub(super) mod recognize;
mod vercel;
