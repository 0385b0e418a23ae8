//! Which statements are left out for a system.

use super::blocks::Blocks;
use super::host::Host;
use super::lexer::{Token, tokens};
use super::value::{Constants, Scope};
use super::work::Work;
use crate::runtime::test_host;

#[test]
fn what_is_for_other_platforms_is_left_out() {
    let runtime = test_host();
    for (script, expected) in [
        ("if (process.platform === 'win32') { require('x') }", true),
        ("if (process.platform === 'win32') require('x')", true),
        ("if (process.platform !== 'win32') { require('x') }", false),
        ("if (os.platform() == 'linux') { y() } else { require('x') }", true),
        ("if (os.platform() == 'linux') y(); else if (z) require('x')", true),
        ("if (osType === 'Windows_NT') { require('x') }", true),
        ("if (process.env.FORCE || os === 'win32' || os === 'darwin') { require('x') }", true),
        ("if (os === 'win32' || os === 'linux') { require('x') }", false),
        ("if (process.platform === 'linux' && process.arch === 'arm') { require('x') }", true),
        ("if (process.env.DEBUG) { require('x') }", true),
        ("if (!process.env.DEBUG) { require('x') }", false),
        ("if (ready) { require('x') }", false),
        (
            "if (!['darwin', 'win32'].includes(process.platform)) { throw new Error('no') } \
                require('x')",
            true,
        ),
        (
            "function f() { if (process.platform !== 'win32') { throw new Error('no') }\n \
                require('x') }",
            true,
        ),
        ("function f() { if (process.platform !== 'win32') return null\n require('x') }", true),
        ("function f() { if (process.platform !== 'linux') return null\n require('x') }", false),
        ("if (isLinux) a(); else if (isWindows) b(); else throw c; require('x')", false),
        ("if (y) a(); else if (isWindows) b(); else throw c; require('x')", false),
        ("function f() { if (y) if (isLinux) return null\n require('x') }", false),
        ("function f() { a()\n if (isLinux) return null\n require('x') }", true),
        ("function f() { if (isLinux) { if (y) return } require('x') }", false),
        ("if (isLinux) { return load() } function load() { require('x') }", false),
        ("const a = process.platform === 'win32' ? require('x') : undefined", true),
        ("const a = process.platform === 'linux' ? require('x') : undefined", false),
        ("const a = process.platform === 'win32' ? undefined : require('x')", false),
        ("const a = process.platform === 'linux' ? undefined : require('x')", true),
        ("const a = process.platform === 'linux' ? undefined : 1\n require('x')", false),
        ("const native = isWindows && require('x')('y')", true),
        ("const native = isLinux && require('x')('y')", false),
        ("const native = isWindows && y || require('x')", false),
        ("switch (process.platform) { case 'win32': require('x'); break; default: y() }", true),
        ("switch (process.platform) { case 'linux': y(); break; default: require('x') }", true),
        ("switch (process.platform) { case 'win32': case 'linux': require('x') }", false),
        ("switch (type) { case 'mac': require('x'); case 'hci': y() }", true),
        ("switch (type) { case 'mac': y(); break; case 'hci': require('x') }", false),
    ] {
        let tokens = tokens(script);
        let at = tokens
            .iter()
            .position(|token| *token == Token::Text("x".to_owned()))
            .expect("the mark in the script");
        let scope = Scope {
            constants: &Constants::new(),
            host: Some(Host::new(&runtime)),
            work: &Work::default(),
        };
        assert_eq!(Blocks::find(&tokens, scope).idle_until(at).is_some(), expected, "{script}");
    }
}
