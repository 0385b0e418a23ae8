//! Windows' search for the DLLs of a module that is loaded with `LOAD_WITH_ALTERED_SEARCH_PATH`, as
//! libuv does: the folder of the file, the system's folders, `PATH`. The source is Microsoft's
//! documentation; nothing here was measured. Delay-loaded DLLs are not searched.

use std::path::{Path, PathBuf};

use super::linkage::Libraries;
use super::object::MOST;
use crate::binary::{self, Image};
use crate::files::{self, Source, join_inside, shown};
use crate::runtime::Runtime;

/// DLLs of every Windows that Node.js supports, in lower case.
const OF_WINDOWS: [&str; 58] = [
    "advapi32.dll",
    "avrt.dll",
    "bcrypt.dll",
    "bcryptprimitives.dll",
    "cfgmgr32.dll",
    "comctl32.dll",
    "comdlg32.dll",
    "crypt32.dll",
    "cryptbase.dll",
    "d3d11.dll",
    "d3d12.dll",
    "dbghelp.dll",
    "dnsapi.dll",
    "dwmapi.dll",
    "dwrite.dll",
    "dxgi.dll",
    "gdi32.dll",
    "hid.dll",
    "imm32.dll",
    "iphlpapi.dll",
    "kernel32.dll",
    "kernelbase.dll",
    "mf.dll",
    "mfplat.dll",
    "mfreadwrite.dll",
    "mpr.dll",
    "msvcrt.dll",
    "mswsock.dll",
    "ncrypt.dll",
    "netapi32.dll",
    "normaliz.dll",
    "ntdll.dll",
    "ole32.dll",
    "oleaut32.dll",
    "opengl32.dll",
    "pdh.dll",
    "powrprof.dll",
    "propsys.dll",
    "psapi.dll",
    "rpcrt4.dll",
    "secur32.dll",
    "setupapi.dll",
    "shcore.dll",
    "shell32.dll",
    "shlwapi.dll",
    "synchronization.dll",
    "ucrtbase.dll",
    "user32.dll",
    "userenv.dll",
    "uxtheme.dll",
    "version.dll",
    "wevtapi.dll",
    "windowscodecs.dll",
    "winhttp.dll",
    "wininet.dll",
    "winmm.dll",
    "wintrust.dll",
    "ws2_32.dll",
];

/// Names of executables that addons import from.
const HOSTS: [&str; 4] = ["electron.exe", "iojs.exe", "node.exe", "nw.exe"];

/// True for the name of a runtime's executable, by which addons import from it.
#[must_use]
pub fn is_host(library: &str) -> bool {
    HOSTS.iter().any(|host| library.eq_ignore_ascii_case(host))
}

/// Names of the compilers' run-time libraries begin with one of these.
const OF_COMPILERS: [&str; 9] = [
    "concrt1",
    "libc++",
    "libgcc_s",
    "libstdc++",
    "libunwind",
    "libwinpthread",
    "msvcp",
    "msvcr1",
    "vcruntime",
];

/// True for a DLL of Windows; `name` is in lower case.
fn is_of_windows(name: &str) -> bool {
    name.starts_with("api-ms-win-") || name.starts_with("ext-ms-") || OF_WINDOWS.contains(&name)
}

/// True for a DLL that certainly isn't the addon's own: it belongs to Windows, to a runtime or to a
/// compiler.
#[must_use]
pub fn is_general(library: &str) -> bool {
    let name = library.to_ascii_lowercase();
    is_of_windows(&name)
        || is_host(&name)
        || OF_COMPILERS.iter().any(|start| name.starts_with(start))
}

/// Searches for all DLLs that `image` at `file` needs; `None` if only the computer that loads it
/// can determine the result. `own` receives the paths of the DLLs in the image's folder that it
/// names itself, by their index.
pub(super) fn search(
    file: &str,
    image: &Image,
    runtime: &Runtime,
    own: &mut Vec<(usize, PathBuf)>,
) -> Option<Libraries> {
    let folder = Path::new(file).parent()?;
    let mut unknown = false;
    let mut steps: Vec<(Option<String>, Vec<String>)> = vec![(None, wanted(image))];
    let mut index = 0;
    while index < steps.len() {
        let (needed_by, names) = steps[index].clone();
        for library in names {
            let name = library.to_ascii_lowercase();
            if is_of_windows(&name) || is_host(&name) {
                continue;
            }
            // A path in place of a name would allow a file in any folder, or on another computer.
            if join_inside(folder, &library).is_none() {
                unknown = true;
                continue;
            }
            if let Some(path) = beside(folder, &library) {
                if index == 0 {
                    let named = image.libraries.iter().position(|known| known.name == library);
                    own.extend(named.map(|named| (named, path.clone())));
                }
                let text = shown(&path);
                if steps.len() < MOST
                    && !steps.iter().any(|(known, _)| known.as_ref() == Some(&text))
                {
                    let Ok(source) = Source::open(&path) else { continue };
                    let binary = binary::read(&source);
                    match binary.images().first().filter(|found| found.arch == image.arch) {
                        Some(found) => steps.push((Some(text), wanted(found))),
                        None => {
                            let needed_by = needed_by.clone();
                            return Some(Libraries::Invalid {
                                path: text,
                                refusal: None,
                                needed_by,
                            });
                        }
                    }
                }
                continue;
            }
            if runtime.root.is_none() {
                unknown = true;
                continue;
            }
            let searched: Vec<PathBuf> =
                std::iter::once(folder.to_path_buf()).chain(system_folders()).collect();
            if !searched.iter().any(|folder| {
                join_inside(folder, &library).is_some_and(|path| files::exists(&path))
            }) {
                let searched = searched.iter().map(shown).collect();
                return Some(Libraries::Missing {
                    library,
                    needed_by: needed_by.clone(),
                    searched,
                    beside: false,
                });
            }
        }
        index += 1;
    }
    (!unknown).then_some(Libraries::Found)
}

fn wanted(image: &Image) -> Vec<String> {
    image
        .libraries
        .iter()
        .filter(|library| !library.delayed)
        .map(|library| library.name.clone())
        .collect()
}

/// A file of that name in a folder, without regard to case.
fn beside(folder: &Path, name: &str) -> Option<PathBuf> {
    let exact = join_inside(folder, name)?;
    if files::exists(&exact) {
        return Some(exact);
    }
    const MOST_FILES: usize = 2000;
    let mut entries = files::list(folder).ok()?.take(MOST_FILES).filter_map(Result::ok);
    entries.find(|entry| entry.name.eq_ignore_ascii_case(name)).map(|entry| folder.join(entry.name))
}

fn system_folders() -> impl Iterator<Item = PathBuf> {
    let windows = files::variable("SystemRoot").map(PathBuf::from);
    let system = windows
        .into_iter()
        .flat_map(|windows| [windows.join("System32"), windows.join("System"), windows]);
    let path = files::variable("PATH").unwrap_or_default();
    system.chain(std::env::split_paths(&path).collect::<Vec<_>>())
}
