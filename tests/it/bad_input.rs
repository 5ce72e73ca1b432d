//! Every kind of bad input: what the error says, its exit code, and that nothing half-written and no
//! cell's content is left anywhere.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::{CLOSED_TOML, PROJECT, Ran, Sandbox, TEXT_TOML, files_below, ran};

/// A word that stands in cells and may not stand in messages.
const CELL: &str = "Zebedee";

const EXPORT: &str = "id,home,care,better\n1,Agree,yes,Zebedee\n2,Disagree,no,Zebedee\n";

/// Runs `bigask run` on a file and expects a refusal that leaves nothing behind.
fn refused(name: &str, content: &[u8], toml: &str, code: i32, says: &[&str]) {
    let s = Sandbox::new();
    s.write("pipeline.toml", toml);
    s.write(name, content);
    let r = s.bigask(["run", name, "-o", "out"]);
    expect_refusal(&s, &r, code, says);
}

fn expect_refusal(s: &Sandbox, r: &Ran, code: i32, says: &[&str]) {
    assert_eq!(r.code, code, "stderr:\n{}", r.stderr);
    for words in says {
        assert!(r.stderr.to_lowercase().contains(&words.to_lowercase()), "no {words:?} in:\n{}", r.stderr);
    }
    assert!(!r.stderr.contains(CELL) && !r.stdout.contains(CELL), "a cell's content in:\n{}", r.stderr);
    assert!(!r.stderr.contains("internal error"), "{}", r.stderr);
    let out = s.path("out");
    if out.is_dir() {
        assert_eq!(files_below(&out), Vec::<std::path::PathBuf>::new(), "files were left behind");
    }
}

#[test]
fn a_missing_column() {
    let toml = CLOSED_TOML.replace("column = \"home\"", "column = \"hoome\"");
    refused("x.csv", EXPORT.as_bytes(), &toml, 2, &["hoome", "home", "x.csv"]);
}

#[test]
fn unknown_keys_are_all_named_with_the_nearest() {
    let toml = CLOSED_TOML.replace("scale =", "scala =").replace("tables =", "tabels =");
    refused("x.csv", EXPORT.as_bytes(), &toml, 2, &["scala", "\"scale\"", "tabels", "\"tables\""]);
}

#[test]
fn a_configuration_that_is_not_toml() {
    refused("x.csv", EXPORT.as_bytes(), "[survey\nname = Zebedee", 2, &["pipeline.toml", "line"]);
}

#[test]
fn a_scale_that_does_not_match_is_reported_with_its_count() {
    let s = Sandbox::new();
    s.write("pipeline.toml", CLOSED_TOML.replace("\"Agree\"]", "\"Agreed\"]"));
    let rows: String = (0..40).map(|i| format!("{i},Agree,yes,x\n")).collect();
    s.write("x.csv", format!("id,home,care,better\n{rows}"));
    let r = s.bigask(["check", "x.csv"]).ok();
    assert!(r.stdout.contains("40") && r.stdout.contains("Agree"), "{}", r.stdout);
}

#[test]
fn an_empty_file() {
    refused("x.csv", b"", CLOSED_TOML, 3, &["x.csv", "empty"]);
}

#[test]
fn a_header_and_nothing_else() {
    refused("x.csv", b"id,home,care,better\n", CLOSED_TOML, 3, &["x.csv", "no "]);
}

#[test]
fn a_directory() {
    let s = Sandbox::new();
    s.write("pipeline.toml", CLOSED_TOML);
    fs::create_dir(s.path("folder.csv")).unwrap();
    let r = s.bigask(["run", "folder.csv", "-o", "out"]);
    expect_refusal(&s, &r, 4, &["folder.csv", "folder"]);
}

#[test]
fn a_file_that_is_not_there() {
    let s = Sandbox::new();
    s.write("pipeline.toml", CLOSED_TOML);
    let r = s.bigask(["run", "nowhere.csv", "-o", "out"]);
    expect_refusal(&s, &r, 4, &["nowhere.csv"]);
}

#[test]
fn a_truncated_workbook_and_a_truncated_parquet() {
    refused("x.xlsx", b"PK\x03\x04\x14\0\0\0 then it breaks off", CLOSED_TOML, 3, &["x.xlsx"]);
    refused("x.parquet", b"PAR1 then it breaks off Zebedee", CLOSED_TOML, 3, &["x.parquet"]);
}

#[test]
fn a_password_protected_workbook() {
    let mut ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    ole.resize(4096, 0);
    ole.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    ole.resize(8192, 0);
    refused("x.xlsx", &ole, CLOSED_TOML, 3, &["x.xlsx", "password"]);
}

#[test]
fn a_200_mb_line() {
    let mut big = b"id,home,care,better\n1,Agree,yes,\"".to_vec();
    big.resize(200_000_000, b'z');
    refused("x.csv", &big, CLOSED_TOML, 3, &["x.csv", "line 2", "quote"]);
}

#[test]
fn nul_bytes() {
    refused(
        "x.csv",
        b"id,home,care,better\n1,Ag\0ree,yes,Zebedee\n\0\0\0\0\n",
        CLOSED_TOML,
        3,
        &["x.csv", "NUL"],
    );
}

#[test]
fn the_same_file_twice() {
    let s = Sandbox::new();
    s.write("pipeline.toml", CLOSED_TOML);
    s.write("x.csv", EXPORT);
    let r = s.bigask(["run", "x.csv", "x.csv", "-o", "out"]);
    expect_refusal(&s, &r, 2, &["x.csv", "twice"]);
}

