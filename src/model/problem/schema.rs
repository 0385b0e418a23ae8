//! The JSON Schema of problems: the schema of their facts, and the fields that all problems have.

use schemars::{Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use super::severities::Severities;
use crate::model::words::Severity;

/// The schema of the problems of one code; `facts` is that of their facts.
pub(in crate::model) fn problem(
    generator: &mut SchemaGenerator,
    code: &str,
    severities: Severities,
    name: &str,
    facts: fn(&mut SchemaGenerator) -> Schema,
) -> Schema {
    let mut facts = facts(generator);
    let severities: Vec<&str> = Severity::ALL
        .iter()
        .filter(|severity| severities.allow(**severity))
        .map(|severity| severity.as_str())
        .collect();
    let common = [
        ("code", json!({ "const": code })),
        ("severity", json!({ "enum": severities })),
        (
            "message",
            json!({
                "type": "string",
                "description": "One sentence for people; its wording may change with any release.",
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
pub(in crate::model) fn union(known: &[Schema]) -> Schema {
    json_schema!({
        "description": "One reason why loading fails, or is worth a warning. `code` determines \
            which facts it has; later releases may add codes.",
        "oneOf": known,
    })
}
