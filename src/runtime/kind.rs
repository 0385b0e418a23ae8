//! The kinds of runtime.

/// The kinds of runtime.
pub use crate::model::RuntimeName as Kind;

impl Kind {
    /// The name in sentences.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Kind::Node => "Node.js",
            Kind::Electron => "Electron",
            Kind::Bun => "Bun",
            Kind::Deno => "Deno",
            Kind::Nw => "NW.js",
        }
    }
}
