//! Tests of what is kept, and of what isn't.

use std::fs::{File, create_dir_all, remove_dir_all, remove_file, rename, write};
use std::io::Write as _;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use super::{Index, Known};
use crate::files;

/// A recording is global: tests that need one take turns.
static TURN: Mutex<()> = Mutex::new(());

struct App {
    root: PathBuf,
    _turn: MutexGuard<'static, ()>,
}

impl App {
    fn new(name: &str) -> App {
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let root = std::env::temp_dir().join(format!("abi-guard-{name}-{}", std::process::id()));
        create_dir_all(root.join("node_modules/a")).expect("a folder to work in");
        write(root.join("node_modules/a/package.json"), "{}").expect("a file");
        let root = files::real_path(&root).expect("a folder to work in");
        // Longer than a step of the clock of file times.
        std::thread::sleep(Duration::from_millis(40));
        App { root, _turn: turn }
    }

    fn file(&self) -> PathBuf {
        self.root.join("node_modules/a/package.json")
    }

    /// Keeps an answer that depends on what `ask` asks; `change` happens before it is written.
    fn keep(&self, ask: impl FnOnce(&Path), change: impl FnOnce(&Path)) -> Option<()> {
        let recorded = self.index("{}").record()?;
        ask(&self.root);
        change(&self.root);
        let [brief, whole, rest] = ["{}", "report", "rest"].map(str::to_owned);
        recorded.keep(&Known { brief, whole, rest })
    }

    fn index(&self, request: &str) -> Index {
        Index::of(&self.root, request).expect("node_modules")
    }

    fn is_known(&self) -> bool {
        self.index("{}").answer().is_some_and(|known| known.whole == "report")
    }
}

impl Drop for App {
    fn drop(&mut self) {
        let _ = remove_dir_all(&self.root);
    }
}

fn nothing(_: &Path) {}

#[test]
fn an_answer_is_known_until_what_was_asked_differs() {
    type Act = fn(&App);
    let changes: [(&str, Act); 6] = [
        ("the contents", |app| write(app.file(), "[]").expect("a file")),
        ("the time", |app| {
            let mut file = File::create(app.file()).expect("a file");
            file.write_all(b"{}").expect("the same contents");
            file.set_modified(SystemTime::UNIX_EPOCH).expect("a time");
        }),
        ("another file in its place", |app| {
            write(app.root.join("new"), "{}").expect("a file");
            rename(app.root.join("new"), app.file()).expect("renamed");
        }),
        ("no file", |app| remove_file(app.file()).expect("removed")),
        ("a file that was absent", |app| write(app.root.join("absent"), "").expect("a file")),
        ("a link to it", |app| {
            rename(app.file(), app.root.join("moved")).expect("renamed");
            symlink(app.root.join("moved"), app.file()).expect("a link");
        }),
    ];
    for (name, change) in changes {
        let app = App::new("index-changes");
        let kept = app.keep(
            |root| {
                assert!(files::real_path(root.join("node_modules/a/package.json")).is_ok());
                assert!(!files::exists(root.join("absent")));
                drop(files::text(&root.join("node_modules/a/package.json"), 100));
            },
            nothing,
        );
        assert_eq!(kept, Some(()), "{name}");
        assert!(app.is_known(), "{name}");
        assert!(app.index("{ }").answer().is_none(), "another request");
        write(app.root.join("unrelated"), "").expect("a file");
        assert!(app.is_known(), "{name}");
        change(&app);
        assert!(!app.is_known(), "{name}");
    }
}

#[test]
fn what_changes_while_it_is_read_is_not_kept() {
    let ask = |root: &Path| {
        let file = root.join("node_modules/a/package.json");
        assert!(files::exists(&file) && !files::exists(root.join("absent")));
        assert!(files::real_path(&file).is_ok());
    };
    let app = App::new("index-meanwhile");
    for change in [
        (|root: &Path| write(root.join("node_modules/a/package.json"), "{}").expect("a file"))
            as fn(&Path),
        |root| remove_file(root.join("node_modules/a/package.json")).expect("removed"),
    ] {
        write(app.file(), "{}").expect("a file");
        std::thread::sleep(Duration::from_millis(40));
        assert_eq!(app.keep(ask, change), None);
        assert!(!app.is_known());
    }
    write(app.file(), "{}").expect("a file");
    std::thread::sleep(Duration::from_millis(40));
    assert_eq!(app.keep(ask, |root| write(root.join("absent"), "").expect("a file")), None);
}

#[test]
fn a_value_from_before_the_recording_is_made_again() {
    let app = App::new("index-memo");
    let file = app.file();
    let memo: files::Memo<(), ()> = files::Memo::new(1);
    let ask = |_: &Path| {
        memo.get_or_make_alone((), || (files::stamps([&file]), ()));
    };
    ask(&app.root);
    assert_eq!(app.keep(ask, nothing), Some(()));
    write(&file, "[]").expect("a file");
    assert!(!app.is_known());
}

#[test]
fn a_value_of_the_process_belongs_to_every_recording() {
    let app = App::new("index-process");
    // It stays: a file that is gone would prevent every later recording of this process.
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("rustfmt.toml");
    assert!(files::for_process(|| files::exists(&file)));
    assert_eq!(app.keep(nothing, nothing), Some(()));
    assert!(app.is_known());
    let index = app.index("{}");
    let bytes = index.store.read(&index.key.name()).expect("the index");
    assert!(bytes.windows(12).any(|part| part == b"rustfmt.toml"));
}
