//! How an addon registers, and for which runtime.

facts! {
    /// Its constructor registers for another `NODE_MODULE_VERSION`.
    pub struct AbiMismatch {
        /// The `NODE_MODULE_VERSION` it was built for.
        pub built_for_abi: i32,
        /// The `NODE_MODULE_VERSION` of the runtime; `null` when it isn't known.
        pub required_abi: Option<u32>,
    }

    /// It exports `node_register_module_vN` for other versions only: Node.js says that it "did not
    /// self-register".
    pub struct SelfRegisterMismatch {
        /// The `NODE_MODULE_VERSION` it was built for.
        pub built_for_abi: i32,
        /// The `NODE_MODULE_VERSION` of the runtime; `null` when it isn't known.
        pub required_abi: Option<u32>,
    }

    /// It registers more than once, and the runtime aborts at the second time.
    pub struct RegistersTwice {
        /// How many times it registers.
        pub count: usize,
    }

    /// It declares a Node-API version that the runtime doesn't have: the process dies.
    pub struct NodeApiTooNew {
        /// The Node-API version it says it needs.
        pub declared: i32,
        /// The highest one of the runtime.
        pub supported: u32,
    }

    /// The runtime doesn't support this kind of addon at all.
    pub struct UnsupportedAddonApi {}

    /// It registers through Node-API and uses V8 all the same: it fits some releases only, and
    /// Node.js doesn't check.
    pub struct V8Coupled {
        /// Major versions of Node.js that have all it calls; `null` when they weren't compared.
        pub fits: Option<Vec<u64>>,
        /// The `NODE_MODULE_VERSION` in its name; `null` when there is none.
        pub named_abi: Option<u32>,
    }

    /// It can be loaded once per process only.
    pub struct NotContextAware {}

    /// It creates buffers over memory of its own, which Electron refuses.
    pub struct NoExternalBuffers {
        /// The functions it calls.
        pub symbols: Vec<String>,
    }

    /// A library that registers nothing.
    pub struct NotAnAddon {}

    /// It marks itself as part of Node.js.
    pub struct BuiltinFlag {}
}
