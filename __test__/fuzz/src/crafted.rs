//! Files and folders that are hostile by design: each requires as much time or memory as its format
//! permits, or a read that never ends. One function per case, with its attack in its comment.

pub mod archives;
mod elf;
mod folders;
mod graphs;
mod mach_o;
mod manifests;
mod outputs;
mod pe;
mod scripts;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::measure::exceeds;
use crate::read::{LARGE, What};
use crate::{HANGS, read};

/// A case: its name, what is read, and a function that creates it in an empty folder. The function
/// returns the path that is read.
type Case = (&'static str, What, fn(&Path) -> PathBuf);

/// Creates and reads every case, or those with one of `names` in their name. True if all are cheap.
pub fn run(names: &[&str]) -> bool {
    let cases = [
        elf::CASES,
        mach_o::CASES,
        pe::CASES,
        folders::CASES,
        scripts::CASES,
        manifests::CASES,
        graphs::CASES,
        archives::CASES,
        outputs::CASES,
    ]
    .concat();
    let wanted = |name: &str| names.is_empty() || names.iter().any(|part| name.contains(part));
    let mut findings = 0;
    for (name, what, build) in cases.into_iter().filter(|(name, ..)| wanted(name)) {
        let folder =
            std::env::temp_dir().join(format!("abi-guard-crafted-{}-{name}", std::process::id()));
        std::fs::create_dir(&folder).expect("a folder");
        let path = build(&folder);
        let result = read_elsewhere(what, &path);
        let verdict = if result.is_ok() { "ok     " } else { "FINDING" };
        findings += usize::from(result.is_err());
        println!("{verdict} {name}: {}", result.unwrap_or_else(|finding| finding));
        std::fs::remove_dir_all(&folder).expect("the folder");
    }
    println!("{findings} findings");
    findings == 0
}

/// Reads in a separate process, which may hang or die. The error describes the problem.
fn read_elsewhere(what: What, path: &Path) -> Result<String, String> {
    let program = std::env::current_exe().expect("this program");
    let mut child = Command::new(program)
        .arg("read")
        .arg(what.name())
        .arg(path)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("a process");
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("its state") {
            break status;
        }
        if started.elapsed() > HANGS {
            child.kill().expect("its end");
            drop(child.wait());
            return Err(format!("hangs ({} s and more)", HANGS.as_secs()));
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    };
    let output =
        std::io::read_to_string(child.stdout.take().expect("its output")).unwrap_or_default();
    let output = output.trim().to_owned();
    let Some(measured) = read::parse(&output) else { return Err(format!("dies: {status}")) };
    let cheap = !exceeds(measured.0, what.slowest()) && measured.1 <= LARGE;
    if status.success() && cheap { Ok(output) } else { Err(output) }
}

/// Bytes that are written field by field. The buffer grows as needed.
#[derive(Default)]
pub struct Bytes(Vec<u8>);

impl Bytes {
    fn put(&mut self, at: u64, bytes: &[u8]) -> &mut Bytes {
        let (start, end) = (at as usize, at as usize + bytes.len());
        if self.0.len() < end {
            self.0.resize(end, 0);
        }
        self.0[start..end].copy_from_slice(bytes);
        self
    }

    fn u16(&mut self, at: u64, value: u16) -> &mut Bytes {
        self.put(at, &value.to_le_bytes())
    }

    fn u32(&mut self, at: u64, value: u32) -> &mut Bytes {
        self.put(at, &value.to_le_bytes())
    }

    fn u64(&mut self, at: u64, value: u64) -> &mut Bytes {
        self.put(at, &value.to_le_bytes())
    }

    /// A NUL-terminated string.
    fn string(&mut self, at: u64, text: &str) -> &mut Bytes {
        self.put(at, text.as_bytes()).put(at + text.len() as u64, &[0])
    }

    fn save(&self, folder: &Path) -> PathBuf {
        let path = folder.join("addon.node");
        std::fs::write(&path, &self.0).expect("a file");
        path
    }
}

/// Writes files into a folder, and returns the folder.
fn put(folder: &Path, files: &[(&str, &[u8])]) -> PathBuf {
    for (name, bytes) in files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        std::fs::write(path, bytes).expect("a file");
    }
    folder.to_path_buf()
}

/// The members of a JSON list or object: `each` of the numbers below `count`, with commas.
fn joined(count: usize, each: impl Fn(usize) -> String) -> String {
    (0..count).map(each).collect::<Vec<_>>().join(",")
}

/// Makes a file longer with a hole, which takes no space.
fn stretch(path: &Path, size: u64) {
    std::fs::OpenOptions::new()
        .write(true)
        .open(path)
        .and_then(|file| file.set_len(size))
        .expect("a sparse file");
}

/// The longest name that is still read.
fn longest_name(start: &str, end: &str) -> String {
    format!("{start}{}{end}", "A".repeat(4096 - start.len() - end.len()))
}
