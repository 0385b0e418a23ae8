//! Cleanup hooks in `node::ObjectWrap`. The class is inline, so that an addon contains the code of
//! the headers that it was compiled with (`node_object_wrap.h`). The headers of Node.js 24.19.0 and
//! 26.4.0 added a cleanup hook for each object.

use crate::binary::Image;

/// The beginnings of `node::ObjectWrap::CleanupHook`, the private static function that is the hook,
/// in the Itanium and in the MSVC mangling. Only these headers define it.
const HOOK: [&[u8]; 2] = [b"_ZN4node10ObjectWrap11CleanupHookE", b"?CleanupHook@ObjectWrap@node@@"];

/// The beginnings of `node::RemoveEnvironmentCleanupHook`, which the destructor calls and which
/// aborts.
const REMOVAL: [&[u8]; 2] =
    [b"_ZN4node28RemoveEnvironmentCleanupHookE", b"?RemoveEnvironmentCleanupHook@node@@"];

/// True if the image has an `ObjectWrap` with cleanup hooks.
///
/// The symbols must show both: the hook alone may be without its removal in later headers, and an
/// addon may remove hooks of its own. The hook is a weak symbol, which an ELF or Mach-O file
/// exports unless it was compiled with hidden visibility. A DLL doesn't export it by default.
pub(super) fn has_hooks(image: &Image) -> bool {
    let symbols = &image.symbols;
    symbols.exports().any(|export| begins(export.name, &HOOK))
        && symbols.imports().any(|import| begins(import.name, &REMOVAL))
}

fn begins(name: &[u8], beginnings: &[&[u8]]) -> bool {
    beginnings.iter().any(|beginning| name.starts_with(beginning))
}

#[cfg(test)]
mod tests {
    use super::{HOOK, REMOVAL, begins};

    /// Names in addons that g++ and MSVC compile.
    #[test]
    fn the_functions_are_known_in_both_manglings() {
        for name in
            ["_ZN4node10ObjectWrap11CleanupHookEPv", "?CleanupHook@ObjectWrap@node@@CAXPEAX@Z"]
        {
            assert!(begins(name.as_bytes(), &HOOK), "{name}");
        }
        for name in [
            "_ZN4node28RemoveEnvironmentCleanupHookEPN2v87IsolateEPFvPvES3_",
            "?RemoveEnvironmentCleanupHook@node@@YAXPEAVIsolate@v8@@P6AXPEAX@Z1@Z",
        ] {
            assert!(begins(name.as_bytes(), &REMOVAL), "{name}");
        }
    }

    /// The same class of another namespace, and a hook of the addon's own.
    #[test]
    fn similar_functions_are_not_the_hook() {
        for name in [
            "_ZN3Nan10ObjectWrap11CleanupHookEPv",
            "_ZN4node10ObjectWrap12WeakCallbackERKN2v816WeakCallbackInfoIS0_EE",
            "_Z11CleanupHookPv",
            "?CleanupHook@ObjectWrap@Nan@@CAXPEAX@Z",
        ] {
            assert!(!begins(name.as_bytes(), &HOOK), "{name}");
        }
    }
}
