//! Problems of the registration, and of the runtime that an addon was built for.

facts! {
    /// Its constructor registers for another `NODE_MODULE_VERSION`.
    pub struct AbiMismatch {
        /// The `NODE_MODULE_VERSION` it was built for.
        pub built_for_abi: i32,
        /// The `NODE_MODULE_VERSION` of the runtime; `null` if it isn't known.
        pub required_abi: Option<u32>,
    }

    /// It exports `node_register_module_vN` for other versions only: Node.js reports that it "did
    /// not self-register".
    pub struct SelfRegisterMismatch {
        /// The `NODE_MODULE_VERSION` it was built for.
        pub built_for_abi: i32,
        /// The `NODE_MODULE_VERSION` of the runtime; `null` if it isn't known.
        pub required_abi: Option<u32>,
    }

    /// It registers more than once, and the runtime aborts at the second registration.
    pub struct RegistersTwice {
        /// The number of registrations.
        pub count: usize,
    }

    /// It is linked to Node.js as a library, and the runtime contains Node.js: the process dies, at
    /// the load or at its end.
    pub struct SecondNode {
        /// Absolute path of the library.
        pub library: String,
    }

    /// It declares a Node-API version that the runtime doesn't have: the process dies.
    pub struct NodeApiTooNew {
        /// The Node-API version that it declares.
        pub declared: i32,
        /// The highest Node-API version of the runtime.
        pub supported: u32,
    }

    /// The runtime doesn't support this type of addon at all.
    pub struct UnsupportedAddonApi {}

    /// It registers through Node-API but uses V8: it works with some releases only, and Node.js
    /// doesn't check it.
    pub struct V8Coupled {
        /// Major versions of Node.js that have all functions it calls; `null` if they weren't
        /// compared.
        pub fits: Option<Vec<u64>>,
        /// The `NODE_MODULE_VERSION` in its name; `null` if there is none.
        pub named_abi: Option<u32>,
    }

    /// It was compiled with cleanup hooks in `node::ObjectWrap`: it loads, but the runtime aborts
    /// when it collects one of its objects.
    pub struct ObjectWrapHooks {
        /// The release of Node.js that the runtime contains.
        pub node: String,
        /// The first release of this line of Node.js that doesn't abort.
        pub fixed_in: String,
    }

    /// It can be loaded once per process only.
    pub struct NotContextAware {}

    /// It creates buffers on memory of its own, which Electron rejects.
    pub struct NoExternalBuffers {
        /// The functions it calls.
        pub symbols: Vec<String>,
    }

    /// A library that doesn't register as an addon.
    pub struct NotAnAddon {}

    /// It claims to be a part of Node.js (`NM_F_BUILTIN`).
    pub struct BuiltinFlag {}
}
