//! Rules × runtimes, for addons that consist of facts only. `__test__/fixtures.test.mjs` compares
//! verdicts with real loads by Node.js on Linux; these rows are for runtimes and systems that can't
//! run everywhere.

use crate::addon::{Addon, Declared, LegacyModule, ModuleStruct, RegisterFunction};
use crate::binary::{Binary, Contents, Impostor};
use crate::model::{Code, Outcome, Problem, Severity};
use crate::runtime::{Runtime, RuntimeSpec, resolve, test_host};
use crate::verdict::{Case, Verdict, judge};

fn target(spec: &str) -> Runtime {
    resolve(Some(&RuntimeSpec::Text(spec.to_owned())), &test_host()).expect("a runtime")
}

fn judged(addon: &Addon, runtime: &Runtime, threads: bool, renderer: bool) -> Verdict {
    let binary = Binary { size: 4096, contents: Contents::Universal(Vec::new()) };
    let file = "/app/node_modules/m/build/Release/m.node";
    judge(&Case {
        file,
        binary: &binary,
        image: None,
        addon: Some(addon),
        linkage: None,
        siblings: &[],
        runtime,
        named_abi: None,
        compiled_for_compression: None,
        threads,
        renderer,
    })
}

fn module(version: i32, function: RegisterFunction) -> Addon {
    let module =
        ModuleStruct { address: 0x1000, name: "m".to_owned(), version, flags: 0, function };
    Addon { imports_node_register: true, modules: vec![module], ..Addon::default() }
}

fn by_symbols(versions: &[i32]) -> Addon {
    Addon { symbol_versions: versions.to_vec(), ..Addon::default() }
}

fn node_api(declared: Declared) -> Addon {
    Addon { has_napi_symbol: true, declared, ..Addon::default() }
}

