//! Scripts that throw on a system before they load anything:
//! `if (platform === 'linux' && arch === 'x64') … else throw new Error('Unsupported')`.

use super::dead_code::{branches, cases, leaves};
use super::syntax::Statement;
use super::value::Scope;

/// True if the statements of a script end with a `throw` on the system, whatever else it does.
pub fn rejects(statements: &[Statement<'_>], scope: Scope<'_, '_>) -> bool {
    for (index, statement) in statements.iter().enumerate() {
        if index % 8 == 7 && !scope.work.spend(1) {
            return false;
        }
        match statement {
            Statement::Throw(_) => return true,
            Statement::Return(_) => return false,
            Statement::Block(inner) if rejects(inner, scope) => return true,
            Statement::If { arms, otherwise } => {
                let branches = branches(arms, otherwise.as_deref(), scope);
                if let ([live], true) = (branches.live.as_slice(), branches.is_decided)
                    && rejects(std::slice::from_ref(live), scope)
                {
                    return true;
                }
                if leaves(&branches) {
                    return false;
                }
            }
            // Which of several cases runs isn't always known.
            Statement::Switch(one) => {
                let live = cases(one, scope);
                let has_default = live.iter().any(|case| case.label.is_none());
                if has_default && live.iter().all(|case| rejects(&case.body, scope)) {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::super::said::{Flow, Mention, Said};
    use super::super::{Host, ScriptReader};
    use crate::runtime::{RuntimeSpec, resolve, test_host};

    #[test]
    fn a_script_that_throws_on_a_system_rejects_it() {
        let by_arch = "const { platform, arch } = process; ";
        for (script, expected) in [
            ("if (platform === 'linux' && arch === 'x64') { a() } else { throw 1 }", true),
            (
                "if (platform === 'linux') { if (arch === 'x64') a(); else throw new Error(b) }",
                true,
            ),
            ("if (platform !== 'linux' || arch !== 'x64') throw 1; require('./x.node')", true),
            ("switch (platform) { case 'win32': a(); break; default: throw 1 }", true),
            (
                "switch (platform) { case 'linux': switch (arch) { case 'x64': a(); break; default: \
                throw 1 } break; default: throw 2 }",
                true,
            ),
            ("if (platform === 'linux') { a() } else { throw 1 }", false),
            ("if (a) { throw 1 }", false),
            ("if (platform === 'linux') { if (a) { b() } else { throw 1 } }", false),
            ("try { if (arch !== 'x64') throw 1 } catch {}", false),
            ("function f() { throw 1 }", false),
            ("for (const a of b) { throw a }", false),
            ("if (arch === 'arm64') { module.exports = a; return } throw 1", false),
            ("switch (platform) { case 'linux': a(); break; default: throw 1 }", false),
            ("switch (mode) { case 'x': throw 1 }", false),
            ("require('./other')", false),
        ] {
            let text = format!("{by_arch}{script}");
            let read = |path: &str| match path {
                "index.js" => Some(text.clone()),
                "other.js" => Some(format!("{by_arch} if (arch === 'arm64') throw 1")),
                _ => None,
            };
            let mut rejects = false;
            let mut listener = |said: Said| {
                rejects |= said.mention == Mention::Rejection;
                Flow::On
            };
            let spec = RuntimeSpec::Text("node@22/linux-arm64".to_owned());
            let arm = resolve(Some(&spec), &test_host()).expect("a runtime");
            ScriptReader::new(&read, &|_| false, Some(Host::new(&arm)), &mut listener)
                .module("index");
            assert_eq!(rejects, expected, "{script}");
        }
    }
}