#[test]
fn an_output_that_is_a_file() {
    let s = Sandbox::new();
    s.write("pipeline.toml", CLOSED_TOML);
    s.write("x.csv", EXPORT);
    s.write("out", "mine");
    let r = s.bigask(["run", "x.csv", "-o", "out"]);
    expect_refusal(&s, &r, 4, &["out", "file"]);
    assert_eq!(fs::read_to_string(s.path("out")).unwrap(), "mine");
}

#[test]
fn a_model_whose_checksum_differs() {
    let s = Sandbox::new();
    s.write("pipeline.toml", TEXT_TOML);
    s.write("x.csv", EXPORT);
    fs::create_dir(s.path("model")).unwrap();
    for file in fs::read_dir(Path::new(PROJECT).join("models/themes")).unwrap().flatten() {
        fs::copy(file.path(), s.path("model").join(file.file_name())).unwrap();
    }
    let labels = s.path("model/labels.json");
    let changed = fs::read_to_string(&labels).unwrap() + " ";
    fs::write(labels, changed).unwrap();
    let r = s.bigask(["run", "x.csv", "-o", "out", "--model", "model"]);
    expect_refusal(&s, &r, 4, &["labels.json", "checksum"]);
}

#[test]
fn no_onnx_runtime_names_every_place_tried() {
    let s = Sandbox::new();
    s.write("pipeline.toml", TEXT_TOML);
    s.write("x.csv", EXPORT);
    let binary = s.path("bin/bigask");
    fs::create_dir(s.path("bin")).unwrap();
    fs::copy(env!("CARGO_BIN_EXE_bigask"), &binary).unwrap();
    let model = Path::new(PROJECT).join("models/themes");
    let output = Command::new(&binary)
        .args(["run", "x.csv", "-o", "out", "--model"])
        .arg(model)
        .current_dir(s.path("."))
        .env_clear()
        .env("HOME", s.path("home"))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let r = ran(output);
    expect_refusal(
        &s,
        &r,
        4,
        &["ONNX Runtime", "ORT_DYLIB_PATH", "bin", "lib", ".runtime", "site-packages", "make setup"],
    );
    let r = s.bigask(["run", "x.csv", "-o", "out", "--onnxruntime", "nowhere.so"]);
    expect_refusal(&s, &r, 4, &["nowhere.so"]);
}

#[cfg(unix)]
#[test]
fn a_full_disk_leaves_earlier_results() {
    let s = Sandbox::new();
    s.write("pipeline.toml", CLOSED_TOML);
    s.write("x.csv", EXPORT);
    s.bigask(["run", "x.csv", "-o", "out"]).ok();
    let before = contents(&s.path("out"));
    let many: String = (0..20_000).map(|i| format!("respondent-{i}-{},Agree,yes,x\n", i * 7919)).collect();
    s.write("big.csv", format!("id,home,care,better\n{many}"));
    // A limit on file size stands in for a full disk: writing fails half way.
    let script =
        format!("trap '' XFSZ; ulimit -f 16; exec '{}' run big.csv -o out", env!("CARGO_BIN_EXE_bigask"));
    let output = Command::new("bash").args(["-c", &script]).current_dir(s.path(".")).output().unwrap();
    let r = ran(output);
    assert_eq!(r.code, 4, "{}", r.stderr);
    assert_eq!(contents(&s.path("out")), before);
}

#[cfg(unix)]
#[test]
fn no_permission() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    let s = Sandbox::new();
    s.write("pipeline.toml", CLOSED_TOML);
    let file = s.write("x.csv", EXPORT);
    fs::set_permissions(s.path("."), fs::Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).unwrap();
    let binary = s.path("bigask");
    fs::copy(env!("CARGO_BIN_EXE_bigask"), &binary).unwrap();
    let mut command = Command::new(&binary);
    command.args(["run", "x.csv", "-o", "out"]).current_dir(s.path("."));
    if fs::File::open(&file).is_ok() {
        // Permissions do not bind the superuser: become nobody.
        command.uid(65534).gid(65534);
    }
    let r = ran(command.output().unwrap());
    expect_refusal(&s, &r, 4, &["x.csv", "permission"]);
}

#[cfg(unix)]
#[test]
fn interrupted_leaves_earlier_results() {
    let s = Sandbox::new();
    s.write("pipeline.toml", CLOSED_TOML);
    s.write("x.csv", EXPORT);
    s.bigask(["run", "x.csv", "-o", "out"]).ok();
    let before = contents(&s.path("out"));
    let many: String = (0..2_000_000).map(|i| format!("{i},Agree,yes,x\n")).collect();
    s.write("big.csv", format!("id,home,care,better\n{many}"));
    let child = s
        .command(["run", "big.csv", "-o", "out"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    while !staged_files_exist(&s.path("out")) {
        std::thread::yield_now();
    }
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(kill.success());
    let r = ran(child.wait_with_output().unwrap());
    assert_eq!(r.code, 130, "{}", r.stderr);
    assert_eq!(contents(&s.path("out")), before);
}

fn staged_files_exist(out: &Path) -> bool {
    files_below(out).iter().any(|f| f.to_string_lossy().ends_with(".tmp"))
}

fn contents(out: &Path) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    files_below(out).into_iter().map(|f| (f.clone(), fs::read(out.join(&f)).unwrap())).collect()
}