/// Name, addon, target, outcome, first problem, part of the loader's text.
type Row = (&'static str, Addon, &'static str, Outcome, Option<Code>, &'static str);

#[test]
fn every_runtime_decides_as_its_source_says() {
    use Outcome::{Crashes, Loads, Throws, Unknown};
    use RegisterFunction::Plain;
    let napi_constructor =
        Addon { imports_napi_register: true, has_napi_struct: true, ..Addon::default() };
    let legacy = Addon {
        legacy: vec![LegacyModule { name: "m".to_owned(), version: 11 }],
        ..Addon::default()
    };
    let rows: Vec<Row> = vec![
        ("same ABI", module(127, Plain), "node@22", Loads, None, ""),
        (
            "other ABI",
            module(108, Plain),
            "node@22",
            Throws,
            Some(Code::AbiMismatch),
            "NODE_MODULE_VERSION 108. This version",
        ),
        (
            "other ABI, old text",
            module(72, Plain),
            "node@6",
            Throws,
            Some(Code::AbiMismatch),
            "Module version mismatch. Expected 48, got 72.",
        ),
        ("any ABI", module(-1, Plain), "node@22", Loads, None, ""),
        (
            "any ABI before Node-API",
            module(-1, Plain),
            "node@4",
            Throws,
            Some(Code::AbiMismatch),
            "got -1",
        ),
        (
            "Electron has an ABI of its own",
            module(115, Plain),
            "electron@30",
            Throws,
            Some(Code::AbiMismatch),
            "NODE_MODULE_VERSION 123",
        ),
        ("Electron's ABI", module(123, Plain), "electron@30", Loads, None, ""),
        ("symbol of this ABI among others", by_symbols(&[108, 127]), "node@22", Loads, None, ""),
        (
            "symbols of other ABIs",
            by_symbols(&[108, 115]),
            "node@22",
            Throws,
            Some(Code::SelfRegisterMismatch),
            "Module did not self-register: '/app",
        ),
        (
            "no path in the text of old releases",
            by_symbols(&[108]),
            "node@12.16.2",
            Throws,
            Some(Code::SelfRegisterMismatch),
            "Module did not self-register.",
        ),
        ("Node-API by symbol", node_api(Declared::Absent), "node@22", Loads, None, ""),
        (
            "Node-API by symbol in Node 10.0",
            node_api(Declared::Absent),
            "node@10.0.0",
            Throws,
            Some(Code::UnsupportedAddonApi),
            "did not self-register",
        ),
        (
            "Node-API by symbol in an unknown release",
            node_api(Declared::Version(9)),
            "node@99",
            Loads,
            None,
            "",
        ),
        (
            "Node-API too new",
            node_api(Declared::Version(10)),
            "node@20.20.2",
            Crashes,
            Some(Code::NodeApiTooNew),
            "",
        ),
        (
            "Node-API too new, in Electron",
            node_api(Declared::Version(10)),
            "electron@31",
            Crashes,
            Some(Code::NodeApiTooNew),
            "",
        ),
        (
            "Node-API too new, but the runtime doesn't check it",
            node_api(Declared::Version(10)),
            "electron@26",
            Loads,
            None,
            "",
        ),
        (
            "Node-API too new, but the runtime doesn't check it",
            node_api(Declared::Version(10)),
            "node@18.16.1",
            Loads,
            None,
            "",
        ),
        (
            "experimental Node-API",
            node_api(Declared::Version(i32::MAX)),
            "node@20.20.2",
            Loads,
            None,
            "",
        ),
        (
            "unreadable Node-API version",
            node_api(Declared::Unknown),
            "node@20.20.2",
            Unknown,
            Some(Code::Undetermined),
            "",
        ),
        ("Node-API by constructor", napi_constructor.clone(), "node@22", Loads, None, ""),
        (
            "Node-API by constructor in Node 6.14.1",
            napi_constructor.clone(),
            "node@6.14.1",
            Crashes,
            Some(Code::UnsupportedAddonApi),
            "",
        ),
        (
            "nothing",
            Addon::default(),
            "node@22",
            Throws,
            Some(Code::NotAnAddon),
            "did not self-register",
        ),
        ("Node 0.10's struct in Node 0.10", legacy.clone(), "node@0.10.48", Loads, None, ""),
        (
            "Node 0.10's struct today",
            legacy.clone(),
            "node@22",
            Throws,
            Some(Code::SelfRegisterMismatch),
            "did not self-register",
        ),
        (
            "today's addon in Node 0.10",
            module(127, Plain),
            "node@0.10.48",
            Crashes,
            Some(Code::AbiMismatch),
            "",
        ),
        ("Bun takes its own ABI", module(147, Plain), "bun@1.4.5", Loads, None, ""),
        (
            "Bun names the module",
            module(72, Plain),
            "bun@1.4.5",
            Throws,
            Some(Code::AbiMismatch),
            "The module 'm' was compiled against a different Node.js ABI version using \
                NODE_MODULE_VERSION 72. This version of Bun requires NODE_MODULE_VERSION 147.",
        ),
        ("Bun knows no -1", module(-1, Plain), "bun@1.4.5", Throws, Some(Code::AbiMismatch), "-1"),
        (
            "Bun knows no symbols",
            by_symbols(&[147]),
            "bun@1.4.5",
            Throws,
            Some(Code::UnsupportedAddonApi),
            "symbol 'napi_register_module_v1' not found",
        ),
        (
            "Bun never asks the version",
            node_api(Declared::Version(99)),
            "bun@1.4.5",
            Loads,
            None,
            "",
        ),
        (
            "Deno refuses V8 addons",
            module(147, Plain),
            "deno@2.9.6",
            Throws,
            Some(Code::UnsupportedAddonApi),
            "which Deno does not support",
        ),
        ("Deno loads Node-API", node_api(Declared::Version(99)), "deno@2.9.6", Loads, None, ""),
        (
            "Deno and nothing",
            Addon::default(),
            "deno@2.9.6",
            Throws,
            Some(Code::NotAnAddon),
            "Unable to find register Node-API module at /app",
        ),
    ];
    for (name, addon, spec, outcome, code, text) in rows {
        let verdict = judged(&addon, &target(spec), false, false);
        assert_eq!(verdict.outcome, outcome, "{name} in {spec}");
        let decisive =
            verdict.problems.iter().find(|problem| problem.code() != Code::NotContextAware);
        assert_eq!(
            decisive.map(super::super::model::problem::Problem::code),
            code,
            "{name} in {spec}"
        );
        let message = verdict.loader_message.unwrap_or_default();
        assert!(message.contains(text), "{name} in {spec}: {message}");
        assert_eq!(
            message.is_empty(),
            outcome != Throws,
            "{name} in {spec}: only what throws has a text"
        );
    }
}

#[test]
fn messages_name_the_release_before_the_abi() {
    let mut host = test_host();
    let verdict = judged(&module(108, RegisterFunction::Plain), &host, false, false);
    assert_eq!(
        verdict.problems[0].message,
        "built for Node.js 18 (ABI 108), this is Node.js 22.11.0 (ABI 127)"
    );
    host.is_host = false;
    let verdict = judged(&module(1999, RegisterFunction::Plain), &host, false, false);
    assert_eq!(
        verdict.problems[0].message,
        "built for ABI 1999, which no known release has, Node.js 22.11.0 needs ABI 127"
    );
}

#[test]
fn a_release_newer_than_the_table_gets_only_certain_errors() {
    use Outcome::{Crashes, Loads, Throws, Unknown};
    use RegisterFunction::Plain;
    const DOUBT: Option<Code> = Some(Code::Undetermined);
    let constructor =
        || Addon { imports_napi_register: true, has_napi_struct: true, ..Addon::default() };
    let both = || Addon { symbol_versions: vec![137], ..node_api(Declared::Absent) };
    for (name, addon, spec, outcome, code) in [
        ("Node-API by a constructor", constructor(), "electron@47", Loads, None),
        ("Node-API by a constructor", constructor(), "nw@0.117", Loads, None),
        ("Node-API by its symbol", node_api(Declared::Absent), "node@28", Loads, None),
        ("both ways", both(), "node@28", Loads, None),
        ("a known version", node_api(Declared::Version(10)), "node@28", Loads, None),
        ("a newer version", node_api(Declared::Version(11)), "node@28", Unknown, DOUBT),
        (
            "it in a known release",
            node_api(Declared::Version(11)),
            "node@26",
            Crashes,
            Some(Code::NodeApiTooNew),
        ),
        ("an ABI of no release", module(999, Plain), "node@99", Unknown, DOUBT),
        ("the ABI of Node.js 18", module(108, Plain), "node@99", Throws, Some(Code::AbiMismatch)),
        ("the ABI reserved for 27", module(153, Plain), "node@28", Throws, Some(Code::AbiMismatch)),
        ("the same in 27", module(153, Plain), "node@27", Unknown, DOUBT),
        ("one reserved for 46", module(154, Plain), "electron@47", Unknown, DOUBT),
        (
            "a symbol of Node.js 22",
            by_symbols(&[127]),
            "node@28",
            Throws,
            Some(Code::SelfRegisterMismatch),
        ),
        ("a symbol of no release", by_symbols(&[999]), "node@28", Unknown, DOUBT),
        ("nothing", Addon::default(), "node@28", Throws, Some(Code::NotAnAddon)),
        ("nothing", Addon::default(), "bun@2", Throws, Some(Code::NotAnAddon)),
        ("an ABI of Bun 1", module(147, Plain), "bun@2", Unknown, DOUBT),
    ] {
        let verdict = judged(&addon, &target(spec), false, false);
        let first = verdict.problems.first().map(Problem::code);
        assert_eq!((verdict.outcome, first), (outcome, code), "{name} in {spec}");
    }
}

#[test]
fn an_addon_that_is_not_context_aware_fails_only_in_threads_and_renderers() {
    let plain = module(127, RegisterFunction::Plain);
    let aware = module(127, RegisterFunction::ContextAware);
    let runtime = target("node@22");
    let verdict = judged(&plain, &runtime, false, false);
    assert_eq!(verdict.outcome, Outcome::Loads);
    assert_eq!(
        (verdict.problems[0].code(), verdict.problems[0].severity),
        (Code::NotContextAware, Severity::Warning)
    );
    assert!(judged(&aware, &runtime, false, false).problems.is_empty());
    assert_eq!(judged(&plain, &runtime, true, false).outcome, Outcome::Throws);
    assert_eq!(judged(&aware, &runtime, true, true).outcome, Outcome::Loads);
    let verdict = judged(&plain, &runtime, false, true);
    assert_eq!(
        verdict.loader_message.as_deref(),
        Some("Loading non context-aware native addons has been disabled")
    );
    assert_eq!(
        (verdict.problems[0].code(), verdict.problems[0].severity),
        (Code::NotContextAware, Severity::Error)
    );
}

#[test]
fn each_system_rejects_an_impostor_with_its_own_text() {
    let binary = Binary { size: 130, contents: Contents::Impostor(Impostor::LfsPointer) };
    for (spec, text) in [
        ("node@22/linux-x64", "/m.node: invalid ELF header"),
        ("node@22/linux-x64-musl", "Error loading shared library /m.node: Exec format error"),
        (
            "node@22/darwin-arm64",
            "dlopen(/m.node, 0x0001): tried: '/m.node' (slice is not valid mach-o file)",
        ),
        ("node@22/win32-x64", "\\\\?\\/m.node is not a valid Win32 application.\r\n\\\\?\\/m.node"),
    ] {
        let runtime = target(spec);
        let case = Case {
            file: "/m.node",
            binary: &binary,
            image: None,
            addon: None,
            linkage: None,
            siblings: &[],
            runtime: &runtime,
            named_abi: None,
            compiled_for_compression: None,
            threads: false,
            renderer: false,
        };
        let verdict = judge(&case);
        assert_eq!(
            (verdict.outcome, verdict.loader_message.as_deref()),
            (Outcome::Throws, Some(text)),
            "{spec}"
        );
        assert_eq!(verdict.problems[0].code(), Code::NotABinary);
    }
}
