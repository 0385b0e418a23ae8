//! What the functions and the command line return. Each report says in `kind` which it is.

mod audit;
mod doctor;
mod explanation;
mod file;
mod kinds;
mod matrix;
mod package;
mod runtime;
mod scan;

pub use audit::{AuditReport, AuditedFile, Floor, Promise, PromisedBy};
pub use doctor::{Basis, DoctorReport, Finding, Native, Pin, Tool, Toolchain};
pub use explanation::Explanation;
pub use file::{AbiReport, AddonReport, BinaryReport, NodeApiReport, SliceReport};
pub use kinds::{
    AuditKind, DoctorKind, ExplanationKind, FileKind, MatrixKind, PackageKind, ScanKind,
};
pub use matrix::{Cell, MatrixReport, MatrixRow, State};
pub use package::{DormantFile, PackageReport};
pub use runtime::{RuntimeRelease, RuntimeReport};
pub use scan::{ScanReport, Stats};

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// Any of the reports.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Report {
    /// A tree.
    Scan(Box<ScanReport>),
    /// A package.
    Package(Box<PackageReport>),
    /// A file.
    File(Box<AbiReport>),
    /// The author's view of a package.
    Audit(Box<AuditReport>),
    /// A tree in several runtimes.
    Matrix(Box<MatrixReport>),
    /// An error.
    Explanation(Box<Explanation>),
    /// What will break in a project.
    Doctor(Box<DoctorReport>),
}

impl<'de> Deserialize<'de> for Report {
    /// Reads a report by its `kind`; the error names the field that is wrong.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Report, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let kind = match value.get("kind") {
            Some(Value::String(kind)) => kind.clone(),
            Some(_) => return Err(D::Error::custom("its field `kind` is no string")),
            None => return Err(D::Error::custom("it has no field `kind`")),
        };
        fn read<T: serde::de::DeserializeOwned, E: serde::de::Error>(
            value: Value,
        ) -> Result<Box<T>, E> {
            serde_json::from_value(value).map(Box::new).map_err(E::custom)
        }
        Ok(match kind.as_str() {
            "scan" => Report::Scan(read(value)?),
            "package" => Report::Package(read(value)?),
            "file" => Report::File(read(value)?),
            "audit" => Report::Audit(read(value)?),
            "matrix" => Report::Matrix(read(value)?),
            "explanation" => Report::Explanation(read(value)?),
            "doctor" => Report::Doctor(read(value)?),
            other => {
                let known = "file, package, scan, audit, matrix, doctor or explanation";
                return Err(D::Error::custom(format!(
                    "its field `kind` is {other:?}, and not {known}"
                )));
            }
        })
    }
}
