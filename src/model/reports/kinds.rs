//! The field `kind`, which identifies the type of a report.

/// A report's type and the one value of its field `kind`.
macro_rules! kinds {
    ($($kind:ident::$variant:ident => $text:literal,)*) => {$(
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        #[derive(serde::Serialize, serde::Deserialize)]
        #[cfg_attr(test, derive(schemars::JsonSchema))]
        #[cfg_attr(test, schemars(inline))]
        #[doc = concat!("`\"", $text, "\"`")]
        pub enum $kind {
            /// The only value.
            #[default]
            #[serde(rename = $text)]
            $variant,
        }
    )*};
}

kinds! {
    FileKind::File => "file",
    PackageKind::Package => "package",
    ScanKind::Scan => "scan",
    AuditKind::Audit => "audit",
    MatrixKind::Matrix => "matrix",
    DoctorKind::Doctor => "doctor",
    ExplanationKind::Explanation => "explanation",
}
