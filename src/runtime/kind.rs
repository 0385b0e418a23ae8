//! The kinds of runtime.

/// The kinds of runtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Node.js.
    Node,
    /// Electron.
    Electron,
    /// Bun.
    Bun,
    /// Deno.
    Deno,
    /// NW.js: its newer releases register no ABI anywhere, so it takes an explicit one.
    Nw,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Kind; 5] = [Kind::Node, Kind::Electron, Kind::Bun, Kind::Deno, Kind::Nw];

    /// The name in specs and reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::Node => "node",
            Kind::Electron => "electron",
            Kind::Bun => "bun",
            Kind::Deno => "deno",
            Kind::Nw => "nw",
        }
    }

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

    /// The kind with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}
