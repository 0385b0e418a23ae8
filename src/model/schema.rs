//! The JSON Schema of the reports, generated from the types: `schema/types.json`, from which
//! `schema/generate.mjs` creates the published files.

use std::path::Path;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::codes::{ErrorCode, FindingCode};
use super::problem::{Code, Problem};
use super::reports::{
    AbiReport, AuditReport, DoctorReport, Explanation, MatrixReport, PackageReport, RuntimeRelease,
    ScanReport,
};
use super::root_cause::RootCauseCode;

/// All types, by their names.
fn definitions() -> Value {
    let mut generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    generator.subschema_for::<AbiReport>();
    generator.subschema_for::<PackageReport>();
    generator.subschema_for::<ScanReport>();
    generator.subschema_for::<AuditReport>();
    generator.subschema_for::<MatrixReport>();
    generator.subschema_for::<DoctorReport>();
    generator.subschema_for::<Explanation>();
    generator.subschema_for::<RuntimeRelease>();
    generator.subschema_for::<Problem>();
    generator.subschema_for::<Code>();
    generator.subschema_for::<ErrorCode>();
    generator.subschema_for::<RootCauseCode>();
    generator.subschema_for::<FindingCode>();
    Value::Object(generator.take_definitions(true))
}

/// `ABI_GUARD_UPDATE=1 cargo test --lib schema` writes the file again.
#[test]
fn the_committed_definitions_are_those_of_the_types() {
    let mut expected = serde_json::to_string_pretty(&definitions()).expect("JSON");
    expected.push('\n');
    #[expect(clippy::disallowed_methods, reason = "a test's own setting")]
    let is_update = std::env::var_os("ABI_GUARD_UPDATE").is_some();
    if is_update {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/types.json");
        std::fs::write(&file, &expected).expect("a file that can be written");
    }
    let committed = include_str!("../../schema/types.json");
    assert!(committed == expected || is_update, "run npm run generate:types");
}

#[test]
fn every_name_is_unique() {
    let definitions = definitions();
    let names = definitions.as_object().expect("an object").keys();
    assert!(names.clone().all(|name| !name.ends_with(char::is_numeric)), "{names:?}");
    assert_eq!(Problem::schema_name(), "Problem");
}
