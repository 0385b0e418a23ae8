//! The results of the functions and of the command line. The field `kind` identifies the type of
//! each report.

mod audit;
mod doctor;
mod explanation;
mod file;
mod kinds;
mod matrix;
mod package;
mod runtime;
mod scan;

pub use audit::{AuditReport, AuditedFile, AuditedPackage, Floor, Promise, PromisedBy};
pub use doctor::{
    Basis, DoctorReport, Finding, Native, Pin, Start, StartGuard, Tool, Toolchain, Unclear,
};
pub use explanation::Explanation;
pub use file::{AbiReport, AddonReport, BinaryReport, NodeApiReport, SliceReport};
pub use kinds::{
    AuditKind, DoctorKind, ExplanationKind, FileKind, MatrixKind, PackageKind, ScanKind,
};
pub use matrix::{Cell, MatrixReport, MatrixRow, State};
pub use package::{DormantFile, PackageReport};
pub use runtime::{RuntimeRelease, RuntimeReport};
pub use scan::{ScanReport, Stats};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::read::{WrongField, read};

/// Any of the reports.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Report {
    /// A project.
    Scan(Box<ScanReport>),
    /// A package.
    Package(Box<PackageReport>),
    /// A file.
    File(Box<AbiReport>),
    /// A package, for its authors.
    Audit(Box<AuditReport>),
    /// A project in several runtimes.
    Matrix(Box<MatrixReport>),
    /// An error.
    Explanation(Box<Explanation>),
    /// Problems that a project will have.
    Doctor(Box<DoctorReport>),
}

/// The field that every report has.
#[derive(Deserialize)]
struct AnyReport {
    kind: Kind,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    File,
    Package,
    Scan,
    Audit,
    Matrix,
    Doctor,
    Explanation,
}

impl Report {
    /// Reads a report by its `kind`.
    ///
    /// # Errors
    /// The first field that is missing, unknown, or has an invalid value.
    pub fn read(value: &Value) -> Result<Report, WrongField> {
        Ok(match read::<AnyReport>(value)?.kind {
            Kind::File => Report::File(read(value)?),
            Kind::Package => Report::Package(read(value)?),
            Kind::Scan => Report::Scan(read(value)?),
            Kind::Audit => Report::Audit(read(value)?),
            Kind::Matrix => Report::Matrix(read(value)?),
            Kind::Doctor => Report::Doctor(read(value)?),
            Kind::Explanation => Report::Explanation(read(value)?),
        })
    }
}
