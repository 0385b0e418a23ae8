//! Inventory → document.

use super::components::{files_of, libraries, package, project, tool};
use super::graph::{compositions, dependencies};
use super::properties::property;
use super::schema::{Bom, Metadata, Tools};
use super::serial::{serial_number, timestamp};
use crate::check::Inventory;
use crate::report::escape::is_hidden;
use crate::report::json::written;
use crate::report::target::target;

/// An SBOM of the inventory. `time` is its time in seconds since 1970.
#[must_use]
pub fn cyclonedx(inventory: &Inventory, time: Option<i64>) -> String {
    let mut components = files_of(inventory, 0);
    let packages = inventory.packages.iter().enumerate().skip(1);
    components.extend(packages.map(|(position, _)| package(inventory, position)));
    components.extend(libraries(inventory));
    let targets = inventory.targets.iter().map(|runtime| property("target", target(runtime)));
    let mut bom = Bom {
        schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
        bom_format: "CycloneDX",
        spec_version: "1.6",
        serial_number: None,
        version: 1,
        metadata: Metadata {
            timestamp: time.and_then(timestamp),
            tools: Tools { components: vec![tool()] },
            component: project(inventory),
            properties: targets.collect(),
        },
        components,
        dependencies: dependencies(inventory),
        compositions: compositions(inventory),
    };
    bom.serial_number = Some(serial_number(&written(&bom)));
    visible(&written(&bom)) + "\n"
}

/// The same JSON with escapes in the place of invisible characters and those that change the
/// direction of text. They can only be in strings, where an escape has the same meaning.
fn visible(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if c != '\n' && is_hidden(c) {
            let mut units = [0; 2];
            c.encode_utf16(&mut units)
                .iter()
                .for_each(|unit| text.push_str(&format!("\\u{unit:04x}")));
        } else {
            text.push(c);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn invisible_characters_become_escapes_of_json() {
        let text = "{\n  \"a\u{9b}\u{202e}\u{e0041}é\": 1\n}";
        let shown = visible(text);
        assert_eq!(shown, "{\n  \"a\\u009b\\u202e\\udb40\\udc41é\": 1\n}");
        let read = |text: &str| crate::files::json::<serde_json::Value>(text).ok();
        assert_eq!(read(&shown), read(text));
    }
}
