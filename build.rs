//! Link settings of a Node-API addon.

fn main() {
    napi_build::setup();
    // Threads of a job that was given up may still run when a worker, which loaded the addon, ends:
    // it stays in the process.
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "linux") {
        println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
    }
}
