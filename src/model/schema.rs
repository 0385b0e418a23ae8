//! The JSON Schema of the reports, as it follows from the types: `schema/types.json`, from which
//! `schema/generate.mjs` makes what is published.

use std::path::Path;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use super::problem::{Code, Problem};
use super::reports::{
    AbiReport, AuditReport, DoctorReport, Explanation, MatrixReport, PackageReport, RuntimeRelease,
    ScanReport,
};
use super::{ErrorCode, FindingCode, RootCauseCode};

/// The schema of the problems of one code; `facts` is that of their facts.
pub(super) fn problem(
    generator: &mut SchemaGenerator,
    code: Code,
    name: &str,
    facts: fn(&mut SchemaGenerator) -> Schema,
) -> Schema {
    let mut facts = facts(generator);
    let severities: Vec<&str> = super::Severity::ALL
        .iter()
        .filter(|severity| code.severities().allow(**severity))
        .map(|severity| severity.as_str())
        .collect();
    let common = [
        ("code", json!({ "const": code.as_str() })),
        ("severity", json!({ "enum": severities })),
        (
            "message",
            json!({
                "type": "string",
                "description": "One sentence for people; its words may change with any release.",
            }),
        ),
    ];
    let mut properties = Map::new();
    let mut required = Vec::new();
    for (name, schema) in common {
        properties.insert(name.to_owned(), schema);
        required.push(json!(name));
    }
    let own = facts.ensure_object();
    if let Some(Value::Object(more)) = own.remove("properties") {
        properties.extend(more);
    }
    if let Some(Value::Array(more)) = own.remove("required") {
        required.extend(more);
    }
    own.insert("properties".to_owned(), Value::Object(properties));
    own.insert("required".to_owned(), Value::Array(required));
    generator.definitions_mut().insert(name.to_owned(), facts.to_value());
    Schema::new_ref(format!("#/$defs/{name}"))
}

/// The schema of problems of any code.
pub(super) fn union(known: &[Schema]) -> Schema {
    json_schema!({
        "description": "One reason why loading fails, or is worth a warning. `code` tells which \
            facts it has; later releases may add codes.",
        "oneOf": known,
    })
}

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

/// `ABI_GUARD_UPDATE=1 cargo test --lib schema` writes the file anew.
#[test]
fn the_committed_definitions_are_those_of_the_types() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/types.json");
    let mut expected = serde_json::to_string_pretty(&definitions()).expect("JSON");
    expected.push('\n');
    if std::env::var_os("ABI_GUARD_UPDATE").is_some() {
        std::fs::write(&file, &expected).expect("a file that can be written");
    }
    let committed = crate::files::text(&file, u64::MAX).expect("the committed file");
    assert_eq!(committed, expected, "run npm run generate:types");
}

#[test]
fn every_name_is_unique() {
    let definitions = definitions();
    let names = definitions.as_object().expect("an object").keys();
    assert!(names.clone().all(|name| !name.ends_with(char::is_numeric)), "{names:?}");
    assert_eq!(Problem::schema_name(), "Problem");
}
